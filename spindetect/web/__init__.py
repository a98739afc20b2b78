"""The desk: an HTTP API and a page over the same detector, behind the ``web`` extra."""

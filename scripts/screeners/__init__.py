"""Screening heads that were compared and are not shipped."""

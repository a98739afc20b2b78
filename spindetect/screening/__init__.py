"""Screening: does a text read as spun, with no original at hand."""

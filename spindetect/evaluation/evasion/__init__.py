"""Tricks that hide a copy from a detector, as seeded functions from text to text, and what they cost it."""

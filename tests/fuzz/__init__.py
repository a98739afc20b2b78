"""Hostile input, made up and mutated, within bounds of time and memory.

`make test` runs a few examples of each target, `make fuzz` the same targets for ten minutes (FUZZ_MINUTES=60 for an hour).
"""

"""Suites of scripts/benchmark.py that need more than a function."""

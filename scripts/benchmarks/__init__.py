"""Benchmark suites, one module each; `scripts/benchmark.py` runs them."""

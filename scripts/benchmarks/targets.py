"""Suite `targets`: what the other suites said of their targets when they last ran here."""

from __future__ import annotations

import argparse
import json
from typing import Any

from benchmarks.measuring import print_targets
from benchmarks.suspects import ROOT

_WITH_TARGETS = ("compare", "batch", "archive", "trace")


def targets_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Read and print them."""
    found: list[dict[str, Any]] = []
    for suite in _WITH_TARGETS:
        path = ROOT / f"build/benchmark-{suite}.json"
        rows = json.loads(path.read_text("utf-8")).get("targets", []) if path.exists() else []
        if not rows:
            print(f"NOT MEASURED  {suite}")
        print_targets(rows)
        found += rows
    return {"targets": found}

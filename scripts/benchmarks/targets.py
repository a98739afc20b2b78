"""Suite `targets`: what the other suites said of their targets when they last ran here."""

from __future__ import annotations

import argparse
import json
from typing import Any

from benchmarks.measuring import print_targets
from benchmarks.suspects import ROOT


def targets_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Read and print them."""
    found = {}
    for path in sorted((ROOT / "build").glob("benchmark-*.json")):
        result = json.loads(path.read_text("utf-8"))
        if result["suite"] != "targets" and "targets" in result:
            found[result["suite"]] = result["targets"]
            print_targets(result["targets"])
    return {"targets": [row for rows in found.values() for row in rows]}

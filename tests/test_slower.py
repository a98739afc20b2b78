"""The check for lost speed says so when a ratio is worse, and only then."""

from __future__ import annotations

import json
import sys

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from benchmarks.regression import COMMITTED, compared


def test_only_a_ratio_beyond_the_tolerance_is_worse():
    assert compared({"batch": 1.29, "evidence": 5}, {"batch": 1.0, "evidence": 8})["worse"] == []
    [line] = compared({"batch": 1.31, "evidence": 8}, {"batch": 1.0, "evidence": 8})["worse"]
    assert line.startswith("batch: 1.31 times the yardstick, 1.0 committed")


def test_what_is_committed_has_all_ratios():
    committed = json.loads(COMMITTED.read_text())["times_the_yardstick"]
    assert committed.keys() == {"batch", "evidence"} and min(committed.values()) > 0

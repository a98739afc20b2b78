"""Has spindetect become slower? Ratios to a yardstick of the same run, against those committed.

The yardstick is TF-IDF by scikit-learn and rapidfuzz's token_set_ratio over the same pairs: none of our code, and much the same
work (Python, tokens, small arrays). Processor time is counted, so that what else the machine does matters little; rounds of both
take turns, and the fastest of each counts: what disturbs a run only ever makes it slower.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, utils
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.pairs import Nowhere, TextPair, json_lines, story_pairs
from spindetect import SpinDetector
from spindetect.batch import CompareTask, run_batch

COMMITTED = Path(__file__).resolve().parents[2] / "docs/figures/benchmark-regression.json"
TOLERANCE = 1.3
"""A ratio may be this many times the committed one."""
_PAIRS = 64
_EVIDENCE_PAIRS = 16


def regression_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Times as long as the yardstick: scoring without evidence, and with; `worse` names what is over the tolerance twice."""
    # Every eighth of a long list has texts of all kinds.
    chosen = story_pairs(8 * _PAIRS)[::8]
    rounds = max(5, arguments.repeats)
    ratios = _ratios(chosen, rounds)
    if arguments.accept:
        result = {"pairs": len(chosen), "times_the_yardstick": ratios}
        COMMITTED.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    committed = json.loads(COMMITTED.read_text("utf-8"))["times_the_yardstick"]
    if compared(ratios, committed)["worse"]:
        # Caches shared with other work can cost a fifth: only what is slow again is slow.
        again = _ratios(chosen, rounds)
        ratios = {name: min(ratio, again[name]) for name, ratio in ratios.items()}
    return {"pairs": len(chosen), "times_the_yardstick": ratios, **compared(ratios, committed)}


def _ratios(chosen: list[TextPair], rounds: int) -> dict[str, float]:
    rows, few = json_lines(chosen), chosen[:_EVIDENCE_PAIRS]
    detector = SpinDetector.load()
    works: dict[str, Callable[[], object]] = {
        "yardstick": lambda: _yardstick(chosen),
        "batch": lambda: run_batch(rows, Nowhere(), CompareTask()),
        "evidence": lambda: [detector.compare(*pair) for pair in few],
    }
    for work in works.values():
        work()
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            seconds[name].append(_processor_seconds(work))
    each = {name: min(times) for name, times in seconds.items()}
    return {
        "batch": round(each["batch"] / each["yardstick"], 3),
        "evidence": round(each["evidence"] / len(few) / (each["yardstick"] / len(chosen)), 3),
    }


def compared(measured: dict[str, float], committed: dict[str, float], tolerance: float = TOLERANCE) -> dict[str, Any]:
    """The committed ratios beside the measured ones, and a line for each that is worse beyond the tolerance."""
    worse = [
        f"{name}: {measured[name]} times the yardstick, {committed[name]} committed: over {tolerance} times as much"
        for name in committed
        if measured[name] > tolerance * committed[name]
    ]
    return {"committed": committed, "tolerance": tolerance, "worse": worse}


def _yardstick(pairs: list[TextPair]) -> None:
    for _ in range(3):
        for suspect, original in pairs:
            fuzz.token_set_ratio(suspect, original, processor=utils.default_process)
    for _ in range(2):
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit_transform([text for pair in pairs for text in pair])


def _processor_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start

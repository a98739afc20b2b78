"""How time and memory grow with the length of the texts, and whether growth keeps to its bound.

Processor time, since a shared machine has no other that can be repeated. Originals are the stories of data/ one after the
other, suspects their rewrites and reports of the same events by turns; each round numbers its paragraphs, since repeated ones
are dropped.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measuring import load_average
from spindetect import Archive, Article, SpinDetector
from spindetect.training.corpus import load_stories

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 5_000, 20_000, 50_000, 100_000, 200_000)
SHORT = 400
"""Words of the side that stays as it is."""
DOUBLED = 3.0
"""Bound: twice the words cost at most so many times the time."""
_FROM = 20_000
"""Words from which growth is judged: below, what every run costs counts more."""
_ARCHIVED = 40


def cost_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Seconds and peak memory of `compare`, `screen` and `trace` by length."""
    detector = SpinDetector.load()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder, Archive.open(str(Path(folder) / "originals")) as archive:
        stories = load_stories(ROOT / "data/stories")[:_ARCHIVED]
        archive.add({"id": story.id, "text": story.original} for story in stories)
        archive.add([{"id": "long", "text": _text(max(SIZES), "original")}])
        work: dict[str, Callable[[str, str], object]] = {
            "compare, both sides": lambda suspect, original: detector.compare(suspect, original),
            "compare, the suspect": lambda suspect, _: detector.compare(suspect, _text(SHORT, "original")),
            "compare, the original": lambda _, original: detector.compare(_text(SHORT, "suspect"), original),
            "score in a batch, both sides": lambda suspect, original: [*detector.compare_many([(suspect, original)])],
            "screen": lambda suspect, _: detector.screen(suspect),
            "trace": lambda suspect, _: detector.trace(suspect, archive),
        }
        for words in SIZES:
            pair = _text(words, "suspect"), _text(words, "original")
            for what, call in work.items():
                rows.append({"what": what, "words": words, **_measured(call, pair)})
                print(rows[-1], flush=True)
    growth = [_growth(what, [row for row in rows if row["what"] == what]) for what in work]
    for item in growth:
        print(f"{'met    ' if item['met'] else 'NOT MET'}  {item['what']}: doubled, {item['doubled']} times the time ({DOUBLED})")
    return {
        "sentences": {str(words): len(Article.from_text(_text(words, "original")).sentences) for words in SIZES},
        "archived": _ARCHIVED + 1,
        "bound": DOUBLED,
        "rows": rows,
        "growth": growth,
        "load_average": load_average(),
    }


def _measured(call: Callable[[str, str], object], pair: tuple[str, str]) -> dict[str, float]:
    _forget_peak()
    start = time.process_time()
    call(*pair)
    return {"seconds": round(time.process_time() - start, 2), "peak_mb": _peak_mb()}


def _growth(what: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """By how much the time grows where the length doubles, over all sizes from ``_FROM`` on."""
    first, last = next(row for row in rows if row["words"] >= _FROM), rows[-1]
    exponent = math.log(max(last["seconds"], 0.01) / max(first["seconds"], 0.01)) / math.log(last["words"] / first["words"])
    doubled = round(2**exponent, 2)
    return {"what": what, "doubled": doubled, "met": doubled <= DOUBLED}


def _text(words: int, side: str) -> str:
    stories = load_stories(ROOT / "data/stories")
    paragraphs: list[str] = []
    count = number = 0
    while count < words:
        turn, place = divmod(number, len(stories))
        story = stories[place]
        suspects = [story.rewrites[turn % len(story.rewrites)].text, story.independent]
        text = story.original if side == "original" else suspects[place % 2]
        for paragraph in text.split("\n\n"):
            numbered = f"{paragraph} That was part {turn + 1} of {place + 2}." if turn else paragraph
            paragraphs.append(numbered)
            count += len(numbered.split())
        number += 1
    return "\n\n".join(paragraphs)


def _forget_peak() -> None:
    """Let the kernel count the peak of resident memory anew (Linux)."""
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")


def _peak_mb() -> int:
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)

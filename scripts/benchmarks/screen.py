"""Texts without an original a second on one core."""

from __future__ import annotations

import argparse
import statistics
from typing import Any

from benchmarks.pairs import story_pairs, timed
from spindetect import SpinDetector


def screen_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Texts of about 400 words screened in a second."""
    detector = SpinDetector.load()
    texts = [suspect for suspect, _ in story_pairs(arguments.pairs // 4)]
    seconds = timed(lambda: [detector.screen(text, suggest=False) for text in texts], arguments.repeats)
    few = texts[: max(1, len(texts) // 8)]
    suggesting = timed(lambda: [detector.screen(text) for text in few], arguments.repeats)
    return {
        "texts": len(texts),
        "words_per_text": round(statistics.mean(len(text.split()) for text in texts)),
        "texts_per_second": round(len(texts) / seconds, 1),
        "texts_per_second_with_suggestions": round(len(few) / suggesting, 1),
    }

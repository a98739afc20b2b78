"""Article pairs of about 400 words a side, and how long work on them takes."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from spindetect.batch.rows import Row
from spindetect.training.corpus import load_stories

ROOT = Path(__file__).resolve().parents[2]
WORDS = 400
TextPair = tuple[str, str]


def story_pairs(count: int) -> list[TextPair]:
    """Rewrites, reprints and reports against their originals."""
    stories = load_stories(ROOT / "data/stories")
    found = []
    for number in range(count):
        story, other = stories[number % len(stories)], stories[(number * 7 + 1) % len(stories)]
        texts = [story.independent, story.reprint, *(rewrite.text for rewrite in story.rewrites)]
        suspect = texts[(number // len(stories)) % len(texts)]
        found.append((_filled(suspect, other.independent), _filled(story.original, other.original)))
    return found


def unrelated_pairs(count: int) -> list[TextPair]:
    """Texts of one story against originals of another: what most pairs of a broad search are."""
    pairs = story_pairs(count)
    step = 31  # the fillers of neighbours come from stories that are 7 apart
    return [(pairs[number][0], pairs[(number + step) % count][1]) for number in range(count)]


def _filled(text: str, filler: str) -> str:
    paragraphs = [*text.split("\n\n"), *filler.split("\n\n")]
    taken: list[str] = []
    while paragraphs and sum(len(part.split()) for part in taken) < WORDS:
        taken.append(paragraphs.pop(0))
    return "\n\n".join(taken)


def json_lines(pairs: Sequence[TextPair]) -> list[str]:
    """The pairs as rows of a batch."""
    return [
        json.dumps({"id": number, "suspect": suspect, "original": original}) for number, (suspect, original) in enumerate(pairs)
    ]


class Nowhere:
    """An output that counts rows and forgets them."""

    rows = 0

    def write(self, rows: list[Row]) -> None:
        self.rows += len(json.dumps(rows)) > 0 and len(rows)

    def finish(self) -> None:
        pass

    def close(self) -> None:
        pass


def timed(work: Callable[[], object], repeats: int) -> float:
    """Median seconds of ``repeats`` runs after one that warms up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)

"""Would the first look at the words change a verdict? Counts the pairs that it settles and asks the whole model about them.

Pairs: those of data/, written and spun, in part or whole; with --corpora the labelled pairs of a folder, as they are and
with originals of other groups.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from spindetect import Article, SpinDetector
from spindetect.bundle import load_bundle
from spindetect.strangers import are_strangers
from spindetect.training.corpus import load_stories
from spindetect.training.labels import Recipe
from spindetect.training.pairs import story_pairs

ROOT = Path(__file__).resolve().parents[1]
_MISMATCHED = 400


def pairs(corpora: Path | None, seed: int) -> Iterator[tuple[str, str, str]]:
    """Where a pair is from, its suspect and its original."""
    stories = load_stories(ROOT / "data/stories")
    for split in ("train", "validation", "test"):
        for training in story_pairs([story for story in stories if story.split == split], Recipe(seed=seed)):
            yield f"{split} stories, {training.pair.label}", training.pair.suspect, training.pair.original
    for path in sorted(corpora.glob("*.jsonl")) if corpora else ():
        rows = [json.loads(line) for line in path.open(encoding="utf-8")]
        rows = [row for row in rows if "suspect" in row and "original" in row]
        for row in rows:
            yield f"{path.stem}, {row['label']}", row["suspect"], row["original"]
        rng = random.Random(seed)
        for row in rng.sample(rows, min(len(rows), _MISMATCHED)):
            other = rng.choice(rows)
            if other["group"] != row["group"]:
                yield f"{path.stem}, mismatched", row["suspect"], other["original"]


def main() -> int:
    """Count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help="folder of labelled pairs, one JSON object a line")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    detector, words = SpinDetector.load(), load_bundle().words
    seen: Counter[str] = Counter()
    settled: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    furthest = 0.0
    for name, suspect, original in pairs(arguments.corpora, arguments.seed):
        pair = Article.from_text(suspect), Article.from_text(original)
        seen[name] += 1
        if are_strangers(*pair, words):
            first = next(detector.compare_many([pair]))
            with patch("spindetect.judging.are_strangers", return_value=False):
                whole = next(detector.compare_many([pair]))
            settled[name] += 1
            changed[name] += first.verdict != whole.verdict
            furthest = max(furthest, abs(first.score - whole.score))
    for name, count in seen.items():
        print(f"{name}: {count} pairs, {settled[name]} settled, {changed[name]} verdicts changed")
    print(
        f"all: {seen.total()} pairs, {settled.total()} settled, {changed.total()} verdicts changed, furthest score {furthest:.4f}"
    )
    return 1 if changed.total() else 0


if __name__ == "__main__":
    sys.exit(main())

"""Validate data/stories (schema, counts, lengths, splits, overlap limits) and print the datasheet's tables."""

from __future__ import annotations

import sys
from pathlib import Path

from spindetect.training.datasheet import composition, load_story_files, problems

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Exit code 1 when a story breaks a rule."""
    stories = load_story_files(ROOT / "data/stories")
    print(composition(stories))
    found = problems(stories, ROOT / "data/schema.json")
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(stories)} stories, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

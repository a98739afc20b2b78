"""Write the article pairs and sentence pairs made of data/stories to build/pairs/, and print how many of which.

Article pairs: written by hand and spun, whole, partial (8 to 70 %), shuffled, diluted with unrelated paragraphs, short
cuts, mosaics, and hard negatives: written ones, and the most similar stranger of each story. Sentence pairs: each
candidate with its label (none, reworded, copied). The same data and seed give the same files.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from rich.progress import track

from spindetect.bundle import default_folder
from spindetect.encoder import StaticEncoder
from spindetect.errors import SpindetectError
from spindetect.training.corpus import load_stories
from spindetect.training.fit import Prepared, prepare
from spindetect.training.labels import Recipe
from spindetect.training.links import UNKNOWN
from spindetect.training.pairs import story_pairs

ROOT = Path(__file__).resolve().parents[1]
LINKS = ("none", "reworded", "copied")


def main() -> int:
    """Build, write, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT / "data/stories")
    parser.add_argument("--out", type=Path, default=ROOT / "build/pairs")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    try:
        stories = load_stories(arguments.data)
        words = StaticEncoder.from_folder(default_folder() / "encoder")
        for split in ("train", "validation", "test"):
            chosen = [story for story in stories if story.split == split]
            prepared = prepare(story_pairs(chosen, Recipe(seed=arguments.seed)), words, None)
            write_articles(prepared, arguments.out / f"articles-{split}.jsonl")
            write_sentences(prepared, arguments.out / f"sentences-{split}.jsonl", split)
    except SpindetectError as error:
        print(f"build_pairs: {error}", file=sys.stderr)
        return 2
    return 0


def write_articles(prepared: list[Prepared], path: Path) -> None:
    """One labelled pair a line, as `spindetect evaluate` reads them."""
    counts: Counter[str] = Counter()
    with path.open("w", encoding="utf-8") as stream:
        for item in prepared:
            pair = item.training.pair
            stream.write(json.dumps(vars(pair)) + "\n")
            counts[f"{pair.source} ({pair.label})"] += 1
    print(f"{path.name}: {len(prepared)} article pairs")
    for name, count in counts.most_common():
        print(f"  {count:5d} {name}")


def write_sentences(prepared: list[Prepared], path: Path, split: str) -> None:
    """One candidate sentence pair a line, where its label is known."""
    counts: Counter[str] = Counter()
    with path.open("w", encoding="utf-8") as stream:
        for item in track(prepared, description=f"sentences {split}", transient=True):
            pairing = item.candidates.pairing
            suspect, original = pairing.suspect.article.sentence_texts(), pairing.original.article.sentence_texts()
            rows = zip(item.candidates.rows.tolist(), item.candidates.columns.tolist(), item.labels.tolist(), strict=True)
            for row, column, label in rows:
                if label == UNKNOWN:
                    continue
                counts[LINKS[label]] += 1
                fields = {
                    "pair": item.training.pair.id,
                    "suspect": suspect[row],
                    "original": original[column],
                    "label": LINKS[label],
                }
                stream.write(json.dumps(fields) + "\n")
    print(f"{path.name}: {sum(counts.values())} sentence pairs, {dict(counts.most_common())}")


if __name__ == "__main__":
    sys.exit(main())

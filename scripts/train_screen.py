"""Train the screening model from data/, and from the even lines of a file of human news where one is given.

The figures that count are those of scripts/evaluate_screen.py. States of words are computed anew in each run: some minutes.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from rich.progress import track

from spindetect.bundle import default_folder
from spindetect.encoder import StaticEncoder
from spindetect.errors import SpindetectError
from spindetect.screening.minilm import WordStates
from spindetect.training.corpus import load_stories
from spindetect.training.prose import load_prose
from spindetect.training.screening.documents import FAMILIES, Document, documents, news_texts, prose_texts, story_texts
from spindetect.training.screening.pipeline import prepare_documents, train_screening

ROOT = Path(__file__).resolve().parents[1]
NEWS = "bbc_2004.jsonl"
SPINS = {"news": 1, "story": 2, "prose": 3}
"""Spun copies of each text."""


def training_documents(corpora: Path | None, seed: int, families: tuple[str, ...] = FAMILIES) -> tuple[list[Document], str]:
    """Documents, and for the card what they are."""
    stories = [story for story in load_stories(ROOT / "data/stories") if story.split != "test"]
    texts = {"story": story_texts(stories), "prose": prose_texts(load_prose(ROOT / "data/prose"), "train"), "news": []}
    said = f"{len(stories)} stories and {len(texts['prose'])} pieces of prose of data/"
    path = corpora / NEWS if corpora else None
    if path is not None and path.exists():
        texts["news"] = news_texts(path, odd=False)
        said += (
            f", and {len(texts['news'])} news articles (the even lines of bbc_2004: BBC news of 2004 and 2005, for research use; "
            "none of its text is in the repository)"
        )
    else:
        print(f"no {NEWS}: training on data/ alone, and human news will be accused more often", file=sys.stderr)
        said += "; no news articles"
    found = [item for register, own in texts.items() for item in documents(own, families, SPINS[register], seed)]
    return found, said


def main() -> int:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help=f"folder that holds {NEWS} (id, text)")
    parser.add_argument("--out", type=Path, default=ROOT / "models/default/screen")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    started = time.monotonic()
    try:
        found, said = training_documents(arguments.corpora, arguments.seed)
        words = StaticEncoder.from_folder(default_folder() / "encoder")
        prepared = list(track(prepare_documents(found, words, WordStates()), "reading", total=len(found)))
        metrics = train_screening(
            prepared, arguments.out, trained_on=said, seed=arguments.seed,
            progress=lambda step, share: print(f"{step} {share:.0%}", file=sys.stderr),
        )  # fmt: skip
    except SpindetectError as error:
        print(f"train_screen: {error}", file=sys.stderr)
        return 2
    print(metrics["cross_fitted"])
    print(f"{time.monotonic() - started:.0f} seconds")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Train the screening model from data/, and from the even lines of a file of human news where one is given.

The figures that count are those of scripts/evaluate_screen.py. States of words take some minutes and are kept in build/cache.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from screening_texts import ROOT, training_texts

from spindetect.bundle import default_folder
from spindetect.encoder import StaticEncoder
from spindetect.errors import SpindetectError
from spindetect.screening.minilm import WordStates
from spindetect.training.screening.pipeline import train_screening


def main() -> int:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help="folder that holds bbc_2004.jsonl (id, text)")
    parser.add_argument("--out", type=Path, default=ROOT / "models/default/screen")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    started = time.monotonic()
    try:
        words = StaticEncoder.from_folder(default_folder() / "encoder")
        prepared, short, said = training_texts(arguments.corpora, arguments.seed, words, WordStates())
        metrics = train_screening(
            prepared, short, arguments.out, trained_on=said, seed=arguments.seed,
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

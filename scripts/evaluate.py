"""Measure the shipped model: held-out stories, each spinner family left out, every pair file of a folder, the evidence.

Writes build/evaluation/evaluation.md and .json. Baselines and left-out families are cached in build/cache.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import joblib

from spindetect import __version__
from spindetect.errors import SpindetectError
from spindetect.evaluation.evidence import measure_evidence
from spindetect.evaluation.families import FAMILIES, leave_families_out
from spindetect.evaluation.protocol import detector_of, evaluate_source, load_encoder
from spindetect.evaluation.report import to_markdown, write_report
from spindetect.training.corpus import LabelledPair, load_pairs, load_stories
from spindetect.training.labels import Recipe
from spindetect.training.pairs import story_pairs

ROOT = Path(__file__).resolve().parents[1]
OWN = "test stories"


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help="folder of labelled pair files (*.jsonl)")
    parser.add_argument("--model", type=Path, help="bundle folder; default: the shipped model")
    parser.add_argument("--out", type=Path, default=ROOT / "build/evaluation")
    parser.add_argument("--no-families", action="store_true", help="pass over the retraining without each family")
    parser.add_argument("--evidence", action="store_true", help="measure the evidence against the spinners' exact truth")
    parser.add_argument("--no-transformer", action="store_true", help="pass over all-MiniLM-L6-v2's baselines (slow)")
    arguments = parser.parse_args()
    started = time.monotonic()

    def progress(step: str) -> None:
        print(f"[{time.monotonic() - started:5.0f} s] {step}", file=sys.stderr, flush=True)

    cache = joblib.Memory(ROOT / "build/cache", verbose=0)
    try:
        detector = detector_of(arguments.model)
        encoder = None if arguments.no_transformer else load_encoder()
        results: dict[str, Any] = {
            "facts": {
                "model": f"{detector.model.name} {detector.model.version}",
                "spindetect": __version__,
                "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
            },
            "sources": {},
        }
        for name, pairs in sources(arguments.corpora).items():
            # The transformer is slow, and the stories yield thousands of pairs: its columns are measured on real text only.
            own = None if name == OWN else encoder
            results["sources"][name] = evaluate_source(name, pairs, detector, encoder=own, cache=cache, progress=progress)
        if not arguments.no_families:
            results["families"] = leave_families_out(ROOT / "data/stories", FAMILIES, cache=cache, progress=progress)
        if arguments.evidence:
            held_out = [story for story in load_stories(ROOT / "data/stories") if story.split == "test"]
            results["evidence"] = measure_evidence(detector, held_out, progress)
    except SpindetectError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    paths = write_report(results, arguments.out)
    print(to_markdown(results))
    progress(f"written: {', '.join(map(str, paths))}")
    return 0


def sources(corpora: Path | None) -> dict[str, list[LabelledPair]]:
    """Pairs by source: the test stories, and each file of a folder that holds labelled pairs."""
    held_out = [story for story in load_stories(ROOT / "data/stories") if story.split == "test"]
    found = {OWN: [item.pair for item in story_pairs(held_out, Recipe(seed=1))]}
    for path in sorted(corpora.glob("*.jsonl")) if corpora else []:
        try:
            found[path.stem] = list(load_pairs(path))
        except SpindetectError as error:
            print(f"{path.name} passed over: {error}", file=sys.stderr)
    return found


if __name__ == "__main__":
    sys.exit(main())

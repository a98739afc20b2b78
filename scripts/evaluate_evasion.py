"""Measure what it costs to disguise a copy, on held-out stories and on a corpus, and write build/evaluation/evasion.json.

Every suspect, spun, reprinted or independent, goes through the same trick; the originals stay as they are.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from spindetect.errors import SpindetectError
from spindetect.evaluation.evasion.catalogue import QUOTED_IN_FULL, QUOTED_ON_A_PAGE, all_evasions
from spindetect.evaluation.evasion.measure import compared, measure_evasions, quoted_and_commented, sample, story_pairs
from spindetect.evaluation.evasion.table import evasion_section
from spindetect.evaluation.protocol import detector_of
from spindetect.evaluation.run import run_facts
from spindetect.training.corpus import Story, load_pairs, load_stories
from spindetect.training.spinners import spin

ROOT = Path(__file__).resolve().parents[1]
CORPUS = "quillbot_dev"
SEED = 1
FAMILIES = ("thesaurus", "senses", "neighbours")
STRENGTH = 0.3


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help=f"folder with {CORPUS}.jsonl")
    parser.add_argument("--pairs", type=int, default=150, help="most pairs of a label and source (default: 150)")
    parser.add_argument("--texts", type=int, default=24, help="spun and human texts screened; 0 for none (default: 24)")
    parser.add_argument("--only", help="only tricks with this in their name")
    parser.add_argument("--model", type=Path, help="bundle folder; default: the shipped model")
    parser.add_argument("--out", type=Path, default=ROOT / "build/evaluation")
    arguments = parser.parse_args()
    started = time.monotonic()

    def progress(step: str) -> None:
        print(f"[{time.monotonic() - started:5.0f} s] {step}", file=sys.stderr, flush=True)

    try:
        detector = detector_of(arguments.model)
        stories = load_stories(ROOT / "data/stories")
        held_out = [story for story in stories if story.split == "test"]
        own = story_pairs(held_out, SEED)
        sources = {"test stories": sample(own, arguments.pairs, SEED)}
        path = arguments.corpora / f"{CORPUS}.jsonl" if arguments.corpora else None
        if path is not None and path.exists():
            sources[CORPUS] = sample(list(load_pairs(path)), arguments.pairs, SEED)
        else:
            progress(f"{CORPUS} passed over: name the folder that holds {CORPUS}.jsonl by --corpora")
        evasions = all_evasions([story.original for story in stories if story.split == "validation"])
        if arguments.only:
            evasions = [evasion for evasion in evasions if arguments.only in evasion.name]
        texts = screened_texts(held_out, arguments.texts) if arguments.texts else None
        rows = list(measure_evasions(sources, texts, evasions, detector, progress))
        translated = [pair for pair in own if pair.source == "rewrite backtranslated"]
        results = {
            "facts": {**run_facts(detector), "seed": SEED, "seconds": round(time.monotonic() - started)},
            "rows": rows,
            "quoted": quoted_and_commented([story.original for story in held_out], QUOTED_IN_FULL, detector),
            "quoted_on_a_page": quoted_and_commented([story.original for story in held_out], QUOTED_ON_A_PAGE, detector),
            "backtranslated": {"n": len(translated), "called_spun": compared(translated, detector)["recall"]},
        }
    except SpindetectError as error:
        print(f"evaluate_evasion: {error}", file=sys.stderr)
        return 2
    arguments.out.mkdir(parents=True, exist_ok=True)
    out = arguments.out / "evasion.json"
    out.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    print("\n".join(evasion_section(results)))
    progress(f"written: {out}")
    return 0


def screened_texts(stories: list[Story], most: int) -> tuple[list[str], list[str]]:
    """Lightly spun originals, and the other reports of the same events."""
    chosen = random.Random(SEED).sample(stories, min(most, len(stories)))
    spun = [spin(story.original, FAMILIES[number % len(FAMILIES)], STRENGTH, SEED).text for number, story in enumerate(chosen)]
    return spun, [story.independent for story in chosen]


if __name__ == "__main__":
    sys.exit(main())

"""Measure the shipped model: held-out stories, every pair file of a folder, short cuts and mixtures of them, spinner
families and topics left out of training, the evidence; beside ready-made measures and rival tools.

Writes build/evaluation/evaluation.html, .md and .json; the page quotes pairs, the other two hold ids and figures only.
What takes long is kept in build/cache.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import joblib
from rival_tools import rival_scores

from spindetect import SpinDetector
from spindetect.errors import SpindetectError
from spindetect.evaluation.drawing import require_matplotlib
from spindetect.evaluation.evidence import measure_evidence
from spindetect.evaluation.extracts import mixtures, short_cuts
from spindetect.evaluation.families import LeaveOut
from spindetect.evaluation.metrics import wilson_interval
from spindetect.evaluation.page import write_evaluation
from spindetect.evaluation.protocol import Progress, detector_of, load_encoder
from spindetect.evaluation.report import to_markdown
from spindetect.evaluation.run import evaluate, run_facts
from spindetect.evaluation.targets import MIXTURES, SHORT, measured_targets
from spindetect.training.corpus import LabelledPair, load_pairs, load_stories
from spindetect.training.labels import Recipe
from spindetect.training.pairs import story_pairs
from spindetect.training.pipeline import HARD_NEGATIVE

ROOT = Path(__file__).resolve().parents[1]
STORIES = ROOT / "data/stories"
OWN = "test stories"
MADE = frozenset([OWN, SHORT, MIXTURES])
"""Sources made here. The transformer and the rivals are slow, and measured on real text only."""
PROBES = ("quillbot_dev", "same_event_dev", "chatgpt_news_dev", "clough_stevenson_abc")
"""Sets of the targets: short cuts are made of them, and strangers taken."""
SEED = 1


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help="folder of labelled pair files (*.jsonl)")
    parser.add_argument("--model", type=Path, help="bundle folder; default: the shipped model")
    parser.add_argument("--against", type=Path, help="another bundle, measured on the same pairs")
    parser.add_argument("--out", type=Path, default=ROOT / "build/evaluation")
    parser.add_argument("--no-families", action="store_true", help="pass over the retraining without families and topics")
    parser.add_argument("--evidence", action="store_true", help="measure the evidence against the spinners' exact truth")
    parser.add_argument("--no-transformer", action="store_true", help="pass over all-MiniLM-L6-v2's baselines (slow)")
    arguments = parser.parse_args()
    started = time.monotonic()

    def progress(step: str) -> None:
        print(f"[{time.monotonic() - started:5.0f} s] {step}", file=sys.stderr, flush=True)

    cache = joblib.Memory(ROOT / "build/cache", verbose=0)
    try:
        require_matplotlib()
        detector = detector_of(arguments.model)
        named = sources(arguments.corpora)
        rivals = {}
        tools: dict[str, Any] = {}
        for name in [name for name in named if name not in MADE]:
            progress(f"{name}: rival tools")
            rivals[name], found = rival_scores(named[name])
            tools |= found
        facts = {
            **run_facts(detector),
            "seed": SEED,
            "stories": _digest(sorted(STORIES.glob("*.json"))),
        }
        if arguments.corpora:
            facts |= {path.name: _digest([path]) for path in sorted(arguments.corpora.glob("*.jsonl")) if path.stem in named}
        for name, tool in tools.items():
            facts[f"rival {name}"] = f"{tool['version']}, {tool['setting']}, {tool['milliseconds_per_pair']:.1f} ms a pair"
        evaluation = evaluate(
            named, detector, facts=facts, against=detector_of(arguments.against) if arguments.against else None,
            encoder=None if arguments.no_transformer else load_encoder(), cache=cache, others=rivals, skip_encoder=MADE,
            apart=frozenset([MIXTURES, SHORT]), progress=progress,
        )  # fmt: skip
        results = evaluation.results
        if "calibrated_on" not in detector.metrics:  # the cross-fitted ones were counted at another threshold
            results["hard_negatives"] = hard_negatives(detector)
        if not arguments.no_families:
            results |= left_out(named, cache, progress)
        if arguments.evidence:
            results["evidence"] = measure_evidence(detector, held_out_stories(), progress)
    except SpindetectError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    results["targets"] = measured_targets(results)
    results["facts"]["seconds"] = round(time.monotonic() - started)
    paths = write_evaluation(evaluation, arguments.out)
    print(to_markdown(results))
    progress(f"written: {', '.join(map(str, paths))}")
    return 0


def held_out_stories() -> list[Any]:
    return [story for story in load_stories(STORIES) if story.split == "test"]


def sources(corpora: Path | None) -> dict[str, list[LabelledPair]]:
    """Pairs by source: the test stories, mixtures of them, each file of a folder that holds labelled pairs, short cuts."""
    own = [item.pair for item in story_pairs(held_out_stories(), Recipe(seed=SEED))]
    found = {OWN: own, MIXTURES: mixtures(own)}
    for path in sorted(corpora.glob("*.jsonl")) if corpora else []:
        try:
            found[path.stem] = list(load_pairs(path))
        except SpindetectError as error:
            print(f"{path.name} passed over: {error}", file=sys.stderr)
    found[SHORT] = list(short_cuts((pair for name in PROBES for pair in found.get(name, ())), SEED))
    return {name: pairs for name, pairs in found.items() if pairs}


def hard_negatives(detector: SpinDetector) -> dict[str, Any]:
    """Look-alikes of all stories that are called spun or reprint: those of training cross-fitted, the others held out."""
    counted = detector.metrics["cross_fitted"]["hard_negatives"]
    n, accused = counted["n"], counted["accused"]
    for name, row in detector.metrics["held_out_stories"]["sources"].items():
        if name.startswith(HARD_NEGATIVE):
            n += row["n"]
            accused += row["verdicts"].get("spun", 0) + row["verdicts"].get("reprint", 0)
    return {"n": n, "accused": wilson_interval(accused, n)}


def left_out(named: dict[str, list[LabelledPair]], cache: joblib.Memory, progress: Progress) -> dict[str, Any]:
    """Families and topics left out, beside the independent pairs of the corpora."""
    strangers = [pair for name in PROBES[:2] for pair in named.get(name, ()) if pair.label == "independent"]
    work = LeaveOut(STORIES, strangers, cache=cache, progress=progress)
    return {"families": work.families(), "topics": work.topics()}


def _digest(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return f"{len(paths)} file{'s' if len(paths) > 1 else ''}, sha256 {digest.hexdigest()[:16]}"


if __name__ == "__main__":
    sys.exit(main())

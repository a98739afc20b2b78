"""`spindetect evaluate` and `spindetect calibrate`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from spindetect.cli.console import notes
from spindetect.errors import InputError
from spindetect.evaluation.drawing import require_matplotlib
from spindetect.evaluation.page import write_evaluation
from spindetect.evaluation.protocol import detector_of
from spindetect.evaluation.recalibration import recalibrate
from spindetect.evaluation.report import to_markdown, without_nan
from spindetect.evaluation.run import evaluate, run_facts
from spindetect.training.corpus import LabelledPair, load_pairs


def evaluate_command(pairs: Path, report: Path | None, against: str | None, *, as_json: bool, model: str | None) -> None:
    """Measure and print, or write, the figures."""
    if report is not None:
        require_matplotlib()
    paths = sorted(pairs.glob("*.jsonl")) if pairs.is_dir() else [pairs]
    named = {path.stem: _labelled(path) for path in paths}
    if not named:
        raise InputError(f"{pairs} holds no labelled pairs: give a JSONL file with id, suspect, original and label")
    detector = detector_of(None if model is None else Path(model))
    facts = {
        **run_facts(detector),
        **{path.name: f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}" for path in paths},
    }
    other = detector_of(Path(against)) if against is not None else None
    done = evaluate(
        named, detector, facts=facts, against=other, progress=lambda step: notes.print(step, markup=False, soft_wrap=True)
    )
    if report is not None:
        notes.print("written: " + ", ".join(map(str, write_evaluation(done, report))), markup=False, soft_wrap=True)
        notes.print("the page quotes the pairs; the other two hold ids and figures only", markup=False)
    if as_json:
        print(json.dumps(without_nan(done.results), allow_nan=False))
    elif report is None:
        print(to_markdown(done.results))


def calibrate_command(pairs: Path, out: Path, *, as_json: bool, model: str | None) -> None:
    """Write a bundle calibrated on labelled pairs and say what that changed."""
    facts = recalibrate(_labelled(pairs), pairs.name, out, None if model is None else Path(model))
    if as_json:
        print(json.dumps(facts))
        return
    notes.print(
        f"model written to {out}, calibrated on {facts['pairs']} pairs of {facts['groups']} groups", markup=False, soft_wrap=True
    )
    notes.print(
        f"calibration error {facts['calibration_error_before']:.3f} before, {facts['calibration_error_after']:.3f} after "
        f"(cross-fitted); threshold {facts['threshold_before']:.3f} before, {facts['threshold_after']:.3f} after",
        soft_wrap=True,
    )


def _labelled(path: Path) -> list[LabelledPair]:
    if not path.is_file():
        raise InputError(f"{path} is no file: give a JSONL file of labelled pairs (id, suspect, original, label)")
    found = list(load_pairs(path))
    if not found:
        raise InputError(f"{path} is empty: it needs one labelled pair a line")
    return found

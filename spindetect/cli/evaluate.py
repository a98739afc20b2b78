"""`spindetect evaluate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from spindetect import __version__
from spindetect.cli.console import notes
from spindetect.errors import InputError
from spindetect.evaluation.protocol import detector_of, evaluate_source
from spindetect.evaluation.report import to_markdown, write_report
from spindetect.training.corpus import load_pairs


def evaluate_command(pairs: Path, report: Path | None, *, as_json: bool, model: str | None) -> None:
    """Measure and print, or write, the figures."""
    paths = sorted(pairs.glob("*.jsonl")) if pairs.is_dir() else [pairs]
    if not paths or not paths[0].exists():
        raise InputError(
            f"{pairs} holds no labelled pairs: give a JSONL file with id, suspect, original and label, or a folder of them"
        )
    detector = detector_of(None if model is None else Path(model))
    facts = {"model": f"{detector.model.name} {detector.model.version}", "spindetect": __version__}
    results: dict[str, Any] = {"facts": facts, "sources": {}}
    for path in paths:
        labelled = list(load_pairs(path))
        if not labelled:
            raise InputError(f"{path} is empty: it needs one labelled pair a line")
        notes.print(f"{path.name}: {len(labelled)} pairs", markup=False)
        results["sources"][path.stem] = evaluate_source(path.stem, labelled, detector)
    if report is not None:
        notes.print("written: " + ", ".join(map(str, write_report(results, report))), markup=False, soft_wrap=True)
    if as_json:
        print(json.dumps(results))
    elif report is None:
        print(to_markdown(results))

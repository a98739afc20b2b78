"""A whole evaluation: every source, all of them together, another model beside, the worst cases."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import joblib
import numpy as np

from spindetect import __version__
from spindetect.detector import SpinDetector
from spindetect.encoder import TransformerEncoder
from spindetect.evaluation.importance import permutation_importance
from spindetect.evaluation.measured import Measured, measure
from spindetect.evaluation.pooled import pooled_figures
from spindetect.evaluation.protocol import Progress, compared_with, evaluate_source, quiet
from spindetect.evaluation.worst import Case, worst_cases
from spindetect.training.corpus import LabelledPair


@dataclass(frozen=True)
class Evaluation:
    """Figures, ready for JSON and without any text; what they were computed from; the worst cases with their texts."""

    results: dict[str, Any]
    sources: list[Measured]
    false_alarms: list[Case]
    misses: list[Case]


def evaluate(
    named: Mapping[str, Sequence[LabelledPair]], detector: SpinDetector, *, facts: Mapping[str, Any],
    against: SpinDetector | None = None, encoder: TransformerEncoder | None = None, cache: joblib.Memory | None = None,
    others: Mapping[str, Mapping[str, np.ndarray]] | None = None, skip_encoder: frozenset[str] = frozenset(),
    apart: frozenset[str] = frozenset(), progress: Progress = quiet,
) -> Evaluation:  # fmt: skip
    """Measure a detector on sources of labelled pairs.

    Args:
        facts: what the report says of the run.
        against: another model, measured on the same pairs.
        others: by source, then by tool: scores of the same pairs.
        skip_encoder: sources on which the transformer is too slow to run.
        apart: sources made of other ones; what is computed over all sources leaves them out.
    """
    results: dict[str, Any] = {"facts": dict(facts), "sources": {}}
    measured = []
    for name, pairs in named.items():
        source, figures = evaluate_source(
            name, pairs, detector, encoder=None if name in skip_encoder else encoder, cache=cache,
            others=(others or {}).get(name), progress=progress,
        )  # fmt: skip
        measured.append(source)
        results["sources"][name] = figures
        if against is not None:
            progress(f"{name}: the other model")
            figures["against"] = compared_with(source, measure(name, pairs, against))
    progress("all sources together")
    own = [source for source in measured if source.name not in apart]
    results["apart"] = sorted(apart)
    results["pooled"] = pooled_figures(own, detector.thresholds)
    if against is not None:
        results["against"] = f"{against.model.name} {against.model.version}"
    progress("permutation importance")
    results["importance"] = permutation_importance([pair for source in own for pair in source.pairs], detector)
    progress("worst cases")
    false_alarms, misses = worst_cases(own, detector)
    results["worst"] = {"false_alarms": _identified(false_alarms), "misses": _identified(misses)}
    return Evaluation(results, measured, false_alarms, misses)


def run_facts(detector: SpinDetector) -> dict[str, str]:
    """Versions and machine, as every report names them."""
    return {
        "model": f"{detector.model.name} {detector.model.version}",
        "spindetect": __version__,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }


def _identified(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Ids and figures of cases, no text."""
    return [
        {
            "source": case.source,
            "id": case.pair.id,
            "label": case.pair.label,
            "verdict": case.comparison.verdict,
            "derived": round(1 - case.comparison.probabilities["independent"], 4),
            "moved_most": [item.feature for item in case.comparison.contributions[:3]],
        }
        for case in cases
    ]

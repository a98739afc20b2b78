"""The worst false alarms and misses, each with the evidence that the detector would show for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spindetect.detector import SpinDetector
from spindetect.evaluation.measured import Measured
from spindetect.results import Comparison
from spindetect.training.corpus import LabelledPair

CASES = 20


@dataclass(frozen=True)
class Case:
    """A pair that the detector got most wrong, and what it says of it."""

    source: str
    pair: LabelledPair
    comparison: Comparison


def worst_cases(sources: Sequence[Measured], detector: SpinDetector, count: int = CASES) -> tuple[list[Case], list[Case]]:
    """The independent pairs that look most derived, and the derived ones that look least so; worst first."""
    placed = [(source, row) for source in sources for row in range(len(source.pairs))]
    derived = np.concatenate([source.derived for source in sources])
    independent = np.concatenate([source.labels for source in sources]) == "independent"

    def cases(order: np.ndarray, wanted: np.ndarray) -> list[Case]:
        found = []
        for number in order[wanted[order]][:count].tolist():
            source, row = placed[number]
            pair = source.pairs[row]
            found.append(Case(source.name, pair, detector.compare(pair.suspect, pair.original)))
        return found

    return cases(np.argsort(-derived, kind="stable"), independent), cases(np.argsort(derived, kind="stable"), ~independent)

"""What a detector made of labelled pairs, pair by pair: what all figures and plots are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from rapidfuzz.distance import LCSseq

from spindetect.detector import SpinDetector
from spindetect.scoring import CLASSES
from spindetect.training.corpus import LabelledPair

ACCUSATIONS = ("spun", "reprint")


@dataclass(frozen=True)
class Measured:
    """A source of n labelled pairs and the detector's answers.

    Attributes:
        probabilities: in the order of ``CLASSES``, shape (n, 3).
        verdicts: shape (n,).
        others: what other measures and tools say of the same pairs, by name, shape (n,) each; nan where one failed.
    """

    name: str
    pairs: Sequence[LabelledPair]
    probabilities: np.ndarray
    verdicts: np.ndarray
    others: dict[str, np.ndarray] = field(default_factory=dict)

    @cached_property
    def labels(self) -> np.ndarray:
        return np.array([pair.label for pair in self.pairs])

    @property
    def spun(self) -> np.ndarray:
        """P(spun), shape (n,)."""
        return self.probabilities[:, CLASSES.index("spun")]

    @property
    def derived(self) -> np.ndarray:
        """1 - P(independent), shape (n,)."""
        return 1 - self.probabilities[:, CLASSES.index("independent")]

    @property
    def positive(self) -> str:
        """The label that is ranked above independent: spun where there is any, else reprint."""
        return "spun" if "spun" in self.labels else "reprint"

    @property
    def own(self) -> np.ndarray:
        """What ranks the positives: P(spun), or P(derived) where the positives are reprints."""
        return self.spun if self.positive == "spun" else self.derived

    @property
    def ranked(self) -> np.ndarray:
        """Rows of the positives and of the independent pairs; empty where one of the two is missing."""
        rows = np.flatnonzero(np.isin(self.labels, (self.positive, "independent")))
        return rows if len(set(self.labels[rows])) == 2 else rows[:0]

    @cached_property
    def groups(self) -> np.ndarray:
        return np.array([pair.group for pair in self.pairs])

    @cached_property
    def words(self) -> np.ndarray:
        """Words of the shorter side, shape (n,)."""
        return np.array([min(len(pair.suspect.split()), len(pair.original.split())) for pair in self.pairs])

    @cached_property
    def not_kept(self) -> np.ndarray:
        """Share of the suspect's words that do not stand in the original in the same order: a plain measure of change that
        owes nothing to the model, shape (n,)."""
        shares = []
        for pair in self.pairs:
            suspect, original = pair.suspect.casefold().split(), pair.original.casefold().split()
            shares.append(1 - LCSseq.similarity(suspect, original) / max(1, len(suspect)))
        return np.array(shares)


def measure(name: str, pairs: Sequence[LabelledPair], detector: SpinDetector) -> Measured:
    """Score all pairs of a source."""
    scores = list(detector.compare_many((pair.suspect, pair.original) for pair in pairs))
    probabilities = np.array([[score.probabilities[column] for column in CLASSES] for score in scores])
    return Measured(name, pairs, probabilities, np.array([score.verdict for score in scores]))

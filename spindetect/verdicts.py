"""From probabilities to a verdict, at a threshold that keeps to a false-positive rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spindetect.errors import InputError
from spindetect.results import Verdict

FALSE_POSITIVES = 0.01
"""Share of the independent pairs above the threshold that a bundle ships with."""
RATES = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1)
"""False-positive rates that users may ask for."""


@dataclass(frozen=True)
class Thresholds:
    """Which probability of derivation keeps to which false-positive rate.

    Attributes:
        shipped: the probability used when no rate is asked for.
        table: (false-positive rate, probability), rates rising, measured cross-fitted on independent pairs.
    """

    shipped: float
    table: tuple[tuple[float, float], ...]

    @classmethod
    def measured(cls, derived: np.ndarray) -> Thresholds:
        """The probabilities that given shares of independent pairs exceed.

        A rate under 3/n cannot be told from none with n pairs, and has no entry.

        Args:
            derived: probability of derivation of each independent pair, from a model that was not fitted on it.
        """
        table = tuple((rate, _quantile(derived, rate)) for rate in RATES if rate >= 3 / len(derived) or rate == RATES[-1])
        return cls(max(0.5, _quantile(derived, FALSE_POSITIVES)), table)

    def at(self, max_fpr: float | None) -> float:
        """The probability that keeps to a rate; the shipped one for None.

        Raises:
            InputError: no rate, or one lower than the training pairs can show.
        """
        if max_fpr is None:
            return self.shipped
        if not 0 < max_fpr < 1:
            raise InputError(f"the false-positive rate {max_fpr} is outside 0 to 1: 0.001 is one accusation in a thousand")
        fitting = [probability for rate, probability in self.table if rate <= max_fpr]
        if not fitting:
            raise InputError(
                f"the false-positive rate {max_fpr} is lower than this model was measured for: ask for {self.table[0][0]} or more"
            )
        return fitting[-1]

    def nearest(self, max_fpr: float) -> float:
        """The probability that keeps to a rate, or to the lowest rate that was measured; never lower than the shipped one."""
        fitting = [probability for rate, probability in self.table if rate <= max_fpr]
        return max(self.shipped, fitting[-1] if fitting else self.table[0][1])


def _quantile(derived: np.ndarray, rate: float) -> float:
    return round(float(np.quantile(derived, 1 - rate, method="higher")), 4)


def verdict_of(probabilities: Mapping[str, float], threshold: float) -> tuple[Verdict, str]:
    """The verdict, and the reason of an inconclusive one."""
    derived = 1 - probabilities["independent"]
    if derived < min(0.5, threshold):
        return "independent", ""
    if derived < threshold:
        return "inconclusive", f"too close to call: the probability of derivation is {derived:.2f}"
    return ("spun" if probabilities["spun"] >= probabilities["reprint"] else "reprint"), ""

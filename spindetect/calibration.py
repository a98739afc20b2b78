"""Straight lines in log-odds laid over the heads' probabilities, to fit a model to other texts without retraining."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

Line = tuple[float, float]
IDENTITY: Line = (1.0, 0.0)
_PRIOR = 0.5
"""Weight of the penalty that holds a line to the identity: a few pairs may not turn a model over."""
_LEAST_SLOPE = 0.05
_EDGE = 1e-6


@dataclass(frozen=True)
class Calibration:
    """Slope and intercept for the log-odds of derivation, and of spun among the derived."""

    derived: Line = IDENTITY
    spun: Line = IDENTITY


def moved(probabilities: np.ndarray, line: Line) -> np.ndarray:
    """Probabilities after a line in log-odds; order is kept, since slopes are positive."""
    if line == IDENTITY:
        return probabilities
    slope, intercept = line
    return expit(slope * log_odds(probabilities) + intercept)


def fitted_line(probabilities: np.ndarray, target: np.ndarray) -> Line:
    """The line that suits the labels best (Platt 1999), held to the identity where pairs are few.

    Args:
        probabilities: shape (n,), as they are.
        target: what was true, shape (n,).
    """
    odds, target = log_odds(probabilities), np.asarray(target, dtype=bool)

    def loss(line: np.ndarray) -> float:
        margin = np.where(target, 1, -1) * (line[0] * odds + line[1])
        return float(np.logaddexp(0, -margin).sum() + _PRIOR * ((line[0] - 1) ** 2 + line[1] ** 2))

    found = minimize(loss, np.array(IDENTITY), method="L-BFGS-B", bounds=[(_LEAST_SLOPE, None), (None, None)])
    return float(found.x[0]), float(found.x[1])


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    return np.asarray(logit(np.clip(probabilities, _EDGE, 1 - _EDGE)))

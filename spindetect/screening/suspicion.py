"""How odd each word is where it stands: a small network on the states of words in context."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import erf

UNSEEN = -8.0
"""Log-odds of a word that has no state (beyond the length limit of a sentence): not suspicious."""


@dataclass(frozen=True)
class WordHead:
    """One hidden layer; d inputs, h hidden units.

    Attributes:
        mean, scale: of the inputs, shape (d,).
        hidden, hidden_bias: shapes (d, h) and (h,).
        output, output_bias: shapes (h,) and (1,).
    """

    mean: np.ndarray
    scale: np.ndarray
    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    output_bias: np.ndarray

    def log_odds(self, states: np.ndarray) -> np.ndarray:
        """Log-odds that each word was put in the place of another, shape (words,), from states of shape (words, d)."""
        inner = ((states - self.mean) / self.scale) @ self.hidden + self.hidden_bias
        active = 0.5 * inner * (1 + erf(inner / np.sqrt(2)))
        found = active @ self.output + self.output_bias[0]
        return np.where(states.any(axis=1), found, UNSEEN).astype(np.float64)

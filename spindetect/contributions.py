"""How far each feature moved the score: Shapley values against a typical independent pair.

Source: E. Strumbelj and I. Kononenko, "An efficient explanation of individual classifications using game theory", JMLR 11
(2010): average gain of a feature over random orders in which features take the pair's own values; each order is used
forwards and backwards. The contributions add up to the score less the reference's score.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_ORDERS = 6


def shapley_values(predict: Callable[[np.ndarray], np.ndarray], values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Contribution of each feature.

    Args:
        predict: scores of rows of features, (n, k) to (n,).
        values: the pair's own features, shape (k,).
        reference: features of the typical independent pair, shape (k,).

    Returns:
        Shape (k,), summing to ``predict(values) - predict(reference)``; the same for the same input.
    """
    size = len(values)
    rng = np.random.default_rng(0)
    orders = [order for _ in range(_ORDERS) for order in _both_ways(rng.permutation(size))]
    steps = np.arange(size + 1)
    rows = []
    for order in orders:
        place = np.empty(size, dtype=np.intp)
        place[order] = np.arange(size)
        rows.append(np.where(place[None, :] < steps[:, None], values, reference))
    stacked = np.concatenate(rows)
    # Most features of a plain case equal the reference or each other's rows: score each distinct row once.
    distinct, where = np.unique(stacked, axis=0, return_inverse=True)
    scores = predict(distinct)[where.ravel()].reshape(len(orders), size + 1)
    gains = np.zeros(size)
    for order, row in zip(orders, scores, strict=True):
        gains[order] += np.diff(row)
    return np.asarray(gains / len(orders))


def _both_ways(order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return order, order[::-1]

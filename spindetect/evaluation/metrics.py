"""Rates with intervals; groups (stories, courses, events) are resampled whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

RESAMPLES = 500
_LEVEL = 0.95


def true_positive_rate(scores: np.ndarray, positive: np.ndarray, false_positive_rate: float) -> float:
    """Share of positives above the lowest threshold that at most ``false_positive_rate`` of the negatives exceed."""
    negatives = np.sort(scores[~positive])[::-1]
    allowed = int(np.floor(false_positive_rate * len(negatives) + 1e-9))
    threshold = negatives[allowed] if allowed < len(negatives) else -np.inf
    return float((scores[positive] > threshold).mean())


def roc_auc(scores: np.ndarray, positive: np.ndarray) -> float:
    return float(roc_auc_score(positive, scores))


def average_precision(scores: np.ndarray, positive: np.ndarray) -> float:
    return float(average_precision_score(positive, scores))


def with_interval(
    measure: Callable[[np.ndarray, np.ndarray], float],
    scores: np.ndarray,
    positive: np.ndarray,
    groups: Sequence[str],
    seed: int = 0,
) -> dict[str, float]:
    """A measure with its 95 % percentile interval from a bootstrap over groups (Efron and Tibshirani 1993)."""
    positive = np.asarray(positive, dtype=bool)
    values = [measure(scores[rows], positive[rows]) for rows in _resamples(positive, groups, seed)]
    return _figure(measure(scores, positive), values)


def difference(own: np.ndarray, other: np.ndarray, positive: np.ndarray, groups: Sequence[str]) -> dict[str, Any]:
    """By how much one score ranks better than another on the same pairs, with the interval of a paired bootstrap."""
    positive = np.asarray(positive, dtype=bool)
    result = {}
    samples = list(_resamples(positive, groups, 0))
    for name, measure in (("roc_auc", roc_auc), ("tpr_at_1_percent", _at_1_percent)):
        values = [measure(own[rows], positive[rows]) - measure(other[rows], positive[rows]) for rows in samples]
        result[name] = _figure(measure(own, positive) - measure(other, positive), values)
    return result


def _resamples(positive: np.ndarray, groups: Sequence[str], seed: int) -> Iterator[np.ndarray]:
    """Rows of groups drawn with replacement; draws that lack one class are passed over."""
    names, numbers = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < 2:
        return  # one group says nothing of the next
    members = [np.flatnonzero(numbers == number) for number in range(len(names))]
    rng = np.random.default_rng(seed)
    for _ in range(RESAMPLES):
        rows = np.concatenate([members[k] for k in rng.integers(len(members), size=len(members))])
        if 0 < positive[rows].sum() < len(rows):
            yield rows


def _figure(value: float, resampled: Sequence[float]) -> dict[str, float]:
    low, high = np.quantile(resampled, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]) if resampled else (float("nan"),) * 2
    return {"value": round(value, 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def _rate_with_interval(rate: float, scores: np.ndarray, positive: np.ndarray, groups: Sequence[str]) -> dict[str, float]:
    """The true-positive rate at a false-positive rate; where every draw finds the same, as at 1, Wilson's interval, which is
    not of no width."""
    found = with_interval(lambda some, truth: true_positive_rate(some, truth, rate), scores, positive, groups)
    if found["low"] == found["high"]:
        return wilson_interval(round(found["value"] * positive.sum()), int(positive.sum()))
    return found


def _at_1_percent(scores: np.ndarray, positive: np.ndarray) -> float:
    return true_positive_rate(scores, positive, 0.01)


def wilson_interval(count: int, n: int) -> dict[str, float]:
    """A share with its 95 % Wilson interval (Wilson 1927)."""
    if not n:
        return {"value": float("nan"), "low": float("nan"), "high": float("nan")}
    z = 1.96
    share = count / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return {"value": round(share, 4), "low": round(max(0.0, centre - half), 4), "high": round(min(1.0, centre + half), 4)}


def calibration_error(scores: np.ndarray, positive: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error over bins of equal mass (Nixon et al. 2019)."""
    order = np.argsort(scores, kind="stable")
    gaps = [abs(scores[part].mean() - positive[part].mean()) * len(part) for part in np.array_split(order, bins) if len(part)]
    return float(sum(gaps) / len(scores))


def ranking(scores: np.ndarray, positive: np.ndarray, groups: Sequence[str]) -> dict[str, Any]:
    """The ranking measures of one set: AUC, average precision, true-positive rates at 1 % and 0.5 % false positives."""
    positive = np.asarray(positive, dtype=bool)
    return {
        "positives": int(positive.sum()),
        "negatives": int((~positive).sum()),
        "roc_auc": with_interval(roc_auc, scores, positive, groups),
        "average_precision": with_interval(average_precision, scores, positive, groups),
        "tpr_at_1_percent": _rate_with_interval(0.01, scores, positive, groups),
        "tpr_at_half_percent": _rate_with_interval(0.005, scores, positive, groups),
    }


def verdict_counts(verdicts: Sequence[str]) -> dict[str, int]:
    return dict(sorted(Counter(verdicts).items()))

"""Permutation importance of the article features: what a feature's shuffling costs the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from spindetect.detector import SpinDetector
from spindetect.evaluation.metrics import roc_auc
from spindetect.features import ARTICLE_FEATURES, CHANGE_FEATURES
from spindetect.training.corpus import LabelledPair

_REPEATS = 5
_MOST_PAIRS = 1_500


def permutation_importance(pairs: Sequence[LabelledPair], detector: SpinDetector, seed: int = 0) -> dict[str, Any]:
    """Mean loss of ROC AUC of P(spun), spun against all else, when one feature is shuffled (Breiman 2001).

    At most 1,500 pairs are used, drawn at random. Features that repeat each other share their importance.
    """
    rng = np.random.default_rng(seed)
    chosen = [pairs[row] for row in np.sort(rng.permutation(len(pairs))[:_MOST_PAIRS])]
    features = detector.features([(pair.suspect, pair.original) for pair in chosen])
    known = np.isfinite(features).all(axis=1)
    features, spun = features[known], np.array([pair.label == "spun" for pair in chosen])[known]
    if not 0 < spun.sum() < len(spun):
        return {"n": 0}
    whole = roc_auc(detector.spun_probability(features), spun)
    losses = {}
    for column, name in enumerate((*ARTICLE_FEATURES, *CHANGE_FEATURES)):
        repeats = []
        for _ in range(_REPEATS):
            shuffled = features.copy()
            shuffled[:, column] = rng.permutation(shuffled[:, column])
            repeats.append(whole - roc_auc(detector.spun_probability(shuffled), spun))
        losses[name] = {"value": round(float(np.mean(repeats)), 5), "spread": round(float(np.std(repeats)), 5)}
    ranked = sorted(losses.items(), key=lambda item: -item[1]["value"])
    return {"n": int(known.sum()), "roc_auc": round(whole, 4), "losses": dict(ranked)}

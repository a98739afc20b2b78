"""Forests that answer for a single pair without delay."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np


def prompt(head: Any) -> Any:
    """The same classifier, the same answers; forests inside it are asked tree by tree, in this thread.

    scikit-learn hands every tree of a forest to joblib, which for one row takes several times as long as the trees do. The
    classifier given stays as it is, since it may be saved.
    """
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.ensemble import ExtraTreesClassifier, VotingClassifier

    if isinstance(head, CalibratedClassifierCV):
        head = copy(head)
        head.calibrated_classifiers_ = [_with_prompt_estimator(item) for item in head.calibrated_classifiers_]
    elif isinstance(head, VotingClassifier):
        head = copy(head)
        head.estimators_ = [prompt(item) for item in head.estimators_]
    elif isinstance(head, ExtraTreesClassifier):
        return _Forest(head)
    return head


def _with_prompt_estimator(calibrated: Any) -> Any:
    calibrated = copy(calibrated)
    calibrated.estimator = prompt(calibrated.estimator)
    return calibrated


class _Forest:
    """A fitted forest; the trees are added up in the order in which scikit-learn does it."""

    def __init__(self, forest: Any) -> None:
        self._forest = forest
        self._trees = [tree.tree_ for tree in forest.estimators_]
        self.classes_ = forest.classes_

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        rows = np.ascontiguousarray(rows, dtype=np.float32)
        if rows.ndim != 2 or rows.shape[1] != self._forest.n_features_in_ or not np.isfinite(rows).all():
            return np.asarray(self._forest.predict_proba(rows))  # which says what is wrong with them
        total = np.zeros((len(rows), len(self.classes_)))
        for tree in self._trees:
            total += tree.predict(rows)
        return np.asarray(total / len(self._trees))

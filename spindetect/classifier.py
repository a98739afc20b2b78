"""SpinClassifier: a scikit-learn classifier of article pairs with labels of your own."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d

from spindetect.article import Article
from spindetect.calibration import log_odds
from spindetect.detector import SpinDetector
from spindetect.features import ARTICLE_FEATURES, CHANGE_FEATURES, unrelated_features

_FOLDS = 5
_MOST_KEPT = 100_000


class SpinClassifier(ClassifierMixin, BaseEstimator):
    """Learns your labels of article pairs from what a trained model sees in them.

    The pairs are aligned and described by a model bundle; a logistic regression over its article features, with its log-odds of
    derivation and of spun beside them, is fitted to the labels. A few dozen pairs are enough, since the alignment is not learnt
    again; `spindetect train` does that. Any labels will do, two or more. Works in pipelines, ``cross_val_score`` and
    ``GridSearchCV``; the features of a pair are computed once in a process.

    Args:
        C: inverse strength of the regularisation: small values trust few pairs less.
        max_iter: iterations of the solver.
        class_weight: ``"balanced"``, or a weight for each label; None counts pairs as they are.
        max_fpr: share of the pairs labelled ``negative`` that may get another label; None asks for the likeliest label. The
            threshold is set on cross-fitted probabilities of the training pairs.
        negative: the label that ``max_fpr`` protects.
        model: folder of a model bundle; None is the one that ships.

    Attributes:
        classes_: the labels, sorted; columns of ``predict_proba``.
        head_: the fitted scaler and logistic regression.
        threshold_: least probability of not being ``negative`` from which a pair gets another label; None without ``max_fpr``.
        n_features_in_: 2, a suspect and an original.
        n_iter_: steps that the solver took.

    Measure on pairs that the model's own training has not seen.

    >>> from spindetect import SpinClassifier
    >>> pairs = [("the suspect ...", "the original ..."), ...]
    >>> SpinClassifier(C=0.1).fit(pairs, ["spun", ...]).predict(pairs)
    """

    def __init__(
        self, C: float = 1.0, *, max_iter: int = 100, class_weight: Any = None, max_fpr: float | None = None,  # noqa: N803
        negative: Any = "independent", model: str | Path | None = None,
    ) -> None:  # fmt: skip
        self.C = C
        self.max_iter = max_iter
        self.class_weight = class_weight
        self.max_fpr = max_fpr
        self.negative = negative
        self.model = model

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> SpinClassifier:  # noqa: N803
        """Fit the head.

        Args:
            X: pairs (suspect, original), shape (n, 2): a list, an array or a table with two columns. A string is a text, a
                ``Path`` a file.
            y: labels, shape (n,).
            sample_weight: shape (n,); default: all alike.

        Raises:
            ValueError: pairs or labels of another shape, fewer than two labels, or a ``max_fpr`` that the pairs cannot show.
            InputError: a text or file that cannot be used.
            BundleError: the model cannot be read.
        """
        if y is None:
            raise ValueError("SpinClassifier requires y to be passed, but the target y is None: give the label of each pair")
        features = self._features(X, reset=True)
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        if len(y) != len(features):
            raise ValueError(
                f"{len(features)} pairs and {len(y)} labels (inconsistent numbers of samples): give one label a pair"
            )
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, features)
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError(f"all pairs have the one class {self.classes_[0]!r}: give pairs of two labels or more")
        steps = ("standardscaler", "logisticregression")
        weights = {} if sample_weight is None else {f"{step}__sample_weight": sample_weight for step in steps}
        self.threshold_ = None if self.max_fpr is None else self._threshold(self.max_fpr, features, y, weights)
        self.head_ = self._new_head().fit(features, y, **weights)
        self.n_iter_ = int(self.head_[-1].n_iter_.max())
        return self

    def predict_proba(self, X: Any) -> np.ndarray:  # noqa: N803
        """Probabilities, shape (n, classes), columns in the order of ``classes_``."""
        check_is_fitted(self)
        return self.head_.predict_proba(self._features(X))

    def predict(self, X: Any) -> np.ndarray:  # noqa: N803
        """Labels, shape (n,)."""
        probabilities = self.predict_proba(X)
        if self.threshold_ is None:
            return self.classes_[probabilities.argmax(axis=1)]
        negative = self.classes_ == self.negative
        others = np.where(negative, -1.0, probabilities).argmax(axis=1)
        accused = 1 - probabilities[:, negative][:, 0] > self.threshold_
        return np.where(accused, self.classes_[others], self.classes_[negative][0])

    def _new_head(self) -> Pipeline:
        # Exact after a few steps, where the default solver stops short of weights that stand for repeated pairs.
        solver = "newton-cholesky"
        regression = LogisticRegression(C=self.C, max_iter=self.max_iter, class_weight=self.class_weight, solver=solver)
        return make_pipeline(StandardScaler(), regression)

    def _threshold(self, max_fpr: float, features: np.ndarray, y: np.ndarray, weights: dict[str, np.ndarray]) -> float:
        """What the wanted share of the negatives does not exceed, from heads that had not seen them."""
        negatives = y == self.negative
        if not 0 < max_fpr < 1:
            raise ValueError(f"max_fpr={max_fpr} is outside 0 to 1: 0.01 is one accusation in a hundred")
        if not negatives.any():
            raise ValueError(f"no pair is labelled {self.negative!r}: name the label that max_fpr protects as negative")
        if negatives.sum() * max_fpr < 3:
            least = int(np.ceil(3 / max_fpr))
            raise ValueError(
                f"{negatives.sum()} pairs labelled {self.negative!r} cannot show max_fpr={self.max_fpr}: give {least}"
            )
        probabilities = cross_val_predict(self._new_head(), features, y, cv=_FOLDS, method="predict_proba", params=weights)
        accused = 1 - probabilities[:, self.classes_ == self.negative][:, 0]
        return float(np.quantile(accused[negatives], 1 - max_fpr, method="higher"))

    def _features(self, X: Any, reset: bool = False) -> np.ndarray:  # noqa: N803
        pairs = _checked(X)
        if reset:
            self.n_features_in_ = pairs.shape[1]
        return _loaded(None if self.model is None else str(self.model)).rows(pairs)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False  # of numbers, is what scikit-learn means
        tags.input_tags.string = True
        return tags


def _checked(pairs: Any) -> np.ndarray:
    """The pairs as an array of objects, shape (n, 2)."""
    if hasattr(pairs, "toarray"):
        raise TypeError("sparse input cannot hold texts: give pairs (suspect, original)")
    found = np.asarray(pairs, dtype=object)
    if found.ndim != 2 or found.shape[1] != 2:
        raise ValueError(f"X has shape {found.shape}, and must be pairs (suspect, original) of shape (n, 2)")
    if not len(found):
        raise ValueError("X holds no pair (0 samples): give one at least")
    for row, column in zip(*np.nonzero(~np.vectorize(_is_source, otypes=[bool])(found)), strict=True):
        kind = type(found[row, column]).__name__
        raise ValueError(
            f"pair {row} holds a {kind} in the place of the {('suspect', 'original')[column]}: give a text or a Path"
        )
    return found


def _is_source(value: object) -> bool:
    return isinstance(value, (str, Path, Article))


class _Described:
    """Pairs to features by one model; those of texts are kept, since a search over parameters asks again and again."""

    def __init__(self, detector: SpinDetector) -> None:
        self._detector = detector
        self._nothing = np.concatenate(unrelated_features(), axis=1)[0]
        self._kept: OrderedDict[bytes, np.ndarray] = OrderedDict()

    def rows(self, pairs: np.ndarray) -> np.ndarray:
        """Shape (n, features): those of the detector, and its log-odds of derivation and of spun."""
        keys = [_key(pair) for pair in pairs]
        new = [number for number, key in enumerate(keys) if key is None or key not in self._kept]
        found: dict[int, np.ndarray] = {}
        if new:
            found = dict(zip(new, self._described([tuple(pairs[number]) for number in new]), strict=True))
        rows = np.stack([found[number] if number in found else self._kept[key or b""] for number, key in enumerate(keys)])
        self._kept.update({key: found[number] for number in new if (key := keys[number]) is not None})
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return rows

    def _described(self, pairs: list[tuple[Any, ...]]) -> np.ndarray:
        rows = self._detector.features(pairs)  # type: ignore[arg-type]
        rows = np.where(np.isnan(rows), self._nothing, rows)
        probabilities = self._detector.probabilities_of(rows)
        return np.column_stack([rows, log_odds(1 - probabilities[:, 0]), log_odds(probabilities[:, 2])])


FEATURES = (*ARTICLE_FEATURES, *CHANGE_FEATURES, "derived_log_odds", "spun_log_odds")
"""What the head sees."""


def _key(pair: np.ndarray) -> bytes | None:
    """Of two texts; files may change, and articles need not be told by their text alone."""
    if not all(isinstance(side, str) for side in pair):
        return None
    return b"".join(blake2b(side.encode("utf-8", "surrogatepass"), digest_size=16).digest() for side in pair)


@lru_cache(maxsize=4)
def _loaded(folder: str | None) -> _Described:
    return _Described(SpinDetector.load(folder))

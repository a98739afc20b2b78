"""Fit the heads: sentence pairs first, then article pairs on alignments that no fold has seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, VotingClassifier
from sklearn.model_selection import GroupKFold

from spindetect.alignment import Alignment, align
from spindetect.article import Article
from spindetect.candidates import Candidates, candidates
from spindetect.encoder import Encoder, StaticEncoder
from spindetect.encoding import EncodedArticle, encode_articles
from spindetect.errors import InputError
from spindetect.features import ARTICLE_FEATURES, article_features, change_features, sentence_features
from spindetect.pairing import pair_up
from spindetect.scoring import (
    CLASSES,
    Heads,
    alignments_of,
    class_probabilities,
    predicted,
    second_look,
    with_context,
    worth_a_second_look,
)
from spindetect.training.labels import TrainingPair
from spindetect.training.links import UNKNOWN, candidate_labels

FOLDS = 5
CALIBRATION_FOLDS = 3
Progress = Callable[[str, float], None]
"""Called with what is being done and how much of it, 0 to 1."""


def silent(step: str, share: float) -> None:
    """No progress shown."""


@dataclass(frozen=True)
class Prepared:
    """A training pair with its candidates, their features and labels (``UNKNOWN`` where nothing is known)."""

    training: TrainingPair
    candidates: Candidates
    features: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Fit:
    """Fitted heads, and what they said of pairs they were not fitted on.

    Attributes:
        heads: fitted on everything given.
        probabilities: cross-fitted, in the order of ``CLASSES``, shape (pairs, 3).
        prepared: the pairs in the same order.
        reference: medians of the article and change features of independent pairs.
    """

    heads: Heads
    probabilities: np.ndarray
    prepared: list[Prepared]
    reference: np.ndarray


def prepare(
    pairs: Iterable[TrainingPair], words: StaticEncoder, encoder: Encoder | None, progress: Progress = silent
) -> list[Prepared]:
    """Encode and match the pairs; texts that recur are encoded once, pairs without a sentence are left out."""
    pairs = list(pairs)
    cache: dict[str, EncodedArticle] = {}

    def encoded(text: str) -> EncodedArticle:
        if text not in cache:
            cache[text] = encode_articles([Article.from_text(text)], words, encoder)[0]
        return cache[text]

    result = []
    for number, training in enumerate(pairs):
        suspect, original = encoded(training.pair.suspect), encoded(training.pair.original)
        if len(suspect.lengths) and len(original.lengths):
            chosen = candidates(pair_up(suspect, original))
            result.append(Prepared(training, chosen, sentence_features(chosen), candidate_labels(training, chosen)))
        progress("matching sentences", (number + 1) / len(pairs))
    return result


def fit(prepared: list[Prepared], seed: int = 0, progress: Progress = silent, cross_fit: bool = True) -> Fit:
    """Fit all heads.

    The article heads see alignments made by sentence heads that were fitted on other groups, as they will meet them in
    use; probabilities are calibrated and reported cross-fitted by group.

    Args:
        cross_fit: without it the result has no cross-fitted probabilities (they are nan), and comes sooner.

    Raises:
        InputError: fewer than ``FOLDS`` groups, or a label is missing.
    """
    labels = np.array([item.training.pair.label for item in prepared])
    groups = np.array([item.training.pair.group for item in prepared])
    _check(labels, groups)
    splits = list(GroupKFold(FOLDS, shuffle=True, random_state=seed).split(labels, labels, groups))
    alignments, sentences = _cross_aligned(prepared, splits, seed, progress)
    features = np.stack([article_features(alignment) for alignment in alignments])
    changes = np.stack([change_features(alignment) for alignment in alignments])
    probabilities = np.full((len(prepared), len(CLASSES)), np.nan)
    for number, (known, unseen) in enumerate(splits if cross_fit else ()):
        part = Heads(*sentences, *fit_article_heads(features[known], changes[known], labels[known], groups[known], seed))
        probabilities[unseen] = class_probabilities(part, features[unseen], changes[unseen])
        progress("article classifier", (number + 1) / (FOLDS + 1))
    heads = Heads(*sentences, *fit_article_heads(features, changes, labels, groups, seed))
    progress("article classifier", 1.0)
    reference = np.median(np.concatenate([features, changes], axis=1)[labels == "independent"], axis=0)
    return Fit(heads, probabilities, prepared, reference)


def _check(labels: np.ndarray, groups: np.ndarray) -> None:
    missing = [name for name in CLASSES if name not in set(labels)]
    if missing:
        raise InputError(f"no pair is labelled {missing[0]}: training needs all of {', '.join(CLASSES)}")
    for name in CLASSES:
        count = len(set(groups[labels == name]))
        if count < FOLDS:
            raise InputError(f"label {name} occurs in {count} groups, cross-fitting needs {FOLDS}: give more articles")


def _cross_aligned(
    prepared: list[Prepared], splits: list[tuple[np.ndarray, np.ndarray]], seed: int, progress: Progress
) -> tuple[list[Alignment], tuple[HistGradientBoostingClassifier, HistGradientBoostingClassifier]]:
    """Alignments by classifiers that had not seen the group, and the two sentence classifiers fitted on everything."""
    steps = 2 * (FOLDS + 1)
    own = [item.features for item in prepared]
    first: list[np.ndarray] = [np.zeros(0)] * len(prepared)
    for number, (known, unseen) in enumerate(splits):
        head = fit_sentence_head(prepared, own, known, seed)
        for row, seen in zip(unseen, predicted(head, [own[row] for row in unseen]), strict=True):
            first[row] = seen
        progress("sentence classifiers", (number + 1) / steps)
    everyone = [np.arange(len(seen)) for seen in first]
    both = [with_context(item.candidates, item.features, *rest) for item, *rest in zip(prepared, first, everyone, strict=True)]
    doubtful = [worth_a_second_look(seen) for seen in first]
    alignments: list[Alignment] = [None] * len(prepared)  # type: ignore[list-item]
    for number, (known, unseen) in enumerate(splits):
        head = fit_sentence_head(prepared, both, known, seed)
        looked = predicted(head, [both[row][doubtful[row]] for row in unseen])
        merged = second_look([first[row] for row in unseen], [doubtful[row] for row in unseen], looked)
        for row, seen in zip(unseen, merged, strict=True):
            alignments[row] = align(prepared[row].candidates, seen)
        progress("sentence classifiers", (FOLDS + number + 1) / steps)
    everything = np.arange(len(prepared))
    heads = fit_sentence_head(prepared, own, everything, seed), fit_sentence_head(prepared, both, everything, seed)
    progress("sentence classifiers", 1.0)
    return alignments, heads


def fit_sentence_head(
    prepared: Sequence[Prepared], features: Sequence[np.ndarray], rows: np.ndarray, seed: int
) -> HistGradientBoostingClassifier:
    """A classifier of sentence pairs: none, reworded, copied. Boosted trees with log loss are calibrated as they are."""
    labels = np.concatenate([prepared[row].labels for row in rows])
    known = labels != UNKNOWN
    model = HistGradientBoostingClassifier(
        max_iter=70, learning_rate=0.17, max_leaf_nodes=15, min_samples_leaf=60, l2_regularization=5, random_state=seed
    )
    return model.fit(np.concatenate([features[row] for row in rows])[known], labels[known])


def fit_article_heads(
    features: np.ndarray, changes: np.ndarray, labels: np.ndarray, groups: np.ndarray, seed: int
) -> tuple[CalibratedClassifierCV, HistGradientBoostingClassifier]:
    """The classifiers of article pairs: derived or not, and spun or reprint among the derived."""
    derived = labels != "independent"
    rising = [1] * len(ARTICLE_FEATURES)
    # The forest ranks texts unlike the training stories better, the boosted trees those like them; neither suffices.
    leaf = 10 if len(derived) > 2_000 else 5
    forest = ExtraTreesClassifier(200, min_samples_leaf=leaf, max_features=0.3, monotonic_cst=rising, random_state=seed)
    boosted = HistGradientBoostingClassifier(
        max_iter=300, learning_rate=0.03, max_leaf_nodes=5, min_samples_leaf=30, l2_regularization=10, max_features=0.3,
        monotonic_cst=rising, random_state=seed,
    )  # fmt: skip
    both = VotingClassifier([("forest", forest), ("boosted", boosted)], voting="soft", weights=[1, 2])
    return _calibrated(both, features, derived, groups), _wording_head(changes[derived], labels[derived] == "spun", leaf, seed)


def _wording_head(changes: np.ndarray, spun: np.ndarray, leaf: int, seed: int) -> HistGradientBoostingClassifier:
    """Spun or reprint. Trees: a line doubts what is clearly reworded, and so ranks it below the best independent reports."""
    model = HistGradientBoostingClassifier(
        max_iter=150, max_leaf_nodes=6, min_samples_leaf=2 * leaf, monotonic_cst=[1, 1, -1, -1], random_state=seed
    )
    # Spun pairs are many times as many as reprints here, and nowhere else; full balance would let a few odd reprints decide.
    weight = np.sqrt(spun.sum() / max(1, (~spun).sum()))
    return model.fit(changes, spun, sample_weight=np.where(spun, 1.0, weight))


def _calibrated(model: object, features: np.ndarray, target: np.ndarray, groups: np.ndarray) -> CalibratedClassifierCV:
    folds = list(GroupKFold(CALIBRATION_FOLDS).split(features, target, groups))
    return CalibratedClassifierCV(model, method="sigmoid", cv=folds, ensemble=False).fit(features, target)


def apply(heads: Heads, prepared: Sequence[Prepared]) -> np.ndarray:
    """Probabilities of prepared pairs, shape (pairs, 3)."""
    alignments = alignments_of([item.candidates for item in prepared], [item.features for item in prepared], heads)
    features = np.stack([article_features(alignment) for alignment in alignments])
    changes = np.stack([change_features(alignment) for alignment in alignments])
    return class_probabilities(heads, features, changes)

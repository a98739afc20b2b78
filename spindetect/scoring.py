"""From article pairs to probabilities: encode, align, take features, ask the heads. Batches all along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from spindetect.alignment import Alignment, align
from spindetect.article import Article
from spindetect.calibration import Calibration, moved
from spindetect.candidates import Candidates, candidates
from spindetect.context import context_features
from spindetect.encoder import Encoder, StaticEncoder
from spindetect.encoding import EncodedArticle, encode_articles
from spindetect.features import (
    ARTICLE_FEATURES,
    article_features,
    change_features,
    sentence_features,
    unrelated_features,
)
from spindetect.forests import prompt
from spindetect.pairing import pair_up

CLASSES = ("independent", "reprint", "spun")
"""Column order of all probabilities."""
_HOPELESS = 0.005
"""Probability of derivation under which the sentence classifier's word on a candidate is final: the context would lift two in
a hundred thousand of those above one half, and they are two thirds of all."""


class SentenceHeads(Protocol):
    """The two classifiers of sentence pairs."""

    @property
    def sentence(self) -> Any: ...

    @property
    def context(self) -> Any: ...


@dataclass(frozen=True)
class Heads:
    """Fitted scikit-learn classifiers.

    Attributes:
        sentence: over sentence pairs; classes 0 none, 1 reworded, 2 copied.
        context: the same classes in view of what ``sentence`` said of the pairs around.
        derived: over article pairs; classes 0 independent, 1 derived.
        wording: over derived article pairs; classes 0 reprint, 1 spun.
        calibration: laid over the last two.
    """

    sentence: Any
    context: Any
    derived: Any
    wording: Any
    calibration: Calibration = field(default_factory=Calibration)


@dataclass(frozen=True)
class ScoredPair:
    """What the model makes of one pair; ``probabilities`` in the order of ``CLASSES``."""

    alignment: Alignment
    probabilities: np.ndarray
    features: np.ndarray
    changes: np.ndarray


class Scorer:
    """Encoders and heads together."""

    def __init__(self, words: StaticEncoder, heads: Heads, encoder: Encoder | None = None) -> None:
        self.words = words
        self.heads = replace(heads, derived=prompt(heads.derived))
        self.encoder = encoder

    def encode(self, articles: Sequence[Article]) -> list[EncodedArticle]:
        """Encode articles together."""
        return encode_articles(articles, self.words, self.encoder)

    def score(self, pairs: Sequence[tuple[EncodedArticle, EncodedArticle]]) -> list[ScoredPair]:
        """Score pairs whose articles have at least one sentence each."""
        if not pairs:
            return []
        chosen = [candidates(pair_up(suspect, original)) for suspect, original in pairs]
        alignments = alignments_of(chosen, [sentence_features(item) for item in chosen], self.heads)
        features = np.stack([article_features(alignment) for alignment in alignments])
        changes = np.stack([change_features(alignment) for alignment in alignments])
        probabilities = class_probabilities(self.heads, features, changes)
        return [ScoredPair(*items) for items in zip(alignments, probabilities, features, changes, strict=True)]

    @cached_property
    def unrelated(self) -> np.ndarray:
        """Probabilities of a pair that has nothing in common, in the order of ``CLASSES``."""
        return class_probabilities(self.heads, *unrelated_features())[0]

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Probabilities in the order of ``CLASSES``, shape (n, 3), of rows of article features and then change features."""
        size = len(ARTICLE_FEATURES)
        return class_probabilities(self.heads, rows[:, :size].astype(np.float32), rows[:, size:].astype(np.float32))

    def spun_probability(self, rows: np.ndarray) -> np.ndarray:
        """P(spun) of such rows, shape (n,)."""
        return self.probabilities(rows)[:, CLASSES.index("spun")]


def class_probabilities(heads: Heads, features: np.ndarray, changes: np.ndarray) -> np.ndarray:
    """Probabilities in the order of ``CLASSES``, shape (n, 3), from article and change features of n pairs."""
    derived = moved(heads.derived.predict_proba(features)[:, 1], heads.calibration.derived)
    spun = moved(heads.wording.predict_proba(changes)[:, 1], heads.calibration.spun)
    return np.stack([1 - derived, derived * (1 - spun), derived * spun], axis=1)


def alignments_of(chosen: Sequence[Candidates], features: Sequence[np.ndarray], heads: SentenceHeads) -> list[Alignment]:
    """Align pairs from their candidates' features, with one call of either sentence classifier for all of them."""
    if not chosen:
        return []
    first = predicted(heads.sentence, features)
    doubtful = [worth_a_second_look(seen) for seen in first]
    both = [with_context(*items) for items in zip(chosen, features, first, doubtful, strict=True)]
    second = second_look(first, doubtful, predicted(heads.context, both))
    return [align(item, seen) for item, seen in zip(chosen, second, strict=True)]


def worth_a_second_look(probabilities: np.ndarray) -> np.ndarray:
    """Numbers of the candidates that are not hopeless, from what the sentence classifier says of them."""
    return np.flatnonzero(1 - probabilities[:, 0] >= _HOPELESS)


def with_context(chosen: Candidates, features: np.ndarray, probabilities: np.ndarray, which: np.ndarray) -> np.ndarray:
    """What the context classifier sees of some candidates: the sentence features and those of their context."""
    return np.concatenate([features[which], context_features(chosen, probabilities, which)], axis=1)


def second_look(first: Sequence[np.ndarray], doubtful: Sequence[np.ndarray], second: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The sentence classifier's probabilities, with the context classifier's in the place of the doubtful ones."""
    merged = []
    for seen, which, again in zip(first, doubtful, second, strict=True):
        merged.append(seen.copy())
        merged[-1][which] = again
    return merged


def predicted(head: Any, features: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Probabilities for each array of features, from one call of a classifier."""
    ends = np.cumsum([len(item) for item in features])
    rows = np.concatenate(features)
    found = head.predict_proba(rows) if len(rows) else np.zeros((0, len(CLASSES)))
    return np.split(found, ends[:-1])

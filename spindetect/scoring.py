"""From article pairs to probabilities: encode, align, take features, ask the heads. Batches all along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spindetect.alignment import Alignment, align, candidates
from spindetect.article import Article
from spindetect.encoder import Encoder, StaticEncoder
from spindetect.encoding import EncodedArticle, encode_articles
from spindetect.features import ARTICLE_FEATURES, article_features, change_features, sentence_features
from spindetect.pairing import pair_up

CLASSES = ("independent", "reprint", "spun")
"""Column order of all probabilities."""


@dataclass(frozen=True)
class Heads:
    """Fitted scikit-learn classifiers.

    Attributes:
        sentence: over sentence pairs; classes 0 none, 1 reworded, 2 copied.
        derived: over article pairs; classes 0 independent, 1 derived.
        wording: over derived article pairs; classes 0 reprint, 1 spun.
    """

    sentence: Any
    derived: Any
    wording: Any


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
        self.heads = heads
        self.encoder = encoder

    def encode(self, articles: Sequence[Article]) -> list[EncodedArticle]:
        """Encode articles together."""
        return encode_articles(articles, self.words, self.encoder)

    def score(self, pairs: Sequence[tuple[EncodedArticle, EncodedArticle]]) -> list[ScoredPair]:
        """Score pairs whose articles have at least one sentence each."""
        if not pairs:
            return []
        alignments = alignments_of(pairs, self.heads.sentence)
        features = np.stack([article_features(alignment) for alignment in alignments])
        changes = np.stack([change_features(alignment) for alignment in alignments])
        probabilities = class_probabilities(self.heads, features, changes)
        return [ScoredPair(*items) for items in zip(alignments, probabilities, features, changes, strict=True)]

    def spun_probability(self, rows: np.ndarray) -> np.ndarray:
        """P(spun) of rows that hold article features and then change features, shape (n,)."""
        size = len(ARTICLE_FEATURES)
        features, changes = rows[:, :size].astype(np.float32), rows[:, size:].astype(np.float32)
        return class_probabilities(self.heads, features, changes)[:, CLASSES.index("spun")]


def class_probabilities(heads: Heads, features: np.ndarray, changes: np.ndarray) -> np.ndarray:
    """Probabilities in the order of ``CLASSES``, shape (n, 3), from article and change features of n pairs."""
    derived = heads.derived.predict_proba(features)[:, 1]
    spun = heads.wording.predict_proba(changes)[:, 1]
    return np.stack([1 - derived, derived * (1 - spun), derived * spun], axis=1)


def alignments_of(pairs: Sequence[tuple[EncodedArticle, EncodedArticle]], sentence_head: Any) -> list[Alignment]:
    """Align pairs with one call of the sentence classifier for all of them."""
    chosen = [candidates(pair_up(suspect, original)) for suspect, original in pairs]
    features = [sentence_features(item) for item in chosen]
    probabilities = sentence_head.predict_proba(np.concatenate(features))
    ends = np.cumsum([len(item) for item in features])
    return [align(item, probabilities[end - len(part) : end]) for item, part, end in zip(chosen, features, ends, strict=True)]

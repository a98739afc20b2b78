"""What a word head and its text head are worth on texts that neither has seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spindetect.encoder import StaticEncoder
from spindetect.evaluation.metrics import average_precision, roc_auc, true_positive_rate, with_interval
from spindetect.screening.features import text_features
from spindetect.screening.suspicion import WordHead
from spindetect.training.screening.documents import HUMAN, LEAST_REPLACED, Document
from spindetect.training.screening.fit import REPEATS, fit_text

Read = Callable[[Document], np.ndarray]
"""Inputs of the words of a document, shape (words, d)."""
_WORD_TEXTS = 40
"""Spun texts whose words are ranked; to rank those of more five hundred times over takes minutes."""


@dataclass(frozen=True)
class TestTexts:
    """Texts that no head has seen; ``spun`` are of the family left out, made of some of the news."""

    spun: Sequence[Document]
    news: Sequence[Document]
    prose: Sequence[Document]
    copies: Sequence[Document]
    originals: Sequence[Document]

    def all(self) -> list[Document]:
        return [*self.spun, *self.news, *self.prose, *self.copies, *self.originals]


class Measured:
    """A word head with a text head fitted on texts that the word head has not seen."""

    def __init__(self, head: WordHead, read: Read, words: StaticEncoder, pool: Sequence[Document], test: TestTexts) -> None:
        self._head, self._read, self._words, self._test = head, read, words, test
        taught = [item for item in pool if item.family == HUMAN or item.replaced.mean() >= LEAST_REPLACED]
        weights = np.array([REPEATS[item.register] for item in taught], dtype=np.float64)
        spun = np.array([item.family != HUMAN for item in taught])
        odds = [self._odds(item) for item in taught]
        self._text = fit_text(np.stack([self._features(*pair) for pair in zip(taught, odds, strict=True)]), spun, weights)
        rows = np.flatnonzero(spun)
        self._of_taught = average_precision(
            np.concatenate([odds[row] for row in rows]), np.concatenate([taught[row].replaced for row in rows])
        )
        self.log_odds = {id(item): self._odds(item) for item in test.all()}

    def _odds(self, document: Document) -> np.ndarray:
        return self._head.log_odds(self._read(document).astype(np.float32))

    def _features(self, document: Document, odds: np.ndarray) -> np.ndarray:
        return text_features(odds, self._words.rarity(document.article.words), document.article)

    def _scores(self, found: Sequence[Document]) -> np.ndarray:
        return self._text.probability(np.stack([self._features(item, self.log_odds[id(item)]) for item in found]))

    def figures(self, shipped: Measured) -> dict[str, Any]:
        """Figures, and the average precision of words less that of the shipped head, with its interval over texts."""
        test = self._test
        spun, news, prose = (self._scores(found) for found in (test.spun, test.news, test.prose))
        scores, truth = np.concatenate([spun, news]), np.arange(len(spun) + len(news)) < len(spun)
        limit = np.sort(news)[::-1][int(0.01 * len(news))]
        ranked = test.spun[:_WORD_TEXTS]
        replaced = np.concatenate([item.replaced for item in ranked])
        both = np.stack([np.concatenate([part.log_odds[id(item)] for item in ranked]) for part in (self, shipped)], axis=1)
        groups = [item.group for item in ranked for _ in item.article.words]
        found = {
            "word_average_precision": round(average_precision(both[:, 0], replaced), 4),
            "word_average_precision_gain": with_interval(_gain, both, replaced, groups),
            "word_average_precision_of_families_taught": round(self._of_taught, 4),
            "roc_auc": round(roc_auc(scores, truth), 4),
            "recall_at_1_percent": round(true_positive_rate(scores, truth, 0.01), 4),
            "prose_above_that": round(float((prose > limit).mean()), 4),
        }
        if test.copies:
            both_kinds = [*test.copies, *test.originals]
            found["fluent_roc_auc"] = round(roc_auc(self._scores(both_kinds), np.arange(len(both_kinds)) < len(test.copies)), 4)
        return found

    def milliseconds(self, read: Read, texts: int = 30) -> float:
        """A text's reading and judging."""
        some = self._test.news[:texts]
        started = time.perf_counter()
        for item in some:
            odds = self._head.log_odds(read(item).astype(np.float32))
            self._text.probability(self._features(item, odds)[None])
        return 1_000 * (time.perf_counter() - started) / len(some)


def _gain(log_odds: np.ndarray, replaced: np.ndarray) -> float:
    return average_precision(log_odds[:, 0], replaced) - average_precision(log_odds[:, 1], replaced)

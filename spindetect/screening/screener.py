"""Screen texts without an original."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
from scipy.special import expit

from spindetect.article import Article
from spindetect.cleaning import Ignored
from spindetect.encoder import StaticEncoder
from spindetect.screening.candidates import Candidates
from spindetect.screening.features import sentence_means, text_features
from spindetect.screening.minilm import word_states
from spindetect.screening.model import ScreenModel
from spindetect.screening.results import Screening, ScreeningVerdict, SuspectPassage, SuspectWord
from spindetect.screening.suggestions import Suggester
from spindetect.synonyms import Synonyms

LEAST_WORDS = 40
"""Shorter texts get a score but no verdict."""
MOST_WORDS = 30_000
"""Words read of one text: some seconds."""
_PASSAGES = 5


class Screener:
    """Word suspicion and text score of single texts."""

    def __init__(self, model: ScreenModel, words: StaticEncoder, synonyms: Callable[[], Synonyms] | None = None) -> None:
        """
        Args:
            words: gives the rarity of words.
            synonyms: gives the lexicon for suggestions, when first asked for them.

        Raises:
            MissingExtraError: onnxruntime or the model's package is not installed.
        """
        self.model = model
        self._words = words
        self._synonyms = synonyms
        self._states = word_states()

    @cached_property
    def suggester(self) -> Suggester | None:
        """Where there is a lexicon; made when first asked for, since it looks at every word of the vocabulary."""
        if self._synonyms is None:
            return None
        return Suggester(Candidates(self._words, self._synonyms()), self._states, self.model.words)

    def screen(self, article: Article, suggest: bool = False) -> Screening:
        """Screen one text; ``suggest`` adds what a writer would rather have used in the place of its strongest words."""
        article = _head(article)
        if not article.words:
            return Screening("inconclusive", 0.0, (), (), "", article.ignored, self.model.info, "there is no article text")
        log_odds = self.model.words.log_odds(self._states.of(article))
        score = float(self.model.text.probability(self.features(article, log_odds)[None, :])[0])
        suspicion = expit(log_odds)
        verdict, reason = self._verdict(article, score)
        found = Screening(
            verdict=verdict,
            score=score,
            words=tuple(
                SuspectWord(article.text[start:end], (start, end), round(value, 4))
                for (start, end), value in zip(article.word_spans, suspicion.tolist(), strict=True)
            ),
            passages=tuple(_passages(article, suspicion)),
            text=article.text,
            ignored=article.ignored,
            model=self.model.info,
            reason=reason,
        )
        return self._with_suggestions(found, article) if suggest else found

    def _with_suggestions(self, found: Screening, article: Article) -> Screening:
        if self.suggester is None:
            return found
        words = list(found.words)
        place = {item.span: number for number, item in enumerate(words)}
        for item in found.suggested_for():
            number = place[item.span]
            words[number] = replace(item, suggestions=self.suggester.suggest(article, number))
        return replace(found, words=tuple(words))

    def features(self, article: Article, log_odds: np.ndarray) -> np.ndarray:
        """Text features from the log-odds of the words."""
        return text_features(log_odds, self._words.rarity(article.words), article)

    def _verdict(self, article: Article, score: float) -> tuple[ScreeningVerdict, str]:
        if len(article.words) < LEAST_WORDS:
            return "inconclusive", f"it has {len(article.words)} words of article text, at least {LEAST_WORDS} are needed"
        if not article.is_english:
            return "inconclusive", "it does not seem to be English"
        if score >= self.model.spun_from_at(len(article.words)):
            return "spun", ""
        if score >= self.model.human_below:
            return "inconclusive", "it is too close to call"
        return "not spun", ""


def _head(article: Article) -> Article:
    """The first ``MOST_WORDS`` words of a text; what is cut off is recorded as ignored."""
    if len(article.words) <= MOST_WORDS:
        return article
    end = int(article.word_bounds[MOST_WORDS - 1, 1])
    rest = Ignored("beyond the length limit", article.text[end : end + 200].strip(), len(article.words) - MOST_WORDS)
    return Article(
        article.text[:end],
        tuple((start, min(stop, end)) for start, stop in article.sentences if start < end),
        article.word_bounds[:MOST_WORDS],
        article.words[:MOST_WORDS],
        (*article.ignored, rest),
    )


def _passages(article: Article, suspicion: np.ndarray) -> Iterator[SuspectPassage]:
    """The sentences with the highest mean suspicion, above that of the whole text."""
    means = sentence_means(suspicion, article)
    for number in np.argsort(-means, kind="stable")[:_PASSAGES].tolist():
        if means[number] > suspicion.mean():
            yield SuspectPassage(article.sentences[number], round(float(means[number]), 4))

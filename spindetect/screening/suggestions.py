"""What a writer would more likely have used in the place of an odd word. Guesses: the original is not at hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spindetect.article import Article
from spindetect.screening.candidates import Candidate, Candidates
from spindetect.screening.minilm import WordStates
from spindetect.screening.suspicion import WordHead

SHOWN = 3
_TRIED, _LEAST_TRIED = 24, 6
_MOST_CHARACTERS = 10_000
"""Of all sentences read for one odd word; long ones are tried with fewer candidates."""
_LEAST_GAIN = 2.0
"""By how much the log-odds of a word must fall when another takes its place."""
_NEARNESS, _SYNONYM = 5.0, 3.0
"""What a cosine of 1, and a lexicon's word for it, are worth in log-odds; chosen on stories of training."""


class Suggester:
    """Puts candidates into the sentence and asks the word head again."""

    def __init__(self, candidates: Candidates, states: WordStates, head: WordHead) -> None:
        self._candidates = candidates
        self._states = states
        self._head = head

    def nearest(self, word: str, count: int) -> tuple[str, ...]:
        """The nearest candidates for a case-folded word, wherever it stands."""
        return tuple(item.word for item in self._candidates.of(word)[:count])

    def suggest(self, article: Article, word: int) -> tuple[str, ...]:
        """Up to three words that would be clearly less odd than word number ``word``, best first; often none."""
        start, end = article.word_bounds[word].tolist()
        begin, stop = article.sentences[int(article.word_sentence[word])]
        found = self._candidates.of(article.words[word])
        tried = max(_LEAST_TRIED, min(_TRIED, _MOST_CHARACTERS // max(1, stop - begin)))
        found = sorted(found, key=lambda item: -_prior(item))[:tried]
        if not found:
            return ()
        before, shown, after = article.text[begin:start], article.text[start:end], article.text[end:stop]
        spellings = [shown, *(_cased(item.word, shown) for item in found)]
        spans = [(start - begin, start - begin + len(spelling)) for spelling in spellings]
        states = self._states.at([before + spelling + after for spelling in spellings], spans)
        log_odds = self._head.log_odds(states)
        return tuple(item.word for item in _best(found, log_odds[1:], float(log_odds[0]))[:SHOWN])


def _best(found: Sequence[Candidate], log_odds: np.ndarray, own: float) -> list[Candidate]:
    """The candidates that help clearly, best first."""
    scored = [(own - odds + _prior(item), item) for item, odds in zip(found, log_odds.tolist(), strict=True) if odds < 0]
    helpful = [(score, item) for score, item in scored if score - _prior(item) >= _LEAST_GAIN]
    return [item for _, item in sorted(helpful, key=lambda pair: -pair[0])]


def _prior(item: Candidate) -> float:
    return _NEARNESS * item.similarity + _SYNONYM * item.is_synonym


def _cased(word: str, model: str) -> str:
    """With the capitals of the word whose place it takes."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word.capitalize() if model[:1].isupper() else word

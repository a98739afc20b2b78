"""How often the true word is among the suggestions, on texts whose spinner said which word it replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spindetect.article import Article
from spindetect.lemmas import lemma
from spindetect.screening.screener import Screener
from spindetect.screening.suggestions import SHOWN
from spindetect.training.screening.documents import HumanText
from spindetect.training.spinners import spin

STRENGTH = 0.5


@dataclass(frozen=True)
class SuggestedWord:
    """A replaced word among the strongest of its text, what it replaced, what is suggested, and its nearest neighbours."""

    word: str
    truth: str
    suggestions: tuple[str, ...]
    nearest: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Is the true word, in any form, among the suggestions?"""
        return self._has_truth(self.suggestions)

    @property
    def found_by_nearness(self) -> bool:
        """Is it among as many nearest neighbours?"""
        return self._has_truth(self.nearest)

    def _has_truth(self, words: Iterable[str]) -> bool:
        return lemma(self.truth) in map(lemma, words)


def suggested_words(texts: Iterable[HumanText], family: str, screener: Screener) -> Iterator[SuggestedWord]:
    """Replaced words that got suggestions or could have: single words put in the place of single words."""
    suggester = screener.suggester
    if suggester is None:
        return
    for seed, text in enumerate(texts):
        spun = spin(text.text, family, STRENGTH, seed)
        article = Article.from_text(spun.text)
        if article.text != spun.text:
            continue
        truth = {item.suspect_span: spun.original[slice(*item.original_span)].casefold() for item in spun.substitutions}
        for item in screener.screen(article, suggest=True).suggested_for():
            original = truth.get(item.span, "")
            if original.isalpha():
                yield SuggestedWord(item.word, original, item.suggestions, suggester.nearest(item.word.casefold(), SHOWN))

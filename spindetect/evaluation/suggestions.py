"""How often the true word is among the suggestions, on texts whose spinner said which word it replaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spindetect.article import Article
from spindetect.evaluation.metrics import wilson_interval
from spindetect.evaluation.screening import row
from spindetect.evaluation.targets import DICTIONARIES
from spindetect.lemmas import lemma
from spindetect.screening.screener import Screener
from spindetect.screening.suggestions import SHOWN
from spindetect.training.screening.documents import HumanText
from spindetect.training.spinners import spin

STRENGTH = 0.5
MEASURED = (*DICTIONARIES, "phrases")


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

    def _has_truth(self, words: Sequence[str]) -> bool:
        return lemma(self.truth) in map(lemma, words)


def suggested_words(texts: Sequence[HumanText], family: str, screener: Screener) -> Iterator[SuggestedWord]:
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


def suggestion_rows(texts: Sequence[HumanText], screener: Screener) -> list[dict[str, Any]]:
    """Rows of the table: the true word among the suggestions, and among as many nearest neighbours."""
    rows = []
    for family in MEASURED:
        words = list(suggested_words(texts, family, screener))
        for measure, found in (
            ("true word suggested", sum(item.found for item in words)),
            ("true word suggested, where anything is", sum(item.found for item in words if item.suggestions)),
            ("true word among as many nearest neighbours", sum(item.found_by_nearness for item in words)),
        ):
            n = sum(bool(item.suggestions) for item in words) if measure.endswith("is") else len(words)
            rows.append(row(f"odd words of `{family}`, test stories", measure, n, wilson_interval(found, n), None))
    return rows

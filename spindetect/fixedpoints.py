"""Names, numbers, dates and quotations of the original, and what became of them: kept, lost or changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from spindetect.article import WORD
from spindetect.encoding import EncodedArticle
from spindetect.pairing import Pairing
from spindetect.quantities import Reading, may_be_quantity, readings
from spindetect.quotations import quotation_spans
from spindetect.relations import relation_of
from spindetect.results import AlteredQuote, FixedPoint
from spindetect.spelling import spelt_out
from spindetect.wording import WordMatch

_CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday thursday "
    "friday saturday sunday".split()
)
_LONGEST_QUANTITY = 4
_CHANGED = ("name changed", "number changed")


def fixed_points(pairing: Pairing, matches: Sequence[WordMatch], quotes: Sequence[AlteredQuote]) -> tuple[FixedPoint, ...]:
    """The fixed points of the original in text order, each once."""
    changed = _changed_words(pairing, matches)
    seen: dict[tuple[str, str], FixedPoint] = {}
    for point in (*_words(pairing, changed), *_quotations(pairing, quotes)):
        seen.setdefault((point.kind, point.text.casefold()), point)
    return tuple(sorted(seen.values(), key=lambda point: point.original_span))


def _changed_words(pairing: Pairing, matches: Sequence[WordMatch]) -> dict[int, WordMatch]:
    suspect, original = pairing.suspect, pairing.original
    found: dict[int, WordMatch] = {}
    for match in matches:
        if match.kind == "replaced" and original.fixed[match.original_start : match.original_end].any():
            s_words = suspect.article.words[match.start : match.end]
            o_words = original.article.words[match.original_start : match.original_end]
            if relation_of(match, s_words, o_words, names_in(suspect, original, match)) in _CHANGED:
                found |= dict.fromkeys(range(match.original_start, match.original_end), match)
    return found


def names_in(suspect: EncodedArticle, original: EncodedArticle, match: WordMatch) -> tuple[bool, bool]:
    """Whether either side of a match holds a name or number."""
    return (
        bool(suspect.fixed[match.start : match.end].any()),
        bool(original.fixed[match.original_start : match.original_end].any()),
    )


def _words(pairing: Pairing, changed: dict[int, WordMatch]) -> Iterator[FixedPoint]:
    original, suspect = pairing.original, pairing.suspect
    words = original.article.words
    present, amounts = set(suspect.article.words_of_text), _amounts(suspect.article.words_of_text)
    for first, last in _runs(original):
        run = words[first:last]
        kind = "date" if set(run) & _CALENDAR else "number" if run[0][0].isdigit() else "name"
        match = next((changed[n] for n in range(first, last) if n in changed), None)
        kept = all(word in present for word in run)
        if kind == "name" and not kept and match is None:
            kept = any(word in present for word in run)
        elif kind != "name" and not kept:
            kept = not amounts.isdisjoint(readings(tuple(run)))
        yield _point(pairing, kind, (first, last), kept, match)


def _runs(article: EncodedArticle) -> Iterator[tuple[int, int]]:
    """Names of several words, numbers with their unit, days with their month; a sentence's first word is not known to
    be a name by its capital, and belongs to the name that follows it."""
    text, bounds, words = article.article.text, article.article.word_bounds, article.article.words
    starts = set(article.starts.tolist())
    number = 0
    fixed = article.fixed.tolist()
    while number < len(words):
        opens = (
            number in starts and number + 1 < len(words) and text[bounds[number, 0]].isupper() and article.weights[number] > 0.1
        )
        is_name = fixed[number] or (opens and fixed[number + 1] and not words[number + 1][0].isdigit())
        if not is_name:
            number += 1
            continue
        end = number + 1
        while end < len(words) and end not in starts and _joined(text, bounds, end) and (fixed[end] or _is_unit(words, end)):
            end += 1
        yield number, end
        number = end


def _joined(text: str, bounds: np.ndarray, number: int) -> bool:
    return text[bounds[number - 1, 1] : bounds[number, 0]] in (" ", "-", ". ", "")


def _is_unit(words: Sequence[str], number: int) -> bool:
    return words[number - 1][0].isdigit() and may_be_quantity(words[number]) and not words[number][0].isdigit()


def _amounts(words: Sequence[str]) -> set[Reading]:
    """Everything that the numbers, dates and times of a text say."""
    marks = [may_be_quantity(word) for word in words]
    found: set[Reading] = set()
    for start in range(len(words)):
        for size in range(1, _LONGEST_QUANTITY + 1):
            if any(marks[start : start + size]) and start + size <= len(words):
                found.update(readings(tuple(words[start : start + size])))
    return found


def _point(pairing: Pairing, kind: str, run: tuple[int, int], kept: bool, match: WordMatch | None) -> FixedPoint:
    span = pairing.original.span_of(*run)
    text = pairing.original.article.text[slice(*span)]
    if kept:
        return FixedPoint(kind, text, "kept", span)
    if match is None:
        return FixedPoint(kind, text, "lost", span)
    other = pairing.suspect.span_of(match.start, match.end)
    return FixedPoint(kind, text, "changed", span, pairing.suspect.article.text[slice(*other)], other)


def _quotations(pairing: Pairing, quotes: Sequence[AlteredQuote]) -> Iterator[FixedPoint]:
    """Quotations stand word for word, cut at most, or are altered, or are gone."""
    original, suspect = pairing.original.article, pairing.suspect.article
    altered = {quote.original_span: quote for quote in quotes}
    theirs = dict.fromkeys(" ".join(_words_of(suspect.text[slice(*span)])) for span in quotation_spans(suspect.text))
    together, longer = "\n".join(theirs), [other for other in theirs if len(other.split()) >= 3]
    for span in quotation_spans(original.text):
        text = original.text[slice(*span)]
        if span in altered:
            yield FixedPoint("quotation", text, "changed", span, altered[span].suspect, altered[span].suspect_span)
            continue
        own = " ".join(_words_of(text))
        kept = bool(theirs) and (own in together or any(other in own for other in longer))
        yield FixedPoint("quotation", text, "kept" if kept else "lost", span)


def _words_of(text: str) -> list[str]:
    return spelt_out(WORD.findall(text.casefold()))

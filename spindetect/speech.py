"""Quotations in both texts whose words differ inside the marks."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import LCSseq, Levenshtein

from spindetect.article import Article
from spindetect.encoding import EncodedArticle
from spindetect.pairing import Pairing, words_as_characters
from spindetect.quantities import same_quantity
from spindetect.quotations import quotation_spans, speaker_of
from spindetect.results import AlteredQuote
from spindetect.spelling import same_spelt_out, spelt_alike
from spindetect.wording import WordMatch

_SAME_QUOTATION = 0.5
"""Share of a quotation's words that another must have, in order, to be another version of it."""
_LINKED_SHARE = 0.35
"""The same where the sentences around are linked word by word."""
_LEAST_WORDS = 3
_MOST_CELLS = 1_000_000_000
"""Quoted words times quoted words up to which quotations are compared as a whole where their sentences are not linked; beyond,
only linked ones."""


@dataclass(frozen=True)
class _Quotations:
    """Of an article, in order: spans of characters, ranges of words, and their words as characters."""

    spans: list[tuple[int, int]]
    words: list[range]
    encoded: list[str]

    def word_count(self) -> int:
        return sum(map(len, self.words))


def altered_quotes(pairing: Pairing, matches: Sequence[WordMatch]) -> tuple[AlteredQuote, ...]:
    """Direct quotations that the suspect has with other words in them.

    A quotation cut shorter is not altered, nor is one in another spelling or number format: that is house style.
    """
    suspect, original = pairing.suspect, pairing.original
    ids: dict[str, int] = {}
    theirs = _quotations(original.article, ids)
    if not theirs.spans:
        return ()
    ours = _quotations(suspect.article, ids)
    few = ours.word_count() * theirs.word_count() <= _MOST_CELLS
    partner = _partners(matches, len(suspect.article.words))
    found = []
    for span, words, encoded in zip(ours.spans, ours.words, ours.encoded, strict=True):
        if len(words) < _LEAST_WORDS:
            continue
        versions = _linked(words, partner, theirs) or (_alike(encoded, theirs) if few else [])
        if not versions:
            continue
        if _differs(suspect, words, original, [word for number in versions for word in theirs.words[number]]):
            best = max(versions, key=lambda number: len(theirs.words[number]))
            found.append(_altered(suspect.article, original.article, span, theirs.spans[best]))
    return tuple(found)


def _altered(suspect: Article, original: Article, span: tuple[int, int], source: tuple[int, int]) -> AlteredQuote:
    return AlteredQuote(
        original=original.text[slice(*source)],
        suspect=suspect.text[slice(*span)],
        original_span=source,
        suspect_span=span,
        speaker=speaker_of(original.text, source) or speaker_of(suspect.text, span),
    )


def _quotations(article: Article, ids: dict[str, int]) -> _Quotations:
    spans = quotation_spans(article.text)
    bounds = np.searchsorted(article.word_bounds[:, 0], np.reshape(spans, (-1, 2))).tolist()
    words = [range(first, last) for first, last in bounds]
    return _Quotations(spans, words, [words_as_characters(article.words[own.start : own.stop], ids) for own in words])


def _partners(matches: Sequence[WordMatch], count: int) -> list[int]:
    """An original word for each suspect word that stands for one, else -1."""
    partner = [-1] * count
    for match in matches:
        if match.kind in ("kept", "moved", "replaced"):
            for place in range(match.start, match.end):
                partner[place] = min(match.original_start + place - match.start, match.original_end - 1)
    return partner


def _linked(words: range, partner: list[int], theirs: _Quotations) -> list[int]:
    """Numbers of the original quotations that the words were linked to: two, where the suspect's joins what a "he said"
    parted."""
    linked: Counter[int] = Counter()
    for word in words:
        number = bisect_right(theirs.words, partner[word], key=lambda own: own.start) - 1
        if number >= 0 and partner[word] in theirs.words[number]:
            linked[number] += 1
    versions = [number for number, count in linked.items() if count >= max(_LEAST_WORDS, 0.2 * len(words))]
    enough = sum(linked[number] for number in versions) >= _LINKED_SHARE * len(words)
    return sorted(versions) if enough else []


def _alike(encoded: str, theirs: _Quotations) -> list[int]:
    """The number of the first original quotation that has enough of the words in order."""
    size = len(encoded)
    least = max(_LEAST_WORDS + 1, math.ceil(_SAME_QUOTATION * size))
    common = process.cdist([encoded], theirs.encoded, scorer=LCSseq.similarity, score_cutoff=least)[0]
    for number in np.flatnonzero(common).tolist():
        if common[number] >= _SAME_QUOTATION * min(len(theirs.words[number]), 2 * size):
            return [number]
    return []


def _differs(suspect: EncodedArticle, words: range, original: EncodedArticle, others: Sequence[int]) -> bool:
    """Are there other words in it, house style and cuts aside?"""
    ids: dict[str, int] = {}
    left, right = [suspect.article.words[n] for n in words], [original.article.words[n] for n in others]
    operations = Levenshtein.opcodes(words_as_characters(right, ids), words_as_characters(left, ids))
    for equal, block in groupby(operations, key=lambda operation: operation.tag == "equal"):
        if equal:
            continue
        parts = list(block)
        whole = (left[parts[0].dest_start : parts[-1].dest_end], right[parts[0].src_start : parts[-1].src_end])
        # "do not" for "don't" is a replacement and an addition, and only together house style.
        if not _is_house_style(*whole) and not all(
            _is_house_style(left[part.dest_start : part.dest_end], right[part.src_start : part.src_end]) for part in parts
        ):
            return True
    return False


def _is_house_style(new: list[str], old: list[str]) -> bool:
    """Nothing new, another spelling or another number format."""
    if not new:
        return True
    pairs_alike = len(new) == len(old) and all(spelt_alike([a], [b]) for a, b in zip(new, old, strict=True))
    return pairs_alike or (bool(old) and (same_spelt_out(new, old) or same_quantity(tuple(new), tuple(old))))

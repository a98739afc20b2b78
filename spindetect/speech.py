"""Quotations in both texts whose words differ inside the marks."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import numpy as np
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
_MOST_CELLS = 1_000_000
"""Quotation pairs that are compared as a whole where their sentences are not linked; beyond, only linked ones."""


def altered_quotes(pairing: Pairing, matches: Sequence[WordMatch]) -> tuple[AlteredQuote, ...]:
    """Direct quotations that the suspect has with other words in them.

    A quotation cut shorter is not altered, nor is one in another spelling or number format: that is house style.
    """
    suspect, original = pairing.suspect, pairing.original
    theirs = [(span, _words_in(original.article, span)) for span in quotation_spans(original.article.text)]
    if not theirs:
        return ()
    partner = _partners(matches, len(suspect.article.words))
    found = []
    ours = quotation_spans(suspect.article.text)
    few = len(ours) * len(theirs) <= _MOST_CELLS
    for span in ours:
        first, last = _words_in(suspect.article, span)
        if last - first < _LEAST_WORDS:
            continue
        versions = _versions(pairing, range(first, last), partner, theirs, few)
        if not versions:
            continue
        words = [word for number in versions for word in range(*theirs[number][1])]
        if _differs(suspect, range(first, last), original, words):
            best = max(versions, key=lambda number: theirs[number][1][1] - theirs[number][1][0])
            found.append(_altered(suspect.article, original.article, span, theirs[best][0]))
    return tuple(found)


def _altered(suspect: Article, original: Article, span: tuple[int, int], source: tuple[int, int]) -> AlteredQuote:
    return AlteredQuote(
        original=original.text[slice(*source)],
        suspect=suspect.text[slice(*span)],
        original_span=source,
        suspect_span=span,
        speaker=speaker_of(original.text, source) or speaker_of(suspect.text, span),
    )


def _words_in(article: Article, span: tuple[int, int]) -> tuple[int, int]:
    starts = article.word_bounds[:, 0]
    return int(np.searchsorted(starts, span[0])), int(np.searchsorted(starts, span[1]))


def _partners(matches: Sequence[WordMatch], count: int) -> list[int]:
    """An original word for each suspect word that stands for one, else -1."""
    partner = [-1] * count
    for match in matches:
        if match.kind in ("kept", "moved", "replaced"):
            for place in range(match.start, match.end):
                partner[place] = min(match.original_start + place - match.start, match.original_end - 1)
    return partner


def _versions(
    pairing: Pairing, words: range, partner: list[int], theirs: list[tuple[tuple[int, int], tuple[int, int]]], few: bool
) -> list[int]:
    """Numbers of the original quotations that the suspect's is a version of: two, where it joins what a "he said" parted."""
    linked: Counter[int] = Counter()
    for word in words:
        number = bisect_right(theirs, partner[word], key=lambda item: item[1][0]) - 1
        if number >= 0 and partner[word] < theirs[number][1][1]:
            linked[number] += 1
    versions = [number for number, count in linked.items() if count >= max(_LEAST_WORDS, 0.2 * len(words))]
    if sum(linked[number] for number in versions) >= _LINKED_SHARE * len(words):
        return sorted(versions)
    if not few:
        return []
    ids: dict[str, int] = {}
    article = pairing.suspect.article
    own = words_as_characters(article.words[words.start : words.stop], ids)
    for number, (_, (first, last)) in enumerate(theirs):
        other = words_as_characters(pairing.original.article.words[first:last], ids)
        common = LCSseq.similarity(own, other)
        if common >= max(_LEAST_WORDS + 1, _SAME_QUOTATION * max(len(own), min(len(other), 2 * len(own)))):
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

"""A suspect that openly quotes the original word for word, and says something of its own besides, is judged by what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spindetect.article import Article
from spindetect.cleaning import Ignored

_LEAST_QUOTED, _LEAST_OWN = 0.25, 0.2
"""Shares of the suspect that are quoted from the original, and outside all quotation marks, from which it is more than a copy
between them."""
_LEAST_OWN_WORDS = 80
_MOST_PLACES = 5
_LEAST_RUN = 25
"""Words between quotation marks, from which they are no speaker's remark."""


def own_words(suspect: Article, original: Article) -> Article:
    """The suspect without the sentences that it quotes from the original, or the suspect itself.

    Quoted are sentences inside quotation marks that the original has word for word, and not between marks of its own: what both
    quote from a third party, and what was reworded within marks, stays and is judged.
    """
    quoted = suspect.quoted
    length, count = len(quoted), int(quoted.sum())
    if count < max(_LEAST_RUN, _LEAST_QUOTED * length) or length - count < max(_LEAST_OWN_WORDS, _LEAST_OWN * length):
        return suspect
    cited = _cited_sentences(suspect, original)
    in_cited = np.isin(suspect.word_sentence, sorted(cited))
    if in_cited.sum() < _LEAST_QUOTED * length:
        return suspect
    first = suspect.text[slice(*suspect.sentences[min(cited)])]
    return replace(
        suspect,
        sentences=tuple(span for number, span in enumerate(suspect.sentences) if number not in cited),
        word_bounds=suspect.word_bounds[~in_cited],
        words=[word for word, out in zip(suspect.words, in_cited.tolist(), strict=True) if not out],
        ignored=(*suspect.ignored, Ignored("quoted from the original, and marked as quoted", first[:200], int(in_cited.sum()))),
    )


def _cited_sentences(suspect: Article, original: Article) -> set[int]:
    theirs = "\n" + "\n".join(original.words) + "\n"
    runs = _in_long_run(suspect.quoted)
    cited = set()
    for number in range(len(suspect.sentences)):
        first, last = np.searchsorted(suspect.word_sentence, [number, number + 1]).tolist()
        if not runs[first:last].all():
            continue
        if _stands_unquoted("\n" + "\n".join(suspect.words[first:last]) + "\n", theirs, original.quoted, last - first):
            cited.add(number)
    return cited


def _stands_unquoted(words: str, text: str, quoted: np.ndarray, length: int) -> bool:
    """Does a text have these words somewhere that is no quotation? A pull quote may have them first."""
    at = text.find(words)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return False
        place = text.count("\n", 0, at)
        if quoted[place : place + length].mean() < 0.5:
            return True
        at = text.find(words, at + 1)
    return False


def _in_long_run(quoted: np.ndarray) -> np.ndarray:
    """Which words stand in a run of quoted words that is long enough, shape (words,)."""
    run = np.cumsum(np.diff(quoted, prepend=False) != 0)
    return quoted & (np.bincount(run)[run] >= _LEAST_RUN)

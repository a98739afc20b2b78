"""The relation between a word or phrase and what replaced it."""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from spindetect.encoding import lemma

_NUMBER_WORDS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion half quarter third "
    "dozen fortnight decade first second fifth tenth m bn k % percent per cent mm cm km kg mph hours minutes pm am".split()
)
_DIGIT = re.compile(r"\d")
SPELLING_DISTANCE = 0.25


def relation_of(suspect: list[str], original: list[str], similarity: float) -> str:
    """Name the relation between replaced words (case-folded): one of ``synonym``, ``inflection``, ``spelling``,
    ``number format``, ``phrase`` and ``other``.
    """
    joined_suspect, joined_original = "".join(suspect), "".join(original)
    if joined_suspect == joined_original:
        return "spelling"
    if _is_quantity(suspect) and _is_quantity(original) and (_has_digit(suspect) or _has_digit(original)):
        return "number format"
    if len(suspect) == len(original) == 1:
        left, right = suspect[0], original[0]
        if lemma(left) == lemma(right):
            return "inflection"
        close = Levenshtein.normalized_distance(left, right) <= SPELLING_DISTANCE
        if close and min(len(left), len(right)) > 4 and left[:2] == right[:2] and similarity > 0.5:
            return "spelling"
        return "synonym" if similarity >= 0.2 else "other"
    return "phrase"


def _has_digit(words: list[str]) -> bool:
    return any(word == "%" or _DIGIT.search(word) for word in words)


def _is_quantity(words: list[str]) -> bool:
    return any(word in _NUMBER_WORDS or _DIGIT.match(word) for word in words)

"""The relation between a word or phrase and what took its place."""

from __future__ import annotations

from spindetect.lemmas import lemma
from spindetect.quantities import readings, same_quantity
from spindetect.spelling import same_spelt_out, spelt_alike
from spindetect.wording import WordMatch

RELATIONS = (
    "synonym", "inflection", "spelling", "number format", "phrase", "reordered", "added", "dropped", "name changed",
    "number changed", "other",
)  # fmt: skip
"""All relations of a substitution."""
_ONLY_KIND = {"moved": "reordered", "added": "added", "dropped": "dropped"}
_CLOSE = 0.25
"""Cosine of word vectors from which two words count as near in meaning wherever they stand."""


def relation_of(match: WordMatch, suspect: list[str], original: list[str], names: tuple[bool, bool]) -> str:
    """Name a relation, one of ``RELATIONS``.

    Args:
        match: where the two stand.
        suspect: case-folded words.
        original: the same of the original.
        names: whether each side holds a name (a capital inside a sentence).
    """
    if match.kind != "replaced":
        return _ONLY_KIND[match.kind]
    if same_spelt_out(suspect, original):
        return "spelling"
    if {*suspect, *original} == {"a", "an"}:
        return "inflection"
    left, right = tuple(suspect), tuple(original)
    if same_quantity(left, right):
        return "number format"
    if _has_digit(suspect) and _has_digit(original):
        return "number changed"
    if all(names):
        return "spelling" if spelt_alike(suspect, original) else "name changed"
    if len(suspect) == len(original) == 1:
        if lemma(suspect[0]) == lemma(original[0]):
            return "inflection"
        if spelt_alike(suspect, original) and match.closeness > 0.6:
            return "spelling"
        if _both_count(suspect[0], original[0]):
            return "number changed"
        return "synonym" if match.settled or match.closeness >= _CLOSE else "other"
    return "phrase" if match.settled or match.closeness >= _CLOSE else "other"


def _has_digit(words: list[str]) -> bool:
    return any(word[0].isdigit() for word in words)


def _both_count(suspect: str, original: str) -> bool:
    """Are both number words?"""
    return all(any(kind == "number" for kind, _ in readings((word,))) for word in (suspect, original))

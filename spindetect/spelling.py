"""Words that are one word in two spellings: variants, contractions."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

_ENDINGS = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'m": "am"}
_WHOLE = {"won't": "will not", "can't": "can not", "cannot": "can not", "it's": "it is", "that's": "that is", "he's": "he is"}
_WHOLE |= {"she's": "she is", "there's": "there is", "what's": "what is", "let's": "let us", "shan't": "shall not"}
_DISTANCE = 0.25


def same_spelt_out(left: Sequence[str], right: Sequence[str]) -> bool:
    """Are two runs of case-folded words equal but for contractions, hyphens and spaces?"""
    return "".join(left) == "".join(right) or spelt_out(left) == spelt_out(right)


def spelt_out(words: Sequence[str]) -> list[str]:
    """Case-folded words with their contractions spelt out."""
    parts: list[str] = []
    for word in words:
        ending = next((ending for ending in _ENDINGS if word.endswith(ending)), None)
        if word in _WHOLE:
            parts.extend(_WHOLE[word].split())
        elif ending:
            parts += [word.removesuffix(ending), _ENDINGS[ending]]
        else:
            parts.append(word)
    return parts


def spelt_alike(left: Sequence[str], right: Sequence[str]) -> bool:
    """Are two runs of words a letter or so apart, as "organise" and "organize"?"""
    a, b = " ".join(left), " ".join(right)
    return min(len(a), len(b)) > 4 and a[:2] == b[:2] and Levenshtein.normalized_distance(a, b) <= _DISTANCE

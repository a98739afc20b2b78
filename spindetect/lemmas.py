"""Dictionary forms of words."""

from __future__ import annotations

from functools import lru_cache

import simplemma


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Dictionary form of a case-folded word."""
    return simplemma.lemmatize(word, "en").casefold() if len(word) < 40 else word

"""A first look at the words alone: two articles that share hardly any have nothing to do with each other.

The bounds were set on 26,000 pairs (other people's corpora and the project's own, half of them derived in part or whole): of
those under them none came near a verdict, nor of those under bounds a quarter higher.
"""

from __future__ import annotations

import numpy as np

from spindetect.article import Article
from spindetect.encoder import StaticEncoder
from spindetect.encoding import FUNCTION_WORD_RARITY

SHARED, SHARED_IN_PASSAGE = 0.08, 0.25
"""Shares of the suspect's content words that the original has, of all and in any passage, under which two are strangers."""
PASSAGE, LEAST_IN_PASSAGE = 40, 5
"""Words of a passage, and content words that it is taken to have at least."""
LEAST_WORDS = 80
"""Shorter texts are never settled by a first look: few words say little."""


def are_strangers(suspect: Article, original: Article, words: StaticEncoder) -> bool:
    """Whether hardly a content word of the suspect, anywhere in it, stands in the original as well."""
    if min(len(suspect.words), len(original.words)) < LEAST_WORDS:
        return False
    content = words.rarity(suspect.words) > FUNCTION_WORD_RARITY
    theirs = set(original.words)
    shared = content & np.fromiter(map(theirs.__contains__, suspect.words), dtype=bool, count=len(suspect.words))
    if shared.sum() >= SHARED * content.sum():
        return False
    counts = np.cumsum(np.stack([shared, content]), axis=1, dtype=np.float32)
    counts = np.concatenate([np.zeros((2, 1), np.float32), counts], axis=1)
    in_passage, of_passage = counts[:, PASSAGE:] - counts[:, :-PASSAGE]
    return bool((in_passage < SHARED_IN_PASSAGE * np.maximum(of_passage, LEAST_IN_PASSAGE)).all())

"""A first look at the words alone: two articles that share hardly any have nothing to do with each other.

The bounds were set on 26,000 pairs (other people's corpora and the project's own, half of them derived in part or whole): of
those under them the model gave none more than 0.03, and of those under bounds half as high again none more than 0.1.
"""

from __future__ import annotations

import numpy as np

from spindetect.article import Article
from spindetect.encoder import StaticEncoder
from spindetect.encoding import FUNCTION_WORD_RARITY

SHARED, SHARED_IN_PASSAGE = 0.06, 0.35
"""Shares of the suspect's content words that the original has, under which two are strangers: of all, the rarer the heavier,
and in any passage, plainly counted."""
SHARED_PHRASES = 0.006
"""The same for three words in a row."""
PASSAGE, LEAST_IN_PASSAGE = 40, 5
"""Words of a passage, and content words that it is taken to have at least."""
LEAST_WORDS = 80
"""Shorter texts are never settled by a first look: few words say little."""
_CLEARLY_MANY = 0.65
"""Share of the suspect's words, the little ones too, from which nobody needs to look closer."""


def are_strangers(suspect: Article, original: Article, words: StaticEncoder) -> bool:
    """Whether hardly a content word of the suspect, anywhere in it, and hardly a phrase stand in the original as well."""
    if min(len(suspect.words), len(original.words)) < LEAST_WORDS:
        return False
    theirs = set(original.words)
    known = np.fromiter(map(theirs.__contains__, suspect.words), dtype=bool, count=len(suspect.words))
    if known.mean() > _CLEARLY_MANY:
        return False
    rarity = words.rarity(suspect.words)
    content = rarity > FUNCTION_WORD_RARITY
    shared = known & content
    if rarity[shared].sum() >= SHARED * rarity[content].sum() or _in_a_passage(shared, content) >= SHARED_IN_PASSAGE:
        return False
    phrases = _phrases(suspect.words)
    return len(phrases & _phrases(original.words)) < SHARED_PHRASES * len(phrases)


def _in_a_passage(shared: np.ndarray, content: np.ndarray) -> float:
    """The largest share of a passage's content words that is shared."""
    counts = np.cumsum(np.stack([shared, content]), axis=1, dtype=np.float32)
    counts = np.concatenate([np.zeros((2, 1), np.float32), counts], axis=1)
    in_passage, of_passage = counts[:, PASSAGE:] - counts[:, :-PASSAGE]
    return float((in_passage / np.maximum(of_passage, LEAST_IN_PASSAGE)).max())


def _phrases(words: list[str]) -> set[tuple[str, str, str]]:
    return set(zip(words, words[1:], words[2:], strict=False))

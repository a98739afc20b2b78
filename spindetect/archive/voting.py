"""From the passages near each sentence of a suspect to articles: reciprocal ranks, added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from spindetect.archive.store import Hit

DEPTH = 20
"""Passages asked for each sentence."""
_SMOOTHING = 5
"""Of reciprocal rank fusion (Cormack et al. 2009); small, since the first few ranks hold nearly all there is to know."""


def ranked(hits: Iterable[Sequence[Hit]]) -> list[tuple[str, float]]:
    """Article keys with their votes, most first. Each sentence votes for an article once, by its best passage."""
    votes: dict[str, float] = defaultdict(float)
    for found in hits:
        seen = set()
        for rank, hit in enumerate(found):
            if hit.key not in seen:
                seen.add(hit.key)
                votes[hit.key] += 1 / (_SMOOTHING + rank)
    return sorted(votes.items(), key=lambda item: (-item[1], item[0]))

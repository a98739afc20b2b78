"""From the passages near each part of a suspect to articles: each part votes, and the votes are added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from spindetect.archive.store import Hit

DEPTH = 20
"""Passages asked for each part."""
_SMOOTHING = 3
"""Of reciprocal rank fusion (Cormack et al. 2009); small, since the first few ranks hold nearly all there is to know."""


def ranked(hits: Iterable[Sequence[Hit]]) -> list[tuple[str, float]]:
    """Article keys with their votes, most first.

    Each part votes for an article once, by its best passage, with the reciprocal of its rank and the square of its cosine: a
    part that is like nothing in the archive should have little to say.
    """
    votes: dict[str, float] = defaultdict(float)
    for found in hits:
        seen = set()
        for rank, hit in enumerate(found):
            if hit.key not in seen:
                seen.add(hit.key)
                votes[hit.key] += max(0.0, hit.cosine) ** 2 / (_SMOOTHING + rank)
    return sorted(votes.items(), key=lambda item: (-item[1], item[0]))

"""Harder sources made from others: short cuts of pairs, and mixtures of held-out stories."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

from spindetect.article import Article
from spindetect.training.corpus import LabelledPair
from spindetect.training.cuts import most_alike, window_of

SHORTEST, LONGEST = 40, 80
LEAST_COVERAGE = 0.25
_TRIES = 3
_MIXED = ("partial", "interleaved", "rewrite mosaic")


def short_cuts(pairs: Iterable[LabelledPair], seed: int = 0) -> Iterator[LabelledPair]:
    """Of each pair a window of 40 to 80 words of the suspect, and the window of the original that is most like it: a
    copy's own place, and the hardest one of an independent text. Pairs whose sentences do not allow it are left out."""
    for pair in pairs:
        rng = random.Random(f"{seed} {pair.id}")
        suspect, original = Article.from_text(pair.suspect), Article.from_text(pair.original)
        if not suspect.sentences or not original.sentences:
            continue
        for _ in range(_TRIES):
            words = rng.randrange(SHORTEST, LONGEST - 20)
            window = window_of(suspect, rng.randrange(len(suspect.sentences)), words)
            partner = most_alike(window, original, words)
            if all(SHORTEST <= len(text.split()) <= LONGEST for text in (window, partner)):
                yield replace(pair, id=f"{pair.id} cut", suspect=window, original=partner)
                break


def mixtures(pairs: Iterable[LabelledPair]) -> list[LabelledPair]:
    """Mosaics and partial copies with a quarter or more of the suspect derived, and all independent pairs beside them."""
    return [
        pair
        for pair in pairs
        if pair.label == "independent"
        or (pair.source.startswith(_MIXED) and pair.label == "spun" and (pair.coverage or 0) >= LEAST_COVERAGE)
    ]

"""Training pairs and the labels that the contract gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spindetect.training.corpus import Label, LabelledPair, Story

LEAST_SHARE, LEAST_WORDS = 0.20, 40
"""Derived words from which a suspect is derived, as the contract defines it."""
SPUN_ABOVE, REPRINT_BELOW = 0.15, 0.10
"""Changed share of spun copies and of reprints; between them either answer is right, and neither is taught."""

Links = Literal["none", "copied", "in order", "exact", "roughly", "unknown"]
SentenceSources = tuple[tuple[tuple[int, int], tuple[int, ...]], ...]


@dataclass(frozen=True)
class TrainingPair:
    """An article pair and how its sentences are linked.

    Attributes:
        pair: texts, label, group.
        links: "none": no sentence derives; "copied": those that match are copies; "in order": derived throughout,
            sentence by sentence, by hand; "exact": ``sources`` says it; "roughly": it does, but a sentence may have the
            neighbour of its source merged in; "unknown": nothing is known.
        sources: (suspect span, original sentences) where links are exact or roughly known.
    """

    pair: LabelledPair
    links: Links
    sources: SentenceSources = ()


@dataclass(frozen=True)
class Recipe:
    """What is made of each story.

    Attributes:
        families: spinner families used.
        spins: spun copies of each family and story.
        seed: seeds everything.
    """

    families: tuple[str, ...] = ("thesaurus", "senses", "neighbours", "phrases", "clauses", "structure", "combined")
    spins: int = 2
    seed: int = 0


def pair_of(
    story: Story, name: str, suspect: str, original: str, label: Label, source: str, coverage: float | None = None
) -> LabelledPair:
    return LabelledPair(f"{story.id}/{name}", suspect, original, label, story.id, source, coverage=coverage)


def wording_label(changed: float) -> Label | None:
    """spun, reprint or None in between, by changed share."""
    return "spun" if changed > SPUN_ABOVE else "reprint" if changed < REPRINT_BELOW else None


def extent_label(derived: int, total: int, wording: Label | None) -> Label | None:
    """The label by the contract's extent; None near its edge."""
    share = derived / max(1, total)
    if share < LEAST_SHARE * 0.8 or derived < LEAST_WORDS * 0.8:
        return "independent"
    if share < LEAST_SHARE * 1.1 or derived < LEAST_WORDS * 1.1:
        return None
    return wording

"""The families by name."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import lru_cache

from spindetect.article import Article
from spindetect.bundle import default_folder
from spindetect.encoder import StaticEncoder
from spindetect.errors import InputError
from spindetect.training.spinners.clauses import rewrite_clauses
from spindetect.training.spinners.draft import Draft, SpunText
from spindetect.training.spinners.formats import reformat
from spindetect.training.spinners.lexical import NeighbourChoice, swap_phrases, swap_words, thesaurus_choice, wrong_sense_choice
from spindetect.training.spinners.structure import merge_sentences, shuffle_paragraphs, shuffle_sentences, split_sentences

Family = Callable[[Draft, random.Random, float], Draft]


@lru_cache(maxsize=1)
def _neighbour_choice() -> NeighbourChoice:
    return NeighbourChoice(StaticEncoder.from_folder(default_folder() / "encoder"))


def _thesaurus(draft: Draft, rng: random.Random, strength: float) -> Draft:
    return swap_words(draft, rng, strength, thesaurus_choice)


def _wrong_sense(draft: Draft, rng: random.Random, strength: float) -> Draft:
    return swap_words(draft, rng, strength, wrong_sense_choice, repair=0.75)


def _neighbours(draft: Draft, rng: random.Random, strength: float) -> Draft:
    return swap_words(draft, rng, strength, _neighbour_choice())


def _clauses(draft: Draft, rng: random.Random, strength: float) -> Draft:
    """Clauses moved, sentences split and merged, numbers rewritten, and the odd phrase swapped, as fluent tools do."""
    draft = rewrite_clauses(draft, rng, strength)
    draft = split_sentences(draft, rng, strength)
    draft = merge_sentences(draft, rng, strength / 2)
    return swap_phrases(reformat(draft, rng, strength), rng, strength / 2, repair=1.0)


def _structure(draft: Draft, rng: random.Random, strength: float) -> Draft:
    draft = shuffle_paragraphs(draft, rng, strength)
    draft = merge_sentences(split_sentences(draft, rng, strength), rng, strength / 2)
    return shuffle_sentences(draft, rng, strength / 3)


def _combined(draft: Draft, rng: random.Random, strength: float) -> Draft:
    """Two or three of the others, one after another, each gently."""
    chosen = rng.sample([_thesaurus, _wrong_sense, _neighbours, swap_phrases, _clauses], k=rng.choice((2, 3)))
    for family in chosen:
        draft = family(draft, rng, strength * 0.6)
    return _structure(draft, rng, strength / 3) if rng.random() < 0.3 else draft


FAMILIES: dict[str, Family] = {
    "thesaurus": _thesaurus,
    "senses": _wrong_sense,
    "neighbours": _neighbours,
    "phrases": swap_phrases,
    "clauses": _clauses,
    "formats": reformat,
    "structure": _structure,
    "combined": _combined,
}
"""thesaurus: WordNet synonyms. senses: synonyms of the wrong sense. neighbours: nearest static vectors. phrases: our
phrase book. clauses: clause-level rewriting. formats: numbers, dates, units, contractions. structure: moving, splitting
and merging (wording kept). combined: several of them."""


def spin(text: str | Article, family: str, strength: float = 0.5, seed: int = 0) -> SpunText:
    """Spin a text.

    Args:
        text: the original; it is cleaned first.
        family: one of ``FAMILIES``.
        strength: 0 (nothing) to 1 (everything that the family can change).
        seed: the same seed gives the same text.

    Raises:
        InputError: unknown family or a strength outside 0 to 1.
    """
    if family not in FAMILIES:
        raise InputError(f"{family!r} is no spinner family: choose one of {', '.join(FAMILIES)}")
    if not 0 <= strength <= 1:
        raise InputError(f"the strength {strength} is outside 0 to 1: 0.5 is a usual spinner")
    draft = Draft.of(text if isinstance(text, Article) else Article.from_text(text))
    return FAMILIES[family](draft, random.Random(f"{family} {strength} {seed}"), strength).render()

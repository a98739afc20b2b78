"""Mosaics by machine: sentences of two spun texts taken in turn, as a spinner does that is fed two sources."""

from __future__ import annotations

import random
from collections.abc import Iterator

from spindetect.training.corpus import Story
from spindetect.training.labels import Recipe, SentenceSources, TrainingPair, extent_label, pair_of, wording_label
from spindetect.training.spinners import SpunText, spin

_SHARES = (0.15, 0.3, 0.4, 0.5, 0.6)
_STRENGTHS = (0.5, 0.8, 1.0)


def interleaved_pairs(story: Story, other: Story, recipe: Recipe, rng: random.Random) -> Iterator[TrainingPair]:
    """Sentences of the original among those of another report of the event, or of another story, all spun."""
    for number in range(4 * recipe.spins):
        family = rng.choice(recipe.families)
        own = spin(story.original, family, rng.choice(_STRENGTHS), rng.randrange(10**6))
        rival = story.independent if rng.random() < 0.7 else other.original
        second = spin(rival, rng.choice(recipe.families), rng.choice(_STRENGTHS), rng.randrange(10**6))
        text, sources, derived = interleave(own, second, rng.choice(_SHARES), rng)
        label = extent_label(derived, len(text.split()), wording_label(own.changed))
        if label:
            pair = pair_of(story, f"interleaved {number} {family}", text, story.original, label, "interleaved")
            yield TrainingPair(pair, "exact", sources)


def interleave(own: SpunText, second: SpunText, share: float, rng: random.Random) -> tuple[str, SentenceSources, int]:
    """Mix two texts sentence by sentence, each in its own order; also the words that are ``own``'s.

    Args:
        share: about how many of the sentences are taken from ``own``.
    """
    left, right = list(own.sentences), list(second.sentences)
    kept = max(1, round(share * (len(left) + len(right)) / 2))
    left = [left[k] for k in sorted(rng.sample(range(len(left)), min(kept, len(left))))]
    missing = max(1, round(len(left) * (1 - share) / share))
    right = [right[k] for k in sorted(rng.sample(range(len(right)), min(missing, len(right))))]
    turns = ["own"] * len(left) + ["second"] * len(right)
    rng.shuffle(turns)
    text = ""
    sources = []
    derived = 0
    for number, turn in enumerate(turns):
        text += "" if not number else "\n\n" if number % 3 == 0 else " "
        (start, end), origin = left.pop(0) if turn == "own" else right.pop(0)
        sentence = (own if turn == "own" else second).text[start:end]
        sources.append(((len(text), len(text) + len(sentence)), origin if turn == "own" else ()))
        derived += len(sentence.split()) * (turn == "own")
        text += sentence
    return text, tuple(sources), derived

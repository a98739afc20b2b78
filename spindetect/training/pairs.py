"""From stories and spinners to article pairs with what is known of each suspect sentence."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from spindetect.training.corpus import Story
from spindetect.training.interleaved import interleaved_pairs, interleaved_rewrites
from spindetect.training.labels import Recipe, TrainingPair, pair_of, wording_label
from spindetect.training.mixtures import little_shared_pairs, partial_pairs, short_pairs
from spindetect.training.spinners import spin
from spindetect.training.written import answer_pairs, written_pairs


def story_pairs(stories: Sequence[Story], recipe: Recipe) -> Iterator[TrainingPair]:
    """All pairs of all stories; what is unrelated to a story is drawn from the others given."""
    nearest = _nearest_strangers(stories)
    for number, story in enumerate(stories):
        rng = random.Random(f"{recipe.seed} {story.id}")
        other = stories[(number + 1 + rng.randrange(max(1, len(stories) - 1))) % len(stories)]
        yield from written_pairs(story)
        yield from answer_pairs(story, recipe, rng)
        yield from _stranger_pairs(story, other)
        yield from _near_stranger_pairs(story, nearest[number])
        yield from _spun_pairs(story, recipe, rng)
        yield from partial_pairs(story, other, recipe, rng)
        yield from interleaved_pairs(story, other, recipe, rng)
        yield from interleaved_rewrites(story, other, recipe, rng)
        yield from short_pairs(story, rng)
        yield from little_shared_pairs(story, recipe, rng)


def _stranger_pairs(story: Story, other: Story) -> Iterator[TrainingPair]:
    for name, suspect in (("original", other.original), ("reprint", other.reprint)):
        pair = pair_of(story, f"stranger {name}", suspect, story.original, "independent", "stranger")
        yield TrainingPair(pair, "none")


def _nearest_strangers(stories: Sequence[Story]) -> list[list[str]]:
    """For each story the two texts of other stories, hard negatives included, that are most like its original."""
    texts = [
        (number, text)
        for number, story in enumerate(stories)
        for text in (story.original, *(text for _, text in story.hard_negatives))
    ]
    matrix = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit_transform([text for _, text in texts])
    owners = np.array([owner for owner, _ in texts])
    found = []
    for number in range(len(stories)):
        own = next(row for row, (owner, _) in enumerate(texts) if owner == number)
        likeness = np.asarray((matrix @ matrix[own].T).todense()).ravel()
        likeness[owners == number] = -1
        found.append([texts[row][1] for row in np.argsort(-likeness, kind="stable")[:2] if likeness[row] >= 0])
    return found


def _near_stranger_pairs(story: Story, texts: Sequence[str]) -> Iterator[TrainingPair]:
    for number, text in enumerate(texts):
        yield TrainingPair(
            pair_of(story, f"near stranger {number}", text, story.original, "independent", "near stranger"), "none"
        )


def _spun_pairs(story: Story, recipe: Recipe, rng: random.Random) -> Iterator[TrainingPair]:
    sources = (("original", story.original, story.independent), ("independent", story.independent, story.original))
    for family in recipe.families:
        for number in range(recipe.spins):
            name, text, rival = sources[number % 2]
            strength = rng.choice((0.3, 0.45, 0.6, 0.8, 1.0)) if family != "structure" else rng.choice((0.4, 0.8))
            spun = spin(text, family, strength, rng.randrange(10**6))
            label = wording_label(spun.changed)
            label_source = f"spinner {family}"
            if label:
                pair = pair_of(story, f"{label_source} {number} of {name}", spun.text, text, label, label_source)
                yield TrainingPair(pair, "exact", spun.sentences)
            rival_pair = pair_of(story, f"{label_source} {number} of rival", spun.text, rival, "independent", "independent spun")
            if number == 0:
                yield TrainingPair(rival_pair, "none")

"""The pairs that were written by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

from spindetect.article import Article
from spindetect.normalisation import normalise
from spindetect.training.corpus import Rewrite, Story
from spindetect.training.labels import Recipe, SentenceSources, TrainingPair, pair_of, wording_label
from spindetect.training.spinners import spin


def written_pairs(story: Story) -> Iterator[TrainingPair]:
    """The pairs that were written by hand, in both directions where the label holds in both."""

    def independent(name: str, suspect: str, original: str, source: str) -> TrainingPair:
        return TrainingPair(pair_of(story, name, suspect, original, "independent", source), "none")

    original, second = story.original, story.independent
    yield independent("independent", second, original, "independent")
    yield independent("independent back", original, second, "independent")
    yield TrainingPair(pair_of(story, "reprint", story.reprint, original, "reprint", "reprint"), "copied")
    yield TrainingPair(pair_of(story, "reprint back", original, story.reprint, "reprint", "reprint"), "copied")
    yield TrainingPair(pair_of(story, "itself", original, original, "reprint", "itself"), "copied")
    yield independent("reprint of another report", story.reprint, second, "independent")
    for rewrite in story.rewrites:
        name = f"rewrite {rewrite.kind}"
        if rewrite.kind == "mosaic":
            pair = pair_of(story, name, rewrite.text, original, "spun", name, mosaic_coverage(rewrite))
            yield TrainingPair(pair, "roughly", _mosaic_sources(rewrite, original))
            continue
        yield TrainingPair(pair_of(story, name, rewrite.text, original, "spun", name), "in order")
        yield TrainingPair(pair_of(story, f"{name} back", original, rewrite.text, "spun", f"{name} back"), "in order")
        yield independent(f"{name} of another report", rewrite.text, second, "independent rewritten")
    for number, (kind, text) in enumerate(story.hard_negatives):
        source = f"hard negative {kind}"
        yield independent(f"{source} {number}", text, original, source)
        yield independent(f"{source} {number} back", original, text, source)


def mosaic_coverage(rewrite: Rewrite) -> float:
    """Share of a mosaic's words in sentences that come from the original."""
    words = [(len(text.split()), source == "original") for source, _, text in rewrite.sentences]
    return sum(count for count, is_own in words if is_own) / sum(count for count, _ in words)


def _mosaic_sources(rewrite: Rewrite, original: str) -> SentenceSources:
    """Each sentence of a mosaic with the sentence of the original that its opening words name; none for other sources."""
    sentences = [normalise(text) for text in Article.from_text(original).sentence_texts()]
    suspect = Article.from_text(rewrite.text).text
    found = []
    position = 0
    for source, opening, text in rewrite.sentences:
        start = suspect.find(normalise(text), position)
        if start < 0:
            continue
        position = start + len(normalise(text))
        named = (number for number, sentence in enumerate(sentences) if normalise(opening) in sentence)
        number = next(named, None) if source == "original" and opening else None
        found.append(((start, position), () if number is None else (number,)))
    return tuple(found)


def answer_pairs(story: Story, recipe: Recipe, rng: random.Random) -> Iterator[TrainingPair]:
    """Answers of several people to one question: independent of each other, and spun copies of themselves."""
    answers = [text for kind, text in story.hard_negatives if kind == "answer"]
    for first, second in combinations(range(len(answers)), 2):
        name = f"answer {first} to {second}"
        yield TrainingPair(pair_of(story, name, answers[first], answers[second], "independent", "two answers"), "none")
    for number, answer in enumerate(answers):
        family = rng.choice(recipe.families)
        spun = spin(answer, family, rng.choice((0.5, 0.8, 1.0)), rng.randrange(10**6))
        label = wording_label(spun.changed)
        if label:
            name = f"answer {number} {family}"
            yield TrainingPair(pair_of(story, name, spun.text, answer, label, f"answer spun {family}"), "exact", spun.sentences)

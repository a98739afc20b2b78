"""Mosaics by machine: sentences of two texts taken in turn, as a spinner does that is fed two sources."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from sklearn.feature_extraction.text import TfidfVectorizer

from spindetect.article import Article
from spindetect.training.corpus import Story
from spindetect.training.labels import Recipe, SentenceSources, TrainingPair, extent_label, pair_of, wording_label
from spindetect.training.links import monotone_path
from spindetect.training.spinners import SpunText, spin

_SHARES = (0.15, 0.3, 0.4, 0.5, 0.6)
_STRENGTHS = (0.5, 0.8, 1.0)
_CLEAR_LINK = 0.15
"""TF-IDF cosine from which a sentence of a hand-written rewrite surely comes from its place on the path."""
Sourced = tuple[str, tuple[int, ...]]
"""A sentence with the numbers of the original sentences it was made from."""


def interleaved_pairs(story: Story, other: Story, recipe: Recipe, rng: random.Random) -> Iterator[TrainingPair]:
    """Sentences of the original among those of another report of the event, or of another story, all spun."""
    for number in range(4 * recipe.spins):
        family = rng.choice(recipe.families)
        own = spin(story.original, family, rng.choice(_STRENGTHS), rng.randrange(10**6))
        rival = story.independent if rng.random() < 0.7 else other.original
        second = spin(rival, family, rng.choice(_STRENGTHS), rng.randrange(10**6))
        text, sources, derived = interleave(sourced(own), sourced(second), rng.choice(_SHARES), rng)
        total = len(text.split())
        label = extent_label(derived, total, wording_label(own.changed))
        if label:
            name = f"interleaved {number} {family}"
            pair = pair_of(story, name, text, story.original, label, "interleaved", derived / total)
            yield TrainingPair(pair, "exact", sources)


def interleaved_rewrites(story: Story, other: Story, recipe: Recipe, rng: random.Random) -> Iterator[TrainingPair]:
    """The same with the rewrites by hand, which are freer than any spinner's."""
    for rewrite in story.rewrites:
        if rewrite.kind == "mosaic":
            continue
        own = linked_sentences(rewrite.text, story.original)
        for number in range(recipe.spins):
            rival = story.independent if rng.random() < 0.7 else rng.choice((other.original, other.independent))
            second: list[Sourced] = [(text, ()) for text in Article.from_text(rival).sentence_texts()]
            text, sources, derived = interleave(own, second, rng.choice(_SHARES), rng)
            total = len(text.split())
            label = extent_label(derived, total, "spun")
            if label:
                name = f"interleaved {rewrite.kind} {number}"
                pair = pair_of(story, name, text, story.original, label, "interleaved by hand", derived / total)
                yield TrainingPair(pair, "roughly", sources)


def sourced(spun: SpunText) -> list[Sourced]:
    return [(spun.text[start:end], origin) for (start, end), origin in spun.sentences]


def linked_sentences(rewrite: str, original: str) -> list[Sourced]:
    """The sentences of a rewrite whose place in the original is clear, with it; the others are left out."""
    texts, originals = Article.from_text(rewrite).sentence_texts(), Article.from_text(original).sentence_texts()
    parts = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit_transform([*texts, *originals])
    likeness = (parts[: len(texts)] @ parts[len(texts) :].T).toarray()
    path = monotone_path(likeness) & (likeness > _CLEAR_LINK)
    return [(text, tuple(row.nonzero()[0].tolist())) for text, row in zip(texts, path, strict=True) if row.any()]


def interleave(
    own: Sequence[Sourced], second: Sequence[Sourced], share: float, rng: random.Random
) -> tuple[str, SentenceSources, int]:
    """Mix two texts sentence by sentence, each in its own order; also the words that are ``own``'s.

    Args:
        own: what is derived.
        second: what is not, whatever its sources.
        share: about how many of the sentences are taken from ``own``.
    """
    left, right = list(own), list(second)
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
        sentence, origin = left.pop(0) if turn == "own" else right.pop(0)
        sources.append(((len(text), len(text) + len(sentence)), origin if turn == "own" else ()))
        derived += len(sentence.split()) * (turn == "own")
        text += sentence
    return text, tuple(sources), derived

"""From stories and spinners to article pairs with what is known of each suspect sentence."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from spindetect.article import Article
from spindetect.training.corpus import Label, LabelledPair, Story
from spindetect.training.spinners import SpunText, spin

LEAST_SHARE, LEAST_WORDS = 0.20, 40
"""Derived words from which a suspect is derived, as the contract defines it."""
SPUN_ABOVE, REPRINT_BELOW = 0.15, 0.10
"""Changed share of spun copies and of reprints; between them either answer is right, and neither is taught."""

Links = Literal["none", "copied", "in order", "exact", "unknown"]
SentenceSources = tuple[tuple[tuple[int, int], tuple[int, ...]], ...]


@dataclass(frozen=True)
class TrainingPair:
    """An article pair and how its sentences are linked.

    Attributes:
        pair: texts, label, group.
        links: "none": no sentence derives; "copied": those that match are copies; "in order": derived throughout,
            sentence by sentence, by hand; "exact": ``sources`` says it; "unknown": nothing is known.
        sources: (suspect span, original sentences) where links are exact.
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


def story_pairs(stories: Sequence[Story], recipe: Recipe) -> Iterator[TrainingPair]:
    """All pairs of all stories; what is unrelated to a story is drawn from the others given."""
    for number, story in enumerate(stories):
        rng = random.Random(f"{recipe.seed} {story.id}")
        other = stories[(number + 1 + rng.randrange(max(1, len(stories) - 1))) % len(stories)]
        yield from written_pairs(story)
        yield from _stranger_pairs(story, other)
        yield from _spun_pairs(story, other, recipe, rng)
        yield from _partial_pairs(story, other, recipe, rng)
        yield from _short_pairs(story, rng)
        yield from _little_shared_pairs(story, recipe, rng)


def _pair(story: Story, name: str, suspect: str, original: str, label: Label, source: str) -> LabelledPair:
    return LabelledPair(f"{story.id}/{name}", suspect, original, label, story.id, source)


def written_pairs(story: Story) -> Iterator[TrainingPair]:
    """The pairs that were written by hand, in both directions where the label holds in both."""

    def independent(name: str, suspect: str, original: str, source: str) -> TrainingPair:
        return TrainingPair(_pair(story, name, suspect, original, "independent", source), "none")

    original, second = story.original, story.independent
    yield independent("independent", second, original, "independent")
    yield independent("independent back", original, second, "independent")
    yield TrainingPair(_pair(story, "reprint", story.reprint, original, "reprint", "reprint"), "copied")
    yield TrainingPair(_pair(story, "reprint back", original, story.reprint, "reprint", "reprint"), "copied")
    yield TrainingPair(_pair(story, "itself", original, original, "reprint", "itself"), "copied")
    yield independent("reprint of another report", story.reprint, second, "independent")
    for rewrite in story.rewrites:
        name = f"rewrite {rewrite.kind}"
        if rewrite.kind == "mosaic":
            yield TrainingPair(_pair(story, name, rewrite.text, original, "spun", name), "unknown")
            continue
        yield TrainingPair(_pair(story, name, rewrite.text, original, "spun", name), "in order")
        yield TrainingPair(_pair(story, f"{name} back", original, rewrite.text, "spun", f"{name} back"), "in order")
        yield independent(f"{name} of another report", rewrite.text, second, "independent rewritten")
    for number, (kind, text) in enumerate(story.hard_negatives):
        source = f"hard negative {kind}"
        yield independent(f"{source} {number}", text, original, source)
        yield independent(f"{source} {number} back", original, text, source)


def _stranger_pairs(story: Story, other: Story) -> Iterator[TrainingPair]:
    for name, suspect in (("original", other.original), ("reprint", other.reprint)):
        pair = _pair(story, f"stranger {name}", suspect, story.original, "independent", "stranger")
        yield TrainingPair(pair, "none")


def _spun_pairs(story: Story, other: Story, recipe: Recipe, rng: random.Random) -> Iterator[TrainingPair]:
    sources = (("original", story.original, story.independent), ("independent", story.independent, story.original))
    for family in recipe.families:
        for number in range(recipe.spins):
            name, text, rival = sources[number % 2]
            strength = rng.choice((0.3, 0.45, 0.6, 0.8, 1.0)) if family != "structure" else rng.choice((0.4, 0.8))
            spun = spin(text, family, strength, rng.randrange(10**6))
            label = wording_label(spun.changed)
            label_source = f"spinner {family}"
            if label:
                pair = _pair(story, f"{label_source} {number} of {name}", spun.text, text, label, label_source)
                yield TrainingPair(pair, "exact", spun.sentences)
            rival_pair = _pair(story, f"{label_source} {number} of rival", spun.text, rival, "independent", "independent spun")
            if number == 0:
                yield TrainingPair(rival_pair, "none")


def _partial_pairs(story: Story, other: Story, recipe: Recipe, rng: random.Random) -> Iterator[TrainingPair]:
    """Part of the suspect is derived; the rest is another report of the same event, or another story."""
    for number in range(5 * recipe.spins):
        family = rng.choice(recipe.families)
        spun = spin(story.original, family, rng.choice((0.4, 0.6, 0.9)), rng.randrange(10**6))
        filler = Article.from_text(rng.choice((story.independent, other.original, other.independent)))
        share = rng.choice((0.08, 0.25, 0.35, 0.5, 0.7))
        made = partial_copy(spun, filler, share, rng)
        if made is None:
            continue
        text, sources, derived = made
        label = extent_label(derived, len(text.split()), wording_label(spun.changed))
        if label:
            pair = _pair(story, f"partial {number} {family}", text, story.original, label, f"partial {share:.2f}")
            yield TrainingPair(pair, "exact", sources)
    for number in range(2 * recipe.spins):
        report = _window(Article.from_text(story.independent), rng.randrange(4), rng.randrange(80, 260))
        strange = _window(Article.from_text(rng.choice((other.original, other.independent))), 0, rng.randrange(80, 260))
        parts = [report, strange] if rng.random() < 0.5 else [strange, report]
        pair = _pair(
            story, f"diluted independent {number}", "\n\n".join(parts), story.original, "independent", "diluted independent"
        )
        yield TrainingPair(pair, "none")
    rewrite = rng.choice([item for item in story.rewrites if item.kind != "mosaic"])
    filler = Article.from_text(rng.choice((story.independent, other.original)))
    paragraphs = rewrite.text.split("\n\n")
    taken = paragraphs[: max(2, round(len(paragraphs) * rng.choice((0.4, 0.6, 0.8))))]
    mixed = "\n\n".join([*taken, *filler.text.split("\n\n")[: len(paragraphs) - len(taken) + 1]])
    derived = len(" ".join(taken).split())
    label = extent_label(derived, len(mixed.split()), "spun")
    if label:
        yield TrainingPair(_pair(story, "partial by hand", mixed, story.original, label, "partial by hand"), "unknown")


def _little_shared_pairs(story: Story, recipe: Recipe, rng: random.Random) -> Iterator[TrainingPair]:
    """Independent reports that share a little wording, as real ones do: agency sentences, or more of the quotations."""
    for name, report, other in (("", story.independent, story.original), (" back", story.original, story.independent)):
        report_article = Article.from_text(report)
        for number in range(recipe.spins):
            family = rng.choice(("structure", *recipe.families))
            made = partial_copy(
                spin(other, family, 0.4, rng.randrange(10**6)), report_article, rng.choice((0.06, 0.1, 0.14)), rng
            )
            if made and extent_label(made[2], len(made[0].split()), None) == "independent":
                pair = _pair(story, f"agency sentences{name} {number}", made[0], other, "independent", "agency sentences")
                yield TrainingPair(pair, "exact", made[1])
        mixed = _with_quotations(report_article, Article.from_text(other), rng)
        if mixed:
            yield TrainingPair(_pair(story, f"shared quotations{name}", mixed, other, "independent", "shared quotations"), "none")


def _with_quotations(report: Article, other: Article, rng: random.Random) -> str | None:
    """The report with the other one's sentences that are mostly direct quotation, put in at random."""
    quoted = np.bincount(other.word_sentence, other.quoted, len(other.sentences))
    lengths = np.bincount(other.word_sentence, minlength=len(other.sentences))
    speech = [text for text, share in zip(other.sentence_texts(), quoted / np.maximum(lengths, 1), strict=True) if share > 0.7]
    if not speech:
        return None
    texts = report.sentence_texts()
    for text in speech:
        texts.insert(rng.randrange(len(texts) + 1), text)
    return "\n\n".join(texts)


def _short_pairs(story: Story, rng: random.Random) -> Iterator[TrainingPair]:
    """Cuts of 45 to 140 words a side: little text, and for strangers the two places that are most alike."""
    for training in list(written_pairs(story)):
        pair = training.pair
        if training.links == "unknown" or pair.source == "itself":
            continue
        suspect, original = Article.from_text(pair.suspect), Article.from_text(pair.original)
        length = rng.randrange(45, 140)
        window = _window(suspect, rng.randrange(len(suspect.sentences)), length)
        partner = _most_alike(window, original, round(length * rng.uniform(0.9, 1.6)))
        if min(len(window.split()), len(partner.split())) < LEAST_WORDS:
            continue
        same = _trigram_share(window, partner)
        # A window may be all shared quotation, or a reprint's local addition: then the label is not sure.
        if (pair.label == "independent" and same > 0.12) or (pair.label == "reprint" and same < 0.6):
            continue
        yield TrainingPair(
            _pair(story, f"short {pair.id}", window, partner, pair.label, f"short {pair.source}"),
            "none" if pair.label == "independent" else "unknown",
        )


def _trigram_share(left: str, right: str) -> float:
    def trigrams(text: str) -> set[tuple[str, ...]]:
        words = text.casefold().split()
        return set(zip(words, words[1:], words[2:], strict=False))

    return len(trigrams(left) & trigrams(right)) / max(1, len(trigrams(left)))


def _window(article: Article, first: int, words: int) -> str:
    """Sentences from number ``first`` on until there are ``words`` words; earlier ones where the end is too near."""
    texts = article.sentence_texts()
    last, count = first, 0
    while last < len(texts) and count < words:
        count += len(texts[last].split())
        last += 1
    while first > 0 and count < words:
        first -= 1
        count += len(texts[first].split())
    return " ".join(texts[first:last])


def _most_alike(window: str, article: Article, words: int) -> str:
    wanted = set(window.casefold().split())
    windows = [_window(article, first, words) for first in range(len(article.sentences))]
    return max(windows, key=lambda text: len(wanted & set(text.casefold().split())) / max(1, len(set(text.split()))))


def partial_copy(spun: SpunText, filler: Article, share: float, rng: random.Random) -> tuple[str, SentenceSources, int] | None:
    """Mix a run of spun sentences, about ``share`` of the result, with filler sentences; also the derived words."""
    total = len(spun.text.split())
    wanted = share * total
    start = rng.randrange(max(1, round(len(spun.sentences) * (1 - share))))
    pieces: list[tuple[str, tuple[int, ...]]] = []
    derived = 0
    for (begin, end), sources in spun.sentences[start:]:
        if derived >= wanted:
            break
        pieces.append((spun.text[begin:end], sources))
        derived += len(pieces[-1][0].split())
    strangers: list[tuple[str, tuple[int, ...]]] = []
    missing = total - derived
    for text in filler.sentence_texts():
        if missing <= 0:
            break
        strangers.append((text, ()))
        missing -= len(text.split())
    if not pieces:
        return None
    cut = rng.randrange(len(strangers) + 1) if strangers else 0
    ordered = [*strangers[:cut], *pieces, *strangers[cut:]]
    if rng.random() < 0.3:
        rng.shuffle(ordered)
    sentences = []
    parts: list[str] = []
    position = 0
    for number, (text, sources) in enumerate(ordered):
        separator = "" if number == 0 else "\n\n" if number % 3 == 0 else " "
        parts.append(separator + text)
        position += len(separator)
        sentences.append(((position, position + len(text)), sources))
        position += len(text)
    return "".join(parts), tuple(sentences), derived


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

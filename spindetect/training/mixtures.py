"""Suspects of which only a part is derived, and cuts: partial, diluted, short, sharing a little."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from spindetect.article import Article
from spindetect.features import trigram_containment
from spindetect.training.corpus import Story
from spindetect.training.cuts import most_alike, window_of
from spindetect.training.labels import LEAST_WORDS, Recipe, SentenceSources, TrainingPair, extent_label, pair_of, wording_label
from spindetect.training.spinners import SpunText, spin
from spindetect.training.written import written_pairs


def partial_pairs(story: Story, other: Story, recipe: Recipe, rng: random.Random) -> Iterator[TrainingPair]:
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
        total = len(text.split())
        label = extent_label(derived, total, wording_label(spun.changed))
        if label:
            name = f"partial {number} {family}"
            pair = pair_of(story, name, text, story.original, label, f"partial {share:.2f}", derived / total)
            yield TrainingPair(pair, "exact", sources)
    for number in range(2 * recipe.spins):
        report = window_of(Article.from_text(story.independent), rng.randrange(4), rng.randrange(80, 260))
        strange = window_of(Article.from_text(rng.choice((other.original, other.independent))), 0, rng.randrange(80, 260))
        parts = [report, strange] if rng.random() < 0.5 else [strange, report]
        pair = pair_of(
            story, f"diluted independent {number}", "\n\n".join(parts), story.original, "independent", "diluted independent"
        )
        yield TrainingPair(pair, "none")
    rewrite = rng.choice([item for item in story.rewrites if item.kind != "mosaic"])
    filler = Article.from_text(rng.choice((story.independent, other.original)))
    paragraphs = rewrite.text.split("\n\n")
    taken = paragraphs[: max(2, round(len(paragraphs) * rng.choice((0.4, 0.6, 0.8))))]
    mixed = "\n\n".join([*taken, *filler.text.split("\n\n")[: len(paragraphs) - len(taken) + 1]])
    derived = len(" ".join(taken).split())
    total = len(mixed.split())
    label = extent_label(derived, total, "spun")
    if label:
        pair = pair_of(story, "partial by hand", mixed, story.original, label, "partial by hand", derived / total)
        yield TrainingPair(pair, "unknown")


def little_shared_pairs(story: Story, recipe: Recipe, rng: random.Random) -> Iterator[TrainingPair]:
    """Independent reports that share a little wording, as real ones do: agency sentences, or more of the quotations."""
    for name, report, other in (("", story.independent, story.original), (" back", story.original, story.independent)):
        report_article = Article.from_text(report)
        for number in range(recipe.spins):
            family = rng.choice(("structure", *recipe.families))
            made = partial_copy(
                spin(other, family, 0.4, rng.randrange(10**6)), report_article, rng.choice((0.06, 0.1, 0.14)), rng
            )
            if made and extent_label(made[2], len(made[0].split()), None) == "independent":
                named = f"agency sentences{name} {number} {family}"
                pair = pair_of(story, named, made[0], other, "independent", "agency sentences")
                yield TrainingPair(pair, "exact", made[1])
        mixed = _with_quotations(report_article, Article.from_text(other), rng)
        if mixed:
            yield TrainingPair(
                pair_of(story, f"shared quotations{name}", mixed, other, "independent", "shared quotations"), "none"
            )


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


def short_pairs(story: Story, rng: random.Random) -> Iterator[TrainingPair]:
    """Cuts of 45 to 140 words a side: little text, and for strangers the two places that are most alike."""
    for training in list(written_pairs(story)):
        pair = training.pair
        if training.links == "unknown" or pair.source == "itself":
            continue
        suspect, original = Article.from_text(pair.suspect), Article.from_text(pair.original)
        length = rng.randrange(45, 140)
        window = window_of(suspect, rng.randrange(len(suspect.sentences)), length)
        partner = most_alike(window, original, round(length * rng.uniform(0.9, 1.6)))
        if min(len(window.split()), len(partner.split())) < LEAST_WORDS:
            continue
        same = trigram_containment(window.casefold().split(), partner.casefold().split())
        # A window may be all shared quotation, or a reprint's local addition: then the label is not sure.
        if (pair.label == "independent" and same > 0.12) or (pair.label == "reprint" and same < 0.6):
            continue
        yield TrainingPair(
            pair_of(story, f"short {pair.id}", window, partner, pair.label, f"short {pair.source}"),
            "none" if pair.label == "independent" else "unknown",
        )


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

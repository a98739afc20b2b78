"""Archives and suspects to measure with. Suspects come from test stories; what else lies in the archive comes from train
stories, recombined sentence by sentence, so that no model has seen a suspect and no distractor is one's original."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spindetect.article import Article
from spindetect.training.corpus import Story, load_stories
from spindetect.training.spinners import SpunText, spin

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = ("thesaurus", "senses", "neighbours", "phrases", "clauses", "combined")
STRENGTHS = (0.5, 0.9)
LEAST_CHANGED = 0.15


@dataclass(frozen=True)
class Suspect:
    """A text made from others.

    Attributes:
        kind: the spinner family, or ``by hand``.
        originals: ids of the originals in the archive.
        sentences: (text, id of its original), where known.
    """

    kind: str
    text: str
    originals: tuple[str, ...]
    sentences: tuple[tuple[str, str], ...] = ()


def stories_of(split: str) -> list[Story]:
    return [story for story in load_stories(ROOT / "data/stories") if story.split == split]


def originals(stories: list[Story]) -> Iterator[dict[str, str]]:
    """The test stories' originals, the independent reports of the same events, and their hard negatives."""
    for story in stories:
        yield {"id": story.id, "text": story.original}
        yield {"id": f"{story.id}/independent", "text": story.independent}
        for number, (kind, text) in enumerate(story.hard_negatives):
            yield {"id": f"{story.id}/{kind} {number}", "text": text}


def distractors(count: int, corpora: Path | None) -> Iterator[dict[str, str]]:
    """``count`` articles: those of BBC 2004-05 where at hand, then runs of one to three sentences of three to six texts of
    train stories, in turn, twelve to twenty-four sentences an article."""
    if corpora is not None and (corpora / "bbc_2004.jsonl").exists():
        with (corpora / "bbc_2004.jsonl").open(encoding="utf-8") as lines:
            for number, line in zip(range(count), lines, strict=False):
                yield {"id": f"bbc {number}", "text": json.loads(line)["text"]}
        count = max(0, count - number - 1)
    pool = [
        Article.from_text(text).sentence_texts()
        for story in stories_of("train")
        for text in (
            story.original, story.independent, *(item.text for item in story.rewrites if item.kind != "mosaic"),
            *(text for _, text in story.hard_negatives),
        )
    ]  # fmt: skip
    rng = random.Random(0)
    for number in range(count):
        sources = rng.sample(pool, rng.randint(3, 6))
        sentences: list[str] = []
        wanted = rng.randint(12, 24)
        while len(sentences) < wanted:
            source = rng.choice(sources)
            start = rng.randrange(len(source))
            sentences += source[start : start + rng.randint(1, 3)]
        paragraphs = (" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))
        yield {"id": f"distractor {number}", "text": "\n\n".join(paragraphs)}


def rewritten(stories: list[Story]) -> Iterator[Suspect]:
    """Every story's original through every family at two strengths, if over 15 % changed, and its rewrites by hand."""
    rng = random.Random(0)
    for story in stories:
        for family in FAMILIES:
            for strength in STRENGTHS:
                spun = spin(story.original, family, strength, rng.randrange(10**6))
                if spun.changed > LEAST_CHANGED:
                    yield Suspect(f"spinner {family}", spun.text, (story.id,))
        for rewrite in story.rewrites:
            if rewrite.kind != "mosaic":
                yield Suspect(f"by hand: {rewrite.kind}", rewrite.text, (story.id,))


def mosaics(stories: list[Story], count: int) -> Iterator[Suspect]:
    """Spun parts of two or three originals, about equal, one after another or shuffled sentence by sentence."""
    rng = random.Random(1)
    for number in range(count):
        chosen = rng.sample(stories, 2 + number % 2)
        parts = [_part(spin(story.original, rng.choice(FAMILIES), rng.choice(STRENGTHS), rng.randrange(10**6)), story.id,
                       len(chosen), rng) for story in chosen]  # fmt: skip
        shuffled = number % 4 >= 2
        turns = [turn for turn, part in enumerate(parts) for _ in part]
        if shuffled:
            rng.shuffle(turns)
        streams = [iter(part) for part in parts]
        sentences = tuple(next(streams[turn]) for turn in turns)
        text = ""
        for place, (sentence, _) in enumerate(sentences):
            text += ("" if not place else "\n\n" if place % 3 == 0 else " ") + sentence
        kind = f"mosaic of {len(chosen)}, {'shuffled' if shuffled else 'one after another'}"
        yield Suspect(kind, text, tuple(story.id for story in chosen), sentences)


def _part(spun: SpunText, name: str, parts: int, rng: random.Random) -> list[tuple[str, str]]:
    sentences = [(spun.text[start:end], name) for (start, end), _ in spun.sentences]
    count = max(4, round(len(sentences) * rng.uniform(0.8, 1.2) / parts))
    start = rng.randrange(max(1, len(sentences) - count + 1))
    return sentences[start : start + count]

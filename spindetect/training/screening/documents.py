"""Human texts, and what the simulated spinners make of them, with a label for every word."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spindetect.article import Article
from spindetect.errors import InputError
from spindetect.training.corpus import Story
from spindetect.training.prose import Piece
from spindetect.training.spinners import spin

FAMILIES = ("thesaurus", "senses", "neighbours", "phrases", "clauses", "combined")
HUMAN = "human"
LEAST_WORDS = 60
SHORT = (40, 100)
_LONGEST_WINDOW = 130
LEAST_REPLACED = 0.08
"""Share of words replaced from which a spun text is one; less is taught word by word only."""
_STRENGTHS = (0.3, 0.45, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class HumanText:
    """A text by a person (or, in this corpus, by a writer) that no tool has touched.

    Attributes:
        register: news, story or prose; false positives are counted for each.
    """

    id: str
    register: str
    text: str


@dataclass(frozen=True)
class Document:
    """A human text or a spun one; w words.

    Attributes:
        group: id of the human text it comes from.
        family: of the spinner, or ``HUMAN``.
        replaced: True for words that the spinner put in, shape (w,).
    """

    group: str
    register: str
    family: str
    article: Article
    replaced: np.ndarray


def story_texts(stories: Sequence[Story], parts: Sequence[str] = ("original", "independent")) -> list[HumanText]:
    return [HumanText(story.id, "story", getattr(story, part)) for story in stories for part in parts]


def prose_texts(pieces: Sequence[Piece], split: str) -> list[HumanText]:
    return [HumanText(f"prose {piece['id']}", "prose", piece["text"]) for piece in pieces if piece["split"] == split]


def news_texts(path: Path, odd: bool) -> list[HumanText]:
    """Every second line of a JSONL file of news articles (``id``, ``text``), the first one being odd.

    Raises:
        InputError: a line is no such object.
    """
    found = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if number % 2 == odd:
                try:
                    row = json.loads(line)
                    found.append(HumanText(str(row["id"]), "news", str(row["text"])))
                except (ValueError, KeyError, TypeError) as error:
                    raise InputError(f"{path}, line {number} is no article ({error!r}): it needs id and text") from error
    return found


def documents(
    texts: Iterable[HumanText], families: Sequence[str], spins: int, seed: int, spun_registers: frozenset[str] | None = None
) -> Iterator[Document]:
    """Each text as it is, and spun by ``spins`` of the families; texts under 60 words are left out.

    Args:
        spun_registers: only these are spun; all where None.
    """
    for text in texts:
        article = Article.from_text(text.text)
        if len(article.words) < LEAST_WORDS:
            continue
        yield Document(text.id, text.register, HUMAN, article, np.zeros(len(article.words), dtype=bool))
        if spun_registers is not None and text.register not in spun_registers:
            continue
        rng = random.Random(f"{seed} {text.id} {len(text.text)}")
        for family in rng.sample(list(families), min(spins, len(families))):
            spun = spin(article, family, rng.choice(_STRENGTHS), rng.randrange(10**6))
            result = Article.from_text(spun.text)
            if result.text != spun.text:
                continue  # cleaning took something out, and the spinner's spans with it
            yield Document(text.id, text.register, family, result, _inside(result, [s.suspect_span for s in spun.substitutions]))


def windows(documents: Iterable[Document], seed: int) -> Iterator[Document]:
    """Of each document some sentences from anywhere, 40 to 130 words: what a short text is like."""
    for document in documents:
        article, rng = document.article, random.Random(f"{seed} {document.group} {len(document.article.text)}")
        first = rng.randrange(len(article.sentences))
        wanted = rng.randrange(*SHORT)
        counts = np.bincount(article.word_sentence, minlength=len(article.sentences))[first:].cumsum()
        last = first + int(np.searchsorted(counts, wanted)) + 1
        text = article.text[article.sentences[first][0] : article.sentences[min(last, len(article.sentences)) - 1][1]]
        cut = Article.from_text(text)
        rows = np.flatnonzero(article.word_sentence >= first)[: len(cut.words)]
        if SHORT[0] <= len(cut.words) <= _LONGEST_WINDOW and cut.words == [article.words[row] for row in rows]:
            yield Document(document.group, document.register, document.family, cut, document.replaced[rows])


def _inside(article: Article, spans: Iterable[tuple[int, int]]) -> np.ndarray:
    bounds = article.word_bounds
    mask = np.zeros(len(bounds), dtype=bool)
    for start, end in spans:
        mask |= (bounds[:, 0] < end) & (bounds[:, 1] > start)
    return mask

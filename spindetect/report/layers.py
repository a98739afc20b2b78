"""A text cut into paragraphs, sentences and pieces, each piece with what is marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from spindetect.results import Comparison, Span

_NONE = -1


@dataclass(frozen=True)
class Piece:
    """A run of characters with the same marks.

    Attributes:
        text: the characters.
        mark: number of the substitution that it is part of, or None.
        altered: inside a quotation whose words were altered.
    """

    text: str
    mark: int | None
    altered: bool


@dataclass(frozen=True)
class Sentence:
    """A sentence or the white space between two.

    Attributes:
        number: its number on its side, 1 for the first; None for what is no linked sentence.
        links: numbers of the sentences on the other side that it is linked with.
        unsourced: a suspect sentence without a source.
        pieces: its text.
    """

    number: int | None
    links: tuple[int, ...]
    unsourced: bool
    pieces: tuple[Piece, ...]


Paragraph = tuple[Sentence, ...]


@dataclass(frozen=True)
class Side:
    """One article as the page shows it."""

    paragraphs: tuple[Paragraph, ...]


def sides(result: Comparison) -> tuple[Side, Side]:
    """The suspect and the original."""
    links = [link for passage in result.passages for link in passage.sentences]
    originals = sorted({span for link in links for span in link.original_spans})
    number_of = {span: number for number, span in enumerate(originals, start=1)}
    forward = [tuple(number_of[span] for span in link.original_spans) for link in links]
    backward: list[list[int]] = [[] for _ in originals]
    for number, targets in enumerate(forward, start=1):
        for target in targets:
            backward[target - 1].append(number)
    suspect = _side(
        result.texts["suspect"],
        [link.suspect_span for link in links],
        forward,
        [item.suspect_span for item in result.substitutions],
        [item.suspect_span for item in result.altered_quotes],
        result.unsourced,
    )
    original = _side(
        result.texts["original"],
        originals,
        [tuple(numbers) for numbers in backward],
        [item.original_span for item in result.substitutions],
        [item.original_span for item in result.altered_quotes],
        (),
    )
    return suspect, original


def _side(
    text: str, sentences: Sequence[Span], links: Sequence[tuple[int, ...]], marks: Sequence[Span], quotes: Sequence[Span],
    unsourced: Sequence[Span],
) -> Side:  # fmt: skip
    sentence_at = _painted(len(text), sentences)
    mark_at = _painted(len(text), marks)
    quote_at = _painted(len(text), quotes)
    lone_at = _painted(len(text), unsourced)
    paragraphs = []
    position = 0
    for part in text.split("\n\n"):
        end = position + len(part)
        rows = zip(*(layer[position:end].tolist() for layer in (sentence_at, lone_at, mark_at, quote_at)), part, strict=True)
        paragraphs.append(_paragraph(list(rows), links))
        position = end + 2
    return Side(tuple(paragraph for paragraph in paragraphs if paragraph))


def _painted(size: int, spans: Sequence[Span]) -> np.ndarray:
    """Number of the span at each character; the first of two that overlap stays whole."""
    layer = np.full(size, _NONE, dtype=np.int64)
    for number, (start, end) in enumerate(spans):
        part = layer[start:end]
        if (part == _NONE).all():
            part[:] = number
    return layer


def _paragraph(rows: list[tuple[int, int, int, int, str]], links: Sequence[tuple[int, ...]]) -> Paragraph:
    sentences = []
    for (sentence, lone), characters in groupby(rows, key=lambda row: row[:2]):
        pieces = tuple(
            Piece("".join(row[4] for row in run), None if mark == _NONE else mark, quote != _NONE)
            for (mark, quote), run in groupby(characters, key=lambda row: row[2:4])
        )
        linked = sentence != _NONE
        sentences.append(Sentence(sentence + 1 if linked else None, links[sentence] if linked else (), lone != _NONE, pieces))
    return tuple(sentences)

"""Article: text, Markdown or HTML in; clean text with sentences, words and their offsets out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import sentencex

from spindetect.cleaning import Ignored, article_blocks, blocks_of
from spindetect.errors import InputError
from spindetect.language import is_english
from spindetect.markup import html_text, markdown_text
from spindetect.normalisation import normalise
from spindetect.quotations import quotation_spans
from spindetect.reading import MAX_BYTES, Markup, looks_like_html, read_text

WORD = re.compile(r"\d+(?:[.,:]\d+)*[a-z]{0,3}|[^\W\d_][^\W_]*(?:'[^\W_]+)*|%")
MAX_SENTENCES = 4_000
"""Sentences read of one article; the rest is recorded as ignored. Cost grows with the product of both sides."""
_LONGEST_SENTENCE = 1_200


@dataclass(frozen=True)
class Article:
    """A cleaned article.

    Attributes:
        text: the cleaned text; every offset in spindetect's results points into it.
        sentences: (start, end) offsets of the sentences.
        ignored: what was left out of the input and why.
    """

    text: str
    sentences: tuple[tuple[int, int], ...]
    ignored: tuple[Ignored, ...] = field(default=(), repr=False)

    @classmethod
    def from_text(cls, text: str, markup: Markup | None = None) -> Article:
        """Clean a string; a whole HTML page is recognised unless ``markup`` says what the string is.

        Raises:
            InputError: not a string, or longer than ten million characters.
        """
        if not isinstance(text, str):
            raise InputError(f"an article must be a string, not {type(text).__name__}: pass its text")
        if len(text) > MAX_BYTES:
            raise InputError(f"the text has {len(text):,} characters, the limit is {MAX_BYTES:,}: give the article alone")
        ignored: list[Ignored] = []
        if markup == "html" or (markup is None and looks_like_html(text)):
            text, visible = html_text(text)
            furniture = visible - len(text.split())
            if furniture > 0:
                ignored.append(Ignored("page around the article", "", furniture))
        elif markup == "markdown":
            text = markdown_text(text)
        blocks, dropped = article_blocks(blocks_of(normalise(text)))
        ignored.extend(dropped)
        clean = "\n\n".join(blocks)
        sentences = _sentences(clean)
        if len(sentences) > MAX_SENTENCES:
            cut = sentences[MAX_SENTENCES - 1][1]
            ignored.append(Ignored("beyond the length limit", clean[cut : cut + 200].strip(), len(clean[cut:].split())))
            clean, sentences = clean[:cut], sentences[:MAX_SENTENCES]
        return cls(clean, tuple(sentences), tuple(ignored))

    @classmethod
    def from_file(cls, source: str | Path) -> Article:
        """Read and clean a file (.txt, .md, .html; .pdf and .docx with the ``documents`` extra; ``-`` for stdin).

        Raises:
            InputError: the file cannot be used; the message says why.
            MissingExtraError: the extra is not installed.
        """
        text, markup = read_text(source)
        return cls.from_text(text, markup)

    @classmethod
    def of(cls, source: str | Path | Article) -> Article:
        """An article from whatever the API takes: a string is text, a Path is a file."""
        if isinstance(source, Article):
            return source
        return cls.from_file(source) if isinstance(source, Path) else cls.from_text(source)

    @cached_property
    def words(self) -> list[str]:
        """The words, case-folded, in order."""
        return [self.text[start:end].casefold() for start, end in self.word_spans]

    @cached_property
    def _located(self) -> list[tuple[int, int, int]]:
        return [
            (*match.span(), number)
            for number, (start, end) in enumerate(self.sentences)
            for match in WORD.finditer(self.text, start, end)
        ]

    @cached_property
    def word_spans(self) -> list[tuple[int, int]]:
        """(start, end) offsets of the words."""
        return [(start, end) for start, end, _ in self._located]

    @cached_property
    def word_sentence(self) -> np.ndarray:
        """Sentence number of each word, shape (words,)."""
        return np.array([number for _, _, number in self._located], dtype=np.intp)

    @cached_property
    def quoted(self) -> np.ndarray:
        """True for words inside direct quotations, shape (words,)."""
        mask = np.zeros(len(self.word_spans), dtype=bool)
        starts = np.array([start for start, _ in self.word_spans], dtype=np.intp)
        for start, end in quotation_spans(self.text):
            mask[np.searchsorted(starts, start) : np.searchsorted(starts, end)] = True
        return mask

    @cached_property
    def is_english(self) -> bool:
        """False when the text is clearly in another language."""
        return is_english(self.words, self.text)

    def sentence_texts(self) -> list[str]:
        """The sentences as strings, in order."""
        return [self.text[start:end] for start, end in self.sentences]


def _sentences(text: str) -> list[tuple[int, int]]:
    spans = []
    for boundary in sentencex.get_sentence_boundaries("en", text):
        start, end = boundary["start_index"], boundary["end_index"]
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if start < end and WORD.search(text, start, end):
            spans.extend(_bounded(text, start, end))
    return spans


def _bounded(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut what no reader would call a sentence (a list, a table, a megabyte without a full stop) at word ends."""
    spans = []
    while end - start > _LONGEST_SENTENCE:
        cut = text.rfind(" ", start + _LONGEST_SENTENCE // 2, start + _LONGEST_SENTENCE)
        cut = cut if cut > start else start + _LONGEST_SENTENCE
        spans.append((start, cut))
        start = cut + (cut < end and text[cut] == " ")
    return [*spans, (start, end)] if start < end else spans

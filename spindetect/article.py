"""Article: text, Markdown or HTML in; clean text with sentences, words and their offsets out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import sentencex

from spindetect.brokenwords import mended
from spindetect.cleaning import Ignored, article_blocks, blocks_of
from spindetect.errors import InputError
from spindetect.language import is_english
from spindetect.markup import html_text, markdown_text
from spindetect.normalisation import normalise
from spindetect.quotations import quotation_spans
from spindetect.reading import MAX_BYTES, Markup, looks_like_html, read_text
from spindetect.spintax import without_spintax

WORD = re.compile(r"\d+(?:[.,:]\d+)*[a-z]{0,3}|[^\W\d_][^\W_]*(?:'[^\W_]+)*|%")
_WORDS_AND_GAPS = re.compile(f"({WORD.pattern})")
_ASCII_WORDS_AND_GAPS = re.compile(r"([0-9]+(?:[.,:][0-9]+)*[a-z]{0,3}|[A-Za-z][A-Za-z0-9]*(?:'[A-Za-z0-9]+)*|%)")
"""The same for text of ASCII alone, a third faster."""
MAX_SENTENCES = 12_000
"""Sentences read of one article, some 200,000 words; the rest is recorded as ignored."""
_LONGEST_SENTENCE = 1_200


@dataclass(frozen=True)
class Article:
    """A cleaned article.

    Attributes:
        text: the cleaned text; every offset in spindetect's results points into it.
        sentences: (start, end) offsets of the sentences; each holds at least one word.
        word_bounds: (start, end) offsets of the words, shape (words, 2).
        words: case-folded, in order.
        ignored: what was left out of the input and why.
    """

    text: str
    sentences: tuple[tuple[int, int], ...]
    word_bounds: np.ndarray = field(repr=False, compare=False)
    words: list[str] = field(repr=False, compare=False)
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
        if markup == "html" or (markup != "text" and looks_like_html(text)):
            text, visible, hidden = html_text(text)
            if hidden:
                ignored.append(Ignored("hidden text", hidden[:200], len(hidden.split())))
            furniture = visible - len(text.split())
            if furniture > 0:
                ignored.append(Ignored("page around the article", "", furniture))
        elif markup == "markdown":
            text = markdown_text(text)
        text, alternatives = without_spintax(normalise(text))
        blocks, dropped = article_blocks(blocks_of(text))
        ignored += [*alternatives, *dropped]
        clean = mended("\n\n".join(blocks))
        words, bounds = _words(clean)
        sentences = _sentences(clean, bounds[:, 0])
        if len(sentences) > MAX_SENTENCES:
            cut = sentences[MAX_SENTENCES - 1][1]
            ignored.append(Ignored("beyond the length limit", clean[cut : cut + 200].strip(), len(clean[cut:].split())))
            bounds = bounds[bounds[:, 0] < cut]
            clean, sentences, words = clean[:cut], sentences[:MAX_SENTENCES], words[: len(bounds)]
        return cls(clean, tuple(sentences), bounds, words, tuple(ignored))

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

    @classmethod
    def restored(cls, text: str, sentences: Sequence[tuple[int, int]]) -> Article:
        """An article from a text and sentences that were another's once; nothing is cleaned again."""
        words, bounds = _words(text)
        return cls(text, tuple(sentences), bounds, words)

    @property
    def word_spans(self) -> list[tuple[int, int]]:
        """(start, end) offsets of the words."""
        return [(start, end) for start, end in self.word_bounds.tolist()]

    @cached_property
    def word_sentence(self) -> np.ndarray:
        """Sentence number of each word, shape (words,)."""
        ends = np.array([end for _, end in self.sentences], dtype=np.intp)
        return np.searchsorted(ends, self.word_bounds[:, 0], side="right")

    @cached_property
    def quoted(self) -> np.ndarray:
        """True for words inside direct quotations, shape (words,)."""
        mask = np.zeros(len(self.words), dtype=bool)
        starts = self.word_bounds[:, 0]
        for start, end in quotation_spans(self.text):
            mask[np.searchsorted(starts, start) : np.searchsorted(starts, end)] = True
        return mask

    @cached_property
    def words_of_text(self) -> list[str]:
        """Those of sentences that were put aside as well, case-folded."""
        return _words(self.text)[0]

    @cached_property
    def is_english(self) -> bool:
        """False when the text is clearly in another language."""
        return is_english(self.words, self.text)

    def sentence_texts(self) -> list[str]:
        """The sentences as strings, in order."""
        return [self.text[start:end] for start, end in self.sentences]


def _words(text: str) -> tuple[list[str], np.ndarray]:
    """The words, case-folded, and their (start, end) offsets, shape (words, 2); by the lengths of words and of the gaps
    between them, since asking each match for its span takes longer."""
    parts = (_ASCII_WORDS_AND_GAPS if text.isascii() else _WORDS_AND_GAPS).split(text)
    ends = np.fromiter(map(len, parts), dtype=np.intp, count=len(parts)).cumsum()
    words = "\n".join(parts[1::2]).casefold().split("\n") if len(parts) > 1 else []
    return words, np.stack([ends[:-1:2], ends[1::2]], axis=1)


def _sentences(text: str, word_starts: np.ndarray) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for boundary in sentencex.get_sentence_boundaries("en", text):
        start, end = boundary["start_index"], boundary["end_index"]
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if end - start > _LONGEST_SENTENCE:
            spans.extend(_bounded(text, start, end))
        elif start < end:
            spans.append((start, end))
    # A span without the start of a word is a lone mark, or the tail of "example.com" cut at its full stop.
    first = np.searchsorted(word_starts, [start for start, _ in spans])
    last = np.searchsorted(word_starts, [end for _, end in spans])
    return [span for span, has_word in zip(spans, (first < last).tolist(), strict=True) if has_word]


def _bounded(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut what no reader would call a sentence (a list, a table) at spaces; a giant word stays whole."""
    spans = []
    while end - start > _LONGEST_SENTENCE:
        cut = text.rfind(" ", start + _LONGEST_SENTENCE // 2, start + _LONGEST_SENTENCE)
        cut = cut if cut > start else text.find(" ", start + _LONGEST_SENTENCE, end)
        if cut < 0:
            break
        spans.append((start, cut))
        start = cut + 1
    return [*spans, (start, end)] if start < end else spans

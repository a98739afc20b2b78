"""Tricks with sentences and paragraphs: moved, split, merged, put among others, put into quotation marks."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from spindetect.article import Article
from spindetect.training.spinners.draft import Draft
from spindetect.training.spinners.structure import merge_sentences, split_sentences

_JOINS = (", and ", "; ", ", while ", ", as ")
_REMARKS = (
    "That is how the report begins, and it is worth slowing down over what it chooses to put first.",
    "I read that passage three times before I saw what bothered me about it.",
    "Here the writer does something that good reporters seldom do, and I would like to know why.",
    "Nobody I spoke to this week would put it so neatly.",
    "Note the order of the clauses: the excuse arrives before the thing it excuses.",
    "There is a fair point in there, and it deserves a better defence than it gets.",
    "My own view is less charitable, as regular readers of this column will have guessed.",
    "One could object that space was short, but a single further telephone call would have settled it.",
    "It is a sober paragraph, and to my mind the most honest one in the piece.",
    "Whether that will still be true in a year is a question the article leaves open.",
    "So much for the facts; the tone is another matter altogether.",
    "A reader wrote to me to ask what this means for her, and I had to admit that I could not say.",
)


def shuffled_sentences(text: str, rng: random.Random) -> str:
    sentences = Article.from_text(text).sentence_texts()
    rng.shuffle(sentences)
    return _paragraphs(sentences)


def split_in_two(text: str, rng: random.Random) -> str:
    """Long sentences cut at a comma before a connective."""
    return split_sentences(Draft.of(Article.from_text(text)), rng, 1.0).render().text


def merged_sentences(text: str, rng: random.Random) -> str:
    """Short neighbours joined by a connective, and the paragraphs run together."""
    draft = merge_sentences(Draft.of(Article.from_text(text)), rng, 1.0)
    sentences = Article.from_text(draft.render().text).sentence_texts()
    joined: list[str] = []
    for sentence in sentences:
        plain = bool(joined) and joined[-1].endswith(".") and '"' not in sentence and '"' not in joined[-1]
        if plain and len(joined[-1].split()) + len(sentence.split()) < 60 and rng.random() < 0.5:
            joined[-1] = joined[-1][:-1] + rng.choice(_JOINS) + sentence[0].lower() + sentence[1:]
        else:
            joined.append(sentence)
    return _paragraphs(joined, 6)


def among_strangers(strangers: Sequence[str]) -> Callable[[str, random.Random], str]:
    """Each paragraph followed by one of an unrelated text, drawn from ``strangers``: half of the result is the text's."""

    def interleaved(text: str, rng: random.Random) -> str:
        own, other = text.split("\n\n"), rng.choice(strangers).split("\n\n")
        size = max(len(own), len(other))
        turns = [part for number in range(size) for part in (*own[number : number + 1], *other[number : number + 1])]
        return "\n\n".join(turns)

    return interleaved


def quoted_in_full(text: str, rng: random.Random) -> str:
    """A column that quotes the whole text, paragraph by paragraph, and comments on it."""
    inner = (re.sub('["“”]', "'", paragraph) for paragraph in text.split("\n\n"))
    return "\n\n".join(f'"{part}"' if is_quoted else part for is_quoted, part in _column(inner, rng))


def quoted_on_a_page(text: str, rng: random.Random) -> str:
    """The same as a page, with block quotations in the place of the marks."""
    parts = _column((escape(paragraph) for paragraph in text.split("\n\n")), rng)
    body = "".join(f"<blockquote><p>{part}</p></blockquote>" if is_quoted else f"<p>{part}</p>" for is_quoted, part in parts)
    return f"<!DOCTYPE html><html><body><article><h1>A word on it</h1>{body}</article></body></html>"


def _column(paragraphs: Iterable[str], rng: random.Random) -> Iterator[tuple[bool, str]]:
    """Paragraphs of a column, and whether each is quoted."""
    remarks = list(_REMARKS)
    rng.shuffle(remarks)
    yield (
        False,
        "The article that everyone has been sending me this week is short, and I shall give all of it, because it repays a look.",
    )
    for number, paragraph in enumerate(paragraphs):
        yield True, paragraph
        yield False, f"{remarks[2 * number % len(remarks)]} {remarks[(2 * number + 1) % len(remarks)]}"


def _paragraphs(sentences: Sequence[str], size: int = 3) -> str:
    return "\n\n".join(" ".join(sentences[start : start + size]) for start in range(0, len(sentences), size))

"""Spinners that move, split and merge sentences and paragraphs without touching words."""

from __future__ import annotations

import random
from dataclasses import replace

from spindetect.training.spinners.draft import Draft, DraftSentence, Token

_JOINS = ("and", "while", "whereas", "with the news that", "as")
_SPLIT_AT = {
    "and": "",
    "but": "But",
    "while": "Meanwhile",
    "which": "This",
    "although": "However",
    "because": "The reason is that",
}


def shuffle_sentences(draft: Draft, rng: random.Random, strength: float) -> Draft:
    """Move a share ``strength`` of the sentences to other places."""
    sentences = list(draft.sentences)
    moving = [number for number in range(len(sentences)) if rng.random() < strength]
    targets = moving[:]
    rng.shuffle(targets)
    result = list(sentences)
    for source, target in zip(moving, targets, strict=True):
        result[target] = replace(sentences[source], starts_paragraph=sentences[target].starts_paragraph)
    return draft.with_sentences(result)


def shuffle_paragraphs(draft: Draft, rng: random.Random, strength: float) -> Draft:
    """Put the paragraphs into a random order; a weak strength swaps a few neighbours only."""
    paragraphs = paragraphs_of(draft)
    if strength >= 0.5:
        rng.shuffle(paragraphs)
    else:
        for number in range(len(paragraphs) - 1):
            if rng.random() < strength:
                paragraphs[number], paragraphs[number + 1] = paragraphs[number + 1], paragraphs[number]
    return draft.with_sentences(joined(paragraphs))


def paragraphs_of(draft: Draft) -> list[list[DraftSentence]]:
    paragraphs: list[list[DraftSentence]] = []
    for sentence in draft.sentences:
        if sentence.starts_paragraph or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(sentence)
    return paragraphs


def joined(paragraphs: list[list[DraftSentence]]) -> list[DraftSentence]:
    return [
        replace(sentence, starts_paragraph=number == 0) for paragraph in paragraphs for number, sentence in enumerate(paragraph)
    ]


def merge_sentences(draft: Draft, rng: random.Random, strength: float) -> Draft:
    """Join neighbouring short sentences with a connective, with probability ``strength``."""
    result: list[DraftSentence] = []
    for sentence in draft.sentences:
        short = result and len(result[-1].tokens) + len(sentence.tokens) < 90
        plain = '"' not in sentence.text and result and '"' not in result[-1].text
        if short and plain and not sentence.starts_paragraph and result[-1].text.endswith(".") and rng.random() < strength:
            head, tail = result[-1], list(sentence.tokens)
            tail[0] = lowered(tail[0])
            link = [Token(","), Token(" "), Token(rng.choice(_JOINS)), Token(" ")]
            merged = (*head.tokens[:-1], *link, *tail)
            result[-1] = replace(head, tokens=merged, sources=(*head.sources, *sentence.sources))
        else:
            result.append(sentence)
    return draft.with_sentences(result)


def split_sentences(draft: Draft, rng: random.Random, strength: float) -> Draft:
    """Cut long sentences in two at a comma before a connective, with probability ``strength``."""
    result: list[DraftSentence] = []
    for sentence in draft.sentences:
        cut = _cut_point(sentence)
        if cut is None or rng.random() >= strength:
            result.append(sentence)
            continue
        comma, word = cut
        opener = _SPLIT_AT[sentence.tokens[word].text]
        rest = list(sentence.tokens[word + 2 :])
        if opener:
            rest = [Token(opener), Token(" "), *rest]
        else:
            rest[0] = raised(rest[0])
        result.append(replace(sentence, tokens=(*sentence.tokens[:comma], Token("."))))
        result.append(replace(sentence, tokens=tuple(rest), starts_paragraph=False))
    return draft.with_sentences(result)


def _cut_point(sentence: DraftSentence) -> tuple[int, int] | None:
    tokens = sentence.tokens
    if '"' in sentence.text:
        return None
    for number in range(8, len(tokens) - 10):
        if tokens[number].text == "," and tokens[number + 2].text in _SPLIT_AT:
            return number, number + 2
    return None


def lowered(token: Token) -> Token:
    """The word as it stands inside a sentence; a name keeps its capital if it looks like one."""
    common = token.text.lower() in _OPENERS
    return replace(token, text=token.text[0].lower() + token.text[1:]) if common else token


def raised(token: Token) -> Token:
    return replace(token, text=token.text[:1].upper() + token.text[1:])


_OPENERS = frozenset(
    "the a an this that these those it he she they we its his her their our in on at by for from with after before when while as "
    "if although because since despite about some many most all both each no there more under over during until once "
    "another".split()
)

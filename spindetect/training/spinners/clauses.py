"""A spinner that rewrites sentences by moving their clauses, attributions and adverbials, and by turning the voice.

Patterns look at the words and marks of a sentence only, so they fire on part of the text and are sometimes clumsy: so
are the tools.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from spindetect.training.spinners.draft import Draft, Token
from spindetect.training.spinners.grammar import readings
from spindetect.training.spinners.structure import lowered, raised

Tokens = list[Token]
_SPACE, _COMMA, _STOP = Token(" "), Token(","), Token(".")
_SAYING = frozenset("said says told added explained stated announced reported warned insisted noted argued claimed".split())
_SUBORDINATORS = frozenset("after before when while because although if since once until unless as whereas though".split())
_ADVERBIAL_HEADS = frozenset("on in at by from during since after before following despite under over for with within".split())
_OPENING_LINKS = (
    "In addition,",
    "Moreover,",
    "Meanwhile,",
    "At the same time,",
    "As a result,",
    "In fact,",
    "Notably,",
    "Furthermore,",
)


def rewrite_clauses(draft: Draft, rng: random.Random, strength: float) -> Draft:
    """Rewrite each sentence with probability ``strength`` by the first patterns that fit, in a random order."""
    sentences = []
    for sentence in draft.sentences:
        tokens: Tokens | None = None
        if rng.random() < strength:
            patterns = list(_PATTERNS)
            rng.shuffle(patterns)
            for pattern in patterns:
                tokens = pattern(list(sentence.tokens), rng)
                if tokens is not None:
                    break
        sentences.append(sentence if tokens is None else sentence.with_tokens(tokens))
    return draft.with_sentences(sentences)


def _attribution_first(tokens: Tokens, rng: random.Random) -> Tokens | None:
    """ "X, A said." becomes "According to A, X." or "A said that X."."""
    if any(token.text == '"' for token in tokens):
        return None
    comma = _last(tokens, ",")
    if comma is None or not 12 <= comma <= len(tokens) - 4 or tokens[-1].text != ".":
        return None
    tail = tokens[comma + 2 : -1]
    verb = next((number for number, token in enumerate(tail) if token.text in _SAYING), None)
    if verb is None or len(tail) > 24 or not (verb == len(tail) - 1 or verb == 0):
        return None
    speaker = tail[2:] if verb == 0 else tail[: verb - 1]
    if not speaker:
        return None
    claim = [lowered(tokens[0]), *tokens[1:comma]]
    if rng.random() < 0.5:
        opening = Token("According to", tail[verb].source, "phrase")
        return [opening, _SPACE, lowered(speaker[0]), *speaker[1:], _COMMA, _SPACE, *claim, _STOP]
    return [raised(speaker[0]), *speaker[1:], _SPACE, tail[verb], _SPACE, Token("that"), _SPACE, *claim, _STOP]


def _attribution_last(tokens: Tokens, rng: random.Random) -> Tokens | None:
    """ "A said that X." or "A said X." becomes "X, A said."."""
    if any(token.text in ('"', ",") for token in tokens) or tokens[-1].text != ".":
        return None
    verb = next((number for number, token in enumerate(tokens[:16]) if token.text in _SAYING), None)
    if verb is None or verb < 2 or len(tokens) - verb < 12:
        return None
    claim = tokens[verb + 2 : -1]
    if claim[0].text == "that":
        claim = claim[2:]
    return [raised(claim[0]), *claim[1:], _COMMA, _SPACE, lowered(tokens[0]), *tokens[1 : verb + 1], _STOP]


def _quote_order(tokens: Tokens, rng: random.Random) -> Tokens | None:
    """'"Q," said A.' becomes 'A said: "Q."' and back."""
    marks = [number for number, token in enumerate(tokens) if token.text == '"']
    if len(marks) != 2:
        return None
    first, second = marks
    if first == 0 and tokens[second - 1].text in ",?!" and second + 5 < len(tokens) and tokens[-1].text == ".":
        tail = tokens[second + 2 : -1]
        if not tail or not (tail[0].text in _SAYING or tail[-1].text in _SAYING):
            return None
        verb, speaker = (tail[0], tail[2:]) if tail[0].text in _SAYING else (tail[-1], tail[:-2])
        if not speaker:
            return None
        quote = tokens[1 : second - 1] if tokens[second - 1].text == "," else tokens[1:second]
        close = [Token("."), Token('"')] if tokens[second - 1].text == "," else [Token('"')]
        return [raised(speaker[0]), *speaker[1:], _SPACE, verb, Token(":"), _SPACE, Token('"'), *quote, *close]
    return None


def _subordinate_first(tokens: Tokens, rng: random.Random) -> Tokens | None:
    """ "A because B." becomes "Because B, A." and "Because B, A." becomes "A because B."."""
    if '"' in {token.text for token in tokens} or tokens[-1].text != ".":
        return None
    if tokens[0].text.lower() in _SUBORDINATORS:
        comma = next((number for number, token in enumerate(tokens) if token.text == ","), None)
        if comma is None or not 6 <= comma <= len(tokens) - 8 or _last(tokens, ",") != comma:
            return None
        main = tokens[comma + 2 : -1]
        first = replace(tokens[0], text=tokens[0].text.lower())
        return [raised(main[0]), *main[1:], _SPACE, first, *tokens[1:comma], _STOP]
    for number in range(len(tokens) - 8, 8, -1):
        if tokens[number].text in _SUBORDINATORS and tokens[number].text != "as":
            end = number - 2 if tokens[number - 2].text == "," else number - 1
            clause = tokens[number:-1]
            if any(token.text == "," for token in clause):
                return None
            return [raised(clause[0]), *clause[1:], _COMMA, _SPACE, lowered(tokens[0]), *tokens[1:end], _STOP]
    return None


def _adverbial(tokens: Tokens, rng: random.Random) -> Tokens | None:
    """ "On Monday, X." becomes "X on Monday." and "X on Monday." becomes "On Monday, X."."""
    if '"' in {token.text for token in tokens} or tokens[-1].text != ".":
        return None
    if tokens[0].text.lower() in _ADVERBIAL_HEADS:
        comma = next((number for number, token in enumerate(tokens[:16]) if token.text == ","), None)
        if comma is None or comma < 3 or len(tokens) - comma < 10:
            return None
        main = tokens[comma + 2 : -1]
        first = replace(tokens[0], text=tokens[0].text.lower())
        return [raised(main[0]), *main[1:], _SPACE, first, *tokens[1:comma], _STOP]
    for number in range(len(tokens) - 4, max(10, len(tokens) - 12), -1):
        if tokens[number].text in _ADVERBIAL_HEADS:
            phrase = tokens[number:-1]
            if any(token.text == "," for token in phrase):
                return None
            return [raised(phrase[0]), *phrase[1:], _COMMA, _SPACE, lowered(tokens[0]), *tokens[1 : number - 1], _STOP]
    return None


def _active(tokens: Tokens, rng: random.Random) -> Tokens | None:
    """ "S was seen by A." becomes "A saw S."."""
    words = [token.text for token in tokens]
    if '"' in words or tokens[-1].text != "." or "," in words:
        return None
    for number in range(2, len(tokens) - 6):
        if words[number] in ("was", "were") and words[number + 4] == "by":
            past = _past_form(words[number + 2])
            if past is None:
                return None
            agent, subject = tokens[number + 6 : -1], tokens[: number - 1]
            verb = replace(tokens[number + 2], text=past, relation="inflection" if past != words[number + 2] else None)
            return [raised(agent[0]), *agent[1:], _SPACE, verb, _SPACE, lowered(subject[0]), *subject[1:], _STOP]
    return None


def _past_form(participle: str) -> str | None:
    from lemminflect import getInflection

    for _, base, tag in readings(participle):
        if tag == "VBN":
            forms = getInflection(base, "VBD")
            return forms[0] if forms else None
    return None


def _linked(tokens: Tokens, rng: random.Random) -> Tokens | None:
    """A connective in front, as tools like them."""
    if tokens[0].text == '"' or tokens[0].text.lower() in ("but", "and", "however", "meanwhile"):
        return None
    return [Token(rng.choice(_OPENING_LINKS)), _SPACE, lowered(tokens[0]), *tokens[1:]]


def _relative_cut(tokens: Tokens, rng: random.Random) -> Tokens | None:
    """ "A, who is B, did C." becomes "A is B and did C."."""
    words = [token.text for token in tokens]
    if '"' in words:
        return None
    for number in range(2, len(tokens) - 6):
        if words[number] == "," and words[number + 2] in ("who", "which"):
            end = next((k for k in range(number + 4, len(tokens) - 4) if words[k] == ","), None)
            if end is None:
                return None
            link = [_SPACE, Token("and"), _SPACE]
            return [*tokens[:number], _SPACE, *tokens[number + 4 : end], *link, *tokens[end + 2 :]]
    return None


def _last(tokens: Sequence[Token], text: str) -> int | None:
    return next((number for number in range(len(tokens) - 1, -1, -1) if tokens[number].text == text), None)


_PATTERNS: tuple[Callable[[Tokens, random.Random], Tokens | None], ...] = (
    _attribution_first,
    _attribution_last,
    _quote_order,
    _subordinate_first,
    _adverbial,
    _active,
    _relative_cut,
    _linked,
)

"""Spinners that swap words and phrases: thesaurus, wrong senses, embedding neighbours, a phrase book."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

import numpy as np

from spindetect.encoder import StaticEncoder
from spindetect.lemmas import lemma
from spindetect.training.spinners.draft import Draft, DraftSentence, Token
from spindetect.training.spinners.grammar import inflected, lemma_of, likely_reading, match_case, readings, repair_articles
from spindetect.training.spinners.wordnet import sense_count, synonyms

REPAIR = 0.9
"""How often a real tool gets inflection and a/an right after a swap."""

# What swapping tools leave alone: function words, auxiliaries, negation.
_KEPT = frozenset(
    "the a an of to in for on with at by from as is are was were be been being am has have had do does did will would can could "
    "may might must shall should not no nor and or but if that which who whom whose this these those it its he his him she her "
    "they their them we our us you your i my me there here then than so such one two three four five six seven eight nine ten "
    "mr mrs ms dr said".split()
)
_KIND_RELATION = {True: "phrase", False: "synonym"}
WordChooser = Callable[[str, str, str, random.Random], str | None]


def swap_words(draft: Draft, rng: random.Random, strength: float, choose: WordChooser, repair: float = REPAIR) -> Draft:
    """Replace a share ``strength`` of the replaceable words by what ``choose(word, kind, tag, rng)`` gives."""
    return draft.with_sentences([_swap_in_sentence(sentence, rng, strength, choose, repair) for sentence in draft.sentences])


def _swap_in_sentence(
    sentence: DraftSentence, rng: random.Random, strength: float, choose: WordChooser, repair: float
) -> DraftSentence:
    tokens = list(sentence.tokens)
    before = ""
    for number, token in enumerate(tokens):
        if not token.is_word:
            continue
        word = token.text.lower()
        if _is_replaceable(token, number) and rng.random() < strength:
            replacement = _replacement(word, before, rng, choose, repair)
            if replacement and replacement != word:
                relation = _KIND_RELATION[" " in replacement]
                tokens[number] = Token(match_case(replacement, token.text), token.source, relation)
        before = word
    return sentence.with_tokens(repair_articles(tokens, rng, repair))


def _is_replaceable(token: Token, number: int) -> bool:
    text = token.text
    if not token.is_untouched_word or text.lower() in _KEPT or not text.isalpha() or len(text) < 3:
        return False
    # A capital inside a sentence is a name; at its start it is one unless the word is in the lexicon.
    return text.islower() or (number == 0 and bool(readings(text.lower())))


def _replacement(word: str, before: str, rng: random.Random, choose: WordChooser, repair: float) -> str | None:
    reading = likely_reading(word, before, rng)
    if reading is None:
        return None
    kind, base, tag = reading
    chosen = choose(base, kind, tag, rng)
    if chosen is None:
        return None
    return inflected(chosen, kind, tag) if rng.random() < repair else chosen


def thesaurus_choice(base: str, kind: str, tag: str, rng: random.Random) -> str | None:
    """A WordNet synonym from the two commonest senses."""
    options = synonyms(base, kind)
    return rng.choice(options) if options else None


def wrong_sense_choice(base: str, kind: str, tag: str, rng: random.Random) -> str | None:
    """A synonym from any sense but the first: the homonym-blind spinner."""
    count = sense_count(base, kind)
    options = synonyms(base, kind, rng.randrange(1, count)) if count > 1 else synonyms(base, kind)
    return rng.choice(options) if options else None


class NeighbourChoice:
    """Nearest words in the static encoder's own vocabulary that are not forms of the word itself."""

    def __init__(self, encoder: StaticEncoder, neighbours: int = 6, floor: float = 0.45) -> None:
        vocabulary = encoder.vocabulary()
        self._words = [word for word in vocabulary if word.isalpha() and word.isascii() and len(word) > 2 and readings(word)]
        self._vectors = encoder.word_vectors(self._words)
        self._encoder = encoder
        self._neighbours = neighbours
        self._floor = floor
        self._cache: dict[tuple[str, str], list[str]] = {}

    def __call__(self, base: str, kind: str, tag: str, rng: random.Random) -> str | None:
        options = self._cache.get((base, kind))
        if options is None:
            options = self._cache[(base, kind)] = self._options(base, kind)
        return rng.choice(options) if options else None

    def _options(self, base: str, kind: str) -> list[str]:
        similar = self._vectors @ self._encoder.word_vectors([base])[0]
        found: list[str] = []
        for row in np.argsort(-similar)[:40]:
            word = self._words[row]
            if similar[row] < self._floor or len(found) >= self._neighbours:
                break
            if lemma(word) != lemma(base) and any(option[0] == kind for option in readings(word)):
                found.append(lemma_of(word, kind))
        return list(dict.fromkeys(found))


@lru_cache(maxsize=1)
def phrase_book() -> dict[tuple[str, ...], tuple[str, tuple[str, ...]]]:
    """Headword as lower-case words -> (kind, alternatives); kinds v, n, a, r and x (fixed)."""
    entries = {}
    text = files("spindetect.training.spinners").joinpath("phrasebook.tsv").read_text("ascii")
    for line in text.splitlines():
        kind, head, alternatives = line.split("\t")
        entries[tuple(head.split())] = (kind, tuple(alternatives.split("|")))
    return entries


def swap_phrases(draft: Draft, rng: random.Random, strength: float, repair: float = REPAIR) -> Draft:
    """Replace words and phrases as the phrase book has them, longest match first, with probability ``strength``."""
    return draft.with_sentences([_phrases_in_sentence(sentence, rng, strength, repair) for sentence in draft.sentences])


def _phrases_in_sentence(sentence: DraftSentence, rng: random.Random, strength: float, repair: float) -> DraftSentence:
    tokens = list(sentence.tokens)
    result: list[Token] = []
    position = 0
    while position < len(tokens):
        found = _phrase_at(tokens, position)
        if found is None or rng.random() >= strength:
            result.append(tokens[position])
            position += 1
            continue
        end, kind, tag, alternatives = found
        first, last = tokens[position], tokens[end - 1]
        chosen = rng.choice(alternatives)
        if kind in ("v", "n") and rng.random() < repair:
            chosen = inflected(chosen, kind, tag)
        assert first.source is not None and last.source is not None
        relation = _KIND_RELATION[" " in chosen or end - position > 1]
        result.append(Token(match_case(chosen, first.text), (first.source[0], last.source[1]), relation))
        position = end
    return sentence.with_tokens(repair_articles(result, rng, repair))


def _phrase_at(tokens: list[Token], start: int, longest: int = 6) -> tuple[int, str, str, tuple[str, ...]] | None:
    """The longest phrase-book entry at a token: its end, kind, the form it stands in, and the alternatives."""
    if not tokens[start].is_untouched_word:
        return None
    book = phrase_book()
    words: list[str] = []
    ends: list[int] = []
    for number in range(start, len(tokens)):
        token = tokens[number]
        if token.is_word:
            if not token.is_untouched_word or (token.text[0].isupper() and number != 0) or len(words) == longest:
                break
            words.append(token.text.lower())
            ends.append(number + 1)
        elif not token.text.isspace():
            break
    for size in range(len(words), 0, -1):
        span = tuple(words[:size])
        if span in book:
            kind, alternatives = book[span]
            if kind != "v" or size > 1 or span[0] not in _KEPT:
                return ends[size - 1], kind, {"v": "VB", "n": "NN"}.get(kind, ""), alternatives
        for kind, at in (("v", 0), ("n", size - 1)):
            for reading_kind, base, tag in readings(span[at]):
                if reading_kind == kind and base != span[at]:
                    head = (*span[:at], base, *span[at + 1 :])
                    if head in book and book[head][0] == kind:
                        return ends[size - 1], kind, tag, book[head][1]
    return None

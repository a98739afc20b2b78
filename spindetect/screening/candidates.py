"""Words that may have stood where an odd one stands: nearest vectors, the lexicon's synonyms, the phrase book's headwords."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import simplemma

from spindetect.encoder import StaticEncoder
from spindetect.lemmas import lemma
from spindetect.synonyms import Synonyms

_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion dozen".split()
)
_NEAR = 0.35
"""Cosine from which a word is a neighbour."""
_NEIGHBOURS = 120


@dataclass(frozen=True)
class Candidate:
    """A word, the cosine of its vector to that of the odd one, and whether a lexicon has the two as synonyms."""

    word: str
    similarity: float
    is_synonym: bool


class Candidates:
    """Looks up what could stand in a word's place. Candidates are words of the static encoder's own vocabulary, commoner than
    the odd word and in the same inflection; names and numbers are none."""

    def __init__(self, words: StaticEncoder, synonyms: Synonyms) -> None:
        self._encoder = words
        self._synonyms = synonyms
        self._words = [word for word in words.vocabulary() if _is_plain(word) and synonyms.senses([word])]
        self._vectors = words.word_vectors(self._words).copy()
        self._rarity = words.rarity(self._words).copy()
        self._row = {word: row for row, word in enumerate(self._words)}
        self._form = [inflection(word) for word in self._words]
        self._forms_of: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            self._forms_of[lemma(word)].append(word)
        self._headwords = _headwords()

    def of(self, word: str) -> list[Candidate]:
        """Candidates for a case-folded word, nearest first."""
        similarity = self._vectors @ self._vector(word)
        synonyms = self._synonym_rows(word)
        rarity, form, base = float(self._encoder.rarity([word])[0]), inflection(word), lemma(word)
        # "about" stands for "roughly": adverbs need not look like one.
        plain_adverbs = synonyms if form == "adverb" else set()
        rows = [
            row
            for row in synonyms | self._neighbours(similarity)
            if self._rarity[row] < rarity
            and (self._form[row] == form or (row in plain_adverbs and self._form[row] == "base"))
            and lemma(self._words[row]) != base
        ]
        rows.sort(key=lambda row: (-similarity[row], row))
        return [Candidate(self._words[row], float(similarity[row]), row in synonyms) for row in rows]

    def _vector(self, word: str) -> np.ndarray:
        """Of the word, or of its dictionary form where that alone is in the vocabulary. A word in pieces has none: their sum
        is that of strangers."""
        known = next((form for form in (word, lemma(word)) if form in self._row), None)
        return self._vectors[self._row[known]] if known else np.zeros(self._vectors.shape[1], dtype=np.float32)

    def _neighbours(self, similarity: np.ndarray) -> set[int]:
        nearest = np.argpartition(-similarity, min(_NEIGHBOURS, len(similarity) - 1))[:_NEIGHBOURS]
        return self._all_forms(lemma(self._words[row]) for row in nearest.tolist() if similarity[row] >= _NEAR)

    def _synonym_rows(self, word: str) -> set[int]:
        headwords = (*self._headwords.get(word, ()), *self._headwords.get(lemma(word), ()))
        return self._all_forms((*self._synonyms.others([word]), *headwords))

    def _all_forms(self, bases: Iterable[str]) -> set[int]:
        return {self._row[form] for base in bases for form in self._forms_of.get(base, ())}


def inflection(word: str) -> str:
    """Which form of its dictionary entry a word is, as far as its ending tells."""
    base = lemma(word)
    if word.endswith("ly"):
        return "adverb"
    if word == base:
        return "base"
    for ending in ("ing", "s", "er", "est"):
        if word.endswith(ending):
            return ending
    return "past"


def _is_plain(word: str) -> bool:
    """A word, neither name nor number: the dictionary of forms keeps the capitals of names."""
    if not (word.isalpha() and word.isascii() and len(word) > 2) or word in _NUMBERS:
        return False
    return not simplemma.lemmatize(word.capitalize(), "en")[:1].isupper()


def _headwords() -> dict[str, list[str]]:
    """Single words of the phrase book to the headwords that they are put in the place of."""
    found: dict[str, list[str]] = defaultdict(list)
    for head, alternative in _book_pairs():
        if " " not in head and " " not in alternative:
            found[alternative].append(head)
    return found


def _book_pairs() -> Iterator[tuple[str, str]]:
    # Read as a file: the package of the spinners needs the train extra.
    book = files("spindetect").joinpath("training/spinners/phrasebook.tsv")
    if book.is_file():
        for line in book.read_text("ascii").splitlines():
            _, head, alternatives = line.split("\t")
            yield from ((head, alternative) for alternative in alternatives.split("|"))

"""Pairs the words of two short runs that stand in the same place: which word or phrase took the place of which.

A dynamic programme over both runs in order. Position does most of the work: in a run between kept words whatever can be
paired is, near meanings first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import JaroWinkler

from spindetect.encoding import FUNCTION_WORD_RARITY, EncodedArticle
from spindetect.quantities import may_be_quantity, same_quantity
from spindetect.spelling import same_spelt_out
from spindetect.synonyms import Synonyms

LONGEST_PHRASE = 5
"""Words that may stand for one word."""
_PHRASE_SHAPES = tuple((1, k) for k in range(2, LONGEST_PHRASE + 1)) + tuple((k, 1) for k in range(2, LONGEST_PHRASE + 1))
_FREE_SHAPES = ((2, 2), (2, 3), (3, 2))
_QUANTITY_SHAPES = tuple((x, y) for x in range(1, 6) for y in range(1, 6))
_NEVER = -1e9


@dataclass(frozen=True)
class Costs:
    """What pairing and leaving out are worth; the scale is arbitrary. Fitted by scripts/fit_wording.py on spinners' truth."""

    equal_content: float = 2.28
    equal_function: float = 2.14
    same_lemma: float = 1.74
    same_quantity: float = 2.5
    synonym: float = 0.31
    synonym_phrase: float = 1.18
    content_pair: float = 0.36
    function_pair: float = 0.12
    mixed_pair: float = -0.33
    closeness: float = 1.36
    ending: float = 0.15
    spelling: float = 0.63
    capital: float = -1.24
    phrase: float = 0.32
    phrase_word: float = -0.07
    phrase_function_word: float = 0.03
    phrase_closeness: float = 2.02
    free_phrase: float = -0.82
    skip_content: float = -0.59
    skip_function: float = -0.19
    drift: float = -0.3


COSTS = Costs()


@dataclass(frozen=True)
class Run:
    """Words of one side, r of them.

    Attributes:
        words: case-folded.
        lemmas: their dictionary forms.
        content: True for content words, shape (r,).
        fixed: True for names and numbers, shape (r,).
        vectors: unit vectors, shape (r, d).
    """

    words: Sequence[str]
    lemmas: Sequence[str]
    content: np.ndarray
    fixed: np.ndarray
    vectors: np.ndarray

    @classmethod
    def of(cls, article: EncodedArticle, numbers: Sequence[int]) -> Run:
        """The words of an article with these numbers."""
        index = np.asarray(numbers, dtype=np.intp)
        words = article.article.words
        return cls(
            words=[words[n] for n in numbers],
            lemmas=[article.lemmas[n] for n in numbers],
            content=article.weights[index] > FUNCTION_WORD_RARITY,
            fixed=article.fixed[index],
            vectors=article.vectors_of(index),
        )

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True, slots=True)
class WordPair:
    """Suspect words [start, end) in place of original words [begin, finish), by their places in the runs."""

    start: int
    end: int
    begin: int
    finish: int
    gain: float


def pair_words(suspect: Run, original: Run, synonyms: Synonyms, costs: Costs = COSTS) -> list[WordPair]:
    """The best monotone pairing of two runs, in order; words in no pair are additions and cuts."""
    a, b = len(suspect), len(original)
    if not a or not b:
        return []
    gains = _all_gains(suspect, original, synonyms, costs)
    shapes = [(x, y, table.tolist()) for (x, y), table in gains.items()]
    s_skip = np.where(suspect.content, costs.skip_content, costs.skip_function).tolist()
    o_skip = np.where(original.content, costs.skip_content, costs.skip_function).tolist()
    best = [[0.0] * (b + 1) for _ in range(a + 1)]
    move = [[(0, 0)] * (b + 1) for _ in range(a + 1)]
    for i in range(1, a + 1):
        best[i][0], move[i][0] = best[i - 1][0] + s_skip[i - 1], (1, 0)
    for j in range(1, b + 1):
        best[0][j], move[0][j] = best[0][j - 1] + o_skip[j - 1], (0, 1)
    for i in range(1, a + 1):
        for j in range(1, b + 1):
            score, step = best[i - 1][j] + s_skip[i - 1], (1, 0)
            other = best[i][j - 1] + o_skip[j - 1]
            if other > score:
                score, step = other, (0, 1)
            for x, y, table in shapes:
                if x <= i and y <= j:
                    value = best[i - x][j - y] + table[i - x][j - y]
                    if value > score:
                        score, step = value, (x, y)
            best[i][j], move[i][j] = score, step
    pairs = []
    i, j = a, b
    while i and j:
        x, y = move[i][j]
        if x and y:
            pairs.append(WordPair(i - x, i, j - y, j, best[i][j] - best[i - x][j - y]))
        i, j = i - x, j - y
    return pairs[::-1]


def _all_gains(suspect: Run, original: Run, synonyms: Synonyms, costs: Costs) -> dict[tuple[int, int], np.ndarray]:
    """For each shape (x, y) the gain of pairing x suspect words from i with y original words from j."""
    a, b = len(suspect), len(original)
    gains = {(1, 1): _single_gains(suspect, original, costs)}
    for x, y in (*_PHRASE_SHAPES, *_FREE_SHAPES):
        if x <= a and y <= b:
            gains[(x, y)] = _phrase_gains(suspect, original, x, y, costs)
    for (x, y), table in gains.items():
        left = [synonyms.senses(suspect.words[i : i + x]) for i in range(a - x + 1)]
        right = [synonyms.senses(original.words[j : j + y]) for j in range(b - y + 1)]
        bonus = costs.synonym if x == y == 1 else costs.synonym_phrase
        for i, senses in enumerate(left):
            for j, others in enumerate(right):
                if senses and others and table[i, j] < costs.same_lemma and not senses.isdisjoint(others):
                    table[i, j] += bonus
    s_quantities = [_may_be_rewritten(word) for word in suspect.words]
    o_quantities = [_may_be_rewritten(word) for word in original.words]
    if any(s_quantities) or any(o_quantities):
        for x, y in _QUANTITY_SHAPES:
            if x <= a and y <= b:
                _mark_quantities(gains, suspect, original, x, y, (s_quantities, o_quantities), costs)
    return gains


def _single_gains(suspect: Run, original: Run, costs: Costs) -> np.ndarray:
    content = suspect.content[:, None].astype(int) + original.content[None, :]
    gains = np.choose(content, (costs.function_pair, costs.mixed_pair, costs.content_pair))
    gains = gains + costs.closeness * (suspect.vectors @ original.vectors.T)
    gains += costs.capital * (suspect.fixed[:, None] != original.fixed[None, :])
    a, b = gains.shape
    gains += costs.drift * np.abs((np.arange(a) + 0.5)[:, None] / a - (np.arange(b) + 0.5)[None, :] / b)
    for i, word in enumerate(suspect.words):
        for j, other in enumerate(original.words):
            if word == other:
                gains[i, j] = costs.equal_content if suspect.content[i] else costs.equal_function
            elif suspect.lemmas[i] == original.lemmas[j] or {word, other} == {"a", "an"}:
                gains[i, j] = costs.same_lemma if suspect.content[i] else costs.equal_function
            else:
                if len(word) > 4 and len(other) > 4 and word[-2:] == other[-2:]:
                    gains[i, j] += costs.ending
                if word[0] == other[0] and len(word) > 3:
                    gains[i, j] += costs.spelling * max(0.0, JaroWinkler.similarity(word, other) - 0.7) / 0.3
    return np.asarray(gains)


def _phrase_gains(suspect: Run, original: Run, x: int, y: int, costs: Costs) -> np.ndarray:
    left, left_function, left_fixed = _windows(suspect, x)
    right, right_function, right_fixed = _windows(original, y)
    gains = costs.phrase_closeness * (left @ right.T)
    extra = max(x, y) - 1
    if min(x, y) > 1:
        gains = gains + costs.free_phrase
    function_words = np.add.outer(left_function * (x > 1), right_function * (y > 1))
    gains = gains + costs.phrase + costs.phrase_word * extra + costs.phrase_function_word * function_words
    gains += costs.capital * np.abs(np.subtract.outer(left_fixed, right_fixed))
    # Nothing but function words stands for no phrase with content, and two function words are no phrase.
    gains[np.ix_(left_function == x, right_function == y)] += costs.mixed_pair
    _forbid_own_word(gains, suspect, original, x, y)
    return np.asarray(gains)


def _forbid_own_word(gains: np.ndarray, suspect: Run, original: Run, x: int, y: int) -> None:
    """ "the" for "the local" is an addition beside a kept word, no phrase."""
    for i, j in np.ndindex(*gains.shape):
        left, right = suspect.words[i : i + x], original.words[j : j + y]
        if (x == 1 and left[0] in right) or (y == 1 and right[0] in left):
            gains[i, j] = _NEVER


def _windows(run: Run, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit vectors of all windows of a size, how many function words and how many names and numbers each has."""
    count = len(run) - size + 1
    vectors = sum(run.vectors[k : k + count] * np.where(run.content[k : k + count], 1.0, 0.3)[:, None] for k in range(size))
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    function = sum((~run.content[k : k + count]).astype(float) for k in range(size))
    fixed = sum(run.fixed[k : k + count].astype(float) for k in range(size))
    return np.asarray(vectors), np.asarray(function), np.asarray(fixed)


def _may_be_rewritten(word: str) -> bool:
    return may_be_quantity(word) or "'" in word or word in ("not", "cannot")


def _mark_quantities(
    gains: dict[tuple[int, int], np.ndarray], suspect: Run, original: Run, x: int, y: int, marks: tuple[list[bool], list[bool]],
    costs: Costs,
) -> None:  # fmt: skip
    table = gains.get((x, y))
    for i in range(len(suspect) - x + 1):
        marked = any(marks[0][i : i + x])
        for j in range(len(original) - y + 1):
            if not marked and not any(marks[1][j : j + y]):
                continue
            left, right = tuple(suspect.words[i : i + x]), tuple(original.words[j : j + y])
            if left != right and (same_quantity(left, right) or same_spelt_out(left, right)):
                if table is None:
                    table = gains[(x, y)] = np.full((len(suspect) - x + 1, len(original) - y + 1), _NEVER)
                table[i, j] = costs.same_quantity + 0.3 * (min(x, y) - 1)

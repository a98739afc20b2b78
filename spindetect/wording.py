"""Word alignment inside matched sentences: which words were replaced by which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

from spindetect.alignment import Alignment
from spindetect.encoding import EncodedArticle

_SHAPES = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2), (2, 3), (3, 2), (3, 3))
"""Words of the suspect against words of the original in one substitution."""
_PHRASE_COST = 0.08
_NEVER_PAIRED = 0.12
"""Similarity under which two words are an addition and a cut rather than a substitution."""


@dataclass(frozen=True, slots=True)
class WordMatch:
    """Suspect words [start, end) stand for original words [original_start, original_end); equal when unchanged."""

    start: int
    end: int
    original_start: int
    original_end: int
    equal: bool
    similarity: float


def word_matches(alignment: Alignment) -> Iterator[WordMatch]:
    """Aligned words of all sentences that have a source, by word numbers of the whole articles."""
    suspect, original = alignment.suspect, alignment.original
    strings = alignment.pairing
    for row, sources in enumerate(alignment.sources):
        if not sources:
            continue
        start = int(suspect.starts[row])
        numbers = np.arange(start, start + int(suspect.lengths[row]))
        partners = np.concatenate([np.arange(original.starts[j], original.starts[j] + original.lengths[j]) for j in sources])
        left = strings.suspect_strings[row]
        right = "".join(strings.original_strings[j] for j in sources)
        for block in _blocks(left, right):
            yield from _matches_in_block(block, numbers, partners, suspect, original)


def _blocks(left: str, right: str) -> Iterator[tuple[bool, int, int, int, int]]:
    """Runs of equal and of differing words: (equal, start, end, original start, original end)."""
    pending: tuple[int, int, int, int] | None = None
    for operation in Levenshtein.opcodes(right, left):
        span = (operation.dest_start, operation.dest_end, operation.src_start, operation.src_end)
        if operation.tag == "equal":
            if pending:
                yield (False, *pending)
                pending = None
            yield (True, *span)
        elif pending:
            pending = (pending[0], span[1], pending[2], span[3])
        else:
            pending = span
    if pending:
        yield (False, *pending)


def _matches_in_block(
    block: tuple[bool, int, int, int, int],
    numbers: np.ndarray,
    partners: np.ndarray,
    suspect: EncodedArticle,
    original: EncodedArticle,
) -> Iterator[WordMatch]:
    equal, start, end, begin, finish = block
    if equal:
        for offset in range(end - start):
            s, o = int(numbers[start + offset]), int(partners[begin + offset])
            yield WordMatch(s, s + 1, o, o + 1, True, 1.0)
        return
    if start == end or begin == finish or (end - start) * (finish - begin) > 3_000:
        return
    s_vectors = suspect.vectors_of(numbers[start:end])
    o_vectors = original.vectors_of(partners[begin:finish])
    for (s0, s1), (o0, o1), similarity in pair_words(s_vectors, o_vectors):
        first, last = int(partners[begin + o0]), int(partners[begin + o1 - 1])
        # Words that are neighbours only because two source sentences were joined are no phrase.
        if last - first == o1 - o0 - 1:
            yield WordMatch(int(numbers[start + s0]), int(numbers[start + s1 - 1]) + 1, first, last + 1, False, similarity)


def pair_words(suspect: np.ndarray, original: np.ndarray) -> list[tuple[tuple[int, int], tuple[int, int], float]]:
    """Best monotone pairing of two runs of unit word vectors, shapes (a, d) and (b, d), phrases of up to three words.

    Returns:
        Suspect range, original range and cosine of each pair, in order; words left out are additions and cuts.
    """
    a, b = len(suspect), len(original)
    gains = {shape: _gains(suspect, original, *shape) for shape in _SHAPES}
    best = np.zeros((a + 1, b + 1))
    move: dict[tuple[int, int], tuple[int, int]] = {}
    for i in range(1, a + 1):
        for j in range(1, b + 1):
            score, step = max((best[i - 1, j], (1, 0)), (best[i, j - 1], (0, 1)))
            for (x, y), gain in gains.items():
                if x <= i and y <= j:
                    value = best[i - x, j - y] + gain[i - x, j - y]
                    if value > score:
                        score, step = value, (x, y)
            best[i, j], move[i, j] = score, step
    pairs = []
    i, j = a, b
    while i and j:
        x, y = move[i, j]
        if x and y:
            similarity = _cosine(suspect[i - x : i].sum(axis=0), original[j - y : j].sum(axis=0))
            pairs.append(((i - x, i), (j - y, j), similarity))
        i, j = i - x, j - y
    return pairs[::-1]


def _gains(suspect: np.ndarray, original: np.ndarray, x: int, y: int) -> np.ndarray:
    """Gain of pairing x suspect words from i with y original words from j; shape (a - x + 1, b - y + 1)."""
    if len(suspect) < x or len(original) < y:
        return np.zeros((0, 0))
    left = np.stack([suspect[k : len(suspect) - x + 1 + k] for k in range(x)]).sum(axis=0)
    right = np.stack([original[k : len(original) - y + 1 + k] for k in range(y)]).sum(axis=0)
    left = left / np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-9)
    right = right / np.maximum(np.linalg.norm(right, axis=1, keepdims=True), 1e-9)
    # A phrase must beat the words paired one by one, so longer pairs count their words but pay for each extra.
    return (left @ right.T - _NEVER_PAIRED) * min(x, y) - _PHRASE_COST * (max(x, y) - 1)


def _cosine(left: np.ndarray, right: np.ndarray) -> float:
    return float(left @ right / max(1e-9, float(np.linalg.norm(left) * np.linalg.norm(right))))

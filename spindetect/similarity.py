"""How alike each suspect sentence is to each original sentence, seen in several ways.

All measures are matrices of shape (suspect sentences, original sentences), computed without Python loops over pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import LCSseq
from scipy import sparse

from spindetect.encoding import FUNCTION_WORD_RARITY, EncodedArticle
from spindetect.pairing import Pairing

LEAST_WEIGHT = 0.02
"""Added to every word's rarity: even function words count a little."""
_DENSE_CELLS = 2_000_000
_SOFT_FLOOR = 0.35
"""Cosine of word vectors under which two words are strangers."""
_SOFT_CHUNK = 4_000_000
_MOST_PADDED = 3
"""Times the words of all sentences that may be looked at, if all are to be as long as the longest."""
Presence: TypeAlias = np.ndarray | sparse.csr_array
"""Weight of each lemma in each sentence."""


@dataclass(frozen=True)
class SentenceSimilarity:
    """Matrices of shape (n suspect sentences, m original sentences), float32, 0 to 1.

    Attributes:
        cosine: of the sentence vectors.
        in_original: information-weighted share of the suspect sentence's lemmas that the original sentence has.
        in_suspect: the same the other way round.
        unquoted: as ``in_original`` for words outside quotation marks; 0 where there are none.
        soft: as ``in_original`` for content words, a near synonym counting by its cosine.
        soft_back: the same the other way round.
        ordered: longest common subsequence of words over the suspect sentence's length.
        ordered_back: the same over the original sentence's length.
        phrases: share of the suspect sentence's word pairs that stand in the original sentence.
        fixed: share of the suspect sentence's names and numbers found there; 0.5 where there are none.
        fixed_back: the same the other way round.
        blend: the mean that ranks candidates.
        window: as ``in_original``, with the original sentence and one neighbour taken together: a merged sentence.
        soft_window: as ``soft``, for the same two.
        passage: as ``in_original`` for three neighbouring sentences of either side.
        around: ``blend`` of the neighbours on the diagonal: do the sentences before and after match as well?
    """

    cosine: np.ndarray
    in_original: np.ndarray
    in_suspect: np.ndarray
    unquoted: np.ndarray
    soft: np.ndarray
    soft_back: np.ndarray
    ordered: np.ndarray
    ordered_back: np.ndarray
    phrases: np.ndarray
    fixed: np.ndarray
    fixed_back: np.ndarray
    blend: np.ndarray
    window: np.ndarray
    soft_window: np.ndarray
    passage: np.ndarray
    around: np.ndarray


def sentence_similarity(pairing: Pairing) -> SentenceSimilarity:
    """Compare every sentence of one article with every sentence of the other; both need at least one."""
    suspect, original = pairing.suspect, pairing.original
    cosine = np.clip(suspect.sentence_vectors @ original.sentence_vectors.T, 0, 1)
    s_weights, o_weights = suspect.weights + LEAST_WEIGHT, original.weights + LEAST_WEIGHT
    size = pairing.lemma_count
    s_rows, o_rows = suspect.sentence_of, original.sentence_of
    n, m = len(suspect.lengths), len(original.lengths)

    def presence(s_mask: np.ndarray | float, o_mask: np.ndarray | float) -> tuple[Presence, Presence]:
        return (
            _presence(s_rows, pairing.suspect_ids, s_weights * s_mask, (n, size)),
            _presence(o_rows, pairing.original_ids, o_weights * o_mask, (m, size)),
        )

    s_words, o_words = presence(1.0, 1.0)
    in_original, in_suspect = _containment(s_words, o_words)
    o_pairs = _with_next(o_words)
    window = _best_window(_containment(s_words, o_pairs)[0])
    passage = _containment(_with_next(_with_previous(s_words)), _with_previous(o_pairs))[0]
    unquoted, _ = _containment(*presence(~suspect.quoted, ~original.quoted))
    fixed, fixed_back = _containment(*presence(suspect.fixed, original.fixed))
    fixed[np.bincount(s_rows, suspect.fixed, n) == 0, :] = 0.5
    fixed_back[:, np.bincount(o_rows, original.fixed, m) == 0] = 0.5
    soft, soft_back, soft_window = _soft(pairing)
    ordered = lcs_matrix(pairing)
    blend = (0.3 * cosine + 0.35 * (in_original + in_suspect) / 2 + 0.35 * (soft + soft_back) / 2).astype(np.float32)
    return SentenceSimilarity(
        cosine=cosine,
        in_original=in_original,
        in_suspect=in_suspect,
        unquoted=unquoted,
        soft=soft,
        soft_back=soft_back,
        ordered=ordered / np.maximum(suspect.lengths, 1)[:, None].astype(np.float32),
        ordered_back=ordered / np.maximum(original.lengths, 1)[None, :].astype(np.float32),
        phrases=_shared_pairs(pairing),
        fixed=fixed,
        fixed_back=fixed_back,
        blend=blend,
        window=window,
        soft_window=soft_window,
        passage=passage,
        around=_around(blend),
    )


def _with_next(words: Presence) -> Presence:
    """Each sentence's words with those of the sentence after it."""
    if isinstance(words, np.ndarray):
        return np.concatenate([np.maximum(words[:-1], words[1:]), words[-1:]])
    return sparse.csr_array(sparse.vstack([words[:-1].maximum(words[1:]), words[-1:]]))


def _with_previous(words: Presence) -> Presence:
    if isinstance(words, np.ndarray):
        return np.concatenate([words[:1], np.maximum(words[1:], words[:-1])])
    return sparse.csr_array(sparse.vstack([words[:1], words[1:].maximum(words[:-1])]))


def _best_window(values: np.ndarray) -> np.ndarray:
    """From windows (j, j + 1) in columns j to the better of the two windows that hold column j."""
    best = values.copy()
    best[:, 1:] = np.maximum(values[:, 1:], values[:, :-1])
    return best


def _presence(rows: np.ndarray, ids: np.ndarray, weights: np.ndarray, shape: tuple[int, int]) -> Presence:
    """Weight of each lemma (or other item) in each sentence, once however often it occurs."""
    if shape[0] * shape[1] <= _DENSE_CELLS:
        dense = np.zeros(shape, dtype=np.float32)
        dense[rows, ids] = weights  # of a repeated item the last one stands; they differ at most in being masked
        return dense
    unique, first = np.unique(rows * shape[1] + ids, return_index=True)
    return sparse.csr_array((weights[first].astype(np.float32), (unique // shape[1], unique % shape[1])), shape=shape)


def _containment(left: Presence, right: Presence) -> tuple[np.ndarray, np.ndarray]:
    left_mass = np.asarray(left.sum(axis=1), dtype=np.float32).reshape(-1, 1)
    right_mass = np.asarray(right.sum(axis=1), dtype=np.float32).reshape(1, -1)
    if sparse.issparse(left) or sparse.issparse(right):
        left, right = sparse.csr_array(left), sparse.csr_array(right)
        shared = np.asarray((left @ (right > 0).astype(np.float32).T).todense())
    else:
        shared = left @ (right > 0).astype(np.float32).T
    return shared / np.maximum(left_mass, 1e-6), shared / np.maximum(right_mass, 1e-6)


def _soft(pairing: Pairing) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each content word its best partner in each sentence of the other side, averaged over its own sentence; the
    last matrix takes the partner from either of two neighbouring original sentences."""
    s_types = _Types.of(pairing.suspect, pairing.suspect_ids, pairing.lemma_count)
    o_types = _Types.of(pairing.original, pairing.original_ids, pairing.lemma_count)
    n, m = len(pairing.suspect.lengths), len(pairing.original.lengths)
    forward, backward = np.zeros((n, m), np.float32), np.zeros((m, n), np.float32)
    if not len(s_types.ids) or not len(o_types.ids):
        return forward, backward.T, forward
    s_best = np.empty((len(s_types.ids), len(o_types.sentences)), np.float32)
    o_best = np.zeros((len(o_types.ids), len(s_types.sentences)), np.float32)
    o_vectors = o_types.vectors.T
    chunk = max(1, _SOFT_CHUNK // len(o_types.position))
    if chunk >= len(s_types.ids):
        partners = _partners(s_types, slice(None), o_types, o_vectors)
        s_best[:] = _best_in_sentences(partners.T, o_types).T
        o_best[:] = _best_in_sentences(partners, s_types).T
    else:
        for start in range(0, len(s_types.ids), chunk):
            part = slice(start, start + chunk)
            s_best[part] = _best_in_sentences(_partners(s_types, part, o_types, o_vectors).T, o_types).T
        for start in range(0, len(o_types.ids), chunk):
            part = slice(start, start + chunk)
            back = _partners(o_types, part, s_types, s_types.vectors.T)
            o_best[part] = _best_in_sentences(back.T, s_types).T
    forward[np.ix_(s_types.sentences, o_types.sentences)] = s_types.sentence_means(s_best)
    backward[np.ix_(o_types.sentences, s_types.sentences)] = o_types.sentence_means(o_best)
    joined = np.zeros_like(forward)
    pairs = np.concatenate([np.maximum(s_best[:, :-1], s_best[:, 1:]), s_best[:, -1:]], axis=1)
    joined[np.ix_(s_types.sentences, o_types.sentences)] = s_types.sentence_means(pairs)
    return forward, backward.T, _best_window(joined)


def _partners(left: _Types, part: slice, right: _Types, right_vectors: np.ndarray) -> np.ndarray:
    partners = left.vectors[part] @ right_vectors
    partners *= partners >= _SOFT_FLOOR
    place = np.searchsorted(right.ids, left.ids[part])
    same = np.flatnonzero(right.ids[np.minimum(place, len(right.ids) - 1)] == left.ids[part])
    partners[same, place[same]] = 1
    return np.minimum(partners, 1, out=partners)


def _best_in_sentences(partners: np.ndarray, types: _Types) -> np.ndarray:
    """For each sentence of ``types`` (sentences, others) the best of its words, from a row for each of them."""
    # Rows lie side by side in memory, so that both steps go through it in order.
    partners = np.ascontiguousarray(partners)
    longest = int(types.lengths.max())
    if longest * len(types.lengths) > _MOST_PADDED * len(types.position):
        return np.maximum.reduceat(partners[types.position], types.starts, axis=0)
    # Several times as fast: the first words of all sentences, the second words, and so on; short ones repeat their last.
    words = types.starts + np.minimum(np.arange(longest)[:, None], types.lengths - 1)
    return np.asarray(partners[types.position[words]].max(axis=0))


@dataclass(frozen=True)
class _Types:
    """The distinct content lemmas of an article, and where they stand.

    Attributes:
        ids: lemma numbers, shape (t,).
        vectors: their unit vectors, shape (t, d).
        position: for each content word in text order its place among the types, shape (c,).
        weights: of each content word, shape (c,).
        sentences: the sentences that have content words, ascending, shape (k,).
        starts: where each of them starts among the content words, shape (k,).
        lengths: content words of each of them, shape (k,).
    """

    ids: np.ndarray
    vectors: np.ndarray
    position: np.ndarray
    weights: np.ndarray
    sentences: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray

    @classmethod
    def of(cls, article: EncodedArticle, ids: np.ndarray, lemma_count: int) -> _Types:
        content = np.flatnonzero(article.weights > FUNCTION_WORD_RARITY)
        words = ids[content]
        first = np.full(lemma_count, -1)
        first[words[::-1]] = content[::-1]  # the first occurrence, since it is written last
        types = np.flatnonzero(first >= 0)
        places = np.empty(lemma_count, dtype=np.intp)
        places[types] = np.arange(len(types))
        rows = article.sentence_of[content]
        counts = np.bincount(rows)
        sentences = np.flatnonzero(counts)
        lengths = counts[sentences]
        return cls(
            ids=types,
            vectors=article.vectors_of(first[types]),
            position=places[words],
            weights=article.weights[content],
            sentences=sentences,
            starts=np.cumsum(lengths) - lengths,
            lengths=lengths,
        )

    def sentence_means(self, best: np.ndarray) -> np.ndarray:
        """Weighted means over the words of each sentence; ``best`` has a row for each type."""
        sums = np.add.reduceat(best[self.position] * self.weights[:, None], self.starts, axis=0)
        return sums / np.add.reduceat(self.weights, self.starts)[:, None]


def lcs_matrix(pairing: Pairing) -> np.ndarray:
    """Words in the longest common subsequence of every two sentences, float32, shape (n, m)."""
    return process.cdist(pairing.suspect_strings, pairing.original_strings, scorer=LCSseq.similarity, dtype=np.float32)


def _shared_pairs(pairing: Pairing) -> np.ndarray:
    """Share of the suspect sentence's neighbouring lemma pairs that stand in the original sentence."""
    suspect, original = pairing.suspect, pairing.original
    s_rows, s_keys = _neighbours(suspect, pairing.suspect_ids, pairing.lemma_count)
    o_rows, o_keys = _neighbours(original, pairing.original_ids, pairing.lemma_count)
    keys, numbers = np.unique(np.concatenate([s_keys, o_keys]), return_inverse=True)
    size = max(1, len(keys))
    ones = np.ones(len(numbers), np.float32)
    left = _presence(s_rows, numbers[: len(s_keys)], ones[: len(s_keys)], (len(suspect.lengths), size))
    right = _presence(o_rows, numbers[len(s_keys) :], ones[len(s_keys) :], (len(original.lengths), size))
    return _containment(left, right)[0]


def _neighbours(article: EncodedArticle, ids: np.ndarray, lemma_count: int) -> tuple[np.ndarray, np.ndarray]:
    sentence = article.sentence_of
    inside = np.flatnonzero(sentence[:-1] == sentence[1:])
    return sentence[inside], ids[inside] * lemma_count + ids[inside + 1]


def _around(blend: np.ndarray) -> np.ndarray:
    """Mean of the best neighbour before (up and left) and after (down and right); an edge counts its one neighbour."""
    n, m = blend.shape
    padded = np.zeros((n + 2, m + 2), dtype=np.float32)
    padded[1:-1, 1:-1] = blend
    before = np.maximum(padded[:-2, :-2], padded[:-2, 1:-1])
    after = np.maximum(padded[2:, 2:], padded[2:, 1:-1])
    present = np.full(n, 2.0, dtype=np.float32)
    present[0] -= 1
    present[-1] -= 1
    return (before + after) / np.maximum(present, 1)[:, None]

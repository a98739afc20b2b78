"""How alike each suspect sentence is to each original sentence, seen in several ways.

All measures are matrices of shape (suspect sentences, original sentences), computed without Python loops over pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import LCSseq
from scipy import sparse

from spindetect.encoding import FUNCTION_WORD_RARITY, EncodedArticle

_DENSE_CELLS = 2_000_000
_SOFT_FLOOR = 0.35
"""Cosine of word vectors under which two words are strangers."""
_SOFT_CHUNK = 4_000_000


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
    around: np.ndarray


def sentence_similarity(suspect: EncodedArticle, original: EncodedArticle) -> SentenceSimilarity:
    """Compare every sentence of one article with every sentence of the other; both need at least one."""
    cosine = np.clip(suspect.sentence_vectors @ original.sentence_vectors.T, 0, 1)
    lemma_ids: dict[str, int] = {}
    s_ids, o_ids = _intern(suspect.lemmas, lemma_ids), _intern(original.lemmas, lemma_ids)
    s_weights, o_weights = suspect.weights + 0.02, original.weights + 0.02
    size = len(lemma_ids)
    everything = (np.ones(len(s_ids), bool), np.ones(len(o_ids), bool))

    def containment(s_mask: np.ndarray, o_mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return _containment(
            _presence(suspect, s_ids, s_weights * s_mask, size), _presence(original, o_ids, o_weights * o_mask, size)
        )

    in_original, in_suspect = containment(*everything)
    unquoted, _ = containment(~suspect.article.quoted, ~original.article.quoted)
    fixed, fixed_back = containment(suspect.fixed, original.fixed)
    without_s = np.bincount(suspect.article.word_sentence, suspect.fixed, len(suspect.lengths)) == 0
    without_o = np.bincount(original.article.word_sentence, original.fixed, len(original.lengths)) == 0
    fixed[without_s, :] = 0.5
    fixed_back[:, without_o] = 0.5
    soft, soft_back = _soft(suspect, original, s_ids, o_ids)
    ordered = lcs_matrix(suspect, original)
    phrases = _shared_pairs(suspect, original, s_ids, o_ids, size)
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
        phrases=phrases,
        fixed=fixed,
        fixed_back=fixed_back,
        blend=blend,
        around=_around(blend),
    )


def _intern(lemmas: list[str], ids: dict[str, int]) -> np.ndarray:
    return np.array([ids.setdefault(word, len(ids)) for word in lemmas], dtype=np.intp)


def _presence(article: EncodedArticle, ids: np.ndarray, weights: np.ndarray, size: int) -> np.ndarray | sparse.csr_array:
    """Weight of each lemma in each sentence, once however often it occurs; shape (sentences, size)."""
    rows = article.article.word_sentence
    shape = (len(article.lengths), size)
    if shape[0] * size <= _DENSE_CELLS:
        dense = np.zeros(shape, dtype=np.float32)
        np.maximum.at(dense, (rows, ids), weights.astype(np.float32))
        return dense
    unique, first = np.unique(rows * size + ids, return_index=True)
    return sparse.csr_array((weights[first].astype(np.float32), (unique // size, unique % size)), shape=shape)


def _containment(left: np.ndarray | sparse.csr_array, right: np.ndarray | sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    left_mass = np.asarray(left.sum(axis=1), dtype=np.float32).reshape(-1, 1)
    right_mass = np.asarray(right.sum(axis=1), dtype=np.float32).reshape(1, -1)
    if sparse.issparse(left) or sparse.issparse(right):
        left, right = sparse.csr_array(left), sparse.csr_array(right)
        shared = np.asarray((left @ (right > 0).astype(np.float32).T).todense())
    else:
        shared = left @ (right > 0).astype(np.float32).T
    return shared / np.maximum(left_mass, 1e-6), shared / np.maximum(right_mass, 1e-6)


def _soft(
    suspect: EncodedArticle, original: EncodedArticle, s_ids: np.ndarray, o_ids: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    n, m = len(suspect.lengths), len(original.lengths)
    s_content = np.flatnonzero(suspect.weights > FUNCTION_WORD_RARITY)
    o_content = np.flatnonzero(original.weights > FUNCTION_WORD_RARITY)
    if not len(s_content) or not len(o_content):
        return np.zeros((n, m), np.float32), np.zeros((n, m), np.float32)
    forward = _soft_one_way(suspect, original, s_content, o_content, s_ids, o_ids)
    return forward, _soft_one_way(original, suspect, o_content, s_content, o_ids, s_ids).T


def _soft_one_way(
    left: EncodedArticle,
    right: EncodedArticle,
    l_content: np.ndarray,
    r_content: np.ndarray,
    l_ids: np.ndarray,
    r_ids: np.ndarray,
) -> np.ndarray:
    """For each left word its best partner in each right sentence, averaged over left sentences by weight."""
    _, first, inverse = np.unique(l_ids[l_content], return_index=True, return_inverse=True)
    types = l_content[first]
    r_sentences, r_starts = np.unique(right.article.word_sentence[r_content], return_index=True)
    best = np.zeros((len(types), len(right.lengths)), dtype=np.float32)
    chunk = max(1, _SOFT_CHUNK // len(r_content))
    right_vectors = right.word_vectors[r_content].T
    for start in range(0, len(types), chunk):
        part = types[start : start + chunk]
        partners = left.word_vectors[part] @ right_vectors
        partners[partners < _SOFT_FLOOR] = 0
        partners[l_ids[part][:, None] == r_ids[r_content][None, :]] = 1
        best[start : start + chunk, r_sentences] = np.maximum.reduceat(partners, r_starts, axis=1)
    weights = left.weights[l_content]
    l_sentences, l_starts = np.unique(left.article.word_sentence[l_content], return_index=True)
    sums = np.add.reduceat(best[inverse] * weights[:, None], l_starts, axis=0)
    result = np.zeros((len(left.lengths), len(right.lengths)), dtype=np.float32)
    result[l_sentences] = sums / np.add.reduceat(weights, l_starts)[:, None]
    return np.minimum(result, 1)


def words_as_characters(words: list[str], ids: dict[str, int]) -> str:
    """One character a word, so that compiled string measures compare word sequences."""
    codes = (ids.setdefault(word, len(ids)) + 0x100 for word in words)
    return "".join(chr(code if code < 0xD800 else code + 0x800) for code in codes)


def lcs_matrix(suspect: EncodedArticle, original: EncodedArticle) -> np.ndarray:
    """Words in the longest common subsequence of every two sentences, shape (n, m)."""
    ids: dict[str, int] = {}
    left = sentence_strings(suspect, ids)
    right = sentence_strings(original, ids)
    return process.cdist(left, right, scorer=LCSseq.similarity, dtype=np.float32)


def sentence_strings(article: EncodedArticle, ids: dict[str, int]) -> list[str]:
    whole = words_as_characters(article.article.words, ids)
    starts = article.starts.tolist()
    return [whole[start : start + length] for start, length in zip(starts, article.lengths.tolist(), strict=True)]


def _shared_pairs(
    suspect: EncodedArticle, original: EncodedArticle, s_ids: np.ndarray, o_ids: np.ndarray, size: int
) -> np.ndarray:
    pair_ids: dict[int, int] = {}

    def pairs(article: EncodedArticle, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        sentence = article.article.word_sentence
        inside = np.flatnonzero(sentence[:-1] == sentence[1:])
        keys = (ids[inside] * size + ids[inside + 1]).tolist()
        return sentence[inside], np.array([pair_ids.setdefault(key, len(pair_ids)) for key in keys], dtype=np.intp)

    s_rows, s_pairs = pairs(suspect, s_ids)
    o_rows, o_pairs = pairs(original, o_ids)
    ones = (np.ones(len(s_rows), np.float32), np.ones(len(o_rows), np.float32))
    left = sparse.csr_array((ones[0], (s_rows, s_pairs)), shape=(len(suspect.lengths), len(pair_ids)))
    right = sparse.csr_array((ones[1], (o_rows, o_pairs)), shape=(len(original.lengths), len(pair_ids)))
    shared = np.asarray((left @ (right > 0).astype(np.float32).T).todense(), dtype=np.float32)
    return shared / np.maximum(suspect.lengths - 1, 1)[:, None].astype(np.float32)


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

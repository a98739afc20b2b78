"""Which original sentences each suspect sentence may come from: the few worth a closer look.

Up to ``MOST_CELLS`` sentence pairs are measured in one matrix. Beyond that the suspect is taken a few sentences at a time, each
time with the original sentences that share vectors or rare words with them, and what stands beside those: memory is bounded, and
time grows with the suspect's length rather than with the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy import sparse

from spindetect.encoding import FUNCTION_WORD_RARITY, EncodedArticle
from spindetect.pairing import Pairing
from spindetect.similarity import SentenceSimilarity, sentence_similarity

CANDIDATES = 3
"""Original sentences considered for each suspect sentence."""
MOST_CELLS = 160_000
"""Sentence pairs measured at once: 400 sentences on either side."""
_ROWS = 24
"""Suspect sentences taken at a time."""
_NEAREST = 8
"""Original sentences looked up for each of them; with their neighbours they are what it is compared with."""
_MARGIN = 2
"""Original sentences measured on either side of those looked up. The nearer half of them may be candidates too; the others are
what measures over neighbouring sentences see."""
_LOOKED_UP_ROWS = 256
_COMMON = 0.02, 64
"""Share of the original's sentences, and their number, from which a word is too common to look up by."""


@dataclass(frozen=True)
class Candidates:
    """The sentence pairs worth a closer look, c of them; n suspect sentences.

    Attributes:
        pairing: the two articles.
        rows: suspect sentence of each candidate, shape (c,), ascending, equally many for each.
        columns: original sentence of each candidate, shape (c,).
        similarity: the measures of the candidates, each of shape (c,).
        lead_over_row: how far the blend of each stands above the best other original sentence's, shape (c,).
        lead_over_column: the same above the best other suspect sentence's, shape (c,).
        best_soft: the highest ``soft`` of each suspect sentence, shape (n,).
        best_phrases: the highest ``phrases`` of each suspect sentence, shape (n,).
    """

    pairing: Pairing
    rows: np.ndarray
    columns: np.ndarray
    similarity: SentenceSimilarity
    lead_over_row: np.ndarray
    lead_over_column: np.ndarray
    best_soft: np.ndarray
    best_phrases: np.ndarray


@dataclass(frozen=True)
class _Part:
    """What one look at some suspect sentences gives; ``columns`` and ``seen`` count the whole original's sentences."""

    columns: np.ndarray
    similarity: SentenceSimilarity
    lead_over_row: np.ndarray
    best_soft: np.ndarray
    best_phrases: np.ndarray
    seen: np.ndarray
    best_of_seen: np.ndarray


def candidates(pairing: Pairing) -> Candidates:
    """The best original sentences for each suspect sentence; both articles need at least one sentence."""
    n, m = len(pairing.suspect.lengths), len(pairing.original.lengths)
    width = min(CANDIDATES, m)
    parts = [_whole(pairing, width)] if n * m <= MOST_CELLS else [*_in_parts(pairing, width)]
    best = np.zeros((2, m), dtype=np.float32)
    for part in parts:
        both = np.concatenate([best[:, part.seen], part.best_of_seen])
        best[:, part.seen] = np.sort(both, axis=0)[-2:]
    columns = np.concatenate([part.columns for part in parts])
    similarity = _joined([part.similarity for part in parts])
    nobody_else = np.zeros(n * width, dtype=np.float32)
    return Candidates(
        pairing=pairing,
        rows=np.repeat(np.arange(n), width),
        columns=columns,
        similarity=similarity,
        lead_over_row=np.concatenate([part.lead_over_row for part in parts]) if m > 1 else nobody_else,
        lead_over_column=_lead(similarity.blend, best[:, columns]) if n > 1 else nobody_else,
        best_soft=np.concatenate([part.best_soft for part in parts]),
        best_phrases=np.concatenate([part.best_phrases for part in parts]),
    )


def _whole(pairing: Pairing, width: int) -> _Part:
    n, m = len(pairing.suspect.lengths), len(pairing.original.lengths)
    return _measured(pairing, width, slice(0, n), np.arange(m), np.ones(m, dtype=bool))


def _in_parts(pairing: Pairing, width: int) -> Iterator[_Part]:
    """A few suspect sentences at a time with what they may come from; one more on either side lets the measures over
    neighbouring sentences see what they would see in the whole."""
    n, m = len(pairing.suspect.lengths), len(pairing.original.lengths)
    pairing = replace(
        pairing,
        suspect=_in_first_forms(pairing.suspect, pairing.suspect_ids),
        original=_in_first_forms(pairing.original, pairing.original_ids),
    )
    for first, near in _looked_up(pairing):
        for start in range(0, len(near), _ROWS):
            rows = range(first + start, first + min(start + _ROWS, len(near)))
            margin = range(max(0, rows.start - 1), min(n, rows.stop + 1))
            wanted = np.zeros(m, dtype=bool)
            wanted[near[start : start + _ROWS].ravel()] = True
            eligible = _widened(wanted, _MARGIN // 2)
            columns = np.flatnonzero(_widened(eligible, _MARGIN - _MARGIN // 2))
            part = pairing.part(np.arange(margin.start, margin.stop), columns)
            own = slice(rows.start - margin.start, rows.stop - margin.start)
            yield _measured(part, width, own, columns, eligible[columns])


def _in_first_forms(article: EncodedArticle, ids: np.ndarray) -> EncodedArticle:
    """Every form of a word with the vector of the form that comes first, which is the one compared by, in the whole."""
    content = np.flatnonzero(article.weights > FUNCTION_WORD_RARITY)
    lemmas, first = np.unique(ids[content], return_index=True)
    rows = article.rows.copy()
    rows[content] = rows[content][first][np.searchsorted(lemmas, ids[content])]
    return replace(article, rows=rows)


def _widened(marks: np.ndarray, steps: int) -> np.ndarray:
    for _ in range(steps):
        marks = marks | np.append(marks[1:], False) | np.append(False, marks[:-1])
    return marks


def _measured(pairing: Pairing, width: int, own: slice, numbers: np.ndarray, eligible: np.ndarray) -> _Part:
    """Measure a pairing and choose for the suspect sentences ``own`` among the ``eligible`` original ones, whose numbers in the
    whole original are ``numbers``."""
    similarity = sentence_similarity(pairing)
    blend = similarity.blend[own]
    rows, m = blend.shape
    if width < m:
        ranked = blend if eligible.all() else np.where(eligible, blend, -1.0)
        columns = np.argpartition(-ranked, width - 1, axis=1)[:, :width].ravel()
    else:
        columns = np.tile(np.arange(m), rows)
    chosen = np.repeat(np.arange(rows), width)
    at = (chosen + own.start, columns)
    picked = SentenceSimilarity(**{item.name: getattr(similarity, item.name)[at] for item in fields(SentenceSimilarity)})
    return _Part(
        columns=numbers[columns],
        similarity=picked,
        lead_over_row=_lead(picked.blend, _two_best(blend.T)[:, chosen]),
        best_soft=similarity.soft[own].max(axis=1),
        best_phrases=similarity.phrases[own].max(axis=1),
        seen=numbers,
        best_of_seen=_two_best(blend),
    )


def _two_best(blend: np.ndarray) -> np.ndarray:
    """The second best and the best of each column, shape (2, m); 0 where there is no second."""
    if len(blend) < 2:
        return np.concatenate([np.zeros_like(blend), blend])
    return np.partition(blend, -2, axis=0)[-2:]


def _lead(own: np.ndarray, best: np.ndarray) -> np.ndarray:
    """How far cells stand above the best other one, given the two best."""
    return own - np.where(own >= best[1], best[0], best[1])


def _joined(parts: list[SentenceSimilarity]) -> SentenceSimilarity:
    if len(parts) == 1:
        return parts[0]
    names = [item.name for item in fields(SentenceSimilarity)]
    return SentenceSimilarity(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def _looked_up(pairing: Pairing) -> Iterator[tuple[int, np.ndarray]]:
    """For some hundred suspect sentences at a time the number of the first and the original sentences nearest to each, shape
    (rows, nearest): by the sentences' vectors and by the rarer words that they share."""
    suspect, original = pairing.suspect, pairing.original
    n, m = len(suspect.lengths), len(original.lengths)
    nearest = min(_NEAREST, m)
    s_words, o_words = _telling_words(pairing)
    s_mass, o_mass = (np.maximum(words.sum(axis=1), 1e-6).astype(np.float32) for words in (s_words, o_words))
    present = (o_words > 0).astype(np.float32).T.tocsr()
    for start in range(0, n, _LOOKED_UP_ROWS):
        some = slice(start, min(start + _LOOKED_UP_ROWS, n))
        closeness = suspect.sentence_vectors[some] @ original.sentence_vectors.T
        shared = (s_words[some] @ present).tocoo()
        means = (1 / s_mass[some][shared.row] + 1 / o_mass[shared.col]) / 2
        closeness[shared.row, shared.col] += shared.data * means
        yield start, np.argpartition(-closeness, nearest - 1, axis=1)[:, :nearest]


def _telling_words(pairing: Pairing) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Weight of each lemma in each sentence, of the content words that few of the original's sentences have."""
    share, least = _COMMON
    size = pairing.lemma_count
    m = len(pairing.original.lengths)
    unique = np.unique(pairing.original.sentence_of * size + pairing.original_ids)
    rare = np.bincount(unique % size, minlength=size) <= max(least, share * m)
    sides = (pairing.suspect, pairing.suspect_ids), (pairing.original, pairing.original_ids)
    found = []
    for article, ids in sides:
        telling = (article.weights > FUNCTION_WORD_RARITY) & rare[ids]
        rows, words = article.sentence_of[telling], ids[telling]
        keys, first = np.unique(rows * size + words, return_index=True)
        values = article.weights[telling][first].astype(np.float32)
        found.append(sparse.csr_array((values, (keys // size, keys % size)), shape=(len(article.lengths), size)))
    return found[0], found[1]

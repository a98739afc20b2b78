"""Features of sentence pairs by themselves (in their context: `context`), and of article pairs."""

from __future__ import annotations

import numpy as np
from rapidfuzz.distance import LCSseq

from spindetect.alignment import DERIVED, Alignment
from spindetect.candidates import Candidates
from spindetect.similarity import LEAST_WEIGHT

SENTENCE_FEATURES = (
    "cosine",
    "in_original",
    "in_suspect",
    "unquoted",
    "soft",
    "soft_back",
    "ordered",
    "ordered_back",
    "phrases",
    "fixed",
    "fixed_back",
    "window",
    "soft_window",
    "passage",
    "around",
    "lead_over_row",
    "lead_over_column",
    "quoted_share",
    "length_ratio",
    "length",
)
"""Of a suspect sentence and a candidate original sentence."""

ARTICLE_FEATURES = (
    "coverage",
    "sure_coverage",
    "best_quarter",
    "best_half",
    "derived_words",
    "original_covered",
    "in_sequence",
    "longest_run",
    "mean_blend",
    "quarter_blend",
    "mean_ordered",
    "quarter_ordered",
    "word_containment",
    "soft_containment",
    "phrase_containment",
    "trigram_containment",
    "whole_order",
    "fixed_containment",
    "fixed_back",
    "half_logit",
    "quarter_logit",
    "run_evidence",
)
"""Of an article pair, for derived against independent: each grows, or does not shrink, with derivation."""

CHANGE_FEATURES = ("changed", "changed_median", "copied_share", "untouched_share")
"""Of an article pair, for spun against reprint, over the derived sentences alone."""
_LOGIT_LIMIT = 6.0


def sentence_features(chosen: Candidates) -> np.ndarray:
    """Features of all candidate pairs, float32, shape (c, len(SENTENCE_FEATURES))."""
    similarity, rows, columns = chosen.similarity, chosen.rows, chosen.columns
    suspect, original = chosen.pairing.suspect, chosen.pairing.original
    quoted = np.bincount(suspect.sentence_of, suspect.quoted, len(suspect.lengths))
    s_length, o_length = suspect.lengths[rows], original.lengths[columns]
    values = (
        similarity.cosine,
        similarity.in_original,
        similarity.in_suspect,
        similarity.unquoted,
        similarity.soft,
        similarity.soft_back,
        similarity.ordered,
        similarity.ordered_back,
        similarity.phrases,
        similarity.fixed,
        similarity.fixed_back,
        similarity.window,
        similarity.soft_window,
        similarity.passage,
        similarity.around,
        chosen.lead_over_row,
        chosen.lead_over_column,
        quoted[rows] / s_length,
        np.minimum(s_length, o_length) / np.maximum(s_length, o_length),
        np.log1p(s_length),
    )
    return np.stack(values, axis=1).astype(np.float32)


def article_features(alignment: Alignment) -> np.ndarray:
    """Features for derived against independent, float32, shape (len(ARTICLE_FEATURES),)."""
    suspect, original, chosen = alignment.suspect, alignment.original, alignment.chosen
    weights = suspect.lengths.astype(np.float64)
    total = weights.sum()
    derived = alignment.derived
    is_derived = derived >= DERIVED
    logit = np.clip(np.log(np.maximum(derived, 1e-4) / np.maximum(1 - derived, 1e-4)), -_LOGIT_LIMIT, _LOGIT_LIMIT)
    best_blend = chosen.similarity.blend[alignment.first]
    best_ordered = chosen.similarity.ordered[alignment.first]
    in_sequence, longest_run = _sequence(alignment, is_derived)
    s_weights, o_weights = suspect.weights + LEAST_WEIGHT, original.weights + LEAST_WEIGHT
    s_ids, o_ids = alignment.pairing.suspect_ids, alignment.pairing.original_ids
    size = alignment.pairing.lemma_count
    s_in = _among(s_ids, o_ids, size)
    s_fixed, o_fixed = suspect.fixed, original.fixed
    values = (
        weights @ derived / total,
        weights[is_derived].sum() / total,
        *_best_shares(derived, weights, 0.25, 0.5),
        np.log1p(min(weights[is_derived].sum(), 400.0)),
        _original_covered(alignment, is_derived),
        in_sequence,
        longest_run,
        weights @ best_blend / total,
        *_best_shares(best_blend, weights, 0.25),
        weights @ best_ordered / total,
        *_best_shares(best_ordered, weights, 0.25),
        s_weights[s_in].sum() / s_weights.sum(),
        weights @ chosen.best_soft / total,
        weights @ chosen.best_phrases / total,
        trigram_containment(suspect.article.words, original.article.words),
        _whole_order(alignment),
        _share(s_weights * s_fixed, _among(s_ids, o_ids[o_fixed], size)),
        _share(o_weights * o_fixed, _among(o_ids, s_ids[s_fixed], size)),
        *_best_shares(logit, weights, 0.5, 0.25),
        _run_evidence(alignment, logit),
    )
    return np.array(values, dtype=np.float32)


def change_features(alignment: Alignment) -> np.ndarray:
    """Features for spun against reprint, float32, shape (len(CHANGE_FEATURES),); zeros when nothing is derived."""
    weights = alignment.suspect.lengths * alignment.derived * (alignment.derived >= DERIVED)
    if weights.sum() <= 0:
        weights = alignment.suspect.lengths * alignment.derived + 1e-9
    changed = alignment.changed
    order = np.argsort(changed)
    middle = order[np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)]
    total = weights.sum()
    values = (
        weights @ changed / total,
        changed[middle],
        weights @ alignment.copied / total,
        weights[changed < 0.1].sum() / total,
    )
    return np.array(values, dtype=np.float32)


def unrelated_features() -> tuple[np.ndarray, np.ndarray]:
    """Article and change features of a pair of which no sentence is likely to be derived, each of shape (1, features)."""
    lowest = [-_LOGIT_LIMIT if name.endswith("_logit") else 0.0 for name in ARTICLE_FEATURES]
    return np.array([lowest], dtype=np.float32), np.array([[1.0, 1.0, 0.0, 0.0]], dtype=np.float32)


def _among(ids: np.ndarray, others: np.ndarray, size: int) -> np.ndarray:
    """Which of ``ids`` occur among ``others``; both are below ``size``."""
    present = np.zeros(size, dtype=bool)
    present[others] = True
    return present[ids]


def _best_shares(values: np.ndarray, weights: np.ndarray, *shares: float) -> list[float]:
    """For each share the mean of the best values that together hold it of the weight."""
    order = np.argsort(-values)
    values, weights = values[order], weights[order]
    before = np.cumsum(weights) - weights
    wanted = [share * weights.sum() for share in shares]
    return [float(np.minimum(np.maximum(weight - before, 0), weights) @ values / weight) for weight in wanted]


def _share(weights: np.ndarray, present: np.ndarray) -> float:
    total = weights.sum()
    return float(weights[present].sum() / total) if total > 0 else 0.5


def _original_covered(alignment: Alignment, is_derived: np.ndarray) -> float:
    lengths = alignment.original.lengths
    covered = {column for row in np.flatnonzero(is_derived) for column in alignment.sources[row]}
    return float(lengths[list(covered)].sum() / lengths.sum()) if covered else 0.0


def _sequence(alignment: Alignment, is_derived: np.ndarray) -> tuple[float, float]:
    """Share of neighbouring derived sentences whose sources are neighbours too, and the longest such run (log words)."""
    if not is_derived.any():
        return 0.0, 0.0
    best, lengths = alignment.best, alignment.suspect.lengths
    steps = np.diff(best)
    linked = is_derived[:-1] & is_derived[1:] & (steps >= 0) & (steps <= 2)
    run = longest = int(lengths[0]) if is_derived[0] else 0
    for row in range(1, len(best)):
        own = int(lengths[row]) if is_derived[row] else 0
        run = run + own if own and linked[row - 1] else own
        longest = max(longest, run)
    return float(linked.sum() / max(1, len(best) - 1)), float(np.log1p(min(longest, 400)))


def _run_evidence(alignment: Alignment, logit: np.ndarray) -> float:
    """Evidence of the best run of suspect sentences (log of summed log-odds per twenty words): what is added around a
    run does not weaken it, and sentences against derivation inside it do."""
    best, weights = alignment.best, alignment.suspect.lengths / 20
    steps = np.diff(best, prepend=best[0] - 1)
    gains = weights * (logit - 1.0 + np.where((steps >= 0) & (steps <= 2), 1.0, -1.0))
    run = top = 0.0
    for gain in gains.tolist():
        run = max(0.0, run + gain)
        top = max(top, run)
    return float(np.log1p(top))


def trigram_containment(suspect: list[str], original: list[str]) -> float:
    """Share of the suspect's distinct word 3-grams that the original has."""
    trigrams = set(zip(suspect, suspect[1:], suspect[2:], strict=False))
    return len(trigrams.intersection(zip(original, original[1:], original[2:], strict=False))) / max(1, len(trigrams))


def _whole_order(alignment: Alignment) -> float:
    """Longest common subsequence of all words, over the suspect's."""
    suspect, original = "".join(alignment.pairing.suspect_strings), "".join(alignment.pairing.original_strings)
    return LCSseq.similarity(suspect, original) / max(1, len(suspect))

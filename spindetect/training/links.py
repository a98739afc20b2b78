"""What each candidate sentence pair is: no version, reworded or copied; or unknown, and then not taught."""

from __future__ import annotations

import numpy as np

from spindetect.candidates import Candidates
from spindetect.similarity import lcs_matrix, sentence_similarity
from spindetect.training.labels import TrainingPair

NONE, REWORDED, COPIED, UNKNOWN = 0, 1, 2, -1
_COPIED_FROM = 0.88
"""Share of words kept in order from which a linked sentence is a copy."""
_CLEARLY_OTHER = 0.5


def candidate_labels(training: TrainingPair, chosen: Candidates) -> np.ndarray:
    """Labels of the candidate pairs, shape (c,)."""
    rows, columns = chosen.rows, chosen.columns
    if training.links == "none":
        return np.full(len(rows), NONE)
    if training.links == "unknown":
        return np.full(len(rows), UNKNOWN)
    common = lcs_matrix(chosen.pairing)
    shorter = np.minimum(chosen.pairing.suspect.lengths[:, None], chosen.pairing.original.lengths[None, :])
    kept = common / np.maximum(shorter, 1)
    wording = np.where(kept >= _COPIED_FROM, COPIED, REWORDED)
    if training.links in ("exact", "roughly"):
        linked = _exact_links(training, chosen)
        others = np.where(_beside(linked), UNKNOWN, NONE) if training.links == "roughly" else NONE
        return np.where(linked, wording, others)[rows, columns]
    if training.links == "copied":
        # Of a reprint's sentences those that are nearly the same are copies, those far from all are local additions.
        labels = np.where(kept >= _COPIED_FROM, COPIED, np.where(kept < _CLEARLY_OTHER, NONE, UNKNOWN))
        return labels[rows, columns]
    blend = sentence_similarity(chosen.pairing).blend
    path = monotone_path(blend)
    near = _near(path)
    labels = np.where(path & (blend > 0.2), wording, np.where(near, UNKNOWN, NONE))
    return labels[rows, columns]


def _exact_links(training: TrainingPair, chosen: Candidates) -> np.ndarray:
    pairing = chosen.pairing
    linked = np.zeros((len(pairing.suspect.lengths), len(pairing.original.lengths)), dtype=bool)
    for row, (start, end) in enumerate(pairing.suspect.article.sentences):
        for (begin, finish), sources in training.sources:
            if min(end, finish) - max(start, begin) > 0.5 * min(end - start, finish - begin):
                for column in sources:
                    if column < linked.shape[1]:
                        linked[row, column] = True
    return linked


def _beside(linked: np.ndarray) -> np.ndarray:
    """Cells left and right of a link."""
    padded = np.pad(linked, ((0, 0), (1, 1)))
    return padded[:, :-2] | padded[:, 2:]


def monotone_path(blend: np.ndarray) -> np.ndarray:
    """Cells of the best monotone path through the similarity matrix, where sentences may be split and merged."""
    n, m = blend.shape
    score = np.full((n + 1, m + 1), -np.inf)
    score[0, :] = 0
    score[:, 0] = 0
    step = np.zeros((n + 1, m + 1), dtype=np.int8)
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            own = blend[i - 1, j - 1] - 0.12
            options = (
                score[i - 1, j - 1] + own,
                score[i - 1, j] + own - 0.1,
                score[i, j - 1] + own - 0.1,
                score[i - 1, j],
                score[i, j - 1],
            )
            step[i, j] = int(np.argmax(options))
            score[i, j] = max(options)
    path = np.zeros((n, m), dtype=bool)
    i, j = n, m
    while i > 0 and j > 0:
        kind = step[i, j]
        if kind <= 2:
            path[i - 1, j - 1] = True
        if kind in (0, 1, 3):
            i -= 1
        if kind in (0, 2, 4):
            j -= 1
    return path


def _near(path: np.ndarray) -> np.ndarray:
    """Cells within one sentence of the path, up, down, left or right."""
    padded = np.pad(path, 1)
    return padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:] | path

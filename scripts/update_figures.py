"""Write the figures of README.md from docs/figures/*.json.

docs/figures/evaluation.json is a copy of build/evaluation/evaluation.json (ids and figures only), taken with --copy, and so are
screening.json and evasion.json;
docs/figures/benchmark-compare.json likewise of build/benchmark-compare.json. --copy also puts the targets reached into the
shipped model's metrics and card.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from spindetect.bundle import load_bundle, replace_metrics
from spindetect.detector import SCREEN_FOLDER
from spindetect.evaluation.evasion.table import evasion_section
from spindetect.evaluation.report import evidence_table, topic_section
from spindetect.evaluation.tables import interval, table
from spindetect.evaluation.targets import target_table
from spindetect.screening.model import load_screen_model, save_screen_model
from spindetect.training.card import model_card
from spindetect.training.screening.card import screening_card, screening_table

ROOT = Path(__file__).resolve().parents[1]
BLOCK = r"(<!-- {}:.*?-->\n)(.*?)(<!-- end -->)"
FIGURES = (
    "evaluation/evaluation.json",
    "evaluation/screening.json",
    "evaluation/evasion.json",
    "benchmark-compare.json",
    "benchmark-screen.json",
)
SETS = {
    "quillbot_dev": "real QuillBot output, six modes, against independent answers to the same question",
    "same_event_dev": "two outlets on the same event; syndicated near-copies",
    "chatgpt_news_dev": "news rephrased by GPT-3.5, against articles from the title alone",
    "clough_stevenson_abc": "short answers revised by hand (Clough and Stevenson)",
}
RIVALS = {
    "spindetect": "spindetect",
    "verbatimeter": "verbatimeter",
    "aegis-integrity": "aegis-integrity",
    "alcove-dux": "alcove-dux",
    "copydetect (no filter)": "copydetect, its filter of code off",
    "sentence-plagiarism (0.3)": "sentence-plagiarism at 0.3",
    "rapidfuzz token_set_ratio": "rapidfuzz token_set_ratio",
    "TF-IDF cosine": "TF-IDF cosine",
    "all-MiniLM-L6-v2 best-sentence cosine": "all-MiniLM-L6-v2, best sentence",
}
"""Measures of the README's table; the report has them all."""


def figures() -> str:
    """The block as Markdown."""
    evaluation = _load("evaluation.json")
    benchmark = _load("benchmark-compare.json")
    lines = ["True-positive rate at 1 % false positives, with 95 % intervals by group. The model saw none of these texts.", ""]
    lines += table(
        ("measure", *(f"`{name}`" for name in SETS)),
        [
            [title, *(interval(evaluation["sources"][name]["measures"][measure]["tpr_at_1_percent"]) for name in SETS)]
            for measure, title in RIVALS.items()
        ],
    )
    lines += [f"- `{name}`: {what}." for name, what in SETS.items()]
    lines += [
        "",
        "What the project set out to reach, and where it is (`under`: the upper end of the interval of a low share;",
        "the share observed decides whether a ceiling is met):",
        "",
        *target_table(evaluation["targets"])[:-1],
    ]
    lines += ["", "Verdicts at the shipped threshold:", "", "| set | label | n | spun | reprint | independent | inconclusive |"]
    lines.append("|---|---|---|---|---|---|---|")
    for name in SETS:
        for label, counts in evaluation["sources"][name]["verdicts"].items():
            cells = [str(counts.get(verdict, 0)) for verdict in ("spun", "reprint", "independent", "inconclusive")]
            lines.append(f"| `{name}` | {label} | {sum(counts.values())} | " + " | ".join(cells) + " |")
    lines += ["", "Spinner families left out of training in turn, on stories left out as well:", ""]
    lines += ["| family | spun pairs | ROC AUC | TPR at 1 % FPR | called spun |", "|---|---|---|---|---|"]
    for name, row in evaluation["families"].items():
        ranking = row["ranking"]
        cells = [interval(ranking["roc_auc"]), interval(ranking["tpr_at_1_percent"]), interval(row["called_spun"])]
        lines.append(f"| {name} | {ranking['positives']} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "Topics left out of training in turn, on test stories of those topics:",
        "",
        *topic_section(evaluation["topics"])[4:-1],
    ]
    lines += ["", "Evidence against the exact truth of the simulated spinners, on stories the model has not seen (a substitution"]
    lines += ["counts when both spans overlap the truth's by half):", "", *evidence_table(evaluation["evidence"])]
    speed, with_evidence = benchmark["pairs_per_second"], benchmark["pairs_per_second_with_evidence"]
    lines += [
        "",
        f"Speed on one core, {benchmark['words_per_article']} words a side: {speed:.0f} pairs a second in a batch, "
        f"{with_evidence:.0f} with full evidence; encoding the same sentences once with all-MiniLM-L6-v2 takes "
        f"{benchmark['times_faster_than_minilm_encoding']:.0f} times as long as the batch.",
        "",
        "`make evaluate CORPORA=folder` and `make benchmark` measure them; the corpora are not part of this repository.",
    ]
    return "\n".join(lines) + "\n"


def screening_figures() -> str:
    """The table of the screening as Markdown."""
    speed = _load("benchmark-screen.json")
    said = f"Speed on one core: {speed['texts_per_second']:.0f} texts of {speed['words_per_text']} words a second, without torch."
    return "\n".join([*screening_table(_load("screening.json")["rows"]), said, ""])


def evasion_figures() -> str:
    """The table of the disguises as Markdown."""
    return "\n".join([*evasion_section(_load("evasion.json")), ""])


def _load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((ROOT / "docs/figures" / name).read_text("utf-8"))
    return data


def main() -> int:
    """Update README.md."""
    if "--copy" in sys.argv[1:]:
        (ROOT / "docs/figures").mkdir(exist_ok=True)
        for name in FIGURES:
            shutil.copy(ROOT / "build" / name, ROOT / "docs/figures" / Path(name).name)
        model = load_bundle()
        metrics = {**model.metrics, "targets": _load("evaluation.json")["targets"]}
        replace_metrics(model.folder, metrics, model_card(metrics, model.manifest["encoder"]))
        screen = load_screen_model(model.folder / SCREEN_FOLDER)
        metrics = {**screen.metrics, "targets": _load("screening.json")["rows"]}
        save_screen_model(model.folder / SCREEN_FOLDER, replace(screen, metrics=metrics), screening_card(metrics))
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    for name, block in (("figures", figures()), ("screening", screening_figures()), ("evasion", evasion_figures())):
        text = re.sub(BLOCK.format(name), lambda match, block=block: f"{match[1]}{block}{match[3]}", text, flags=re.S)  # type: ignore[misc]
    readme.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Write the figures of README.md, docs/scale.md and docs/experiments.md from docs/figures/*.json.

docs/figures/evaluation.json is a copy of build/evaluation/evaluation.json (ids and figures only), taken with --copy, and so
are screening.json and evasion.json; docs/figures/benchmark-*.json likewise of build/; those of batches are the tables of
docs/scale.md, that of long texts is the table of docs/limits.md. The comparison of screening heads (screeners.json) is taken
where it was made anew. --copy also puts the targets reached into the shipped model's metrics and card.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.measuring import targets_table
from screeners.table import screeners_table

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
    "benchmark-batch.json",
    "benchmark-cost.json",
)
SCREENERS = "evaluation/screeners.json"
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


def scale_figures() -> str:
    """The tables of docs/scale.md as Markdown."""
    batch, compare, screen = (_load(f"benchmark-{name}.json") for name in ("batch", "compare", "screen"))
    cores, core = batch["machine"]["cores"], batch["one_core"]
    lines = targets_table([*compare["targets"], *batch["targets"]])
    lines += [f"Measured on {cores} cores, pairs of {compare['words_per_article']} words a side, from file to file:", ""]
    lines += table(
        ("pairs", "seconds", "pairs a second", "memory of the main process, MB"),
        [
            [f"{row['pairs']:,}", row["seconds"], row["pairs_per_second"], row["resident_mb_main"]]
            for row in batch["growth_all_cores"]
        ],
    )
    lines += [
        f"One process does {core['pairs_per_second']} pairs a second ({core['pairs_per_cpu_second']} a second of processor time) "
        f"and has {core['resident_mb_main']} MB;",
        f"of unrelated texts, {batch['unrelated_settled_by_words']:.0%} of which are settled by their words alone, "
        f"{batch['one_core_unrelated']['pairs_per_second']} ({batch['one_core_unrelated']['pairs_per_cpu_second']}).",
        "Small batches pay for the start of the workers.",
    ]
    cluster = batch["cluster"]
    if cluster:
        fate = "every row once, in order" if cluster["every_row_once_in_order"] else "**rows lost or doubled**"
        lines += [
            f"A Dask cluster of two workers on the same machine, one of them killed on the way: {cluster['pairs']:,} pairs in "
            f"{cluster['seconds']} s,",
            f"{fate}.",
        ]
    lines += ["", "Ready-made measures on one core, which give a number and no verdict, in pairs a second:", ""]
    lines += table(
        ("measure", "pairs a second"), [[name, speed] for name, speed in batch["rivals_one_core_pairs_per_second"].items()]
    )
    lines += ["Extrapolated from these (rows over speed; 5 KB of JSON a pair, 2.5 KB a text):", ""]
    lines += table(
        ("rows", "compare, core hours", "screen, core hours", "input of pairs, GB"),
        [
            [
                f"{rows:,}",
                _hours(rows / compare["pairs_per_second"]),
                _hours(rows / screen["texts_per_second"]),
                f"{rows * 5e-6:,.2f}",
            ]
            for rows in (10_000, 10_000_000, 1_000_000_000)
        ],
    )[:-1]
    if batch["load_average"] > cores:
        lines += ["", f"Other work was running ({batch['load_average']} processes wanted the {cores} cores): alone it is faster."]
    return "\n".join(lines) + "\n"


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:,.2f}" if seconds < 36_000 else f"{seconds / 3600:,.0f}"


def cost_figures() -> str:
    """The table of docs/limits.md as Markdown."""
    cost = _load("benchmark-cost.json")
    sizes = [int(words) for words in cost["sentences"]]
    doubled = {item["what"]: item for item in cost["growth"]}
    cells: dict[str, list[str]] = {}
    for row in cost["rows"]:
        cells.setdefault(row["what"], []).append(f"{row['seconds']:.1f}")
    peak = [str(max(row["peak_mb"] for row in cost["rows"] if row["words"] == words)) for words in sizes]
    sentences = [f"{count:,}" for count in cost["sentences"].values()]
    lines = table(
        ("words of one side", *(f"{words:,}" for words in sizes), "doubled"),
        [
            ["sentences read of it", *sentences, ""],
            *([what, *values, f"{doubled[what]['doubled']:.1f}"] for what, values in cells.items()),
            ["peak memory of the process, MB", *peak, ""],
        ],
    )
    kept = all(item["met"] for item in cost["growth"])
    lines += [
        "Seconds of processor time on one core, with evidence; the other side has 400 words where one is named; `trace` asks an",
        f"archive of {cost['archived']} articles, one of them as long as the longest suspect. The last column is by how much",
        f"the time grows where the length doubles, from 20,000 words on: at most {cost['bound']:g} times is the bound, which is "
        f"{'kept' if kept else '**not kept**'}.",
    ]
    if cost["load_average"] > cost["machine"]["cores"]:
        lines.append(f"Other work was running ({cost['load_average']} processes wanted {cost['machine']['cores']} cores).")
    return "\n".join(lines) + "\n"


def evasion_figures() -> str:
    """The table of the disguises as Markdown."""
    return "\n".join([*evasion_section(_load("evasion.json")), ""])


def screeners_figures() -> str:
    """The table of docs/experiments.md as Markdown."""
    return "\n".join(screeners_table(_load("screeners.json")))


def _load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((ROOT / "docs/figures" / name).read_text("utf-8"))
    return data


def _fill(name: str, **blocks: str) -> None:
    path = ROOT / name
    text = path.read_text("utf-8")
    for block, found in blocks.items():
        text = re.sub(BLOCK.format(block), lambda match, found=found: f"{match[1]}{found}{match[3]}", text, flags=re.S)  # type: ignore[misc]
    path.write_text(text, "utf-8")


def main() -> int:
    """Update the documents."""
    if "--copy" in sys.argv[1:]:
        (ROOT / "docs/figures").mkdir(exist_ok=True)
        for name in (*FIGURES, *([SCREENERS] if (ROOT / "build" / SCREENERS).exists() else [])):
            shutil.copy(ROOT / "build" / name, ROOT / "docs/figures" / Path(name).name)
        model = load_bundle()
        metrics = {**model.metrics, "targets": _load("evaluation.json")["targets"]}
        replace_metrics(model.folder, metrics, model_card(metrics, model.manifest["encoder"]))
        screen = load_screen_model(model.folder / SCREEN_FOLDER)
        metrics = {**screen.metrics, "targets": _load("screening.json")["rows"]}
        save_screen_model(model.folder / SCREEN_FOLDER, replace(screen, metrics=metrics), screening_card(metrics))
    _fill("README.md", figures=figures(), screening=screening_figures(), evasion=evasion_figures())
    _fill("docs/scale.md", scale=scale_figures())
    _fill("docs/limits.md", limits=cost_figures())
    _fill("docs/experiments.md", screeners=screeners_figures())
    return 0


if __name__ == "__main__":
    sys.exit(main())

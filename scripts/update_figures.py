"""Write the figures of README.md from models/default/metrics.json and docs/figures/*.json.

docs/figures/evaluation.json is a copy of build/evaluation/evaluation.json (ids and figures only), taken with --copy;
docs/figures/benchmark-compare.json likewise of build/benchmark-compare.json.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from spindetect.evaluation.report import evidence_table
from spindetect.evaluation.tables import interval

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"(<!-- figures:.*?-->\n)(.*?)(<!-- end -->)", re.S)
FIGURES = ("evaluation/evaluation.json", "benchmark-compare.json")
SETS = {
    "quillbot_dev": "real QuillBot output, six modes, against independent answers to the same question",
    "same_event_dev": "two outlets on the same event; syndicated near-copies",
    "chatgpt_news_dev": "news rephrased by GPT-3.5, against articles from the title alone",
    "clough_stevenson_abc": "short answers revised by hand (Clough and Stevenson)",
}
MEASURES = ("spindetect", "rapidfuzz token_set_ratio", "TF-IDF cosine", "all-MiniLM-L6-v2 best-sentence cosine")


def figures() -> str:
    """The block as Markdown."""
    evaluation = _load("evaluation.json")
    benchmark = _load("benchmark-compare.json")
    lines = ["True-positive rate at 1 % false positives, with 95 % intervals by group. The model saw none of these texts.", ""]
    lines += ["| set (public name) | " + " | ".join(MEASURES) + " |", "|" + "---|" * (len(MEASURES) + 1)]
    for name, what in SETS.items():
        measures = evaluation["sources"][name]["measures"]
        cells = [interval(measures[measure]["tpr_at_1_percent"]) for measure in MEASURES]
        lines.append(f"| `{name}`: {what} | " + " | ".join(cells) + " |")
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


def _load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((ROOT / "docs/figures" / name).read_text("utf-8"))
    return data


def main() -> int:
    """Update README.md."""
    if "--copy" in sys.argv[1:]:
        (ROOT / "docs/figures").mkdir(exist_ok=True)
        for name in FIGURES:
            shutil.copy(ROOT / "build" / name, ROOT / "docs/figures" / Path(name).name)
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    readme.write_text(BLOCK.sub(lambda match: match[1] + figures() + match[3], text), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

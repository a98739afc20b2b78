"""Measure the screening model and write build/evaluation/screening.md and .json.

Dictionary families are left out in turn: for each a model is trained without it and measured on its output. Human texts are
those that no training has seen. Rows on corpora that are absent say so.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from rich.progress import track
from train_screen import NEWS, training_documents

from spindetect.bundle import default_folder
from spindetect.encoder import StaticEncoder
from spindetect.errors import SpindetectError
from spindetect.evaluation.screening import (
    LENGTHS,
    Heads,
    Judge,
    Judged,
    auc,
    cut,
    evasions,
    recall,
    row,
    share_above,
    word_precision,
)
from spindetect.evaluation.targets import DICTIONARIES
from spindetect.screening.minilm import WordStates
from spindetect.screening.model import load_screen_model
from spindetect.screening.screener import LEAST_WORDS
from spindetect.training.corpus import load_pairs, load_stories
from spindetect.training.prose import load_prose
from spindetect.training.screening.card import screening_table
from spindetect.training.screening.documents import (
    FAMILIES,
    Document,
    HumanText,
    documents,
    news_texts,
    prose_texts,
    story_texts,
)
from spindetect.training.screening.fit import fit_screening
from spindetect.training.screening.pipeline import prepare_documents

ROOT = Path(__file__).resolve().parents[1]
SPUN_NEWS, SPUN_FLUENT, EVADED = 150, 200, 100
SEED = 7
_REPEATED = 0.3
"""Share of an article's word 6-grams that other articles may have; above it, training has seen it."""


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help=f"folder with {NEWS}, quillbot_dev.jsonl, msrp_train.jsonl")
    parser.add_argument("--model", type=Path, default=default_folder() / "screen")
    parser.add_argument("--out", type=Path, default=ROOT / "build/evaluation")
    arguments = parser.parse_args()
    started = time.monotonic()
    try:
        rows = measured(arguments.corpora, arguments.model)
    except SpindetectError as error:
        print(f"evaluate_screen: {error}", file=sys.stderr)
        return 2
    arguments.out.mkdir(parents=True, exist_ok=True)
    text = "\n".join(["# Screening", "", *screening_table(rows)])
    (arguments.out / "screening.md").write_text(text, "utf-8")
    (arguments.out / "screening.json").write_text(json.dumps({"rows": rows}, indent=1) + "\n", "utf-8")
    print(text)
    print(f"{time.monotonic() - started:.0f} seconds", file=sys.stderr)
    return 0


def measured(corpora: Path | None, folder: Path) -> list[dict[str, Any]]:
    """All rows of the table."""
    model = load_screen_model(folder)
    words = StaticEncoder.from_folder(default_folder() / "encoder")
    states = WordStates()
    judge = Judge(words, states)
    stories = [story for story in load_stories(ROOT / "data/stories") if story.split == "test"]
    originals = story_texts(stories, ["original"])
    news = _news(corpora)
    chosen = random.Random(SEED).sample(news, min(SPUN_NEWS, len(news)))
    # News against news: another register in one of the two classes would be told apart by itself.
    spun = list(documents(chosen or originals, FAMILIES, len(FAMILIES), SEED))
    humans = list(documents(news or originals, (), 0, SEED))
    rows = []
    for family, heads in left_out(corpora, words, states):
        positives = judge.judge([item for item in spun if item.family == family], heads)
        negatives = judge.judge(humans, heads, keep=True)
        name = f"`{family}`, left out of training"
        rows.append(row(name, "ROC AUC", len(positives.documents), auc(positives, negatives), 0.99))
        rows.append(row(name, "recall at 1 % false positives", len(humans), recall(positives, negatives), 0.90))
        rows.append(row(name, "average precision of replaced words", None, word_precision(positives), 0.80))
        if family == DICTIONARIES[0]:
            rows += by_length(judge, heads, [item for item in spun if item.family == family], humans)
            rows += on_evasions(judge, heads, humans[:EVADED], family)
    rows += [_thesaurus(judge, model, stories), *_human_rows(judge, model, model.spun_from, news, corpora)]
    rows.append(_fluent(judge, model, corpora))
    return rows


def left_out(corpora: Path | None, words: StaticEncoder, states: WordStates) -> Any:
    """Each dictionary family with heads trained without it and without the combinations."""
    found, _ = training_documents(corpora, 0)
    prepared = list(track(prepare_documents(found, words, states), "reading", total=len(found)))
    for family in DICTIONARIES:
        print(f"without {family}", file=sys.stderr)
        fitted = fit_screening([item for item in prepared if item.document.family not in (family, "combined")])
        yield family, fitted


def by_length(judge: Judge, heads: Heads, spun: list[Document], humans: list[Document]) -> list[dict[str, Any]]:
    rows = []
    for length in LENGTHS:
        positives, negatives = cut(spun, length), cut(humans, length)
        figure = auc(judge.judge(positives, heads), judge.judge(negatives, heads)) if positives and negatives else None
        rows.append(row(f"openings of {length} words, `{DICTIONARIES[0]}` left out", "ROC AUC", len(positives), figure, None))
    return rows


def on_evasions(judge: Judge, heads: Heads, humans: list[Document], family: str) -> list[dict[str, Any]]:
    negatives = judge.judge(humans, heads, keep=True)
    rows = []
    for name, found in evasions(humans, family).items():
        figure = auc(judge.judge(found, heads), negatives) if found else None
        rows.append(row(f"evasion: {name}, `{family}` left out", "ROC AUC", len(found), figure, 0.95 if name == "half" else None))
    return rows


def _news(corpora: Path | None) -> list[HumanText]:
    """The odd lines, without those that repeat an even line."""
    path = corpora / NEWS if corpora else None
    if path is None or not path.exists():
        return []
    known = {gram for text in news_texts(path, odd=False) for gram in _six_grams(text)}
    grams = ((text, _six_grams(text)) for text in news_texts(path, odd=True))
    return [text for text, own in grams if len(own & known) <= _REPEATED * len(own)]


def _six_grams(text: HumanText) -> set[tuple[str, ...]]:
    words = text.text.casefold().split()
    return set(zip(*(words[start:] for start in range(6)), strict=False))


def _thesaurus(judge: Judge, heads: Heads, stories: list[Any]) -> dict[str, Any]:
    pairs = [(story, item.text) for story in stories for item in story.rewrites if item.kind == "thesaurus"]
    spun = documents((HumanText(story.id, "story", text) for story, text in pairs), (), 0, SEED)
    own = documents(story_texts([story for story, _ in pairs], ["original"]), (), 0, SEED)
    figure = auc(judge.judge(spun, heads), judge.judge(own, heads))
    return row("`thesaurus` rewrites by hand, test stories", "ROC AUC", len(pairs), figure, 0.98)


def _human_rows(
    judge: Judge, heads: Heads, threshold: float, news: list[HumanText], corpora: Path | None
) -> list[dict[str, Any]]:
    sets = {"bbc_2004, odd lines": news, "data/prose, test half": prose_texts(load_prose(ROOT / "data/prose"), "test")}
    path = corpora / "msrp_train.jsonl" if corpora else None
    lines = path.read_text("utf-8").split("\n") if path and path.exists() else []
    sentences = [json.loads(line)["s1"] for line in lines if line.strip()]
    sets["msrp_train, ten rows joined"] = [
        HumanText(f"msrp {start}", "news", " ".join(sentences[start : start + 10])) for start in range(0, len(sentences) - 9, 10)
    ]
    rows = []
    for name, texts in sets.items():
        found = [item for item in documents(texts, (), 0, SEED) if len(item.article.words) >= LEAST_WORDS]
        judged: Judged | None = judge.judge(found, heads) if found else None
        figure = share_above(judged, threshold) if judged else None
        rows.append(row(name, "called spun", len(found) or None, figure, 0.01, at_most=True))
    return rows


def _fluent(judge: Judge, heads: Heads, corpora: Path | None) -> dict[str, Any]:
    path = corpora / "quillbot_dev.jsonl" if corpora else None
    pairs = [pair for pair in load_pairs(path) if pair.label == "spun"] if path and path.exists() else []
    chosen = random.Random(SEED).sample(pairs, min(SPUN_FLUENT, len(pairs)))
    texts = {pair.original: HumanText(pair.group, "prose", pair.original) for pair in chosen}
    spun = list(documents([HumanText(pair.group, "prose", pair.suspect) for pair in chosen], (), 0, SEED))
    figure = auc(judge.judge(spun, heads), judge.judge(documents(texts.values(), (), 0, SEED), heads)) if spun else None
    return row("quillbot_dev spun against its originals", "ROC AUC", len(spun) or None, figure, 0.85)


if __name__ == "__main__":
    sys.exit(main())

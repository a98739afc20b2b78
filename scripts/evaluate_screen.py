"""Measure the screening model; writes build/evaluation/screening.html, .md and .json.

Dictionary families are left out in turn: for each a model is trained without it and measured on its output. Human texts are
those that no training has seen. Rows on corpora that are absent say so. The page shows human texts; the other two files hold ids
and figures only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from screening_texts import NEWS, ROOT, fluent_texts, training_texts, unseen_news

from spindetect.bundle import load_bundle
from spindetect.detector import SCREEN_FOLDER
from spindetect.errors import SpindetectError
from spindetect.evaluation.drawing import require_matplotlib
from spindetect.evaluation.report import without_nan
from spindetect.evaluation.screening import (
    LENGTHS,
    Heads,
    Judge,
    Judged,
    auc,
    count_spun,
    cut,
    evasions,
    recall,
    row,
    share_spun,
    word_precision,
)
from spindetect.evaluation.screening_page import screening_evaluation_page, screening_markdown
from spindetect.evaluation.screening_results import Accused, ByLength, Ranked, Register, ScreenEvaluation
from spindetect.evaluation.suggestions import suggestion_rows
from spindetect.evaluation.targets import DICTIONARIES
from spindetect.screening.minilm import word_states
from spindetect.screening.model import SHORT_WORDS, load_screen_model
from spindetect.screening.screener import LEAST_WORDS, Screener
from spindetect.training.corpus import load_stories
from spindetect.training.prose import load_prose
from spindetect.training.screening.documents import (
    FAMILIES,
    Document,
    HumanText,
    documents,
    prose_texts,
    story_texts,
)
from spindetect.training.screening.fit import fit_screening

SPUN_NEWS, SPUN_FLUENT, EVADED, SUGGESTED, WORST = 150, 200, 100, 40, 12
SEED = 7


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help=f"folder with {NEWS}, quillbot_dev.jsonl, msrp_train.jsonl")
    parser.add_argument("--model", type=Path, help="bundle folder; default: the shipped model")
    parser.add_argument("--out", type=Path, default=ROOT / "build/evaluation")
    arguments = parser.parse_args()
    started = time.monotonic()
    try:
        require_matplotlib()
        found = Evaluation(arguments.corpora, arguments.model).run()
    except SpindetectError as error:
        print(f"evaluate_screen: {error}", file=sys.stderr)
        return 2
    found.facts["seconds"] = round(time.monotonic() - started)
    arguments.out.mkdir(parents=True, exist_ok=True)
    text = screening_markdown(found)
    (arguments.out / "screening.md").write_text(text, "utf-8")
    (arguments.out / "screening.json").write_text(json.dumps(without_nan(found.to_dict()), indent=1) + "\n", "utf-8")
    (arguments.out / "screening.html").write_text(screening_evaluation_page(found), "utf-8")
    print(text)
    return 0


class Evaluation:
    """One run: what is measured, and the texts it is measured on."""

    def __init__(self, corpora: Path | None, folder: Path | None) -> None:
        bundle = load_bundle(folder)
        self.corpora = corpora
        self.words = bundle.words
        self.model = load_screen_model(bundle.folder / SCREEN_FOLDER)
        self.screener = Screener(self.model, self.words, lambda: bundle.synonyms)
        self.judge = Judge(self.words, word_states())
        self.stories = [story for story in load_stories(ROOT / "data/stories") if story.split == "test"]
        self.news = unseen_news(corpora)
        self.found = ScreenEvaluation({"model": f"{self.model.info.name} {self.model.info.version}", "seed": SEED})

    def run(self) -> ScreenEvaluation:
        originals = story_texts(self.stories, ["original"])
        chosen = random.Random(SEED).sample(self.news, min(SPUN_NEWS, len(self.news)))
        # News against news: another register in one of the two classes would be told apart by itself.
        spun = [item for item in documents(chosen or originals, FAMILIES, len(FAMILIES), SEED) if item.family in DICTIONARIES]
        humans = list(documents(self.news or originals, (), 0, SEED))
        for family, heads in self._left_out():
            self._family(family, heads, [item for item in spun if item.family == family], humans)
        self._thesaurus()
        self._registers()
        self._fluent()
        self.found.rows += suggestion_rows(originals[:SUGGESTED], self.screener)
        return self.found

    def _left_out(self) -> Iterator[tuple[str, Heads]]:
        """Each dictionary family with heads trained without it and without the combinations."""
        parts = training_texts(self.corpora, 0, self.words, word_states())[:2]
        for family in DICTIONARIES:
            print(f"without {family}", file=sys.stderr, flush=True)
            whole, short = ([item for item in part if item.document.family not in (family, "combined")] for part in parts)
            yield family, fit_screening(whole, short)

    def _family(self, family: str, heads: Heads, spun: list[Document], humans: list[Document]) -> None:
        positives, negatives = self.judge.judge(spun, heads), self.judge.judge(humans, heads, keep=True)
        name = f"`{family}`, left out of training"
        self.found.families.append(Ranked(family, positives.scores, negatives.scores))
        self.found.rows += [
            row(name, "ROC AUC", len(spun), auc(positives, negatives), 0.99),
            row(name, "recall at 1 % false positives", len(humans), recall(positives, negatives), 0.90),
            row(name, "average precision of replaced words", None, word_precision(positives), 0.80),
        ]
        for length in LENGTHS:
            own, others = cut(spun, length), cut(humans, length)
            if own and others:
                figure = auc(self.judge.judge(own, heads), self.judge.judge(others, heads, keep=True))
                self.found.lengths.append(ByLength(family, length, figure))
                if family == DICTIONARIES[0]:
                    of = f"openings of {length} words, `{family}` left out"
                    self.found.rows.append(row(of, "ROC AUC", len(own), figure, None))
        if family == DICTIONARIES[0]:
            self._evasions(heads, humans[:EVADED], family)

    def _evasions(self, heads: Heads, humans: list[Document], family: str) -> None:
        negatives = self.judge.judge(humans, heads, keep=True)
        for name, found in evasions(humans, family).items():
            figure = auc(self.judge.judge(found, heads), negatives) if found else None
            target = 0.95 if name == "half" else None
            self.found.rows.append(row(f"evasion: {name}, `{family}` left out", "ROC AUC", len(found), figure, target))

    def _thesaurus(self) -> None:
        pairs = [(story, item.text) for story in self.stories for item in story.rewrites if item.kind == "thesaurus"]
        spun = documents((HumanText(story.id, "story", text) for story, text in pairs), (), 0, SEED)
        own = documents(story_texts([story for story, _ in pairs], ["original"]), (), 0, SEED)
        figure = auc(self.judge.judge(spun, self.model), self.judge.judge(own, self.model))
        self.found.rows.append(row("`thesaurus` rewrites by hand, test stories", "ROC AUC", len(pairs), figure, 0.98))

    def _registers(self) -> None:
        """False positives of the shipped model: all texts of a set, short openings, and each register of prose."""
        pieces = [piece for piece in load_prose(ROOT / "data/prose") if piece["split"] == "test"]
        sets = {
            "bbc_2004, odd lines": self.news,
            "data/prose, test half": prose_texts(pieces, "test"),
            "msrp_train, ten rows joined": self._joined_sentences(),
            "data/stories, test": story_texts(self.stories),
        }
        judged = {name: self._judged(list(documents(texts, (), 0, SEED))) for name, texts in sets.items() if texts}
        for name in sets:
            self._count(name, judged.get(name), target=0.01)
        for name in ("bbc_2004, odd lines", "data/prose, test half"):
            short = cut(judged[name].documents, LEAST_WORDS) if name in judged else []
            fitting = [item for item in short if LEAST_WORDS <= len(item.article.words) < SHORT_WORDS]
            self._count(f"{name}: openings of {LEAST_WORDS} to 56 words", self._judged(fitting) if fitting else None, target=0.01)
        register = {f"prose {piece['id']}": piece["register"] for piece in pieces}
        prose = judged["data/prose, test half"]
        for name in sorted(set(register.values())):
            own = [number for number, item in enumerate(prose.documents) if register[item.group] == name]
            part = Judged([prose.documents[n] for n in own], [prose.log_odds[n] for n in own], prose.scores[own])
            self.found.registers.append(Register(f"prose: {name}", len(own), count_spun(part, self.model)))
        self._worst(judged)

    def _judged(self, found: list[Document]) -> Judged:
        return self.judge.judge([item for item in found if len(item.article.words) >= LEAST_WORDS], self.model)

    def _count(self, name: str, judged: Judged | None, target: float) -> None:
        if judged is None:
            self.found.rows.append(row(name, "called spun", None, None, target, at_most=True))
            return
        n, share = len(judged.documents), share_spun(judged, self.model)
        self.found.rows.append(row(name, "called spun", n, share, target, at_most=True))
        self.found.registers.append(Register(name, n, count_spun(judged, self.model)))

    def _worst(self, judged: dict[str, Judged]) -> None:
        placed = [
            (score, name, document)
            for name, part in judged.items()
            for score, document in zip(part.scores.tolist(), part.documents, strict=True)
        ]
        for _, name, document in sorted(placed, key=lambda item: -item[0])[:WORST]:
            screening = replace(self.screener.screen(document.article), ignored=())
            self.found.worst.append(Accused(document.group, name, screening))

    def _fluent(self) -> None:
        copies, originals = fluent_texts(self.corpora, SPUN_FLUENT, SEED)
        spun, own = (list(documents(texts, (), 0, SEED)) for texts in (copies, originals))
        figure = auc(self.judge.judge(spun, self.model), self.judge.judge(own, self.model)) if spun else None
        self.found.rows.append(row("quillbot_dev spun against its originals", "ROC AUC", len(spun) or None, figure, 0.85))

    def _joined_sentences(self) -> list[HumanText]:
        path = self.corpora / "msrp_train.jsonl" if self.corpora else None
        lines = path.read_text("utf-8").split("\n") if path and path.exists() else []
        own = [json.loads(line)["s1"] for line in lines if line.strip()]
        return [HumanText(f"msrp {start}", "news", " ".join(own[start : start + 10])) for start in range(0, len(own) - 9, 10)]


if __name__ == "__main__":
    sys.exit(main())

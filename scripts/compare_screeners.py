"""Compare heads for screening; writes build/evaluation/screeners.json and prints its table.

Each dictionary family is left out of training in turn, with the combinations. Word heads, and what is tuned of the transformer,
are trained on most of the human texts chosen and on what the other families make of them; text heads on the rest; the figures are
of news that no training has seen (odd lines of bbc_2004.jsonl), of pieces of prose, and of fluent copies by QuillBot. A part of
the training's texts, so that it takes under an hour. Needs `pip install wordfreq symspellpy` beside the train extra.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
from screeners.collocations import Collocations
from screeners.measuring import Measured, Read, TestTexts
from screeners.table import screeners_table
from screeners.tuning import GENTLE_RATE, Adapted, Tuned, UpperLayers, tune
from screening_texts import ROOT, fluent_texts, human_texts, spun_documents, unseen_news

from spindetect.bundle import default_folder
from spindetect.encoder import StaticEncoder
from spindetect.errors import InputError, SpindetectError
from spindetect.evaluation.targets import DICTIONARIES
from spindetect.screening.minilm import WordStates
from spindetect.screening.suspicion import WordHead
from spindetect.training.prose import load_prose
from spindetect.training.screening.documents import Document, HumanText, documents, prose_texts
from spindetect.training.screening.fit import Prepared, fit_words

CHOSEN = {"news": 110, "story": 45, "prose": 48}
"""Human texts (stories: both of each)."""
NEWS, SPUN, FLUENT = 300, 80, 80
WORD_HEADS = 0.6
"""Share of the human texts for word heads; the rest teaches text heads."""
SEED = 0
SHIPPED, GRAMS, LOW_RANK = "shipped", "n-grams", "low rank"
TUNED: dict[str, Callable[[], Tuned]] = {
    LOW_RANK: Adapted,
    "low rank, a fifth of the rate": lambda: Adapted(GENTLE_RATE),
    "layers 5 and 6 tuned": lambda: UpperLayers(4),
    "layers 3 and 4 tuned": lambda: UpperLayers(2),
}
VARIANTS = [GRAMS, *TUNED]


def main() -> int:
    """Compare and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with bbc_2004.jsonl and quillbot_dev.jsonl")
    parser.add_argument("--quick", action="store_true", help="a tenth of the texts: shows whether it runs, not what is better")
    parser.add_argument(
        "--variants", nargs="*", choices=VARIANTS, default=VARIANTS, help="beside the shipped head (default: all)"
    )
    parser.add_argument("--add", action="store_true", help="keep what the file has of other variants")
    parser.add_argument("--threads", type=int, default=1, help="of torch (default: 1)")
    parser.add_argument("--out", type=Path, default=ROOT / "build/evaluation/screeners.json")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    started = time.monotonic()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    try:
        comparison = Comparison(arguments.corpora, arguments.variants, 0.1 if arguments.quick else 1.0)
        if arguments.add:
            comparison.add_to(json.loads(arguments.out.read_text("utf-8")))
        for found in comparison.run():
            found["facts"]["seconds"] = round(time.monotonic() - started)
            # After each: a run that is cut short has not been for nothing.
            arguments.out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    except SpindetectError as error:
        print(f"compare_screeners: {error}", file=sys.stderr)
        return 2
    print("\n".join(screeners_table(found)))
    return 0


class Comparison:
    """Texts, what reads them, and the figures so far."""

    def __init__(self, corpora: Path, variants: Sequence[str], share: float) -> None:
        self.variants = variants
        self.words = StaticEncoder.from_folder(default_folder() / "encoder")
        self.states = WordStates()
        texts, _ = human_texts(corpora)
        news = unseen_news(corpora)
        if not news or not texts["news"]:
            raise InputError(f"{corpora} has no bbc_2004.jsonl: this comparison needs its news")
        if GRAMS in variants:
            self.collocations = Collocations([text for own in texts.values() for text in own], self.words)
        chosen = {register: _sample(own, round(share * CHOSEN[register])) for register, own in texts.items()}
        found = spun_documents(chosen, SEED)
        groups = sorted({item.group for item in found})
        random.Random(SEED).shuffle(groups)
        own = set(groups[: round(WORD_HEADS * len(groups))])
        self.learnt = [item for item in found if item.group in own]
        self.pool = [item for item in found if item.group not in own]
        self._choose_tests(corpora, news, share)
        self.frozen = _kept(lambda item: self.states.of(item.article).astype(np.float16))
        self.grams = _kept(lambda item: self.collocations.of(item).astype(np.float16))
        self.results: dict[str, dict[str, Any]] = {}
        self.facts: dict[str, Any] = {
            "texts": {register: len(own) for register, own in chosen.items()},
            "documents": len(found),
            "words": sum(len(item.article.words) for item in found),
            "test": {"news": len(self.news), "spun": round(share * SPUN), "prose": len(self.prose), "copies": len(self.copies)},
            "seed": SEED,
            "threads": torch.get_num_threads(),
        }

    def _choose_tests(self, corpora: Path, news: list[HumanText], share: float) -> None:
        chosen = random.Random(SEED).sample(news, min(len(news), round(share * NEWS)))
        self.news = list(documents(chosen, (), 0, SEED))
        self.to_spin = chosen[: round(share * SPUN)]
        self.prose = list(documents(prose_texts(load_prose(ROOT / "data/prose"), "test"), (), 0, SEED))
        copies, originals = fluent_texts(corpora, round(share * FLUENT), SEED)
        self.copies, self.originals = (list(documents(part, (), 0, SEED)) for part in (copies, originals))

    def add_to(self, earlier: dict[str, Any]) -> None:
        """
        Raises:
            InputError: an earlier comparison was of other texts.
        """
        if any(earlier["facts"].get(name) != value for name, value in self.facts.items()):
            raise InputError("the file holds a comparison of other texts: leave --add out to replace it")
        self.results = earlier["variants"]

    def run(self) -> Iterator[dict[str, Any]]:
        """Figures after each variant."""
        for family in reversed(DICTIONARIES):
            spun = [item for item in documents(self.to_spin, (family,), 1, SEED) if item.family == family]
            test = TestTexts(spun, self.news, self.prose, self.copies, self.originals)
            learnt, pool = (
                [item for item in part if item.family not in (family, "combined")] for part in (self.learnt, self.pool)
            )
            yield from self._variants(family, learnt, pool, test)

    def _variants(self, family: str, learnt: list[Document], pool: list[Document], test: TestTexts) -> Iterator[dict[str, Any]]:
        def measure(name: str, head: WordHead, read: Read, seconds: float, size: int, afresh: Read) -> Measured:
            measured = Measured(head, read, self.words, pool, test)
            own = self.results.setdefault(name, {"families": {}, "seconds": {}, "milliseconds": {}, "bytes": size})
            own["families"][family] = measured.figures(shipped or measured)
            own["seconds"][family] = round(seconds)
            own["milliseconds"][family] = round(measured.milliseconds(afresh), 1)
            print(f"{family} left out, {name}: {own['families'][family]}", file=sys.stderr, flush=True)
            return measured

        def fresh_states(item: Document) -> np.ndarray:
            return self.states.of(item.article)

        shipped: Measured | None = None
        head, seconds = self._fit(learnt, self.frozen)
        shipped = measure(SHIPPED, head, self.frozen, seconds, _size(head), fresh_states)
        yield self._found()
        if GRAMS in self.variants:
            grams, own_seconds = self._fit(learnt, self.grams)
            measure(GRAMS, grams, self.grams, own_seconds, _size(grams) + self.collocations.bytes, self.collocations.of)
            both = _beside(self.frozen, self.grams)
            joint, own_seconds = self._fit(learnt, both)
            fresh = _beside(fresh_states, self.collocations.of)
            measure(f"{SHIPPED} + {GRAMS}", joint, both, own_seconds, _size(joint) + self.collocations.bytes, fresh)
            yield self._found()
        for name in (name for name in TUNED if name in self.variants):
            started = time.monotonic()
            tuned = TUNED[name]()
            tuned_head = tune(tuned, head, learnt, SEED)
            own_seconds = seconds + time.monotonic() - started
            reader = tuned.reader()

            def afresh(item: Document, reader: WordStates = reader) -> np.ndarray:
                return reader.of(item.article)

            kept = _kept(lambda item, read=afresh: read(item).astype(np.float16))  # type: ignore[misc]
            measure(name, tuned_head, kept, own_seconds, _size(tuned_head) + tuned.bytes, afresh)
            yield self._found()
            if name == LOW_RANK and GRAMS in self.variants:
                both = _beside(kept, self.grams)
                joint, more = self._fit(learnt, both)
                size = _size(joint) + tuned.bytes + self.collocations.bytes
                measure(f"{name} + {GRAMS}", joint, both, own_seconds + more, size, _beside(afresh, self.collocations.of))
                yield self._found()

    def _fit(self, learnt: list[Document], read: Read) -> tuple[WordHead, float]:
        """A head and the seconds of its training, without those of reading."""
        prepared = [Prepared(item, read(item), np.empty(0)) for item in learnt]
        started = time.monotonic()
        return fit_words(prepared, SEED), time.monotonic() - started

    def _found(self) -> dict[str, Any]:
        return {"facts": self.facts, "variants": self.results}


def _sample(texts: list[HumanText], count: int) -> list[HumanText]:
    ids = sorted({text.id for text in texts})
    chosen = set(random.Random(SEED).sample(ids, min(count, len(ids))))
    return [text for text in texts if text.id in chosen]


def _kept(read: Read) -> Read:
    known: dict[int, tuple[Document, np.ndarray]] = {}

    def get(item: Document) -> np.ndarray:
        if id(item) not in known:
            known[id(item)] = (item, read(item))  # with the document, so that no other can have its id
        return known[id(item)][1]

    return get


def _beside(one: Read, other: Read) -> Read:
    return lambda item: np.concatenate([one(item), other(item)], axis=1)


def _size(head: WordHead) -> int:
    """Bytes on disk."""
    return 4 * sum(values.size for values in vars(head).values())


if __name__ == "__main__":
    sys.exit(main())

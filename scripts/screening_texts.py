"""The texts that the screening is trained on, read through the transformer, for training and for evaluation."""

from __future__ import annotations

import hashlib
import random
import sys
from importlib.resources import files
from pathlib import Path

import joblib
import numpy as np
from rich.progress import track

from spindetect.encoder import StaticEncoder
from spindetect.screening.minilm import GRAPH, WordStates
from spindetect.training.corpus import load_pairs, load_stories
from spindetect.training.prose import load_prose
from spindetect.training.screening.documents import (
    FAMILIES,
    Document,
    HumanText,
    documents,
    news_texts,
    prose_texts,
    story_texts,
    windows,
)
from spindetect.training.screening.fit import Prepared
from spindetect.training.screening.pipeline import half_states

ROOT = Path(__file__).resolve().parents[1]
NEWS = "bbc_2004.jsonl"
SPINS = {"news": 1, "story": 2, "prose": 3}
"""Spun copies of each text."""
_REPEATED = 0.3
"""Share of an article's word 6-grams that other articles may have; above it, training has seen it."""


def human_texts(corpora: Path | None) -> tuple[dict[str, list[HumanText]], str]:
    """The human texts of training by register, and for the card what they are."""
    stories = [story for story in load_stories(ROOT / "data/stories") if story.split != "test"]
    texts = {"story": story_texts(stories), "prose": prose_texts(load_prose(ROOT / "data/prose"), "train"), "news": []}
    said = f"{len(stories)} stories and {len(texts['prose'])} pieces of prose of data/"
    path = corpora / NEWS if corpora else None
    if path is not None and path.exists():
        texts["news"] = news_texts(path, odd=False)
        said += (
            f", and {len(texts['news'])} news articles (the even lines of bbc_2004: BBC news of 2004 and 2005, for research use; "
            "none of its text is in the repository)"
        )
    else:
        print(f"no {NEWS}: training on data/ alone, and human news will be accused more often", file=sys.stderr)
        said += "; no news articles"
    return texts, said


def spun_documents(texts: dict[str, list[HumanText]], seed: int) -> list[Document]:
    """The texts and spun copies of them."""
    return [item for register, own in texts.items() for item in documents(own, FAMILIES, SPINS[register], seed)]


def unseen_news(corpora: Path | None) -> list[HumanText]:
    """The odd lines, without those that repeat an even line."""
    path = corpora / NEWS if corpora else None
    if path is None or not path.exists():
        return []
    known = {gram for text in news_texts(path, odd=False) for gram in _six_grams(text)}
    grams = ((text, _six_grams(text)) for text in news_texts(path, odd=True))
    return [text for text, own in grams if len(own & known) <= _REPEATED * len(own)]


def fluent_texts(corpora: Path | None, most: int, seed: int) -> tuple[list[HumanText], list[HumanText]]:
    """Copies by QuillBot, and the originals of these copies."""
    path = corpora / "quillbot_dev.jsonl" if corpora else None
    pairs = [pair for pair in load_pairs(path) if pair.label == "spun"] if path and path.exists() else []
    chosen = random.Random(seed).sample(pairs, min(most, len(pairs)))
    originals = {pair.original: HumanText(pair.group, "prose", pair.original) for pair in chosen}
    return [HumanText(pair.group, "prose", pair.suspect) for pair in chosen], list(originals.values())


def _six_grams(text: HumanText) -> set[tuple[str, ...]]:
    words = text.text.casefold().split()
    return set(zip(*(words[start:] for start in range(6)), strict=False))


def training_texts(
    corpora: Path | None, seed: int, words: StaticEncoder, states: WordStates
) -> tuple[list[Prepared], list[Prepared], str]:
    """Documents of training and short windows of them, both read through the transformer; and for the card what they are."""
    humans, said = human_texts(corpora)
    found = spun_documents(humans, seed)
    texts = [*found, *windows(found, seed)]
    digest = hashlib.sha256(files("spindetect.screening").joinpath(GRAPH).read_bytes())
    for document in texts:
        digest.update(document.article.text.encode())
    cached = joblib.Memory(ROOT / "build/cache", verbose=0).cache(_states, ignore=["texts", "states"])
    known = cached(digest.hexdigest(), texts, states)
    prepared = [Prepared(item, own, words.rarity(item.article.words)) for item, own in zip(texts, known, strict=True)]
    return prepared[: len(found)], prepared[len(found) :], said


def _states(digest: str, texts: list[Document], states: WordStates) -> list[np.ndarray]:
    return [half_states(item.article, states) for item in track(texts, "reading")]

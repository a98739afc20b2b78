"""The texts that the screening is trained on, read through the transformer, for training and for evaluation."""

from __future__ import annotations

import hashlib
import sys
from importlib.resources import files
from pathlib import Path

import joblib
import numpy as np
from rich.progress import track

from spindetect.encoder import StaticEncoder
from spindetect.screening.minilm import GRAPH, WordStates
from spindetect.training.corpus import load_stories
from spindetect.training.prose import load_prose
from spindetect.training.screening.documents import FAMILIES, Document, documents, news_texts, prose_texts, story_texts, windows
from spindetect.training.screening.fit import Prepared
from spindetect.training.screening.pipeline import half_states

ROOT = Path(__file__).resolve().parents[1]
NEWS = "bbc_2004.jsonl"
SPINS = {"news": 1, "story": 2, "prose": 3}
"""Spun copies of each text."""


def training_documents(corpora: Path | None, seed: int, families: tuple[str, ...] = FAMILIES) -> tuple[list[Document], str]:
    """Documents, and for the card what they are."""
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
    found = [item for register, own in texts.items() for item in documents(own, families, SPINS[register], seed)]
    return found, said


def training_texts(
    corpora: Path | None, seed: int, words: StaticEncoder, states: WordStates
) -> tuple[list[Prepared], list[Prepared], str]:
    """Documents of training and short windows of them, both read through the transformer; and for the card what they are."""
    found, said = training_documents(corpora, seed)
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

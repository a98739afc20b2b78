"""Synonyms from WordNet's data files, which `scripts/fetch_lexicon.py` unpacks; none of them is in the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from spindetect.errors import InputError

ENVIRONMENT = "SPINDETECT_WORDNET"
DEFAULT_FOLDER = Path("build/lexicon/wordnet")
_FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}


def wordnet_folder() -> Path:
    """Where the data files are: $SPINDETECT_WORDNET, build/lexicon/wordnet, or Debian's own folder.

    Raises:
        InputError: they are nowhere.
    """
    for folder in (Path(os.environ.get(ENVIRONMENT, DEFAULT_FOLDER)), DEFAULT_FOLDER, Path("/usr/share/wordnet")):
        if (folder / "data.noun").exists():
            return folder
    raise InputError(f"WordNet's files are not in {DEFAULT_FOLDER}: run scripts/fetch_lexicon.py, or set {ENVIRONMENT}")


@lru_cache(maxsize=4)
def _synsets(kind: str) -> dict[str, list[list[str]]]:
    """For each lemma its synsets, most frequent sense first, each as its other lemmas."""
    folder = wordnet_folder()
    words_at: dict[str, list[str]] = {}
    with (folder / f"data.{_FILES[kind]}").open(encoding="latin-1") as lines:
        for line in lines:
            if line.startswith(" "):
                continue
            fields = line.split(" ", 200)
            count = int(fields[3], 16)
            # A word is followed by its lexical id; adjectives may carry a position mark such as (a).
            words_at[fields[0]] = [fields[4 + 2 * k].split("(")[0].replace("_", " ") for k in range(count)]
    senses: dict[str, list[list[str]]] = {}
    with (folder / f"index.{_FILES[kind]}").open(encoding="latin-1") as lines:
        for line in lines:
            if line.startswith(" "):
                continue
            fields = line.split()
            offsets = fields[-int(fields[2]) :]
            senses[fields[0].replace("_", " ")] = [words_at[offset] for offset in offsets if offset in words_at]
    return senses


def synonym_sets() -> Iterator[list[str]]:
    """All sets of synonyms in lower case, for the lexicon of a bundle."""
    for kind in _FILES:
        for senses in _synsets(kind).values():
            for words in senses:
                yield [word.lower() for word in words if word.isascii()]


def synonyms(lemma: str, kind: str, sense: int | None = None) -> list[str]:
    """Other lemmas of the first senses, or of one sense counted from 0 (the last if there are fewer)."""
    senses = _synsets(kind).get(lemma, [])
    if not senses:
        return []
    chosen = senses[:2] if sense is None else [senses[min(sense, len(senses) - 1)]]
    others = [word for words in chosen for word in words if word.lower() != lemma and word.islower()]
    return list(dict.fromkeys(others))


def sense_count(lemma: str, kind: str) -> int:
    return len(_synsets(kind).get(lemma, []))

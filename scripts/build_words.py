"""Make spindetect/words.txt.gz: the words that reading takes for English ones, most frequent first.

They are the whole words of the encoder's vocabulary (BERT's, most frequent first) and, after them, words of the training
stories, as far as simplemma knows them. Of two letters only those listed here count: the others are names of units and states.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from pathlib import Path

import simplemma

from spindetect.bundle import default_folder
from spindetect.encoder import StaticEncoder
from spindetect.training.corpus import load_stories

ROOT = Path(__file__).resolve().parents[1]
TWO_LETTERS = frozenset(
    "of in to he is as on it by at an be my or me up no we so if do us go am oh mr ms dr uk ok hi ad ex tv pm".split()
)
FREQUENT, RAREST_OF_THREE = 2_400, 8_000
"""Ranks up to which all words of three letters are taken, and the known ones."""
LEAST_STORIES = 2


def main() -> None:
    vocabulary = StaticEncoder.from_folder(default_folder() / "encoder").vocabulary()
    found = {word: None for rank, word in enumerate(vocabulary) if _is_word(word, rank)}
    stories = [story for story in load_stories(ROOT / "data/stories") if story.split == "train"]
    counts = Counter(
        word for story in stories for word in set(re.findall(r"\b[a-z]{4,}\b", f"{story.original} {story.independent}"))
    )
    found |= {word: None for word, count in counts.most_common() if count >= LEAST_STORIES and simplemma.is_known(word, "en")}
    packed = gzip.compress(" ".join(found).encode("ascii"), mtime=0)
    (ROOT / "spindetect/words.txt.gz").write_bytes(packed)
    print(f"{len(found)} words, {len(packed)} bytes")


def _is_word(word: str, rank: int) -> bool:
    if not re.fullmatch("[a-z]{2,}", word):
        return False
    if len(word) == 2:
        return word in TWO_LETTERS
    if len(word) == 3:
        return rank < FREQUENT or (rank < RAREST_OF_THREE and simplemma.is_known(word, "en"))
    return simplemma.is_known(word, "en")


if __name__ == "__main__":
    main()

"""The words that English is mostly made of, most frequent first."""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def common_words() -> dict[str, int]:
    """Each word with its rank by frequency: the whole words of BERT's vocabulary that are spelt with plain letters."""
    packed = (files("spindetect") / "words.txt.gz").read_bytes()
    return {word: rank for rank, word in enumerate(gzip.decompress(packed).decode("ascii").split())}

"""Two encoded articles with a common numbering of their words, so that the rest is arithmetic on integers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spindetect.encoding import EncodedArticle


@dataclass(frozen=True)
class Pairing:
    """A suspect and an original.

    Attributes:
        suspect: the encoded suspect.
        original: the encoded original.
        suspect_ids: number of each suspect word's lemma, shape (suspect words,).
        original_ids: the same for the original.
        lemma_count: how many lemmas the two have together.
        suspect_strings: each suspect sentence with one character a word, so that compiled string measures compare words.
        original_strings: the same for the original; equal words have equal characters on both sides.
    """

    suspect: EncodedArticle
    original: EncodedArticle
    suspect_ids: np.ndarray
    original_ids: np.ndarray
    lemma_count: int
    suspect_strings: list[str]
    original_strings: list[str]


def pair_up(suspect: EncodedArticle, original: EncodedArticle) -> Pairing:
    """Number the words of both articles together."""
    lemmas: dict[str, int] = {}
    words: dict[str, int] = {}
    suspect_ids, original_ids = _numbers(suspect.lemmas, lemmas), _numbers(original.lemmas, lemmas)
    return Pairing(
        suspect=suspect,
        original=original,
        suspect_ids=suspect_ids,
        original_ids=original_ids,
        lemma_count=len(lemmas),
        suspect_strings=_sentence_strings(suspect, words),
        original_strings=_sentence_strings(original, words),
    )


def _numbers(words: list[str], ids: dict[str, int]) -> np.ndarray:
    return np.array([ids.setdefault(word, len(ids)) for word in words], dtype=np.intp)


def words_as_characters(words: list[str], ids: dict[str, int]) -> str:
    """One character a word; ``ids`` numbers the words and grows."""
    codes = _numbers(words, ids).astype("<u4") + 0x100
    codes[codes >= 0xD800] += 0x800  # surrogates are no characters
    return codes.tobytes().decode("utf-32-le")


def _sentence_strings(article: EncodedArticle, ids: dict[str, int]) -> list[str]:
    whole = words_as_characters(article.article.words, ids)
    return [
        whole[start : start + length] for start, length in zip(article.starts.tolist(), article.lengths.tolist(), strict=True)
    ]

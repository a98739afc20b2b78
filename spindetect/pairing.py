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

    def part(self, rows: np.ndarray, columns: np.ndarray) -> Pairing:
        """Some sentences of either side, by their numbers, ascending."""
        s_words, o_words = self.suspect.words_of(rows), self.original.words_of(columns)
        lemma_count, ids = _in_order_of_appearance(np.concatenate([self.suspect_ids[s_words], self.original_ids[o_words]]))
        return Pairing(
            suspect=self.suspect.part(rows),
            original=self.original.part(columns),
            suspect_ids=ids[: len(s_words)],
            original_ids=ids[len(s_words) :],
            lemma_count=lemma_count,
            suspect_strings=[self.suspect_strings[row] for row in rows.tolist()],
            original_strings=[self.original_strings[column] for column in columns.tolist()],
        )


def pair_up(suspect: EncodedArticle, original: EncodedArticle) -> Pairing:
    """Number the words of both articles together."""
    if suspect.generation == original.generation:
        sides = (suspect.lemma_ids, original.lemma_ids)
        texts = _as_characters(suspect.rows), _as_characters(original.rows)
    else:
        lemmas: dict[str, int] = {}
        words: dict[str, int] = {}
        sides = _numbers(suspect.lemmas, lemmas), _numbers(original.lemmas, lemmas)
        texts = words_as_characters(suspect.article.words, words), words_as_characters(original.article.words, words)
    lemma_count, ids = _in_order_of_appearance(np.concatenate(sides))
    return Pairing(
        suspect=suspect,
        original=original,
        suspect_ids=ids[: len(sides[0])],
        original_ids=ids[len(sides[0]) :],
        lemma_count=lemma_count,
        suspect_strings=_sentence_strings(suspect, texts[0]),
        original_strings=_sentence_strings(original, texts[1]),
    )


def _in_order_of_appearance(numbers: np.ndarray) -> tuple[int, np.ndarray]:
    """How many distinct numbers, and each one's rank by first occurrence: what a pair scores must not depend, by so much as
    the order of a sum, on what was read before it."""
    _, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    ranks = np.empty(len(first), dtype=np.intp)
    ranks[np.argsort(first)] = np.arange(len(first))
    return len(first), ranks[inverse]


def _numbers(words: list[str], ids: dict[str, int]) -> np.ndarray:
    return np.array([ids.setdefault(word, len(ids)) for word in words], dtype=np.intp)


def words_as_characters(words: list[str], ids: dict[str, int]) -> str:
    """One character a word; ``ids`` numbers the words and grows."""
    return _as_characters(_numbers(words, ids))


def _as_characters(numbers: np.ndarray) -> str:
    codes = numbers.astype("<u4") + 0x100
    codes[codes >= 0xD800] += 0x800  # surrogates are no characters
    return codes.tobytes().decode("utf-32-le")


def _sentence_strings(article: EncodedArticle, whole: str) -> list[str]:
    spans = zip(article.starts.tolist(), article.lengths.tolist(), strict=True)
    return [whole[start : start + length] for start, length in spans]

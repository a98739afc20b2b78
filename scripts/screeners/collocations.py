"""How common a word is, and how common beside its neighbours: counts of our training texts and of packaged resources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import pairwise

import numpy as np

from spindetect.encoder import StaticEncoder
from spindetect.encoding import FUNCTION_WORD_RARITY
from spindetect.errors import SpindetectError
from spindetect.training.screening.documents import Document, HumanText, documents

LEAST_TEXTS = 2
"""Texts that a gram must be in to be known; once is chance, and would be most of the table."""
_ENTRY = 5
"""Bytes of a gram as it would ship: a hash of 32 bits and a count on a log scale."""
_BOOKS_FLOOR = 5.5
"""log10 of the count given to a pair of words that the books' table lacks; its rarest have ten times that."""
_CORPUS = 12.0
"""log10 of the words of the books' corpus."""


class Collocations:
    """Features of a word and its neighbours.

    Own counts are of the human texts of training that a gram is in, less those that share the document's human text: words of
    training must look no more familiar than those of a text never seen. Frequencies of words are wordfreq's (Apache-2.0, data
    CC BY-SA 4.0), those of pairs are of Google Books as packaged in symspellpy (MIT).
    """

    def __init__(self, texts: Iterable[HumanText], words: StaticEncoder) -> None:
        """
        Raises:
            SpindetectError: wordfreq or symspellpy is not installed.
        """
        try:
            from wordfreq import get_frequency_dict
        except ImportError as error:
            raise SpindetectError("collocations need two more packages: pip install wordfreq symspellpy") from error
        self._words = words
        self._frequency: dict[str, float] = get_frequency_dict("en", wordlist="large")
        self._books = _books()
        self._of_group: dict[str, Counter[int]] = defaultdict(Counter)
        for document in documents(texts, (), 0, 0):
            self._of_group[document.group].update({gram for row in self._grams(document) for gram in row})
        self._texts = len(self._of_group)
        total: Counter[int] = Counter()
        for own in self._of_group.values():
            total.update(own.keys())
        self._known = {gram: count for gram, count in total.items() if count >= LEAST_TEXTS}

    @property
    def bytes(self) -> int:
        """What the tables would add to a bundle."""
        return _ENTRY * (len(self._known) + len(self._books) + len(self._frequency))

    def of(self, document: Document) -> np.ndarray:
        """Features of its words, float32, shape (words, 20)."""
        own = self._of_group.get(document.group, Counter())
        counts = np.array([[self._count(gram, own) for gram in row] for row in self._grams(document)], dtype=np.float32)
        word, pairs, others = counts[:, :1], counts[:, 1::2], counts[:, 2::2]
        expected = np.log(word + 1) + np.log(others + 1) - np.log(self._texts)
        zipf, beside = self._packaged(document)
        found = [np.log1p(word), np.log1p(pairs), np.log(pairs + 0.5) - expected, zipf, beside]
        return np.concatenate(found, axis=1).astype(np.float32)

    def _count(self, gram: int, own: Counter[int]) -> int:
        known = self._known.get(gram, 0) - (gram in own)
        return known if known >= LEAST_TEXTS else 0

    def _grams(self, document: Document) -> Iterator[tuple[int, ...]]:
        """Of each word: itself; then, for the word before, the one after, the content words before and after, and the words
        two before and two after, the pair and that word."""
        article = document.article
        is_content = self._words.rarity(article.words) > FUNCTION_WORD_RARITY
        for rows in _sentences(article.word_sentence):
            words = ["^", "^", *article.words[rows], "$", "$"]
            content = [False, False, *is_content[rows].tolist(), False, False]
            before, after = _nearest_content(words, content)
            for place in range(2, len(words) - 2):
                word = words[place]
                left, right, left2, right2 = words[place - 1], words[place + 1], words[place - 2], words[place + 2]
                near, next_near = before[place], after[place]
                yield tuple(
                    map(
                        hash,
                        (
                            word,
                            (left, word), left,
                            (word, right), right,
                            (near, "~", word), near,
                            (word, "~", next_near), next_near,
                            (left2, "_", word), left2,
                            (word, "_", right2), right2,
                        ),
                    )
                )  # fmt: skip

    def _packaged(self, document: Document) -> tuple[np.ndarray, np.ndarray]:
        article = document.article
        zipf = np.array([self._zipf(word) for word in article.words])
        known, strength = np.zeros((len(zipf), 2)), np.zeros((len(zipf), 2))
        for rows in _sentences(article.word_sentence):
            for left, right in pairwise(range(rows.start, rows.stop)):
                count = self._books.get((article.words[left], article.words[right]), 0.0)
                known[left, 1] = known[right, 0] = count
                expected = zipf[left] + zipf[right] - 18 + _CORPUS
                strength[left, 1] = strength[right, 0] = max(count, _BOOKS_FLOOR) - expected
        beside = np.stack([np.roll(zipf, 1), np.roll(zipf, -1)], axis=1)
        return np.concatenate([zipf[:, None], beside], axis=1), np.concatenate([known, strength], axis=1)

    def _zipf(self, word: str) -> float:
        """log10 of occurrences in a thousand million words; 1 where it is unknown."""
        return max(1.0, float(np.log10(self._frequency.get(word, 1e-8)) + 9))


def _books() -> dict[tuple[str, str], float]:
    """log10 of the occurrences of pairs of words."""
    try:
        path = files("symspellpy") / "frequency_bigramdictionary_en_243_342.txt"
    except ImportError as error:
        raise SpindetectError("collocations need two more packages: pip install wordfreq symspellpy") from error
    rows = (line.split() for line in path.read_text("utf-8-sig").splitlines())
    return {(left, right): float(np.log10(float(count))) for left, right, count in rows}


def _sentences(word_sentence: np.ndarray) -> Iterator[slice]:
    ends = [*np.flatnonzero(np.diff(word_sentence)) + 1, len(word_sentence)]
    yield from (slice(int(first), int(last)) for first, last in pairwise([0, *ends]))


def _nearest_content(words: Sequence[str], content: Sequence[bool]) -> tuple[list[str], list[str]]:
    """The last content word before each word and the first one after it."""
    before, after = ["^"] * len(words), ["$"] * len(words)
    for place in range(1, len(words)):
        before[place] = words[place - 1] if content[place - 1] else before[place - 1]
        last = len(words) - 1 - place
        after[last] = words[last + 1] if content[last + 1] else after[last + 1]
    return before, after

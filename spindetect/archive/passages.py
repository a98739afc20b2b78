"""An article as rows of a store, and a suspect as queries: sums of word vectors in which rare words, names and numbers weigh
most, since those are what a spinner keeps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from spindetect.archive.records import Record
from spindetect.archive.store import Passage, key_of
from spindetect.article import Article
from spindetect.bundle import default_folder, sha256_of
from spindetect.encoder import StaticEncoder

SENTENCES = 3
"""Sentences of a passage: a third of the rows that single sentences would take, found nearly as surely (docs/archive.md)."""
MAX_QUERIES = 128
"""A suspect's cost is bounded, however long it is."""
_SCHEME = "1"
"""Changes when the same encoder would make other rows."""
_COMMON = 0.1
"""Weight of the commonest words; the rarest have 1 more."""
_LONGEST_TEXT = 15_000
"""Characters of a row: Milvus holds 65,535 bytes in a field, and a character takes up to four."""


class PassageEncoder:
    """Makes rows and queries with the static encoder of a model bundle."""

    def __init__(self, model: Path | None = None) -> None:
        folder = (default_folder() if model is None else model) / "encoder"
        self._encoder = StaticEncoder.from_folder(folder)
        files = "".join(sha256_of(folder / name) for name in ("model.safetensors", "tokenizer.json"))
        self.fingerprint = hashlib.sha256(f"{_SCHEME} {SENTENCES} {files}".encode()).hexdigest()[:16]
        self.dimensions = self._encoder.encode(["a"]).shape[1]

    def passages(self, records: Sequence[Record], articles: Sequence[Article]) -> list[Passage]:
        """The rows of some records and their cleaned texts."""
        groups = [list(range(0, len(article.sentences), SENTENCES)) for article in articles]
        vectors = self._vectors(articles, groups)
        rows: list[Passage] = []
        first = 0
        for record, article, starts in zip(records, articles, groups, strict=True):
            rows.extend(_rows(record, article, starts, vectors[first : first + len(starts)]))
            first += len(starts)
        return rows

    def queries(self, article: Article) -> np.ndarray:
        """A vector for every two sentences of a suspect that follow one another, or for more of a very long one; at least one
        sentence is needed. Shape (at most 128, d)."""
        step = -(-len(article.sentences) // MAX_QUERIES)
        words = np.append(np.searchsorted(article.word_sentence, range(len(article.sentences))), len(article.words))
        starts = range(0, max(1, len(article.sentences) - step), step)
        windows = [np.arange(words[start], words[min(start + 2 * step, len(article.sentences))]) for start in starts]
        rows = self._encoder.rows(article.words)[np.concatenate(windows)]
        return self._summed(rows, np.array([len(window) for window in windows]))

    def _vectors(self, articles: Sequence[Article], groups: Sequence[Sequence[int]]) -> np.ndarray:
        rows = self._encoder.rows([word for article in articles for word in article.words])
        counts = []
        for article, starts in zip(articles, groups, strict=True):
            lengths = np.bincount(article.word_sentence, minlength=len(article.sentences))
            counts.append(np.add.reduceat(lengths, starts))
        return self._summed(rows, np.concatenate(counts))

    def _summed(self, rows: np.ndarray, counts: np.ndarray) -> np.ndarray:
        return self._encoder.sentence_vectors(rows, counts, _COMMON + self._encoder.rarity_of(rows))


def restored(ordered: Sequence[Passage]) -> Article:
    """The article that rows were made of, given in the order of their numbers."""
    return Article.restored("".join(row.text for row in ordered), [span for row in ordered for span in row.sentences])


def _rows(record: Record, article: Article, starts: Sequence[int], vectors: np.ndarray) -> list[Passage]:
    pieces: list[tuple[str, tuple[tuple[int, int], ...], np.ndarray]] = []
    cuts = [0, *(article.sentences[start][0] for start in starts[1:]), len(article.text)]
    for number, (start, end) in enumerate(pairwise(cuts)):
        spans = article.sentences[starts[number] : starts[number] + SENTENCES]
        for cut in range(start, end, _LONGEST_TEXT):
            pieces.append((article.text[cut : min(end, cut + _LONGEST_TEXT)], spans, vectors[number]))
            spans = ()
    key, digest = key_of(record.id), record.digest
    return [
        Passage(
            key=key,
            id=record.id,
            number=number,
            count=len(pieces),
            digest=digest,
            title=record.title,
            date=record.date,
            url=record.url,
            metadata=json.dumps(record.metadata) if number == 0 and record.metadata else "",
            text=text,
            sentences=spans,
            vector=vector,
        )
        for number, (text, spans, vector) in enumerate(pieces)
    ]

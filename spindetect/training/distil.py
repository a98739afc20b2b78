"""Distil the static encoder from a sentence transformer (model2vec)."""

from __future__ import annotations

import json
import os
from pathlib import Path

from spindetect.encoder import PACKAGED_MINILM, model_location
from spindetect.errors import MissingExtraError

DIMENSIONS = 256


def distil_encoder(folder: Path, model: str = PACKAGED_MINILM) -> None:
    """Write a static encoder distilled from ``model`` to ``folder``.

    Raises:
        MissingExtraError: the ``train`` extra is not installed.
    """
    if model == PACKAGED_MINILM:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from model2vec.distill import distill
    except ImportError as error:
        raise MissingExtraError("Distilling an encoder", "train") from error
    static = distill(model_name=model_location(model), pca_dims=DIMENSIONS, quantize_to="float16")
    static.save_pretrained(str(folder))
    _name_teacher(folder / "config.json", Path(model).name)


def _name_teacher(config: Path, name: str) -> None:
    """The teacher's name in the place of the folder that it was in on this machine."""
    settings = json.loads(config.read_text("utf-8"))
    config.write_text(json.dumps(settings | {"tokenizer_name": name}, indent=4), "utf-8")

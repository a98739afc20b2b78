"""From data on disk to a bundle with its metrics and card."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from spindetect import __version__
from spindetect.bundle import default_folder, load_bundle, save_bundle
from spindetect.detector import SpinDetector
from spindetect.encoder import Encoder, StaticEncoder, TransformerEncoder
from spindetect.errors import InputError
from spindetect.evaluation.metrics import calibration_error, ranking, true_positive_rate, verdict_counts
from spindetect.scoring import CLASSES
from spindetect.training.card import model_card
from spindetect.training.corpus import LabelledPair, load_pairs, load_stories
from spindetect.training.fit import Fit, Progress, fit, prepare, silent
from spindetect.training.labels import Recipe, TrainingPair
from spindetect.training.pairs import story_pairs
from spindetect.verdicts import Thresholds

LEFT_OUT_FAMILY = "phrases"
HARD_NEGATIVE = "hard negative"
_LINKS = {"independent": "none", "reprint": "copied", "spun": "in order"}


@dataclass(frozen=True)
class TrainingData:
    """What a model is fitted on, and what it is measured on."""

    known: list[TrainingPair]
    held_out: list[TrainingPair]
    without_family: list[TrainingPair] | None
    description: str


def train_bundle(
    data: Path, out: Path, *, encoder: str | None = None, seed: int = 0, encoder_folder: Path | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:  # fmt: skip
    """Train on stories or labelled pairs, measure on what was held out, write a bundle.

    Args:
        encoder_folder: a static encoder; default: the shipped one.

    Returns:
        The metrics.

    Raises:
        InputError: unusable data.
    """
    encoder_folder = encoder_folder or default_folder() / "encoder"
    training = training_data(data, Recipe(seed=seed))
    words = StaticEncoder.from_folder(encoder_folder)
    sentences: Encoder | None = TransformerEncoder(encoder) if encoder else None
    fitted = fit(prepare(training.known, words, sentences, progress), seed, progress)
    thresholds = false_positive_thresholds(fitted)
    metrics: dict[str, Any] = {
        "trained_on": training.description,
        "training_pairs": len(fitted.prepared),
        "seed": seed,
        "cross_fitted": _cross_fitted(fitted, thresholds.shipped),
    }

    def save(folder: Path, result: Fit) -> None:
        save_bundle(
            folder, name=out.resolve().name, version=__version__, heads=result.heads, encoder_folder=encoder_folder,
            encoder_id=encoder, thresholds=thresholds, reference=result.reference.tolist(), metrics=metrics,
            card=model_card(metrics, encoder),
        )  # fmt: skip

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "model"
        save(folder, fitted)
        metrics["held_out_stories"] = measure(folder, training.held_out)
        progress("measuring", 0.5)
        if training.without_family is not None:
            others = {item.pair.id for item in training.without_family}
            rest = [item for item in fitted.prepared if item.training.pair.id in others]
            blind = fit(rest, seed, cross_fit=False)
            save(folder, blind)
            family = [item for item in training.held_out if LEFT_OUT_FAMILY in item.pair.source or item.links == "none"]
            metrics["family_left_out"] = {"family": LEFT_OUT_FAMILY, **measure(folder, family)}
        progress("measuring", 1.0)
    save(out, fitted)
    return metrics


def training_data(data: Path, recipe: Recipe) -> TrainingData:
    """Stories of a folder by their own splits, or labelled pairs of a file with a fifth of the groups held out.

    Raises:
        InputError: neither is there.
    """
    if data.is_dir():
        stories = load_stories(data)
        known = [story for story in stories if story.split != "test"]
        held_out = [story for story in stories if story.split == "test"]
        pairs = list(story_pairs(known, recipe))
        without = [item for item in pairs if LEFT_OUT_FAMILY not in item.pair.id.split("/")[1].split()]
        held_out_pairs = list(story_pairs(held_out, replace(recipe, seed=recipe.seed + 1)))
        description = (
            f"{len(known)} stories ({sum(len(story.rewrites) for story in known)} rewrites by hand) and simulated spinners"
        )
        return TrainingData(pairs, held_out_pairs, without, description)
    if not data.is_file():
        raise InputError(f"{data} does not exist: give a folder of stories or a JSONL file of labelled pairs")
    labelled = list(load_pairs(data))
    groups = sorted({pair.group for pair in labelled})
    random.Random(recipe.seed).shuffle(groups)
    out = set(groups[: len(groups) // 5])
    items = [TrainingPair(pair, _LINKS[pair.label]) for pair in labelled]  # type: ignore[arg-type]
    known_items = [item for item in items if item.pair.group not in out]
    description = f"{len(known_items)} labelled pairs of {data.name}"
    return TrainingData(known_items, [item for item in items if item.pair.group in out], None, description)


def false_positive_thresholds(fitted: Fit) -> Thresholds:
    """Thresholds from the cross-fitted independent pairs."""
    labels = np.array([item.training.pair.label for item in fitted.prepared])
    return Thresholds.measured(1 - fitted.probabilities[labels == "independent", 0])


def _cross_fitted(fitted: Fit, threshold: float) -> dict[str, Any]:
    labels = np.array([item.training.pair.label for item in fitted.prepared])
    derived = 1 - fitted.probabilities[:, 0]
    positive = labels != "independent"
    spun = fitted.probabilities[:, CLASSES.index("spun")]
    return {
        "negatives": int((~positive).sum()),
        "positives": int(positive.sum()),
        "tpr_at_1_percent": round(true_positive_rate(derived, positive, 0.01), 4),
        "false_positive_rate_at_threshold": round(float((derived[~positive] >= threshold).mean()), 4),
        "true_positive_rate_at_threshold": round(float((derived[positive] >= threshold).mean()), 4),
        "calibration_error": round(calibration_error(spun, labels == "spun"), 4),
        "hard_negatives": _hard_negatives(fitted, threshold),
    }


def _hard_negatives(fitted: Fit, threshold: float) -> dict[str, int]:
    """Of the hand-written look-alikes those called spun or reprint."""
    hard = [item.training.pair.source.startswith(HARD_NEGATIVE) for item in fitted.prepared]
    derived = 1 - fitted.probabilities[hard, 0]
    return {"n": len(derived), "accused": int((derived >= threshold).sum())}


def measure(folder: Path, pairs: Sequence[TrainingPair]) -> dict[str, Any]:
    """Figures of a bundle on labelled pairs: ranking of spun against independent, verdicts by source."""
    detector = SpinDetector(load_bundle(folder))
    labelled: list[LabelledPair] = [item.pair for item in pairs]
    if not labelled:
        return {"n": 0, "sources": {}}
    scores = list(detector.compare_many((pair.suspect, pair.original) for pair in labelled))
    labels = np.array([pair.label for pair in labelled])
    score = np.array([item.score for item in scores])
    chosen = labels != "reprint"
    result: dict[str, Any] = {"n": len(labelled), "groups": len({pair.group for pair in labelled})}
    if {"spun", "independent"} <= set(labels):
        groups = [pair.group for pair, keep in zip(labelled, chosen, strict=True) if keep]
        result["spun_against_independent"] = ranking(score[chosen], labels[chosen] == "spun", groups)
    result["calibration_error"] = round(calibration_error(score, labels == "spun"), 4)
    sources: dict[str, Any] = {}
    for name in dict.fromkeys(f"{pair.source} ({pair.label})" for pair in labelled):
        verdicts = [item.verdict for item, pair in zip(scores, labelled, strict=True) if f"{pair.source} ({pair.label})" == name]
        sources[name] = {"n": len(verdicts), "verdicts": verdict_counts(verdicts)}
    result["sources"] = sources
    return result

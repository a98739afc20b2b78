"""Measure a detector, and the baselines beside it, on sources of labelled pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from spindetect.article import Article
from spindetect.bundle import load_bundle
from spindetect.detector import SpinDetector
from spindetect.encoder import PACKAGED_MINILM, TransformerEncoder
from spindetect.errors import MissingExtraError
from spindetect.evaluation.baselines import lexical_baselines, sentence_cosines
from spindetect.evaluation.metrics import calibration_error, ranking, verdict_counts, wilson_interval
from spindetect.scoring import CLASSES
from spindetect.training.corpus import LabelledPair

MODEL = "spindetect"
MINILM = "all-MiniLM-L6-v2"
Progress = Callable[[str], None]
ACCUSATIONS = ("spun", "reprint")


def quiet(step: str) -> None:
    """No progress shown."""


def evaluate_source(
    name: str, pairs: Sequence[LabelledPair], detector: SpinDetector, *, encoder: TransformerEncoder | None = None,
    cache: joblib.Memory | None = None, progress: Progress = quiet,
) -> dict[str, Any]:  # fmt: skip
    """One source: counts, verdicts, and how each measure ranks derived above independent.

    Where the source has spun pairs they are ranked by P(spun) and reprints are left out; else reprints are ranked by
    P(derived). Baselines are ranked by their own value.

    Args:
        encoder: adds the transformer's two cosines.
        cache: keeps the baselines between runs.
    """
    progress(f"{name}: {len(pairs)} pairs")
    labels = np.array([pair.label for pair in pairs])
    scores = list(detector.compare_many((pair.suspect, pair.original) for pair in pairs))
    probabilities = np.array([[score.probabilities[column] for column in CLASSES] for score in scores])
    verdicts = np.array([score.verdict for score in scores])
    positive = "spun" if "spun" in labels else "reprint"
    rows = np.flatnonzero(np.isin(labels, (positive, "independent")))
    own = probabilities[:, CLASSES.index("spun")] if positive == "spun" else 1 - probabilities[:, 0]
    result: dict[str, Any] = {
        "n": len(pairs),
        "groups": len({pair.group for pair in pairs}),
        "positive": positive,
        "verdicts": {label: verdict_counts(verdicts[labels == label].tolist()) for label in CLASSES if (labels == label).any()},
        "accused_independents": _accused(pairs, labels, verdicts),
        "calibration_error": round(calibration_error(probabilities[:, CLASSES.index("spun")], labels == "spun"), 4),
    }
    if {positive, "independent"} <= set(labels):
        groups = [pairs[row].group for row in rows.tolist()]
        measures = {MODEL: own}
        progress(f"{name}: baselines")
        texts = [(pair.suspect, pair.original) for pair in pairs]
        measures |= lexical_baselines(texts)
        if encoder is not None:
            compute = cache.cache(_cosines, ignore=["encoder"]) if cache else _cosines
            measures |= compute(texts, MINILM, encoder)
        result["measures"] = {
            measure: ranking(values[rows], labels[rows] == positive, groups) for measure, values in measures.items()
        }
        result["details"] = _by_detail(pairs, labels, own, positive)
    return result


def _cosines(texts: list[tuple[str, str]], encoder_name: str, encoder: TransformerEncoder) -> dict[str, np.ndarray]:
    """``encoder_name`` keys the cache in place of the encoder, which cannot be hashed."""
    articles = [(Article.from_text(suspect), Article.from_text(original)) for suspect, original in texts]
    return {f"{encoder_name} {name}": values for name, values in sentence_cosines(articles, encoder).items()}


def _accused(pairs: Sequence[LabelledPair], labels: np.ndarray, verdicts: np.ndarray) -> dict[str, Any]:
    independent = labels == "independent"
    accused = independent & np.isin(verdicts, ACCUSATIONS)
    n = int(independent.sum())
    return {
        "n": n,
        "count": int(accused.sum()),
        "rate": wilson_interval(int(accused.sum()), n),
        "ids": [pairs[row].id for row in np.flatnonzero(accused).tolist()],
    }


def _by_detail(pairs: Sequence[LabelledPair], labels: np.ndarray, own: np.ndarray, positive: str) -> dict[str, Any]:
    """True-positive rate at 1 % false positives for each kind of positive, against all independents of the source."""
    negatives = np.sort(own[labels == "independent"])[::-1]
    threshold = negatives[int(0.01 * len(negatives) + 1e-9)]
    details = np.array([pair.detail.split("/")[0] or pair.source for pair in pairs])
    kinds = sorted(set(details[labels == positive]))
    if len(kinds) < 2:
        return {}
    return {
        kind: {
            "n": int(((labels == positive) & (details == kind)).sum()),
            "tpr_at_1_percent": round(float((own[(labels == positive) & (details == kind)] > threshold).mean()), 4),
        }
        for kind in kinds
    }


def load_encoder() -> TransformerEncoder | None:
    """all-MiniLM-L6-v2 where sentence-transformers is installed."""
    try:
        return TransformerEncoder(PACKAGED_MINILM)
    except MissingExtraError:
        return None


def detector_of(bundle: Path | None) -> SpinDetector:
    return SpinDetector(load_bundle(bundle))

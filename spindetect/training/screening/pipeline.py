"""From texts to a screening model with its metrics and card."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from spindetect import __version__
from spindetect.article import Article
from spindetect.encoder import StaticEncoder
from spindetect.evaluation.metrics import calibration_error, roc_auc, wilson_interval
from spindetect.results import ModelInfo
from spindetect.screening.minilm import WordStates
from spindetect.screening.model import ScreenModel, save_screen_model
from spindetect.training.screening.card import screening_card
from spindetect.training.screening.documents import HUMAN, Document
from spindetect.training.screening.fit import Prepared, Progress, fit_screening

FALSE_POSITIVES = 0.003
"""Share of the human texts of any register that may lie above the threshold, cross-fitted; other registers do worse than those
of training, so less than the 1 % that is promised."""


def prepare_documents(documents: Iterable[Document], words: StaticEncoder, states: WordStates) -> Iterable[Prepared]:
    """Read every document through the transformer; half precision keeps a corpus in memory."""
    for document in documents:
        yield Prepared(document, half_states(document.article, states), words.rarity(document.article.words))


def half_states(article: Article, states: WordStates) -> np.ndarray:
    """States of an article's words in half precision, shape (words, d)."""
    return states.of(article).astype(np.float16)


def threshold_of(prepared: list[Prepared], probabilities: np.ndarray) -> float:
    """The score that at most 0.3 % of the human texts of each register exceed."""
    humans = [_humans(prepared, register) for register in {item.document.register for item in prepared}]
    highest = max(float(np.quantile(probabilities[own], 1 - FALSE_POSITIVES, method="higher")) for own in humans if own.any())
    return round(max(0.5, float(np.floor(highest * 10_000) + 1) / 10_000), 4)


def train_screening(
    prepared: list[Prepared], windows: list[Prepared], out: Path, *, trained_on: str, seed: int, progress: Progress
) -> dict[str, Any]:
    """Fit, measure cross-fitted, and write the model.

    Args:
        windows: short parts of the documents; they decide from which score a short text is called spun.
        trained_on: for the card: what texts, under what terms.

    Returns:
        The metrics.
    """
    fitted = fit_screening(prepared, windows, seed, progress)
    threshold = threshold_of(prepared, fitted.probabilities)
    short = max(threshold, threshold_of(windows, fitted.of_windows))
    families = np.array([item.document.family for item in prepared])
    spun = families != HUMAN
    metrics: dict[str, Any] = {
        "trained_on": trained_on,
        "documents": len(prepared),
        "human": int((~spun).sum()),
        "seed": seed,
        "cross_fitted": {
            "roc_auc": round(roc_auc(fitted.probabilities, spun), 4),
            "calibration_error": round(calibration_error(fitted.probabilities, spun), 4),
            "false_positives": {
                register: _share(fitted.probabilities[_humans(prepared, register)] >= threshold)
                for register in sorted({item.document.register for item in prepared})
            },
            "recall": {
                family: _share(fitted.probabilities[families == family] >= threshold)
                for family in sorted(set(families) - {HUMAN})
            },
            "short": _short_metrics(windows, fitted.of_windows, short),
        },
    }
    model = ScreenModel(
        fitted.words, fitted.text, threshold, short, min(0.5, threshold), ModelInfo(out.resolve().name, __version__), metrics
    )
    save_screen_model(out, model, screening_card(metrics))
    return metrics


def _short_metrics(windows: list[Prepared], probabilities: np.ndarray, threshold: float) -> dict[str, Any]:
    spun = np.array([item.document.family != HUMAN for item in windows])
    return {
        "roc_auc": round(roc_auc(probabilities, spun), 4),
        "false_positives": _share(probabilities[~spun] >= threshold),
        "recall": _share(probabilities[spun] >= threshold),
    }


def _humans(prepared: list[Prepared], register: str) -> np.ndarray:
    return np.array([item.document.family == HUMAN and item.document.register == register for item in prepared])


def _share(above: np.ndarray) -> dict[str, Any]:
    return {"n": len(above), "count": int(above.sum()), **wilson_interval(int(above.sum()), len(above))}

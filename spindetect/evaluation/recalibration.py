"""Fit a model's probabilities and thresholds to labelled pairs of another kind of text; its classifiers stay as they are."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import GroupKFold

from spindetect import __version__
from spindetect.bundle import Bundle, load_bundle, save_bundle
from spindetect.calibration import IDENTITY, Calibration, fitted_line, moved
from spindetect.detector import SCREEN_FOLDER, SpinDetector
from spindetect.errors import InputError
from spindetect.evaluation.measured import Measured, measure
from spindetect.evaluation.metrics import calibration_error
from spindetect.training.card import model_card
from spindetect.training.corpus import LabelledPair
from spindetect.verdicts import Thresholds

LEAST_INDEPENDENT, LEAST_DERIVED = 30, 10
_FOLDS = 5


def recalibrate(pairs: Sequence[LabelledPair], source: str, out: Path, model: Path | None = None) -> dict[str, Any]:
    """Write a copy of a bundle whose probabilities and thresholds suit the pairs; returns what was measured.

    The errors and thresholds reported are cross-fitted by group.

    Args:
        source: where the pairs come from, for the model card.

    Raises:
        InputError: too few pairs or groups.
        BundleError: the model cannot be used.
    """
    bundle = load_bundle(model)
    # Lines are fitted to the bare heads: to calibrate again replaces the lines of before.
    bare = replace(bundle, heads=replace(bundle.heads, calibration=Calibration()))
    measured = measure(source, pairs, SpinDetector(bare))
    _check(measured)
    derived = measured.derived
    given = np.divide(measured.spun, derived, out=np.ones(len(pairs)), where=derived > 0)
    crossed = np.empty((2, len(pairs)))
    for known, unseen in GroupKFold(_FOLDS).split(pairs, groups=measured.groups):
        lines = _lines(measured, given, known)
        crossed[:, unseen] = moved(derived[unseen], lines.derived), moved(given[unseen], lines.spun)
    before = moved(derived, bundle.heads.calibration.derived) * moved(given, bundle.heads.calibration.spun)
    labels = measured.labels
    thresholds = Thresholds.measured(crossed[0][labels == "independent"])
    facts = {
        "source": source,
        "pairs": len(pairs),
        "groups": len(set(measured.groups)),
        "calibration_error_before": round(calibration_error(before, labels == "spun"), 4),
        "calibration_error_after": round(calibration_error(crossed[0] * crossed[1], labels == "spun"), 4),
        "threshold_before": bundle.thresholds.shipped,
        "threshold_after": thresholds.shipped,
    }
    _save(bundle, out, _lines(measured, given, np.arange(len(pairs))), thresholds, facts)
    return facts


def _check(measured: Measured) -> None:
    independent = int((measured.labels == "independent").sum())
    derived = len(measured.labels) - independent
    if independent < LEAST_INDEPENDENT or derived < LEAST_DERIVED:
        raise InputError(
            f"{measured.name} has {independent} independent and {derived} derived pairs, calibration needs "
            f"{LEAST_INDEPENDENT} and {LEAST_DERIVED}: label more pairs"
        )
    if len(set(measured.groups)) < _FOLDS:
        raise InputError(
            f"{measured.name} has {len(set(measured.groups))} groups, cross-fitting needs {_FOLDS}: give more articles"
        )


def _lines(measured: Measured, given: np.ndarray, rows: np.ndarray) -> Calibration:
    """Fitted on some rows; ``given`` is the probability of spun among the derived."""
    labels = measured.labels[rows]
    derived = labels != "independent"
    both = {"spun", "reprint"} <= set(labels)
    return Calibration(
        fitted_line(measured.derived[rows], derived),
        fitted_line(given[rows][derived], labels[derived] == "spun") if both else IDENTITY,
    )


def _save(bundle: Bundle, out: Path, calibration: Calibration, thresholds: Thresholds, facts: dict[str, Any]) -> None:
    encoder = bundle.manifest["encoder"]
    metrics = {**bundle.metrics, "calibrated_on": facts}
    save_bundle(
        out, name=out.resolve().name, version=__version__, heads=replace(bundle.heads, calibration=calibration),
        encoder_folder=bundle.folder / "encoder", encoder_id=encoder, thresholds=thresholds,
        reference=bundle.reference.tolist(), metrics=metrics, card=model_card(metrics, encoder),
    )  # fmt: skip
    screening = bundle.folder / SCREEN_FOLDER
    if screening.exists() and out.resolve() != bundle.folder.resolve():
        shutil.copytree(screening, out / SCREEN_FOLDER, dirs_exist_ok=True)

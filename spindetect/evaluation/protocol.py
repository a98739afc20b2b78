"""From measured pairs to figures: counts, verdicts and rankings of a source, beside other measures and tools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
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
from spindetect.evaluation.measured import ACCUSATIONS, Measured, measure
from spindetect.evaluation.metrics import calibration_error, difference, ranking, verdict_counts, wilson_interval
from spindetect.scoring import CLASSES
from spindetect.training.corpus import LabelledPair

MODEL = "spindetect"
MINILM = "all-MiniLM-L6-v2"
LONG = 150
"""Words a side from which a pair should hardly ever be too close to call."""
_LEAST_OF_A_KIND = 10
Progress = Callable[[str], None]


def quiet(step: str) -> None:
    """No progress shown."""


def evaluate_source(
    name: str, pairs: Sequence[LabelledPair], detector: SpinDetector, *, encoder: TransformerEncoder | None = None,
    cache: joblib.Memory | None = None, others: Mapping[str, np.ndarray] | None = None, progress: Progress = quiet,
) -> tuple[Measured, dict[str, Any]]:  # fmt: skip
    """Measure one source, and the other measures on the same pairs; what was measured, and its figures.

    Args:
        encoder: adds the transformer's two cosines.
        cache: keeps the transformer's cosines between runs.
        others: scores of other tools on the same pairs, by name; nan where a tool failed.
    """
    progress(f"{name}: {len(pairs)} pairs")
    measured = measure(name, pairs, detector)
    if len(measured.ranked):
        progress(f"{name}: other measures")
        texts = [(pair.suspect, pair.original) for pair in pairs]
        beside = lexical_baselines(texts)
        if encoder is not None:
            compute = cache.cache(_cosines, ignore=["encoder"]) if cache else _cosines
            beside |= compute(texts, MINILM, encoder)
        measured = replace(measured, others=beside | dict(others or {}))
    return measured, source_figures(measured)


def source_figures(measured: Measured) -> dict[str, Any]:
    """Figures of one source.

    Where the source has spun pairs they are ranked by P(spun) and reprints are left out; else reprints are ranked by
    P(derived). Other measures are ranked by their own value, a pair they failed on below all others.
    """
    labels, verdicts, rows = measured.labels, measured.verdicts, measured.ranked
    result: dict[str, Any] = {
        "n": len(measured.pairs),
        "groups": len(set(measured.groups)),
        "positive": measured.positive,
        "verdicts": {label: verdict_counts(verdicts[labels == label].tolist()) for label in CLASSES if (labels == label).any()},
        "reprints_by_group": _reprints_by_group(measured),
        "accused_independents": _accused(measured),
        "abstention": abstention(measured),
        "calibration_error": round(calibration_error(measured.spun, labels == "spun"), 4),
    }
    if len(rows):
        groups = measured.groups[rows].tolist()
        measures = {MODEL: measured.own, **{name: finite(values) for name, values in measured.others.items()}}
        result["measures"] = {
            name: ranking(values[rows], labels[rows] == measured.positive, groups) for name, values in measures.items()
        }
        result["details"] = _by_detail(measured)
    return result


def compared_with(measured: Measured, other: Measured) -> dict[str, Any]:
    """Another model on the same pairs: its ranking, the difference with its interval, and how many verdicts differ."""
    result: dict[str, Any] = {"verdicts_that_differ": int((measured.verdicts != other.verdicts).sum())}
    rows = measured.ranked
    if len(rows):
        positive, groups = measured.labels[rows] == measured.positive, measured.groups[rows].tolist()
        result["measures"] = ranking(other.own[rows], positive, groups)
        result["gain"] = difference(measured.own[rows], other.own[rows], positive, groups)
    result["accused_independents"] = _accused(other)
    result["calibration_error"] = round(calibration_error(other.spun, other.labels == "spun"), 4)
    return result


def abstention(measured: Measured) -> dict[str, Any]:
    """Of pairs of more than ``LONG`` words a side the share without a verdict, and of all verdicts the share that is
    wrong; a spun copy called a reprint, or the reverse, is wrong too."""
    inconclusive = measured.verdicts == "inconclusive"
    long = measured.words > LONG
    wrong = (measured.verdicts != measured.labels) & ~inconclusive
    return {
        "long": int(long.sum()),
        "long_inconclusive": wilson_interval(int((inconclusive & long).sum()), int(long.sum())),
        "judged": int((~inconclusive).sum()),
        "wrong": wilson_interval(int(wrong.sum()), int((~inconclusive).sum())),
    }


def finite(values: np.ndarray) -> np.ndarray:
    """Scores with nan, where a tool failed, below all others."""
    known = np.isfinite(values)
    return np.where(known, values, values[known].min() - 1 if known.any() else 0.0)


def _cosines(texts: list[tuple[str, str]], encoder_name: str, encoder: TransformerEncoder) -> dict[str, np.ndarray]:
    """``encoder_name`` keys the cache in place of the encoder, which cannot be hashed."""
    articles = [(Article.from_text(suspect), Article.from_text(original)) for suspect, original in texts]
    return {f"{encoder_name} {name}": values for name, values in sentence_cosines(articles, encoder).items()}


def _accused(measured: Measured) -> dict[str, Any]:
    independent = measured.labels == "independent"
    accused = independent & np.isin(measured.verdicts, ACCUSATIONS)
    n = int(independent.sum())
    return {
        "n": n,
        "count": int(accused.sum()),
        "rate": wilson_interval(int(accused.sum()), n),
        "ids": [measured.pairs[row].id for row in np.flatnonzero(accused).tolist()],
    }


def _reprints_by_group(measured: Measured) -> dict[str, Any]:
    """Share of a group's reprints that are called so, averaged over the groups: a big group counts no more than a small one."""
    reprints = measured.labels == "reprint"
    groups = sorted(set(measured.groups[reprints]))
    shares = [float((measured.verdicts[reprints & (measured.groups == group)] == "reprint").mean()) for group in groups]
    return {"groups": len(groups), "called_reprint": round(float(np.mean(shares)), 4)} if groups else {"groups": 0}


def _by_detail(measured: Measured) -> dict[str, Any]:
    """True-positive rate at 1 % false positives for each kind of positive, against all independents of the source."""
    labels, own = measured.labels, measured.own
    negatives = np.sort(own[labels == "independent"])[::-1]
    threshold = negatives[int(0.01 * len(negatives) + 1e-9)]
    details = np.array([pair.detail.split("/")[0] or pair.source for pair in measured.pairs])
    counts = Counter(details[labels == measured.positive].tolist())
    kinds = sorted(kind for kind, count in counts.items() if count >= _LEAST_OF_A_KIND)
    if len(kinds) < 2:
        return {}
    return {
        kind: {
            "n": int(((labels == measured.positive) & (details == kind)).sum()),
            "tpr_at_1_percent": round(float((own[(labels == measured.positive) & (details == kind)] > threshold).mean()), 4),
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

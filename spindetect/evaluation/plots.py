"""Plots of an evaluation of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve, roc_curve

from spindetect.evaluation.drawing import COLOURS, LEAST_RATE, Plot, empty, figure, look, plot, rates_axis
from spindetect.evaluation.measured import Measured
from spindetect.evaluation.protocol import MODEL, finite
from spindetect.scoring import CLASSES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LENGTHS = (40, 60, 80, 120, 160, 240, 320, 480, 10_000)


def all_plots(sources: Sequence[Measured], apart: Sequence[str] = ()) -> list[Plot]:
    """Every plot that the sources have something to show for; sources made of others stay ``apart`` from sums."""
    ranked = [source for source in sources if len(source.ranked)]
    own = [source for source in sources if source.name not in apart]
    plots = [reliability(own), histograms(sources)]
    if ranked:
        plots += [roc(ranked), precision_recall(ranked), *(roc_beside_others(source) for source in ranked if source.others)]
        plots += recalls(own)
    return plots


def roc(sources: Sequence[Measured]) -> Plot:
    """The model's ROC on each source, false-positive rates on a logarithmic axis."""
    drawn, axes = figure("false-positive rate (log)", "true-positive rate")
    words = []
    for number, source in enumerate(sources):
        rates = _roc(axes, source, source.own, source.name, number)
        words.append(f"{source.name} reaches {rates:.2f}")
    rates_axis(axes)
    return plot(drawn, "ROC of spindetect on each source", f"True-positive rates at 1 % false positives: {', '.join(words)}.")


def roc_beside_others(source: Measured) -> Plot:
    """The model's ROC beside those of other measures and tools on one source."""
    drawn, axes = figure("false-positive rate (log)", "true-positive rate")
    rates = {MODEL: _roc(axes, source, source.own, MODEL, 0, width=2.4)}
    for number, (name, values) in enumerate(source.others.items(), 1):
        rates[name] = _roc(axes, source, finite(values), name, number)
    rates_axis(axes)
    words = ", ".join(f"{name} {rate:.2f}" for name, rate in sorted(rates.items(), key=lambda item: -item[1]))
    return plot(drawn, f"ROC on {source.name} beside other measures", f"True-positive rates at 1 % false positives: {words}.")


def _roc(axes: Axes, source: Measured, values: np.ndarray, name: str, number: int, width: float = 1.5) -> float:
    """Draw one curve; returns its true-positive rate at 1 % false positives."""
    rows = source.ranked
    name = name.replace("$", r"\$")  # no formula
    false, true, _ = roc_curve(source.labels[rows] == source.positive, values[rows])
    axes.step(np.maximum(false, LEAST_RATE), true, where="post", label=name, linewidth=width, **look(number))
    return float(true[false <= 0.01].max())


def precision_recall(sources: Sequence[Measured]) -> Plot:
    drawn, axes = figure("recall", "precision")
    for number, source in enumerate(sources):
        rows = source.ranked
        precision, recall, _ = precision_recall_curve(source.labels[rows] == source.positive, source.own[rows])
        axes.plot(recall, precision, label=source.name, **look(number))
    axes.set_ylim(0, 1.01)
    axes.legend(loc="lower left", fontsize=8)
    return plot(drawn, "Precision and recall", "One line for each source; the area under it is its average precision.")


def reliability(sources: Sequence[Measured]) -> Plot:
    """Share of spun pairs among those of a score: on the diagonal a score is what it says."""
    drawn, axes = figure("score, P(spun)", "share that is spun")
    axes.plot([0, 1], [0, 1], color="#8c8c8c", linewidth=0.8)
    spun = np.concatenate([source.spun for source in sources])
    labels = np.concatenate([source.labels for source in sources])
    for number, (name, scores, truth) in enumerate(
        [("all", spun, labels == "spun"), *((source.name, source.spun, source.labels == "spun") for source in sources)]
    ):
        if 0 < truth.sum() < len(truth):
            true, predicted = calibration_curve(truth, np.clip(scores, 0, 1), n_bins=10, strategy="quantile")
            axes.plot(predicted, true, marker="o", markersize=3, label=name, **look(number))
    axes.legend(loc="upper left", fontsize=8)
    return plot(drawn, "Reliability", "Points above the diagonal: scores too low; below: too high. Bins of equal mass.")


def histograms(sources: Sequence[Measured]) -> Plot:
    """Scores by label, a panel for each source."""
    drawn = empty(len(sources))
    bins = np.linspace(0, 1, 21).tolist()
    for number, source in enumerate(sources, 1):
        axes = drawn.add_subplot((len(sources) + 1) // 2, 2 if len(sources) > 1 else 1, number)
        for place, label in enumerate(CLASSES):
            scores = source.spun[source.labels == label]
            if len(scores):
                hatch = ("", "///", "...")[place]
                axes.hist(scores, bins, alpha=0.55, label=label, color=COLOURS[place + 1], hatch=hatch, edgecolor="#333333")
        axes.set_title(source.name, fontsize=9)
        axes.set_xlabel("score, P(spun)", fontsize=8)
        axes.set_ylabel("pairs (log)", fontsize=8)
        axes.set_yscale("log")
        axes.legend(fontsize=7)
    return plot(drawn, "Scores by label", "Numbers of pairs in twenty bins of the score, one panel for each source.")


def recalls(sources: Sequence[Measured]) -> list[Plot]:
    """Recall of the shipped threshold against coverage, length and change, over the spun pairs of all sources."""
    pairs = [pair for source in sources for pair in source.pairs]
    spun = np.concatenate([source.labels for source in sources]) == "spun"
    called = np.concatenate([source.verdicts for source in sources]) == "spun"
    coverage = np.array([np.nan if pair.coverage is None else pair.coverage for pair in pairs], dtype=np.float64)
    against = (
        ("true share of derived words (mixtures of data/ only)", coverage, np.linspace(0.2, 1.0001, 9)),
        (
            "words of the shorter side",
            np.concatenate([source.words for source in sources]),
            _LENGTHS,
        ),
        (
            "share of the suspect's words not kept in order",
            np.concatenate([s.not_kept for s in sources]),
            np.linspace(0, 1.0001, 9),
        ),
    )
    plots = []
    for name, values, edges in against:
        bins = [
            (min((low + high) / 2, 1.25 * low) if low else high / 2, float(called[inside].mean()), int(inside.sum()))
            for low, high in pairwise(edges)
            if (inside := spun & (values >= low) & (values < high)).sum() >= 5
        ]
        if len(bins) < 2:
            continue
        drawn, axes = figure(name, "spun pairs that are called spun")
        axes.plot([x for x, *_ in bins], [share for _, share, _ in bins], marker="o", color=COLOURS[1])
        for x, share, count in bins:
            axes.annotate(f"n = {count}", (x, share), textcoords="offset points", xytext=(0, 6), ha="center", fontsize=7)
        axes.set_ylim(0, 1.1)
        words = "; ".join(f"about {x:.3g}: {share:.2f} of {count}" for x, share, count in bins)
        plots.append(plot(drawn, f"Recall against {name}", words + "."))
    return plots

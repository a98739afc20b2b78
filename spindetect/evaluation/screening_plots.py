"""Plots of an evaluation of the screening."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_curve

from spindetect.evaluation.drawing import COLOURS, LEAST_RATE, Plot, empty, figure, look, plot, rates_axis
from spindetect.evaluation.screening_results import ByLength, Ranked, Register, ScreenEvaluation

_PROMISED = 0.01
_LEAST_AUC = 0.9


def screening_plots(found: ScreenEvaluation) -> list[Plot]:
    """Every plot that there is something to show for."""
    plots = []
    if found.families:
        plots += [roc_of_families(found.families), reliability(found.families)]
    if found.registers:
        plots.append(false_positives(found.registers))
    if found.lengths:
        plots.append(auc_by_length(found.lengths))
    return plots


def roc_of_families(families: Sequence[Ranked]) -> Plot:
    """ROC of each family by the model trained without it, false-positive rates on a logarithmic axis."""
    drawn, axes = figure("false-positive rate (log)", "true-positive rate")
    words = []
    for number, item in enumerate(families):
        false, true, _ = roc_curve(*_truth_and_scores(item))
        axes.step(np.maximum(false, LEAST_RATE), true, where="post", label=item.name, **look(number))
        words.append(f"{item.name} reaches {true[false <= _PROMISED].max():.2f}")
    rates_axis(axes)
    said = f"True-positive rates at 1 % false positives: {', '.join(words)}; {len(families[0].negatives)} human texts."
    return plot(drawn, "ROC of each spinner family, left out of training", said)


def reliability(families: Sequence[Ranked]) -> Plot:
    """Share of spun texts among those of a score: on the diagonal a score is what it says."""
    drawn, axes = figure("score, P(spun)", "share that is spun")
    axes.plot([0, 1], [0, 1], color=COLOURS[-1], linewidth=0.8)
    words = []
    for number, item in enumerate(families):
        truth, scores = _truth_and_scores(item)
        true, predicted = calibration_curve(truth, scores, n_bins=10, strategy="uniform")
        axes.plot(predicted, true, marker="o", markersize=3, label=item.name, **look(number))
        words.append(f"{item.name} {len(item.positives)} of {len(truth)}")
    axes.legend(loc="upper left", fontsize=8)
    said = "Points above the diagonal: scores too low; below: too high. Ten bins of equal width. Spun texts: " + ", ".join(words)
    return plot(drawn, "Reliability on families left out of training", f"{said}.")


def false_positives(registers: Sequence[Register]) -> Plot:
    """Share of human texts called spun, with Wilson intervals, a line for each register."""
    drawn = empty(2 * max(2, len(registers) // 4))
    axes = drawn.add_subplot()
    places = np.arange(len(registers))[::-1]
    shares = [item.share for item in registers]
    values = np.array([share["value"] for share in shares])
    reach = np.array([[share["value"] - share["low"], share["high"] - share["value"]] for share in shares]).T
    axes.errorbar(values, places, xerr=np.maximum(reach, 0), fmt="o", color=COLOURS[1], ecolor=COLOURS[0], capsize=3)
    axes.axvline(_PROMISED, color=COLOURS[2], linestyle="--", linewidth=1, label="1 %, promised at most")
    axes.set_yticks(places.tolist(), [f"{item.name} (n = {item.n})" for item in registers], fontsize=8)
    axes.set_xlabel("human texts called spun, with 95 % Wilson intervals")
    axes.set_xlim(left=-0.005)
    axes.grid(axis="x", alpha=0.25)
    axes.legend(fontsize=8)
    words = "; ".join(f"{item.name}: {item.count} of {item.n}" for item in registers)
    return plot(drawn, "Human texts called spun, by register", words + ".")


def auc_by_length(lengths: Sequence[ByLength]) -> Plot:
    """ROC AUC on openings, against their length."""
    drawn, axes = figure("words of the text (log)", "ROC AUC")
    families = list(dict.fromkeys(item.family for item in lengths))
    words = []
    for number, family in enumerate(families):
        own = [item for item in lengths if item.family == family]
        values = [item.figure["value"] for item in own]
        reach = [[item.figure["value"] - item.figure["low"] for item in own], [i.figure["high"] - i.figure["value"] for i in own]]
        axes.errorbar([item.words for item in own], values, yerr=np.maximum(reach, 0), capsize=3, label=family, **look(number))
        words.append(f"{family} " + ", ".join(f"{item.words}: {item.figure['value']:.3f}" for item in own))
    axes.axhline(_LEAST_AUC, color=COLOURS[-1], linewidth=0.8)
    axes.set_xscale("log")
    ticks = sorted({item.words for item in lengths})
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.legend(loc="lower right", fontsize=8)
    said = "Openings of texts; families left out of training; the line is 0.9, under which there would be no verdict. "
    return plot(drawn, "ROC AUC by length", said + "; ".join(words) + ".")


def _truth_and_scores(item: Ranked) -> tuple[np.ndarray, np.ndarray]:
    scores = np.concatenate([item.positives, item.negatives])
    return np.arange(len(scores)) < len(item.positives), scores

"""Fit the word head on words, then the text head on what word heads say of texts that they have not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from spindetect.screening.features import TEXT_FEATURES, text_features
from spindetect.screening.model import TextHead
from spindetect.screening.suspicion import WordHead
from spindetect.training.screening.documents import HUMAN, LEAST_REPLACED, Document

FOLDS = 3
HIDDEN = 128
_EPOCHS, _BATCH, _RATE = 2, 4_096, 2e-3
REPEATS = {"news": 1, "story": 2, "prose": 8}
"""How often a register's words are shown: there is little prose, and it must not be accused."""
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Prepared:
    """A document with the states of its words, float16, shape (words, d), and their rarity, shape (words,)."""

    document: Document
    states: np.ndarray
    rarity: np.ndarray


@dataclass(frozen=True)
class ScreenFit:
    """Fitted heads, and the cross-fitted probabilities of the documents and of the windows, shapes (n,)."""

    words: WordHead
    text: TextHead
    probabilities: np.ndarray
    of_windows: np.ndarray


def fit_screening(
    prepared: Sequence[Prepared],
    windows: Sequence[Prepared] = (),
    seed: int = 0,
    progress: Progress = lambda step, share: None,
) -> ScreenFit:
    """Fit both heads; probabilities are cross-fitted by the human text that documents come from.

    Args:
        windows: parts of the documents, which teach the text head what short texts are like.
    """
    texts = [*prepared, *windows]
    groups = np.array([item.document.group for item in texts])
    is_spun = np.array([item.document.family != HUMAN for item in texts])
    weights = np.array([REPEATS[item.document.register] for item in texts], dtype=np.float64)
    features = np.zeros((len(texts), len(TEXT_FEATURES)))
    folds = list(GroupKFold(FOLDS).split(groups, groups=groups))
    for number, (known, unseen) in enumerate(folds):
        head = fit_words([prepared[row] for row in known if row < len(prepared)], seed)
        features[unseen] = [features_of(texts[row], head) for row in unseen]
        progress("word heads", (number + 1) / (FOLDS + 1))
    # A text with few words replaced is hardly spun: its words are taught, it is not.
    taught = np.array(
        [not spun or item.document.replaced.mean() >= LEAST_REPLACED for item, spun in zip(texts, is_spun, strict=True)]
    )
    probabilities = np.zeros(len(texts))
    for known, unseen in folds:
        known = known[taught[known]]
        text = fit_text(features[known], is_spun[known], weights[known])
        probabilities[unseen] = text.probability(features[unseen])
    words = fit_words(prepared, seed)
    progress("word heads", 1.0)
    text = fit_text(features[taught], is_spun[taught], weights[taught])
    return ScreenFit(words, text, probabilities[: len(prepared)], probabilities[len(prepared) :])


def features_of(item: Prepared, head: WordHead) -> np.ndarray:
    return text_features(head.log_odds(item.states.astype(np.float32)), item.rarity, item.document.article)


def fit_text(features: np.ndarray, spun: np.ndarray, weights: np.ndarray) -> TextHead:
    """Logistic regression of texts."""
    line = make_pipeline(StandardScaler(), LogisticRegression(C=1, max_iter=5_000))
    line.fit(features, spun, logisticregression__sample_weight=weights)
    scaler, fitted = line[0], line[-1]
    return TextHead(scaler.mean_, scaler.scale_, fitted.coef_[0], fitted.intercept_)


def fit_words(prepared: Sequence[Prepared], seed: int) -> WordHead:
    """The word head: one hidden layer, trained with AdamW and a one-cycle rate (Smith 2018)."""
    import torch

    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    states = np.concatenate([item.states for item in prepared])
    target = np.concatenate([item.document.replaced for item in prepared]).astype(np.float32)
    repeats = np.concatenate([np.full(len(item.states), REPEATS[item.document.register]) for item in prepared])
    shown = np.repeat(np.arange(len(states)), repeats)
    sample = states[rng.choice(len(states), size=min(len(states), 20_000), replace=False)].astype(np.float32)
    mean, scale = sample.mean(axis=0), sample.std(axis=0) + 1e-3
    hidden, output = torch.nn.Linear(states.shape[1], HIDDEN), torch.nn.Linear(HIDDEN, 1)
    net = torch.nn.Sequential(hidden, torch.nn.GELU(), torch.nn.Dropout(0.2), output)
    optimiser = torch.optim.AdamW(net.parameters(), _RATE, weight_decay=0.01)
    steps = _EPOCHS * -(-len(shown) // _BATCH)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps)
    loss = torch.nn.BCEWithLogitsLoss()
    for _ in range(_EPOCHS):
        order = rng.permutation(shown)
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            inputs = torch.from_numpy((states[rows].astype(np.float32) - mean) / scale)
            optimiser.zero_grad()
            loss(net(inputs)[:, 0], torch.from_numpy(target[rows])).backward()
            optimiser.step()
            rate.step()
    arrays = [hidden.weight.T, hidden.bias, output.weight[0], output.bias]
    return WordHead(mean, scale, *(values.detach().numpy().copy() for values in arrays))

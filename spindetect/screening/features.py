"""From the suspicion of its words to the features of a text."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from spindetect.article import Article
from spindetect.encoding import FUNCTION_WORD_RARITY

TEXT_FEATURES = (
    "mean",
    "spread",
    "median",
    "upper_quarter",
    "upper_tenth",
    "upper_thirtieth",
    "top_twentieth",
    "top_tenth",
    "top_fifth",
    "top_third",
    "over_half",
    "over_four_fifths",
    "over_nineteen_twentieths",
    "content_top_tenth",
    "content_top_quarter",
    "content_top_half",
    "content_mean",
    "worst_sentences",
    "middle_sentence",
    "length",
    "rarity",
    "content_rarity",
    "content_share",
    "sentence_length",
)
"""How the log-odds of the words are spread, and, since some registers are odd throughout, how rare their words are."""


def text_features(log_odds: np.ndarray, rarity: np.ndarray, article: Article) -> np.ndarray:
    """Features of a text, shape (len(TEXT_FEATURES),).

    Args:
        log_odds: of its words, shape (words,); at least one.
        rarity: information of its words, 0 to 1, shape (words,).
        article: the text.
    """
    suspicion = expit(log_odds)
    is_content = rarity > FUNCTION_WORD_RARITY
    content = log_odds[is_content] if is_content.any() else log_odds
    sentences = sentence_means(suspicion, article)
    values = (
        log_odds.mean(),
        log_odds.std(),
        *np.quantile(log_odds, (0.5, 0.75, 0.9, 0.97)),
        *(_top(log_odds, share, 3) for share in (0.05, 0.1, 0.2, 0.35)),
        *((suspicion > level).mean() for level in (0.5, 0.8, 0.95)),
        *(_top(content, share, 2) for share in (0.1, 0.25, 0.5)),
        content.mean(),
        _top(sentences, 0.25, 1),
        np.median(sentences),
        np.log(len(log_odds)),
        rarity.mean(),
        rarity[is_content].mean() if is_content.any() else 0.0,
        is_content.mean(),
        len(log_odds) / len(article.sentences) / 20,
    )
    return np.array(values, dtype=np.float64)


def sentence_means(suspicion: np.ndarray, article: Article) -> np.ndarray:
    """Mean suspicion of each sentence's words, shape (sentences,)."""
    sentence = article.word_sentence
    return np.bincount(sentence, suspicion) / np.maximum(np.bincount(sentence), 1)


def _top(values: np.ndarray, share: float, least: int) -> float:
    """Mean of the highest ``share`` of the values, of ``least`` at least."""
    count = max(least, int(share * len(values)))
    return float(np.sort(values)[-count:].mean())

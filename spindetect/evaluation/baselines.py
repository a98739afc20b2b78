"""Ready-made similarity measures on the same pairs: what spindetect must beat. They give no verdict and no reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process
from sklearn.feature_extraction.text import TfidfVectorizer

from spindetect.article import WORD, Article
from spindetect.encoder import Encoder, unit_rows
from spindetect.features import trigram_containment

Texts = Sequence[tuple[str, str]]
Articles = Sequence[tuple[Article, Article]]


def tfidf_cosine(pairs: Texts) -> np.ndarray:
    """Cosine of TF-IDF vectors fitted on all texts of the set, shape (n,)."""
    matrix = TfidfVectorizer(sublinear_tf=True).fit_transform([text for pair in pairs for text in pair])
    return np.asarray(matrix[::2].multiply(matrix[1::2]).sum(axis=1)).ravel()


def trigram_containments(pairs: Texts) -> np.ndarray:
    """Share of the suspect's distinct word 3-grams that the original has, shape (n,)."""
    return np.array([trigram_containment(*(WORD.findall(text.casefold()) for text in pair)) for pair in pairs])


def token_set_ratio(pairs: Texts) -> np.ndarray:
    """rapidfuzz's token_set_ratio with its default processing, shape (n,)."""
    return np.array([fuzz.token_set_ratio(*pair, processor=default_process) for pair in pairs])


def sentence_cosines(pairs: Articles, encoder: Encoder) -> dict[str, np.ndarray]:
    """Document cosine (mean sentence vectors) and mean best-sentence cosine of an encoder, shape (n,) each."""
    articles = list({article.text: article for pair in pairs for article in pair}.values())
    sentences = [text for article in articles for text in article.sentence_texts()]
    vectors = encoder.encode(sentences)
    ends = np.cumsum([len(article.sentences) for article in articles])
    own = {
        article.text: vectors[end - len(article.sentences) : end] for article, end in zip(articles, ends.tolist(), strict=True)
    }
    document, best = [], []
    for suspect, original in pairs:
        left, right = own[suspect.text], own[original.text]
        if not len(left) or not len(right):
            document.append(0.0)
            best.append(0.0)
            continue
        means = unit_rows(np.stack([left.mean(axis=0), right.mean(axis=0)]))
        document.append(float(means[0] @ means[1]))
        best.append(float((left @ right.T).max(axis=1).mean()))
    return {"document cosine": np.array(document), "best-sentence cosine": np.array(best)}


def lexical_baselines(pairs: Texts) -> dict[str, np.ndarray]:
    """The measures that need no encoder, by name; on the texts as they come, as their users run them."""
    return {
        "TF-IDF cosine": tfidf_cosine(pairs),
        "word 3-gram containment": trigram_containments(pairs),
        "rapidfuzz token_set_ratio": token_set_ratio(pairs),
    }

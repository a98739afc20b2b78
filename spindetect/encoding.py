"""An article made ready for comparison: its words, their weights and vectors, its sentence vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import simplemma

from spindetect.article import Article
from spindetect.encoder import Encoder, StaticEncoder

FUNCTION_WORD_RARITY = 0.03
"""Words at least as common as "said" carry no content."""


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Dictionary form of a case-folded word."""
    return simplemma.lemmatize(word, "en").casefold() if len(word) < 40 else word


@dataclass(frozen=True)
class EncodedArticle:
    """What alignment needs of an article; s sentences, w words, d dimensions.

    Attributes:
        article: the article itself.
        lemmas: dictionary form of each word.
        weights: information of each word, 0 to 1, shape (w,).
        word_vectors: unit vectors of the words, shape (w, d).
        sentence_vectors: unit vectors of the sentences, shape (s, e); e may differ from d.
        starts: index of the first word of each sentence, shape (s,).
        lengths: words of each sentence, shape (s,).
        fixed: True for names and numbers, which a spinner keeps, shape (w,).
    """

    article: Article
    lemmas: list[str]
    weights: np.ndarray
    word_vectors: np.ndarray
    sentence_vectors: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    fixed: np.ndarray


def encode_articles(
    articles: Sequence[Article], words_encoder: StaticEncoder, encoder: Encoder | None = None
) -> list[EncodedArticle]:
    """Encode articles together: one call of the encoder for all of their sentences.

    Args:
        articles: cleaned articles.
        words_encoder: gives word vectors and weights, and the sentence vectors too where ``encoder`` is None.
        encoder: another encoder for the sentences.
    """
    per_sentence = [_sentence_words(article) for article in articles]
    sentences = [words for article_words in per_sentence for words in article_words]
    if encoder is None:
        vectors = words_encoder.encode_words(sentences)
    else:
        vectors = encoder.encode([text for article in articles for text in article.sentence_texts()])
    encoded = []
    position = 0
    for article, sentence_words in zip(articles, per_sentence, strict=True):
        size = len(sentence_words)
        encoded.append(_encoded(article, sentence_words, vectors[position : position + size], words_encoder))
        position += size
    return encoded


def _sentence_words(article: Article) -> list[list[str]]:
    ends = np.searchsorted(article.word_sentence, np.arange(len(article.sentences)), side="right").tolist()
    starts = [0, *ends[:-1]]
    return [article.words[start:end] for start, end in zip(starts, ends, strict=True)]


def _encoded(
    article: Article, sentence_words: list[list[str]], sentence_vectors: np.ndarray, words_encoder: StaticEncoder
) -> EncodedArticle:
    words = article.words
    lengths = np.array([len(part) for part in sentence_words], dtype=np.intp)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.intp) if len(lengths) else lengths
    return EncodedArticle(
        article=article,
        lemmas=[lemma(word) for word in words],
        weights=words_encoder.rarity(words),
        word_vectors=words_encoder.word_vectors(words),
        sentence_vectors=sentence_vectors,
        starts=starts,
        lengths=lengths,
        fixed=_fixed_words(article, starts),
    )


def _fixed_words(article: Article, starts: np.ndarray) -> np.ndarray:
    text = article.text
    first = set(starts.tolist())
    return np.array(
        [
            text[start].isdigit() or (text[start].isupper() and number not in first and end - start > 1)
            for number, (start, end) in enumerate(article.word_spans)
        ],
        dtype=bool,
    )

"""An article made ready for comparison: its words, their weights and vectors, its sentence vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from spindetect.article import Article
from spindetect.encoder import Encoder, StaticEncoder
from spindetect.lemmas import lemma

_OPENING = re.compile(r"[-:\"'(]")
FUNCTION_WORD_RARITY = 0.03
"""Words at least as common as "said" carry no content."""


@dataclass(frozen=True)
class EncodedArticle:
    """What alignment needs of an article; s sentences, w words, d dimensions.

    Attributes:
        article: the article itself.
        lemma_ids: number of each word's dictionary form, shape (w,).
        generation: of the encoder's tables; rows and lemma numbers of two articles compare within one generation.
        weights: information of each word, 0 to 1, shape (w,).
        rows: row of each word in ``table``, shape (w,).
        table: unit vectors of words, shape (any, d).
        sentence_vectors: unit vectors of the sentences, shape (s, e); e may differ from d.
        starts: index of the first word of each sentence, shape (s,).
        lengths: words of each sentence, shape (s,).
        sentence_of: number of each word's sentence, shape (w,).
        quoted: True for words inside direct quotations, shape (w,).
        fixed: True for names and numbers, which a spinner keeps, shape (w,).
    """

    article: Article
    lemma_ids: np.ndarray
    generation: int
    weights: np.ndarray
    rows: np.ndarray
    table: np.ndarray
    sentence_vectors: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    sentence_of: np.ndarray
    quoted: np.ndarray
    fixed: np.ndarray

    @cached_property
    def lemmas(self) -> list[str]:
        """Dictionary form of each word."""
        return [lemma(word) for word in self.article.words]

    def span_of(self, first: int, last: int) -> tuple[int, int]:
        """Character span of the words [first, last); of an empty run the place before its word."""
        bounds = self.article.word_bounds
        if first == last:
            at = int(bounds[first, 0]) if first < len(bounds) else len(self.article.text)
            return at, at
        return int(bounds[first, 0]), int(bounds[last - 1, 1])

    def part(self, sentences: np.ndarray) -> EncodedArticle:
        """Some sentences by their numbers, ascending, as if they were all there is; ``article`` stays the whole."""
        lengths = self.lengths[sentences]
        words = self.words_of(sentences)
        return replace(
            self,
            lemma_ids=self.lemma_ids[words],
            weights=self.weights[words],
            rows=self.rows[words],
            sentence_vectors=self.sentence_vectors[sentences],
            starts=np.cumsum(lengths) - lengths,
            lengths=lengths,
            sentence_of=np.repeat(np.arange(len(sentences)), lengths),
            quoted=self.quoted[words],
            fixed=self.fixed[words],
        )

    def words_of(self, sentences: np.ndarray) -> np.ndarray:
        """Numbers of the words of some sentences, one sentence after the other."""
        lengths = self.lengths[sentences]
        return np.repeat(self.starts[sentences] - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())

    def vectors_of(self, words: np.ndarray) -> np.ndarray:
        """Unit vectors of words by their numbers, shape (len(words), d)."""
        return self.table[self.rows[words]]


def encode_articles(
    articles: Sequence[Article], words_encoder: StaticEncoder, encoder: Encoder | None = None
) -> list[EncodedArticle]:
    """Encode articles together: one call of the encoder for all of their sentences.

    Args:
        articles: cleaned articles.
        words_encoder: gives word vectors and weights, and the sentence vectors too where ``encoder`` is None.
        encoder: another encoder for the sentences.
    """
    words = [word for article in articles for word in article.words]
    rows = words_encoder.rows(words)
    lengths = [np.bincount(article.word_sentence, minlength=len(article.sentences)) for article in articles]
    if encoder is None:
        vectors = words_encoder.sentence_vectors(rows, np.concatenate([*lengths, np.zeros(0, np.intp)]))
    else:
        vectors = encoder.encode([text for article in articles for text in article.sentence_texts()])
    weights, table = words_encoder.rarity_of(rows), words_encoder.unit_vectors
    lemma_ids = words_encoder.lemmas_of(rows)
    encoded = []
    word = sentence = 0
    for article, counts in zip(articles, lengths, strict=True):
        own = slice(word, word + len(article.words))
        starts = np.cumsum(counts) - counts
        encoded.append(
            EncodedArticle(
                article=article,
                lemma_ids=lemma_ids[own],
                generation=words_encoder.generation,
                weights=weights[own],
                rows=rows[own],
                table=table,
                sentence_vectors=vectors[sentence : sentence + len(counts)],
                starts=starts,
                lengths=counts,
                sentence_of=article.word_sentence,
                quoted=article.quoted,
                fixed=_fixed_words(article, starts, weights[own]),
            )
        )
        word, sentence = own.stop, sentence + len(counts)
    return encoded


def _fixed_words(article: Article, starts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Names (capitals inside a sentence) and numbers; a common word after a dash, a colon or an opening mark is no name."""
    text = article.text
    bounds = article.word_bounds
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")[bounds[:, 0]]
    upper, digit = (codes >= ord("A")) & (codes <= ord("Z")), (codes >= ord("0")) & (codes <= ord("9"))
    for word in np.flatnonzero(codes > 0x7F).tolist():
        character = chr(codes[word])
        upper[word], digit[word] = character.isupper(), character.isdigit()
    upper[starts] = False
    upper &= bounds[:, 1] - bounds[:, 0] > 1
    for word in np.flatnonzero(upper & (weights <= FUNCTION_WORD_RARITY)).tolist():
        upper[word] = not _OPENING.search(text[bounds[word - 1, 1] : bounds[word, 0]])
    return upper | digit

"""Pairs that share hardly a word: settled by their words, to the same verdict as by the whole model."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from spindetect import Article
from spindetect.strangers import LEAST_WORDS, are_strangers


@pytest.fixture(scope="module")
def words(detector):
    return detector._bundle.words


def unrelated(stories):
    return [(one.original, other.independent) for one, other in zip(stories, stories[5:], strict=False)]


def test_many_unrelated_articles_are_strangers(stories, words):
    pairs = [tuple(map(Article.from_text, pair)) for pair in unrelated(stories)]
    settled = [are_strangers(*pair, words) for pair in pairs]
    assert sum(settled) > 0.75 * len(settled)


def test_strangers_get_the_verdict_and_nearly_the_score_of_the_whole_model(stories, detector, words):
    pairs = [pair for pair in unrelated(stories)[:16] if are_strangers(*map(Article.from_text, pair), words)]
    for pair, score in zip(pairs, detector.compare_many(pairs), strict=True):
        with patch("spindetect.judging.are_strangers", return_value=False):
            whole = detector.compare(*pair)
        assert score.verdict == whole.verdict == "independent"
        assert score.score == pytest.approx(whole.score, abs=0.01)
        assert sum(score.probabilities.values()) == pytest.approx(1)


def test_a_copy_within_a_long_stranger_is_no_stranger(stories, words):
    for one, other, third in zip(stories, stories[5:], stories[11:], strict=False):
        copied = one.rewrites[0].text.split("\n\n")[1:4]
        mixed = Article.from_text("\n\n".join([other.original, *copied, third.original]))
        assert not are_strangers(mixed, Article.from_text(one.original), words)


def test_short_texts_are_never_settled(words):
    one = Article.from_text("alpha beta gamma delta epsilon zeta eta theta iota kappa " * 5)
    other = Article.from_text("red orange yellow green blue indigo violet black white grey " * 5)
    assert len(one.words) < LEAST_WORDS
    assert not are_strangers(one, other, words)


def test_a_text_of_function_words_is_no_stranger(words):
    empty = Article.from_text("and then it was of the and in to a for on with as at by from " * 8)
    assert not are_strangers(empty, Article.from_text("red orange yellow green blue " * 30), words)

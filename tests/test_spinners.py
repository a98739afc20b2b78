"""Simulated spinners tell exactly what they did."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spindetect import Article, InputError
from spindetect.training.spinners import FAMILIES, spin
from spindetect.training.spinners.lexical import phrase_book
from spindetect.training.spinners.wordnet import wordnet_folder

try:
    wordnet_folder()
    AVAILABLE = list(FAMILIES)
except InputError:
    AVAILABLE = [name for name in FAMILIES if name not in ("thesaurus", "senses", "combined")]
WORDS_CHANGE = [name for name in AVAILABLE if name not in ("structure", "formats")]


@pytest.mark.parametrize("family", AVAILABLE)
def test_the_truth_points_at_what_was_done(family, stories):
    for story in stories[:6]:
        result = spin(story.original, family, 0.7, seed=3)
        assert result.original == Article.from_text(story.original).text
        for item in result.substitutions:
            before, after = result.original[slice(*item.original_span)], result.text[slice(*item.suspect_span)]
            assert before and after and before != after
        for (start, end), sources in result.sentences:
            assert result.text[start:end].strip()
            assert sources
        for (start, end), span in result.altered_quotes:
            assert result.original[start:end] != result.text[slice(*span)]
        assert {n for _, sources in result.sentences for n in sources} == set(
            range(len(Article.from_text(story.original).sentences))
        )


@pytest.mark.parametrize("family", AVAILABLE)
def test_strength_and_seed(family, story):
    none, some, most = (spin(story.original, family, strength, seed=5) for strength in (0.0, 0.4, 1.0))
    assert none.text == Article.from_text(story.original).text
    assert none.changed == 0 and not none.substitutions
    assert spin(story.original, family, 0.4, seed=5) == some != spin(story.original, family, 0.4, seed=6)
    assert most.changed >= some.changed


@pytest.mark.parametrize("family", WORDS_CHANGE)
def test_families_change_enough_words(family, stories):
    changed = [spin(story.original, family, 1.0, seed=1).changed for story in stories]
    assert sum(changed) / len(changed) > 0.15


def test_names_survive(stories):
    for story in stories[:5]:
        article = Article.from_text(story.original)
        names = {
            article.text[s:e]
            for n, (s, e) in enumerate(article.word_spans)
            if article.text[s].isupper() and n not in starts(article)
        }
        kept = spin(story.original, "phrases", 1.0, seed=2).text
        assert sum(name in kept for name in names) >= 0.97 * len(names)


def starts(article):
    return {int((article.word_sentence < number).sum()) for number in range(len(article.sentences))}


def test_the_phrase_book_is_large_and_sound():
    book = phrase_book()
    assert len(book) >= 1500
    for head, (kind, alternatives) in book.items():
        assert kind in "vnarx"
        assert alternatives and " ".join(head) not in alternatives


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="ab .,\"'-\n0123456789ABé%", max_size=200), st.sampled_from([n for n in AVAILABLE if n != "neighbours"]))
def test_any_text_can_be_spun(text, family):
    result = spin(text, family, 0.9, seed=0)
    assert 0 <= result.changed <= 1


def test_wrong_family_or_strength_is_told():
    with pytest.raises(InputError, match="no spinner family"):
        spin("Some text.", "nothing")
    with pytest.raises(InputError, match="outside 0 to 1"):
        spin("Some text.", "phrases", 1.5)


@pytest.mark.parametrize("family", WORDS_CHANGE)
def test_the_detector_finds_how_much_was_changed(family, stories, detector):
    spun = [spin(story.original, family, 0.6, seed=5) for story in stories[:12]]
    found = [score.changed for score in detector.compare_many((item.text, item.original) for item in spun)]
    misses = [share - item.changed for share, item in zip(found, spun, strict=True)]
    assert abs(sum(misses) / len(misses)) < 0.06
    assert max(map(abs, misses)) < 0.1

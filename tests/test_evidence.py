"""The evidence: it points into the texts, names relations rightly, and finds what was done to quotations and numbers."""

from __future__ import annotations

import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spindetect.article import Article
from spindetect.bundle import load_bundle
from spindetect.encoding import encode_articles
from spindetect.pairing import pair_up
from spindetect.quantities import same_quantity
from spindetect.quotations import quotation_spans, speaker_of
from spindetect.relations import RELATIONS
from spindetect.speech import altered_quotes
from tests.conftest import ROOT

ORIGINAL = (
    "The main road through Tarnwick was shut for three hours on Monday after a lorry carrying timber overturned near the school. "
    "Police officers said nobody was injured in the accident. A court ruling in March had banned heavy vehicles from the street. "
    'The mayor, Ellen Quist, said: "We will not give up until this road is safe for our children." '
    "Repairs will cost 1.2 million pounds and last a quarter of an hour longer each day than planned, until 17 February. "
    "After the strike was called off, the drivers went back to their depot in Harlow. "
    'The haulier, Bram Oduya, apologised. "Our driver did not see the sign," he said.'
)
SPUN = (
    "The principal street through Tarnwick was closed for three hours on Monday after a truck carrying wood flipped near the school. "
    "Police officials said no one was hurt in the crash. A tribunal decree in March had prohibited weighty vehicles from the road. "
    'The mayor, Ellen Quist, stated: "We won\'t surrender until this street is secure for our kids." '
    "Repairs will cost 1.2m pounds and last 15 minutes longer each day than planned, until February 18. "
    "The chauffeurs went back to their depot in Harlow after the strike was called off. "
    'The haulier, Bram Okoye, apologised. "Our driver didn\'t see the sign," he said.'
)


@pytest.fixture(scope="module")
def result(detector):
    return detector.compare(SPUN, ORIGINAL)


def relations(result):
    return {(item.original, item.suspect): item.relation for item in result.substitutions}


def test_golden_substitutions(result):
    assert result.verdict == "spun"
    found = relations(result)
    synonyms = {("shut", "closed"), ("lorry", "truck"), ("timber", "wood"), ("injured", "hurt"), ("banned", "prohibited")}
    synonyms |= {("heavy", "weighty"), ("drivers", "chauffeurs")}
    assert {pair: found.get(pair) for pair in synonyms} == dict.fromkeys(synonyms, "synonym")
    assert found[("1.2 million", "1.2m")] == "number format"
    assert found[("a quarter of an hour", "15 minutes")] == "number format"
    assert found[("17 February", "February 18")] == "number changed"
    assert found[("Oduya", "Okoye")] == "name changed"
    assert found[("nobody", "no one")] in ("spelling", "phrase")
    assert found[("did not", "didn't")] == "spelling"


def test_a_moved_clause_is_moved_not_replaced(result):
    moved = [item for item in result.substitutions if item.relation == "reordered"]
    assert any("strike was called off" in item.suspect for item in moved)
    assert all(item.suspect.casefold() == item.original.casefold() for item in moved)


def test_altered_quotations_come_with_their_speaker(result):
    assert len(result.altered_quotes) == 1  # "did not" and "didn't" are one spelling: house style
    quote = result.altered_quotes[0]
    assert quote.original.startswith("We will not give up")
    assert quote.suspect.startswith("We won't surrender")
    assert quote.speaker == "Ellen Quist"


def test_fixed_points_tell_kept_from_changed(result):
    fates = {(point.kind, point.text): point.fate for point in result.fixed_points}
    assert fates[("name", "Tarnwick")] == fates[("name", "Ellen Quist")] == fates[("date", "Monday")] == "kept"
    assert fates[("number", "1.2 million")] == "kept"
    assert fates[("date", "17 February")] == "changed"
    changed = next(point for point in result.fixed_points if point.text == "17 February")
    assert changed.suspect == "February 18"
    assert {point.fate for point in result.fixed_points if point.kind == "quotation"} == {"kept", "changed"}


def test_a_quotation_cut_short_is_not_altered(detector):
    cut = ORIGINAL.replace("We will not give up until this road is safe for our children", "We will not give up")
    assert detector.compare(cut, ORIGINAL).altered_quotes == ()


def test_the_altered_one_of_many_quotations_is_found_soon():
    def spoken(seed, last):
        rng = random.Random(seed)
        said = [" ".join(f"w{rng.randrange(5_000)}x" for _ in range(25)) for _ in range(990)]
        return Article.from_text("\n\n".join(f'"{words}," he said.' for words in [*said, last]))

    pair = (
        spoken(1, "We will surrender as soon as this road is safe for our kids"),
        spoken(2, "We will not give up until this road is safe for our kids"),
    )
    pairing = pair_up(*encode_articles(pair, load_bundle().words))
    began = time.process_time()
    [quote] = altered_quotes(pairing, ())
    assert time.process_time() - began < 2
    assert quote.original.startswith("We will not give up") and quote.suspect.startswith("We will surrender")


def test_everything_points_into_the_texts(detector, stories):
    for story in stories[:6]:
        for rewrite in story.rewrites[:3]:
            data = json.loads(json.dumps(detector.compare(rewrite.text, story.original).to_dict()))
            for item in data["substitutions"] + data["altered_quotes"]:
                for side in ("suspect", "original"):
                    start, end = item[f"{side}_span"]
                    assert data["texts"][side][start:end] == item[side]
                    assert bool(item[side]) == (end > start)
            assert {item["relation"] for item in data["substitutions"]} <= set(RELATIONS)
            for point in data["fixed_points"]:
                assert data["texts"]["original"][slice(*point["original_span"])] == point["text"]
            total = sum(item["contribution"] for item in data["contributions"])
            assert total == pytest.approx(data["score"], abs=0.1)


def test_suspect_words_are_in_one_substitution_at_most(detector, stories):
    for story in stories[:6]:
        result = detector.compare(story.rewrites[0].text, story.original)
        spans = sorted(item.suspect_span for item in result.substitutions if item.suspect)
        assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))


def test_the_output_keeps_to_its_schema(detector, stories):
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads((ROOT / "docs/comparison.schema.json").read_text()))
    suspects = [stories[0].reprint, stories[0].independent, stories[0].rewrites[0].text, "", "too short", SPUN]
    for suspect in suspects:
        for original in (stories[0].original, ORIGINAL, ""):
            data = json.loads(json.dumps(detector.compare(suspect, original).to_dict()))
            assert [error.message for error in validator.iter_errors(data)] == []


def test_the_explanation_is_five_to_eight_plain_sentences(detector, stories, result):
    assert any("Ellen Quist" in sentence for sentence in result.explain())
    for story in stories[:5]:
        for suspect in (story.independent, story.reprint, story.rewrites[0].text, "too short"):
            sentences = detector.compare(suspect, story.original).explain()
            assert 5 <= len(sentences) <= 8
            assert all(sentence.endswith(".") for sentence in sentences)
            assert not any(word in " ".join(sentences) for word in ("plagiar", "stole", "cheat", "deliberate"))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("a quarter of an hour", "15 minutes"),
        ("per cent", "%"),
        ("seventy one per cent", "71 %"),
        ("1.14 million", "1.14m"),
        ("march 11", "11 march"),
        ("4 a m", "04:00"),
        ("a dozen", "12"),
        ("a fortnight", "two weeks"),
        ("two thirds", "67 percent"),
        ("3,000", "3000"),
        ("two hundred and five", "205"),
    ],
)
def test_one_quantity_in_two_formats(left, right):
    assert same_quantity(tuple(left.split()), tuple(right.split()))


@pytest.mark.parametrize(
    ("left", "right"), [("two", "three"), ("day", "week"), ("17 february", "18 february"), ("1.2m", "1.2bn")]
)
def test_different_quantities(left, right):
    assert not same_quantity(tuple(left.split()), tuple(right.split()))


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ('"We will wait," she said.', [("We will wait,", None)]),
        ('"It is over now," said the chief engineer, Tom O\'Hara.', [("It is over now,", "Tom O'Hara")]),
        ("'We are not going to stop,' said Mr Brown.", [("We are not going to stop,", "Mr Brown")]),
        ('"He told me \'come at once\' and left," said Ann Rey.', [("He told me 'come at once' and left,", "Ann Rey")]),
        ('Ann Rey said: "The first part of it.\n\n"And the second part."', [("The first part of it.", "Ann Rey"), ("And the second part.", None)]),
        ('The "so-called" experts left the players\' union.', []),
    ],
)  # fmt: skip
def test_quotations_and_their_speakers(text, quotations):
    spans = quotation_spans(text)
    assert [(text[start:end], speaker_of(text, (start, end))) for start, end in spans] == quotations


WORDS = st.sampled_from(
    "the a mayor said road closed 15 minutes £3m don't \"we 'never will,\" % per cent on Monday Harlow <b> & .\n\n".split(" ")
)


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=120), st.lists(WORDS, min_size=1, max_size=120))
def test_any_two_texts_give_sound_evidence(detector, left, right):
    result = detector.compare(" ".join(left), " ".join(right))
    for item in result.substitutions:
        assert result.texts["suspect"][slice(*item.suspect_span)] == item.suspect
        assert result.texts["original"][slice(*item.original_span)] == item.original
    assert "<b>" not in result.to_html()

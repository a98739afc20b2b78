"""Tracing: the right original, sentence by sentence, also of mosaics; nobody accused without an original."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import jsonschema
import pytest
from lxml import html

from spindetect import Archive, Article, InputError
from spindetect.training.spinners import spin
from tests.conftest import ROOT
from tests.test_report import HOSTILE


@pytest.fixture(scope="module")
def archive(stories, tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("trace") / "originals") as opened:
        opened.add(
            {"id": f"{story.id}/{name}", "text": getattr(story, name), "title": story.topic, "date": f"2021-0{1 + number % 9}-01", "n": number}
            for number, story in enumerate(stories)
            for name in ("original", "independent")
        )  # fmt: skip
        yield opened


def interleaved(stories):
    """Three originals, spun and shuffled together, and which sentence is whose."""
    parts = []
    for number, story in enumerate(stories):
        spun = spin(story.original, "phrases", 0.5, number)
        parts.append([(spun.text[start:end], f"{story.id}/original") for (start, end), _ in spun.sentences[:8]])
    return [sentence for turn in zip(*parts, strict=True) for sentence in turn]


@pytest.fixture(scope="module")
def mosaic(detector, archive, stories):
    sentences = interleaved(stories[:3])
    return sentences, detector.trace("\n\n".join(text for text, _ in sentences), archive)


def test_a_rewrite_and_its_original(detector, archive, stories):
    story = stories[5]
    suspect = next(item.text for item in story.rewrites if item.kind in ("thesaurus", "fluent"))
    trace = detector.trace(suspect, archive)
    first = trace.originals[0]
    assert (trace.verdict, first.verdict, first.id) == ("spun", "spun", f"{story.id}/original")
    assert (first.title, first.metadata) == (story.topic, {"n": 5})
    alone = detector.compare(suspect, story.original)
    assert first.score == pytest.approx(alone.score, abs=1e-3)
    assert first.comparison.substitutions == alone.substitutions
    assert first.share == pytest.approx(alone.coverage) and trace.explained == pytest.approx(first.share, abs=0.05)
    assert f"{story.id}/independent" not in {item.id for item in trace.originals}
    with pytest.raises(FrozenInstanceError):
        trace.verdict = "independent"


def test_what_is_quoted_from_the_original_shifts_no_sentence(detector, archive, stories):
    """Sentences that openly quote are put aside; those behind them keep their sources."""
    story = stories[5]
    lead, *rest = next(item.text for item in story.rewrites if item.kind in ("thesaurus", "fluent")).split("\n\n")
    quoted = [part for part in story.original.split("\n\n") if '"' not in part][:4]
    suspect = "\n\n".join([lead, *(f'"{part}"' for part in quoted), *rest])
    first = detector.trace(suspect, archive).originals[0]
    assert "quoted from the original, and marked as quoted" in [item.kind for item in first.comparison.ignored["suspect"]]
    links = {link.suspect_span: link.original_spans for passage in first.comparison.passages for link in passage.sentences}
    assert links
    for item in detector.trace(suspect, archive).attribution:
        assert item.original_spans == links.get(item.suspect_span, ())


def test_attribution_points_into_the_texts(detector, archive, stories):
    trace = detector.trace(stories[5].rewrites[0].text, archive)
    article = Article.from_text(stories[5].rewrites[0].text)
    assert [item.suspect_span for item in trace.attribution] == list(article.sentences)
    texts = {item.id: item.comparison.texts["original"] for item in trace.originals}
    for item in trace.attribution:
        assert trace.text[slice(*item.suspect_span)] == item.suspect
        assert (item.original is None) == (item.sentence is None) == (not item.original_spans)
        if item.original:
            assert " ".join(texts[item.original][start:end] for start, end in item.original_spans) == item.sentence


def test_a_mosaic_names_all_its_originals(mosaic, stories):
    sentences, trace = mosaic
    assert trace.verdict == "spun"
    assert {item.id for item in trace.originals} == {f"{story.id}/original" for story in stories[:3]}
    right = sum(item.original == owner for item, (_, owner) in zip(trace.attribution, sentences, strict=True))
    assert right >= 0.85 * len(sentences)
    assert sum(item.share for item in trace.originals) > 0.8


def test_an_archive_that_holds_the_suspect(detector, archive, stories):
    trace = detector.trace(stories[7].original, archive)
    assert (trace.verdict, trace.originals[0].id) == ("reprint", f"{stories[7].id}/original")
    assert trace.originals[0].share == trace.explained == 1
    assert all(item.changed == 0 for item in trace.attribution)


def test_copies_of_one_original(detector, stories, tmp_path):
    with Archive.open(tmp_path / "copies") as copies:
        copies.add({"id": f"copy {number}", "text": stories[0].original} for number in range(20))
        copies.add([{"id": "other", "text": stories[1].original}, {"id": "reprint", "text": stories[0].reprint}])
        sentences = interleaved(stories[:2])
        trace = detector.trace("\n\n".join(text for text, _ in sentences), copies)
        ids = [item.id for item in trace.originals]
        assert len(ids) == 5 and "other" in ids[:2] and ids[0].startswith(("copy", "other"))
        assert {item.original for item in trace.attribution if item.original} <= set(ids)
        assert detector.trace(stories[0].rewrites[0].text, copies, limit=1).originals[0].id.startswith("copy")


def test_no_original_in_the_archive(detector, stories, tmp_path):
    with Archive.open(tmp_path / "reports") as reports:
        reports.add({"id": story.id, "text": story.independent} for story in stories)
        verdicts = []
        for story in stories[:25]:
            trace = detector.trace(story.original, reports, evidence=False)
            verdicts.append(trace.verdict)
            if trace.verdict == "independent":
                assert trace.originals == () and trace.to_row() == {"verdict": "independent", "originals": []}
                assert all(item.original is None for item in trace.attribution)
    assert verdicts.count("independent") >= 20 and verdicts.count("spun") <= 1


@pytest.mark.parametrize(
    "suspect", ["Too short to say anything about.", "", "Der schnelle braune Fuchs springt über den faulen Hund. " * 12]
)
def test_no_verdict_on_what_cannot_be_judged(detector, archive, suspect):
    trace = detector.trace(suspect, archive)
    assert (trace.verdict, trace.originals) == ("inconclusive", ())
    assert trace.reason and trace.reason in trace.explain()[0]
    json.dumps(trace.to_dict())
    html.fromstring(trace.to_html())


def test_filters_and_limits(detector, archive, stories):
    suspect, name = stories[4].rewrites[0].text, f"{stories[4].id}/original"
    assert detector.trace(suspect, archive, before="2021-05-02", after="2021-05-01").originals[0].id == name
    assert detector.trace(suspect, archive, before="2021-05-01").verdict == "independent"
    assert detector.trace(suspect, archive, where={"id": name}).compared == 1
    assert len(detector.trace(suspect, archive, limit=1).originals) == 1
    for bad in ({"limit": 0}, {"before": "soon"}, {"where": {"n": "3"}}):
        with pytest.raises(InputError):
            detector.trace(suspect, archive, **bad)


def test_a_stricter_rate_is_kept_to(archive, stories):
    from spindetect import SpinDetector

    suspect = stories[5].rewrites[0].text
    strict = SpinDetector.load(max_fpr=0.0005).trace(suspect, archive)
    assert strict.verdict == strict.originals[0].verdict in ("spun", "inconclusive")


def test_rows_and_json(mosaic):
    _, trace = mosaic
    row = trace.to_row()
    assert set(row) == {"verdict", "originals"}
    assert [set(item) for item in row["originals"]] == [{"id", "verdict", "score", "share"}] * 3
    data = json.loads(json.dumps(trace.to_dict()))
    schema = json.loads((ROOT / "docs/trace.schema.json").read_text())
    comparison = json.loads((ROOT / "docs/comparison.schema.json").read_text())
    jsonschema.validate(data, schema)
    for item in data["originals"]:
        jsonschema.validate(item["comparison"], comparison)


def test_evidence_is_left_out_on_request(detector, archive, stories):
    suspect = stories[5].rewrites[0].text
    full, quick = detector.trace(suspect, archive), detector.trace(suspect, archive, evidence=False)
    assert quick.to_row() == full.to_row() and quick.attribution == full.attribution
    assert full.originals[0].comparison.substitutions and not quick.originals[0].comparison.substitutions
    html.fromstring(quick.to_html())


def test_the_explanation_states_facts(mosaic, stories):
    lines = mosaic[1].explain()
    assert "3 articles of the archive" in lines[0]
    assert all(any(f"{story.id}/original" in line for line in lines) for story in stories[:3])
    assert "evidence, not proof" in lines[-1]


def test_the_page_shows_every_sentence_and_its_original(mosaic):
    _, trace = mosaic
    page = trace.to_html()
    tree = html.fromstring(page)
    assert "spun" in tree.findtext(".//h1/span")
    assert len(tree.xpath("//article//a[@class='ref']")) == sum(item.original is not None for item in trace.attribution)
    targets = {link.get("href")[1:] for link in tree.xpath("//a[starts-with(@href, '#')]")}
    assert targets <= {item.get("id") for item in tree.xpath("//*[@id]")}
    assert not tree.xpath("//script | //@src") and "default-src 'none'" in page


def test_hostile_archives_stay_text(detector, stories, tmp_path):
    with Archive.open(tmp_path / "hostile") as hostile:
        text = HOSTILE + stories[0].original
        hostile.add([{"id": HOSTILE, "text": text, "title": HOSTILE, "url": "javascript:alert(1)", HOSTILE: HOSTILE}])
        trace = detector.trace(HOSTILE + stories[0].rewrites[0].text, hostile)
    tree = html.fromstring(trace.to_html())
    assert trace.originals[0].id == HOSTILE
    assert not tree.xpath("//script | //img | //iframe | //@onerror | //@onload | //a[not(starts-with(@href, '#'))]")

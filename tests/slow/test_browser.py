"""The page in a real browser: not blank, no overflow, highlights visible, accessible. Needs chromium and the browser extra."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.slow.browsing import axe_findings, needs_chromium, overflow

pytest.importorskip("playwright.sync_api")
pytestmark = needs_chromium
EXAMPLES = ROOT / "data/examples"
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def page_file(detector, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "evidence.html"
    path.write_text(detector.compare(Path(EXAMPLES / "spun.txt"), Path(EXAMPLES / "original.txt")).to_html(), "utf-8")
    return path


def opened(browser, path, width, **options):
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    page = browser.new_page(viewport=size, **options)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("file:") else problems.append(request.url))
    page.goto(path.as_uri())
    return page, problems


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_shows_its_evidence(browser, page_file, width, scheme):
    page, problems = opened(browser, page_file, width, color_scheme=scheme)
    assert problems == []
    assert "spun" in page.inner_text("h1")
    assert len(page.inner_text("article >> nth=0")) > 1_000
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    marks = page.locator("article mark")
    assert marks.count() > 50
    colours = marks.first.evaluate(
        "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e.closest('article')).backgroundColor]"
    )
    assert colours[0] != colours[1]
    page.close()


def test_relations_appear_on_focus_and_links_light_up(browser, page_file):
    page, _ = opened(browser, page_file, "desktop")
    mark = page.locator("article mark[data-tip]").first
    mark.focus()
    tip = mark.evaluate("e => getComputedStyle(e, '::after').content")
    assert mark.get_attribute("data-tip").split(":")[0] in tip
    page.locator("#s1").hover()
    assert page.locator("#o1.lit").count() == 1
    page.locator("#s2 a.ref").first.click()
    assert page.url.endswith("#o2")
    page.close()


def test_it_reads_without_scripts(browser, page_file):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert len(page.inner_text("article >> nth=1")) > 1_000
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, page_file, scheme):
    page, _ = opened(browser, page_file, "desktop", color_scheme=scheme)
    page.evaluate("() => document.querySelector('meta[http-equiv]').remove()")
    assert axe_findings(page) == []
    page.close()


@pytest.fixture(scope="module")
def evaluation_file(detector, stories, tmp_path_factory):
    from spindetect.evaluation.page import evaluation_page
    from spindetect.evaluation.run import evaluate
    from spindetect.training.corpus import LabelledPair

    pairs = [
        LabelledPair(f"{story.id} {label}", text, story.original, label, story.id, "stories")
        for story in stories[:20]
        for label, text in (("spun", story.rewrites[0].text), ("independent", story.independent), ("reprint", story.reprint))
    ]
    done = evaluate({"stories": pairs}, detector, facts={"model": "default"})
    path = tmp_path_factory.mktemp("page") / "evaluation.html"
    path.write_text(evaluation_page(done), "utf-8")
    return path


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_evaluation_shows_its_plots(browser, evaluation_file, width, scheme):
    page, problems = opened(browser, evaluation_file, width, color_scheme=scheme)
    assert problems == []
    assert overflow(page) <= 0
    plots = page.locator("figure.plot svg")
    assert plots.count() >= 5
    for number in range(plots.count()):
        box = plots.nth(number).bounding_box()
        assert box["width"] > 250 and box["height"] > 120
    page.locator("#miss summary").first.click()
    assert "What moved the score" in page.locator("#miss details").first.inner_text()
    page.evaluate("() => document.querySelector('meta[http-equiv]').remove()")
    assert axe_findings(page) == []
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screening_shows_its_odd_words(browser, detector, tmp_path, width, scheme):
    path = tmp_path / "screening.html"
    path.write_text(detector.screen(EXAMPLES / "spun.txt").to_html(), "utf-8")
    page, problems = opened(browser, path, width, color_scheme=scheme)
    assert problems == []
    assert overflow(page) <= 0
    assert page.locator("article mark").count() > 15
    page.evaluate("() => document.querySelector('meta[http-equiv]').remove()")
    assert axe_findings(page) == []
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_trace_shows_whose_sentence_is_whose(browser, detector, tmp_path, width, scheme):
    from spindetect import Archive

    with Archive.open(tmp_path / "originals") as archive:
        archive.add(
            {"id": name, "text": (EXAMPLES / f"{name}.txt").read_text()} for name in ("original", "reprint", "independent")
        )
        trace = detector.trace(EXAMPLES / "spun.txt", archive)
    path = tmp_path / "trace.html"
    path.write_text(trace.to_html(), "utf-8")
    page, problems = opened(browser, path, width, color_scheme=scheme)
    assert problems == []
    assert overflow(page) <= 0
    assert page.locator("article a.ref").count() == sum(item.original is not None for item in trace.attribution) > 10
    page.locator("article a.ref").first.click()
    assert "#original" in page.url
    page.evaluate("() => document.querySelector('meta[http-equiv]').remove()")
    assert axe_findings(page) == []
    page.close()

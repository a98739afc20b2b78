"""What a page sets apart as quoted is quoted, as marks would say in plain text."""

from __future__ import annotations

import re
from html import unescape

import pytest

from spindetect import Article
from spindetect.evaluation.evasion.catalogue import QUOTED_ON_A_PAGE
from spindetect.markup import html_text, markdown_text
from tests.pages import html_page

SPREAD = 7


def in_markdown(text: str, key: str) -> Article:
    """A column that quotes all of a text and comments on it."""
    column = QUOTED_ON_A_PAGE.disguised(text, key)
    blocks = re.findall(r"<(blockquote|p)>(?:<p>)?(.*?)</p>", column)
    return Article.from_text(
        "\n\n".join(("> " if kind == "blockquote" else "") + unescape(inner) for kind, inner in blocks), "markdown"
    )


@pytest.mark.parametrize("markup", ["html", "markdown"])
def test_an_original_in_block_quotations_with_comments_is_independent(markup, stories, detector):
    quoting = in_markdown if markup == "markdown" else QUOTED_ON_A_PAGE.disguised
    pairs = [(quoting(story.original, story.id), story.original) for story in stories[::SPREAD]]
    verdicts = detector.predict(pairs).tolist()
    assert not {"spun", "reprint"} & set(verdicts)
    assert verdicts.count("independent") >= 0.8 * len(verdicts)


def test_a_spun_copy_in_block_quotations_stays_spun(stories, detector):
    for story in stories[::SPREAD]:
        paragraphs = next(item.text for item in story.rewrites if item.kind == "fluent").split("\n\n")
        inner = "".join(f"<blockquote>{paragraph}</blockquote>" for paragraph in paragraphs)
        page = f"<!DOCTYPE html><html><body><article><p>This is what they wrote.</p>{inner}</article></body></html>"
        assert detector.compare(page, story.original).verdict == "spun"


def test_a_page_that_is_all_set_apart_is_laid_out_so(story):
    page = html_page(story.original)
    indented = page.replace("<p>", "<blockquote><p>").replace("</p>", "</p></blockquote>")
    assert Article.from_text(indented, markup="html").words == Article.from_text(page, markup="html").words
    assert not Article.from_text(indented, markup="html").text.startswith('"')


def test_inner_marks_breaks_and_citations():
    own = "<p>Last week the council said something that I cannot let stand, and I shall answer it here in full.</p>"
    said = (
        '<blockquote>The bridge will close in <b>March</b>, he said. "We have no choice."<br>Traffic goes over the hill.'
        "<blockquote><p>Over the hill it will queue.</p></blockquote><cite>The Paper</cite></blockquote>"
    )
    text, _, _ = html_text(f"<html><body><article>{own}{said}{own}</article></body></html>")
    lines = [line for line in text.split("\n") if line]
    assert lines[1:4] == [
        "\"The bridge will close in March, he said. 'We have no choice.'\"",
        '"Traffic goes over the hill."',
        '"Over the hill it will queue."',
    ]
    assert '"The Paper' not in text


def test_marks_that_are_there_are_not_doubled():
    own = "Last week the council said something that I cannot let stand, and I shall answer it here."
    assert markdown_text(f'{own}\n\n> "It will close in March."') == f'{own}\n\n"It will close in March."'
    said = '> "We have no choice," he said. "None."'
    assert markdown_text(f"{own}\n\n{said}") == f"{own}\n\n\"'We have no choice,' he said. 'None.'\""
    assert markdown_text(f"{own}\n\n> It will close in March.") == f'{own}\n\n"It will close in March."'

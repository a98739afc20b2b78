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
OPINION = (
    "I have read the piece below more often than its author, and what strikes me is how little it asks. A column has no room for "
    "everything, but it has room for one question, and the one that I would have put is who pays when the answer turns out wrong. "
    "My neighbours, who have opinions about most things, had none about this. Until then I shall keep the cutting on the fridge."
)


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


def page_of(*parts: str) -> str:
    return f"<!DOCTYPE html><html><body><article><h1>A word on it</h1>{''.join(parts)}</article></body></html>"


def test_a_spun_copy_in_block_quotations_stays_spun(stories, detector):
    for story in stories[::SPREAD]:
        paragraphs = next(item.text for item in story.rewrites if item.kind == "fluent").split("\n\n")
        inner = (f"<blockquote>{paragraph}</blockquote>" for paragraph in paragraphs)
        page = page_of(f"<p>{OPINION}</p>", *inner, f"<p>{OPINION.replace('cutting', 'page')}</p>")
        assert Article.from_text(page).quoted.mean() > 0.5
        assert detector.compare(page, story.original).verdict == "spun"


def test_comments_below_an_article_do_not_make_its_quotations_layout(stories, detector):
    """Nor do those that a program leaves between the words of a page, the titles that it names, or its text for machines."""
    comments = "".join(f"<blockquote>{OPINION} That was number {number}.</blockquote>" for number in range(15))
    for story in stories[::SPREAD]:
        page = QUOTED_ON_A_PAGE.disguised(story.original, story.id)
        plain = detector.compare(page, story.original).verdict
        below = page.replace("</article>", f'</article><section id="comments">{comments}</section>')
        assert detector.compare(below, story.original).verdict == plain
        for_machines = f'<script type="application/ld+json">{{"articleBody": "{story.original}"}}</script></head>'
        assert detector.compare(page.replace("<body>", f"<head>{for_machines}<body>"), story.original).verdict == plain
        split = re.sub(r"(?<=[a-z] )([A-Z][a-z]+)(?= [a-z])", r"<!-- --><cite>\1</cite><!-- -->", page)
        assert detector.compare(split, story.original).verdict == plain


@pytest.mark.parametrize(
    ("style", "verdict"),
    [
        ("margin:0;border:none", "reprint"),
        ("all:unset", "reprint"),
        ("margin: 1em 0 1em 2px; padding: 0", "reprint"),
        ("margin:0 0 0 40px;border:none;padding:0px", "independent"),
        ("margin:0;border-left:1px #ccc solid;padding-left:1ex", "independent"),
        ("color:#333;;font-style", "independent"),
    ],
)
def test_a_quotation_that_nobody_sees_is_none(style, verdict, story, detector):
    page = QUOTED_ON_A_PAGE.disguised(story.original, story.id)
    styled = page.replace("<blockquote>", f'<blockquote style="{style}">')
    assert detector.compare(styled, story.original).verdict == verdict


def test_pull_quotes_are_the_page_s_own_words(story):
    paragraphs = story.original.split("\n\n")
    plain = page_of(*(f"<p>{paragraph}</p>" for paragraph in paragraphs))
    pulled = page_of(*(f"<p>{paragraph}</p><blockquote>{paragraph}</blockquote>" for paragraph in paragraphs))
    assert Article.from_text(pulled).words == Article.from_text(plain).words


def test_a_page_that_is_all_set_apart_is_laid_out_so(story):
    page = html_page(story.original)
    indented = page.replace("<p>", "<blockquote><p>").replace("</p>", "</p></blockquote>")
    assert Article.from_text(indented, markup="html").words == Article.from_text(page, markup="html").words
    assert not Article.from_text(indented, markup="html").text.startswith('"')


@pytest.mark.parametrize(
    ("inner", "read"),
    [
        ('He will close it in <b>March</b>. "We have no choice."', "\"He will close it in March. 'We have no choice.'\""),
        (
            "\"She told me 'go home now.'\" And then he left for good.",
            "\"'She told me 'go home now.' And then he left for good.\"",
        ),
        ("Then «we go there now» said the mayor.", "\"Then 'we go there now' said the mayor.\""),
        ("Ha<!-- x -->ll costs <!-- -->12<!-- -->.<!-- -->5 million.", '"Hall costs 12.5 million."'),
        ("As he wrote in <cite>The Times</cite> on Monday, it will.", '"As he wrote in The Times on Monday, it will."'),
        ("It will cost him dearly. <cite>The Paper</cite>", '"It will cost him dearly." The Paper'),
        ("The first line goes on.<br>The second one as well.", '"The first line goes on."\n"The second one as well."'),
        ("<blockquote><p>It will queue over the hill.</p></blockquote>", '"It will queue over the hill."'),
    ],
)
def test_what_stands_in_a_block_quotation(inner, read):
    own = "<p>Last week the council said something that I cannot let stand, and I shall answer it here in full.</p>"
    text, _, _ = html_text(page_of(own, f"<blockquote>{inner}</blockquote>", own.replace("Last week", "This week")))
    assert text.split("\n", 2)[2].startswith(read + "\n")


def test_marks_that_are_there_are_not_doubled():
    own = "Last week the council said something that I cannot let stand, and I shall answer it here."
    assert markdown_text(f'{own}\n\n> "It will close in March."') == f'{own}\n\n"It will close in March."'
    said = '> "We have no choice," he said. "None."'
    assert markdown_text(f"{own}\n\n{said}") == f"{own}\n\n\"'We have no choice,' he said. 'None.'\""
    assert markdown_text(f"{own}\n\n> It will close in March.") == f'{own}\n\n"It will close in March."'


@pytest.mark.parametrize(
    ("inner", "read"),
    [
        ("Mr Hall said <q>we open in May</q> and left.", 'Mr Hall said "we open in May" and left.'),
        (
            "<q>We <em>open</em> the <q>bridge</q> in <b>May</b></q>, said Mr Hall.",
            "\"We open the 'bridge' in May\", said Mr Hall.",
        ),
        ("Mr Hall said <q>“We open in May”</q> and left.", 'Mr Hall said "We open in May" and left.'),
        ("Mr Hall said “<q>We open in May</q>” and left.", 'Mr Hall said "We open in May" and left.'),
        ('<q style="quotes: none">We open in May</q> was what he said.', "We open in May was what he said."),
    ],
)
def test_speech_that_the_browser_puts_between_marks(inner, read):
    own = "<p>Last week the council said something that I cannot let stand, and I shall answer it here in full.</p>"
    page = page_of(own, f"<p>{inner}</p>", own.replace("Last week", "This week"))
    assert Article.from_text(page).text.split("\n\n")[1] == read

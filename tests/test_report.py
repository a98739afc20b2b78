"""The page: complete, self-contained, and safe whatever the texts say."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.conftest import ROOT

EXAMPLES = ROOT / "data/examples"
HOSTILE = (
    '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ 7 * 7 }} {% raw %} </style><svg onload=alert(3)> '
    "javascript:alert(4) <!-- --> ]]> &lt;b&gt; "
)


@pytest.fixture(scope="module")
def page(detector):
    from pathlib import Path

    result = detector.compare(Path(EXAMPLES / "spun.txt"), Path(EXAMPLES / "original.txt"))
    return result, result.to_html()


def test_the_page_holds_the_evidence(page):
    result, text = page
    tree = html.fromstring(text)
    assert "spun" in tree.findtext(".//h1/span")
    article = tree.xpath("//article")[0]
    for reference in article.xpath(".//a[@class='ref']"):
        reference.text = None
    shown = "".join(article.itertext())
    assert re.sub(r"\W+", "", shown).endswith(re.sub(r"\W+", "", result.texts["suspect"]))
    assert len(tree.xpath("//mark[@tabindex]")) >= len(result.substitutions)
    assert len(tree.xpath("//section[h2[@id='quotes']]//tbody/tr")) == len(result.altered_quotes) > 0
    targets = {link.get("href")[1:] for link in tree.xpath("//a[@class='ref']")}
    assert targets <= {item.get("id") for item in tree.xpath("//span[@id]")}
    assert result.model.version in tree.xpath("//footer")[0].text_content()


def test_the_page_is_self_contained_and_small(page):
    _, text = page
    assert len(text.encode()) < 300_000
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?!["'#])""", text)
    assert "url(" not in text and "@import" not in text
    assert "default-src 'none'" in text


def test_hostile_text_stays_text(detector, story):
    body = story.original
    result = detector.compare(HOSTILE + body + HOSTILE, body.replace("the", f"the {HOSTILE}", 1))
    text = result.to_html()
    tree = html.fromstring(text)
    assert len(tree.xpath("//script")) == 1
    assert not tree.xpath("//img | //iframe | //object | //@onerror | //@onload")
    assert "{{ 7 * 7 }}" in text
    assert "49" not in text.split("{{ 7 * 7 }}")[0][-20:]


def test_pages_without_a_match_or_a_verdict(detector, story):
    for suspect in (story.independent, "too short to say", ""):
        tree = html.fromstring(detector.compare(suspect, story.original).to_html())
        assert len(tree.xpath("//article")) == 2
        assert tree.xpath("//h1")

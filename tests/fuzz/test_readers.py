"""Every kind of file, from a valid one with damage."""

from __future__ import annotations

import io
import json
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spindetect import Article
from spindetect.reading import text_of
from tests.desk import small_docx, small_pdf
from tests.fuzz.bounds import bounded, fuzzed, hostile_text, mutated

TEXT = (
    "The old bridge at Tarnwick was shut on Monday after an inspection found cracks in two of its arches, the council said.\n\n"
    "“We will not take risks,” said Mary Hale, who leads the council’s £3.5m roads programme. It will stay shut until 11 March."
)
PAGE = (
    f"<!DOCTYPE html><html><head><title>Bridge</title><meta charset='utf-8'><style>.a{{display:none}}</style></head><body><nav><a "
    f"href='/'>Home</a></nav><article><h1>Bridge</h1><p>{TEXT}</p><p class=a style='color:white'>hidden &amp; &#x41;</p>"
    "<ul><li>one<li>two</ul><table><tr><td>3</table><!-- note --></article></body></html>"
)
MARKDOWN = f"---\ntitle: Bridge\n---\n# Bridge\n\n{TEXT}\n\n> quoted [link](http://x.example) ![i](i.png)\n\n```\ncode\n```\n\n* a\n  * b\n"


def read_all(data, name):
    with bounded():
        text, markup = text_of(data, name)
        article = Article.from_text(text, markup)
        assert len(article.words) == len(article.word_bounds) == len(article.quoted)
        assert all(0 <= start < end <= len(article.text) for start, end in article.sentences)
        assert (article.word_sentence < max(1, len(article.sentences))).all()
        json.dumps([item.text for item in article.ignored])


@fuzzed
@given(
    data=mutated([TEXT.encode(encoding) for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")]),
    name=st.sampled_from(["a.txt", "a", "a.TXT", "a.odd", "a.md", "a.html"]),
)
def test_plain_text_in_any_encoding(data, name):
    read_all(data, name)


@fuzzed
@given(data=mutated([PAGE.encode(), PAGE.encode("utf-16"), f"<div><p>{TEXT}</p><p>b</p></div>".encode()]))
def test_pages(data):
    read_all(data, "a.html")


@fuzzed
@given(text=hostile_text)
def test_texts_made_of_hostile_pieces(text):
    for markup in ("text", "markdown", "html"):
        with bounded():
            Article.from_text(text, markup)


@fuzzed
@given(data=mutated([MARKDOWN.encode()]))
def test_markdown(data):
    read_all(data, "a.md")


def packed_pdf():
    """The same page with its text packed."""
    plain = small_pdf(TEXT)
    start, end = plain.index(b"stream\n") + 7, plain.index(b"\nendstream")
    body = zlib.compress(plain[start:end])
    head = plain[:start].replace(b"/Length", b"/Filter /FlateDecode /Length")
    return head + body + plain[end:]


@fuzzed
@given(data=mutated([small_pdf(TEXT), packed_pdf()]))
def test_pdf_files(data):
    read_all(data, "a.pdf")


@pytest.fixture(scope="module")
def word_file(tmp_path_factory):
    return small_docx(TEXT, tmp_path_factory.mktemp("word"))


@fuzzed
@given(draw=st.data())
def test_word_files(word_file, draw):
    read_all(draw.draw(mutated([word_file])), "a.docx")


@fuzzed
@given(draw=st.data())
def test_parts_of_word_files(word_file, draw):
    """The damage is inside: the archive itself is sound."""
    with zipfile.ZipFile(io.BytesIO(word_file)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = draw.draw(st.sampled_from(["word/document.xml", "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"]))
    parts[name] = draw.draw(mutated([parts[name]]))
    if draw.draw(st.booleans()):
        parts[draw.draw(st.sampled_from(["../../x", "/etc/passwd", "word/document.xml ", " "]))] = b"x"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    read_all(out.getvalue(), "a.docx")

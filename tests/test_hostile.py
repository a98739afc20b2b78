"""Known attacks by name: each ends soon, in bounded memory, with an answer or one line."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib

import pytest

from spindetect import Article, InputError
from spindetect.article import MAX_SENTENCES
from spindetect.reading import MAX_BYTES
from tests.desk import small_docx, small_pdf
from tests.fuzz.bounds import bounded

SENTENCE = "The old bridge was shut on Monday after an inspection found cracks in two of its arches. "


def docx_bomb(path, xml):
    """A Word file whose text is ``xml``, packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small_docx("x", path))) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in archive.namelist():
            bomb.writestr(name, xml if name == "word/document.xml" else archive.read(name))
    return out.getvalue()


def pdf_with(stream, filters):
    plain = small_pdf("Text")
    start, end = plain.index(b"stream\n") + 7, plain.index(b"\nendstream")
    head = plain[:start].replace(b"/Length", b"/Filter [%s] /Length" % filters)
    return head + stream + plain[end:]


def refused(path, match):
    with bounded(), pytest.raises(InputError, match=match):
        Article.from_file(path)


def test_word_bombs(tmp_path):
    path = tmp_path / "bomb.docx"
    bomb = docx_bomb(tmp_path, b"<a>" + b" " * 250_000_000 + b"</a>")
    path.write_bytes(bomb)
    assert path.stat().st_size < 1_000_000
    refused(path, "unpacks to")
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    path.write_bytes(docx_bomb(tmp_path, f'<!DOCTYPE a [<!ENTITY e0 "word ">{entities}]><a>&e12;</a>'.encode()))
    refused(path, "cannot be read as .docx")
    # An archive that lies about its sizes.
    data = bytearray(bomb)
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = (100).to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(data)
    refused(path, "cannot be read as .docx")


def test_pdf_bombs(tmp_path):
    path = tmp_path / "bomb.pdf"
    once = zlib.compress(b"(word word) Tj " * 7_000_000, 9)
    path.write_bytes(pdf_with(once, b"/FlateDecode"))
    assert path.stat().st_size < 2_000_000
    refused(path, "cannot be read as .pdf")
    path.write_bytes(pdf_with(zlib.compress(once, 9), b"/FlateDecode /FlateDecode"))
    refused(path, "cannot be read as .pdf")


def test_a_gzip_bomb_is_rows_that_are_too_long(run, tmp_path):
    source, target = tmp_path / "bomb.jsonl.gz", tmp_path / "out.jsonl"
    with gzip.open(source, "wb") as bomb:
        for _ in range(3):
            bomb.write(b" x" * 10_000_000)
        bomb.write(b'\n{"id": 1}\n')
    with bounded():
        code, _, err = run("batch", "compare", str(source), str(target), "--jobs", "1")
        assert code == 0 and "2 rows written, 2 of them errors" in err
    assert "25,000,000" in json.loads(target.read_text().splitlines()[0])["error"]


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + SENTENCE * 5 + "</div>" * 100_000,
        "<b>" * 100_000 + SENTENCE * 5,
        "<ul><li>" * 50_000 + SENTENCE * 5,
        "<table><tr><td>" * 30_000 + SENTENCE * 5,
        "<p hidden>" * 100_000 + SENTENCE * 5,
        "<a href='" + "x" * 3_000_000 + "'>" + SENTENCE * 5 + "</a>",
        "<" * 1_000_000,
        "&" * 1_000_000,
        "<!--" * 300_000,
    ],
    ids=["div", "b", "li", "table", "hidden", "attribute", "brackets", "ampersands", "comments"],
)
def test_pages_nested_without_end(page):
    with bounded():
        Article.from_text(f"<!DOCTYPE html><html><body>{page}</body></html>", "html")


@pytest.mark.parametrize("character", ["\x01", "\x1b", "&#1;", "&#x1b;", "\ufffe", "&#xffff;", "&#xd800;", "\ud800", "\x00"])
def test_control_characters_in_a_page(character):
    hidden = f"{character}<script>x</script>{character}<p hidden>y</p>{character}"
    page = f"<html><body>{hidden}<p>{SENTENCE * 5}</p>{hidden}</body></html>"
    with bounded():
        assert "The old bridge was shut on Monday" in Article.from_text(page, "html").text


@pytest.mark.parametrize(
    "markdown", ["> " * 20_000 + SENTENCE, "[" * 100_000, "*a " * 100_000, "- " * 30_000, "`" * 99_999 + "a"]
)
def test_markdown_nested_without_end(markdown):
    with bounded():
        Article.from_text(markdown, "markdown")


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE * 100_000,
        "\n\n".join(SENTENCE.replace("two", str(number)) for number in range(100_000)),
        "word " * 200_000,
        "a" * 10_000_000,
        "e" + "\u0301" * 1_000_000,
        "e\u0301\u0327" * 300_000,
        "\x01\x02\x7f" * 300_000 + SENTENCE,
        "\ud800" * 300_000 + SENTENCE,
        "\u202e" + SENTENCE * 2_000,
        "ﷺ" * 300_000,
        '"' * 300_000 + SENTENCE,
        "'a b c' " * 100_000,
        "A. B. C. " * 60_000,
        "1,000.5 " * 60_000,
        "co-\n" * 100_000,
    ],
    ids=[
        "sentences", "paragraphs", "one sentence of a megabyte", "one letter", "combining marks", "accented", "control characters",
        "lone surrogates", "override", "ligatures", "quotation marks", "quotations", "initials", "numbers", "hyphens",
    ],
)  # fmt: skip
def test_texts_that_are_too_much_of_one_thing(text):
    with bounded():
        article = Article.from_text(text[:MAX_BYTES], "text")
        assert len(article.sentences) <= MAX_SENTENCES
        article.text.encode("utf-8")
        assert article.quoted.shape == (len(article.words),)


@pytest.mark.parametrize(
    "text",
    [SENTENCE * 2_000, "word " * 200_000, "x" * 1_000_000, "e" + "\u0301" * 1_000_000, "Yes, he said. " * 8_000, '"We go home now," he said. ' * 2_000],
    ids=["sentences", "one sentence", "one letter", "combining marks", "short sentences", "quotations"],
)  # fmt: skip
def test_whole_answers_to_too_much_of_one_thing(detector, story, text):
    for pair in ((story.original, text), (text, text)):
        with bounded(seconds=60):
            json.dumps(detector.compare(*pair).to_dict())


def test_what_is_beyond_the_limit_is_told():
    article = Article.from_text("\n\n".join(SENTENCE.replace("two", str(number)) for number in range(MAX_SENTENCES + 500)))
    assert len(article.sentences) == MAX_SENTENCES
    assert [item.kind for item in article.ignored] == ["beyond the length limit"]
    assert article.ignored[0].words == 500 * len(SENTENCE.split())
    with pytest.raises(InputError, match="the limit is"):
        Article.from_text("a" * (MAX_BYTES + 1))


def test_lone_surrogates_in_ids_survive_a_resumed_table(run, tmp_path, story):
    rows = [{"id": identity, "suspect": SENTENCE * 3, "original": story.original} for identity in ("\ud800", "a\udfffb", "plain")]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.parquet"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows[:2]))
    assert run("batch", "compare", str(source), str(target))[0] == 0
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    code, _, err = run("batch", "compare", str(source), str(target), "--resume")
    assert code == 0 and "1 rows written" in err and "2 kept" in err
    parquet = pytest.importorskip("pyarrow.parquet")
    assert [row["id"] for row in parquet.read_table(target).to_pylist()] == ["?", "a?b", "plain"]

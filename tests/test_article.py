from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spindetect import Article, InputError
from tests.pages import html_page, pasted_page


def test_offsets_point_at_the_words_of_the_cleaned_text(story):
    article = Article.from_text(story.original)
    for (start, end), word in zip(article.word_spans, article.words, strict=True):
        assert article.text[start:end].casefold() == word
    assert len(article.word_sentence) == len(article.words) == len(article.quoted)
    assert all(before[1] <= after[0] for before, after in zip(article.sentences, article.sentences[1:], strict=False))


def test_quotes_dashes_and_invisible_characters_have_one_spelling():
    fancy = "\u201cWe\u2019re not\u00ad giving\u200b up,\u201d said Mr Tarn \u2014 the \ufb01fth \uff2dayor \u2013 on Monday evening in the hall."
    plain = '"We\'re not giving up," said Mr Tarn - the fifth Mayor - on Monday evening in the hall.'
    assert Article.from_text(fancy).text == plain


def test_mojibake_and_entities_are_repaired():
    broken = "The caf\u00c3\u00a9 owner said it wasn\u00e2\u20ac\u2122t fair &amp; that he would appeal to the council next week."
    assert Article.from_text(broken).text == "The café owner said it wasn't fair & that he would appeal to the council next week."


def test_a_pasted_page_gives_its_article(stories):
    for story in stories:
        expected = Article.from_text(story.original)
        found = Article.from_text(pasted_page(story.original))
        assert found.text == expected.text, story.id
        kinds = {item.kind for item in found.ignored}
        assert {"copyright line", "link to other articles", "caption", "dateline", "sharing and accounts"} <= kinds


def test_an_html_page_gives_its_article(story):
    found = Article.from_text(html_page(story.original))
    assert found.text == Article.from_text(story.original).text
    assert any(item.kind == "page around the article" and item.words > 5 for item in found.ignored)


def test_hard_wrapped_lines_are_joined(story):
    import textwrap

    wrapped = "\n\n".join("\n".join(textwrap.wrap(part, 72, break_on_hyphens=False)) for part in story.original.split("\n\n"))
    assert Article.from_text(wrapped).text == Article.from_text(story.original).text


def test_markdown_leaves_prose_alone(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "# Bridge shut\n\nThe **old bridge** was [shut](http://example.org) on Monday after an inspection found cracks in it.\n\n"
        "```\ncode is no prose.\n```\n\nIt will stay shut for a week, the council said in a statement."
    )
    assert Article.from_file(path).text == (
        "The old bridge was shut on Monday after an inspection found cracks in it.\n\n"
        "It will stay shut for a week, the council said in a statement."
    )


def test_repeated_blocks_are_dropped_and_recorded():
    block = "The council said on Monday that the bridge would stay shut until the inspection was done."
    article = Article.from_text(f"{block}\n\nAnother paragraph follows it here, with enough words to stand.\n\n{block}")
    assert article.text.count(block) == 1
    assert [item.kind for item in article.ignored] == ["repeated block"]


def test_items_of_an_introduced_list_stay():
    text = "The plan has three parts, the council said in its report on Monday, and they are:\n- more buses\n- fewer cars\n- a new bridge"
    assert Article.from_text(text).text.count("- ") == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_recognised(tmp_path, encoding, story):
    path = tmp_path / "a.txt"
    text = story.original + "\n\nThe café’s owner, Zoë Müller, paid £45 for the naïve façade of the old hôtel on Monday morning."
    path.write_bytes(text.encode(encoding))
    assert "The café's owner, Zoë Müller, paid £45 for the naïve façade" in Article.from_file(path).text


def test_word_and_pdf_files(tmp_path):
    from docx import Document

    document = Document()
    document.add_paragraph("The old bridge was shut on Monday after an inspection found cracks in its arches.")
    document.save(str(tmp_path / "a.docx"))
    assert Article.from_file(tmp_path / "a.docx").text.startswith("The old bridge was shut")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 not really")
    with pytest.raises(InputError, match="cannot be read as .pdf"):
        Article.from_file(tmp_path / "b.pdf")


def test_english_and_other_languages():
    german = "Der Rat der Stadt hat am Montag beschlossen, die alte Brücke für drei Wochen zu sperren, weil sie Risse hat. " * 4
    assert not Article.from_text(german).is_english
    assert Article.from_text(
        "The council decided on Monday to close the old bridge for three weeks because it has cracks."
    ).is_english


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=400))
def test_any_string_is_read_and_cleaning_is_stable(text):
    article = Article.from_text(text, "text")
    spans = article.sentences
    assert all(0 <= start < end <= len(article.text) for start, end in spans)
    assert all(article.text[start:end].strip() == article.text[start:end] for start, end in spans)
    article.text.encode("utf-8")
    assert unicodedata.normalize("NFKC", article.text) is not None
    assert article.quoted.shape == (len(article.words),)


def test_prose_about_furniture_is_prose(detector):
    text = (
        "The company said on Monday that its privacy policy would change next month after talks with the regulator in Dublin.\n\n"
        "Lawmakers passed the Copyright Act of 1976 after two decades of argument about what the word copying should mean.\n\n"
        "Police released a file photo of the suspect, who was last seen near the harbour on Sunday wearing a green coat.\n\n"
        "Browsers now ask whether sites may use cookies, and most people accept all cookies without reading, the study found."
    )
    article = Article.from_text(text)
    assert article.ignored == ()
    assert detector.compare(text, text).verdict == "reprint"


def test_rules_and_signatures_do_not_take_prose_with_them(story):
    for tail in ("\n\n---\n\nCopyright 2024 LNA. All rights reserved.", "\n\n— Jane Doe\n\n— Share this story", "\n\n***"):
        assert Article.from_text(story.original + tail).text == Article.from_text(story.original).text


@pytest.mark.parametrize("width", [40, 60, 72, 100, 120])
def test_wrapped_lines_among_others_are_joined(story, width):
    import textwrap

    wrapped = "\n\n".join("\n".join(textwrap.wrap(part, width, break_on_hyphens=False)) for part in story.original.split("\n\n"))
    menu = "\n".join(f"Menu item {number}" for number in range(96))
    address = "https://example.org/" + "very-long-address-" * 8
    found = Article.from_text(f"{menu}\n\n{wrapped}\n\n{address}")
    kept = len(found.words) / len(Article.from_text(story.original).words)
    assert 0.93 <= kept <= 1.02


def test_html_fragments_are_html(story):
    fragment = "".join(f"<p>{part}</p>" for part in story.original.split("\n\n"))
    plain = Article.from_text(story.original)
    assert Article.from_text(fragment).words == plain.words
    assert Article.from_text("\ufeff" + html_page(story.original)).words == plain.words
    assert Article.from_text(html_page(story.original), "markdown").words == plain.words


def test_plain_text_takes_a_short_cut_to_the_same_place(stories, monkeypatch):
    from spindetect import normalisation

    texts = [
        story.original.replace('"', "“", 1).replace("'", "’") + " £5m – café… naïve – “ü” é É, 3 × Šimi\n" for story in stories
    ]
    quick = [normalisation.normalise(text) for text in texts]
    monkeypatch.setattr(normalisation, "_NOT_PLAIN", re.compile(""))
    assert [normalisation.normalise(text) for text in texts] == quick


def test_a_wrapped_line_may_hold_the_end_of_a_sentence():
    wrapped = (
        "The bridge was shut on Monday. An inspection had found cracks in two\n"
        "arches, the council said. Nobody was hurt. Drivers are sent round by\n"
        "the northern road until the repairs are done."
    )
    assert Article.from_text(wrapped).text == wrapped.replace("\n", " ")


@given(st.text(st.sampled_from("aZ09.,:'% -_\n%bé"), max_size=60))
def test_ascii_words_are_the_words_of_any_text(text):
    plain = text.replace("é", "e")
    assert Article.restored(plain, []).words == Article.restored(plain + " é", []).words[:-1]

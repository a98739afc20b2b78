"""What undoes disguises is not to be stalled by them."""

from __future__ import annotations

import time

import pytest

from spindetect import Article

LONG = 200_000
SHEETS = ("@" * LONG, "/*" * LONG, "a{" * LONG, "@media{a{}" * LONG, " " * LONG)


@pytest.mark.parametrize(
    "text",
    [
        "x" * LONG + "é" + "о",
        "l" * LONG + " rn0 1l0 vv0 cl0 mn0 zz0",
        "a b c d e f g h i " * (LONG // 36),
        "a b c d e f g h i " * (LONG // 9),
        "{a|" * LONG,
        "{" + "a|" * LONG,
        "\u202e" * LONG + "abc",
        "aА" * LONG,
        "&#38;amp;" * (LONG // 9),
        *(f"<html><head><style>{sheet}</style></head><body><p>Some text.</p></body></html>" for sheet in SHEETS),
        "<html><body>" + "<i hidden>x</i>y" * 20_000 + "</body></html>",
        "<html><body>" + "<font color=white>" * 5_000 + "</body></html>",
    ],
    ids=range(16),
)
def test_no_text_takes_long_to_read(text):
    started = time.process_time()
    Article.from_text(text)
    assert time.process_time() - started < 5


def test_every_word_in_letters_of_another_script(story):
    letters = str.maketrans("acekmoptxyuhnbi", "асекмортхуиһпьі")
    disguised = Article.from_text(story.original.translate(letters))
    plain = Article.from_text(story.original)
    same = sum(a == b for a, b in zip(plain.words, disguised.words, strict=False))
    assert len(plain.words) == len(disguised.words) and same >= 0.98 * len(plain.words)

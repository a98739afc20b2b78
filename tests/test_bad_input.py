"""Whatever comes in: the contract's answer, exit code 0 or 2, and never a traceback."""

from __future__ import annotations

import json

import pytest

from spindetect import InputError

URL = "https://news.example.org/2025/03/14/bridge-shut"
GERMAN = (
    "Der Rat der Stadt Tarnwick hat am Montag beschlossen, die alte Brücke über den Fluss für mindestens drei Wochen zu sperren. "
    "Bei einer Untersuchung waren Risse in zwei Bögen gefunden worden. Verletzt wurde niemand, sagte ein Sprecher der Polizei am Abend. "
    "Der Verkehr wird über die Landstraße im Norden umgeleitet, wo schon jetzt lange Staus entstehen, wie Anwohner berichten."
)
SENTENCE = "The old bridge was shut on Monday after an inspection found cracks."
MENU_PAGE = (
    "<!DOCTYPE html><html><body><nav><a href='/'>Home</a><a href='/n'>News</a></nav><footer>© 2025 Courier</footer></body></html>"
)


@pytest.mark.parametrize(
    ("suspect", "reason"),
    [
        ("", "0 words"),
        ("   \n\n ", "0 words"),
        (SENTENCE, "words of article text"),
        (URL, "words of article text"),
        (MENU_PAGE, "words of article text"),
        (GERMAN, "English"),
        ("word " * 39, "39 words"),
        ("\x00\x01\x02" * 50, "words of article text"),
        ("\ud800 lone surrogate " * 3, "words of article text"),
        ("?!" * 5000, "0 words"),
    ],
)
def test_too_little_or_foreign_text_is_inconclusive_with_a_score(detector, story, suspect, reason):
    for pair in ((suspect, story.original), (story.original, suspect), (suspect, suspect)):
        result = detector.compare(*pair)
        assert result.verdict == "inconclusive"
        assert reason in result.reason
        assert 0 <= result.score <= 1
        assert abs(sum(result.probabilities.values()) - 1) < 1e-6
        json.dumps(result.to_dict())


def test_identical_short_texts_are_still_inconclusive(detector):
    assert detector.compare(SENTENCE, SENTENCE).verdict == "inconclusive"


def test_a_megabyte_without_a_space_and_a_long_list_end(detector, story):
    for text in ("x" * 1_000_000, "a, " * 30_000, "Yes. " * 20_000):
        assert detector.compare(text, story.original).verdict in ("independent", "inconclusive")


@pytest.mark.parametrize("value", [None, 3, ["text"], b"bytes"])
def test_what_is_no_text_is_refused(detector, story, value):
    with pytest.raises((InputError, TypeError)):
        detector.compare(value, story.original)


def write(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def assert_refused(outcome, *parts):
    code, out, err = outcome
    assert code == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    for part in parts:
        assert part in err


def test_unusable_files_end_with_two_and_one_line(run, tmp_path, story):
    original = write(tmp_path, "original.txt", story.original)
    assert_refused(run("compare", str(tmp_path / "absent.txt"), original), "absent.txt", "does not exist")
    assert_refused(run("compare", URL, original), URL, "nothing is fetched")
    assert_refused(run("compare", write(tmp_path, "b.txt", bytes(range(256)) * 40), original), "b.txt", "binary")
    assert_refused(run("compare", write(tmp_path, "big.txt", b"word " * 4_000_000), original), "big.txt", "larger than")
    assert_refused(run("compare", str(tmp_path), original), "is a folder")
    assert_refused(run("compare", original, original, "--model", str(tmp_path / "none")), "no model bundle")
    assert_refused(run("compare", "-", "-"), "standard input")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert_refused(run("compare", original, str(empty)), "no article file")
    assert_refused(run("compare", "bad\x00name", original))


@pytest.mark.parametrize(
    ("name", "data"),
    [("empty.txt", b""), ("page.html", MENU_PAGE.encode()), ("url.txt", URL.encode()), ("de.txt", GERMAN.encode("cp1252"))],
)
def test_readable_files_without_an_article_are_inconclusive(run, tmp_path, story, name, data):
    code, out, _ = run("compare", write(tmp_path, name, data), write(tmp_path, "o.txt", story.original), "--json")
    assert code == 0
    assert json.loads(out)["verdict"] == "inconclusive"

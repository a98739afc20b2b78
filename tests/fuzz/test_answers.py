"""Comparing and screening hostile text, and the command line over hostile files."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.bounds import bounded, fuzzed, hostile_text, mutated
from tests.fuzz.test_readers import MARKDOWN, PAGE, TEXT

ORIGINAL = TEXT + "\n\n" + TEXT.replace("bridge", "tunnel").replace("Monday", "Friday").replace("shut", "closed")


def spoilt(draw):
    """Hostile text alone, or in the midst of an article."""
    text = draw.draw(hostile_text)
    at = draw.draw(st.integers(0, len(ORIGINAL)))
    return draw.draw(st.sampled_from([text, ORIGINAL[:at] + text + ORIGINAL[at:], text.join(ORIGINAL.split("\n\n"))]))


@fuzzed
@given(draw=st.data())
def test_compare(detector, draw):
    suspect, original = spoilt(draw), spoilt(draw)
    with bounded():
        result = detector.compare(suspect, original)
        assert 0 <= result.score <= 1 and math.isclose(sum(result.probabilities.values()), 1, abs_tol=1e-6)
        data = result.to_dict()
        json.dumps(data, allow_nan=False).encode("utf-8")
        for item in data["substitutions"]:
            assert data["texts"]["suspect"][slice(*item["suspect_span"])] == item["suspect"]
        result.to_html().encode("utf-8")


@fuzzed
@given(draw=st.data())
def test_screen(detector, draw):
    text = spoilt(draw)
    with bounded():
        result = detector.screen(text)
        assert 0 <= result.score <= 1
        json.dumps(result.to_dict(), allow_nan=False).encode("utf-8")
        result.to_html().encode("utf-8")


@pytest.fixture
def one_detector(detector, monkeypatch):
    """The model is loaded once: what is tried is the way in and out."""
    monkeypatch.setattr("spindetect.detector.SpinDetector.load", lambda *_, **__: detector)


@fuzzed
@given(data=mutated([ORIGINAL.encode(), PAGE.encode(), MARKDOWN.encode("utf-16")]), draw=st.data())
def test_the_command_line(run, one_detector, tmp_path_factory, data, draw):
    folder = tmp_path_factory.mktemp("cli")
    name = draw.draw(st.sampled_from(["suspect.txt", "suspect.html", "suspect.md", "suspect"]))
    (folder / name).write_bytes(data)
    (folder / "original.txt").write_text(ORIGINAL)
    flags = draw.draw(st.sampled_from([[], ["--json"], ["--show", "9"], ["--html", str(folder / "page.html")]]))
    with bounded():
        code, out, err = run("compare", str(folder / name), str(folder / "original.txt"), *flags)
        assert code in (0, 2) and "Traceback" not in err
        if code == 2:
            assert out == "" and len(err.splitlines()) == 1
        elif flags == ["--json"]:
            assert json.loads(out)["verdict"]

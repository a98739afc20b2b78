"""What every target keeps to: an answer or one of our own errors, soon, in bounded memory."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from spindetect.errors import SpindetectError

SECONDS, MEGABYTES = 20, 700
"""Processor time and memory beyond what was there before; the machine may be slow and busy, a hang is longer."""

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "20"))
UNTIL = float(os.environ.get("FUZZ_UNTIL", "inf"))
"""Time of the clock after which examples are passed over: a long run ends in time."""


def examples(count):
    return settings(deadline=None, max_examples=count, suppress_health_check=[*HealthCheck], print_blob=True)


fuzzed = examples(EXAMPLES)
fuzzed_slowly = examples(max(3, EXAMPLES // 5))
"""For targets that load a model each time."""


@contextmanager
def bounded(seconds=SECONDS):
    """Answer or SpindetectError, within the bounds; anything else fails the test."""
    if time.time() > UNTIL:
        pytest.skip("the time is over")
    before, start = _resident_mb(), time.process_time()
    _forget_peak()
    signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        with threadpool_limits(limits=1):
            yield
    except SpindetectError as error:
        assert str(error).strip()
        str(error).encode("utf-8", "replace")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    assert time.process_time() - start < seconds
    assert _peak_mb() - before < MEGABYTES


def _too_long(*_):
    raise AssertionError("too slow")


def _status(name):
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith(name)), 0)


def _resident_mb():
    return _status("VmRSS")


def _peak_mb():
    return _status("VmHWM")


def _forget_peak():
    if Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5")


@st.composite
def mutated(draw, seeds):
    """A valid file with bytes flipped, cut, doubled, or spliced with another valid one."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.sampled_from([1, 2, 7, 60, 600]))
        kind = draw(st.sampled_from(["flip", "cut", "end", "double", "splice", "insert", "many"]))
        if kind == "flip" and data:
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif kind == "cut":
            del data[at : at + length]
        elif kind == "end":
            del data[at:]
        elif kind == "double":
            data[at:at] = data[at : at + length]
        elif kind == "splice":
            other = draw(st.sampled_from(seeds))
            data[at:] = other[min(at, len(other)) :]
        elif kind == "insert":
            data[at:at] = draw(st.binary(max_size=12))
        else:
            data[at:at] = bytes(data[at : at + length]) * draw(st.integers(2, 400))
    return bytes(data)


_PIECES = [
    " ", "\n", "\n\n", "\t", "\r", "\x00", "\x1b[31m", "\u2028", "\u202e", "\u200b", "\ud800", "\udfff", "\U0010ffff", "e\u0301\u0301\u0301",
    "'", '"', "“", "”", "‘", "''", ",,", "--", "—", "...", ". ", "! ", "?", ":", ";", "{", "}", "|", "{a|b}", "&amp;", "&#x41;", "&#1114112;",
    "<p>", "</p>", "<html>", "<script>", "</div>", "<!--", "-->", "<![CDATA[", "[x](y)", "```", "# ", "- ", "1) ",
    "Mr. Smith said", "he said, ", "not", "n't", "11 March", "March 11", "10,000", "1.5", "3pm", "£5m", "%", "twenty-five", "e.g.", "U.S.",
    "the", "bridge", "council", "Monday", "and", "walked", "quickly", "A", "I", "аррlе", "ｗｉｄｅ", "ﬁ", "İstanbul", "ß", "ſ", "ǅ", "ŉ", "٣", "²", "½", "Ⅷ",
    "word " * 60, "x" * 3000, "Yes. " * 300, "a b c d e f g h " * 40, "He did it. ", "(c) 2020", "Share this article", "- " * 200,
]  # fmt: skip
hostile_text = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=12)), max_size=60).map("".join)

"""Direct quotations: what stands between quotation marks."""

from __future__ import annotations

import re

_DOUBLE = re.compile(r'"([^"\n]+)(?:"|(?=\n|$))')
# A single mark opens before a word and closes after one; apostrophes inside words do neither.
_SINGLE = re.compile(r"(?<![\w'])'(?=\w)([^\n]+?)(?<=[\w.,!?])'(?!\w)")
_SCARE_QUOTE_WORDS = 3


def quotation_spans(text: str) -> list[tuple[int, int]]:
    """Character spans of direct quotations in normalised text, marks excluded, in order.

    A quotation that runs on over paragraphs counts to the end of each paragraph that reopens it. One or two quoted
    words are a title or a distancing, not speech.
    """
    spans = [match.span(1) for match in _DOUBLE.finditer(text)]
    if not spans:
        spans = [match.span(1) for match in _SINGLE.finditer(text)]
    return [(start, end) for start, end in spans if len(text[start:end].split()) >= _SCARE_QUOTE_WORDS]

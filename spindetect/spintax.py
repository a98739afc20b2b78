"""Spinner's code left in a text: "{big|large|{vast|huge}} house"."""

from __future__ import annotations

import re

from spindetect.cleaning import Ignored

_OPTION = r"[\w '\",.!?&$%()-]{0,200}"
_INNERMOST = re.compile(rf"\{{(?=[^{{}}]*[^\W\d_]{{2}})({_OPTION}(?:\|{_OPTION})+)\}}")
"""Words between the bars; a set such as {x | x > 0} is none."""
_DEEPEST = 8


def without_spintax(text: str) -> tuple[str, list[Ignored]]:
    """The text with the last alternative of each group, since the first is the original's by habit; and what was left out."""
    if "{" not in text or "|" not in text:
        return text, []
    left_out: list[str] = []

    def last(match: re.Match[str]) -> str:
        *others, chosen = match[1].split("|")
        left_out.extend(others)
        return chosen

    for _ in range(_DEEPEST):
        text, count = _INNERMOST.subn(last, text)
        if not count:
            break
    if not left_out:
        return text, []
    shown = " | ".join(left_out)
    return text, [Ignored("spinner's alternatives", shown[:200], len(shown.replace("|", " ").split()))]

"""A result as a few lines that can stand in a letter or a footnote: what was compared, by what, when, and the figures."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from spindetect import __version__
from spindetect.web.work import Question

_CAUTION = "A score is evidence, not proof."


def citation(question: Question, result: dict[str, Any], names: list[str], when: datetime) -> str:
    """Plain text; the digests say exactly which cleaned texts were looked at.

    Args:
        result: what ``to_dict`` gave.
        names: of the documents, in the order of the question's fields.
        when: with its time zone.
    """
    lines = {"compare": _comparison, "screen": _screening, "trace": _trace}[question](result, names)
    model = result.get("model") or {}
    tool = f"spindetect {__version__}" + (f", model {model['name']} {model['version']}" if model else "")
    return "\n".join([*lines, f"{tool}, {when:%d %B %Y %H:%M %Z}. {_CAUTION}"])


def _comparison(result: dict[str, Any], names: list[str]) -> list[str]:
    figures = f"Verdict: {result['verdict']}; probability of a spun copy {result['score']:.2f}"
    if result["coverage"]:
        figures += (
            f"; {result['coverage']:.0%} of the suspect's words have a source in the original, "
            f"{result['changed']:.0%} of those words were replaced"
        )
    counts = [(len(result["substitutions"]), "substitution"), (len(result["altered_quotes"]), "altered quotation")]
    found = ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts)
    sides = zip(("Suspect", "Original"), names, (result["texts"][side] for side in ("suspect", "original")), strict=True)
    return [f"{figures}; {found}.", *(_document(*side) for side in sides)]


def _screening(result: dict[str, Any], names: list[str]) -> list[str]:
    odd = sum(word["suspicion"] >= 0.5 for word in result["words"])
    figures = f"Screening: {result['verdict']}; probability of rewording by a tool {result['score']:.2f}"
    return [f"{figures}; {odd} of {len(result['words'])} words odd in their place.", _document("Text", names[0], result["text"])]


def _trace(result: dict[str, Any], names: list[str]) -> list[str]:
    lines = [f"Trace of {names[0]}: {result['verdict']}."]
    for rank, item in enumerate(result["originals"], start=1):
        share = f", {item['share']:.0%} of the text" if item.get("share") is not None else ""
        lines.append(f"{rank}. {item['id']}{share}")
    return lines


def _document(role: str, name: str, text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return f"{role}: {name}, {len(text.split())} words, SHA-256 {digest[:16]}"

"""The page of a screened text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from spindetect.report.templates import resource, template
from spindetect.screening.results import Screening

_LEVELS = (0.3, 0.6, 0.85)
_LISTED = 25


@dataclass(frozen=True)
class Piece:
    """A stretch of text; ``level`` is 0 for plain text, 1 to 3 for suspicious words."""

    text: str
    level: int
    suspicion: float = 0.0


def screening_page(result: Screening) -> str:
    """HTML: no network, no script, everything from the text escaped."""
    return template("screening.html.j2").render(
        screening_context(result),
        style=Markup(resource("style.css")),  # noqa: S704
    )


def screening_context(result: Screening, *, heading: int = 1) -> dict[str, Any]:
    """What ``screening_view.html.j2`` shows; ``heading`` is the level of the verdict's heading."""
    return {
        "result": result,
        "heading": heading,
        "paragraphs": list(heat(result)),
        "strongest": result.strongest(_LISTED),
    }


def heat(result: Screening) -> Iterator[list[Piece]]:
    """Paragraphs of the text in pieces, for ``heat.html.j2``."""
    pieces: list[Piece] = []
    position = 0
    for word in result.words:
        before = result.text[position : word.span[0]]
        for number, part in enumerate(before.split("\n\n")):
            if number:
                yield pieces
                pieces = []
            if part:
                pieces.append(Piece(part, 0))
        pieces.append(Piece(word.word, sum(word.suspicion >= level for level in _LEVELS), word.suspicion))
        position = word.span[1]
    yield [*pieces, Piece(result.text[position:], 0)]

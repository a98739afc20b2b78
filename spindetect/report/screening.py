"""The page of a screened text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

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
    return _template().render(
        result=result,
        paragraphs=list(_paragraphs(result)),
        strongest=result.strongest(_LISTED),
        style=Markup(files("spindetect.report").joinpath("style.css").read_text("utf-8")),  # noqa: S704
    )


def _paragraphs(result: Screening) -> Iterator[list[Piece]]:
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


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("spindetect.report", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("screening.html.j2")

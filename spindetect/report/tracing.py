"""The page of a trace. Jinja escapes every value; there is no script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from spindetect.report.templates import resource, template
from spindetect.trace.results import AttributedSentence, Trace, TracedOriginal

_COLOURS = 6
"""Hues of the originals; the number beside each sentence tells apart what colour does not."""
_SUBSTITUTIONS = 30


@dataclass(frozen=True)
class ShownOriginal:
    """An original as the page shows it: its number, its hue, and the sentences that it explains best."""

    number: int
    hue: int
    original: TracedOriginal
    sentences: tuple[AttributedSentence, ...]


def trace_page(result: Trace) -> str:
    """HTML: no network, no script, everything from the texts escaped."""
    shown = [
        ShownOriginal(number, (number - 1) % _COLOURS + 1, original, result.attributed_to(original.id))
        for number, original in enumerate(result.originals, start=1)
    ]
    return template("tracing.html.j2").render(
        result=result,
        explanation=result.explain(),
        shown=shown,
        by_id={item.original.id: item for item in shown},
        paragraphs=list(_paragraphs(result)),
        most_substitutions=_SUBSTITUTIONS,
        style=Markup(resource("style.css")),  # noqa: S704
    )


def _paragraphs(result: Trace) -> Iterator[list[AttributedSentence]]:
    """The suspect's sentences, a list for each of its paragraphs."""
    paragraph: list[AttributedSentence] = []
    end = 0
    for item in result.attribution:
        if paragraph and "\n\n" in result.text[end : item.suspect_span[0]]:
            yield paragraph
            paragraph = []
        paragraph.append(item)
        end = item.suspect_span[1]
    if paragraph:
        yield paragraph

"""The strongest passages of a comparison as a coloured word diff."""

from __future__ import annotations

from collections.abc import Sequence

from rich.padding import Padding
from rich.text import Text

from spindetect.cli.console import answer, plain
from spindetect.results import Comparison, SentenceLink, Span

_GONE, _NEW, _MOVED = "bold red", "bold green", "magenta"
_QUIET = frozenset(["reordered"])


def print_strongest(result: Comparison, count: int) -> None:
    """The ``count`` matched sentences in which most was replaced, in the suspect's order."""
    links = [link for passage in result.passages for link in passage.sentences]
    ranked = sorted(links, key=lambda link: -_strength(result, link))[:count]
    shown = sorted((link for link in ranked if _strength(result, link)), key=lambda link: link.suspect_span)
    if not shown:
        return
    sentences = "sentence" if len(shown) == 1 else f"{len(shown)} sentences"
    changes = len(result.substitutions)
    answer.print(f"\nthe matched {sentences} with most replaced words ({changes} change{'s' * (changes != 1)} in all)")
    for link in shown:
        old = [_marked(result, "original", span) for span in link.original_spans]
        answer.print(Padding(Text.assemble(("original  ", "dim"), Text(" ").join(old)), (1, 0, 0, 0)))
        answer.print(Text.assemble(("suspect   ", "dim"), _marked(result, "suspect", link.suspect_span)))


def _strength(result: Comparison, link: SentenceLink) -> int:
    """Replaced words of a sentence."""
    return sum(
        len(item.suspect.split())
        for item in result.substitutions
        if item.original and _inside(item.suspect_span, link.suspect_span)
    )


def _inside(span: Span, outer: Span) -> bool:
    return outer[0] <= span[0] and span[1] <= outer[1] and span[0] < span[1]


def _marked(result: Comparison, side: str, span: Span) -> Text:
    """A sentence with what differs in colour; without colours the marks -word- and +word+ say the same."""
    marks: Sequence[tuple[Span, str]] = sorted(
        (getattr(item, f"{side}_span"), item.relation)
        for item in result.substitutions
        if _inside(getattr(item, f"{side}_span"), span)
    )
    text = result.texts[side]
    line = Text()
    position = span[0]
    for (start, end), relation in marks:
        if start < position:
            continue
        line.append(plain(text[position:start], 10_000))
        sign, style = ("-", _GONE) if side == "original" else ("+", _NEW)
        style = _MOVED if relation in _QUIET else style
        sign = "" if answer.color_system else sign
        line.append(f"{sign}{plain(text[start:end], 10_000)}{sign}", style=style)
        position = end
    line.append(plain(text[position : span[1]], 10_000))
    return line

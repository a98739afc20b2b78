"""What a page or a Markdown text sets apart as quoted, put between quotation marks: a reader sees by the layout that it is
another's text."""

from __future__ import annotations

from typing import Any

_INLINE = frozenset(
    "a abbr b bdi bdo code data del dfn em font i ins kbd mark q s small span strong sub sup time tt u var wbr".split()
)
_NOT_QUOTED = ("cite", "footer", "figcaption", "script", "style")
"""In a block quotation these say whose words it holds."""
_MARKS = '"“”„«»'
_INNER = str.maketrans(dict.fromkeys('"“”„', "'"))
_MOST_QUOTED = 0.8
"""A page all of which is set apart is laid out so, and quotes nobody."""
Slot = tuple[Any, str]
"""An element and which of its texts: "text" or "tail"."""


def mark_quotations(tree: Any) -> int:
    """Put each line of the block quotations of an lxml tree, and its ``q`` elements, between double quotation marks; marks
    inside become single ones.

    Returns:
        How many words now stand between marks.
    """
    words = 0
    for quotation in tree.iter("blockquote", "q"):
        if next(quotation.iterancestors("blockquote", "q"), None) is None:
            words += sum(_mark(line) for line in _lines(quotation))
    return words


def is_layout(quoted_words: int, text: str) -> bool:
    """Is so much of a text set apart that it cannot be meant as a quotation?"""
    return quoted_words > _MOST_QUOTED * len(text.split())


def marked(line: str) -> str:
    """A line between double quotation marks, unless it has its own."""
    bare = line.strip()
    return line if not bare or _has_own_marks(bare) else f'"{bare.translate(_INNER)}"'


def _has_own_marks(line: str) -> bool:
    """Is it one quotation as it stands, not one with what its speakers say?"""
    return line[0] in _MARKS and not any(mark in _MARKS for mark in line[1:-1])


def _lines(quotation: Any) -> list[list[Slot]]:
    """The texts of an element that stand on one line each, in the order of reading."""
    lines: list[list[Slot]] = [[]]
    stack: list[tuple[Any, str]] = [(quotation, "open")]
    # By hand, since a hostile page is nested deeper than Python recurses.
    while stack:
        element, step = stack.pop()
        inner = element is not quotation
        breaks = inner and (not isinstance(element.tag, str) or element.tag not in _INLINE)
        if step == "open":
            if breaks:
                lines.append([])
            if inner:
                stack.append((element, "close"))
            if isinstance(element.tag, str) and element.tag not in _NOT_QUOTED:
                lines[-1].append((element, "text"))
                stack.extend((child, "open") for child in reversed(element))
        else:
            if breaks:
                lines.append([])
            lines[-1].append((element, "tail"))
    return [line for line in lines if line]


def _mark(line: list[Slot]) -> int:
    slots = [(element, name) for element, name in line if (getattr(element, name) or "").strip()]
    if not slots:
        return 0
    text = " ".join(getattr(element, name).strip() for element, name in slots)
    first, last = slots[0], slots[-1]
    if not _has_own_marks(text):
        for element, name in slots:
            setattr(element, name, getattr(element, name).translate(_INNER))
        setattr(*first, '"' + getattr(*first).lstrip())
        setattr(*last, getattr(*last).rstrip() + '"')
    return len(text.split())

"""What a page or a Markdown text sets apart or names as quoted, put between quotation marks: a reader sees by the layout, or by
the marks of the browser, that it is another's text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i img ins kbd label mark math meter object output "
    "picture q ruby s samp small span strong sub sup svg time tt u var wbr".split()
)
"""Elements that stand in a line; all others end it."""
_ASIDE = ("footer", "figcaption", "script", "style")
"""In a block quotation these say whose words it holds, or nothing."""
_NOT_AROUND = ("blockquote", "script", "style", "noscript", "template")
"""A script may hold all of an article once more, quotations and all, for search engines."""
_DOUBLE = '"“”„‟«»″＂'
_MARKS = _DOUBLE + "'‘’‚‹›`"
_NO_MARKS = re.compile(r"\bquotes\s*:\s*(?:none|\"\"|'')", re.I)
_DOUBLE_MARK = re.compile(f"[{_DOUBLE}]|''|``")
_SEVERAL = re.compile("'{2,}")
_NOTHING = re.compile(r"0(?:\.0+)?(?![\d.])|[0-4](?:\.\d+)?px|none|unset|initial|inherit")
_MOST_QUOTED = 0.8
"""A page all of which is set apart is laid out so, and quotes nobody."""
_MOST_SEARCHED = 200_000_000
"""Characters that are read to find pull quotes; a page of articles is far from it."""
Slot = tuple[Any, str]
"""An element and which of its texts: "text" or "tail"."""


def mark_quotations(tree: Any) -> set[str]:
    """Put each line of the block quotations of an lxml tree between double quotation marks; marks inside become single ones.

    Left as they are: pull quotes, which repeat the page itself, what stands between marks as it is, and quotations whose own
    style takes their layout away.

    Returns:
        The lines that now stand between marks.
    """
    inside: set[Any] = set()
    lines: list[list[Slot]] = []
    for quotation in tree.iter("blockquote"):
        if quotation not in inside:
            inside.update(quotation.iter("blockquote"))
            lines += _lines(quotation) if _is_set_apart(quotation) else []
    if not lines:
        return set()
    around = _text_around(tree)
    looked_for = len(lines) * len(around) <= _MOST_SEARCHED
    found = set()
    for line in lines:
        text = _text_of(line)
        if text and not (looked_for and text in around) and not _has_own_marks(text):
            _mark(line)
            found.add(_text_of(line))
    return found


def mark_speech(tree: Any) -> bool:
    """Put what stands in ``q`` elements between quotation marks, as browsers do, where its author has put none.

    They become plain inline elements, since the extraction of the main text takes a ``q`` for a block of its own.

    Returns:
        Whether there were any.
    """
    from lxml.etree import iterwalk

    found: list[tuple[Any, str]] = []
    depth = 0
    for event, element in iterwalk(tree, ("start", "end"), "q"):
        if event == "start":
            found.append((element, "'" if depth % 2 else '"'))
        depth += 1 if event == "start" else -1
    for element, mark in found:
        if not _NO_MARKS.search(element.get("style") or "") and not _has_marks(element):
            element.text = mark + (element.text or "").lstrip()
            last, name = (element[-1], "tail") if len(element) else (element, "text")
            setattr(last, name, (getattr(last, name) or "").rstrip() + mark)
        element.tag = "span"
    return bool(found)


def _has_marks(speech: Any) -> bool:
    """Has its author put marks, too, inside or around?"""
    previous, parent = speech.getprevious(), speech.getparent()
    before = previous.tail if previous is not None else parent.text if parent is not None else ""
    return any(mark and mark in _MARKS for mark in ((before or "")[-1:], (speech.text or "").lstrip()[:1]))


def is_layout(lines: set[str], text: str) -> bool:
    """Is so much of a text set apart that it cannot be meant as a quotation?"""
    quoted = sum(len(line.split()) for line in text.split("\n") if " ".join(line.split()) in lines)
    return quoted > _MOST_QUOTED * len(text.split())


def marked(line: str) -> str:
    """A line between double quotation marks, unless it has its own."""
    bare = line.strip()
    return line if not bare or _has_own_marks(bare) else f'"{_single(bare)}"'


def _has_own_marks(line: str) -> bool:
    """Is it one quotation as it stands, not one with what its speakers say?"""
    return line[0] in _DOUBLE and not any(mark in _DOUBLE for mark in line[1:-1])


def _single(text: str) -> str:
    return _SEVERAL.sub("'", _DOUBLE_MARK.sub("'", text))


def _is_set_apart(quotation: Any) -> bool:
    """Does its own style leave it an indent or a line on the left?"""
    declared = (part.partition(":") for part in (quotation.get("style") or "").lower().split(";"))
    style = {name.strip(): value.strip() for name, _, value in declared}
    if "all" in style or style.get("display") in ("contents", "inline"):
        return False
    margin = style.get("margin-left") or _left(style.get("margin") or "40px")
    padding = style.get("padding-left") or _left(style.get("padding") or "0")
    border = style.get("border-left") or style.get("border") or "0"
    return not all(map(_NOTHING.match, (margin, padding, border)))


def _left(values: str) -> str:
    """Of one to four values: the top, the right, the bottom and the left one."""
    parts = values.split()
    return parts[3] if len(parts) > 3 else parts[min(1, len(parts) - 1)]


def _text_around(tree: Any) -> str:
    """The text of a page outside its block quotations, with single spaces."""
    return " ".join(" ".join(getattr(*slot) or "" for slot in _slots(tree, _NOT_AROUND)).split())


def _slots(root: Any, passed_over: Sequence[str]) -> Iterator[Slot]:
    """The texts of an element in the order of reading; of comments and of what is passed over only what follows them."""
    stack: list[Slot] = [(root, "text")]
    # By hand, since a hostile page is nested deeper than Python recurses.
    while stack:
        element, name = stack.pop()
        if name == "tail":
            yield element, name
            continue
        if element is not root:
            stack.append((element, "tail"))
        if isinstance(element.tag, str) and element.tag not in passed_over:
            yield element, name
            stack.extend((child, "text") for child in reversed(element))


def _lines(quotation: Any) -> list[list[Slot]]:
    """The texts of an element that stand on one line each, in the order of reading, without whose words they are."""
    lines: list[list[Slot]] = [[]]
    cited: set[Any] = set()
    for element, name in _slots(quotation, _ASIDE):
        if element is not quotation and isinstance(element.tag, str) and element.tag not in _INLINE:
            lines.append([])
        lines[-1].append((element, name))
        if name == "text" and element.tag == "cite":
            cited.update(element.iter())
    return [line for line in (_trimmed(slots, cited) for slots in lines) if line]


def _trimmed(line: list[Slot], cited: set[Any]) -> list[Slot]:
    """From the first word of a line to the last that is quoted. A title that the sentence goes on after is part of it; one at the
    end is where the quotation is from."""
    filled = [number for number, slot in enumerate(line) if (getattr(*slot) or "").strip()]
    while filled and _names_the_source(line[filled[-1]], cited):
        filled.pop()
    return line[filled[0] : filled[-1] + 1] if filled else []


def _names_the_source(slot: Slot, cited: set[Any]) -> bool:
    element, name = slot
    return (element if name == "text" else element.getparent()) in cited


def _text_of(line: list[Slot]) -> str:
    return " ".join("".join(getattr(*slot) or "" for slot in line).split())


def _mark(line: list[Slot]) -> None:
    before = ""
    for slot in line:
        text = _single(getattr(*slot) or "")
        text = text[1:] if before.endswith("'") and text.startswith("'") else text
        setattr(*slot, text)
        before = text or before
    setattr(*line[0], re.sub(r"(?=\S)", '"', getattr(*line[0]), count=1))
    last = getattr(*line[-1])
    end = len(last.rstrip())
    setattr(*line[-1], last[:end] + '"' + last[end:])

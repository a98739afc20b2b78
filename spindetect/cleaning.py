"""From the text of a page to the blocks of its article: what is furniture goes, and is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from spindetect.furniture import FURNITURE_WORDS, HEADLINE, LINK, furniture_kind

_LIST_ITEM = re.compile(r"(?:[-*•·]|\d{1,2}[.)])\s")


@dataclass(frozen=True, slots=True)
class Ignored:
    """A part of the input that was left out: its kind, its text (shortened) and its length in words."""

    kind: str
    text: str
    words: int


def blocks_of(text: str) -> list[str]:
    """Split normalised text into paragraphs, joining lines that were wrapped at a fixed width."""
    lines = [line.strip() for line in text.split("\n")]
    widths = sorted(len(line) for line in lines if line)
    if not widths:
        return []
    # A line much longer than a screen's width means that lines are paragraphs.
    is_wrapped = widths[-1] <= 110 and len(widths) > 2 and widths[len(widths) // 2] >= 45
    if not is_wrapped:
        return [line for line in lines if line]
    full = 0.6 * widths[-1]
    blocks: list[str] = []
    current: list[str] = []
    for line in lines:
        if line:
            current.append(line)
        if current and (not line or len(line) < full):
            blocks.append(_unwrap(current))
            current = []
    return [*blocks, _unwrap(current)] if current else blocks


def _unwrap(lines: list[str]) -> str:
    # "com-\nmittee" is one word; "same-\nday" loses its hyphen, which costs less than two halves.
    return re.sub(r"(?<=[a-z])- (?=[a-z])", "", " ".join(lines)) if len(lines) > 1 else lines[0]


def article_blocks(blocks: Iterable[str]) -> tuple[list[str], list[Ignored]]:
    """Tell prose from furniture.

    Headlines, menus, bylines, dates, captions, sharing and copyright lines, links to other articles with their
    teasers, and repeated blocks are ignored wherever they stand. Items of a list that prose introduces stay. Where
    nothing would be left, the lines without any such mark are kept.
    """
    everything = [(block, len(block.split())) for block in blocks if block]
    kinds = [furniture_kind(block, words) for block, words in everything]
    body_end = _body_end(everything, kinds)
    kept: list[str] = []
    ignored: list[Ignored] = []
    seen: set[str] = set()
    beside_links = in_list = False
    for number, ((block, words), kind) in enumerate(zip(everything, kinds, strict=True)):
        if kind == HEADLINE and in_list and _LIST_ITEM.match(block):
            kind = None
        elif kind is None and beside_links and number >= body_end and kinds[number - 1] == HEADLINE:
            kind = "teaser of another article"
        if kind is None and block.casefold() in seen:
            kind = "repeated block"
        if kind is None:
            kept.append(block)
            seen.add(block.casefold())
            beside_links = False
        else:
            ignored.append(Ignored(kind, block[:200], words))
            beside_links = beside_links or kind == LINK
        in_list = kind is None and (block.endswith(":") or _LIST_ITEM.match(block) is not None)
    if not kept:
        plain = [block for (block, _), kind in zip(everything, kinds, strict=True) if kind in (None, HEADLINE)]
        return list(dict.fromkeys(plain)), [item for item in ignored if item.kind != HEADLINE]
    return kept, ignored


def _body_end(everything: list[tuple[str, int]], kinds: list[str | None]) -> int:
    """Number of the block after the last certain prose: a long block, or two sentences of prose in a row.

    Before it, a sentence under a headline is where the article goes on after a box of links; behind it, a teaser.
    """
    for number in range(len(kinds) - 1, -1, -1):
        beside = kinds[number - 1] is None if number else False
        if kinds[number] is None and (beside or everything[number][1] > FURNITURE_WORDS):
            return number + 1
    return 0

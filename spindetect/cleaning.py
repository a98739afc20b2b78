"""From the text of a page to the blocks of its article: what is furniture goes, and is recorded."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

import simplemma

from spindetect.furniture import FURNITURE_WORDS, HEADLINE, LINK, furniture_kind

_WIDEST = 130
"""Longer lines are paragraphs, not wrapped lines."""
_SENTENCE_END = re.compile(r"""[.!?]["')\]]*$""")
_RAGGED_LINES, _RAGGED = 4, 0.3
"""Lines broken in mid-sentence, and the share of them that no width explains, from which lines may be broken anywhere."""
_UNFINISHED = re.compile(
    r"(?:,|(?<![\w'-])(?:a|an|the|of|to|in|on|at|by|for|from|with|and|or|but|as|that|which|who|is|are|was|were|be|been|has|have|had|"
    r"will|would|could|should|may|might|its|his|her|their|our|this|these|those|than|into|over|under|between|said|mr|ms|mrs|dr))$",
    re.I,
)
_LAST_PART = re.compile(r"([A-Za-z]+)-$")
_TEASER_WORDS = 30
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_STOP = re.compile(r"[.!?](?=\s|$)")
_LIST_ITEM = re.compile(r"(?:[-*•·]|\d{1,2}[.)])\s")


@dataclass(frozen=True, slots=True)
class Ignored:
    """A part of the input that was left out: its kind, its text (shortened) and its length in words."""

    kind: str
    text: str
    words: int


def blocks_of(text: str) -> list[str]:
    """Split normalised text into paragraphs, joining lines that were wrapped at a fixed width; lines of marks alone go.

    A line that breaks off in mid-sentence before a lower-case word was wrapped. The longest such line gives the width,
    and other lines were wrapped where the next line's first word would not have fitted on them. Lines broken anywhere are
    known by what they end with, and an empty line in mid-sentence is a break like another.
    """
    lines = [line.strip() for line in text.split("\n")]
    breaks = [pair for pair in itertools.pairwise(lines) if _breaks_off(*pair)]
    width = max((len(line) for line, _ in breaks), default=0)
    ragged = len(breaks) >= _RAGGED_LINES and sum(not _is_full(*pair, width) for pair in breaks) > _RAGGED * len(breaks)
    blocks: list[str] = []
    open_line = last_line = ""
    joined = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        broken = _breaks_off(open_line, line, joined) or _is_full(open_line, line, width) if open_line and line else False
        if ragged and open_line and line and not broken:
            broken = (joined or open_line[0].islower() or _breaks_off(line, following)) and not _SENTENCE_END.search(open_line)
        if broken:
            blocks[-1] = _joined(blocks[-1], line)
            joined = True
        elif line and not open_line and last_line and _goes_on(last_line, line, ragged):
            blocks[-1] = _joined(blocks[-1], line)
        elif line:
            blocks.append(line)
            joined = False
        open_line = line
        last_line = line or last_line
    return [block for block in blocks if any(map(str.isalnum, block))]


def _breaks_off(line: str, following: str, wrapped: bool = False) -> bool:
    """Does a line end in mid-sentence? Among lines known to be wrapped, short ones and such as end with "the" do, too."""
    if len(line) > _WIDEST or _SENTENCE_END.search(line):
        return False
    return (following[:1].islower() and (wrapped or len(line) >= 20)) or (wrapped and _UNFINISHED.search(line) is not None)


def _goes_on(line: str, following: str, ragged: bool) -> bool:
    """Does a paragraph go on behind an empty line?"""
    return (
        len(line) >= 20
        and following[:1].islower()
        and not _SENTENCE_END.search(line)
        and (ragged or _UNFINISHED.search(line) is not None or _SENTENCE_END.search(following) is not None)
    )


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) <= width < len(line) + 1 + len(following.split(maxsplit=1)[0])


def _joined(block: str, line: str) -> str:
    """A hyphen at the line's end goes where that makes a word: "com-" and "mittee", not "well-" and "known"."""
    hyphenated = _LAST_PART.search(block)
    if hyphenated and line[:1].islower():
        rest = re.split(r"[^a-z]", line, maxsplit=1)[0]
        is_word = simplemma.is_known(hyphenated[1].lower() + rest, "en")
        return (block[:-1] if is_word else block) + line
    return f"{block} {line}"


def article_blocks(blocks: Iterable[str]) -> tuple[list[str], list[Ignored]]:
    """Tell prose from furniture.

    Headlines, menus, bylines, dates, captions, sharing and copyright lines, links to other articles with their
    teasers, and repeated blocks are ignored wherever they stand. Items of a list that prose introduces stay. Where
    nothing would be left, the lines without any such mark are kept.

    Args:
        blocks: with single spaces between words.
    """
    everything = [(block, block.count(" ") + 1) for block in blocks if block]
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
            kind = "teaser of another article" if _is_teaser(block, kept) else None
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


def _is_teaser(block: str, body: list[str]) -> bool:
    """One short sentence whose longer words are not the article's."""
    long_words = set(_LONG_WORD.findall(block.casefold()))
    known = long_words & set(_LONG_WORD.findall(" ".join(body).casefold()))
    one_sentence = len(_STOP.findall(block)) <= 1
    return one_sentence and len(block.split()) <= _TEASER_WORDS and 2 * len(known) < max(1, len(long_words))


def _body_end(everything: list[tuple[str, int]], kinds: list[str | None]) -> int:
    """Number of the block after the last certain prose: a long block, or two sentences of prose in a row.

    Before it, a sentence under a headline is where the article goes on after a box of links; behind it, a teaser.
    """
    for number in range(len(kinds) - 1, -1, -1):
        beside = kinds[number - 1] is None if number else False
        if kinds[number] is None and (beside or everything[number][1] > FURNITURE_WORDS):
            return number + 1
    return 0

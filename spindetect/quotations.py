"""Direct quotations: what stands between quotation marks, and who says it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

_DOUBLE = re.compile(r'"([^"\n]+)(?:"|(?=\n|$))')
# A single mark opens before a word and closes after one; apostrophes inside words do neither. The mark stands first in the
# pattern, since a search for a letter is fast and one for what is before it is not.
_OPENING = re.compile(r"'(?<![\w']')(?=\w)")
_CLOSING_OR_END = re.compile(r"(?<=[\w.,!?])'(?!\w)|\n")
_MARK_OR_END = re.compile(r"[\"'](?!\w)|\n")
_ENDS_SPEECH = ".,!?"
_SCARE_QUOTE_WORDS = 3
_NOT_A_NAME = r"(?!(?:The|A|An|And|But|Then|As|When|While|After|Before|Later|Yet|So|He|She|They|It|We|I|In|On|At)\b)"
_STYLE = r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Prof|Rev|Capt|Sgt|Lt|Col|Gen)\.? )?"
_PARTICLE = r"(?:(?:de|van|von|bin|al|la|le) )?"
_NAME = rf"{_NOT_A_NAME}{_STYLE}[A-Z][\w'-]+(?: (?:[A-Z]\. )?{_PARTICLE}[A-Z][\w'-]+){{0,3}}"
_SAYING = (
    r"(?:said|says|told|added|adds|explained|explains|warned|warns|insisted|argued|argues|stated|claimed|noted|recalled|asked|"
    r"replied|wrote|announced|declared|remarked|commented|continued|admitted|joked|remembered|put it|shouted|agreed)"
)
_TITLE = r"(?:(?:the|a|an) )?(?:[a-z][\w-]*,? ){0,5}"
_ASIDE = r"(?:, [^.\"]{2,70},|,)?"
_AFTER = re.compile(rf"^[,\s]*(?:{_SAYING}[\s,]+{_TITLE}({_NAME})|{_TITLE}({_NAME}){_ASIDE} {_SAYING})")
_BEFORE = re.compile(rf"({_NAME}){_ASIDE} {_SAYING}[^.\"]{{0,60}}[:,]?\s*$")
_CONTEXT = 160
_EARLIER, _LONGEST_PARAGRAPH = 20, 20_000
"""Quotations of a paragraph, and its last characters, that are looked at for the speaker of a later one."""


def quotation_spans(text: str) -> list[tuple[int, int]]:
    """Character spans of direct quotations in normalised text, marks excluded, in order; a quotation inside another
    belongs to the outer one.

    A quotation that runs on over paragraphs counts to the end of each paragraph that reopens it. One or two quoted
    words are a title or a distancing, not speech.
    """
    doubles = [match.span(1) for match in _DOUBLE.finditer(text)]
    speech = [span for span in doubles if _is_speech(text, span)]
    singles = [span for span in _singles(text, bool(speech)) if _is_speech(text, span) and not _inside_any(span, doubles)]
    return sorted([*(span for span in speech if not _inside_any(span, singles)), *singles])


def _singles(text: str, beside_doubles: bool) -> Iterator[tuple[int, int]]:
    """What stands between single marks, in order. In a text that has double ones, too, other marks must not close before, and
    what is said ends with a stop."""
    if "'" not in text:
        return
    ends = [match.start() for match in (_MARK_OR_END if beside_doubles else _CLOSING_OR_END).finditer(text)]
    after = 0
    # In one pass, since looking for the end anew from each opening takes long where thousands open and none closes.
    for opening in _OPENING.finditer(text):
        start = opening.end()
        if opening.start() < after:
            continue
        number = bisect_left(ends, start + 1)
        if number == len(ends):
            return
        end = ends[number]
        if text[end] == "'" and (not beside_doubles or text[end - 1] in _ENDS_SPEECH):
            yield start, end
            after = end + 1


def _is_speech(text: str, span: tuple[int, int]) -> bool:
    return len(text[slice(*span)].split()) >= _SCARE_QUOTE_WORDS


def _inside_any(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    """``others`` are in order and do not overlap."""
    number = bisect_right(others, span[0], key=lambda other: other[0]) - 1
    return number >= 0 and span[1] <= others[number][1]


def speaker_of(text: str, span: tuple[int, int]) -> str | None:
    """The name beside a quotation, or else one before it in its own paragraph, with a verb of saying; None where no name is
    given."""
    paragraph_start = text.rfind("\n", max(0, span[0] - _LONGEST_PARAGRAPH), span[0]) + 1 or max(0, span[0] - _LONGEST_PARAGRAPH)
    before = text[paragraph_start : span[0]]
    earlier = [match.span(1) for match in _DOUBLE.finditer(before) if _is_speech(before, match.span(1))][-_EARLIER:]
    places = [span, *((paragraph_start + start, paragraph_start + end) for start, end in reversed(earlier))]
    return next((name for place in places if (name := _name_beside(text, place, paragraph_start))), None)


def _name_beside(text: str, span: tuple[int, int], paragraph_start: int) -> str | None:
    paragraph_end = text.find("\n", span[1])
    after = text[span[1] : paragraph_end if paragraph_end >= 0 else len(text)][:_CONTEXT].lstrip("\"' ")
    if found := _AFTER.match(after):
        return found.group(1) or found.group(2)
    before = text[max(paragraph_start, span[0] - _CONTEXT) : span[0]]
    if found := _BEFORE.search(before.rstrip("\"' ")):
        return found.group(1)
    return None

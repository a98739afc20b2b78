"""Direct quotations: what stands between quotation marks, and who says it."""

from __future__ import annotations

import re

_DOUBLE = re.compile(r'"([^"\n]+)(?:"|(?=\n|$))')
# A single mark opens before a word and closes after one; apostrophes inside words do neither. The mark stands first in the
# pattern, since a search for a letter is fast and one for what is before it is not.
_SINGLE = re.compile(r"'(?<![\w']')(?=\w)([^\n]+?)(?<=[\w.,!?])'(?!\w)")
_CLOSED_SPEECH = re.compile(r"'(?<![\w']')(?=\w)([^\n\"']*(?:[\"'](?=\w)[^\n\"']*)*[.,!?])'(?!\w)")
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


def quotation_spans(text: str) -> list[tuple[int, int]]:
    """Character spans of direct quotations in normalised text, marks excluded, in order; a quotation inside another
    belongs to the outer one.

    A quotation that runs on over paragraphs counts to the end of each paragraph that reopens it. One or two quoted
    words are a title or a distancing, not speech.
    """
    doubles = [match.span(1) for match in _DOUBLE.finditer(text)]
    speech = [span for span in doubles if _is_speech(text, span)]
    singles = [match.span(1) for match in (_CLOSED_SPEECH if speech else _SINGLE).finditer(text)]
    singles = [span for span in singles if _is_speech(text, span) and not _inside_any(span, doubles)]
    return sorted([*(span for span in speech if not _inside_any(span, singles)), *singles])


def _is_speech(text: str, span: tuple[int, int]) -> bool:
    return len(text[slice(*span)].split()) >= _SCARE_QUOTE_WORDS


def _inside_any(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


def speaker_of(text: str, span: tuple[int, int]) -> str | None:
    """The name beside a quotation with a verb of saying, in its own paragraph; None where no name is given."""
    paragraph_start, paragraph_end = text.rfind("\n", 0, span[0]) + 1, text.find("\n", span[1])
    after = text[span[1] : paragraph_end if paragraph_end >= 0 else len(text)][:_CONTEXT].lstrip("\"' ")
    if found := _AFTER.match(after):
        return found.group(1) or found.group(2)
    before = text[paragraph_start : span[0]]
    if found := _BEFORE.search(before[-_CONTEXT:].rstrip("\"' ")):
        return found.group(1)
    earlier = [match for match in _DOUBLE.finditer(before) if _is_speech(before, match.span(1))]
    return speaker_of(text, (paragraph_start + earlier[-1].start(1), paragraph_start + earlier[-1].end(1))) if earlier else None

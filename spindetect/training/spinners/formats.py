"""A spinner that rewrites numbers, dates, times, units and contractions without changing what they say."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import inflect

from spindetect.training.spinners.draft import Draft, DraftSentence, Token

_ENGINE = inflect.engine()
_MONTHS = "January February March April May June July August September October November December".split()
_SMALL = {_ENGINE.number_to_words(n): n for n in range(2, 100)}
_NUMBER_WORD = "|".join(sorted(map(re.escape, _SMALL), key=len, reverse=True))
_CONTRACTIONS = {
    "do not": "don't", "does not": "doesn't", "did not": "didn't", "will not": "won't", "would not": "wouldn't",
    "cannot": "can't", "could not": "couldn't", "is not": "isn't", "are not": "aren't", "was not": "wasn't",
    "were not": "weren't", "has not": "hasn't", "have not": "haven't", "had not": "hadn't", "we are": "we're",
    "it is": "it's", "I am": "I'm", "they are": "they're", "we will": "we'll", "I have": "I've", "we have": "we've",
}  # fmt: skip
_EXPANSIONS = {short: full for full, short in _CONTRACTIONS.items()}
_FRACTIONS = {
    "a quarter of an hour": "15 minutes",
    "half an hour": "30 minutes",
    "a dozen": "12",
    "a fortnight": "two weeks",
    "a decade": "ten years",
    "two decades": "20 years",
    "a third": "33 percent",
    "a quarter": "25 percent",
    "a half": "50 percent",
    "two thirds": "67 percent",
    "15 minutes": "a quarter of an hour",
    "30 minutes": "half an hour",
    "two weeks": "a fortnight",
    "ten years": "a decade",
    "12 months": "one year",
    "24 hours": "one day",
}
_UNITS = {
    "km": "kilometres", "mm": "millimetres", "kg": "kilograms", "mph": "miles per hour", "percent": "per cent",
    "per cent": "%", "%": " percent", "metres": "m", "kilometres": "km", "millimetres": "mm",
}  # fmt: skip


def _in_words(match: re.Match[str]) -> str:
    return str(_ENGINE.number_to_words(int(match.group()), andword=""))


def _grouped(match: re.Match[str]) -> str:
    digits = match.group().replace(",", "")
    return digits if "," in match.group() else f"{int(digits):,}"


def _scaled(match: re.Match[str]) -> str:
    amount, unit = match.group(1), match.group(2)
    names = {"million": "m", "billion": "bn", "m": " million", "bn": " billion"}
    return amount + names[unit]


def _clock(match: re.Match[str]) -> str:
    hour, minute, half = int(match.group(1)), match.group(2) or "00", match.group(3)[0].lower()
    if half == "p" and hour < 12:
        hour += 12
    return f"{hour:02d}:{minute}"


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile("|".join(rf"\b{re.escape(key)}\b" for key in _FRACTIONS), re.I), lambda m: _FRACTIONS[m.group().lower()]),
    (re.compile(r"\b(\d{1,2})(?:[.:](\d\d))? ?([ap]\.?m\b\.?)", re.I), _clock),
    (re.compile(rf"\b({'|'.join(_MONTHS)}) (\d{{1,2}})\b(?!,? ?\d)"), lambda m: f"{m.group(2)} {m.group(1)}"),
    (re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})\b"), lambda m: f"{m.group(2)} {m.group(1)}"),
    (re.compile(r"(?<=\d)( ?)(percent|per cent|%|km|mm|kg|mph|metres|kilometres|millimetres)(?!\w)"),
     lambda m: (m.group(1) or " ") + _UNITS[m.group(2)].strip() if _UNITS[m.group(2)] != "%" else "%"),
    (re.compile(r"\b(\d+(?:\.\d+)?) ?(million|billion|m|bn)\b(?! (?:away|long|high|wide|deep|short))"), _scaled),
    (re.compile(r"(?<![\d.,:$£€])\b\d{1,2}\b(?![\d.,:%]|-| ?(?:[ap]\.?m|m\b|mm|km))"), _in_words),
    (re.compile(rf"\b(?:{_NUMBER_WORD})\b(?!-)"), lambda m: str(_SMALL[m.group()])),
    (re.compile(r"\b\d{1,3}(?:,\d{3})+\b|(?<![\d.,])\b[3-9]\d{3}\b(?![\d.,])"), _grouped),
    (re.compile(r"\b(?:" + "|".join(map(re.escape, _CONTRACTIONS)) + r")\b"), lambda m: _CONTRACTIONS[m.group()]),
    (re.compile(r"\b(?:" + "|".join(map(re.escape, _EXPANSIONS)) + r")\b"), lambda m: _EXPANSIONS[m.group()]),
)  # fmt: skip


def reformat(draft: Draft, rng: random.Random, strength: float) -> Draft:
    """Rewrite each number, date, unit or contraction with probability ``strength``."""
    return draft.with_sentences([_reformat_sentence(sentence, rng, strength) for sentence in draft.sentences])


def _reformat_sentence(sentence: DraftSentence, rng: random.Random, strength: float) -> DraftSentence:
    text = sentence.text
    edits: list[tuple[int, int, str]] = []
    for pattern, write in _RULES:
        for match in pattern.finditer(text):
            free = all(match.end() <= start or match.start() >= end for start, end, _ in edits)
            if free and rng.random() < strength:
                edits.append((*match.span(), write(match)))
    tokens: list[Token] = []
    position = 0
    ends = []
    for token in sentence.tokens:
        ends.append((position, position + len(token.text)))
        position += len(token.text)
    number = 0
    for start, end, replacement in sorted(edits):
        inside = [k for k, (a, b) in enumerate(ends) if a < end and b > start]
        covered = [sentence.tokens[k] for k in inside]
        whole = ends[inside[0]][0] == start and ends[inside[-1]][1] == end
        if not whole or any(token.relation for token in covered) or covered[0].source is None or covered[-1].source is None:
            continue
        tokens.extend(sentence.tokens[number : inside[0]])
        source = (covered[0].source[0], covered[-1].source[1])
        capital = covered[0].text[0].isupper() and covered[0].text.isalpha()
        shown = replacement[:1].upper() + replacement[1:] if capital else replacement
        relation = "spelling" if "'" in replacement or "'" in text[start:end] else "number format"
        if shown.startswith(" "):
            tokens.append(Token(" "))
        tokens.append(Token(shown.strip(), source, relation))
        number = inside[-1] + 1
    return sentence.with_tokens([*tokens, *sentence.tokens[number:]])

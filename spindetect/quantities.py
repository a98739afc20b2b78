"""What a number, date, time or amount says, however it is written: "a quarter of an hour" and "15 minutes" are equal."""

from __future__ import annotations

import math
import re
from functools import lru_cache

Reading = tuple[str, float]
"""A dimension ("second", "date", "number", ...) and an amount of it."""

_TOLERANCE = 0.02
"""Relative difference up to which "a third" and "33 per cent" are the same."""
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_CARDINALS = {word: n for n, word in enumerate(_SMALL)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
_ORDINALS = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
}
_MULTIPLES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_SUFFIXES = {"k": (1e3,), "m": (1e6,), "mn": (1e6,), "bn": (1e9,), "b": (1e9,), "tn": (1e12,)}
_FRACTIONS = {
    "half": 1 / 2, "halves": 1 / 2, "third": 1 / 3, "thirds": 1 / 3, "quarter": 1 / 4, "quarters": 1 / 4, "fifth": 1 / 5,
    "fifths": 1 / 5, "tenth": 1 / 10, "tenths": 1 / 10,
}  # fmt: skip
_YEAR = 365.25 * 86_400
_UNITS: dict[str, Reading] = {
    "second": ("second", 1), "sec": ("second", 1), "minute": ("second", 60), "min": ("second", 60), "hour": ("second", 3_600),
    "hr": ("second", 3_600), "day": ("second", 86_400), "week": ("second", 604_800), "fortnight": ("second", 1_209_600),
    "month": ("second", _YEAR / 12), "year": ("second", _YEAR), "decade": ("second", 10 * _YEAR),
    "century": ("second", 100 * _YEAR), "mm": ("metre", 0.001), "millimetre": ("metre", 0.001), "millimeter": ("metre", 0.001),
    "cm": ("metre", 0.01), "centimetre": ("metre", 0.01), "centimeter": ("metre", 0.01), "m": ("metre", 1), "metre": ("metre", 1),
    "meter": ("metre", 1), "km": ("metre", 1_000), "kilometre": ("metre", 1_000), "kilometer": ("metre", 1_000),
    "mile": ("metre", 1_609.34), "foot": ("metre", 0.3048), "feet": ("metre", 0.3048), "ft": ("metre", 0.3048),
    "g": ("gram", 1), "gram": ("gram", 1), "kg": ("gram", 1_000), "kilogram": ("gram", 1_000), "kilo": ("gram", 1_000),
    "tonne": ("gram", 1e6), "mph": ("mph", 1), "kph": ("kph", 1), "%": ("share", 0.01), "percent": ("share", 0.01),
    "pct": ("share", 0.01), "per cent": ("share", 0.01), "miles per hour": ("mph", 1), "kilometres per hour": ("kph", 1),
}  # fmt: skip
_MONTHS = {
    name: n
    for n, name in enumerate(
        "january february march april may june july august september october november december".split(), start=1
    )
}
_DIGITS = re.compile(r"(\d+(?:[.,:]\d+)*)([a-z]{0,3})")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)")
_MARKERS = frozenset([*_CARDINALS, *_ORDINALS, *_MULTIPLES, *_FRACTIONS, *_UNITS, *_MONTHS, "per", "percent", "noon", "midnight"])


def may_be_quantity(word: str) -> bool:
    """A quick look at one case-folded word: may a quantity contain it?"""
    return word[0].isdigit() or word in _MARKERS or (word.endswith("s") and word[:-1] in _MARKERS)


@lru_cache(maxsize=20_000)
def readings(words: tuple[str, ...]) -> tuple[Reading, ...]:
    """All that a run of case-folded words can mean as one quantity; empty when it is none."""
    found = [*_date(words), *_clock(words)]
    for size in range(len(words), 0, -1):
        amounts = _amounts(words[:size])
        if amounts:
            rest = _without_article(words[size:])
            if not rest:
                found += [("number", amount) for amount in amounts]
            elif unit := _unit(rest):
                found += [(unit[0], amount * unit[1]) for amount in amounts]
    if unit := _unit(words):
        found.append((f"unit of {unit[0]}", unit[1]))
    elif words[0] in ("a", "an") and (unit := _unit(words[1:])):
        found.append(unit)
    number, suffix = _split(words[0])
    if len(words) == 1 and suffix in _UNITS and number is not None:
        found.append((_UNITS[suffix][0], number * _UNITS[suffix][1]))
    return tuple(dict.fromkeys(_plain_shares(found)))


def same_quantity(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Do two runs of case-folded words say the same amount, date or time?"""
    return any(
        kind == other and math.isclose(amount, value, rel_tol=_TOLERANCE if kind == "share" else 1e-6)
        for kind, amount in readings(left)
        for other, value in readings(right)
    )


def is_date(words: tuple[str, ...]) -> bool:
    """Are two words a day and a month?"""
    return bool(_date(words))


def _plain_shares(found: list[Reading]) -> list[Reading]:
    """ "a third" is a share as well as a number."""
    return [*found, *(("share", amount) for kind, amount in found if kind == "number" and 0 < amount < 1)]


def _split(word: str) -> tuple[float | None, str]:
    match = _DIGITS.fullmatch(word)
    if match is None:
        return None, ""
    digits = match.group(1)
    if "," in digits:
        if not _GROUPED.fullmatch(digits):
            return None, ""
        digits = digits.replace(",", "")
    try:
        return float(digits), match.group(2)
    except ValueError:
        return None, ""


def _amounts(words: tuple[str, ...]) -> list[float]:
    """Values of a run that is a number and nothing else."""
    if len(words) == 1:
        number, suffix = _split(words[0])
        if number is not None:
            return [number * factor for factor in _SUFFIXES.get(suffix, ())] if suffix else [number]
    if words[-1] in _FRACTIONS and len(words) <= 3:
        head = [word for word in words[:-1] if word != "a"]
        if not head:
            return [_FRACTIONS[words[-1]]]
        if len(head) == 1 and head[0] in _CARDINALS:
            return [_CARDINALS[head[0]] * _FRACTIONS[words[-1]]]
    value = _cardinal(words)
    return [] if value is None else [value]


def _cardinal(words: tuple[str, ...]) -> float | None:
    """ "three hundred and five", "1.2 million", "a dozen", "twenty one"."""
    total = current = 0.0
    seen = False
    for number, word in enumerate(words):
        digits, suffix = _split(word)
        if word in ("a", "an") and number == 0 and len(words) > 1 and words[1] in _MULTIPLES:
            current = 1
        elif word == "and" and seen:
            continue
        elif digits is not None and not suffix and not seen:
            current = digits
        elif word in _CARDINALS and (current % 10 == 0 or not seen):
            current += _CARDINALS[word]
        elif word in _MULTIPLES:
            current = max(current, 1) * _MULTIPLES[word]
            if _MULTIPLES[word] >= 1e3:
                total, current = total + current, 0.0
        else:
            return None
        seen = True
    return total + current if seen and words[-1] != "and" else None


def _without_article(words: tuple[str, ...]) -> tuple[str, ...]:
    """The unit in "half an hour" and "a quarter of an hour"."""
    while words and words[0] in ("of", "a", "an"):
        words = words[1:]
    return words


def _unit(words: tuple[str, ...]) -> Reading | None:
    if not words:
        return None
    name = " ".join(words)
    for form in (name, name.removesuffix("s"), name.removesuffix("ies") + "y"):
        if form in _UNITS:
            return _UNITS[form]
    return None


def _date(words: tuple[str, ...]) -> list[Reading]:
    if len(words) != 2:
        return []
    for month, day in (words, words[::-1]):
        match = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", day)
        if month in _MONTHS and match and 1 <= int(match.group(1)) <= 31:
            return [("date", _MONTHS[month] * 100 + int(match.group(1)))]
    return []


def _clock(words: tuple[str, ...]) -> list[Reading]:
    """Minutes after midnight of "4 a.m.", "4.30pm", "16:30", "noon"."""
    if words in (("noon",), ("midday",), ("midnight",)):
        return [("clock", 0 if words == ("midnight",) else 720)]
    joined = "".join(words)
    half = joined[-2:] if joined.endswith(("am", "pm")) else ""
    digits = joined.removesuffix(half)
    match = _CLOCK.fullmatch(digits)
    if match is None and not (half and re.fullmatch(r"\d{1,2}", digits)):
        return []
    hour, minute = (int(match.group(1)), int(match.group(2))) if match else (int(digits), 0)
    if hour > 23 or minute > 59:
        return []
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return [("clock", hour * 60 + minute)]

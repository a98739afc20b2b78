"""Tricks with characters: what a reader sees stays the same, or nearly."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

TRICKED = 0.5
"""Share of the words that a trick touches."""
_WORD = re.compile(r"[A-Za-z]{2,}")
_CYRILLIC = str.maketrans("aceiopsxyABCEHIKMOPTXS", "асеіорѕхуАВСЕНІКМОРТХЅ")
_GREEK = str.maketrans("aouvinpABEZHIKMNOPTYX", "αουνιηρΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_BOLD = {ord("a") + k: 0x1D41A + k for k in range(26)} | {ord("A") + k: 0x1D400 + k for k in range(26)}
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_BIDI_MARKS = "\u200e\u200f\u061c"
_OVERLAYS = "\u0336\u0335\u0338\u0323\u0331\u034f"
_ACCENTS = "\u0301\u0300\u0302\u0308"
_BARE_VOWEL = re.compile("[aeiouAEIOU]")


def _in_words(text: str, rng: random.Random, change: Callable[[str], str], share: float = TRICKED) -> str:
    return _WORD.sub(lambda match: change(match.group()) if rng.random() < share else match.group(), text)


def cyrillic_letters(text: str, rng: random.Random) -> str:
    return _in_words(text, rng, lambda word: word.translate(_CYRILLIC))


def greek_letters(text: str, rng: random.Random) -> str:
    return _in_words(text, rng, lambda word: word.translate(_GREEK))


def zero_width_characters(text: str, rng: random.Random) -> str:
    return _in_words(text, rng, lambda word: rng.choice(_ZERO_WIDTH).join(word))


def bidi_characters(text: str, rng: random.Random) -> str:
    """Direction marks between letters, and words stored backwards that an override shows forwards."""

    def hidden(word: str) -> str:
        return f"\u202e{word[::-1]}\u202c" if rng.random() < 0.3 else rng.choice(_BIDI_MARKS).join(word)

    return _in_words(text, rng, hidden)


def full_width_forms(text: str, rng: random.Random) -> str:
    return "\n\n".join(part.translate(_WIDE) for part in text.split("\n\n"))


def mathematical_letters(text: str, rng: random.Random) -> str:
    return _in_words(text, rng, lambda word: word.translate(_BOLD))


def combining_marks(text: str, rng: random.Random) -> str:
    """Strokes and dots that no composed letter has."""
    return _in_words(text, rng, lambda word: "".join(letter + rng.choice(_OVERLAYS) for letter in word))


def accents(text: str, rng: random.Random) -> str:
    """Vowels with an accent, as composed letters."""
    return _in_words(text, rng, lambda word: _BARE_VOWEL.sub(lambda vowel: vowel.group() + rng.choice(_ACCENTS), word, count=1))


def soft_hyphens(text: str, rng: random.Random) -> str:
    return _in_words(text, rng, lambda word: "\u00ad".join(word))


def html_entities(text: str, rng: random.Random) -> str:
    """Numeric entities for letters, some escaped twice, in a text with a stray angle bracket."""

    def escaped(word: str) -> str:
        mark = "&amp;#" if rng.random() < 0.3 else "&#"
        return "".join(f"{mark}{ord(letter)};" if rng.random() < 0.6 else letter for letter in word)

    return "<< " + _in_words(text, rng, escaped)


def capitals(text: str, rng: random.Random) -> str:
    return text.upper()


def small_letters(text: str, rng: random.Random) -> str:
    return text.lower()


def mixed_case(text: str, rng: random.Random) -> str:
    return "".join(letter.upper() if rng.random() < 0.5 else letter.lower() for letter in text)

"""Words that a scanner or a trick has broken: cut in two, spaced out letter by letter, misread."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from math import inf, log

import simplemma

from spindetect.vocabulary import common_words

_LETTERS = frozenset("bcdefghijklmnopqrstuvwxyz")
_SPACED_LETTERS = 4
"""Distinct letters that stand alone, from which a text may have spaced words."""
_MOST_STRANGE, _BROKEN = 0.08, 0.18
"""Share of a text's distinct words that may be unknown small ones before repairs are tried (95 in 100 ordinary articles have
less), and the share from which two neighbours may be one word even if both are known."""
_FEW, _CLEAR_GAIN = 4, 3.0
_NEIGHBOURS = re.compile(r"(?<![\w'&/-])[A-Za-z]{1,14}(?: [a-z]{1,14})+(?![\w-])")
_LEAST_JOINED, _LONG = 4, 7
_SPACED = re.compile(r"(?<![\w'])[A-Za-z](?: [a-z]){3,}(?![\w'])")
_MISREAD_WORD = re.compile(r"(?<![\w'-])[A-Za-z01](?=[01]?[a-z])[a-z01]{3,}(?![\w-])")
_DIGIT_INSIDE = re.compile(r"(?<=[a-z])[01](?=[a-z])")
_MISREAD = (("1", "l"), ("0", "o"), ("rn", "m"), ("m", "rn"), ("d", "cl"), ("vv", "w"), ("l", "i"), ("1", "i"))
"""What a scanner reads, and what may have stood there."""
_LONG_WORD = re.compile(r"(?<![\w'-])[a-z]{4,}")
_LONGEST = 20
_MOST_CHARACTERS = 100_000
"""Longer texts are left as they are: letters take a hundred times as long to put together as to read."""
_STRANGE_COST = 12.0


def mended(text: str) -> str:
    """The text with broken words whole again, where so many are broken that they are no chance; else the text itself."""
    if len(text) > _MOST_CHARACTERS:
        return text
    words = set(text.split())
    if len(words & _LETTERS) >= _SPACED_LETTERS and _SPACED.search(text):
        own = _long_words(text)
        text = _SPACED.sub(lambda match: _words_of_letters(match.group().replace(" ", ""), own), text)
        words = set(text.split())
    strange = sum(map(str.islower, filter(str.isalnum, words.difference(common_words()))))
    if strange <= max(_FEW, _MOST_STRANGE * len(words)):
        return text
    own = _long_words(text)
    gain = _CLEAR_GAIN if strange > _BROKEN * len(words) else inf
    text = _NEIGHBOURS.sub(lambda match: _joined(match.group().split(" "), own, gain), text)
    return _MISREAD_WORD.sub(lambda match: _reread(match.group(), own), text)


def _long_words(text: str) -> set[str]:
    """Words that stand in the text itself, names above all."""
    return set(_LONG_WORD.findall(text.lower()))


def _words_of_letters(letters: str, own: set[str]) -> str:
    """Letters cut into words by their frequencies."""

    def cost(part: list[str]) -> float:
        word = "".join(part)
        return _STRANGE_COST if word.lower() in own or _is_long_word(word) else _cost(word)

    return " ".join(_cheapest(list(letters), _LONGEST, lambda part: min(cost(part), _cost("".join(part)))))


def _joined(parts: list[str], own: set[str], gain: float) -> str:
    """Neighbours that make a word together, of which one at least makes none by itself, as one word.

    Args:
        parts: neighbours of small letters.
        own: words of the text.
        gain: in frequency, from which a pair of two words is one word, too; infinite where the text is not known to be broken.
    """

    def cost(part: list[str]) -> float:
        if len(part) == 1:
            return _cost(part[0])
        whole = "".join(part)
        known = whole.lower() in own or whole.lower() in common_words() or (gain < inf and _is_long_word(whole))
        if len(whole) < _LEAST_JOINED or not known or "a" in part or (gain == inf and min(map(len, part)) < 2):
            return inf
        apart, together = sum(map(_cost, part)), min(_cost(whole), _STRANGE_COST)
        return together if apart >= _STRANGE_COST + min(map(_cost, part)) or apart - together >= gain else inf

    return " ".join(_cheapest(parts, 2, cost))


@lru_cache(maxsize=50_000)
def _is_long_word(word: str) -> bool:
    return len(word) >= _LONG and simplemma.is_known(word.lower(), "en")


def _cheapest(pieces: list[str], longest: int, cost: Callable[[list[str]], float]) -> list[str]:
    """The cheapest way to cut a run of pieces into words of at most ``longest`` pieces (dynamic programme)."""
    best = [(0.0, 0)]
    for end in range(1, len(pieces) + 1):
        best.append(min((best[start][0] + cost(pieces[start:end]), start) for start in range(max(0, end - longest), end)))
    words, end = [], len(pieces)
    while end:
        words.append("".join(pieces[best[end][1] : end]))
        end = best[end][1]
    return words[::-1]


@lru_cache(maxsize=50_000)
def _cost(word: str) -> float:
    """Of a word by its rank (unigrams after Zipf); the longer an unknown one, the dearer."""
    rank = common_words().get(word.lower())
    if rank is not None:
        return log(rank + 20)
    return log(20) if word in ("a", "A", "I") else _STRANGE_COST + 3.0 * len(word)


def _reread(word: str, own: set[str]) -> str:
    """The word with one letter read again, where that makes an English word of one that is none, and without digits."""
    lowered = word.lower()
    if (
        len(word) > _LONGEST
        or lowered in common_words()
        or (word.isalpha() and (word[0].isupper() or simplemma.is_known(lowered, "en")))
    ):
        return word
    for seen, meant in _MISREAD:
        at = lowered.find(seen)
        while at >= 0:
            again = lowered[:at] + meant + lowered[at + len(seen) :]
            if again in common_words() or (again in own and not word.isalpha()):
                return word[:at] + meant + word[at + len(seen) :]
            at = lowered.find(seen, at + 1)
    return _DIGIT_INSIDE.sub(lambda match: "o" if match.group() == "0" else "l", word)

"""Is this English? Spindetect abstains where it is not."""

from __future__ import annotations

from collections.abc import Sequence

_FREQUENT = frozenset(
    "the of and to a in is was for on that with as at by it be from are has were this had have he an not which but his "
    "they will their said or who been its more one she would there all we you her can than about after when out".split()
)
_CLEARLY_ENGLISH = 0.25
_CLEARLY_FOREIGN = 0.08


def is_english(words: Sequence[str], text: str) -> bool:
    """True unless the text is clearly in another language; a dozen words or fewer are too little to say no.

    The share of the most frequent English words settles nearly every text at once; the rest goes to py3langid.
    """
    if len(words) < 12:
        return True
    share = sum(map(_FREQUENT.__contains__, words)) / len(words)
    if share >= _CLEARLY_ENGLISH:
        return True
    if share < _CLEARLY_FOREIGN and len(words) >= 40:
        return False
    import py3langid

    language, _ = py3langid.classify(text[:2000])
    return bool(language == "en")

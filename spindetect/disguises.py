"""Letters dressed up as others: look-alikes of other scripts, accents and strokes everywhere, capitals at random.

A reader sees English words; these functions give back the letters that the reader sees. Each leaves ordinary text alone: foreign
words, names with accents, acronyms.
"""

from __future__ import annotations

import re
import unicodedata

import simplemma

from spindetect.vocabulary import common_words

_CYRILLIC = dict(zip("асеіјорѕхуԁһӏԛԝАВЕНІЈКМОРСТХУЅԚԜ", "aceijopsxydhlqwABEHIJKMOPCTXYSQW", strict=True))
_GREEK = dict(zip("οανιρΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavipABEZHIKMNOPTYX", strict=True))
_ARMENIAN = dict(zip("օոսհցզ", "onuhgq", strict=True))
_LATIN = dict(zip("ɑɡɩʀɴɪʟᴀʙᴄᴅᴇɢʜᴊᴋᴍᴏᴘꜱᴛᴜᴠᴡʏᴢꜰ", "agirnilabcdeghjkmopstuvwyzf", strict=True))
_LIKE = _CYRILLIC | _GREEK | _ARMENIAN | _LATIN
"""Letters that can hardly be told from the Latin one (after the confusables of Unicode Technical Standard 39)."""
_ROUGHLY = dict(zip("кмтнвгпиьяηυκτχγωσεβ", "kmthbrnubrnuktxywoeb", strict=True))
"""Letters that pass for one among Latin letters only."""
_LIKE_TABLE, _MIXED_TABLE = str.maketrans(_LIKE), str.maketrans(_LIKE | _ROUGHLY)
_OTHER_LETTER = re.compile("[\u0250-\u02af\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u1d00-\u1d7f\ua730-\ua73f]")
_ANY_WORD = re.compile(r"[^\W\d_]+")
_MIXED_WORDS = 3
"""Distinct words of two scripts from which a text is known to be disguised."""
_LATIN_LETTER = re.compile("[A-Za-z]")
_OVERRIDDEN = re.compile("\u202e([^\u202c\u202e\n]*)\u202c?")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_FEW_ACCENTS, _MANY_ACCENTS = 8, 0.1
_CHARACTERS_A_WORD = 6
_ACCENTED_WORDS, _ACCENTED_SHARE = 5, 0.02
"""Distinct English words that wear an accent, and their share of a text, from which they are a disguise."""
_CAPITAL_INSIDE = re.compile("(?<=[A-Za-z])[A-Z]")
_NO_CAPITAL = bytes(code for code in range(128) if not chr(code).isupper())
_CAPITALS_SHARE = 1.2
"""Capitals after another letter, a word, from which case says nothing: acronyms do not come near it."""
_SENTENCE_OPENING = re.compile(r"(?:^|[.!?][\"')]*\s+|\n)[\"'(]*([a-z])|\b(i)\b(?!\.)")
_LEAST_CHARACTERS = 200
"""Of a shorter text, such as a dateline or a headline, case says nothing."""


def without_overrides(text: str) -> str:
    """What an override shows backwards, in the order in which it is read."""
    return _OVERRIDDEN.sub(lambda match: match[1][::-1], text) if "\u202e" in text else text


def plain_letters(text: str) -> str:
    """NFKC text with look-alikes in the place of the Latin letters they stand for, and no strokes through letters."""
    text = _MARKS.sub("", text)
    if not _OTHER_LETTER.search(text):
        return text
    others = {word for word in _ANY_WORD.findall(text) if _OTHER_LETTER.search(word)}
    mixed = {word for word in others if _LATIN_LETTER.search(word)}
    disguised = len(mixed) >= _MIXED_WORDS
    plain = {word: word.translate(_MIXED_TABLE) if word in mixed else _seen(word, disguised) for word in others}
    return _ANY_WORD.sub(lambda match: plain.get(match.group(), match.group()), text)


def _seen(word: str, disguised: bool) -> str:
    """A word of another script may be foreign, unless it looks like an English one, or all of it looks Latin in a text that is
    known to be disguised."""
    plain = word.translate(_MIXED_TABLE if disguised else _LIKE_TABLE)
    return plain if (disguised and plain.isascii()) or plain.lower() in common_words() or plain in ("a", "A", "I") else word


def plain_vowels(text: str) -> str:
    """Common English words without the accents that they never have, where many of them wear one."""
    if len(text) - len(text.encode("ascii", "ignore")) <= _FEW_ACCENTS:
        return text
    words = [word for word in _ANY_WORD.findall(text) if not word.isascii()]
    if len(words) <= _FEW_ACCENTS:
        return text
    disguised = {word for word in set(words) if _never_wears_accents(word)}
    worn = sum(word in disguised for word in words)
    if len(disguised) < _ACCENTED_WORDS or worn * _CHARACTERS_A_WORD < _ACCENTED_SHARE * len(text):
        return text
    everywhere = worn * _CHARACTERS_A_WORD >= _MANY_ACCENTS * len(text)
    bare = {word: _bare(word) for word in (words if everywhere else disguised)}
    return _ANY_WORD.sub(lambda match: bare.get(match.group(), match.group()), text)


def _never_wears_accents(word: str) -> bool:
    """Is it a common English word, and no name and no loan word such as "café"?"""
    return word.islower() and _bare(word) in common_words() and not simplemma.is_known(word, "en")


def _bare(word: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFD", word))


def sensible_case(text: str) -> str:
    """Small letters, with a capital at the start of sentences, where capitals stand throughout or at random."""
    enough = _CAPITALS_SHARE * len(text) / _CHARACTERS_A_WORD
    capitals = len(text.encode("ascii", "ignore").translate(None, _NO_CAPITAL))
    if len(text) < _LEAST_CHARACTERS or capitals < enough or len(_CAPITAL_INSIDE.findall(text)) < enough:
        return text
    return _SENTENCE_OPENING.sub(lambda match: match.group().upper(), text.lower())

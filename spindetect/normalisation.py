"""One spelling for every character that has several: quotes, dashes, widths, invisible marks."""

from __future__ import annotations

import re
from html import unescape

from ftfy import TextFixerConfig, fix_text

from spindetect.disguises import plain_letters, plain_vowels, sensible_case, without_overrides

# ftfy repairs mojibake, ligatures, curly quotes, line breaks, terminal escapes and lone surrogates; it would leave the entities
# of a text that has an angle bracket.
_FTFY = TextFixerConfig(normalization="NFKC", explain=False, unescape_html=False)
# Characters without a width of their own: soft hyphens, zero-width and bidirectional marks, variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_OTHER_QUOTES = str.maketrans(
    {"«": '"', "»": '"', "‹": "'", "›": "'", "`": "'", "´": "'", "″": '"', "′": "'", "。": ".", "、": ","}
)
# What news is written in: ftfy would change no more of it than these marks, at a tenth of the whole cost of a pair.
_PLAIN_MARKS = {"“": '"', "”": '"', "‘": "'", "’": "'", "…": "..."}
_LETTERS = "éíóúñöäüçèøåêîôûëłáÀÁÄÇÈÉËÍÑÒÓÔÖÙÚÜÝàâãæìïðòõùýÿāčćďēěęėğīńňōőřśşšťūůűźżžČĆĎĒĚŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽı"
_NOT_PLAIN = re.compile(f"[^\x20-\x7e\n\t“”‘’…–—£°€×÷≈→≤≥{_LETTERS}]")
_MISREAD = re.compile("[^\x00-\x7f“”‘’…–—][^\x00-\x7f]")
"""Two marks that may be the bytes of a single one."""
_ENTITY = re.compile(r"&(?:#x[0-9a-f]{1,6};?|#\d{1,7};?|\w{2,31};)", re.I)
_ESCAPED_TIMES = 3
_LONG_DASHES, _SHORT_DASHES = "—―⸺⸻", "‐‑‒–−⁃﹣－"
_DOUBLED_MARKS = re.compile(r"''|,,(?=\w)")
_TYPED_DASH = re.compile(r"[^\S\n]+-{2,3}[^\S\n]+|(?<=\w)--(?=\w)")
_ODD_SPACES = (mark for mark in map(chr, range(0x3001)) if mark.isspace() and mark not in " \n")
_ODD_SPACE = re.compile(f"[{''.join(_ODD_SPACES)}]")
_SPACES = re.compile(r"[^\S\n]+")


def normalise(text: str) -> str:
    """NFKC text with plain quotes and dashes, no invisible characters and single spaces; line breaks stay."""
    if "&" in text:
        text = _unescaped(text)
    if not _NOT_PLAIN.search(text) and (text.isascii() or not _MISREAD.search(text)):
        for mark, plain in _PLAIN_MARKS.items():
            text = text.replace(mark, plain)
    elif "\x1b" in text or not text.isascii():
        text = fix_text(without_overrides(text), _FTFY)
        text = plain_letters(_INVISIBLE.sub("", text)).translate(_OTHER_QUOTES).replace("\ufffd", "'")
    text = sensible_case(plain_vowels(text) if not text.isascii() else text)
    if "\r" in text or "\x00" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
    if "''" in text or ",," in text:
        text = _DOUBLED_MARKS.sub('"', text)
    if "--" in text:
        text = _TYPED_DASH.sub(" - ", text)
    if not text.isascii():
        for dashes, plain in ((_LONG_DASHES, " - "), (_SHORT_DASHES, "-")):
            for dash in dashes:
                text = text.replace(dash, plain)
        # As dashes stand between spaces mostly; the general way would take longer.
        text = text.replace("  - ", " - ").replace(" -  ", " - ")
    return _SPACES.sub(" ", text).strip() if "  " in text or _ODD_SPACE.search(text) else text.strip()


def _unescaped(text: str) -> str:
    for _ in range(_ESCAPED_TIMES):
        before, text = text, _ENTITY.sub(lambda match: unescape(match.group()), text)
        if text == before:
            break
    return text

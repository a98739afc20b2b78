"""Tricks with layout: lines, spaces, scanning errors, what a page holds and does not show."""

from __future__ import annotations

import random
import re
import textwrap
from html import escape

_WORD = re.compile(r"\b[A-Za-z]{4,}\b")
_SCANNED = (("rn", "m"), ("m", "rn"), ("l", "1"), ("o", "0"), ("cl", "d"), ("w", "vv"), ("i", "l"), ("O", "0"), ("I", "l"))
_HIDING = (
    '<span style="display:none">{}</span>',
    '<span style="display: NONE !important">{}</span>',
    '<span style="visibility:hidden">{}</span>',
    '<span style="font-size:0">{}</span>',
    '<span style="font-size: 0px; color: black">{}</span>',
    '<span style="opacity:0">{}</span>',
    '<span style="color:#fff;background:#ffffff">{}</span>',
    '<font color="white">{}</font>',
    '<span style="position:absolute;left:-9999px">{}</span>',
    '<span style="text-indent:-5000px;display:block">{}</span>',
    '<span aria-hidden="true">{}</span>',
    "<span hidden>{}</span>",
    '<span class="nb">{}</span>',
)
_DECOYS = (
    "recipe harvest orchestra lantern velvet compass glacier pottery umbrella canoe meadow trumpet saffron wardrobe pigeon "
    "chimney marble ladder cushion anchor"
).split()


def hyphenated_lines(text: str, rng: random.Random) -> str:
    """Lines of 60 characters, words broken at their ends."""
    return "\n\n".join("\n".join(_hyphenated(part, 60)) for part in text.split("\n\n"))


def _hyphenated(paragraph: str, width: int) -> list[str]:
    lines = [""]
    for word in paragraph.split():
        room = width - len(lines[-1]) - 1
        if len(word) <= room:
            lines[-1] = f"{lines[-1]} {word}".strip()
            continue
        cut = min(room - 1, len(word) - 3)
        if cut >= 3 and word[: cut + 3].isalpha():
            lines[-1] += f" {word[:cut]}-"
            word = word[cut:]
        lines.append(word)
    return lines


def broken_lines(text: str, rng: random.Random) -> str:
    """Lines that end anywhere, some with an empty line after them in mid-sentence."""
    parts = []
    for paragraph in text.split("\n\n"):
        words = paragraph.split()
        while words:
            size = rng.randint(4, 14)
            parts.append(" ".join(words[:size]))
            words = words[size:]
            parts.append("\n\n" if not words or rng.random() < 0.1 else "\n")
    return "".join(parts)


def narrow_lines(text: str, rng: random.Random) -> str:
    return "\n\n".join(textwrap.fill(part, 35) for part in text.split("\n\n"))


def spaces_inside_words(text: str, rng: random.Random) -> str:
    """A third of the longer words cut in two."""

    def cut(match: re.Match[str]) -> str:
        word = match.group()
        if rng.random() >= 1 / 3:
            return word
        at = rng.randint(2, len(word) - 2)
        return f"{word[:at]} {word[at:]}"

    return _WORD.sub(cut, text)


def spaced_letters(text: str, rng: random.Random) -> str:
    """A third of the longer words with a space after each letter."""
    return _WORD.sub(lambda match: " ".join(match.group()) if rng.random() < 1 / 3 else match.group(), text)


def scanning_errors(text: str, rng: random.Random) -> str:
    """A third of the longer words with one letter misread, and lines as they stood on the page."""

    def misread(match: re.Match[str]) -> str:
        word = match.group()
        fitting = [pair for pair in _SCANNED if pair[0] in word]
        if not fitting or rng.random() >= 1 / 3:
            return word
        seen, read = rng.choice(fitting)
        places = [found.start() for found in re.finditer(seen, word)]
        at = rng.choice(places)
        return word[:at] + read + word[at + len(seen) :]

    return narrow_lines(_WORD.sub(misread, text), rng)


def hidden_text(text: str, rng: random.Random) -> str:
    """A page in which every fourth word is followed, and some words are cut, by words that nobody sees; every other
    paragraph is followed by a hidden one."""
    paragraphs = []
    for number, paragraph in enumerate(text.split("\n\n")):
        words = [_with_decoy(word, rng) if rng.random() < 0.25 else escape(word) for word in paragraph.split()]
        paragraphs.append(f"<p>{' '.join(words)}</p>")
        if number % 2:
            decoy = " ".join(rng.choices(_DECOYS, k=40)).capitalize()
            paragraphs.append(f"<p>{rng.choice(_HIDING).format(decoy + '.')}</p>")
    style = "<style>.nb { display : none } p { margin: 0 }</style>"
    head = f"<!DOCTYPE html><html><head><title>News</title>{style}</head>"
    return f"{head}<body><article>{''.join(paragraphs)}</article></body></html>"


def _with_decoy(word: str, rng: random.Random) -> str:
    hidden = rng.choice(_HIDING)
    if len(word) > 5 and rng.random() < 0.5:
        return escape(word[:3]) + hidden.format(rng.choice("xqz")) + escape(word[3:])
    return f"{escape(word)} {hidden.format(' '.join(rng.choices(_DECOYS, k=2)))}"

"""All tricks by name."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spindetect.evaluation.evasion import characters, layout, order, words

Trick = Callable[[str, random.Random], str]


@dataclass(frozen=True)
class Evasion:
    """A way to disguise a copy.

    Attributes:
        name: as tables show it.
        trick: what it does to a text.
        wording_kept: the words a reader sees are the same, so a disguised reprint is a reprint still.
        rewords: the words are other ones: what was a reprint is spun, and a human text is none any more.
        note: why there is a loss, where there is.
    """

    name: str
    trick: Trick
    wording_kept: bool = False
    rewords: bool = False
    note: str = ""

    def disguised(self, text: str, seed: str) -> str:
        """The text under the disguise; the same seed gives the same text."""
        return self.trick(text, random.Random(f"{self.name} {seed}"))


_SPELT_OUT = "numbers are fixed points that a copy keeps; spelt out, they count as replaced words"
_NAMES_LOST = "names are known by their capitals, which are gone; nothing in the text says which words they were"
_MENDED = "names and rare words that are broken cannot be told from words of which the reader knows nothing"

_ORDER_LOST = "the order of the sentences is evidence, and without it most of these pairs are inconclusive rather than cleared"
_SPLIT = "half a sentence has less in common with its source than the whole"
_MERGED = "a sentence made of two has two sources, each of which explains half of it"
_DILUTED = "half of the suspect has another source; what is derived counts for half"
_CHOSEN = "the alternative that is read is mostly another word, in the human texts as well, so that they read as spun"
_TWICE = "every spinner leaves fewer of the original's words"

KEPT = (
    Evasion("Cyrillic letters", characters.cyrillic_letters, True),
    Evasion("Greek letters", characters.greek_letters, True),
    Evasion("zero-width characters", characters.zero_width_characters, True),
    Evasion("bidirectional marks and overrides", characters.bidi_characters, True),
    Evasion("full-width forms", characters.full_width_forms, True),
    Evasion("mathematical letters", characters.mathematical_letters, True),
    Evasion("combining marks", characters.combining_marks, True),
    Evasion("accents", characters.accents, True),
    Evasion("soft hyphens", characters.soft_hyphens, True),
    Evasion("HTML entities", characters.html_entities, True),
    Evasion("hidden text in a page", layout.hidden_text, True),
    Evasion("hyphens at line ends", layout.hyphenated_lines, True),
    Evasion("broken lines", layout.broken_lines, True),
    Evasion("spaces inside words", layout.spaces_inside_words, True, note=_MENDED),
    Evasion("spaced letters", layout.spaced_letters, True, note=_MENDED),
    Evasion("scanning errors", layout.scanning_errors, True, note=_MENDED),
    Evasion("capitals", characters.capitals, True, note=_NAMES_LOST),
    Evasion("small letters", characters.small_letters, True, note=_NAMES_LOST),
    Evasion("mixed case", characters.mixed_case, True, note=_NAMES_LOST),
    Evasion("British and American spelling", words.other_spelling, True),
    Evasion("numbers as words", words.numbers_as_words, True, note=_SPELT_OUT),
)
"""The words stay, or nearly."""

NAMES_REPLACED = Evasion("names replaced throughout", words.other_names)
"""It may be another event: reported without a target."""

QUOTED_IN_FULL = Evasion("quoted in full and commented on", order.quoted_in_full)
QUOTED_ON_A_PAGE = Evasion("quoted in full on a page, in block quotations, and commented on", order.quoted_on_a_page)
"""Quotation is no derivation: such a column must not be called spun."""


def all_evasions(strangers: Sequence[str]) -> list[Evasion]:
    """The tricks that are applied to any text; unrelated paragraphs are taken from ``strangers``."""
    return [
        *KEPT,
        Evasion("spintax left in the text", words.spintax, note=_CHOSEN),
        Evasion("sentences shuffled", order.shuffled_sentences, note=_ORDER_LOST),
        Evasion("sentences split", order.split_in_two, note=_SPLIT),
        Evasion("sentences merged", order.merged_sentences, note=_MERGED),
        Evasion("paragraphs among unrelated ones", order.among_strangers(strangers), note=_DILUTED),
        Evasion("a second spinner", words.second_spinner, rewords=True, note=_TWICE),
        NAMES_REPLACED,
    ]

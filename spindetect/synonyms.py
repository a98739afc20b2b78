"""A lexicon of synonyms (WordNet's sets): may one word or phrase stand for the other in some sense?"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from spindetect.errors import BundleError
from spindetect.lemmas import lemma

SYNONYMS_FILE = "synonyms.txt.gz"
_MOST_TEXT = 20_000_000
_LONGEST = 6


class Synonyms:
    """Sets of words and phrases with a sense in common, by dictionary form."""

    def __init__(self, sets: Iterable[Sequence[str]]) -> None:
        """Index sets of lower-case words and phrases."""
        index: dict[str, list[int]] = {}
        for number, members in enumerate(sets):
            for member in members:
                index.setdefault(member, []).append(number)
        self._index = index
        self._known: dict[tuple[str, ...], frozenset[int]] = {}

    @classmethod
    def from_file(cls, path: Path) -> Synonyms:
        """Read a gzipped file of lines ``word|word|phrase with spaces``.

        Raises:
            BundleError: the file is damaged or larger than a lexicon is.
        """
        try:
            with gzip.open(io.BytesIO(path.read_bytes())) as stream:
                text = stream.read(_MOST_TEXT + 1)
            if len(text) > _MOST_TEXT:
                raise BundleError(f"{path} unpacks to more than {_MOST_TEXT:,} bytes: reinstall or retrain the model")
            return cls(line.split("|") for line in text.decode("utf-8").splitlines())
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise BundleError(f"{path} cannot be read ({type(error).__name__}): reinstall or retrain the model") from error

    def senses(self, words: Sequence[str]) -> frozenset[int]:
        """Numbers of the sets that a word or phrase (case-folded, in any inflection) belongs to."""
        key = tuple(words)
        found = self._known.get(key)
        if found is None:
            found = frozenset(number for form in _forms(key) for number in self._index.get(form, ()))
            if len(self._known) > 200_000:
                self._known.clear()
            self._known[key] = found
        return found

    def others(self, words: Sequence[str]) -> frozenset[str]:
        """The members of all sets that a word or phrase belongs to, in their dictionary forms."""
        return frozenset(member for number in self.senses(words) for member in self._members[number])

    @cached_property
    def _members(self) -> dict[int, list[str]]:
        members: dict[int, list[str]] = {}
        for member, numbers in self._index.items():
            for number in numbers:
                members.setdefault(number, []).append(member)
        return members

    def share_a_sense(self, left: Sequence[str], right: Sequence[str]) -> bool:
        """May one stand for the other?"""
        return not self.senses(left).isdisjoint(self.senses(right))


def write_synonyms(path: Path, sets: Iterable[Sequence[str]]) -> None:
    """Write a lexicon, the same bytes for the same sets."""
    lines = sorted({"|".join(sorted(set(members))) for members in sets if len(set(members)) > 1})
    path.write_bytes(gzip.compress("\n".join(lines).encode("utf-8"), 9, mtime=0))


def _forms(words: tuple[str, ...]) -> set[str]:
    """Dictionary forms under which a phrase may be listed: as it is, or with its first, last or every word as lemma."""
    if not words or len(words) > _LONGEST:
        return set()
    lemmas = [lemma(word) for word in words]
    return {
        " ".join(words),
        "-".join(words),
        " ".join([lemmas[0], *words[1:]]),
        " ".join([*words[:-1], lemmas[-1]]),
        " ".join(lemmas),
        "-".join([*words[:-1], lemmas[-1]]),
    }

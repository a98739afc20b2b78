"""What an archive asks of a store: rows of passages in, passages near a vector out. Two stores keep to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from spindetect.archive.records import day_of, identity
from spindetect.errors import InputError

_FILTERS = ("id", "title", "url")


@dataclass(frozen=True)
class Passage:
    """A few sentences of an archived article, one row of a store.

    Attributes:
        key: ``key_of`` the article's id; stores look articles up by it alone.
        number: 0 for the first passage of the article.
        count: how many passages the article has; with fewer rows it is not whole.
        digest: of the article's content.
        metadata: JSON; like title, empty but in the first passage.
        text: a slice of the cleaned text; the slices of an article follow one another without gaps.
        sentences: (start, end) of each sentence, in the whole text.
        vector: unit vector, float32; empty when read back.
    """

    key: str
    id: str
    number: int
    count: int
    digest: str
    title: str
    date: str
    url: str
    metadata: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    vector: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage near a query: whose it is, and the cosine."""

    key: str
    cosine: float


@dataclass(frozen=True)
class Filter:
    """Which articles may be found.

    Attributes:
        since: first day, YYYY-MM-DD, or empty.
        until: the day after the last, or empty.
        equal: (field, values): one of the values, where a value that ends in ``*`` stands for all that begin so.
    """

    since: str = ""
    until: str = ""
    equal: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, before: object = None, after: object = None, where: Mapping[str, str | Sequence[str]] | None = None) -> Filter:
        """From what a user gives.

        Args:
            before: a day; articles of that day are left out, and so are those without a date.
            after: a day; articles of that day are taken.
            where: ``{"id" | "title" | "url": value or values}``; ``"https://example.org/*"`` is a prefix.

        Raises:
            InputError: a date that cannot be read or a field that cannot be filtered on.
        """
        days = []
        for name, value in (("after", after), ("before", before)):
            day = day_of(value)
            if value is not None and not day:
                raise InputError(f"{name} {str(value)[:40]!r} is no date: give it as 2021-06-01")
            days.append(day)
        equal = []
        for name, given in (where or {}).items():
            if name not in _FILTERS:
                raise InputError(f"{str(name)[:40]!r} cannot be filtered on: take {', '.join(_FILTERS)}, before or after")
            values = [given] if isinstance(given, str) else list(given)
            if not values:
                raise InputError(f"the filter on {name} has no value: give one or more")
            equal.append((name, tuple(identity(value) for value in values)))
        return cls(days[0], days[1], tuple(equal))

    def clauses(self) -> Iterator[list[tuple[str, str, str]]]:
        """Comparisons (column, operator, value); one of each list must hold, and all lists together."""
        if self.since:
            yield [("date", ">=", self.since)]
        if self.until:
            yield [("date", "<", self.until)]
            yield [("date", ">", "")]
        for name, values in self.equal:
            yield [_comparison(name, value) for value in values]


def _comparison(name: str, value: str) -> tuple[str, str, str]:
    if name == "id":
        return "key", "=", key_of(value)
    return (name, "prefix", value[:-1]) if value.endswith("*") else (name, "=", value)


class Store(Protocol):
    """Rows of passages with one vector each. Every call that returns has happened for good."""

    def encoder(self) -> str | None:
        """The fingerprint that the archive was made with; None where there is no archive yet."""

    def create(self, fingerprint: str, dimensions: int) -> None:
        """Make an empty archive."""

    def put(self, passages: Sequence[Passage], replaced: Sequence[str]) -> None:
        """Write whole articles; what stood under the keys in ``replaced`` goes. No article is ever seen half written."""

    def remove(self, keys: Sequence[str]) -> None:
        """Delete articles."""

    def digests(self, keys: Sequence[str]) -> dict[str, str]:
        """Key to content digest of those that are there, whole."""

    def fetch(self, keys: Sequence[str]) -> list[Passage]:
        """All passages of some articles, without vectors, in any order."""

    def search(self, vectors: np.ndarray, limit: int, where: Filter) -> list[list[Hit]]:
        """For each row of ``vectors``, shape (q, d), the nearest passages, best first."""

    def heads(self, where: Filter) -> Iterator[Passage]:
        """The first passage of every article that fits."""

    def count(self) -> tuple[int, int]:
        """Articles and passages."""

    def settle(self) -> None:
        """Bring indexes up to date after many additions; cheap when little was added."""

    def writer(self) -> Any:
        """A context manager that holds the right to write; a second writer gets an ``ArchiveError``."""

    def facts(self) -> dict[str, Any]:
        """What there is to know of the store: its name, index, size."""

    def close(self) -> None:
        """Let go of files and connections."""


def key_of(identifier: str) -> str:
    """The key of an id: 32 hexadecimal digits, so that no id, whatever it holds, is ever part of a query."""
    return hashlib.blake2b(identifier.encode("utf-8"), digest_size=16).hexdigest()

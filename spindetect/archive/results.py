"""What an archive says of its articles and of itself: plain frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from spindetect.article import Article


@dataclass(frozen=True)
class Entry:
    """What an archive knows of an article beside its text; title, date and url may be empty."""

    id: str
    title: str = ""
    date: str = ""
    url: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredArticle:
    """An article of an archive with its cleaned text."""

    entry: Entry
    article: Article


@dataclass(frozen=True)
class Added:
    """What an addition did.

    Attributes:
        added: articles that were not there before.
        replaced: articles whose content differs from what was there under their id.
        skipped: articles that were there as they are.
        errors: articles that could not be used.
        messages: (id, or None where it could not be read; what was wrong) of the first hundred of these.
    """

    added: int = 0
    replaced: int = 0
    skipped: int = 0
    errors: int = 0
    messages: tuple[tuple[str | None, str], ...] = ()


@dataclass(frozen=True)
class ArchiveInfo:
    """Size and state of an archive."""

    location: str
    articles: int
    passages: int
    encoder: str | None
    store: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for ``json.dumps``."""
        return asdict(self)

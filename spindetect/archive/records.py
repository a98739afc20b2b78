"""What goes into an archive: one article with an id, checked at the door."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from spindetect.article import Article
from spindetect.errors import InputError

LONGEST_FIELD = 8_000
"""Characters of an id, title or address; whatever is longer is a mistake in the input."""
LONGEST_METADATA = 16_000
_FIELDS = ("id", "text", "title", "date", "url")


@dataclass(frozen=True)
class Record:
    """An article on its way into an archive.

    Attributes:
        id: what the user calls it.
        text: a string to be cleaned, or a cleaned article.
        title: empty when there is none, as are ``date`` and ``url``.
        date: the day, YYYY-MM-DD.
        metadata: everything else, ready for JSON.
    """

    id: str
    text: str | Article = field(repr=False)
    title: str = ""
    date: str = ""
    url: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, item: Article | Mapping[str, Any] | InputError) -> Record:
        """Check an article or ``{"id", "text", "title"?, "date"?, "url"?, ...}``. An ``Article`` gets its content's hash as id;
        an error stands for an article that its reader could not read.

        A date that cannot be read stays in the metadata, and filters on the date pass the article over.

        Raises:
            InputError: a field is missing, too long or of the wrong type.
        """
        if isinstance(item, Article):
            return cls(hashlib.blake2b(item.text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(), item)
        if isinstance(item, InputError):
            raise item
        if not isinstance(item, Mapping):
            raise InputError(f"an article must be an object with id and text, not {type(item).__name__}")
        missing = [name for name in ("id", "text") if item.get(name) is None]
        if missing:
            raise InputError(f"the row has no {' and no '.join(missing)}: each row needs id and text")
        text = item["text"]
        if not isinstance(text, str | Article):
            raise InputError(f"the text must be a string, not {type(text).__name__}")
        title, url = (_words_of(item.get(name), name) for name in ("title", "url"))
        day = day_of(item.get("date"))
        metadata = {str(name): value for name, value in item.items() if name not in _FIELDS and value is not None}
        if item.get("date") is not None and str(item["date"]) != day:
            metadata["date"] = item["date"]
        return cls(identity(item["id"]), text, title, day, url, _plain(metadata))

    @property
    def digest(self) -> str:
        """Changes with any of the content."""
        text = self.text.text if isinstance(self.text, Article) else self.text
        parts = json.dumps([text, self.title, self.date, self.url, self.metadata], sort_keys=True)
        return hashlib.blake2b(parts.encode("ascii"), digest_size=16).hexdigest()

    @property
    def article(self) -> Article:
        """The cleaned text.

        Raises:
            InputError: too long, or nothing of it is article text.
        """
        article = Article.of(self.text)
        if not article.sentences:
            raise InputError("the text holds no article text: nothing to keep")
        return article


def _plain(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata as JSON gives it back; what JSON does not know becomes a string, and no number becomes null."""
    try:
        kept = json.dumps(metadata, default=str)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"the metadata cannot be kept as JSON ({str(error)[:80]}): give strings, numbers, lists") from error
    if len(kept) > LONGEST_METADATA:
        raise InputError(f"the metadata has {len(kept):,} characters as JSON, the limit is {LONGEST_METADATA:,}: leave some out")
    found: dict[str, Any] = json.loads(kept, parse_constant=lambda _: None)
    return found


def identity(value: object) -> str:
    """An id as a string.

    Raises:
        InputError: neither a string nor a number, empty, too long, or not writable as UTF-8.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        raise InputError(f"the id {value!r} is no string: give each article an id of its own")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"the id {value!r} is no finite number: give it as a string")
    return _words_of(str(value), "id")


def day_of(value: object) -> str:
    """The day YYYY-MM-DD of a date, a datetime (in UTC), or a string in ISO 8601 or the form of e-mails; else empty."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return ""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return day_of(read(value.strip()))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return ""


def _words_of(value: object, name: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f"the {name} must be a string, not {type(value).__name__}")
    if len(value) > LONGEST_FIELD:
        raise InputError(f"the {name} has {len(value):,} characters, the limit is {LONGEST_FIELD:,}")
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise InputError(f"the {name} {value[:40]!r} holds a character that cannot be stored: leave it out")
    return value

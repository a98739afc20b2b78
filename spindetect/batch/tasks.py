"""What is done with each row: compared, screened or traced. Tasks are small and go to the workers as they are."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from spindetect.article import Article
from spindetect.batch.rows import RawRow, Row, scored_rows
from spindetect.bundle import default_folder, sha256_of
from spindetect.detector import SpinDetector
from spindetect.errors import InputError

if TYPE_CHECKING:
    from spindetect.archive import Archive

_ENGLISH = "A short English sentence, to see that everything is there before any work begins."
# A cluster's worker may have several threads; the tables of word vectors grow while texts are read.
_ONE_AT_A_TIME = threading.Lock()


class Task(Protocol):
    """What a batch does with its rows; must survive pickling."""

    chunk: ClassVar[int]
    """Rows scored together; also what a lost worker costs."""
    columns: ClassVar[tuple[str, ...]]
    """What an input row needs beside its id."""
    results: ClassVar[tuple[str, ...]]
    """What an output row without an error has beside its id."""

    def prepare(self) -> str:
        """Load what is needed, so that what is missing is told before any work; names the model by its checksum."""
        ...

    def __call__(self, chunk: list[RawRow]) -> list[Row]:
        """A result for each row."""
        ...


@dataclass(frozen=True)
class CompareTask:
    """Pairs: is this a spun copy of that?"""

    model: str | None = None
    max_fpr: float | None = None
    chunk: ClassVar[int] = 256
    columns: ClassVar[tuple[str, ...]] = ("suspect", "original")
    results: ClassVar[tuple[str, ...]] = ("verdict", "score", "probabilities", "coverage", "changed")

    def prepare(self) -> str:
        _detector(self.model, self.max_fpr)
        return _fingerprint(self.model)

    def __call__(self, chunk: list[RawRow]) -> list[Row]:
        with _ONE_AT_A_TIME:
            detector = _detector(self.model, self.max_fpr)
            return scored_rows(
                chunk, "id, suspect and original", _article_pair, lambda pairs: [s.to_row() for s in detector.compare_many(pairs)]
            )


@dataclass(frozen=True)
class ScreenTask:
    """Texts without an original: does this read as spun?"""

    model: str | None = None
    chunk: ClassVar[int] = 32
    columns: ClassVar[tuple[str, ...]] = ("text",)
    results: ClassVar[tuple[str, ...]] = ("verdict", "score")

    def prepare(self) -> str:
        _detector(self.model, None).screen(_ENGLISH, suggest=False)
        return _fingerprint(self.model)

    def __call__(self, chunk: list[RawRow]) -> list[Row]:
        with _ONE_AT_A_TIME:
            detector = _detector(self.model, None)

            def score(texts: list[Any]) -> list[Row]:
                return [detector.screen(text, suggest=False).to_row() for text in texts]

            return scored_rows(chunk, "id and text", _article, score)


@dataclass(frozen=True)
class TraceTask:
    """Suspects: which articles of an archive was this made from?"""

    archive: str
    limit: int = 5
    model: str | None = None
    max_fpr: float | None = None
    chunk: ClassVar[int] = 32
    columns: ClassVar[tuple[str, ...]] = ("text",)
    results: ClassVar[tuple[str, ...]] = ("verdict", "originals")

    def prepare(self) -> str:
        _detector(self.model, self.max_fpr)
        _archive(self.archive, self.model)
        return _fingerprint(self.model)

    def __call__(self, chunk: list[RawRow]) -> list[Row]:
        with _ONE_AT_A_TIME:
            detector = _detector(self.model, self.max_fpr)
            archive = _archive(self.archive, self.model)

            def score(texts: list[Any]) -> list[Row]:
                return [detector.trace(text, archive, self.limit, evidence=False).to_row() for text in texts]

            return scored_rows(chunk, "id and text", _article, score)


@lru_cache(maxsize=4)
def _detector(model: str | None, max_fpr: float | None) -> SpinDetector:
    return SpinDetector.load(model, max_fpr=max_fpr)


@lru_cache(maxsize=4)
def _archive(name: str, model: str | None) -> Archive:
    from spindetect import Archive

    return Archive.open(name, create=False, model=model)


def _fingerprint(model: str | None) -> str:
    path = (default_folder() if model is None else Path(model)) / "manifest.json"
    try:
        return sha256_of(path)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): check the path of the model") from error


def _article_pair(row: dict[str, object]) -> tuple[Article, Article]:
    """The articles of a batch row.

    Raises:
        InputError: a field is missing or no string.
    """
    missing = [name for name in ("suspect", "original") if name not in row]
    if missing:
        raise InputError(f"the row has no {' and no '.join(missing)}: each row needs id, suspect and original")
    return Article.from_text(row["suspect"]), Article.from_text(row["original"])  # type: ignore[arg-type]


def _article(row: dict[str, object]) -> Article:
    """The article of a batch row to be screened.

    Raises:
        InputError: the field is missing or no string.
    """
    if "text" not in row:
        raise InputError("the row has no text: each row needs id and text")
    return Article.from_text(row["text"])  # type: ignore[arg-type]

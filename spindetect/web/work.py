"""What a worker process does: texts in, bytes of the answer out. Models and articles never enter the server's process."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from spindetect.errors import BundleError, InputError, MissingExtraError, SpindetectError
from spindetect.web.settings import Sources

if TYPE_CHECKING:
    from spindetect.article import Article
    from spindetect.detector import SpinDetector

Question = Literal["compare", "screen", "trace"]
Shape = Literal["json", "html", "desk"]
FIELDS: dict[Question, tuple[str, ...]] = {"compare": ("suspect", "original"), "screen": ("text",), "trace": ("text",)}
MOST_MEMORY = 3 << 30
"""Bytes of data that a worker may hold: a hostile file hits this limit, not the machine's."""


@dataclass(frozen=True)
class Document:
    """One side of a question: a text, or the bytes of a named file."""

    role: str
    content: str | bytes
    name: str = ""


@dataclass(frozen=True)
class Job:
    """A question, its documents in the order of ``FIELDS``, and the shape of the answer."""

    question: Question
    documents: tuple[Document, ...]
    shape: Shape
    text_characters: int


@dataclass(frozen=True)
class Answer:
    """The body of a response, or with another status than 200 the message of a problem."""

    body: bytes
    media_type: str = "application/json"
    status: int = 200


def prepare(sources: Sources) -> dict[str, str]:
    """Load all that answers need, so that the first one is not late.

    Returns:
        Name and version of the model.
    """
    _stay_in_bounds()
    detector = _detector(sources)
    detector.compare("Nothing much was said. " * 12, "Nothing much was said. " * 12).to_html()
    with contextlib.suppress(MissingExtraError):  # screening is optional, and says so when it is asked for
        detector.screen("Nothing much was said.")
    if sources.archive is not None:
        _archive(sources)
    return {"name": detector.model.name, "version": detector.model.version}


@lru_cache(maxsize=1)
def checked(sources: Sources) -> dict[str, str] | str:
    """``prepare``, once in a process. Its errors as a string: exceptions with a signature of their own do not survive the way
    back."""
    try:
        return prepare(sources)
    except SpindetectError as error:
        return str(error)


def answer(sources: Sources, job: Job) -> Answer:
    """Answer a question; whatever is wrong with its texts becomes a status of its own."""
    _stay_in_bounds()
    try:
        articles = [_article(document, job.text_characters) for document in job.documents]
        return _ANSWERS[job.question](sources, articles, job)
    except InputError as error:
        return Answer(str(error).encode("utf-8", "replace"), status=422)
    except MissingExtraError as error:
        return Answer(str(error).encode(), status=501)
    except BundleError as error:
        return Answer(str(error).encode(), status=500)
    except SpindetectError as error:  # an archive that is out of reach
        return Answer(str(error).encode("utf-8", "replace"), status=503)
    except MemoryError:
        return Answer(b"the text needs more memory than a request may have: give the article alone", status=422)


def _article(document: Document, most: int) -> Article:
    from spindetect.article import Article
    from spindetect.reading import text_of

    if isinstance(document.content, str):
        return Article.from_text(document.content)
    text, markup = text_of(document.content, document.name or f"the {document.role}")
    if markup != "html":  # of a page only the article counts
        _require_length(len(text), document.role, most)
    article = Article.from_text(text, markup)
    _require_length(len(article.text), document.role, most)
    return article


def _require_length(length: int, role: str, most: int) -> None:
    if length > most:
        raise InputError(f"the {role} has {length:,} characters, the limit is {most:,}: give the article alone")


def _compare(sources: Sources, articles: list[Article], job: Job) -> Answer:
    from spindetect.web.view import comparison_view

    result = _detector(sources).compare(*articles)
    return _shaped(result, job, lambda: {"view": comparison_view(result, "c-")})


def _screen(sources: Sources, articles: list[Article], job: Job) -> Answer:
    from spindetect.web.view import screening_view

    result = _detector(sources).screen(*articles)
    return _shaped(result, job, lambda: {"view": screening_view(result)})


def _trace(sources: Sources, articles: list[Article], job: Job) -> Answer:
    from spindetect.web.view import trace_view

    if sources.archive is None:
        return Answer(b"this server has no archive of originals: start it with --archive ARCHIVE", status=409)
    detector: Any = _detector(sources)
    result = detector.trace(*articles, _archive(sources))
    return _shaped(result, job, lambda: trace_view(result))


_ANSWERS: dict[Question, Callable[[Sources, list[Article], Job], Answer]] = {
    "compare": _compare,
    "screen": _screen,
    "trace": _trace,
}


def _shaped(result: Any, job: Job, view: Callable[[], dict[str, Any]]) -> Answer:
    if job.shape == "html":
        return Answer(result.to_html().encode("utf-8", "replace"), "text/html; charset=utf-8")
    data = result.to_dict()
    if job.shape == "desk":
        from spindetect.web.citation import citation

        names = [document.name or "pasted text" for document in job.documents]
        cited = citation(job.question, data, names, datetime.now(UTC))
        data = {"result": data, "page": result.to_html(), "citation": cited, **view()}
    return Answer(json.dumps(data).encode())


@lru_cache(maxsize=1)
def _detector(sources: Sources) -> SpinDetector:
    from spindetect.detector import SpinDetector

    return SpinDetector.load(sources.model, max_fpr=sources.max_fpr)


def _archive(sources: Sources) -> Any:
    """Opened for each question, in milliseconds, so that what was added meanwhile is found."""
    from spindetect.archive import Archive

    assert sources.archive is not None, "questions are refused before they come here where there is no archive"
    return Archive.open(sources.archive, create=False, model=sources.model)


@lru_cache(maxsize=1)
def _stay_in_bounds() -> None:
    """Ctrl+C reaches the whole group of processes, but what was started is to be finished: the server ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))

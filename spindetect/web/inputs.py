"""From the body of a request, JSON or files, to documents. Whatever the body is, the worst answer is a clear 4xx."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager

import anyio
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from spindetect.web.problems import RequestError
from spindetect.web.schemas import REQUESTS
from spindetect.web.settings import Limits
from spindetect.web.work import FIELDS, Document, Question

_FORM_ENCODINGS = (b"utf-8", b"us-ascii", b"iso-8859-1")
_DRAINED = 4
"""A body this many times over the limit is still read to its end, so that the client gets to see the refusal."""


class Memory:
    """Counts the bodies of all requests under way: many that are allowed one by one would together fill the machine.

    Attributes:
        held: their bytes that have arrived.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.held = 0

    @contextmanager
    def share(self) -> Iterator[Callable[[int], None]]:
        """A function that counts bytes as they arrive; on leaving they count no longer. It raises a RequestError, 503, where
        there is no room for more."""
        mine = 0

        def take(count: int) -> None:
            nonlocal mine
            if self.held + count > self._most:
                raise RequestError(503, "too many large requests are under way: try again in 5 s", {"Retry-After": "5"})
            self.held += count
            mine += count

        try:
            yield take
        finally:
            self.held -= mine


async def documents_of(request: Request, question: Question, limits: Limits, take: Callable[[int], None]) -> tuple[Document, ...]:
    """The documents of a question, in the order of its fields.

    Args:
        take: is told of each chunk how many bytes it has.

    Raises:
        RequestError: 400 no such body, 408 too slow, 413 too large, 415 another type, 422 wrong fields or too long.
    """
    body = _bounded(request, limits.body_bytes(len(FIELDS[question])), take)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        with anyio.fail_after(limits.read_seconds):
            if kind == "application/json":
                found = _from_json(b"".join([chunk async for chunk in body]), question)
            elif kind == "multipart/form-data":
                found = await _from_form(request, body, question, limits)
            else:
                raise RequestError(415, f"the body is {kind or 'of no type'}: send application/json or multipart/form-data")
    except ClientDisconnect:
        raise RequestError(499, "the client has gone") from None
    except TimeoutError:
        raise RequestError(408, f"the body did not arrive within {limits.read_seconds:g} s: send it again") from None
    for document in found:
        length = len(document.content)
        if isinstance(document.content, str) and length > limits.text_characters:
            most = f"the limit is {limits.text_characters:,}"
            raise RequestError(422, f"the {document.role} has {length:,} characters, {most}: give the article alone")
    return found


async def _bounded(request: Request, most: int, take: Callable[[int], None]) -> AsyncGenerator[bytes, None]:
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= most:
            take(len(chunk))
            yield chunk
        elif received > _DRAINED * most:
            break
    if received > most:
        raise RequestError(413, f"the body is larger than {most:,} bytes: give the articles alone")


def _from_json(body: bytes, question: Question) -> tuple[Document, ...]:
    try:
        given = from_json(body)
    except ValueError:
        raise RequestError(400, "the body is not valid JSON in UTF-8: " + _wanted(question)) from None
    # Before validation, which would note an error for every one of a hostile million of names.
    more = next((name for name in given if name not in FIELDS[question]), None) if isinstance(given, dict) else None
    if more is not None:
        raise RequestError(422, f"{more[:60]}: there is no such field: {_wanted(question)}")
    try:
        asked: BaseModel = REQUESTS[question].model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])[:60]
        raise RequestError(422, f"{field or 'the body'}: {first['msg'].lower()}: {_wanted(question)}") from None
    return tuple(Document(name, getattr(asked, name)) for name in FIELDS[question])


def _wanted(question: Question) -> str:
    return "send {" + ", ".join(f'"{name}": "..."' for name in FIELDS[question]) + "}"


async def _from_form(
    request: Request, body: AsyncGenerator[bytes, None], question: Question, limits: Limits
) -> tuple[Document, ...]:
    names = FIELDS[question]
    wanted = f"send one file or text each as {' and '.join(names)}"
    encoding = parse_options_header(request.headers["content-type"])[1].get(b"charset", b"utf-8")
    # Python knows others too, and for some of them the time to decode grows with the square of the length.
    if encoding.lower() not in _FORM_ENCODINGS:
        raise RequestError(415, f"the form is in {encoding[:40].decode('latin-1')}: send it in UTF-8")
    most = limits.body_bytes(len(names))
    parser = MultiPartParser(request.headers, body, max_files=len(names), max_fields=len(names), max_part_size=most)
    try:
        form = await parser.parse()
    except (RequestError, TimeoutError, ClientDisconnect):
        raise
    except (MultiPartException, HTTPException) as error:
        raise RequestError(400, f"the multipart body cannot be read ({_reason(error)}): {wanted}") from None
    except Exception as error:  # the parser raises whatever a hostile body provokes
        raise RequestError(400, f"the multipart body cannot be read ({type(error).__name__}): {wanted}") from None
    try:
        parts = form.multi_items()
        if sorted(name for name, _ in parts) != sorted(names):
            raise RequestError(422, f"the multipart body has {len(parts)} parts, or other names than wanted: {wanted}")
        found = {name: await _document(name, part, limits.file_bytes) for name, part in parts}
    finally:
        await form.close()
    return tuple(found[name] for name in names)


async def _document(name: str, part: UploadFile | str, most: int) -> Document:
    if isinstance(part, str):
        return Document(name, part)
    if part.size is not None and part.size > most:
        raise RequestError(413, f"the {name} is a file of {part.size:,} bytes, the limit is {most:,}: give the article alone")
    return Document(name, await part.read(), part.filename or "")


def _reason(error: Exception) -> str:
    return str(getattr(error, "message", "") or getattr(error, "detail", ""))[:120].rstrip(".")

"""From the body of a request, JSON or files, to documents. Whatever the body is, the worst answer is a clear 4xx."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import anyio
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from spindetect.web.problems import RequestError
from spindetect.web.schemas import REQUESTS
from spindetect.web.settings import Limits
from spindetect.web.work import FIELDS, Document, Question

_DRAINED = 4
"""A body this many times over the limit is still read to its end, so that the client gets to see the refusal."""


async def documents_of(request: Request, question: Question, limits: Limits) -> tuple[Document, ...]:
    """The documents of a question, in the order of its fields.

    Raises:
        RequestError: 400 no such body, 408 too slow, 413 too large, 415 another type, 422 wrong fields or too long.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        with anyio.fail_after(limits.read_seconds):
            if kind == "application/json":
                found = _from_json(b"".join([chunk async for chunk in _bounded(request, limits)]), question)
            elif kind == "multipart/form-data":
                found = await _from_form(request, question, limits)
            else:
                raise RequestError(415, f"the body is {kind or 'of no type'}: send application/json or multipart/form-data")
    except TimeoutError:
        raise RequestError(408, f"the body did not arrive within {limits.read_seconds:g} s: send it again") from None
    for document in found:
        length = len(document.content)
        if isinstance(document.content, str) and length > limits.text_characters:
            most = f"the limit is {limits.text_characters:,}"
            raise RequestError(422, f"the {document.role} has {length:,} characters, {most}: give the article alone")
    return found


async def _bounded(request: Request, limits: Limits) -> AsyncGenerator[bytes, None]:
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= limits.body_bytes:
            yield chunk
        elif received > _DRAINED * limits.body_bytes:
            break
    if received > limits.body_bytes:
        raise RequestError(413, f"the body is larger than {limits.body_bytes:,} bytes: give the articles alone")


def _from_json(body: bytes, question: Question) -> tuple[Document, ...]:
    try:
        asked: BaseModel = REQUESTS[question].model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise RequestError(400, "the body is not valid JSON in UTF-8: " + _wanted(question)) from None
        field = ".".join(str(part) for part in first["loc"])[:60]
        raise RequestError(422, f"{field or 'the body'}: {first['msg'].lower()}: {_wanted(question)}") from None
    return tuple(Document(name, getattr(asked, name)) for name in FIELDS[question])


def _wanted(question: Question) -> str:
    return "send {" + ", ".join(f'"{name}": "..."' for name in FIELDS[question]) + "}"


async def _from_form(request: Request, question: Question, limits: Limits) -> tuple[Document, ...]:
    names = FIELDS[question]
    wanted = f"send one file or text each as {' and '.join(names)}"
    parser = MultiPartParser(
        request.headers, _bounded(request, limits), max_files=len(names), max_fields=len(names), max_part_size=limits.body_bytes
    )
    try:
        form = await parser.parse()
    except (RequestError, TimeoutError):
        raise
    except (MultiPartException, HTTPException) as error:
        raise RequestError(400, f"the multipart body cannot be read ({_reason(error)}): {wanted}") from None
    except Exception as error:  # the parser raises whatever a hostile body provokes
        raise RequestError(400, f"the multipart body cannot be read ({type(error).__name__}): {wanted}") from None
    try:
        parts = form.multi_items()
        if sorted(name for name, _ in parts) != sorted(names):
            raise RequestError(422, f"the multipart body has {len(parts)} parts, or other names than wanted: {wanted}")
        found = {name: await _document(name, part) for name, part in parts}
    finally:
        await form.close()
    return tuple(found[name] for name in names)


async def _document(name: str, part: UploadFile | str) -> Document:
    if isinstance(part, str):
        return Document(name, part)
    return Document(name, await part.read(), part.filename or "")


def _reason(error: Exception) -> str:
    return str(getattr(error, "message", "") or getattr(error, "detail", ""))[:120].rstrip(".")

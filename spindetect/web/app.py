"""The application: API, page and what goes around them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from spindetect import __version__
from spindetect.web.answers import Answers
from spindetect.web.api import questions_router, state_router
from spindetect.web.auth import Gate
from spindetect.web.desk import desk_router, static_files
from spindetect.web.inputs import Memory
from spindetect.web.metrics import Metrics
from spindetect.web.middleware import Around
from spindetect.web.openapi import DESCRIPTION
from spindetect.web.pool import Pool
from spindetect.web.problems import RequestError, problem_response
from spindetect.web.settings import Settings


def create_app(settings: Settings, pool: Pool | None = None) -> FastAPI:
    """An ASGI application; its workers start with it, unless a pool is given: whoever gives one warms it."""
    own = pool is None
    pool = pool or Pool(settings)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        if own:
            await pool.warm()
        yield

    # The pages that FastAPI offers for its documentation load scripts from elsewhere.
    app = FastAPI(
        title="spindetect", version=__version__, description=DESCRIPTION, docs_url=None, redoc_url=None, lifespan=life,
        openapi_url="/openapi.json", separate_input_output_schemas=False, redirect_slashes=False,
    )  # fmt: skip
    memory = Memory(settings.limits.held_bytes)
    metrics, gate, answers = Metrics(pool, memory), Gate(settings), Answers(pool, settings, memory)
    app.include_router(state_router(pool, metrics))
    app.include_router(questions_router(answers, settings))
    app.include_router(desk_router(answers, settings))
    app.mount("/static", static_files())
    app.add_exception_handler(RequestError, _problem)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_middleware(Around, gate=gate, metrics=metrics)
    app.openapi = lambda: _openapi(app, settings)  # type: ignore[method-assign]
    return app


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    return problem_response(error)


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    message = {
        404: "there is nothing at this address: the API is described at /openapi.json, the desk is at /",
        405: f"{request.method[:16]} is not what this address takes: see /openapi.json",
    }.get(status, f"{HTTPStatus(status).phrase.lower()}: see /openapi.json")
    return problem_response(RequestError(status, message, error.headers))


def _openapi(app: FastAPI, settings: Settings) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            separate_input_output_schemas=False,
        )
        if settings.tokens:
            schema["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        for path in schema["paths"].values():
            for operation in path.values():
                content = operation["responses"].get("200", {}).get("content", {})
                if operation["operationId"] in ("compare", "screen", "trace"):
                    content["text/html"] = {"schema": {"type": "string", "description": "the evidence as one page"}}
        app.openapi_schema = schema
    return app.openapi_schema

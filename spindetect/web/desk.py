"""The page, its files, and the answers it shows."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from spindetect import __version__
from spindetect.report.templates import resource
from spindetect.web.answers import Answers
from spindetect.web.examples import example_texts
from spindetect.web.settings import Settings
from spindetect.web.work import FIELDS, Question

_SHARED = {"evidence.css": ("style.css", "text/css"), "evidence.js": ("script.js", "text/javascript")}
"""Files of the pages of evidence, under the names that the desk asks for."""
_FRESH = {"Cache-Control": "no-cache"}


def desk_router(answers: Answers, settings: Settings) -> APIRouter:
    """`/`, what it loads, and POST /desk/compare, /screen and /trace: result, view, page and citation in one."""
    router = APIRouter(include_in_schema=False)
    page = _page(settings)

    @router.get("/")
    async def desk() -> Response:
        return Response(page, media_type="text/html; charset=utf-8", headers=_FRESH)

    @router.get("/static/examples.json")
    async def examples() -> Response:
        return JSONResponse(example_texts(), headers=_FRESH)

    for name, (source, kind) in _SHARED.items():
        router.add_api_route(f"/static/{name}", _file(resource(source), kind), methods=["GET"])
    for question in FIELDS:
        router.add_api_route(f"/desk/{question}", _endpoint(question, answers), methods=["POST"])
    return router


def static_files() -> StaticFiles:
    """Style, script and icon of the desk."""
    return StaticFiles(directory=str(files("spindetect.web").joinpath("static")))


def _page(settings: Settings) -> str:
    environment = Environment(
        loader=PackageLoader("spindetect.web", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("desk.html.j2").render(
        version=__version__,
        archive=settings.sources.archive is not None,
        token=bool(settings.tokens),
        limits=settings.limits,
        examples=bool(example_texts()),
    )


def _file(text: str, kind: str) -> Any:
    async def shared() -> Response:
        return Response(text, media_type=f"{kind}; charset=utf-8", headers=_FRESH)

    return shared


def _endpoint(question: Question, answers: Answers) -> Any:
    async def endpoint(request: Request) -> Response:
        return await answers.to(request, question, "desk")

    return endpoint

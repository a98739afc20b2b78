"""The API: state of the server at the root, questions under /api/v1."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel

from spindetect import __version__
from spindetect.web.answers import Answers
from spindetect.web.metrics import Metrics
from spindetect.web.openapi import question_openapi, refusals
from spindetect.web.pool import Pool
from spindetect.web.problems import RequestError
from spindetect.web.schemas import ComparisonResponse, ScreeningResponse, StatusResponse, TraceResponse, VersionResponse
from spindetect.web.settings import Settings
from spindetect.web.work import Question, Shape

_QUESTIONS: dict[Question, tuple[type[BaseModel], str]] = {
    "compare": (ComparisonResponse, "Is the suspect a spun copy of the original?"),
    "screen": (ScreeningResponse, "Does a text read as spun, with no original at hand?"),
    "trace": (TraceResponse, "Which originals of the archive was a text made from?"),
}


def questions_router(answers: Answers, settings: Settings) -> APIRouter:
    """POST /api/v1/compare, /screen and /trace."""
    router = APIRouter(prefix="/api/v1", tags=["questions"])
    for question, (response, summary) in _QUESTIONS.items():
        router.add_api_route(
            f"/{question}",
            _endpoint(question, answers),
            methods=["POST"],
            operation_id=question,
            summary=summary,
            response_model=response,
            responses=refusals(400, 401, 403, 408, 413, 415, 421, 422, 501, 503, 504, *([409] if question == "trace" else [])),
            openapi_extra=question_openapi(question, settings),
        )
    return router


def _endpoint(question: Question, answers: Answers) -> Any:
    async def endpoint(request: Request) -> Response:
        shape: Shape = "html" if _prefers_html(request.headers.get("accept", "")) else "json"
        return await answers.to(request, question, shape)

    return endpoint


def _prefers_html(accept: str) -> bool:
    """`Accept: text/html` asks for the page; whoever takes JSON or anything gets JSON."""
    kinds = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    return "text/html" in kinds and "application/json" not in kinds


def state_router(pool: Pool, metrics: Metrics) -> APIRouter:
    """What load balancers, supervisors and Prometheus ask."""
    router = APIRouter(tags=["state"])

    @router.get("/health", summary="Is the process alive?", operation_id="health", responses=refusals(421))
    async def health() -> StatusResponse:
        return StatusResponse(status="ok")

    @router.get("/ready", summary="Can it answer questions now?", operation_id="ready", responses=refusals(421, 503))
    async def ready() -> StatusResponse:
        if pool.model is None:
            raise RequestError(503, "the model is loading: try again in 2 s", {"Retry-After": "2"})
        pool.refuse_if_full()
        return StatusResponse(status="ready")

    @router.get(
        "/version", summary="Which version, which model?", operation_id="version", response_model=VersionResponse,
        responses=refusals(421),
    )  # fmt: skip
    async def version() -> Response:
        return JSONResponse({"spindetect": __version__, "api": "v1", "model": pool.model or {"name": "", "version": ""}})

    @router.get(
        "/metrics", summary="Counts and times in the text format of Prometheus.", operation_id="metrics",
        response_class=PlainTextResponse, responses=refusals(401, 421),
    )  # fmt: skip
    async def numbers() -> Response:
        return Response(metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router

"""What the API answers when it cannot answer: one shape, ``{"error": {"code", "message"}}``."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.responses import Response

CODES = {
    400: "bad_request",
    401: "token_needed",
    403: "cross_site",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow_to_arrive",
    409: "no_archive",
    413: "body_too_large",
    415: "unsupported_media_type",
    421: "unknown_host",
    422: "unusable_input",
    500: "internal_error",
    501: "not_installed",
    503: "busy",
    504: "too_slow",
}


class RequestError(Exception):
    """A request that gets no answer. The message names the value and the remedy."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


def problem_response(problem: RequestError) -> Response:
    """The one shape of all errors."""
    error = {"code": CODES.get(problem.status, "error"), "message": problem.message}
    # ASCII alone: a message may quote a file's name with half of a surrogate pair in it.
    return Response(json.dumps({"error": error}), problem.status, problem.headers, "application/json")

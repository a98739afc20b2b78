"""Around every request: who may ask, a number, security headers, one line of log, one count; nothing fails without an answer."""

from __future__ import annotations

import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spindetect.web.auth import Gate
from spindetect.web.logs import LOGGER, failure
from spindetect.web.metrics import Metrics, path_label
from spindetect.web.problems import RequestError, problem_response

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Around:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, gate: Gate, metrics: Metrics) -> None:
        self._app = app
        self._gate = gate
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        number = uuid.uuid4().hex[:16]
        status = 0
        sent = 0

        async def sending(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = number
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            elif message["type"] == "http.response.body":
                if scope["method"] == "HEAD":
                    message = {**message, "body": b""}
                sent += len(message.get("body", b""))
            await send(message)

        fields = {"request": number, "method": scope["method"][:16], "path": path_label(scope["path"])}
        try:
            self._gate.check(scope["method"], scope["path"], Headers(scope=scope))
            # HEAD is GET without the body: routes need not know of it.
            asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
            await self._app(asked, receive, sending)
        except RequestError as problem:
            await problem_response(problem)(scope, receive, sending)
        except Exception as error:
            LOGGER.error("failed", extra={"fields": fields | failure(error)})
            if not status:
                ours = RequestError(500, f"this is an error of the server: report it with the request number {number}")
                await problem_response(ours)(scope, receive, sending)
        finally:
            seconds = time.perf_counter() - started
            self._metrics.record(scope["method"], scope["path"], status, seconds)
            LOGGER.info("answered", extra={"fields": fields | {"status": status, "bytes": sent, "ms": round(1000 * seconds, 1)}})

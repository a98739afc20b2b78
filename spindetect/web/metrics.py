"""Counters and times for Prometheus, one registry a server."""

from __future__ import annotations

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from spindetect import __version__
from spindetect.web.inputs import Memory
from spindetect.web.pool import Pool

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_METHODS = frozenset(["GET", "HEAD", "POST", "OPTIONS"])
_PATHS = frozenset(["/", "/health", "/ready", "/version", "/metrics", "/openapi.json"])
_GROUPS = ("/api/v1/", "/desk/")
_QUESTIONS = frozenset(["compare", "screen", "trace"])


class Metrics:
    """What happened, by path and status; no label comes from what a client wrote."""

    def __init__(self, pool: Pool, memory: Memory) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "path", "status")
        self._requests = Counter("spindetect_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "spindetect_request_seconds",
            "Seconds until a request was answered.",
            ("path",),
            registry=self._registry,
            buckets=_SECONDS,
        )
        for name, what in (("running", "in a worker"), ("waiting", "waiting for a worker")):
            gauge = Gauge(f"spindetect_jobs_{name}", f"Questions {what}.", registry=self._registry)
            gauge.set_function(partial(getattr, pool, name))
        held = Gauge("spindetect_held_bytes", "Bytes held of the bodies of requests under way.", registry=self._registry)
        held.set_function(partial(getattr, memory, "held"))
        version = Gauge("spindetect_info", "Which version answers.", ("version",), registry=self._registry)
        version.labels(__version__).set(1)

    def record(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        label = path_label(path)
        self._requests.labels(method if method in _METHODS else "other", label, str(status)).inc()
        self._seconds.labels(label).observe(seconds)

    def page(self) -> bytes:
        """The text format of Prometheus."""
        return generate_latest(self._registry)


def path_label(path: str) -> str:
    """A path that is ours, or "other": neither labels nor logs take what a client wrote."""
    if path in _PATHS or any(path.removeprefix(group) in _QUESTIONS for group in _GROUPS if path.startswith(group)):
        return path
    return "/static" if path.startswith("/static/") else "other"

"""A stand-in for an archive: the stories' originals, all of them compared. Its trace has the fields of a real one."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import httpx

from spindetect import SpinDetector
from spindetect.article import Article
from spindetect.results import Comparison
from spindetect.web import work
from spindetect.web.app import create_app
from spindetect.web.pool import Pool
from spindetect.web.settings import Settings, Sources
from spindetect.web.work import Answer, Job
from tests.conftest import ROOT


@dataclass(frozen=True)
class Original:
    id: str
    title: str
    date: str
    url: str
    share: float
    comparison: Comparison

    verdict = property(lambda self: self.comparison.verdict)
    score = property(lambda self: self.comparison.score)


@dataclass(frozen=True)
class Traced:
    originals: list[Original]
    article: Article

    def to_dict(self) -> dict[str, Any]:
        best = self.originals[0].comparison if self.originals else None
        return {
            "verdict": best.verdict if best else "independent",
            "reason": "",
            "originals": [
                {name: getattr(item, name) for name in ("id", "verdict", "score", "share", "title", "date", "url")}
                | {"metadata": {}, "comparison": item.comparison.to_dict()}
                for item in self.originals
            ],
            "attribution": [
                {"suspect": text, "suspect_span": span, "original": self.originals[0].id if best else None, "sentence": text,
                 "original_spans": [span], "changed": 0.0}
                for text, span in zip(self.article.sentence_texts(), self.article.sentences, strict=True)
            ],
            "explained": 1.0,
            "compared": 5,
            "explanation": ["What was found."],
            "text": self.article.text,
            "ignored": [asdict(item) for item in self.article.ignored],
            "model": {"name": "default", "version": "0"},
        }  # fmt: skip

    def to_html(self) -> str:
        return "<!doctype html><title>trace</title>"


def _trace(detector: SpinDetector, article: Article, names: list[str]) -> Traced:
    found = []
    for name in names:
        comparison = detector.compare(article, Article.from_file(ROOT / f"data/examples/{name}.txt"))
        if comparison.verdict in ("spun", "reprint"):
            found.append(
                Original(name, f"Title <b>{name}</b>", "2025-03-01", "javascript:alert(1)", comparison.coverage, comparison)
            )
    return Traced(found, article)


def answer(sources: Sources, job: Job) -> Answer:
    """What a worker does, with the stand-in for the archive."""
    SpinDetector.trace = _trace  # type: ignore[attr-defined]
    work._archive = lambda _: ["independent", "original"]
    return work.answer(sources, job)


def prepare(sources: Sources) -> dict[str, str] | str:
    """What a worker does first; there is no archive to open."""
    return work.checked(Sources(sources.model))


SETTINGS = Settings(sources=Sources(archive="stand-in"), workers=1)


@asynccontextmanager
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Asks an application with the stand-in, without a socket."""
    pool = Pool(SETTINGS, answer, prepare)
    await pool.warm()
    transport = httpx.ASGITransport(create_app(SETTINGS, pool))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as asking:
        yield asking


@contextmanager
def served() -> Iterator[str]:
    """The address of a desk with the stand-in."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(create_app(SETTINGS, Pool(SETTINGS, answer, prepare)), port=0, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(20)

"""A desk with a small archive: the example original under a hostile title and address, and stories that have nothing to do with it."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx

from spindetect import Archive
from spindetect.web.app import create_app
from spindetect.web.pool import Pool
from spindetect.web.settings import Settings, Sources
from tests.conftest import ROOT


def settings(folder: Path) -> Settings:
    """Of a desk whose archive is made in a folder."""
    original = (ROOT / "data/examples/original.txt").read_text("utf-8")
    named = {
        "id": "original",
        "text": original,
        "title": "Title <b>original</b>",
        "date": "2025-03-01",
        "url": "javascript:alert(1)",
    }
    independent = {"id": "independent", "text": (ROOT / "data/examples/independent.txt").read_text("utf-8")}
    location = folder / "originals.lance"
    with Archive.open(location) as archive:
        archive.add([named, independent])
    return Settings(sources=Sources(archive=str(location)), workers=1)


@asynccontextmanager
async def client(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Asks an application with an archive, without a socket."""
    chosen = settings(folder)
    pool = Pool(chosen)
    await pool.warm()
    transport = httpx.ASGITransport(create_app(chosen, pool))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as asking:
        yield asking


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a desk with an archive."""
    import uvicorn

    chosen = settings(folder)
    server = uvicorn.Server(uvicorn.Config(create_app(chosen), port=0, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(20)

"""A desk that is served by the command line, as users start it, on a free port of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.conftest import ROOT

EXAMPLES = ROOT / "data/examples"
TEXTS = {path.stem: path.read_text("utf-8") for path in EXAMPLES.glob("*.txt")}
PAIR = {"suspect": TEXTS["spun"], "original": TEXTS["original"]}


@dataclass
class Desk:
    address: str
    process: subprocess.Popen[str]
    logs: list[str] = field(default_factory=list)

    def post(self, question: str, **options: object) -> httpx.Response:
        return httpx.post(f"{self.address}api/v1/{question}", timeout=180, **options)

    def get(self, path: str, **options: object) -> httpx.Response:
        return httpx.get(self.address + path, timeout=180, **options)

    def metric(self, name: str) -> float:
        return float(next(line.split()[1] for line in self.get("metrics").text.splitlines() if line.startswith(f"{name} ")))

    def wait_for(self, name: str, value: float, seconds: float = 60) -> bool:
        """Does a metric reach a value in time?"""
        deadline = time.monotonic() + seconds
        while self.metric(name) != value and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.metric(name) == value

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(200)


@contextmanager
def served(*arguments: str, **variables: str) -> Iterator[Desk]:
    """By its command, as users do."""
    with _running(["-c", "from spindetect.cli import main; main()", "serve", "--port", "0", *arguments], variables) as desk:
        yield desk


@contextmanager
def served_within(**limits: float) -> Iterator[Desk]:
    """With limits that the command has no options for, and one worker."""
    code = (
        "from spindetect.web.server import serve; from spindetect.web.settings import Limits, Settings; "
        f"settings = Settings(limits=Limits(**{limits!r}), workers=1); "
        "serve(settings, '127.0.0.1', 0, lambda address: print('The desk is at', address, flush=True))"
    )
    with _running(["-c", code], {}) as desk:
        yield desk


@contextmanager
def _running(command: list[str], variables: dict[str, str]) -> Iterator[Desk]:
    environment = {**os.environ, **variables}
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    desk = Desk("", process)
    reader = threading.Thread(target=lambda: desk.logs.extend(process.stderr), daemon=True)
    reader.start()
    try:
        line = process.stdout.readline()
        assert line.startswith("The desk is at http://"), "".join(desk.logs)
        desk.address = line.split()[4]
        yield desk
    finally:
        process.kill()
        process.wait(10)
        reader.join(10)


def connected(desk: Desk, *sent: bytes) -> socket.socket:
    host, port = desk.address.removeprefix("http://").rstrip("/").split(":")
    client = socket.create_connection((host, int(port)), timeout=60)
    for data in sent:
        client.sendall(data)
    return client


def closed(client: socket.socket, seconds: float) -> bool:
    """Does the server close the connection in time?"""
    client.settimeout(seconds)
    try:
        while client.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def raw(pair: dict[str, str]) -> bytes:
    """The bytes of a request to compare."""
    request = httpx.Request("POST", "http://localhost/api/v1/compare", json=pair)
    head = f"POST {request.url.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(request.content)}\r\n\r\n".encode() + request.content


def long_pair(stories: list, count: int = 20) -> dict[str, str]:
    """A pair that keeps a worker busy for seconds."""
    return {
        "suspect": "\n\n".join(story.rewrites[0].text for story in stories[:count]),
        "original": "\n\n".join(story.original for story in stories[:count]),
    }


def small_pdf(text: str) -> bytes:
    """A page of plain lines, as little of a PDF as readers accept."""
    words, lines = text.replace("(", "").replace(")", "").split(), []
    while words:
        lines.append(" ".join(words[:12]))
        words = words[12:]
    body = b"BT /F1 10 Tf 40 800 Td 12 TL " + b"".join(f"({line}) Tj T* ".encode("cp1252", "replace") for line in lines) + b"ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(body), body),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(data)


def small_docx(text: str, folder: Path) -> bytes:
    from docx import Document

    document = Document()
    for paragraph in text.split("\n\n"):
        document.add_paragraph(paragraph)
    path = folder / "article.docx"
    document.save(str(path))
    return path.read_bytes()

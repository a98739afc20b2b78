"""The contract of archives on a real Milvus server, from the PyPI package `milvus` in an environment of its own.

The server gets a network namespace to itself and is reached through a socket file, so that it listens on loopback alone.
"""

from __future__ import annotations

import itertools
import os
import selectors
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from spindetect import Archive, ArchiveError, Article
from tests.archive_contract import ArchiveContract, rows
from tests.conftest import ROOT

pytest.importorskip("pymilvus", reason="pymilvus is not installed (pip install 'spindetect[milvus]')")
SERVER = Path(__file__).with_name("milvus_server.py")
ENVIRONMENT = ROOT / "build/milvus"
NUMBERS = itertools.count()


def milvus_python():
    """The interpreter of an environment with the server, made if need be; None where it cannot be."""
    python = ENVIRONMENT / "bin/python"
    probe = "import milvus"
    if python.exists() and subprocess.run([python, "-c", probe], capture_output=True).returncode == 0:
        return python
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], capture_output=True)
    if made.returncode or subprocess.run([python, "-m", "pip", "install", "-q", "milvus==2.3.5"], capture_output=True).returncode:
        return None
    return python if subprocess.run([python, "-c", probe], capture_output=True).returncode == 0 else None


class Relay(socketserver.BaseRequestHandler):
    """From a loopback port to the socket file."""

    path = ""

    def handle(self):
        with socket.socket(socket.AF_UNIX) as upstream, selectors.DefaultSelector() as ready:
            upstream.connect(self.path)
            ready.register(self.request, selectors.EVENT_READ, upstream)
            ready.register(upstream, selectors.EVENT_READ, self.request)
            while True:
                for key, _ in ready.select():
                    data = key.fileobj.recv(2**16)
                    if not data:
                        return
                    key.data.sendall(data)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    unshare = shutil.which("unshare")
    # In a process namespace too: whatever ends the tests ends the server.
    command = [unshare, "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"]
    if not unshare or not shutil.which("ip") or subprocess.run([*command, "true"], capture_output=True).returncode:
        pytest.skip("no network namespace can be made here (unshare, ip): the Milvus server would listen on every interface")
    python = milvus_python()
    if python is None:
        pytest.skip("the PyPI package milvus 2.3.5 cannot be installed for this Python")
    folder = tmp_path_factory.mktemp("milvus")
    path = folder / "socket"
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, python, SERVER, folder / "data", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            env={name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
        )  # fmt: skip
    try:
        if process.stdout.readline().strip() != "ready":
            pytest.skip("the Milvus server did not start: " + (folder / "log").read_text()[-300:])
        handler = type("ToServer", (Relay,), {"path": str(path)})
        with Server(("127.0.0.1", 0), handler) as relay:
            threading.Thread(target=relay.serve_forever, daemon=True).start()
            yield f"127.0.0.1:{relay.server_address[1]}"
            relay.shutdown()
    finally:
        process.stdin.close()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


class TestMilvus(ArchiveContract):
    @pytest.fixture
    def location(self, address):
        return f"milvus://{address}/archive_{next(NUMBERS)}"


def test_half_an_article_counts_as_none(address, stories):
    place = f"milvus://{address}/archive_{next(NUMBERS)}"
    given = rows(stories, 3)
    with Archive.open(place) as archive:
        archive.add(given)
        store = archive._store
        gone = [row["row"] for row in store._client.query(store._name, filter="number == 1", output_fields=["row"])][:1]
        store._client.delete(store._name, ids=gone)
        assert sum(archive.get(row["id"]) is not None for row in given) == 2
        assert archive.search(Article.from_text(given[0]["text"]), 3)
        assert archive.add(given).added == 1
        assert all(archive.get(row["id"]) for row in given) and len(archive) == 3


def test_what_is_no_archive(address):
    for place, message in (
        (f"milvus://{address}/no-name", "letters and digits"),
        ("milvus://127.0.0.1:1/name", "no Milvus server"),
    ):
        with pytest.raises(ArchiveError, match=message):
            Archive.open(place)

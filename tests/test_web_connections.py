"""Who holds others up loses the connection, and nobody else does."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import ExitStack

import pytest

from tests.desk import PAIR, closed, connected, long_pair, raw, served_within

pytest.importorskip("fastapi")
import uvicorn
from uvicorn.server import ServerState

from spindetect.web.connections import Connection, close_stalled


def test_requests_that_trickle_in_are_dropped_and_others_answered():
    with served_within(read_seconds=3.0) as desk, ExitStack() as stack:
        head = b"POST /api/v1/screen HTTP/1.1\r\nHost: localhost\r\n"
        body = head + b"Content-Type: application/json\r\nContent-Length: 99\r\n\r\n"
        beginnings = (
            b"",
            b"P",
            head,
            body,
            body + b'{"',
            b"GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n",
        )
        slow = [stack.enter_context(connected(desk, beginning)) for beginning in beginnings for _ in range(20)]
        ended = threading.Event()

        def trickle() -> None:
            while not ended.wait(0.5):
                for client in slow[20:]:
                    try:
                        client.sendall(b" " if client.fileno() % 2 else b"a")
                    except OSError:
                        continue

        trickling = threading.Thread(target=trickle)
        trickling.start()
        try:
            assert desk.post("compare", json=PAIR).status_code == 200
            deadline = time.monotonic() + 30
            assert all(closed(client, max(0.1, deadline - time.monotonic())) for client in slow)
            assert desk.get("health").status_code == 200
        finally:
            ended.set()
            trickling.join(10)


def test_an_answer_that_is_not_taken_is_dropped():
    with served_within(read_seconds=2.0) as desk:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host, port = desk.address.removeprefix("http://").rstrip("/").split(":")
        client.connect((host, int(port)))
        client.settimeout(1)
        asked = 0
        with pytest.raises(OSError):  # first the buffers are full, then the connection is gone
            while asked < 200_000:
                client.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100)
                asked += 100
        time.sleep(8)
        client.settimeout(10)
        with client, pytest.raises(ConnectionError):
            while client.recv(1 << 20):
                pass
        assert desk.get("health").status_code == 200


def test_more_connections_than_allowed_close_the_idlest():
    with served_within(connections=20) as desk, ExitStack() as stack:
        silent = [stack.enter_context(connected(desk)) for _ in range(60)]
        assert desk.post("compare", json=PAIR).status_code == 200
        assert all(closed(client, 10) for client in silent[:40])


def test_idle_connections_make_room_and_those_that_wait_for_answers_do_not(stories):
    with served_within(connections=3, seconds=240.0) as desk, ExitStack() as stack:
        sending = stack.enter_context(connected(desk, b"GET /health HTTP/1.1\r\n"))
        idle = [stack.enter_context(connected(desk, b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")) for _ in range(2)]
        assert all(client.recv(65536).startswith(b"HTTP/1.1 200") for client in idle)
        assert desk.get("health").status_code == 200
        assert sum(closed(client, 1) for client in idle) == 1
        assert not closed(sending, 0.1)
        waiting = [stack.enter_context(connected(desk, raw(long_pair(stories)))) for _ in range(3)]
        time.sleep(0.5)
        assert desk.get("health").status_code == 503
        assert not any(closed(client, 0.1) for client in waiting)


def test_a_slow_reader_gets_the_whole_answer():
    size, patience = 6_000_000, 1.5

    async def application(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(size).encode())]})
        await send({"type": "http.response.body", "body": bytes(size)})

    def taken_by_and_by(port):
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            client.connect(("127.0.0.1", port))
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            taken = 0
            while data := client.recv(50_000):
                taken += len(data)
                time.sleep(0.05)
            return taken

    async def asked():
        config, state = uvicorn.Config(application, lifespan="off"), ServerState()
        server = await asyncio.get_running_loop().create_server(lambda: Connection(config, state, {}, most=9), "127.0.0.1", 0)
        reading = asyncio.create_task(asyncio.to_thread(taken_by_and_by, server.sockets[0].getsockname()[1]))
        while not reading.done():
            close_stalled(state.connections, patience)
            await asyncio.sleep(0.1)
        server.close()
        return await reading

    assert asyncio.run(asked()) > size

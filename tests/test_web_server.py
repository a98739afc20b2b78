"""Start, stop and rush hours of the desk, as supervisors and other clients meet them."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import httpx
import pytest

from tests.conftest import ROOT
from tests.desk import PAIR, Desk, closed, connected, long_pair, raw, served, served_within

pytest.importorskip("fastapi")
BUSY = ("--workers", "1", "--timeout", "240")
RUNNING, WAITING, HELD = "spindetect_jobs_running", "spindetect_jobs_waiting", "spindetect_held_bytes"


def asking(desk, pair):
    """A question that is under way, and a list that its answer will be in."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(desk.post("compare", json=pair)))
    thread.start()
    return thread, answers


def test_alive_at_once_and_ready_when_the_model_is_loaded():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["-c", "from spindetect.cli import main; main()", "serve", "--port", str(port), *BUSY]
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
    desk = Desk(f"http://127.0.0.1:{port}/", process)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                health = desk.get("health")
                break
            except httpx.ConnectError:
                assert time.monotonic() < deadline
                time.sleep(0.01)
        assert health.json() == {"status": "ok"}
        loading = desk.get("ready")
        assert loading.status_code == 503
        assert int(loading.headers["retry-after"]) >= 1
        assert desk.get("").status_code == 200
        assert desk.post("compare", json=PAIR).status_code == 200  # it waits for the model
        assert process.stdout.readline() == f"The desk is at {desk.address}  (stop it with Ctrl+C)\n"
        assert desk.get("ready").json() == {"status": "ready"}
        assert desk.stop() == 0
    finally:
        process.kill()
        process.wait(10)


def test_full_is_503_with_retry_after_and_passes(stories):
    with served(*BUSY, "--queue", "0") as desk:
        busy, answers = asking(desk, long_pair(stories))
        assert desk.wait_for(RUNNING, 1)
        refused = desk.post("compare", json=PAIR)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json()["error"]["code"] == "busy"
        assert desk.get("health").status_code == 200  # scoring holds nothing else up
        assert desk.get("ready").status_code == 503
        busy.join(240)
        assert answers[0].status_code == 200
        assert desk.post("compare", json=PAIR).status_code == 200


def test_told_to_stop_it_finishes_what_it_started_and_refuses_the_rest(stories):
    with served(*BUSY) as desk:
        begun, answers = asking(desk, long_pair(stories))
        assert desk.wait_for(RUNNING, 1)
        queued, refusals = asking(desk, PAIR)
        assert desk.wait_for(WAITING, 1)
        late = connected(desk, raw(PAIR)[:-1])
        stopping = threading.Thread(target=desk.stop)
        stopping.start()
        queued.join(30)
        assert begun.is_alive(), "the queued question is refused before the other one is answered"
        assert refusals[0].status_code == 503
        assert int(refusals[0].headers["retry-after"]) >= 1
        assert b"HTTP/1.1 503" in late.recv(65536)
        begun.join(240)
        assert answers[0].status_code == 200
        stopping.join(30)
        assert desk.process.returncode == 0
        with pytest.raises(httpx.ConnectError):
            desk.get("health")


def test_a_stop_takes_no_longer_than_a_request_may(stories):
    with served("--workers", "1", "--timeout", "2") as desk:
        busy, answers = asking(desk, long_pair(stories, 120))
        assert desk.wait_for(RUNNING, 1)
        waiting = connected(desk, raw(PAIR)[:20])
        started = time.monotonic()
        assert desk.stop() == 0
        assert time.monotonic() - started < 2 + 5 + 3
        assert closed(waiting, 5)
        busy.join(10)
        assert answers[0].status_code in (200, 504)


def test_supervisors_wait_for_longer_than_a_stop_takes():
    from spindetect.web.settings import Limits

    unit = (ROOT / "deploy/spindetect.service").read_text()
    compose = (ROOT / "compose.yaml").read_text()
    waits = [
        int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.M)[1]),
        int(re.search(r"stop_grace_period: (\d+)s$", compose, re.M)[1]),
    ]
    assert all(Limits().stop_seconds + 5 <= wait <= Limits().stop_seconds + 30 for wait in waits)


def test_the_question_of_a_client_that_has_gone_is_given_up(stories):
    with served(*BUSY) as desk:
        busy = connected(desk, raw(long_pair(stories, 300)))
        assert desk.wait_for(RUNNING, 1)
        queued = connected(desk, raw(PAIR))
        assert desk.wait_for(WAITING, 1)
        queued.close()
        assert desk.wait_for(WAITING, 0, 5), "it leaves the queue at once"
        started = time.monotonic()
        busy.close()
        assert desk.wait_for(RUNNING, 0, 20), "a worker is not held for a minute by nobody"
        assert time.monotonic() - started < 20
        assert desk.post("compare", json=PAIR).json()["verdict"] == "spun"
        assert 'path="/api/v1/compare",status="499"} 2.0' in desk.get("metrics").text


def whoever(_sources, _job=None):
    time.sleep(0.3)
    return {"name": str(os.getpid()), "version": ""}


def test_workers_stay_warm_through_a_quiet_hour(monkeypatch):
    import anyio
    from anyio import to_process

    from spindetect.web.pool import Pool
    from spindetect.web.settings import Settings
    from spindetect.web.work import Job

    async def asked_twice_at_once(pool):
        found = []

        async def ask():
            answer = await pool.run(Job("screen", (), "json", 0), anyio.sleep_forever)
            found.append(answer["name"])

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            group.start_soon(ask)
        return set(found)

    async def both():
        pool = Pool(Settings(workers=2), do=whoever, prepare=whoever)
        await pool.warm()
        before = await asked_twice_at_once(pool)
        now = to_process.current_time
        monkeypatch.setattr(to_process, "current_time", lambda: now() + 3600)
        return before, await asked_twice_at_once(pool)

    before, after = anyio.run(both)
    assert before == after and len(before) == 2


def test_large_requests_together_are_bounded():
    with served_within(held_bytes=3_000_000, read_seconds=240) as desk, ExitStack() as stack:
        head = b"POST /api/v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 3000000\r\n\r\n"
        slow = stack.enter_context(connected(desk, head, b" " * 2_900_000))
        assert desk.wait_for(HELD, 2_900_000)
        refused = desk.post("screen", json={"text": "a" * 200_000})
        assert refused.status_code == 503 and int(refused.headers["retry-after"]) >= 1
        assert desk.post("compare", json=PAIR).status_code == 200
        slow.close()
        assert desk.wait_for(HELD, 0)
        assert desk.post("screen", json={"text": "a" * 200_000}).status_code == 200


def test_the_image_is_made_of_files_that_are_there_and_asks_whether_it_is_alive():
    dockerfile = (ROOT / "Dockerfile").read_text()
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [name for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.M) for name in line.split()[:-1]]
    assert set(copied) == allowed
    assert all((ROOT / name).exists() for name in copied)
    assert re.search(r"^HEALTHCHECK .*\n.*:8000/health'", dockerfile, re.M)
    published = re.findall(r'ports: \["([^"]+)"\]', (ROOT / "compose.yaml").read_text())
    assert published and all(port.startswith("127.0.0.1:") for port in published)

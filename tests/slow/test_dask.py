"""Batches on a real Dask cluster: scheduler and two workers of the `dask` command, on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from spindetect.batch import run_batch
from spindetect.batch.cluster import connected
from tests.conftest import ROOT
from tests.test_batch import Collected, DeadlyTask

pytest.importorskip("distributed")
BIN = Path(sys.executable).parent
ROWS = 2_600


class DaskCluster:
    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self.processes = []
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show", "--scheduler-file", self.file
        )
        deadline = time.monotonic() + 60
        while not self.file.exists() or not self.file.read_text():
            assert time.monotonic() < deadline, "the scheduler does not start"
            time.sleep(0.1)
        self.address = json.loads(self.file.read_text())["address"]

    def worker(self, **environment: str) -> subprocess.Popen:
        return self._start(
            "worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--death-timeout", "60", **environment
        )

    def _start(self, *arguments: object, **environment: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [BIN / "dask", *map(str, arguments), "--no-dashboard"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env={**os.environ, **environment},
            cwd=self.file.parent,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in reversed(self.processes):
            kill(process)


def kill(process: subprocess.Popen) -> None:
    """The process and its children, as when a machine goes."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def cluster(tmp_path):
    started = DaskCluster(tmp_path)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def source(tmp_path_factory, stories):
    path = tmp_path_factory.mktemp("rows") / "in.jsonl"
    with path.open("w") as stream:
        for number in range(ROWS):
            story, other = stories[number % len(stories)], stories[number // len(stories) % len(stories)]
            suspect = (story.rewrites[0].text, story.independent, other.original)[number % 3]
            stream.write(json.dumps({"id": number, "suspect": suspect, "original": story.original}) + "\n")
    return path


@pytest.fixture(scope="module")
def expected(source, tmp_path_factory):
    target = tmp_path_factory.mktemp("alone") / "out.jsonl"
    assert start(source, target).wait() == 0
    return target.read_text()


def start(source, target, *options):
    command = [BIN / "spindetect", "batch", "compare", source, target, *options]
    return subprocess.Popen([str(part) for part in command], stderr=subprocess.PIPE, text=True)


def wait_for_rows(target, count):
    deadline = time.monotonic() + 300
    while not target.exists() or target.read_bytes().count(b"\n") < count:
        assert time.monotonic() < deadline, "no rows come"
        time.sleep(0.05)


def ended(process, seconds=400):
    _, err = process.communicate(timeout=seconds)
    return process.returncode, err


def test_a_worker_killed_on_the_way_costs_no_row_and_doubles_none(cluster, source, expected, tmp_path):
    workers = [cluster.worker(), cluster.worker()]
    target = tmp_path / "out.jsonl"
    run = start(source, target, "--scheduler", cluster.address)
    wait_for_rows(target, 256)
    kill(workers[0])
    code, err = ended(run)
    assert code == 0, err
    assert f"{ROWS} rows written, 0 of them errors" in err
    assert target.read_text() == expected


def test_a_scheduler_that_goes_is_told_in_one_line_and_the_run_is_resumed(cluster, source, expected, tmp_path):
    cluster.worker()
    target = tmp_path / "out.jsonl"
    run = start(source, target, "--scheduler", cluster.address)
    wait_for_rows(target, 256)
    kill(cluster.scheduler)
    code, err = ended(run)
    assert code == 2
    told = [line for line in err.splitlines() if not line.startswith("comparing:")]
    assert len(told) == 1 and "scheduler" in told[0] and "--resume" in told[0]
    run = start(source, target, "--resume")
    code, err = ended(run)
    assert code == 0 and "kept from before" in err
    assert target.read_text() == expected


def test_a_cluster_that_cannot_do_the_work_says_what_it_lacks(cluster, source, tmp_path):
    target = tmp_path / "out.jsonl"
    code, err = ended(start(source, target, "--scheduler", cluster.address))
    assert code == 2 and "has no workers" in err and len(err.splitlines()) == 1
    other = tmp_path / "other" / "spindetect"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text('__version__ = "0.0.1"\n')
    cluster.worker(PYTHONPATH=str(other.parent))
    code, err = ended(start(source, target, "--scheduler", cluster.address))
    assert code == 2 and "0.0.1" in err and "install spindetect" in err and len(err.splitlines()) == 1
    assert not target.exists()


def test_an_address_where_nobody_answers(source, tmp_path):
    code, err = ended(start(source, tmp_path / "out.jsonl", "--scheduler", "tcp://127.0.0.1:9"), 60)
    assert code == 2 and "no Dask scheduler answers" in err and len(err.splitlines()) == 1


def test_a_cluster_whose_workers_are_all_gone_ends_the_run(cluster, source, tmp_path):
    worker = cluster.worker()
    target = tmp_path / "out.jsonl"
    run = start(source, target, "--scheduler", cluster.address)
    wait_for_rows(target, 256)
    kill(worker)
    code, err = ended(run, 200)
    assert code == 2 and "no worker" in err and "--resume" in err and len(err.splitlines()) == 1


def test_a_row_that_kills_its_workers_is_an_error_and_costs_no_other(cluster):
    cluster.worker(PYTHONPATH=str(ROOT))
    output = Collected()
    lines = [json.dumps({"id": number}) for number in range(9)]
    with connected(cluster.address, DeadlyTask()) as workers:
        run_batch(lines, output, DeadlyTask(), workers)
    assert [row["id"] for row in output.rows] == list(range(9))
    assert [row["id"] for row in output.rows if "error" in row] == [5]

"""Load on the desk: a server started by its command on a free port of this machine, asked by 1, 8 and 64 clients at once.

Clients ask as fast as answers come, over connections that stay open. A client that is told 503 waits as long as the answer says
and asks again; its latency counts from the first try. Every answer is checked against the first one for the same pair. Memory is
that of the server and its workers together; it is flat if in the long run the last quarter's mean is within 5 % of the second
quarter's. Client and server share the machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.pairs import story_pairs

CLIENTS = (1, 8, 64)
_LONG_RUN = 8
"""The number of clients that ask ten times as often as the others, so that growth of memory would show."""
_DISTINCT = 48
_SAMPLES = 40
_FLAT = 0.05


@dataclass
class Load:
    """What a number of clients saw."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    other_verdicts: int = 0
    score_difference: float = 0.0
    megabytes: list[float] = field(default_factory=list)


def serve_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Throughput, latencies, errors and memory at each number of clients; ``--pairs`` requests each, ten times that for 8."""
    pairs, requests = story_pairs(_DISTINCT), arguments.pairs
    command = [sys.executable, "-c", "from spindetect.cli import main; main()", "serve", "--port", "0"]
    environment = {name: value for name, value in os.environ.items() if name != "SPINDETECT_TOKEN"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as server:  # noqa: S603
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            if "http://" not in line:
                raise SystemExit("the desk did not start: try `spindetect serve`")
            address = line.split()[4]
            known: dict[int, dict[str, Any]] = {}
            rows = []
            for clients in CLIENTS:
                count = requests * (10 if clients == _LONG_RUN else 1)
                load = asyncio.run(_loaded(address, pairs, clients, count, known, server.pid))
                rows.append(_row(clients, count, load))
                print(_line(rows[-1]), file=sys.stderr, flush=True)
        finally:
            server.terminate()
            code = server.wait(120)
    held = _held(rows, code)
    for what, is_so in held.items():
        print(f"{what.replace('_', ' ')}: {'yes' if is_so else 'NO'}", file=sys.stderr)
    return {"question": "compare with full evidence", "loads": rows, "held": held}


def _held(rows: Sequence[dict[str, Any]], code: int) -> dict[str, bool]:
    """What the desk promises under load."""
    memory = next(row["resident_mb"] for row in rows if row["clients"] == _LONG_RUN)
    return {
        "nothing_lost": all(row["lost"] == 0 for row in rows),
        "no_error_but_503": all(row["other_errors"] == 0 for row in rows),
        "same_verdicts_throughout": all(row["verdicts_unlike_the_first"] == 0 for row in rows),
        "memory_flat": abs(memory["last_quarter"] - memory["second_quarter"]) <= _FLAT * memory["second_quarter"],
        "exit_code_0_after_sigterm": code == 0,
    }


async def _loaded(
    address: str, pairs: Sequence[tuple[str, str]], clients: int, count: int, known: dict[int, dict[str, Any]], pid: int
) -> Load:
    load = Load()
    numbers = iter(range(count))
    every = max(1, count // _SAMPLES)
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits, trust_env=False) as http:

        async def client() -> None:
            for number in numbers:
                which = number % len(pairs)
                suspect, original = pairs[which]
                started = time.perf_counter()
                answer = await _answer(http, {"suspect": suspect, "original": original}, load)
                if answer is not None:
                    load.latencies.append(time.perf_counter() - started)
                    first = known.setdefault(which, answer)
                    load.other_verdicts += first["verdict"] != answer["verdict"]
                    load.score_difference = max(load.score_difference, abs(first["score"] - answer["score"]))
                if number % every == every - 1:
                    load.megabytes.append(_resident_megabytes(pid))

        started = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        load.seconds = time.perf_counter() - started
    return load


async def _answer(http: httpx.AsyncClient, body: dict[str, str], load: Load) -> dict[str, Any] | None:
    while True:
        try:
            response = await http.post("api/v1/compare", json=body)
        except httpx.HTTPError as error:
            load.failures.append(type(error).__name__)
            return None
        load.statuses[response.status_code] += 1
        if response.status_code == 200:
            answer = response.json()
            return {"verdict": answer["verdict"], "score": answer["score"]}
        if response.status_code != 503:
            return None
        await asyncio.sleep(float(response.headers["Retry-After"]))


def _resident_megabytes(pid: int) -> float:
    """Of a process and its children; Linux only, else 0."""
    total = 0
    for number in itertools.chain([pid], _children(pid)):
        try:
            status = Path(f"/proc/{number}/status").read_text()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return round(total / 1024, 1)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _row(clients: int, count: int, load: Load) -> dict[str, Any]:
    cuts = statistics.quantiles(load.latencies, n=100, method="inclusive") if len(load.latencies) > 1 else [0.0] * 99
    return {
        "clients": clients,
        "requests": count,
        "answered": len(load.latencies),
        "lost": count - len(load.latencies),
        "refused_503_and_asked_again": load.statuses[503],
        "other_errors": sum(load.statuses.values()) - load.statuses[200] - load.statuses[503] + len(load.failures),
        "verdicts_unlike_the_first": load.other_verdicts,
        "largest_score_difference": round(load.score_difference, 4),
        "requests_per_second": round(len(load.latencies) / load.seconds, 1),
        "latency_ms": {name: round(1000 * cuts[at - 1], 1) for name, at in (("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99))}
        | {"max": round(1000 * max(load.latencies, default=0.0), 1)},
        "resident_mb": {
            "second_quarter": _mean_of_quarter(load.megabytes, 1),
            "last_quarter": _mean_of_quarter(load.megabytes, 3),
            "most": max(load.megabytes, default=0.0),
        },
    }


def _mean_of_quarter(samples: Sequence[float], which: int) -> float:
    part = samples[which * len(samples) // 4 : (which + 1) * len(samples) // 4]
    return round(statistics.fmean(part), 1) if part else 0.0


def _line(row: dict[str, Any]) -> str:
    latency = ", ".join(f"{name} {value:.0f}" for name, value in row["latency_ms"].items())
    return (
        f"{row['clients']:3d} clients: {row['requests_per_second']:6.1f} requests a second; ms {latency}; "
        f"lost {row['lost']}, errors {row['other_errors']}, 503 {row['refused_503_and_asked_again']}; "
        f"MB {row['resident_mb']['second_quarter']:.0f} to {row['resident_mb']['last_quarter']:.0f}"
    )

"""Load on the desk: a server started by its command on a free port of this machine, asked by 1, 8 and 64 clients at once.

Clients ask as fast as answers come, over connections that stay open. A client that is told 503 waits as long as the answer says
and asks again; its latency counts from the first try. Every suspect ends in a sentence of invented words, so that no request is
like another, caches of words have something to grow by, and an answer shows whose it is. Memory is that of the server and its
workers together; it is flat if in each long run the last quarter's mean is at most 5 % above the second quarter's. Client and
server share the machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
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
from spindetect import Article

CLIENTS = (1, 8, 64)
_LONG_RUNS = (8, 64)
"""The numbers of clients that ask ten times as often as one, so that growth of memory would show."""
_DISTINCT = 48
_STRIDE = 20
"""From story to story and on to its other versions: reports, reprints and rewrites all come."""
_INVENTED = 25
_SAMPLES = 40
_FLAT = 0.05


@dataclass
class Load:
    """What a number of clients saw."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    misdirected: int = 0
    megabytes: list[float] = field(default_factory=list)


def serve_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Throughput, latencies, errors and memory at each number of clients; ``--pairs`` requests, ten times that in a long run."""
    pairs, requests = story_pairs(_DISTINCT * _STRIDE)[::_STRIDE], arguments.pairs
    command = [sys.executable, "-c", "from spindetect.cli import main; main()", "serve", "--port", "0"]
    environment = {name: value for name, value in os.environ.items() if name != "SPINDETECT_TOKEN"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as server:  # noqa: S603
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            if "http://" not in line:
                raise SystemExit("the desk did not start: try `spindetect serve`")
            address = line.split()[4]
            rows = []
            for clients in CLIENTS:
                count = requests * (10 if clients in _LONG_RUNS else 1)
                load = asyncio.run(_loaded(address, pairs, clients, count, server.pid))
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
    memory = [row["resident_mb"] for row in rows if row["clients"] in _LONG_RUNS]
    return {
        "nothing_lost": all(row["lost"] == 0 for row in rows),
        "no_error_but_503": all(row["other_errors"] == 0 for row in rows),
        "every_answer_to_its_question": all(row["misdirected"] == 0 for row in rows),
        "memory_flat": all(used["last_quarter"] <= (1 + _FLAT) * used["second_quarter"] for used in memory),
        "exit_code_0_after_sigterm": code == 0,
    }


async def _loaded(address: str, pairs: Sequence[tuple[str, str]], clients: int, count: int, pid: int) -> Load:
    load = Load()
    numbers = iter(range(count))
    every = max(1, count // _SAMPLES)
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits, trust_env=False) as http:

        async def client() -> None:
            for number in numbers:
                suspect, original = pairs[number % len(pairs)]
                ending = _invented(random.Random(f"{clients} {number}"))
                started = time.perf_counter()
                text = f"{suspect}\n\n{ending}"
                answer = await _answer(http, {"suspect": text, "original": original}, load)
                if answer is not None:
                    load.latencies.append(time.perf_counter() - started)
                    load.misdirected += answer["texts"]["suspect"] != Article.from_text(text).text
                if number % every == every - 1:
                    load.megabytes.append(_resident_megabytes(pid))

        started = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        load.seconds = time.perf_counter() - started
    return load


def _invented(chance: random.Random) -> str:
    words = ("".join(chance.choice("bdfglmnprstv") + chance.choice("aeiou") for _ in range(3)) for _ in range(_INVENTED))
    return " ".join(words).capitalize() + "."


async def _answer(http: httpx.AsyncClient, body: dict[str, str], load: Load) -> dict[str, Any] | None:
    while True:
        try:
            response = await http.post("api/v1/compare", json=body)
        except httpx.HTTPError as error:
            load.failures.append(type(error).__name__)
            return None
        load.statuses[response.status_code] += 1
        if response.status_code == 200:
            return dict(response.json())
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
        "misdirected": load.misdirected,
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

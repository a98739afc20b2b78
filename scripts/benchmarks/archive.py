"""Suite `archive`: adding, size, memory, finding, and a kill in the middle, at growing sizes; MinHash LSH beside it."""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from benchmarks.measuring import load_average, milliseconds, print_targets, resident_mb, row
from benchmarks.suspects import ROOT, Suspect, distractors, originals, rewritten, stories_of
from spindetect import Archive, Article

FOUND = 12
"""As many as `trace` compares."""
_PERMUTATIONS, _LSH_THRESHOLD = 128, 0.1


def archive_at(size: int, corpora: Path | None, made_anew: bool) -> tuple[Path, dict[str, Any]]:
    """Where an archive of a size is, and how making it went; nothing where it was there."""
    place = ROOT / f"build/benchmark-{size}.lance"
    if place.exists() and not made_anew:
        return place, {}
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(exist_ok=True)
    resident: list[int] = []
    start, start_cpu = time.perf_counter(), time.process_time()
    with Archive.open(place) as archive:
        archive.add(articles(size, corpora), progress=lambda count: resident.append(resident_mb()))
        seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
        info = archive.info()
    tail = resident[len(resident) // 5 :]
    return place, {
        "articles": info.articles,
        "passages": info.passages,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "articles_per_second": round(info.articles / seconds, 1),
        "resident_mb_after_a_fifth": tail[0],
        "resident_mb_at_most_after_that": max(tail),
        "disk_mb": round(info.store["bytes"] / 2**20),
        "index": info.store["index"],
    }


def articles(size: int, corpora: Path | None) -> Iterator[dict[str, str]]:
    """The test stories' texts, filled up with distractors."""
    own = list(originals(stories_of("test")))
    return islice(chain(own, distractors(size - len(own), corpora)), size)


def archive_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure at every size."""
    suspects = list(rewritten(stories_of("test")))
    suspects = random.Random(0).sample(suspects, min(arguments.suspects or 300, len(suspects)))
    sizes = []
    for size in arguments.sizes:
        place, made = archive_at(size, arguments.corpora, made_anew=True)
        found = _finding(place, suspects)
        sizes.append({**made, **found, "minhash_lsh": _minhash(size, arguments.corpora, suspects)})
        print({"articles": size, **sizes[-1]}, flush=True)
    killed = _killed(arguments.corpora)
    largest = sizes[-1]
    growth = largest["resident_mb_at_most_after_that"] - largest["resident_mb_after_a_fifth"]
    targets = [
        row(f"adding to an archive of {largest['articles']:,}", "200 articles a second", largest["articles_per_second"],
            largest["articles_per_second"] >= 200),
        row("memory while adding, after the first fifth", "flat", f"{growth:+} MB at most", growth <= 300),
        row("kill -9 during an addition", "every acknowledged article there, none half there, the next carries on", killed,
            killed["acknowledged_missing"] == killed["half_there"] == 0 and killed["after_next_addition"] == killed["given"]),
    ]  # fmt: skip
    print_targets(targets)
    return {"sizes": sizes, "kill": killed, "targets": targets, "load_average": load_average()}


def _finding(place: Path, suspects: list[Suspect]) -> dict[str, Any]:
    """How long a search takes before any comparison, and whether the original is among the first."""
    times, ranks = [], []
    with Archive.open(place) as archive:
        prepared = [Article.from_text(suspect.text) for suspect in suspects]
        archive.search(prepared[0], FOUND)
        start_cpu = time.process_time()
        for suspect, article in zip(suspects, prepared, strict=True):
            start = time.perf_counter()
            found = archive.search(article, FOUND)
            times.append(time.perf_counter() - start)
            ids = [item.entry.id for item in found]
            ranks.append(ids.index(suspect.originals[0]) if suspect.originals[0] in ids else FOUND)
        cpu = time.process_time() - start_cpu
    spent = round(1000 * cpu / len(suspects), 1)
    return {"search": milliseconds(times), "search_cpu_ms": spent, **{f"recall_at_{k}": _share(ranks, k) for k in (1, 5, FOUND)}}


def _share(ranks: list[int], within: int) -> float:
    return round(sum(rank < within for rank in ranks) / len(ranks), 4)


def _minhash(size: int, corpora: Path | None, suspects: list[Suspect]) -> dict[str, Any]:
    """Word trigrams, 128 permutations, ranked by estimated Jaccard similarity (Broder 1997)."""
    from datasketch import MinHash, MinHashLSH

    def sketch(text: str) -> Any:
        words = Article.from_text(text).words
        grams = {" ".join(words[start : start + 3]).encode() for start in range(max(1, len(words) - 2))}
        made = MinHash(num_perm=_PERMUTATIONS)
        made.update_batch(list(grams))
        return made

    index = MinHashLSH(threshold=_LSH_THRESHOLD, num_perm=_PERMUTATIONS)
    kept = {}
    start = time.perf_counter()
    for item in articles(size, corpora):
        kept[item["id"]] = sketch(item["text"])
        index.insert(item["id"], kept[item["id"]])
    seconds = time.perf_counter() - start
    times, ranks = [], []
    for suspect in suspects:
        start = time.perf_counter()
        own = sketch(suspect.text)
        found = sorted(index.query(own), key=lambda name: -own.jaccard(kept[name]))[:FOUND]
        times.append(time.perf_counter() - start)
        ranks.append(found.index(suspect.originals[0]) if suspect.originals[0] in found else FOUND)
    recalls = {f"recall_at_{k}": _share(ranks, k) for k in (1, 5, FOUND)}
    return {"articles_per_second": round(size / seconds, 1), "search": milliseconds(times), **recalls}


_ADDING = """
import sys
from pathlib import Path
sys.path.insert(0, {scripts!r})
from benchmarks.archive import articles
from spindetect import Archive
done = 0
def progress(count):
    global done
    done += count
    print(done, flush=True)
Archive.open({place!r}).add(articles({size}, None), progress=progress)
"""


def _killed(corpora: Path | None, size: int = 5_000) -> dict[str, int]:
    """Kill an addition in the middle, look, and run it again."""
    place = ROOT / "build/benchmark-killed.lance"
    shutil.rmtree(place, ignore_errors=True)
    code = _ADDING.format(scripts=str(ROOT / "scripts"), place=str(place), size=size)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    acknowledged = 0
    while acknowledged < size // 3:
        acknowledged = int(process.stdout.readline())
    time.sleep(0.3)
    process.kill()
    rest = process.communicate()[0].split()
    acknowledged = int(rest[-1]) if rest else acknowledged
    texts = {item["id"]: item["text"] for item in articles(size, None)}
    with Archive.open(place) as archive:
        there = {entry.id for entry in archive.list()}
        stored = archive.fetch(sorted(there))
        half = sum(item.article.text != Article.from_text(texts[item.entry.id]).text for item in stored)
        missing = sum(name not in there for name in list(texts)[:acknowledged])
        archive.add(articles(size, None))
        after = len(archive)
    shutil.rmtree(place)
    return {
        "given": size, "acknowledged": acknowledged, "there": len(there), "acknowledged_missing": missing, "half_there": half,
        "after_next_addition": after,
    }  # fmt: skip

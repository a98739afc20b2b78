"""Speed of the shipped model, written to build/benchmark-<suite>.json.

`compare`: article pairs a second on one core through `spindetect batch compare`'s own code path, from JSON lines to JSON
lines, without evidence; with full evidence; and, as the yardstick, encoding the same sentences once with
all-MiniLM-L6-v2 on the same core. `screen`: texts a second without an
original, on one core. `serve`: the desk under load, see benchmarks/serve.py. The pairs
are the stories of data/, cut to about 400 words a side.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"  # one core, set before numpy is loaded
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from spindetect import Article, SpinDetector, __version__  # noqa: E402
from spindetect.batch import run_batch  # noqa: E402
from spindetect.training.corpus import load_stories  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
WORDS = 400


def pairs(count: int) -> list[tuple[str, str]]:
    """``count`` pairs of about 400 words a side: rewrites, reprints and reports against their originals."""
    stories = load_stories(ROOT / "data/stories")
    found = []
    for number in range(count):
        story, other = stories[number % len(stories)], stories[(number * 7 + 1) % len(stories)]
        texts = [story.independent, story.reprint, *(rewrite.text for rewrite in story.rewrites)]
        suspect = texts[(number // len(stories)) % len(texts)]
        found.append((_filled(suspect, other.independent), _filled(story.original, other.original)))
    return found


def _filled(text: str, filler: str) -> str:
    paragraphs = [*text.split("\n\n"), *filler.split("\n\n")]
    taken: list[str] = []
    while paragraphs and sum(len(part.split()) for part in taken) < WORDS:
        taken.append(paragraphs.pop(0))
    return "\n\n".join(taken)


def timed(work: Callable[[], object], repeats: int) -> float:
    """Median seconds of ``repeats`` runs after one that warms up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def compare_suite(count: int, repeats: int) -> dict[str, Any]:
    """Pairs a second, and the ratio to MiniLM's encoding time."""
    chosen = pairs(count)
    rows = "".join(json.dumps({"id": n, "suspect": s, "original": o}) + "\n" for n, (s, o) in enumerate(chosen))
    batch = timed(lambda: run_batch(io.StringIO(rows), io.StringIO(), jobs=1), repeats)
    detector = SpinDetector.load()
    few = chosen[: max(1, count // 8)]
    evidence = timed(lambda: [detector.compare(*pair) for pair in few], repeats) / len(few)
    words = [len(text.split()) for pair in chosen for text in pair]
    result = {
        "pairs": count,
        "words_per_article": round(statistics.mean(words)),
        "pairs_per_second": round(count / batch, 1),
        "pairs_per_second_with_evidence": round(1 / evidence, 1),
    }
    yardstick = _minilm_seconds(few)
    if yardstick is not None:
        result["minilm_encoding_pairs_per_second"] = round(len(few) / yardstick, 1)
        result["times_faster_than_minilm_encoding"] = round((yardstick / len(few)) / (batch / count), 1)
    return result


def _minilm_seconds(chosen: list[tuple[str, str]]) -> float | None:
    try:
        import torch

        from spindetect.encoder import PACKAGED_MINILM, TransformerEncoder
    except ImportError:
        print("sentence-transformers is not installed: no yardstick", file=sys.stderr)
        return None
    torch.set_num_threads(1)
    encoder = TransformerEncoder(PACKAGED_MINILM)
    sentences = [sentence for pair in chosen for text in pair for sentence in Article.from_text(text).sentence_texts()]
    return timed(lambda: encoder.encode(sentences), 1)


def screen_suite(count: int, repeats: int) -> dict[str, Any]:
    """Texts of about 400 words screened in a second on one core."""
    detector = SpinDetector.load()
    texts = [suspect for suspect, _ in pairs(count // 4)]
    seconds = timed(lambda: [detector.screen(text) for text in texts], repeats)
    return {
        "texts": len(texts),
        "words_per_text": round(statistics.mean(len(text.split()) for text in texts)),
        "texts_per_second": round(len(texts) / seconds, 1),
    }


def serve_load(count: int, _: int) -> dict[str, Any]:
    """The desk under load: ``count`` requests by 1 and by 64 clients, ten times as many by 8."""
    from benchmarks.serve import serve_suite

    return serve_suite(pairs(count), count)


SUITES: dict[str, Callable[[int, int], dict[str, Any]]] = {"compare": compare_suite, "screen": screen_suite, "serve": serve_load}


def main() -> int:
    """Run a suite, print it, save it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=list(SUITES), nargs="?", default="compare")
    parser.add_argument("--pairs", type=int, default=504, help="pairs, or texts, in a run")
    parser.add_argument("--repeats", type=int, default=3, help="runs, of which the median counts")
    arguments = parser.parse_args()
    result = {
        "suite": arguments.suite,
        "machine": {"cores": os.cpu_count(), "architecture": platform.machine(), "python": platform.python_version()},
        "spindetect": __version__,
        **SUITES[arguments.suite](arguments.pairs, arguments.repeats),
    }
    target = ROOT / f"build/benchmark-{arguments.suite}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())

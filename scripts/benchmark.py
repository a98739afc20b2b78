"""Speed of the shipped model, printed and written to build/benchmark-<suite>.json.

`compare`: article pairs a second on one core through `spindetect batch compare`'s own code path, from JSON lines to JSON
lines, without evidence, related texts and unrelated ones; with full evidence; and, as the yardstick, encoding the same
sentences once with all-MiniLM-L6-v2 on the same core. `screen`: texts a second without an original, on one core. `batch`:
100 to 100,000 pairs from file to file on all cores, a Dask cluster of which a worker is killed, and
ready-made measures on one core. The pairs are the stories of data/, cut to about 400 words a side.
`archive` and `trace`: archives of growing size, and what is found in them. `retrieval`: what their rows and index were chosen by.
`serve`: the desk under load. `cost`: how time and memory grow with the length of the texts, to 200,000 words. `regression`:
ratios to a yardstick, against docs/figures/benchmark-regression.json (a minute); exit code 1 if one is over 1.3 times as large.
`targets`: what the others, as they last ran here, said of their targets.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"  # one core, set before numpy is loaded
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from spindetect import __version__  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
SUITES = ("compare", "screen", "batch", "archive", "trace", "retrieval", "serve", "cost", "regression", "targets")
"""Each a module of benchmarks/ with a function `<name>_suite`."""


def main() -> int:
    """Run a suite, print it, save it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=SUITES, nargs="?", default="compare")
    parser.add_argument("--pairs", type=int, default=504, help="pairs, or texts, in a run")
    parser.add_argument("--repeats", type=int, default=3, help="runs, of which the median counts")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="articles in the archives")
    parser.add_argument("--suspects", type=int, default=0, help="how many suspects; default: all")
    parser.add_argument("--corpora", type=Path, help="folder with bbc_2004.jsonl, for distractors")
    parser.add_argument("--accept", action="store_true", help="regression: commit the measured ratios")
    arguments = parser.parse_args()
    suite: Callable[[argparse.Namespace], dict[str, Any]]
    suite = getattr(import_module(f"benchmarks.{arguments.suite}"), f"{arguments.suite}_suite")
    result = {
        "suite": arguments.suite,
        "machine": {"cores": os.cpu_count(), "architecture": platform.machine(), "python": platform.python_version()},
        "spindetect": __version__,
        **suite(arguments),
    }
    target = ROOT / f"build/benchmark-{arguments.suite}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(json.dumps(result, indent=1))
    for line in (worse := result.get("worse", [])):
        print(f"SLOWER  {line}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())

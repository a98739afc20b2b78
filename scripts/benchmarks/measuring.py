"""Times, memory, and shares with intervals."""

from __future__ import annotations

import os
import resource
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from spindetect.evaluation.tables import table

_RESAMPLES = 1_000


def resident_mb() -> int:
    """Resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    return pages * resource.getpagesize() // 2**20


def milliseconds(times: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile of seconds."""
    return {
        "median_ms": round(1000 * statistics.median(times), 1),
        "p95_ms": round(1000 * float(np.quantile(times, 0.95)), 1),
        "n": len(times),
    }


def share(hits: Sequence[bool], groups: Sequence[str]) -> dict[str, float]:
    """A share with its 95 % interval; groups (stories) are resampled whole. Of none or all, the interval is that of n rows: the
    other end of a share of 0 is 3/n."""
    values = np.array(hits, dtype=float)
    names, numbers = np.unique(np.array(groups), return_inverse=True)
    sums, sizes = np.bincount(numbers, values, len(names)), np.bincount(numbers, minlength=len(names))
    rng = np.random.default_rng(0)
    drawn = rng.integers(len(names), size=(_RESAMPLES, len(names)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = (float(value) for value in np.quantile(means, [0.025, 0.975]))
    least = 3 / len(values)
    if values.sum() in (0, len(values)):
        low, high = (0.0, least) if not values.any() else (1 - least, 1.0)
    return {"value": round(float(values.mean()), 4), "low": round(low, 4), "high": round(high, 4), "n": len(values)}


def load_average() -> float:
    """Processes that wanted the cores in the last minute: times taken over 2 on two cores are too long."""
    return round(os.getloadavg()[0], 1)


def row(what: str, target: str, measured: Any, met: bool) -> dict[str, Any]:
    """A line of the table of targets."""
    return {"what": what, "target": target, "measured": measured, "met": met}


def print_targets(rows: Sequence[dict[str, Any]]) -> None:
    for item in rows:
        print(f"{'met    ' if item['met'] else 'NOT MET'}  {item['what']}: {item['measured']} (target {item['target']})")


def targets_table(rows: list[dict[str, Any]]) -> list[str]:
    """The same as lines of Markdown, a blank one after them; none where there is no target."""
    shown = [[item["what"], item["target"], _said(item["measured"]), "yes" if item["met"] else "**no**"] for item in rows]
    return table(["what", "target", "measured", "met"], shown) if shown else []


def _said(value: Any) -> str:
    if isinstance(value, dict) and "low" in value:
        return f"{value['value']} ({value['low']} to {value['high']}; n = {value['n']})"
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in value.items())
    return str(value)

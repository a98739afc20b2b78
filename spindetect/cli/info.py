"""`spindetect info`."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

from rich.table import Table

from spindetect import __version__
from spindetect.bundle import default_folder, load_bundle
from spindetect.cli.console import answer
from spindetect.evaluation.tables import VERDICTS
from spindetect.scoring import CLASSES


def info_command(*, as_json: bool, model: str | None) -> None:
    """Show the model's name, place, encoder, threshold and figures."""
    folder = Path(model) if model else default_folder()
    bundle = load_bundle(folder)
    data: dict[str, Any] = {
        "spindetect": __version__,
        "python": platform.python_version(),
        "model": {"name": bundle.name, "version": bundle.version, "folder": str(folder)},
        "encoder": bundle.manifest["encoder"] or "static (all-MiniLM-L6-v2 distilled with model2vec)",
        "threshold": bundle.thresholds.shipped,
        "thresholds": [{"max_fpr": rate, "threshold": value} for rate, value in bundle.thresholds.table],
        "metrics": bundle.metrics,
    }
    if as_json:
        print(json.dumps(data))
        return
    answer.print(f"spindetect {__version__}, Python {data['python']}")
    answer.print(f"model {bundle.name} {bundle.version} in {folder}", markup=False, soft_wrap=True)
    answer.print(f"encoder {data['encoder']}; derived from probability {bundle.thresholds.shipped:.3f} on", soft_wrap=True)
    sources = bundle.metrics.get("held_out_stories", {}).get("sources", {})
    if sources:
        answer.print(_by_label(sources))
        answer.print(
            f"{len(sources)} kinds of pairs by themselves: spindetect info --json, or README.md in the model's folder",
            soft_wrap=True,
        )


def _by_label(sources: dict[str, Any]) -> Table:
    """Verdicts on held-out stories; the names of the sources end with the label in brackets."""
    table = Table("held-out, truly", "pairs", *VERDICTS)
    for label in CLASSES:
        rows = [row for name, row in sources.items() if name.endswith(f"({label})")]
        verdicts = [sum(row["verdicts"].get(verdict, 0) for row in rows) for verdict in VERDICTS]
        table.add_row(label, *(f"{count:,}" for count in (sum(row["n"] for row in rows), *verdicts)))
    return table

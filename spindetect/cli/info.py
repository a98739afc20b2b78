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
    answer.print(f"encoder {data['encoder']}; derived from probability {bundle.thresholds.shipped:.3f} on")
    rows = bundle.metrics.get("held_out_stories", {}).get("sources", {})
    if rows:
        table = Table("held-out stories", "n", "spun", "reprint", "independent", "inconclusive", title_justify="left")
        for name, row in rows.items():
            verdicts = [str(row["verdicts"].get(verdict, 0)) for verdict in ("spun", "reprint", "independent", "inconclusive")]
            table.add_row(name, str(row["n"]), *verdicts)
        answer.print(table)

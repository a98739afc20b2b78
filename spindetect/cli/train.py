"""`spindetect train` and `spindetect spin`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from spindetect.article import Article
from spindetect.cli.console import notes, progress_bar
from spindetect.errors import MissingExtraError


def train_command(data: Path, out: Path, *, encoder: str | None, seed: int) -> None:
    """Train and say what came of it."""
    try:
        from spindetect.training.pipeline import train_bundle
    except ImportError as error:
        raise MissingExtraError("Training", "train") from error
    with progress_bar(counted=False) as bar:
        tasks: dict[str, object] = {}

        def progress(step: str, share: float) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=1.0)
            bar.update(tasks[step], completed=share)  # type: ignore[arg-type]

        metrics = train_bundle(data, out, encoder=encoder, seed=seed, progress=progress)
    cross = metrics["cross_fitted"]
    notes.print(
        f"model written to {out}: {metrics['training_pairs']} pairs, {metrics['trained_on']}", markup=False, soft_wrap=True
    )
    notes.print(f"cross-fitted true-positive rate at 1 % false positives: {cross['tpr_at_1_percent']:.3f}")
    held_out = metrics["held_out_stories"].get("spun_against_independent")
    if held_out:
        figure = held_out["tpr_at_1_percent"]
        notes.print(f"held-out, the same: {figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})")


def spin_command(file: str, family: str, strength: float, seed: int, *, as_json: bool) -> None:
    """Print a spun text, or the text with its truth as JSON."""
    try:
        from spindetect.training.spinners import spin
    except ImportError as error:
        raise MissingExtraError("The research spinner", "train") from error
    result = spin(Article.from_file(file), family, strength, seed)
    print(json.dumps(asdict(result)) if as_json else result.text)

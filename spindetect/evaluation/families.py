"""Each spinner family left out of training in turn, measured on stories held out as well."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from spindetect.bundle import default_folder
from spindetect.encoder import StaticEncoder
from spindetect.evaluation.metrics import ranking, wilson_interval
from spindetect.evaluation.protocol import Progress, quiet
from spindetect.scoring import CLASSES
from spindetect.training.corpus import load_stories
from spindetect.training.fit import Prepared, apply, fit, prepare
from spindetect.training.labels import Recipe
from spindetect.training.pairs import story_pairs
from spindetect.training.pipeline import false_positive_thresholds

FAMILIES = ("thesaurus", "senses", "neighbours", "phrases", "clauses", "combined")
"""The families that change words; `structure` moves them only, so its output is a reprint."""
SPINS = 1
"""Half of what the shipped model is trained on: six retrainings take their time."""


def leave_families_out(
    stories: Path,
    families: Sequence[str] = FAMILIES,
    *,
    seed: int = 0,
    cache: joblib.Memory | None = None,
    progress: Progress = quiet,
) -> dict[str, Any]:
    """Retrain without each family (and without the combinations that use it) and measure on its output."""
    measure = cache.cache(_without, ignore=["data"]) if cache else _without
    data: list[list[Prepared]] = []
    results = {}
    fingerprint = _fingerprint(stories, seed)
    for family in families:
        progress(f"family left out: {family}")
        results[family] = measure(family, seed, fingerprint, data, stories)
    return results


def _fingerprint(stories: Path, seed: int) -> str:
    """Changes with the stories and with any module that has a part in training."""
    package = Path(__file__).parents[1]
    code = [path.read_bytes() for path in sorted([*package.glob("*.py"), *package.glob("training/**/*.py")])]
    return str(joblib.hash([load_stories(stories), Recipe(seed=seed), code]))


def _without(family: str, seed: int, fingerprint: str, data: list[list[Prepared]], stories: Path) -> dict[str, Any]:
    """``fingerprint`` keys the cache; ``data`` is filled once and shared by the families of a run."""
    if not data:
        words = StaticEncoder.from_folder(default_folder() / "encoder")
        everything = load_stories(stories)
        for split in ([s for s in everything if s.split != "test"], [s for s in everything if s.split == "test"]):
            data.append(prepare(story_pairs(split, Recipe(seed=seed, spins=SPINS)), words, None))
    excluded = {family, "combined"}
    known = [item for item in data[0] if not any(name in item.training.pair.id for name in excluded)]
    fitted = fit(known, seed)
    threshold = false_positive_thresholds(fitted).shipped
    own = [item for item in data[1] if item.training.pair.source == f"spinner {family}" and item.training.pair.label == "spun"]
    strangers = [item for item in data[1] if item.training.pair.label == "independent"]
    probabilities = apply(fitted.heads, [*own, *strangers])
    spun = probabilities[:, CLASSES.index("spun")]
    positive = np.arange(len(spun)) < len(own)
    called = (1 - probabilities[:, 0] >= threshold) & (spun >= probabilities[:, CLASSES.index("reprint")])
    groups = [item.training.pair.group for item in [*own, *strangers]]
    return {
        "ranking": ranking(spun, positive, groups),
        "called_spun": wilson_interval(int(called[positive].sum()), len(own)),
        "independents_called_spun": wilson_interval(int(called[~positive].sum()), len(strangers)),
    }

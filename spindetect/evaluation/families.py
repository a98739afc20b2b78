"""Spinner families, and topics, left out of training in turn; measured on stories held out as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from spindetect.bundle import default_folder
from spindetect.encoder import StaticEncoder
from spindetect.evaluation.metrics import ranking, true_positive_rate, wilson_interval
from spindetect.evaluation.protocol import Progress, quiet
from spindetect.scoring import CLASSES
from spindetect.training.corpus import LabelledPair, Story, load_stories
from spindetect.training.fit import Prepared, apply, fit, prepare
from spindetect.training.labels import Recipe, TrainingPair
from spindetect.training.pairs import story_pairs
from spindetect.training.pipeline import false_positive_thresholds

FAMILIES = ("thesaurus", "senses", "neighbours", "phrases", "clauses", "combined")
"""The families that change words; `structure` moves them only, so its output is a reprint."""
SPINS = 1
"""Half of what the shipped model is trained on: ten retrainings take their time."""
TOPIC_SETS = 3
EXPLAINERS = "explainers"


@dataclass
class LeaveOut:
    """Retrains without a part of the training pairs, and measures on it.

    Attributes:
        stories: folder of the stories.
        strangers: independent pairs of other sources, pooled with those of the stories.
    """

    stories: Path
    strangers: Sequence[LabelledPair] = ()
    seed: int = 0
    cache: joblib.Memory | None = None
    progress: Progress = quiet
    _known: list[Prepared] = field(default_factory=list, repr=False)
    _held_out: list[Prepared] = field(default_factory=list, repr=False)
    _others: list[Prepared] = field(default_factory=list, repr=False)

    def families(self, families: Sequence[str] = FAMILIES) -> dict[str, Any]:
        """Without each family, and without the combinations that use it; ``pooled_recall`` is the recall at 0.5 % false
        positives, all strangers included."""
        return {family: self._measured("family", family) for family in families}

    def topics(self) -> dict[str, Any]:
        """Without each set of topics: the explainers, and the other topics in three sets."""
        return {name: self._measured("topics", name) for name in _topic_sets(load_stories(self.stories))}

    def _measured(self, kind: str, name: str) -> dict[str, Any]:
        self.progress(f"{kind} left out: {name}")
        work: Callable[..., dict[str, Any]] = _without
        if self.cache is not None:
            work = self.cache.cache(_without, ignore=["data"])
        return work(kind, name, _fingerprint(self), data=self)

    def prepared(self) -> tuple[list[Prepared], list[Prepared], list[Prepared]]:
        """Training pairs, pairs of the test stories, and the strangers; made once."""
        if not self._known:
            words = StaticEncoder.from_folder(default_folder() / "encoder")
            everything, recipe = load_stories(self.stories), Recipe(seed=self.seed, spins=SPINS)
            self._known = prepare(story_pairs([s for s in everything if s.split != "test"], recipe), words, None)
            self._held_out = prepare(story_pairs([s for s in everything if s.split == "test"], recipe), words, None)
            self._others = prepare((TrainingPair(pair, "none") for pair in self.strangers), words, None)
        return self._known, self._held_out, self._others


def _fingerprint(data: LeaveOut) -> str:
    """Changes with the stories, the strangers and any module that has a part in training."""
    package = Path(__file__).parents[1]
    code = [path.read_bytes() for path in sorted([*package.glob("*.py"), *package.glob("training/**/*.py"), Path(__file__)])]
    return str(joblib.hash([load_stories(data.stories), Recipe(seed=data.seed), list(data.strangers), code]))


def _without(kind: str, name: str, fingerprint: str, data: LeaveOut) -> dict[str, Any]:
    """``fingerprint`` keys the cache in place of the data."""
    known, held_out, others = data.prepared()
    if kind == "family":
        excluded = {name, "combined"}
        known = [item for item in known if not excluded & set(item.training.pair.id.split("/")[1].split())]
        own = [item for item in held_out if item.training.pair.source == f"spinner {name}" and _is(item, "spun")]
        strangers = [item for item in held_out if _is(item, "independent")]
    else:
        ids = _topic_sets(load_stories(data.stories))[name]
        known = [item for item in known if item.training.pair.group not in ids]
        held_out = [item for item in held_out if item.training.pair.group in ids]
        own, strangers = ([item for item in held_out if _is(item, label)] for label in ("spun", "independent"))
    fitted = fit(known, data.seed)
    threshold = false_positive_thresholds(fitted).shipped
    probabilities = apply(fitted.heads, [*own, *strangers, *others])
    spun = probabilities[:, CLASSES.index("spun")]
    called = (1 - probabilities[:, 0] >= threshold) & (spun >= probabilities[:, CLASSES.index("reprint")])
    positive = np.arange(len(spun)) < len(own)
    here = np.arange(len(spun)) < len(own) + len(strangers)
    groups = [item.training.pair.group for item in [*own, *strangers]]
    return {
        "ranking": ranking(spun[here], positive[here], groups),
        "pooled_recall": _recall(spun, positive),
        "pooled_negatives": int((~positive).sum()),
        "called_spun": wilson_interval(int(called[positive].sum()), len(own)),
        "independents_called_spun": wilson_interval(int(called[here & ~positive].sum()), len(strangers)),
    }


def _is(item: Prepared, label: str) -> bool:
    return item.training.pair.label == label


def _recall(spun: np.ndarray, positive: np.ndarray) -> dict[str, float]:
    share = true_positive_rate(spun, positive, 0.005)
    return wilson_interval(round(share * positive.sum()), int(positive.sum()))


def _topic_sets(stories: Sequence[Story]) -> dict[str, set[str]]:
    """Ids of the stories of each set."""
    others = sorted({story.topic for story in stories} - {EXPLAINERS})
    sets = {EXPLAINERS: {EXPLAINERS}}
    for number in range(TOPIC_SETS):
        topics = others[number::TOPIC_SETS]
        sets[f"{topics[0]} and {len(topics) - 1} more"] = set(topics)
    return {name: {story.id for story in stories if story.topic in topics} for name, topics in sets.items()}

"""What an evaluation of the screening found: rows of the table, and what its page draws. Ids and figures, but for the worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from spindetect.evaluation.metrics import wilson_interval
from spindetect.evaluation.tables import interval, table
from spindetect.screening.results import Screening

Figure = dict[str, float]


@dataclass(frozen=True)
class Ranked:
    """Scores of spun texts and of human ones by a model that was trained without the spinner ``name``."""

    name: str
    positives: np.ndarray
    negatives: np.ndarray


@dataclass(frozen=True)
class Register:
    """Human texts of one register, and how many of them are called spun."""

    name: str
    n: int
    count: int

    @property
    def share(self) -> Figure:
        return wilson_interval(self.count, self.n)


@dataclass(frozen=True)
class Accused:
    """A human text with its score, and what the shipped model says of it."""

    id: str
    register: str
    screening: Screening

    def to_dict(self) -> dict[str, Any]:
        """No text of it."""
        score, verdict = round(self.screening.score, 4), self.screening.verdict
        return {"id": self.id, "register": self.register, "score": score, "verdict": verdict}


@dataclass(frozen=True)
class ByLength:
    """ROC AUC of a left-out family on openings of about so many words."""

    family: str
    words: int
    figure: Figure


@dataclass
class ScreenEvaluation:
    """Everything measured.

    Attributes:
        facts: model, seed, seconds.
        rows: of the table beside the targets.
        worst: human texts with the highest scores, worst first.
    """

    facts: dict[str, Any]
    rows: list[dict[str, Any]] = field(default_factory=list)
    families: list[Ranked] = field(default_factory=list)
    registers: list[Register] = field(default_factory=list)
    lengths: list[ByLength] = field(default_factory=list)
    worst: list[Accused] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """For JSON, with no text of the sources."""
        return {
            "facts": self.facts,
            "rows": self.rows,
            "registers": [{"register": item.name, "n": item.n, "count": item.count, **item.share} for item in self.registers],
            "lengths": [{"family": item.family, "words": item.words, **item.figure} for item in self.lengths],
            "worst": [item.to_dict() for item in self.worst],
        }


def register_table(registers: Sequence[Register]) -> list[str]:
    """Human texts called spun, as lines of Markdown."""
    return table(
        ("human texts", "n", "called spun", "share (95 % Wilson)"),
        [[item.name, str(item.n), str(item.count), interval(item.share)] for item in registers],
    )

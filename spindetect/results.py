"""Results: plain frozen dataclasses that know nothing of how they are shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from spindetect.cleaning import Ignored

Verdict = Literal["spun", "reprint", "independent", "inconclusive"]
Span = tuple[int, int]


@dataclass(frozen=True)
class Substitution:
    """A replaced word or phrase with its place in both cleaned texts and the relation between the two."""

    original: str
    suspect: str
    original_span: Span
    suspect_span: Span
    relation: str


@dataclass(frozen=True)
class Passage:
    """A run of suspect sentences that have a source: copied, spun or mixed."""

    kind: str
    suspect_span: Span
    original_spans: tuple[Span, ...]
    changed: float


@dataclass(frozen=True)
class FixedPoint:
    """A name or number of the original and what became of it: kept or lost."""

    kind: str
    text: str
    fate: str


@dataclass(frozen=True)
class Order:
    """Matched (suspect sentence, original sentence) numbers, and Kendall's tau of their order; None under two."""

    path: tuple[tuple[int, int], ...] = ()
    kendall_tau: float | None = None


@dataclass(frozen=True)
class ModelInfo:
    """Which model gave the answer."""

    name: str
    version: str


@dataclass(frozen=True)
class Score:
    """What a batch row holds.

    Attributes:
        verdict: spun, reprint, independent or inconclusive.
        score: calibrated probability that the suspect is a spun copy.
        probabilities: of independent, reprint and spun; they sum to 1.
        coverage: share of the suspect's words in sentences that come from the original.
        changed: share of those words that were replaced.
        reason: why an inconclusive verdict is one, else an empty string.
    """

    verdict: Verdict
    score: float
    probabilities: dict[str, float]
    coverage: float
    changed: float
    reason: str = ""

    def to_row(self) -> dict[str, Any]:
        """The fields of a batch row, without id."""
        return {
            "verdict": self.verdict,
            "score": round(self.score, 4),
            "probabilities": {name: round(value, 4) for name, value in self.probabilities.items()},
            "coverage": round(self.coverage, 4),
            "changed": round(self.changed, 4),
        }


@dataclass(frozen=True)
class Comparison(Score):
    """A suspect against an original, with the evidence. All spans point into ``texts``."""

    substitutions: tuple[Substitution, ...] = ()
    passages: tuple[Passage, ...] = ()
    fixed_points: tuple[FixedPoint, ...] = ()
    unsourced: tuple[Span, ...] = ()
    order: Order = Order()
    texts: dict[str, str] = field(default_factory=dict, repr=False)
    ignored: dict[str, tuple[Ignored, ...]] = field(default_factory=dict, repr=False)
    model: ModelInfo = ModelInfo("none", "0")

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for ``json.dumps``."""
        data = {**self.to_row(), "reason": self.reason}
        for name in ("substitutions", "passages", "fixed_points"):
            data[name] = [asdict(item) for item in getattr(self, name)]
        data["unsourced"] = [list(span) for span in self.unsourced]
        data["order"] = asdict(self.order)
        data["texts"] = dict(self.texts)
        data["ignored"] = {side: [asdict(item) for item in items] for side, items in self.ignored.items()}
        data["model"] = asdict(self.model)
        return data

"""Results: plain frozen dataclasses that know nothing of how they are shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from spindetect.cleaning import Ignored

if TYPE_CHECKING:
    from spindetect.verdicts import Thresholds

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
class SentenceLink:
    """A suspect sentence, the original sentences it was made from, and the share of its words that was replaced."""

    suspect_span: Span
    original_spans: tuple[Span, ...]
    changed: float


@dataclass(frozen=True)
class Passage:
    """A run of suspect sentences that have a source.

    Attributes:
        kind: copied, spun or mixed.
        suspect_span: from the first sentence to the last.
        original_spans: of the source sentences, in the original's order.
        changed: share of the passage's words that was replaced.
        sentences: the links it is made of.
    """

    kind: str
    suspect_span: Span
    original_spans: tuple[Span, ...]
    changed: float
    sentences: tuple[SentenceLink, ...] = ()


@dataclass(frozen=True)
class FixedPoint:
    """What a spinner keeps: a name, number, date or quotation of the original, and what became of it.

    Attributes:
        kind: name, number, date or quotation.
        text: as in the original.
        fate: kept, lost or changed.
        suspect: what stands in its place when it was changed.
    """

    kind: str
    text: str
    fate: str
    original_span: Span
    suspect: str | None = None
    suspect_span: Span | None = None


@dataclass(frozen=True)
class AlteredQuote:
    """A direct quotation with other words inside the marks than the original has; spans are those of the inside."""

    original: str
    suspect: str
    original_span: Span
    suspect_span: Span
    speaker: str | None = None


@dataclass(frozen=True)
class Contribution:
    """How far a feature moved the score: its value here, in a typical independent pair, and what the difference did."""

    feature: str
    value: float
    typical: float
    contribution: float


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
    altered_quotes: tuple[AlteredQuote, ...] = ()
    unsourced: tuple[Span, ...] = ()
    order: Order = Order()
    contributions: tuple[Contribution, ...] = ()
    texts: dict[str, str] = field(default_factory=dict, repr=False)
    ignored: dict[str, tuple[Ignored, ...]] = field(default_factory=dict, repr=False)
    model: ModelInfo = ModelInfo("none", "0")
    thresholds: Thresholds | None = field(default=None, repr=False)
    obstacle: str = field(default="", repr=False)

    def rethreshold(self, max_fpr: float) -> Comparison:
        """The same comparison with its verdict at another false-positive rate.

        Raises:
            InputError: a rate outside 0 to 1, or lower than the model was measured for.
        """
        from spindetect.verdicts import verdict_of

        if self.thresholds is None:
            return self
        threshold = self.thresholds.at(max_fpr)
        if self.obstacle:
            return self
        verdict, reason = verdict_of(self.probabilities, threshold)
        return replace(self, verdict=verdict, reason=reason)

    def explain(self) -> list[str]:
        """Five to eight plain sentences that state the facts, for a letter or a report; never intent."""
        from spindetect.explanation import explanation

        return explanation(self)

    def to_html(self) -> str:
        """One self-contained page with the evidence; everything from the texts is escaped."""
        from spindetect.report import comparison_page

        return comparison_page(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for ``json.dumps``."""
        data = {**self.to_row(), "reason": self.reason}
        for name in ("substitutions", "passages", "fixed_points", "altered_quotes", "contributions"):
            data[name] = [asdict(item) for item in getattr(self, name)]
        data["unsourced"] = [list(span) for span in self.unsourced]
        data["order"] = asdict(self.order)
        data["explanation"] = self.explain()
        data["texts"] = dict(self.texts)
        data["ignored"] = {side: [asdict(item) for item in items] for side, items in self.ignored.items()}
        data["model"] = asdict(self.model)
        return data

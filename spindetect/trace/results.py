"""What tracing a suspect gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from spindetect.cleaning import Ignored
from spindetect.results import Comparison, ModelInfo, Span, Verdict


@dataclass(frozen=True)
class TracedOriginal:
    """An article of the archive that the suspect, or a part of it, was made from.

    Attributes:
        id: the archive's; title, date and url may be empty.
        metadata: whatever else the archive keeps of it.
        share: of the suspect's words, those in sentences that this original explains, whatever else explains them too.
        is_part: the comparison is not of the whole suspect but of what the other originals leave unexplained of it.
        comparison: the suspect, or that part of it, against this original; without evidence where none was asked for.
    """

    id: str
    title: str
    date: str
    url: str
    metadata: Mapping[str, Any]
    share: float
    is_part: bool
    comparison: Comparison

    @property
    def verdict(self) -> Verdict:
        return self.comparison.verdict

    @property
    def score(self) -> float:
        """Calibrated probability that the suspect is a spun copy of this original."""
        return self.comparison.score

    def to_row(self) -> dict[str, Any]:
        """What a batch row holds of it."""
        return {"id": self.id, "verdict": self.verdict, "score": round(self.score, 4), "share": round(self.share, 4)}

    def to_dict(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        kept = {"title": self.title, "date": self.date, "url": self.url, "metadata": dict(self.metadata), "is_part": self.is_part}
        return {**self.to_row(), **kept, "comparison": self.comparison.to_dict()}


@dataclass(frozen=True)
class AttributedSentence:
    """A sentence of the suspect and where it comes from.

    Attributes:
        suspect: the sentence.
        suspect_span: its place in the suspect's cleaned text.
        original: id of the original that explains it best, or None.
        sentence: the original's sentence, or sentences, as they stand there; None without an original.
        original_spans: their places in the original's cleaned text.
        changed: share of the sentence's words that was replaced; 0 without an original.
    """

    suspect: str
    suspect_span: Span
    original: str | None = None
    sentence: str | None = None
    original_spans: tuple[Span, ...] = ()
    changed: float = 0.0


@dataclass(frozen=True)
class Trace:
    """A suspect traced to an archive.

    Attributes:
        verdict: that of the first original; independent where none was found; inconclusive for a suspect of under 40 words
            or not in English.
        originals: ranked; only those that the suspect was made from, and those that are too close to call.
        attribution: every sentence of the suspect, in order.
        text: the suspect's cleaned text.
        ignored: what was left out of the input.
        compared: how many articles of the archive were compared with the suspect.
        reason: why an inconclusive verdict is one.
    """

    verdict: Verdict
    originals: tuple[TracedOriginal, ...]
    attribution: tuple[AttributedSentence, ...]
    text: str = field(repr=False)
    ignored: tuple[Ignored, ...] = field(default=(), repr=False)
    compared: int = 0
    reason: str = ""
    model: ModelInfo = field(default_factory=lambda: ModelInfo("none", "0"))

    @property
    def explained(self) -> float:
        """Share of the suspect's words in sentences that have an original."""
        words = [(len(item.suspect.split()), item.original is not None) for item in self.attribution]
        total = sum(count for count, _ in words)
        return sum(count for count, found in words if found) / total if total else 0.0

    def attributed_to(self, identifier: str) -> tuple[AttributedSentence, ...]:
        """The sentences that one original explains best."""
        return tuple(item for item in self.attribution if item.original == identifier)

    def explain(self) -> list[str]:
        """Plain sentences that state the facts; never intent."""
        from spindetect.trace.explanation import explanation

        return explanation(self)

    def to_row(self) -> dict[str, Any]:
        """The fields of a batch row, without id."""
        return {"verdict": self.verdict, "originals": [original.to_row() for original in self.originals]}

    def to_html(self) -> str:
        """One self-contained page: the suspect with its sentences' originals, and the evidence; everything is escaped."""
        from spindetect.report.tracing import trace_page

        return trace_page(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for ``json.dumps``."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "originals": [original.to_dict() for original in self.originals],
            "attribution": [asdict(item) for item in self.attribution],
            "explained": round(self.explained, 4),
            "compared": self.compared,
            "explanation": self.explain(),
            "text": self.text,
            "ignored": [asdict(item) for item in self.ignored],
            "model": asdict(self.model),
        }

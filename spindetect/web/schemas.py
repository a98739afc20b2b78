"""What goes in and comes out, as OpenAPI describes it. The parts of an answer are the dataclasses that it is made of."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from spindetect.cleaning import Ignored
from spindetect.results import (
    AlteredQuote,
    Contribution,
    FixedPoint,
    ModelInfo,
    Order,
    Passage,
    Span,
    Substitution,
    Verdict,
)
from spindetect.screening.results import ScreeningVerdict, SuspectPassage, SuspectWord
from spindetect.web.work import Question

Share = Annotated[float, Field(ge=0, le=1)]
_ARTICLE = "The text of an article, or a whole web page; at least 40 words for a verdict."


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CompareRequest(_Request):
    """A suspect and the original that it may have been made from."""

    suspect: str = Field(description=_ARTICLE)
    original: str = Field(description=_ARTICLE)


class TextRequest(_Request):
    """A single text."""

    text: str = Field(description=_ARTICLE)


REQUESTS: dict[Question, type[_Request]] = {"compare": CompareRequest, "screen": TextRequest, "trace": TextRequest}


class _Response(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ComparisonResponse(_Response):
    """`Comparison.to_dict()`: all spans are [start, end) character offsets into `texts`."""

    verdict: Verdict
    score: Share = Field(description="calibrated probability that the suspect is a spun copy")
    probabilities: dict[str, Share] = Field(description="of independent, reprint and spun; they sum to 1")
    coverage: Share = Field(description="share of the suspect's words in sentences that come from the original")
    changed: Share = Field(description="share of those words that was replaced")
    reason: str = Field(description="why an inconclusive verdict is one, else empty")
    substitutions: list[Substitution]
    passages: list[Passage]
    fixed_points: list[FixedPoint]
    altered_quotes: list[AlteredQuote]
    unsourced: list[Span] = Field(description="suspect sentences without a source")
    order: Order
    contributions: list[Contribution]
    explanation: list[str] = Field(description="plain sentences that state the facts")
    texts: dict[str, str] = Field(description="the cleaned texts of suspect and original")
    ignored: dict[str, list[Ignored]] = Field(description="what was left out of each input")
    model: ModelInfo


class ScreeningResponse(_Response):
    """`Screening.to_dict()`: spans are [start, end) character offsets into `text`."""

    verdict: ScreeningVerdict
    score: Share = Field(description="calibrated probability that a tool reworded the text")
    words: list[SuspectWord]
    passages: list[SuspectPassage] = Field(description="the oddest sentences, worst first")
    text: str
    ignored: list[Ignored]
    model: ModelInfo
    reason: str


class TracedOriginalResponse(_Response):
    """An article of the archive that the suspect was made from."""

    id: str
    verdict: Verdict
    score: Share
    share: Share = Field(description="of the suspect's words, those in sentences that this original explains")
    is_part: bool = Field(description="the comparison is of what the other originals leave unexplained")
    title: str
    date: str
    url: str
    metadata: dict[str, Any]
    comparison: ComparisonResponse


class AttributedSentenceResponse(_Response):
    """A sentence of the suspect and where it comes from."""

    suspect: str
    suspect_span: Span
    original: str | None = Field(description="id of the original that explains it best")
    sentence: str | None
    original_spans: list[Span]
    changed: Share


class TraceResponse(_Response):
    """`Trace.to_dict()`: the originals that the text was made from, best first, and which sentence from which."""

    verdict: Verdict
    reason: str
    originals: list[TracedOriginalResponse]
    attribution: list[AttributedSentenceResponse]
    explained: Share = Field(description="share of the suspect's words in sentences that have an original")
    compared: int = Field(description="articles of the archive that were compared")
    explanation: list[str]
    text: str
    ignored: list[Ignored]
    model: ModelInfo


class ErrorDetail(_Response):
    """What was wrong."""

    code: str
    message: str = Field(description="one line that names the value and the remedy")


class ErrorResponse(_Response):
    """Every answer that is none."""

    error: ErrorDetail


class StatusResponse(_Response):
    """State of the server."""

    status: Literal["ok", "ready"]


class VersionResponse(_Response):
    """What answers."""

    spindetect: str
    api: str
    model: ModelInfo

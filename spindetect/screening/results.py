"""What screening a text without an original gives."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from spindetect.cleaning import Ignored
from spindetect.results import ModelInfo, Span

ScreeningVerdict = Literal["spun", "not spun", "inconclusive"]
_SHOWN, _SUGGESTED_FOR = 8, 12
_ODD = 0.5


@dataclass(frozen=True)
class SuspectWord:
    """A word, where it stands in the cleaned text, and the probability that it was put in the place of another.

    Attributes:
        suggestions: for the strongest words of a text, guesses at what a writer would more likely have used, best first;
            none where no word would be clearly less odd.
    """

    word: str
    span: Span
    suspicion: float
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class SuspectPassage:
    """A sentence whose words are more suspicious than those of the rest."""

    span: Span
    suspicion: float


@dataclass(frozen=True)
class Screening:
    """A screened text.

    Attributes:
        verdict: spun, not spun or inconclusive.
        score: calibrated probability that the text is spun.
        words: every word, in order.
        passages: the most suspicious sentences, worst first.
        text: the cleaned text that all spans point into.
        ignored: what was dropped from the input.
        model: which model.
        reason: why there is no verdict.
    """

    verdict: ScreeningVerdict
    score: float
    words: tuple[SuspectWord, ...]
    passages: tuple[SuspectPassage, ...]
    text: str
    ignored: tuple[Ignored, ...]
    model: ModelInfo
    reason: str = field(default="")

    def strongest(self, count: int = _SHOWN) -> list[SuspectWord]:
        """The most suspicious words, worst first, each spelling once."""
        first: dict[str, SuspectWord] = {}
        for item in sorted(self.words, key=lambda item: -item.suspicion):
            first.setdefault(item.word.casefold(), item)
        return list(first.values())[:count]

    def suggested_for(self) -> list[SuspectWord]:
        """The words that are odd and strong enough for suggestions, worst first."""
        return [item for item in self.strongest(_SUGGESTED_FOR) if item.suspicion >= _ODD]

    def explain(self) -> list[str]:
        """Plain sentences for a person; facts, never intent."""
        if not self.words:
            return [f"There is no verdict: {self.reason}."]
        strongest = self.strongest()
        odd = sum(item.suspicion >= _ODD for item in self.words)
        lines = [
            f"The probability that this text was reworded by a tool is {self.score:.2f}; the verdict is {self.verdict}.",
            f"Of {len(self.words)} words {odd} stand where another word would be more usual.",
            "Most unusual in their place: " + ", ".join(map(_with_guesses, strongest)) + ".",
            "No original was at hand: this is a reason to look for one, and no ground for an accusation by itself.",
        ]
        if any(item.suggestions for item in strongest):
            lines.insert(3, "Words in brackets are guesses at what a writer would more likely have used there.")
        if self.reason:
            lines.insert(1, f"There is no verdict because {self.reason}.")
        return lines

    def to_row(self) -> dict[str, Any]:
        """The fields of a batch row."""
        return {"verdict": self.verdict, "score": self.score}

    def to_html(self) -> str:
        """One self-contained page: the text with its suspicious words marked."""
        from spindetect.report.screening import screening_page

        return screening_page(self)

    def to_dict(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return asdict(self)


def _with_guesses(item: SuspectWord) -> str:
    guesses = ", ".join(f'"{word}"' for word in item.suggestions)
    return f'"{item.word}" ({guesses}?)' if guesses else f'"{item.word}"'

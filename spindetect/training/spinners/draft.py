"""A text on its way to being spun: tokens that remember where they come from, so that the truth is exact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from spindetect.article import Article
from spindetect.quotations import quotation_spans

_HOUSE_STYLE = frozenset([None, "spelling", "number format"])
"""Relations that leave a quotation what it was."""
_TOKEN = re.compile(r"[^\W_]+(?:['’.,:-](?=[^\W_])[^\W_]+)*|\s+|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark or white space of the draft.

    Attributes:
        text: what stands in the suspect.
        source: span in the original that it stands for; None for an addition.
        relation: how it differs from its source; None when it does not.
    """

    text: str
    source: tuple[int, int] | None = None
    relation: str | None = None

    @property
    def is_word(self) -> bool:
        return self.text[:1].isalnum()

    @property
    def is_untouched_word(self) -> bool:
        return self.relation is None and self.source is not None and self.is_word


@dataclass(frozen=True)
class DraftSentence:
    """A suspect sentence: its tokens, the original sentences it was made from, and whether a paragraph starts here."""

    tokens: tuple[Token, ...]
    sources: tuple[int, ...]
    starts_paragraph: bool = False

    @property
    def text(self) -> str:
        return "".join(token.text for token in self.tokens)

    def with_tokens(self, tokens: list[Token]) -> DraftSentence:
        return replace(self, tokens=tuple(tokens))


@dataclass(frozen=True)
class Substitution:
    """A replaced word or phrase: both spans and the relation between them."""

    original_span: tuple[int, int]
    suspect_span: tuple[int, int]
    relation: str


@dataclass(frozen=True)
class SpunText:
    """A spun text with its exact truth.

    Attributes:
        text: the suspect.
        original: the cleaned original that all original spans point into.
        substitutions: replaced words and phrases.
        altered_quotes: (original span, suspect span) of quotations with other words, house style aside.
        sentences: (suspect span, original sentence numbers) of each suspect sentence.
        changed: share of the suspect's words that were replaced.
    """

    text: str
    original: str
    substitutions: tuple[Substitution, ...]
    altered_quotes: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    sentences: tuple[tuple[tuple[int, int], tuple[int, ...]], ...]
    changed: float


@dataclass(frozen=True)
class Draft:
    """A text being spun."""

    original: str
    sentences: tuple[DraftSentence, ...]
    quotes: tuple[tuple[int, int], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, article: Article) -> Draft:
        sentences = []
        previous_end = 0
        for number, (start, end) in enumerate(article.sentences):
            starts_paragraph = number > 0 and "\n" in article.text[previous_end:start]
            tokens = tuple(Token(m.group(), m.span()) for m in _TOKEN.finditer(article.text, start, end))
            sentences.append(DraftSentence(tokens, (number,), starts_paragraph))
            previous_end = end
        return cls(article.text, tuple(sentences), tuple(quotation_spans(article.text)))

    def with_sentences(self, sentences: list[DraftSentence]) -> Draft:
        return replace(self, sentences=tuple(sentences))

    def render(self) -> SpunText:
        """Write the text out and say what was done to it."""
        parts: list[str] = []
        position = 0
        substitutions: list[Substitution] = []
        sentences: list[tuple[tuple[int, int], tuple[int, ...]]] = []
        placed: list[tuple[Token, tuple[int, int]]] = []
        words = replaced = 0
        for number, sentence in enumerate(self.sentences):
            if number:
                separator = "\n\n" if sentence.starts_paragraph else " "
                parts.append(separator)
                position += len(separator)
            start = position
            for token in sentence.tokens:
                span = (position, position + len(token.text))
                placed.append((token, span))
                count = len(token.text.split()) if token.is_word else 0
                words += count
                if token.relation is not None and token.source is not None:
                    substitutions.append(Substitution(token.source, span, token.relation))
                    replaced += count
                parts.append(token.text)
                position = span[1]
            sentences.append(((start, position), sentence.sources))
        return SpunText(
            text="".join(parts),
            original=self.original,
            substitutions=tuple(substitutions),
            altered_quotes=tuple(self._altered_quotes(placed)),
            sentences=tuple(sentences),
            changed=replaced / max(1, words),
        )

    def _altered_quotes(self, placed: list[tuple[Token, tuple[int, int]]]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        for start, end in self.quotes:
            inside = [
                (token, span) for token, span in placed if token.source and start <= token.source[0] and token.source[1] <= end
            ]
            if any(token.relation not in _HOUSE_STYLE for token, _ in inside):
                yield (start, end), (min(span[0] for _, span in inside), max(span[1] for _, span in inside))

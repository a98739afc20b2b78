"""Which of the compared articles are originals, in which order, and which sentence comes from which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from spindetect.alignment import Alignment
from spindetect.archive.results import StoredArticle
from spindetect.article import Article
from spindetect.judging import Judged
from spindetect.trace.results import AttributedSentence


@dataclass(frozen=True)
class Candidate:
    """An article of the archive and what the comparison with it gave.

    Attributes:
        judged: the suspect, or a part of it, against the article.
        rows: the sentences of the suspect that were compared, in order.
    """

    stored: StoredArticle
    judged: Judged
    rows: Sequence[int]

    @property
    def is_derived(self) -> bool:
        return self.judged.score.verdict in ("spun", "reprint")

    @property
    def is_doubtful(self) -> bool:
        """Too close to call, with something to show for it."""
        score = self.judged.score
        return score.verdict == "inconclusive" and score.coverage > 0 and not self.judged.obstacle

    @property
    def alignment(self) -> Alignment | None:
        return self.judged.scored.alignment if self.judged.scored else None

    def explained(self) -> dict[int, int]:
        """Sentence of the suspect to row of the alignment, for those that come from this article."""
        if not self.alignment:
            return {}
        return {row: number for number, (row, found) in enumerate(zip(self.rows, self.alignment.sources, strict=True)) if found}

    @property
    def kept(self) -> float:
        """How much of the suspect's wording comes from this article, in words."""
        if not self.alignment:
            return 0.0
        lengths = self.alignment.suspect.lengths.tolist()
        words = sum(length for length, found in zip(lengths, self.alignment.sources, strict=True) if found)
        return words * (1 - self.judged.score.changed)


def words_in(suspect: Article, rows: Iterable[int]) -> int:
    """Words of some sentences."""
    lengths = np.bincount(suspect.word_sentence, minlength=len(suspect.sentences))
    return int(lengths[list(rows)].sum())


def ordered(suspect: Article, candidates: Sequence[Candidate]) -> list[Candidate]:
    """First the one that most of the suspect's wording comes from, then always the one that explains most of what is still
    unexplained, so that copies of one original stand behind the other originals of a mosaic."""
    left = list(candidates)
    chosen: list[Candidate] = []
    explained: set[int] = set()
    while left:
        best = max(left, key=lambda item: (words_in(suspect, item.explained().keys() - explained) if chosen else 0, item.kept))
        left.remove(best)
        chosen.append(best)
        explained |= best.explained().keys()
    return chosen


def attributed(suspect: Article, originals: Sequence[Candidate]) -> tuple[AttributedSentence, ...]:
    """Each sentence of the suspect with the original that explains it best; of equals, the one ranked higher."""
    places = [(item, item.explained()) for item in originals]
    found = []
    for row, span in enumerate(suspect.sentences):
        text = suspect.text[slice(*span)]
        able = [(item, rows[row]) for item, rows in places if row in rows]
        if able:
            found.append(_attribution(text, span, *max(able, key=_explains)))
        else:
            found.append(AttributedSentence(text, span))
    return tuple(found)


def _explains(place: tuple[Candidate, int]) -> float:
    alignment, row = place[0].alignment, place[1]
    return float(alignment.derived[row] * (1 - alignment.changed[row])) if alignment else 0.0


def _attribution(text: str, span: tuple[int, int], item: Candidate, row: int) -> AttributedSentence:
    alignment = item.alignment
    assert alignment is not None
    article = alignment.original.article
    spans = tuple(article.sentences[column] for column in alignment.sources[row])
    sentence = " ".join(article.text[start:end] for start, end in spans)
    return AttributedSentence(text, span, item.stored.entry.id, sentence, spans, float(alignment.changed[row]))

"""Which of the compared articles are originals, in which order, and which sentence comes from which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spindetect.alignment import Alignment
from spindetect.archive.archive import StoredArticle
from spindetect.article import Article
from spindetect.results import Score
from spindetect.scoring import ScoredPair
from spindetect.trace.results import AttributedSentence

COMPARED = 12
"""Articles of the archive that a suspect is compared with."""
_TIERS = {"spun": 0, "reprint": 0, "inconclusive": 1}


@dataclass(frozen=True)
class Compared:
    """An article of the archive and what the comparison with it gave.

    Attributes:
        obstacle: what forbids a verdict on the pair, such as an original of a few words.
    """

    stored: StoredArticle
    scored: ScoredPair
    score: Score
    obstacle: str


def originals_among(compared: Sequence[Compared], limit: int) -> list[Compared]:
    """Those that the suspect was made from, then those too close to call; within either, by how much of its wording the
    suspect has from them, so that an original comes before a shortened copy of it."""
    found = [item for item in compared if item.score.verdict in _TIERS and item.score.coverage > 0 and not item.obstacle]
    return sorted(found, key=lambda item: (_TIERS[item.score.verdict], -_kept(item.score)))[:limit]


def _kept(score: Score) -> float:
    return score.coverage * (1 - score.changed)


def attributed(suspect: Article, originals: Sequence[Compared]) -> tuple[AttributedSentence, ...]:
    """Each sentence of the suspect with the original that explains it best; of equals, the one ranked higher."""
    found = []
    for row, (start, end) in enumerate(suspect.sentences):
        text = suspect.text[start:end]
        able = [item for item in originals if item.scored.alignment.sources[row]]
        if not able:
            found.append(AttributedSentence(text, (start, end)))
            continue
        best = max(able, key=lambda item: _explains(item.scored.alignment, row))
        alignment = best.scored.alignment
        article = alignment.original.article
        spans = tuple(article.sentences[column] for column in alignment.sources[row])
        sentence = " ".join(article.text[first:last] for first, last in spans)
        changed = float(alignment.changed[row])
        found.append(AttributedSentence(text, (start, end), best.stored.entry.id, sentence, spans, changed))
    return tuple(found)


def _explains(alignment: Alignment, row: int) -> float:
    return float(alignment.derived[row] * (1 - alignment.changed[row]))

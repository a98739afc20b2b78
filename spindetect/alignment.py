"""Which suspect sentence comes from which original sentence, from what the sentence classifier says of the candidates: no
version, a reworded or a copied version of the original sentence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import LCSseq

from spindetect.candidates import Candidates
from spindetect.encoding import FUNCTION_WORD_RARITY, EncodedArticle
from spindetect.pairing import Pairing

DERIVED = 0.5
"""Probability from which a candidate counts as a source."""
_UNLIKELY = 0.02
"""Below it a sentence has no source, and nobody asks how much of it was kept."""
_IN_CONTEXT = 0.15
"""The same for a sentence whose neighbours come from beside the candidate: a quotation within derived text."""


@dataclass(frozen=True)
class Alignment:
    """Where each suspect sentence comes from; n suspect sentences.

    Attributes:
        chosen: the candidates that were looked at.
        first: number of the likeliest candidate of each suspect sentence, shape (n,).
        best: the likeliest original sentence of each suspect sentence, shape (n,).
        derived: probability that the suspect sentence is a version of it, shape (n,).
        copied: probability that it is an unchanged version, shape (n,).
        sources: for each suspect sentence the original sentences it was made from, in text order; empty when it has
            no source here.
        changed: share of the suspect sentence's words that took the place of others; words added to it do not count; 1 where
            a source is out of the question; shape (n,).
    """

    chosen: Candidates
    first: np.ndarray
    best: np.ndarray
    derived: np.ndarray
    copied: np.ndarray
    sources: tuple[tuple[int, ...], ...]
    changed: np.ndarray

    @property
    def pairing(self) -> Pairing:
        return self.chosen.pairing

    @property
    def suspect(self) -> EncodedArticle:
        return self.pairing.suspect

    @property
    def original(self) -> EncodedArticle:
        return self.pairing.original


def align(chosen: Candidates, probabilities: np.ndarray) -> Alignment:
    """Settle sources.

    Args:
        chosen: the candidates.
        probabilities: shape (c, 3), the columns none, reworded, copied.
    """
    pairing = chosen.pairing
    n = len(pairing.suspect.lengths)
    width = len(chosen.rows) // n
    derived = (1 - probabilities[:, 0]).reshape(n, width)
    columns = chosen.columns.reshape(n, width)
    first = derived.argmax(axis=1)
    each = np.arange(n)
    best = columns[each, first]
    sources: list[tuple[int, ...]] = [()] * n
    changed = np.ones(n, dtype=np.float32)
    likely = derived >= DERIVED
    starts, content = pairing.suspect.starts.tolist(), pairing.suspect.weights > FUNCTION_WORD_RARITY
    for row in np.flatnonzero(derived[each, first] >= _UNLIKELY).tolist():
        text = pairing.suspect_strings[row]
        others = columns[row][likely[row]].tolist()
        found = _sources(text, int(best[row]), others, pairing.original_strings)
        source = "".join(pairing.original_strings[j] for j in found)
        changed[row] = _replaced_words(text, source, content[starts[row] : starts[row] + len(text)]) / max(1, len(text))
        sources[row] = found if others else ()
    _link_in_context(sources, best, derived[each, first])
    return Alignment(
        chosen=chosen,
        first=each * width + first,
        best=best,
        derived=derived[each, first],
        copied=probabilities[:, 2].reshape(n, width)[each, first],
        sources=tuple(sources),
        changed=changed,
    )


def _link_in_context(sources: list[tuple[int, ...]], best: np.ndarray, derived: np.ndarray) -> None:
    """Link sentences that are doubtful by themselves (a quotation alone may be shared) but stand in line."""
    linked = [bool(found) for found in sources]
    for row in np.flatnonzero((derived >= _IN_CONTEXT) & ~np.array(linked)).tolist():
        column = int(best[row])
        near = [other for other in (row - 1, row + 1) if 0 <= other < len(sources) and linked[other]]
        if any(abs(source - column) <= 1 for other in near for source in sources[other]):
            sources[row] = (column,)


def _replaced_words(text: str, source: str, content: np.ndarray) -> int:
    """Words of ``text`` that took the place of words of ``source``.

    Words kept in their order stand still; between them, content words that ``source`` has elsewhere have moved, while function
    words recur anywhere and mean nothing out of order. What is left took the place of what ``source`` has there: a phrase may be
    a word longer than what it replaced, and what is beyond that was added.
    """
    left: Counter[str] = Counter()
    runs: list[list[int]] = []
    afresh = True
    for block in LCSseq.opcodes(source, text):
        if block.tag == "equal":
            afresh = True
            continue
        left.update(source[block.src_start : block.src_end])
        if afresh:
            runs.append([block.src_start, block.src_end, block.dest_start, block.dest_end])
        else:
            runs[-1][1], runs[-1][3] = block.src_end, block.dest_end
        afresh = False
    replaced = 0
    for source_start, source_end, start, end in runs:
        new = end - start
        for position in range(start, end):
            if content[position] and left[text[position]] > 0:
                left[text[position]] -= 1
                new -= 1
        if source_end > source_start:
            replaced += min(new, source_end - source_start + 1)
    return replaced


def _sources(text: str, best: int, likely: list[int], original: list[str]) -> tuple[int, ...]:
    """The best sentence, and likely neighbours of it that explain words which it does not: a merged sentence."""
    if len(likely) < 2:
        return (best,)
    found = [best]
    for other in sorted(likely, key=lambda column: abs(column - best)):
        if other == best or min(abs(other - column) for column in found) > 2:
            continue
        unexplained = set(text) - {word for column in found for word in original[column]}
        gain = len(unexplained & set(original[other]))
        if gain >= 3 and gain >= 0.1 * len(text):
            found.append(other)
    return tuple(sorted(found))

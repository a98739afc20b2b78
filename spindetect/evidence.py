"""What an alignment says, as facts a person can check: substitutions, passages, fixed points, order, what has no source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import kendalltau

from spindetect.alignment import DERIVED, Alignment
from spindetect.encoding import FUNCTION_WORD_RARITY
from spindetect.relations import relation_of
from spindetect.results import FixedPoint, Order, Passage, Substitution
from spindetect.wording import WordMatch, word_matches

_COPIED_BELOW, _SPUN_ABOVE = 0.1, 0.15


@dataclass(frozen=True)
class Evidence:
    """Everything that an alignment shows."""

    substitutions: tuple[Substitution, ...]
    passages: tuple[Passage, ...]
    fixed_points: tuple[FixedPoint, ...]
    unsourced: tuple[tuple[int, int], ...]
    order: Order


def gather_evidence(alignment: Alignment) -> Evidence:
    """Collect the evidence of one pair."""
    matches = list(word_matches(alignment))
    return Evidence(
        substitutions=tuple(_substitutions(alignment, matches)),
        passages=tuple(_passages(alignment)),
        fixed_points=tuple(_fixed_points(alignment)),
        unsourced=tuple(alignment.suspect.article.sentences[row] for row, found in enumerate(alignment.sources) if not found),
        order=_order(alignment),
    )


def coverage_and_change(alignment: Alignment) -> tuple[float, float]:
    """Share of the suspect's words in derived sentences, and share of those words that were replaced."""
    lengths = alignment.suspect.lengths
    derived = np.array([bool(found) for found in alignment.sources])
    words = lengths[derived].sum()
    if not words:
        return 0.0, 0.0
    changed = float(lengths[derived] @ (1 - alignment.kept[derived]) / words)
    return float(words / lengths.sum()), changed


def _substitutions(alignment: Alignment, matches: list[WordMatch]) -> list[Substitution]:
    """Replaced words, the strongest first: rare words with near meaning weigh most."""
    suspect, original = alignment.suspect, alignment.original
    found = []
    for match in matches:
        if match.equal:
            continue
        s_words = suspect.article.words[match.start : match.end]
        o_words = original.article.words[match.original_start : match.original_end]
        if s_words == o_words:
            continue  # the same words elsewhere in the sentence: moved, not replaced
        weight = max(original.weights[match.original_start : match.original_end])
        if weight <= FUNCTION_WORD_RARITY and max(suspect.weights[match.start : match.end]) <= FUNCTION_WORD_RARITY:
            continue
        s_span = (suspect.article.word_spans[match.start][0], suspect.article.word_spans[match.end - 1][1])
        o_span = (original.article.word_spans[match.original_start][0], original.article.word_spans[match.original_end - 1][1])
        substitution = Substitution(
            original=original.article.text[slice(*o_span)],
            suspect=suspect.article.text[slice(*s_span)],
            original_span=o_span,
            suspect_span=s_span,
            relation=relation_of(s_words, o_words, match.similarity),
        )
        found.append((weight * match.similarity, substitution))
    return [substitution for _, substitution in sorted(found, key=lambda item: -item[0])]


def _passages(alignment: Alignment) -> list[Passage]:
    """Maximal runs of derived sentences."""
    passages = []
    run: list[int] = []
    for row in range(len(alignment.sources) + 1):
        if row < len(alignment.sources) and alignment.sources[row]:
            run.append(row)
        elif run:
            passages.append(_passage(alignment, run))
            run = []
    return passages


def _passage(alignment: Alignment, run: list[int]) -> Passage:
    suspect, original = alignment.suspect, alignment.original
    lengths = suspect.lengths[run]
    changes = 1 - alignment.kept[run]
    changed = float(lengths @ changes / lengths.sum())
    columns = sorted({column for row in run for column in alignment.sources[row]})
    if (changes < _COPIED_BELOW).any() and (changes > _SPUN_ABOVE).any():
        kind = "mixed"
    else:
        kind = "copied" if changed < (_COPIED_BELOW + _SPUN_ABOVE) / 2 else "spun"
    return Passage(
        kind=kind,
        suspect_span=(suspect.article.sentences[run[0]][0], suspect.article.sentences[run[-1]][1]),
        original_spans=tuple(original.article.sentences[column] for column in columns),
        changed=changed,
    )


def _fixed_points(alignment: Alignment) -> list[FixedPoint]:
    """Names and numbers of the original: kept or lost."""
    original, suspect = alignment.original, alignment.suspect
    present = set(suspect.article.words)
    seen: dict[str, FixedPoint] = {}
    for number in np.flatnonzero(original.fixed).tolist():
        word = original.article.words[number]
        if word not in seen:
            span = original.article.word_spans[number]
            kind = "number" if word[0].isdigit() else "name"
            seen[word] = FixedPoint(kind, original.article.text[slice(*span)], "kept" if word in present else "lost")
    return list(seen.values())


def _order(alignment: Alignment) -> Order:
    rows = np.flatnonzero(alignment.derived >= DERIVED)
    columns = alignment.best[rows]
    path = tuple(zip(rows.tolist(), columns.tolist(), strict=True))
    if len(set(columns.tolist())) < 2:
        return Order(path=path, kendall_tau=None)
    return Order(path=path, kendall_tau=round(float(kendalltau(rows, columns).statistic), 3))

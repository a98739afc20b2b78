"""What an alignment says, as facts a person can check: substitutions, passages, fixed points, order, what has no source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import kendalltau

from spindetect.alignment import Alignment
from spindetect.fixedpoints import fixed_points, names_in
from spindetect.relations import relation_of
from spindetect.results import AlteredQuote, FixedPoint, Order, Passage, SentenceLink, Substitution
from spindetect.speech import altered_quotes
from spindetect.synonyms import Synonyms
from spindetect.wording import WordMatch, word_matches

_COPIED_BELOW, _SPUN_ABOVE = 0.1, 0.15


@dataclass(frozen=True)
class Evidence:
    """Everything that an alignment shows."""

    substitutions: tuple[Substitution, ...]
    passages: tuple[Passage, ...]
    fixed_points: tuple[FixedPoint, ...]
    altered_quotes: tuple[AlteredQuote, ...]
    unsourced: tuple[tuple[int, int], ...]
    order: Order


def gather_evidence(alignment: Alignment, synonyms: Synonyms) -> Evidence:
    """Collect the evidence of one pair."""
    matches = list(word_matches(alignment, synonyms))
    quotes = altered_quotes(alignment.pairing, matches)
    return Evidence(
        substitutions=tuple(_substitutions(alignment, matches)),
        passages=tuple(_passages(alignment)),
        fixed_points=fixed_points(alignment.pairing, matches, quotes),
        altered_quotes=quotes,
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
    changed = float(lengths[derived] @ alignment.changed[derived] / words)
    return float(words / lengths.sum()), changed


def _substitutions(alignment: Alignment, matches: list[WordMatch]) -> list[Substitution]:
    """Replaced words, the strongest first (rare words with near meaning weigh most); then moved, added and dropped ones."""
    suspect, original = alignment.suspect, alignment.original
    found = []
    for match in matches:
        if match.kind == "kept":
            continue
        s_words = suspect.article.words[match.start : match.end]
        o_words = original.article.words[match.original_start : match.original_end]
        s_span = suspect.span_of(match.start, match.end)
        o_span = original.span_of(match.original_start, match.original_end)
        substitution = Substitution(
            original=original.article.text[slice(*o_span)],
            suspect=suspect.article.text[slice(*s_span)],
            original_span=o_span,
            suspect_span=s_span,
            relation=relation_of(match, s_words, o_words, names_in(suspect, original, match)),
        )
        weight = float(
            max([*original.weights[match.original_start : match.original_end], *suspect.weights[match.start : match.end]])
        )
        found.append((match.kind == "replaced", weight * match.closeness, substitution))
    return [substitution for *_, substitution in sorted(found, key=lambda item: (not item[0], -item[1]))]


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
    changes = alignment.changed[run]
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
        sentences=tuple(
            SentenceLink(
                suspect_span=suspect.article.sentences[row],
                original_spans=tuple(original.article.sentences[column] for column in alignment.sources[row]),
                changed=float(alignment.changed[row]),
            )
            for row in run
        ),
    )


def _order(alignment: Alignment) -> Order:
    path = tuple((row, column) for row, columns in enumerate(alignment.sources) for column in columns)
    rows, columns = [row for row, _ in path], [column for _, column in path]
    if len(set(columns)) < 2 or len(set(rows)) < 2:
        return Order(path=path, kendall_tau=None)
    return Order(path=path, kendall_tau=round(float(kendalltau(rows, columns).statistic), 3))

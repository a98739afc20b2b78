"""The evidence against the exact truth of the simulated spinners, on stories that no model has seen."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from spindetect.article import Article
from spindetect.detector import SpinDetector
from spindetect.evaluation.metrics import wilson_interval
from spindetect.evaluation.protocol import Progress, quiet
from spindetect.results import Comparison, Span
from spindetect.training.corpus import Story
from spindetect.training.interleaved import interleave, sourced
from spindetect.training.mixtures import partial_copy
from spindetect.training.spinners import FAMILIES, SpunText, spin
from spindetect.training.written import mosaic_coverage

STRENGTHS = (0.3, 0.6, 0.9)
KINDS = {
    "dictionary": ("thesaurus", "senses", "neighbours"),
    "phrases and clauses": ("phrases", "clauses"),
    "formats": ("formats",),
    "structure": ("structure",),
    "combined": ("combined",),
}
"""Families that are judged together."""
_SHARES = (0.25, 0.4, 0.6, 0.8)
_REWORDING = tuple(family for family in FAMILIES if family not in ("formats", "structure"))
_NOT_REPLACED = frozenset(["reordered", "added", "dropped"])


@dataclass
class _Tally:
    """Found and true, found and not true, true and not found; spins is how many texts they come from."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def figures(self) -> dict[str, Any]:
        precision = wilson_interval(self.right, self.right + self.wrong)
        recall = wilson_interval(self.right, self.right + self.missed)
        found = 2 * self.right + self.wrong + self.missed
        return {
            "n": self.right + self.missed,
            "precision": precision,
            "recall": recall,
            "f1": round(2 * self.right / found, 4) if found else None,
        }


@dataclass
class _FamilyTally:
    substitutions: _Tally = field(default_factory=_Tally)
    links: _Tally = field(default_factory=_Tally)
    quotes: _Tally = field(default_factory=_Tally)
    relations_right: int = 0
    relations: int = 0
    texts: int = 0


def measure_evidence(detector: SpinDetector, stories: Sequence[Story], progress: Progress = quiet) -> dict[str, Any]:
    """Precision, recall and F1 of substitutions, relations, sentence links and altered quotations, by kind of family; error
    of the coverage of mosaics and partial copies.

    A substitution or quotation counts as found when both spans overlap the truth's by at least half of the longer one.
    """
    results: dict[str, Any] = {}
    for kind, families in KINDS.items():
        progress(f"evidence: {kind}")
        tally = _FamilyTally()
        for family in families:
            for number, story in enumerate(stories):
                for strength in STRENGTHS:
                    _judge(detector, spin(story.original, family, strength, number), tally)
        results[kind] = {
            "texts": tally.texts,
            "substitutions": tally.substitutions.figures(),
            "relation_right": {"n": tally.relations, **wilson_interval(tally.relations_right, tally.relations)},
            "links": tally.links.figures(),
            "altered_quotes": tally.quotes.figures(),
        }
    progress("evidence: coverage")
    results["coverage"] = {
        "mosaics by hand": _coverage_error(detector, _mosaics(stories)),
        "mosaics by the spinners": _coverage_error(detector, _spun_mosaics(stories)),
        "partial copies": _coverage_error(detector, _partial_copies(stories)),
    }
    return results


def _judge(detector: SpinDetector, truth: SpunText, tally: _FamilyTally) -> None:
    result = detector.compare(truth.text, truth.original)
    tally.texts += 1
    _judge_substitutions(result, truth, tally)
    pairs = [(item.original_span, item.suspect_span) for item in result.altered_quotes]
    _count(pairs, list(truth.altered_quotes), tally.quotes)
    suspect = Article.from_text(truth.text)
    actual = {(span, source) for span, sources in truth.sentences for source in sources}
    found = set()
    for row, column in result.order.path:
        span = max((span for span, _ in truth.sentences), key=lambda span: overlap(span, suspect.sentences[row]))
        found.add((span, column))
    tally.links.right += len(found & actual)
    tally.links.wrong += len(found - actual)
    tally.links.missed += len(actual - found)


def _judge_substitutions(result: Comparison, truth: SpunText, tally: _FamilyTally) -> None:
    replaced = [item for item in result.substitutions if item.relation not in _NOT_REPLACED]
    actual = [(item.original_span, item.suspect_span) for item in truth.substitutions]
    _count([(item.original_span, item.suspect_span) for item in replaced], actual, tally.substitutions)
    for item in replaced:
        match = next(
            (true for true in truth.substitutions if same_places((item.original_span, item.suspect_span), true_spans(true))), None
        )
        if match is not None:
            tally.relations += 1
            tally.relations_right += match.relation == item.relation


def true_spans(item: Any) -> tuple[Span, Span]:
    """Both spans of a substitution."""
    return item.original_span, item.suspect_span


def _count(found: Sequence[tuple[Span, Span]], actual: Sequence[tuple[Span, Span]], tally: _Tally) -> None:
    matched: set[int] = set()
    for pair in found:
        hits = [number for number, true in enumerate(actual) if same_places(pair, true)]
        matched.update(hits)
        if hits:
            tally.right += 1
        else:
            tally.wrong += 1
    tally.missed += len(actual) - len(matched)


def same_places(pair: tuple[Span, Span], true: tuple[Span, Span]) -> bool:
    """Do both spans overlap the truth's by at least half of the longer one?"""
    return all(
        2 * overlap(span, other) >= max(span[1] - span[0], other[1] - other[0]) for span, other in zip(pair, true, strict=True)
    )


def overlap(left: Span, right: Span) -> int:
    """Characters that two spans share."""
    return max(0, min(left[1], right[1]) - max(left[0], right[0]))


def _mosaics(stories: Iterable[Story]) -> Iterator[tuple[str, str, float]]:
    """Suspect, original, share of the suspect's words in sentences from the original."""
    for story in stories:
        for rewrite in story.rewrites:
            if rewrite.kind == "mosaic":
                yield rewrite.text, story.original, mosaic_coverage(rewrite)


def _spun_mosaics(stories: Sequence[Story]) -> Iterator[tuple[str, str, float]]:
    """The original spun among another report of the event, or among another story, spun as well."""
    for number, story in enumerate(stories):
        rng = random.Random(f"mosaic {story.id}")
        other = stories[(number + 1) % len(stories)]
        for share in _SHARES:
            own = spin(story.original, rng.choice(_REWORDING), rng.choice(STRENGTHS), number)
            rival = rng.choice((story.independent, other.original))
            second = spin(rival, rng.choice(_REWORDING), rng.choice(STRENGTHS), number)
            text, _, derived = interleave(sourced(own), sourced(second), share, rng)
            yield text, story.original, derived / len(text.split())


def _partial_copies(stories: Sequence[Story]) -> Iterator[tuple[str, str, float]]:
    for number, story in enumerate(stories):
        rng = random.Random(f"evidence {story.id}")
        other = stories[(number + 1) % len(stories)]
        for share in _SHARES:
            spun = spin(story.original, rng.choice(_REWORDING), rng.choice(STRENGTHS), number)
            made = partial_copy(spun, Article.from_text(rng.choice((story.independent, other.original))), share, rng)
            if made:
                yield made[0], spun.original, made[2] / len(made[0].split())


def _coverage_error(detector: SpinDetector, cases: Iterable[tuple[str, str, float]]) -> dict[str, Any]:
    cases = list(cases)
    scores = detector.compare_many((suspect, original) for suspect, original, _ in cases)
    errors = np.array([score.coverage - share for score, (*_, share) in zip(scores, cases, strict=True)])
    if not len(errors):
        return {"n": 0}
    half = 1.96 * np.abs(errors).std() / np.sqrt(len(errors))
    mean = np.abs(errors).mean()
    low, high = max(0.0, mean - half), mean + half
    return {
        "n": len(errors),
        "mean_absolute_error": {name: round(float(x), 4) for name, x in (("value", mean), ("low", low), ("high", high))},
        "mean_error": round(float(errors.mean()), 4),
    }

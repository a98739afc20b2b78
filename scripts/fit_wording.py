"""Fit the costs of the word alignment (`spindetect.wordpairs.Costs`) to the exact truth of the simulated spinners.

A random search that keeps what is better: each step changes one to three costs and measures the F1 of substitutions on
training stories, families weighed alike but for phrases and clauses, which count twice. Prints the costs to write into
the module, and their figures on validation stories, which had no part in it.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from spindetect.article import Article
from spindetect.bundle import load_bundle
from spindetect.encoding import encode_articles
from spindetect.evaluation.evidence import overlap, same_places
from spindetect.pairing import Pairing, pair_up
from spindetect.results import Span
from spindetect.synonyms import Synonyms
from spindetect.training.corpus import Story, load_stories
from spindetect.training.spinners import FAMILIES, spin
from spindetect.wording import match_sentence
from spindetect.wordpairs import COSTS, Costs

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = {"phrases": 2.0, "clauses": 2.0, "structure": 0.0}
STRENGTHS = (0.35, 0.8)


@dataclass(frozen=True)
class Case:
    """A suspect sentence with its true sources and substitutions (original span, suspect span)."""

    family: str
    pairing: Pairing
    row: int
    sources: tuple[int, ...]
    substitutions: tuple[tuple[Span, Span], ...]


def cases(stories: Sequence[Story], seed: int) -> list[Case]:
    """The sentences of one spun copy of each story by each family."""
    words = load_bundle().words
    rng = random.Random(seed)
    found = []
    for story in stories:
        for family in FAMILIES:
            spun = spin(story.original, family, rng.choice(STRENGTHS), seed)
            pairing = pair_up(*encode_articles([Article.from_text(spun.text), Article.from_text(spun.original)], words))
            for row, span in enumerate(pairing.suspect.article.sentences):
                _, sources = max(spun.sentences, key=lambda item: overlap(item[0], span))
                inside = [item for item in spun.substitutions if overlap(item.suspect_span, span)]
                truth = tuple((item.original_span, item.suspect_span) for item in inside)
                if max(sources, default=0) < len(pairing.original.starts):
                    found.append(Case(family, pairing, row, tuple(sorted(sources)), truth))
    return found


def f1_by_family(found: Sequence[Case], synonyms: Synonyms, costs: Costs) -> dict[str, float]:
    counts = {family: [0, 0, 0] for family in FAMILIES}
    for case in found:
        suspect, original = case.pairing.suspect, case.pairing.original
        matched: set[int] = set()
        for match in match_sentence(case.pairing, case.row, case.sources, synonyms, costs):
            if match.kind != "replaced":
                continue
            there = original.span_of(match.original_start, match.original_end)
            pair = (there, suspect.span_of(match.start, match.end))
            hits = [number for number, true in enumerate(case.substitutions) if same_places(pair, true)]
            matched.update(hits)
            counts[case.family][0 if hits else 1] += 1
        counts[case.family][2] += len(case.substitutions) - len(matched)
    return {family: 2 * right / max(1, 2 * right + wrong + missed) for family, (right, wrong, missed) in counts.items()}


def objective(figures: dict[str, float]) -> float:
    weights = {family: WEIGHTS.get(family, 1.0) for family in figures}
    return sum(weights[family] * value for family, value in figures.items()) / sum(weights.values())


def main() -> int:
    """Search and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=14, help="training stories used")
    parser.add_argument("--seconds", type=float, default=400)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    stories = load_stories(ROOT / "data/stories")
    known = [story for story in stories if story.split == "train"]
    unseen = [story for story in stories if story.split == "validation"][:8]
    synonyms = load_bundle().synonyms
    training = cases(rng.sample(known, arguments.stories), arguments.seed)
    best, costs = objective(f1_by_family(training, synonyms, COSTS)), COSTS
    names = [item.name for item in fields(Costs)]
    started = time.monotonic()
    while time.monotonic() - started < arguments.seconds:
        chosen = rng.sample(names, rng.choice((1, 1, 2, 3)))
        steps = {name: rng.gauss(0, 0.25) * max(0.3, abs(getattr(costs, name))) for name in chosen}
        tried = replace(costs, **{name: getattr(costs, name) + step for name, step in steps.items()})
        value = objective(f1_by_family(training, synonyms, tried))
        if value > best:
            best, costs = value, tried
            print(f"[{time.monotonic() - started:4.0f} s] {best:.4f}", file=sys.stderr, flush=True)
    print(costs)
    print({family: round(value, 3) for family, value in f1_by_family(cases(unseen, 2), synonyms, costs).items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())

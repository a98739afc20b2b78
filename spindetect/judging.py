"""From article pairs to verdicts: what is not compared, what is put aside, what forbids a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from spindetect.article import Article
from spindetect.bundle import Bundle
from spindetect.citing import own_words
from spindetect.evidence import coverage_and_change
from spindetect.obstacles import obstacle_of_pair, obstacle_of_quoting
from spindetect.results import Score
from spindetect.scoring import CLASSES, ScoredPair, Scorer
from spindetect.strangers import are_strangers
from spindetect.threads import one_thread
from spindetect.verdicts import verdict_of

_NOTHING = np.array([1.0, 0.0, 0.0])


@dataclass(frozen=True)
class Judged:
    """A scored pair.

    Attributes:
        scored: None where a side has no sentence.
        obstacle: what forbids a verdict at any threshold, or empty.
    """

    pair: tuple[Article, Article]
    scored: ScoredPair | None
    score: Score
    obstacle: str


class Judge:
    """Scores pairs with a bundle, and says what is to be made of the scores.

    Attributes:
        scorer: the bundle's classifiers at work.
    """

    def __init__(self, bundle: Bundle, max_fpr: float | None) -> None:
        self._bundle = bundle
        self._max_fpr = max_fpr
        self._threshold = bundle.thresholds.at(max_fpr)
        self.scorer = Scorer(bundle.words, bundle.heads, bundle.encoder)

    def judged(self, pairs: Sequence[tuple[Article, Article]]) -> list[Judged]:
        """Score pairs together and keep what evidence is made of."""
        related = [number for number, pair in enumerate(pairs) if not self._strangers(pair)]
        own = {number: without_quotations(pairs[number]) for number in related}
        scored = dict(zip(related, self.scored(list(own.values())), strict=True))
        found = []
        for number, whole in enumerate(pairs):
            pair = own.get(number, whole)
            nothing = _NOTHING if number in scored else self.scorer.unrelated
            score = self._score(scored.get(number), nothing, len(pair[0].words) / max(1, len(whole[0].words)))
            obstacle = obstacle_of_pair(pair) or (obstacle_of_quoting(score) if pair[0] is not whole[0] else "")
            if obstacle:
                score = replace(score, verdict="inconclusive", reason=obstacle)
            found.append(Judged(pair, scored.get(number), score, obstacle))
        return found

    def doubted(self, judged: Sequence[Judged], max_fpr: float) -> list[Judged]:
        """The same pairs; where none of them keeps to another false-positive rate, those that were called derived are too close
        to call. A rate that the user asked for stands."""
        threshold = self._bundle.thresholds.nearest(max_fpr) if self._max_fpr is None else self._threshold
        again = [verdict_of(item.score.probabilities, threshold) for item in judged]
        if any(verdict in ("spun", "reprint") and not item.obstacle for item, (verdict, _) in zip(judged, again, strict=True)):
            return list(judged)
        return [
            item if item.obstacle else replace(item, score=replace(item.score, verdict=verdict, reason=reason))
            for item, (verdict, reason) in zip(judged, again, strict=True)
        ]

    def scored(self, pairs: Sequence[tuple[Article, Article]]) -> list[ScoredPair | None]:
        """One result a pair; None where a side has no sentence."""
        usable = [number for number, pair in enumerate(pairs) if all(article.sentences for article in pair)]
        unique = {id(article): article for number in usable for article in pairs[number]}
        with one_thread():
            encoded = dict(zip(unique, self.scorer.encode(list(unique.values())), strict=True))
            scored = self.scorer.score([(encoded[id(pairs[n][0])], encoded[id(pairs[n][1])]) for n in usable])
        results: list[ScoredPair | None] = [None] * len(pairs)
        for number, result in zip(usable, scored, strict=True):
            results[number] = result
        return results

    def _strangers(self, pair: tuple[Article, Article]) -> bool:
        # A transformer may know a paraphrase without a shared word; word vectors do not.
        return self._bundle.encoder is None and are_strangers(*pair, self._bundle.words)

    def _score(self, scored: ScoredPair | None, nothing: np.ndarray, share: float) -> Score:
        """``share`` of the suspect's words is what was judged."""
        values = nothing if scored is None else scored.probabilities
        coverage, changed = (0.0, 0.0) if scored is None else coverage_and_change(scored.alignment)
        probabilities = {name: float(value) for name, value in zip(CLASSES, values, strict=True)}
        verdict, reason = verdict_of(probabilities, self._threshold)
        return Score(
            verdict=verdict,
            score=probabilities["spun"],
            probabilities=probabilities,
            coverage=coverage * share,
            changed=changed,
            reason=reason,
        )


def without_quotations(pair: tuple[Article, Article]) -> tuple[Article, Article]:
    """A pair as it is judged: without what the suspect openly quotes from the original."""
    return own_words(*pair), pair[1]

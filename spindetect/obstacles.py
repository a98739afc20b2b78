"""What forbids a verdict, however sure the model is."""

from __future__ import annotations

from spindetect.article import Article
from spindetect.results import Score

LEAST_WORDS = 40
"""Shorter texts get a score but no verdict."""
_LEAST_DERIVED = 0.2
"""Share of the suspect's words that must be derived for it to be a copy."""


def obstacle_of(article: Article, name: str) -> str:
    """What forbids a verdict at any threshold, or an empty string."""
    if len(article.words) < LEAST_WORDS:
        return f"the {name} has {len(article.words)} words of article text, at least {LEAST_WORDS} are needed"
    return "" if article.is_english else f"the {name} does not seem to be English"


def obstacle_of_pair(pair: tuple[Article, Article]) -> str:
    return obstacle_of(pair[0], "suspect") or obstacle_of(pair[1], "original")


def obstacle_of_quoting(score: Score) -> str:
    """Of a suspect that quotes the original, too little of which is derived outside the quotations."""
    if score.probabilities["independent"] >= 0.5 or score.coverage >= _LEAST_DERIVED:
        return ""
    return f"what is not openly quoted from the original is derived in {score.coverage:.0%} of the suspect's words alone"

"""What forbids a verdict, however sure the model is."""

from __future__ import annotations

from spindetect.article import Article

LEAST_WORDS = 40
"""Shorter texts get a score but no verdict."""


def obstacle_of(article: Article, name: str) -> str:
    """What forbids a verdict at any threshold, or an empty string."""
    if len(article.words) < LEAST_WORDS:
        return f"the {name} has {len(article.words)} words of article text, at least {LEAST_WORDS} are needed"
    return "" if article.is_english else f"the {name} does not seem to be English"


def obstacle_of_pair(pair: tuple[Article, Article]) -> str:
    return obstacle_of(pair[0], "suspect") or obstacle_of(pair[1], "original")

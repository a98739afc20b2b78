"""Cuts of articles at sentence ends."""

from __future__ import annotations

from spindetect.article import Article


def window_of(article: Article, first: int, words: int) -> str:
    """Sentences from number ``first`` on until there are ``words`` words; earlier ones where the end is too near."""
    texts = article.sentence_texts()
    last, count = first, 0
    while last < len(texts) and count < words:
        count += len(texts[last].split())
        last += 1
    while first > 0 and count < words:
        first -= 1
        count += len(texts[first].split())
    return " ".join(texts[first:last])


def most_alike(window: str, article: Article, words: int) -> str:
    """The cut of about ``words`` words that shares most words with a window."""
    wanted = set(window.casefold().split())
    windows = [window_of(article, first, words) for first in range(len(article.sentences))]
    return max(windows, key=lambda text: len(wanted & set(text.casefold().split())) / max(1, len(set(text.split()))))

"""Figures of a screening model: on families it was trained without, on human texts by register, by length, on evasions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from spindetect.article import Article
from spindetect.encoder import StaticEncoder
from spindetect.evaluation.metrics import average_precision, roc_auc, true_positive_rate, wilson_interval, with_interval
from spindetect.screening.features import text_features
from spindetect.screening.minilm import WordStates
from spindetect.screening.model import ScreenModel, TextHead
from spindetect.screening.suspicion import WordHead
from spindetect.training.cuts import window_of
from spindetect.training.screening.documents import Document
from spindetect.training.spinners import spin

Figure = dict[str, float]
LENGTHS = (40, 50, 100, 200, 400)
_WORD_DOCUMENTS = 80
"""Documents whose words are ranked; sorting all words of all of them hundreds of times says no more."""


class Heads(Protocol):
    """The two heads, of a model on disk or just fitted."""

    @property
    def words(self) -> WordHead: ...

    @property
    def text(self) -> TextHead: ...


@dataclass(frozen=True)
class Judged:
    """Documents and what a model says of them: log-odds of the words of each, and the scores, shape (documents,)."""

    documents: list[Document]
    log_odds: list[np.ndarray]
    scores: np.ndarray


class Judge:
    """Asks models about documents, of which it keeps the word states when told that another model will be asked."""

    def __init__(self, words: StaticEncoder, states: WordStates) -> None:
        self._words = words
        self._states = states
        self._kept: dict[str, np.ndarray] = {}

    def judge(self, documents: Iterable[Document], heads: Heads, keep: bool = False) -> Judged:
        """Word log-odds and scores."""
        documents = list(documents)
        log_odds = [heads.words.log_odds(self._state(document.article, keep)) for document in documents]
        rows = [
            text_features(odds, self._words.rarity(document.article.words), document.article)
            for document, odds in zip(documents, log_odds, strict=True)
        ]
        return Judged(documents, log_odds, heads.text.probability(np.stack(rows)))

    def _state(self, article: Article, keep: bool) -> np.ndarray:
        if article.text in self._kept:
            return self._kept[article.text].astype(np.float32)
        # Half precision, as in training.
        states = self._states.of(article).astype(np.float16)
        if keep:
            self._kept[article.text] = states
        return states.astype(np.float32)


def row(
    of: str, measure: str, n: int | None, measured: Figure | None, target: float | None, at_most: bool = False
) -> dict[str, Any]:
    """A line of the table; ``met`` is None where nothing was measured or nothing is asked."""
    met = None
    if measured is not None and target is not None:
        met = measured["value"] <= target if at_most else measured["value"] >= target
    shown = None if target is None else f"{'at most' if at_most else 'at least'} {target:g}"
    return {"set": of, "measure": measure, "n": n, "measured": measured, "target": shown, "met": met}


def auc(positives: Judged, negatives: Judged) -> Figure:
    """ROC AUC of the scores with its interval over the human texts that documents come from."""
    return with_interval(roc_auc, *_ranked(positives, negatives))


def recall(positives: Judged, negatives: Judged, false_positives: float = 0.01) -> Figure:
    """Share of the positives above the threshold that a share of the negatives exceeds."""
    return with_interval(lambda scores, spun: true_positive_rate(scores, spun, false_positives), *_ranked(positives, negatives))


def _ranked(positives: Judged, negatives: Judged) -> tuple[np.ndarray, np.ndarray, list[str]]:
    scores = np.concatenate([positives.scores, negatives.scores])
    spun = np.arange(len(scores)) < len(positives.scores)
    return scores, spun, [document.group for document in (*positives.documents, *negatives.documents)]


def word_precision(judged: Judged) -> Figure:
    """Average precision of the replaced words among all words of spun documents."""
    documents = list(zip(judged.documents, judged.log_odds, strict=True))[:_WORD_DOCUMENTS]
    log_odds = np.concatenate([odds for _, odds in documents])
    replaced = np.concatenate([document.replaced for document, _ in documents])
    groups = [document.group for document, odds in documents for _ in odds]
    return with_interval(average_precision, log_odds, replaced, groups)


def count_spun(judged: Judged, model: ScreenModel) -> int:
    """How many of the documents are called spun, short ones at the threshold for short texts."""
    needed = [model.spun_from_at(len(document.article.words)) for document in judged.documents]
    return int((judged.scores >= np.array(needed)).sum())


def share_spun(judged: Judged, model: ScreenModel) -> Figure:
    """Their share."""
    return wilson_interval(count_spun(judged, model), len(judged.scores))


def cut(documents: Iterable[Document], words: int) -> list[Document]:
    """The openings of documents, of about so many words; those that are shorter are left out."""
    found = []
    for document in documents:
        text = window_of(document.article, 0, words)
        article = Article.from_text(text)
        if 0.8 * words <= len(article.words) <= 1.4 * words:
            found.append(_document(document, article))
    return found


def evasions(humans: Sequence[Document], family: str, strength: float = 0.6) -> dict[str, list[Document]]:
    """Human texts that are spun in part: the second half, every third sentence, three sentences put in as quotations."""
    found: dict[str, list[Document]] = {"half": [], "every third sentence": [], "quoted": []}
    for number, human in enumerate(humans):
        spun = spin(human.article, family, strength, number)
        own, other = human.article.sentence_texts(), [spun.text[start:end] for (start, end), _ in spun.sentences]
        if len(own) != len(other) or len(own) < 6:
            continue
        texts = {
            "half": [*own[: len(own) // 2], *other[len(own) // 2 :]],
            "every third sentence": [other[k] if k % 3 == 2 else text for k, text in enumerate(own)],
            "quoted": list(_quoted(own, other)),
        }
        for name, sentences in texts.items():
            found[name].append(_document(human, Article.from_text(_paragraphs(sentences))))
    return found


def _quoted(own: list[str], other: list[str]) -> Iterator[str]:
    middle = len(own) // 2
    for number, text in enumerate(own):
        yield f'"{other[number].strip(chr(34))}"' if middle - 1 <= number <= middle + 1 else text


def _paragraphs(sentences: list[str]) -> str:
    return "\n\n".join(" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))


def _document(source: Document, article: Article) -> Document:
    return Document(source.group, source.register, source.family, article, np.zeros(len(article.words), dtype=bool))

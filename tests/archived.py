"""A stand-in for an archive: the stories' originals, all of them compared. Its trace has the fields of a real one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from spindetect import SpinDetector
from spindetect.article import Article
from spindetect.results import Comparison
from spindetect.web import work
from spindetect.web.settings import Sources
from spindetect.web.work import Answer, Job
from tests.conftest import ROOT


@dataclass(frozen=True)
class Original:
    id: str
    title: str
    date: str
    url: str
    share: float
    comparison: Comparison

    verdict = property(lambda self: self.comparison.verdict)
    score = property(lambda self: self.comparison.score)


@dataclass(frozen=True)
class Traced:
    originals: list[Original]
    article: Article

    def to_dict(self) -> dict[str, Any]:
        best = self.originals[0].comparison if self.originals else None
        return {
            "verdict": best.verdict if best else "independent",
            "reason": "",
            "originals": [
                {name: getattr(item, name) for name in ("id", "verdict", "score", "share", "title", "date", "url")}
                | {"metadata": {}, "comparison": item.comparison.to_dict()}
                for item in self.originals
            ],
            "attribution": [
                {"suspect": text, "suspect_span": span, "original": self.originals[0].id if best else None, "sentence": text,
                 "original_spans": [span], "changed": 0.0}
                for text, span in zip(self.article.sentence_texts(), self.article.sentences, strict=True)
            ],
            "explained": 1.0,
            "compared": 5,
            "explanation": ["What was found."],
            "text": self.article.text,
            "ignored": [asdict(item) for item in self.article.ignored],
            "model": {"name": "default", "version": "0"},
        }  # fmt: skip

    def to_html(self) -> str:
        return "<!doctype html><title>trace</title>"


def _trace(detector: SpinDetector, article: Article, names: list[str]) -> Traced:
    found = []
    for name in names:
        comparison = detector.compare(article, Article.from_file(ROOT / f"data/examples/{name}.txt"))
        if comparison.verdict in ("spun", "reprint"):
            found.append(
                Original(name, f"Title <b>{name}</b>", "2025-03-01", "javascript:alert(1)", comparison.coverage, comparison)
            )
    return Traced(found, article)


def answer(sources: Sources, job: Job) -> Answer:
    """What a worker does, with the stand-in for the archive."""
    SpinDetector.trace = _trace  # type: ignore[attr-defined]
    work._archive = lambda _: ["independent", "original"]
    return work.answer(sources, job)


def prepare(sources: Sources) -> dict[str, str] | str:
    """What a worker does first; there is no archive to open."""
    return work.checked(Sources(sources.model))

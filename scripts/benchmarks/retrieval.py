"""Suite `retrieval`: what the archive's rows and index were chosen by. Sentences or passages, plain or weighted by rarity, asked
for by single sentences or by more; and the vector indexes of LanceDB against looking at every row."""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.archive import archive_at, articles
from benchmarks.measuring import load_average
from benchmarks.suspects import ROOT, Suspect, mosaics, rewritten, stories_of
from spindetect import Article
from spindetect.archive.lance import hits_of
from spindetect.archive.passages import PassageEncoder
from spindetect.archive.store import Hit, key_of
from spindetect.archive.voting import DEPTH, ranked
from spindetect.bundle import default_folder
from spindetect.encoder import StaticEncoder

_ARTICLES, _INDEXED = 5_000, 100_000
_WITHIN = 12
_COMMON = 0.1
_ROWS = ((1, True), (2, True), (3, True), (3, False), (5, True))
"""Sentences of a row, and whether its words are weighted."""
_QUERIES = (1, 2, 3)
_PROBES, _REFINE = (20, 40), (None, 2, 4)


def retrieval_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure both."""
    stories = stories_of("test")
    count = arguments.suspects or 150
    rewrites = list(rewritten(stories))
    suspects = rewrites[:: max(1, len(rewrites) // count)]
    mixed = list(mosaics(stories, count))
    granularity = _granularity(suspects, mixed, arguments.corpora)
    indexes = _indexes(suspects, mixed, arguments.corpora)
    return {"articles": _ARTICLES, "granularity": granularity, "indexed_articles": _INDEXED, "indexes": indexes,
            "load_average": load_average()}  # fmt: skip


def _granularity(suspects: Sequence[Suspect], mixed: Sequence[Suspect], corpora: Path | None) -> list[dict[str, Any]]:
    """Every row of 5,000 articles is looked at, so that the index plays no part."""
    encoder = StaticEncoder.from_folder(default_folder() / "encoder")
    kept = [(item["id"], Article.from_text(item["text"])) for item in articles(_ARTICLES, corpora)]
    asked = [Article.from_text(suspect.text) for suspect in (*suspects, *mixed)]
    found = []
    for size, weighted in _ROWS:
        parts = [_windows(encoder, article, size, size, weighted) for _, article in kept]
        owners = [name for (name, _), part in zip(kept, parts, strict=True) for _ in part]
        table = np.concatenate(parts)
        for query in _QUERIES:
            hits = []
            for article, suspect in zip(asked, (*suspects, *mixed), strict=True):
                names = _ranked(_windows(encoder, article, query, 1, weighted), table, owners)[:_WITHIN]
                hits.append(set(suspect.originals) <= set(names))
            row = {
                "sentences_a_row": size, "weighted": weighted, "sentences_a_query": query,
                "rows_an_article": round(len(table) / len(kept), 1),
                f"rewrites_in_{_WITHIN}": _mean(hits[: len(suspects)]), f"mosaics_in_{_WITHIN}": _mean(hits[len(suspects) :]),
            }  # fmt: skip
            found.append(row)
            print(row, flush=True)
    return found


def _ranked(queries: np.ndarray, table: np.ndarray, owners: Sequence[str]) -> list[str]:
    cosines = queries @ table.T
    best = np.argpartition(-cosines, DEPTH, axis=1)[:, :DEPTH]
    hits = [
        sorted((Hit(owners[column], float(cosines[row, column])) for column in columns), key=lambda hit: -hit.cosine)
        for row, columns in enumerate(best.tolist())
    ]
    return [name for name, _ in ranked(hits)]


def _windows(encoder: StaticEncoder, article: Article, size: int, step: int, weighted: bool) -> np.ndarray:
    count = len(article.sentences)
    words = np.append(np.searchsorted(article.word_sentence, range(count)), len(article.words))
    starts = range(0, max(1, count - (size - 1 if step < size else 0)), step)
    parts = [np.arange(words[start], words[min(start + size, count)]) for start in starts]
    rows = encoder.rows(article.words)[np.concatenate(parts)]
    weights = _COMMON + encoder.rarity_of(rows) if weighted else None
    return encoder.sentence_vectors(rows, np.array([len(part) for part in parts]), weights)


def _indexes(suspects: Sequence[Suspect], mixed: Sequence[Suspect], corpora: Path | None) -> list[dict[str, Any]]:
    """At the size that the targets name: what is best among 10,000 articles is not among ten times as many."""
    import lancedb
    from lancedb.index import HnswSq, IvfPq, IvfRq, IvfSq

    place, _ = archive_at(_INDEXED, corpora, made_anew=False)
    copy = ROOT / "build/benchmark-indexes.lance"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(place, copy)
    table = lancedb.connect(copy).open_table("passages")
    encoder = PassageEncoder()
    asked = [(suspect, encoder.queries(Article.from_text(suspect.text))) for suspect in (*suspects, *mixed)]

    def measured(probes: int | None, refine: int | None) -> tuple[dict[str, Any], list[Counter[tuple[int, str]]]]:
        times, found, whole = [], [], []
        for suspect, vectors in asked:
            search = table.search(list(vectors)).distance_type("cosine").limit(DEPTH)
            search = search.nprobes(probes) if probes else search.bypass_vector_index()
            search = search.refine_factor(refine) if refine else search
            start = time.perf_counter()
            answer = search.select(["key", "_distance"]).to_arrow()
            times.append(time.perf_counter() - start)
            hits = hits_of(answer, len(vectors))
            found.append(Counter((number, hit.key) for number, near in enumerate(hits) for hit in near))
            names = {key for key, _ in ranked(hits)[:_WITHIN]}
            whole.append({key_of(name) for name in suspect.originals} <= names)
        facts = {
            "search_ms": round(1000 * statistics.median(times[: len(suspects)]), 1),
            f"rewrites_in_{_WITHIN}": _mean(whole[: len(suspects)]),
            f"mosaics_in_{_WITHIN}": _mean(whole[len(suspects) :]),
        }
        return facts, found

    facts, truth = measured(None, None)
    rows = [{"index": "none", "build_s": 0.0, "probes": None, "refine": None, "recall_at_20": 1.0, **facts}]
    print(rows[-1], flush=True)
    for name, config in (
        ("IVF_RQ", IvfRq(distance_type="cosine")), ("IVF_SQ", IvfSq(distance_type="cosine")),
        ("IVF_PQ", IvfPq(distance_type="cosine")), ("IVF_HNSW_SQ", HnswSq(distance_type="cosine")),
    ):  # fmt: skip
        start = time.perf_counter()
        table.create_index("vector", config=config, replace=True)
        seconds = round(time.perf_counter() - start, 1)
        for probes in _PROBES:
            for refine in _REFINE:
                facts, found = measured(probes, refine)
                shared = sum((a & b).total() for a, b in zip(found, truth, strict=True)) / sum(item.total() for item in truth)
                way = {"index": name, "build_s": seconds, "probes": probes, "refine": refine, "recall_at_20": round(shared, 4)}
                rows.append({**way, **facts})
                print(rows[-1], flush=True)
    shutil.rmtree(copy)
    return rows


def _mean(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4)

"""Pairs a second on one core."""

from __future__ import annotations

import argparse
import statistics
import sys
from typing import Any

from benchmarks.measuring import load_average, print_targets, row
from benchmarks.pairs import Nowhere, TextPair, json_lines, story_pairs, timed, unrelated_pairs
from spindetect import Article, SpinDetector
from spindetect.batch import CompareTask, run_batch


def compare_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Pairs a second without and with evidence, of related texts and of unrelated ones, and the ratio to MiniLM's encoding."""
    count, repeats = arguments.pairs, arguments.repeats
    chosen = story_pairs(count)
    batch = _batch_seconds(chosen, repeats)
    detector = SpinDetector.load()
    few = chosen[: max(1, count // 8)]
    evidence = timed(lambda: [detector.compare(*pair) for pair in few], repeats) / len(few)
    words = [len(text.split()) for pair in chosen for text in pair]
    related, unrelated = round(count / batch, 1), round(count / _batch_seconds(unrelated_pairs(count), repeats), 1)
    targets = [
        row("pairs a second on one core", "300", related, related >= 300),
        row("the same of unrelated texts, most settled by a first look", "600", unrelated, unrelated >= 600),
    ]
    print_targets(targets)
    result = {
        "targets": targets,
        "pairs": count,
        "words_per_article": round(statistics.mean(words)),
        "pairs_per_second": related,
        "pairs_per_second_unrelated": unrelated,
        "pairs_per_second_with_evidence": round(1 / evidence, 1),
        "load_average": load_average(),
    }
    yardstick = _minilm_seconds(few)
    if yardstick is not None:
        result["minilm_encoding_pairs_per_second"] = round(len(few) / yardstick, 1)
        result["times_faster_than_minilm_encoding"] = round((yardstick / len(few)) / (batch / count), 1)
    return result


def _batch_seconds(chosen: list[TextPair], repeats: int) -> float:
    rows = json_lines(chosen)
    return timed(lambda: run_batch(rows, Nowhere(), CompareTask()), repeats)


def _minilm_seconds(chosen: list[TextPair]) -> float | None:
    try:
        import torch

        from spindetect.encoder import PACKAGED_MINILM, TransformerEncoder
    except ImportError:
        print("sentence-transformers is not installed: no yardstick", file=sys.stderr)
        return None
    torch.set_num_threads(1)
    encoder = TransformerEncoder(PACKAGED_MINILM)
    sentences = [sentence for pair in chosen for text in pair for sentence in Article.from_text(text).sentence_texts()]
    return timed(lambda: encoder.encode(sentences), 1)

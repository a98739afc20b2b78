"""Suite `trace`: are the originals found, first, in time; whose sentence is whose; and who is accused that should not be."""

from __future__ import annotations

import argparse
import random
import shutil
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from benchmarks.archive import archive_at
from benchmarks.measuring import load_average, milliseconds, print_targets, row, share
from benchmarks.suspects import ROOT, Suspect, mosaics, rewritten, stories_of
from spindetect import Archive, Article, SpinDetector
from spindetect.trace.results import Trace
from spindetect.trace.tracing import COMPARED
from spindetect.training.corpus import Story

_MOSAICS = 200
_TIMED = 5
"""Every fifth suspect is traced with full evidence, and timed."""


def trace_suite(arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure on the largest of the sizes."""
    size = max(arguments.sizes)
    stories = stories_of("test")
    place, _ = archive_at(size, arguments.corpora, made_anew=False)
    detector = SpinDetector.load()
    suspects = list(rewritten(stories))
    if arguments.suspects:
        suspects = random.Random(0).sample(suspects, min(arguments.suspects, len(suspects)))
    with Archive.open(place) as archive:
        single = _singles(suspects, archive, detector)
        mixed = _mosaics(list(mosaics(stories, arguments.suspects or _MOSAICS)), archive, detector)
    without = _without_originals(suspects, stories, place, detector)
    recall, whole, f1 = single["recall_at_1"], mixed["all_originals_in_5"], mixed["attribution"]["f1"]
    accused = without["called_spun"]
    search, total = single["search"]["median_ms"], single["trace"]["median_ms"]
    where = f"{size:,} articles"
    targets = [
        row(f"original first, {where}", "0.99", recall, recall["value"] >= 0.99),
        row(f"search before compare, {where}", "60 ms median", search, search <= 60),
        row(f"trace in all, {where}", "150 ms median", total, total <= 150),
        row("mosaics of two or three: all originals in the first five", "0.95", whole, whole["value"] >= 0.95),
        row("mosaics: attribution of sentences, F1", "0.93", f1, f1 >= 0.93),
        row("no original there, reports of the same event are: called spun", "at most 0.005", accused, accused["value"] <= 0.005),
    ]
    print_targets(targets)
    return {"articles": size, "rewritten": single, "mosaics": mixed, "without_original": without, "targets": targets,
            "load_average": load_average()}  # fmt: skip


def _singles(suspects: list[Suspect], archive: Archive, detector: SpinDetector) -> dict[str, Any]:
    first, groups, searching, tracing = [], [], [], []
    missed: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    detector.trace(suspects[0].text, archive)
    cpu = 0.0
    for number, suspect in enumerate(suspects):
        timed = number % _TIMED == 0
        article = Article.from_text(suspect.text)
        start = time.perf_counter()
        archive.search(article, COMPARED)
        searching.append(time.perf_counter() - start)
        start, start_cpu = time.perf_counter(), time.process_time()
        found = detector.trace(suspect.text, archive, evidence=timed)
        if timed:
            tracing.append(time.perf_counter() - start)
            cpu += time.process_time() - start_cpu
        first.append([item.id for item in found.originals[:1]] == list(suspect.originals))
        groups.append(suspect.originals[0])
        verdicts[found.verdict] += 1
        missed[suspect.kind] += not first[-1]
    return {
        "recall_at_1": share(first, groups),
        "missed": {kind: count for kind, count in sorted(missed.items()) if count},
        "verdicts": dict(sorted(verdicts.items())),
        "search": milliseconds(searching),
        "trace": milliseconds(tracing),
        "trace_cpu_ms": round(1000 * cpu / len(tracing), 1),
    }


def _mosaics(suspects: list[Suspect], archive: Archive, detector: SpinDetector) -> dict[str, Any]:
    whole = []
    kinds: dict[str, list[bool]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for suspect in suspects:
        found = detector.trace(suspect.text, archive, evidence=False)
        ids = [item.id for item in found.originals]
        whole.append(set(suspect.originals) <= set(ids))
        kinds[suspect.kind].append(whole[-1])
        counts["wrong originals"] += sum(name not in suspect.originals for name in ids)
        counts.update(_attribution(suspect, found))
    right, wrong, lost = counts["right"], counts["wrong"], counts["lost"]
    return {
        "all_originals_in_5": share(whole, [suspect.originals[0] for suspect in suspects]),
        "by_kind": {kind: f"{sum(hits)} of {len(hits)}" for kind, hits in sorted(kinds.items())},
        "wrong_originals_named": counts["wrong originals"],
        "attribution": {
            "precision": round(right / (right + wrong), 4),
            "recall": round(right / (right + lost), 4),
            "f1": round(2 * right / (2 * right + wrong + lost), 4),
            "sentences": right + lost,
        },
    }


def _attribution(suspect: Suspect, found: Trace) -> Counter[str]:
    """Sentences whose original was named rightly; wrongly; and those that it was not named for."""
    counts: Counter[str] = Counter()
    position = 0
    for sentence, original in suspect.sentences:
        position = max(position, found.text.find(sentence, position))
        end = position + len(sentence)
        named = next(
            (item.original for item in found.attribution
             if min(end, item.suspect_span[1]) - max(position, item.suspect_span[0]) > (end - position) / 2), None,
        )  # fmt: skip
        counts["right"] += named == original
        counts["wrong"] += named not in (None, original)
        counts["lost"] += named != original
    return counts


def _without_originals(suspects: list[Suspect], stories: list[Story], place: Path, detector: SpinDetector) -> dict[str, Any]:
    """The same suspects, the originals themselves and their reprints, where only the other reports of the events are left."""
    copy = ROOT / "build/benchmark-without.lance"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(place, copy)
    texts = [(suspect.originals[0], suspect.text) for suspect in suspects]
    texts += [(story.id, text) for story in stories for text in (story.original, story.reprint)]
    verdicts: Counter[str] = Counter()
    spun, derived, accused = [], [], set()
    with Archive.open(copy) as archive:
        removed = archive.remove(story.id for story in stories)
        for name, text in texts:
            verdict = detector.trace(text, archive, evidence=False).verdict
            verdicts[verdict] += 1
            spun.append(verdict == "spun")
            derived.append(verdict in ("spun", "reprint"))
            if derived[-1]:
                accused.add(name)
    shutil.rmtree(copy)
    groups = [name for name, _ in texts]
    return {
        "originals_removed": removed,
        "verdicts": dict(sorted(verdicts.items())),
        "called_spun": share(spun, groups),
        "called_spun_or_reprint": share(derived, groups),
        "stories_concerned": sorted(accused),
    }

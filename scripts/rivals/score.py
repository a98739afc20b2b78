"""Score article pairs with other people's tools, each through its own interface: `score.py PAIRS OUT [--tool NAME ...]`.

PAIRS has JSON lines with `id`, `suspect` and `original`; OUT becomes

    {"tools": {row: {"version", "setting", "scores": [...], "milliseconds_per_pair", "failed"}}, "skipped": {row: reason}}

with one score a pair in the order of PAIRS, null where the tool failed, and no text. A row is a tool at its default
settings, or at one other setting that its documentation names. The score is the tool's own overall similarity; where it
has none, the share of the suspect's words in its matches. The time is wall clock for one call on texts in memory; where a
tool reads files, writing them counts.

It runs in an environment that has the tools (`requirements.txt` beside it), not spindetect; a tool that is missing is
skipped. No tool touches the network. POSIX only (a tool gets 20 seconds a pair, by an alarm signal).
"""

from __future__ import annotations

import argparse
import json
import math
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

SECONDS = 20
WARM_UP = "The council approved the new bridge on Monday. It will open to traffic in the spring of next year."
Scorer = Callable[[str, str], float]
"""Suspect and original in, similarity out."""


def verbatimeter(**setting: Any) -> Scorer:
    """`verbatimeter.check`: `matched_ratio`, the share of the suspect's words in runs of three or more of the original's.

    `mode="subsequence"` (`--subsequence` on its command line), its measure of "verbatim paraphrasing", counts the words of
    the longest common subsequence instead.
    """
    check = import_module("verbatimeter").check
    return lambda suspect, original: check(suspect, original, **setting).matched_ratio


def aegis() -> Scorer:
    """What `aegis compare` prints as overlap, by the detector it calls: the share of the suspect's sentences of eight words or
    more that share enough character 5-grams or word 3-grams with one of the original's.

    Comparing two documents uses no sentence embeddings, with `--no-sbert` or without.
    """
    detector = import_module("aegis.detectors.self_plagiarism").SelfPlagiarismDetector()

    def score(suspect: str, original: str) -> float:
        return detector.compare_documents(suspect, "suspect", original, "original").overall_overlap_pct / 100

    return score


def alcove_dux() -> Scorer:
    """`alcove_dux.compare_texts`, what `alcove-dux scan` calls. It has no score for a pair: the share of the suspect's words
    in its matches (runs of eight equal tokens, and paragraphs that score 0.5 or more).
    """
    package = import_module("alcove_dux")

    def score(suspect: str, original: str) -> float:
        matches = package.compare_texts(suspect, original)
        spans = [(match.suspicious_start, match.suspicious_end) for match in matches]
        return covered(package.normalize_text(suspect), spans)  # the offsets are into the normalised text

    return score


def copydetect(**setting: Any) -> Scorer:
    """`copydetect.CopyDetector` on two files: its similarity, the share of the suspect's fingerprinted text in matches.

    A tool for program code. By default it filters what it reads as code, which leaves nothing of a text file: every score
    is 0. `disable_filtering=True` (`--disable-filter` on its command line) compares the characters as they are, in runs of
    25 or more. Its display threshold does not touch the similarity.
    """
    detector_class = import_module("copydetect").CopyDetector

    def score(suspect: str, original: str) -> float:
        with files(suspect, original) as (examined, reference):
            detector = detector_class(autoopen=False, silent=True, **setting)
            detector.add_file(examined, type="test")
            detector.add_file(reference, type="ref")
            detector.run()
            similarity = float(detector.similarity_matrix[0, 0, 0])
        if similarity < 0:  # its mark for a pair that it did not compare
            raise ValueError("not compared")
        return similarity

    return score


def sentence_plagiarism(threshold: float = 0.8) -> Scorer:
    """`sentence_plagiarism.check` on two files. It has no score for a pair: the share of the suspect's words in sentences
    that it matched.

    The threshold on the Jaccard similarity of two sentences is a required argument, 0.8 on its command line. Few reworded
    sentences reach that, and most spun copies score 0; 0.3 is the other setting.
    """
    check = import_module("sentence_plagiarism").check

    def score(suspect: str, original: str) -> float:
        with files(suspect, original) as (examined, reference):
            matches = check(examined, [reference], threshold, quiet=True)
        sentences = {match["input_start_pos"]: match["input_sentence"] for match in matches}
        return sum(len(text.split()) for text in sentences.values()) / max(1, len(suspect.split()))

    return score


@dataclass(frozen=True)
class Rival:
    """A row of the report: a package, the setting in words, and what makes its scorer."""

    package: str
    setting: str
    load: Callable[[], Scorer]


RIVALS = {
    "verbatimeter": Rival("verbatimeter", "defaults", verbatimeter),
    "verbatimeter (subsequence)": Rival("verbatimeter", "--subsequence", partial(verbatimeter, mode="subsequence")),
    "aegis-integrity": Rival("aegis-integrity", "defaults of `aegis compare`", aegis),
    "alcove-dux": Rival("alcove-dux", "defaults of `alcove-dux scan`", alcove_dux),
    "copydetect": Rival("copydetect", "defaults", copydetect),
    "copydetect (no filter)": Rival("copydetect", "--disable-filter", partial(copydetect, disable_filtering=True)),
    "sentence-plagiarism": Rival("sentence-plagiarism", "defaults (--threshold 0.8)", sentence_plagiarism),
    "sentence-plagiarism (0.3)": Rival("sentence-plagiarism", "--threshold 0.3", partial(sentence_plagiarism, 0.3)),
}


def covered(text: str, spans: Iterable[tuple[int, int]]) -> float:
    """Share of the words of a text that overlap one of the spans."""
    spans = list(spans)
    words = [match.span() for match in re.finditer(r"\S+", text)]
    hit = sum(any(start < right and left < end for left, right in spans) for start, end in words)
    return hit / max(1, len(words))


@contextmanager
def files(suspect: str, original: str) -> Iterator[tuple[str, str]]:
    """The two texts as files, for tools that take no text."""
    with tempfile.TemporaryDirectory(prefix="rivals-") as folder:
        paths = Path(folder, "suspect.txt"), Path(folder, "original.txt")
        for path, text in zip(paths, (suspect, original), strict=True):
            path.write_text(text, encoding="utf-8")
        yield str(paths[0]), str(paths[1])


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in the block when it takes longer."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def score_pairs(name: str, scorer: Scorer, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """One row's scores, with null where the tool failed, and its mean time."""
    scores: list[float | None] = []
    spent = 0.0
    for suspect, original in pairs:
        if len(scores) % 250 == 0:
            report(f"{name}: {len(scores)} of {len(pairs)}")
        start = time.perf_counter()
        try:
            with time_limit(SECONDS):
                value = float(scorer(suspect, original))
        except Exception as error:  # whatever a tool raises is its failure on this pair
            report(f"{name}: pair {len(scores) + 1} failed: {type(error).__name__}")
            value = math.nan
        spent += time.perf_counter() - start
        scores.append(round(value, 6) if math.isfinite(value) else None)
    return {
        "scores": scores,
        "milliseconds_per_pair": round(1000 * spent / max(1, len(pairs)), 2),
        "failed": scores.count(None),
    }


def score_rivals(pairs: Sequence[tuple[str, str]], packages: Sequence[str]) -> dict[str, Any]:
    """The rows of the packages that are installed, and why the others are skipped."""
    tools: dict[str, Any] = {}
    skipped: dict[str, str] = {}
    for name, rival in RIVALS.items():
        if rival.package not in packages:
            continue
        try:
            head = {"version": version(rival.package), "setting": rival.setting}
            scorer = rival.load()
            scorer(WARM_UP, WARM_UP)  # what is loaded on the first call is not timed
        except PackageNotFoundError:
            skipped[name] = "not installed"
        except Exception as error:  # a broken installation skips its own rows only
            skipped[name] = f"does not run: {type(error).__name__}"
        else:
            tools[name] = {**head, **score_pairs(name, scorer, pairs)}
            report(f"{name}: {tools[name]['milliseconds_per_pair']} ms a pair, {tools[name]['failed']} failed")
            continue
        report(f"{name}: skipped, {skipped[name]}")
    return {"tools": tools, "skipped": skipped}


def read_pairs(path: Path, limit: int | None) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [(row["suspect"], row["original"]) for row in rows[:limit]]


def report(step: str) -> None:
    print(step, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Score article pairs with other people's tools.")
    parser.add_argument("pairs", type=Path, help="JSON lines with id, suspect, original")
    parser.add_argument("out", type=Path, help="JSON file to write")
    packages = list(dict.fromkeys(rival.package for rival in RIVALS.values()))
    parser.add_argument("--tool", nargs="+", choices=packages, default=packages, help="only these (all their rows)")
    parser.add_argument("--limit", type=int, help="only the first pairs")
    options = parser.parse_args()
    result = score_rivals(read_pairs(options.pairs, options.limit), options.tool)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

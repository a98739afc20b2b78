"""Many pairs from a JSONL file: bounded memory, all cores, progress, resume; a bad row costs only itself."""

from __future__ import annotations

import json
import math
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import joblib

from spindetect.detector import SpinDetector, article_of_row, article_pair
from spindetect.errors import InputError, SpindetectError

CHUNK, SCREEN_CHUNK = 256, 32
"""Rows scored together: pairs, and texts without an original."""
MAX_ROW = 25_000_000
"""Characters of one input line that are read."""

Row = dict[str, Any]
Work = Callable[[list[str]], list[Row]]
_detectors: dict[tuple[str | None, float | None], SpinDetector] = {}


def compare_rows(lines: list[str], model: str | None = None, max_fpr: float | None = None) -> list[Row]:
    """Score one chunk of JSONL lines; each gives a row with its id and either a score or an error."""
    detector = _detector(model, max_fpr)

    def score(pairs: list[Any]) -> list[Row]:
        return [found.to_row() for found in detector.compare_many(pairs)]

    return _rows(lines, "id, suspect and original", article_pair, score)


def screen_rows(lines: list[str], model: str | None = None) -> list[Row]:
    """The same for texts without an original."""
    detector = _detector(model, None)

    def score(articles: list[Any]) -> list[Row]:
        return [detector.screen(article, suggest=False).to_row() for article in articles]

    return _rows(lines, "id and text", article_of_row, score)


def _detector(model: str | None, max_fpr: float | None) -> SpinDetector:
    if (model, max_fpr) not in _detectors:
        _detectors[(model, max_fpr)] = SpinDetector.load(model, max_fpr=max_fpr)
    return _detectors[(model, max_fpr)]


def _rows(lines: list[str], fields: str, read: Callable[[Row], Any], score: Callable[[list[Any]], list[Row]]) -> list[Row]:
    rows: list[Row] = []
    usable = []
    for line in lines:
        row: Row = {"id": None}
        try:
            data = _parsed(line, fields)
            row["id"] = data.get("id")
            usable.append((row, read(data)))
        except SpindetectError as error:
            row["error"] = str(error)
        except Exception as error:  # one row's surprise must not end a batch of a million
            row["error"] = f"the row could not be read ({type(error).__name__}): please report it"
        rows.append(row)
    for (row, _), found in zip(usable, _scores(score, [item for _, item in usable]), strict=True):
        row.update(found)
    return rows


def _scores(score: Callable[[list[Any]], list[Row]], items: list[Any]) -> list[Row]:
    """Scores of a chunk; where a chunk fails, each item alone, so that one cannot take the others with it."""
    try:
        return score(items)
    except SpindetectError:
        raise  # a missing extra or a damaged model: no row could be scored
    except Exception as error:
        if len(items) == 1:
            return [{"error": f"the row could not be scored ({type(error).__name__}): please report it"}]
        return [row for item in items for row in _scores(score, [item])]


def _parsed(line: str, fields: str = "id") -> Row:
    if len(line) > MAX_ROW:
        raise InputError(f"the row has {len(line):,} characters, the limit is {MAX_ROW:,}: give the articles alone")
    try:
        data = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the row is not JSON in UTF-8 ({str(error)[:80]}): each line needs one object with {fields}") from error
    if isinstance(data, dict) and isinstance(data.get("id"), float) and not math.isfinite(data["id"]):
        raise InputError("the id is too large for a number: give it as a string")
    if not isinstance(data, dict):
        raise InputError(f"the row is a {type(data).__name__}, not an object: each row needs id, suspect and original")
    return data


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def run_batch(
    source: IO[str], target: IO[str], work: Work = compare_rows, *, chunk: int = CHUNK, jobs: int = -1, done: int = 0,
    last: Row | None = None, progress: Callable[[int], None] = lambda count: None,
) -> tuple[int, int]:  # fmt: skip
    """Score all rows of ``source`` into ``target``, in order.

    Args:
        work: scores the lines of a chunk.
        chunk: rows scored together; also what an interrupted run may have to repeat.
        done: rows at the start of ``source`` to pass over because an earlier run finished them.
        last: the last of the finished rows; its id must be that of row number ``done``.
        progress: called with the number of rows written since the last call.

    Returns:
        Rows written and how many of them are errors.

    Raises:
        InputError: the finished rows are not those of ``source``.
    """
    errors = written = 0
    lines = (line for line in source if line.strip())
    finished = deque(islice(lines, done), maxlen=1)
    if last is not None and (not finished or last.get("id") != _id_of(finished[0])):
        raise InputError(f"the output's row {done} has the id {last.get('id')!r}, the input's has another: start a new output")
    for rows in _parallel(_chunks(lines, chunk), work, jobs):
        for row in rows:
            target.write(json.dumps(row) + "\n")
            errors += "error" in row
        target.flush()
        written += len(rows)
        progress(len(rows))
    return written, errors


def _id_of(line: str) -> Any:
    try:
        return _parsed(line).get("id")
    except InputError:
        return None


def _chunks(lines: Iterable[str], size: int) -> Iterator[list[str]]:
    stream = iter(lines)
    while chunk := list(islice(stream, size)):
        yield chunk


def _parallel(chunks: Iterator[list[str]], work: Work, jobs: int) -> Iterator[list[Row]]:
    first = list(islice(chunks, 2))
    workers = joblib.effective_n_jobs(jobs)
    if workers == 1 or len(first) < 2:
        # Starting workers costs more than a chunk does.
        for chunk in first:
            yield work(chunk)
        for chunk in chunks:
            yield work(chunk)
        return

    def everything() -> Iterator[list[str]]:
        yield from first
        yield from chunks

    with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
        parallel = joblib.Parallel(n_jobs=workers, return_as="generator", pre_dispatch=2 * workers)
        yield from parallel(joblib.delayed(work)(chunk) for chunk in everything())


def finished_rows(path: Path) -> tuple[int, Row | None]:
    """How many whole rows an interrupted output has, and the last one; a row cut off is removed from the file.

    Raises:
        InputError: the file cannot be read or written, or holds no rows of a batch.
    """
    try:
        if not path.exists():
            return 0, None
        with path.open("r+b") as stream:
            count = end = 0
            last = b'{"id": null}'
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                count += 1
                end += len(line)
                last = line
            row = json.loads(last)
            if not isinstance(row, dict) or "id" not in row:
                raise ValueError("no row of a batch")
            stream.truncate(end)
            stream.flush()
            os.fsync(stream.fileno())
        return count, row if count else None
    except ValueError as error:
        raise InputError(f"{path} holds no rows of a batch: name the output that is to be resumed") from error
    except OSError as error:
        raise InputError(f"{path} cannot be resumed ({error.strerror}): check its permissions") from error


def open_input(name: str) -> IO[str]:
    """A JSONL file, or standard input for ``-``; bytes that are no UTF-8 are replaced.

    Raises:
        InputError: it cannot be opened.
    """
    if name == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
        return sys.stdin
    try:
        return open(name, encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"{name} cannot be read ({error.strerror}): check the path") from error


def open_output(name: str, append: bool) -> IO[str]:
    """The output file, or standard output for ``-``.

    Raises:
        InputError: it cannot be written.
    """
    if name == "-":
        return sys.stdout
    try:
        return open(name, "a" if append else "w", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{name} cannot be written ({error.strerror}): choose another path") from error

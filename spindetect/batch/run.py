"""A batch from the first row to the last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from spindetect.batch.outputs import Output
from spindetect.batch.rows import RawRow
from spindetect.batch.tasks import Task
from spindetect.batch.workers import Chunk, Inline, Workers, scored_chunks
from spindetect.errors import InputError

CHUNK_CHARACTERS = 8_000_000
"""A chunk of long rows is closed earlier."""


@dataclass(frozen=True)
class Summary:
    """Rows written by a run, and how many of them are errors."""

    written: int
    errors: int


def run_batch(
    rows: Iterable[RawRow], output: Output, task: Task, workers: Workers | None = None,
    progress: Callable[[int], None] = lambda count: None,
) -> Summary:  # fmt: skip
    """Do ``task`` with each row and write the results in order.

    Args:
        rows: as they are read.
        output: takes the results.
        task: what is done.
        workers: who does it; default: this process.
        progress: called with the number of rows written since the last call.

    Raises:
        InputError: rows cannot be read, results cannot be written, or the workers are lost. What was written stands, and the
            run can be resumed.
    """
    written = errors = 0
    for results in scored_chunks(task, _chunks(iter(rows), task.chunk), workers or Inline()):
        output.write(results)
        written += len(results)
        errors += sum("error" in row for row in results)
        progress(len(results))
    output.finish()
    return Summary(written, errors)


def _chunks(rows: Iterator[RawRow], size: int) -> Iterator[Chunk]:
    chunk: Chunk = []
    characters = 0
    try:
        for row in rows:
            chunk.append(row)
            characters += _length(row)
            if len(chunk) == size or characters > CHUNK_CHARACTERS:
                yield chunk
                chunk, characters = [], 0
    except InputError:
        # What was read before it is done all the same.
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk


def _length(row: RawRow) -> int:
    return len(row) if isinstance(row, str) else sum(len(value) for value in row.values() if isinstance(value, str))

"""Chunks through workers: results in order, and what a dead worker had is done again."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any, Protocol, TypeAlias

import joblib
from joblib.externals.loky.process_executor import BrokenProcessPool
from threadpoolctl import threadpool_limits

from spindetect.batch.rows import RawRow, Row, id_of
from spindetect.batch.tasks import Task
from spindetect.errors import InputError

Chunk: TypeAlias = list[RawRow]
MAX_DEATHS = 8
"""Rows in a row whose worker dies before a batch gives up: then it is not the rows."""


class WorkerDied(Exception):  # noqa: N818
    """A worker ended in the middle of its work, with all that was under way in its pool."""


class Workers(Protocol):
    """A pool of workers."""

    worthwhile: int
    """Chunks from which it pays to start them."""

    def run(self, task: Task, chunks: Iterator[Chunk]) -> Iterator[list[Row]]:
        """Results of each chunk, in order; a bounded number of chunks is taken ahead.

        Raises:
            WorkerDied: results that have not come by then are lost.
        """
        ...


class Inline:
    """No workers: this process."""

    worthwhile = 1

    def run(self, task: Task, chunks: Iterator[Chunk]) -> Iterator[list[Row]]:
        for chunk in chunks:
            # As the workers of a pool: one job, one core.
            with threadpool_limits(limits=1):
                rows = task(chunk)
            yield rows


class Processes:
    """Processes of this machine."""

    worthwhile = 2

    def __init__(self, count: int) -> None:
        self._count = count

    def run(self, task: Task, chunks: Iterator[Chunk]) -> Iterator[list[Row]]:
        with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
            parallel: Any = joblib.Parallel(n_jobs=self._count, return_as="generator", batch_size=1, pre_dispatch=2 * self._count)
        try:
            yield from parallel(joblib.delayed(task)(chunk) for chunk in chunks)
        except BrokenProcessPool as error:
            raise WorkerDied(str(error)) from error


def local_workers(jobs: int) -> Workers:
    """Workers of this machine; -1 for one a core."""
    count = joblib.effective_n_jobs(jobs)
    return Inline() if count == 1 else Processes(count)


def scored_chunks(task: Task, chunks: Iterator[Chunk], workers: Workers) -> Iterator[list[Row]]:
    """Results of all chunks, in order, each once, whichever workers die.

    When a worker dies a second time before any result came, the chunks under way are done one by one and cut in halves
    around what kills it; a row that kills its worker by itself becomes an error.

    Raises:
        InputError: workers die whatever they are given, or the rows cannot be read further.
    """
    feed = _Feed(chunks)
    first = list(islice(feed.chunks(), workers.worthwhile))
    pool = workers if len(first) == workers.worthwhile else Inline()
    deaths = 0
    while True:
        try:
            for rows in pool.run(task, feed.chunks()):
                feed.done()
                deaths = 0
                yield rows
            break
        except WorkerDied:
            deaths += 1
        if deaths > 1:
            careful = _Careful(task, pool)
            for chunk in feed.under_way():
                rows = careful.results(chunk)
                feed.done()
                yield rows
    if feed.failure is not None:
        raise feed.failure


class _Feed:
    """Hands out chunks and remembers those whose results have not come."""

    def __init__(self, source: Iterator[Chunk]) -> None:
        self._source = source
        self._pending: deque[Chunk] = deque()
        self._lock = threading.Lock()
        self._turn = 0
        self.failure: Exception | None = None

    def chunks(self) -> Iterator[Chunk]:
        """What is pending, then the rest of the source. Whoever still reads an earlier stream gets nothing more: the threads
        of a broken pool may be slower than its end."""
        with self._lock:
            self._turn += 1
            return self._stream(self._turn, list(self._pending))

    def _stream(self, turn: int, again: list[Chunk]) -> Iterator[Chunk]:
        yield from again
        while True:
            with self._lock:
                if turn != self._turn or self.failure is not None:
                    return
                try:
                    chunk = next(self._source)
                except StopIteration:
                    return
                except Exception as error:  # a pool's thread would swallow it: kept until the results before it are out
                    self.failure = error
                    return
                self._pending.append(chunk)
            yield chunk

    def done(self) -> None:
        self._pending.popleft()

    def under_way(self) -> list[Chunk]:
        with self._lock:
            self._turn += 1
            return list(self._pending)


class _Careful:
    """One chunk at a time, in halves where a worker dies of it."""

    def __init__(self, task: Task, workers: Workers) -> None:
        self._task, self._workers = task, workers
        self._deaths = 0

    def results(self, chunk: Chunk) -> list[Row]:
        try:
            rows = [row for part in self._workers.run(self._task, iter([chunk])) for row in part]
        except WorkerDied:
            if len(chunk) > 1:
                half = len(chunk) // 2
                return self.results(chunk[:half]) + self.results(chunk[half:])
            self._deaths += 1
            if self._deaths >= MAX_DEATHS:
                raise InputError(
                    "the workers die of whatever they are given (too little memory?): fewer --jobs, then --resume"
                ) from None
            return [{"id": id_of(chunk[0]), "error": "a worker died of this row (too little memory?): give it alone"}]
        self._deaths = 0
        return rows

"""A bounded pool of worker processes. Processes, because a text that takes too long can only be stopped by ending one."""

from __future__ import annotations

import asyncio
import math
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import anyio
from anyio import BrokenWorkerProcess, CancelScope, CapacityLimiter, to_process

from spindetect.errors import InputError
from spindetect.web import work
from spindetect.web.problems import RequestError
from spindetect.web.settings import Settings, Sources
from spindetect.web.work import Answer, Job

Work = Callable[[Sources, Job], Answer]
Preparation = Callable[[Sources], dict[str, str] | str]
_LOADING_SECONDS = 120.0
_UNHEARD_SECONDS = 2.0
"""A job whose client has gone may go on for this long: ending it costs a worker, and the next one loads its model for as long."""
_GONE = "the client has gone"
# Two workers on two cores: threads inside them would only fight. `-m` must not read modules from the current folder.
_WORKERS_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "HF_HUB_OFFLINE": "1",
    "PYTHONSAFEPATH": "1",
}


class Pool:
    """At most ``workers`` jobs run and ``queue`` wait; one more is refused at once.

    Attributes:
        model: name and version, once warm.
        running: jobs in a worker.
        waiting: jobs in the queue.
        stopping: what a worker has begun is finished, the rest refused.
    """

    def __init__(self, settings: Settings, do: Work = work.answer, prepare: Preparation = work.checked) -> None:
        self._settings = settings
        self._do = do
        self._prepare = prepare
        self._capacity = settings.workers + settings.queue
        self._mean_seconds = 0.1
        self._free = asyncio.Semaphore(settings.workers)
        self._unbegun: set[CancelScope] = set()
        self.model: dict[str, str] | None = None
        self.running = 0
        self.waiting = 0
        self.stopping = False

    async def warm(self) -> None:
        """Start the workers and load the model in each. Jobs given meanwhile wait for the first that is ready.

        Raises:
            InputError: model or archive cannot be used.
        """
        os.environ.update({name: value for name, value in _WORKERS_ENVIRONMENT.items() if name not in os.environ})
        # anyio ends workers that were idle for minutes; the next question would wait for a model to load.
        to_process.WORKER_MAX_IDLE_TIME = sys.maxsize
        found: list[dict[str, str] | str] = []

        async def start() -> None:
            try:
                async with self._free:
                    found.append(await self._prepared())
            except (BrokenWorkerProcess, OSError):
                found.append("a worker did not start: free memory, wait until the machine is less busy, or use fewer --workers")

        async with anyio.create_task_group() as group:
            for _ in range(self._settings.workers):
                group.start_soon(start)
        for item in found:
            if isinstance(item, str):
                raise InputError(item)
            self.model = item

    def stop(self) -> None:
        """Refuse what no worker has begun, at once and from now on."""
        self.stopping = True
        for scope in self._unbegun:
            scope.cancel()

    def refuse_if_full(self) -> None:
        """
        Raises:
            RequestError: 503, with the seconds after which to try again.
        """
        if self.running + self.waiting >= self._capacity:
            wait = math.ceil((self.running + self.waiting) * self._mean_seconds / self._settings.workers)
            raise _busy("all workers are busy and the queue is full", wait)

    @contextmanager
    def unbegun(self) -> Iterator[CancelScope]:
        """Around what comes before a worker begins: reading a request, waiting for a turn.

        Raises:
            RequestError: 503, the server is stopping.
        """
        if self.stopping:
            raise _busy("the server is stopping")
        with CancelScope() as scope:
            self._unbegun.add(scope)
            try:
                yield scope
            finally:
                self._unbegun.discard(scope)
        if scope.cancelled_caught and self.stopping:
            raise _busy("the server is stopping")

    async def run(self, job: Job, gone: Callable[[], Awaitable[object]]) -> Answer:
        """Run a job when a worker is free.

        Args:
            gone: returns when the client has gone; its job is then taken out of the queue, or ended.

        Raises:
            RequestError: 503 full, stopping or waited too long, 504 took too long, 500 a worker died, 499 the client has gone.
        """
        self.refuse_if_full()
        leaving = asyncio.ensure_future(gone())
        try:
            await self._turn(leaving)
            self.running += 1
            try:
                return await self._in_worker(job, leaving)
            finally:
                self.running -= 1
                self._free.release()
        finally:
            leaving.cancel()

    async def _turn(self, leaving: asyncio.Future[object]) -> None:
        seconds = self._settings.limits.seconds
        self.waiting += 1
        try:
            with self.unbegun() as scope:
                scope.deadline = anyio.current_time() + seconds
                leaving.add_done_callback(lambda _: scope.cancel())
                await self._free.acquire()
        finally:
            self.waiting -= 1
        if scope.cancelled_caught:
            raise RequestError(499, _GONE) if leaving.done() else _busy(f"no worker was free for {seconds:g} s")

    async def _in_worker(self, job: Job, leaving: asyncio.Future[object]) -> Answer:
        # In place of a worker that was stopped there is a new one: loading is not the job's time.
        try:
            with self.unbegun() as loading:
                loading.deadline = anyio.current_time() + _LOADING_SECONDS
                await self._prepared()
        except (BrokenWorkerProcess, OSError):
            raise _busy("a worker did not start") from None
        if loading.cancelled_caught:
            raise _busy(f"a worker was not ready within {_LOADING_SECONDS:g} s")
        if leaving.done():
            raise RequestError(499, _GONE)
        started, seconds = time.monotonic(), self._settings.limits.seconds
        try:
            with anyio.fail_after(seconds) as scope:
                leaving.add_done_callback(lambda _: _hasten(scope))
                return await to_process.run_sync(
                    self._do, self._settings.sources, job, cancellable=True, limiter=CapacityLimiter(1)
                )
        except TimeoutError:
            if leaving.done():
                raise RequestError(499, _GONE) from None
            raise RequestError(504, f"this took longer than {seconds:g} s and was stopped: give the article alone") from None
        except BrokenWorkerProcess:
            raise RequestError(500, "a worker died of this request: try again, or report it with the file") from None
        finally:
            self._mean_seconds += 0.1 * (time.monotonic() - started - self._mean_seconds)

    async def _prepared(self) -> dict[str, str] | str:
        # Who may run is the pool's to say: the limiter, which every call wants, never holds one back.
        return await to_process.run_sync(self._prepare, self._settings.sources, cancellable=True, limiter=CapacityLimiter(1))


def _hasten(scope: CancelScope) -> None:
    scope.deadline = min(scope.deadline, anyio.current_time() + _UNHEARD_SECONDS)


def _busy(reason: str, wait: int = 5) -> RequestError:
    return RequestError(503, f"{reason}: try again in {wait} s", {"Retry-After": str(wait)})

"""A bounded pool of worker processes. Processes, because a text that takes too long can only be stopped by ending one."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Awaitable, Callable

import anyio
from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

from spindetect.errors import InputError
from spindetect.web import work
from spindetect.web.problems import RequestError
from spindetect.web.settings import Settings, Sources
from spindetect.web.work import Answer, Job

Work = Callable[[Sources, Job], Answer]
Preparation = Callable[[Sources], dict[str, str] | str]
_LOADING_SECONDS = 120.0
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
    """

    def __init__(self, settings: Settings, do: Work = work.answer, prepare: Preparation = work.checked) -> None:
        self._settings = settings
        self._do = do
        self._prepare = prepare
        self._capacity = settings.workers + settings.queue
        self._mean_seconds = 0.1
        self._free: CapacityLimiter | None = None
        self.model: dict[str, str] | None = None
        self.running = 0
        self.waiting = 0

    async def warm(self) -> None:
        """Start the workers and load the model in each; once.

        Raises:
            InputError: model or archive cannot be used.
        """
        if self._free is not None:
            return
        os.environ.update({name: value for name, value in _WORKERS_ENVIRONMENT.items() if name not in os.environ})
        self._free = CapacityLimiter(self._settings.workers)
        found: list[dict[str, str] | str] = []

        async def start() -> None:
            try:
                found.append(
                    await to_process.run_sync(self._prepare, self._settings.sources, cancellable=True, limiter=self._free)
                )
            except BrokenWorkerProcess:
                found.append("a worker did not start: free memory, wait until the machine is less busy, or use fewer --workers")

        async with anyio.create_task_group() as group:
            for _ in range(self._settings.workers):
                group.start_soon(start)
        for item in found:
            if isinstance(item, str):
                raise InputError(item)
            self.model = item

    def refuse_if_full(self) -> None:
        """
        Raises:
            RequestError: 503, with the seconds after which to try again.
        """
        if self.running + self.waiting >= self._capacity:
            wait = math.ceil((self.running + self.waiting) * self._mean_seconds / self._settings.workers)
            raise RequestError(
                503, f"all workers are busy and the queue is full: try again in {wait} s", {"Retry-After": str(wait)}
            )

    async def run(self, job: Job, gone: Callable[[], Awaitable[bool]]) -> Answer:
        """Run a job when a worker is free.

        Args:
            gone: has the client gone while the job waited?

        Raises:
            RequestError: 503 full or waited too long, 504 took too long, 500 a worker died.
        """
        self.refuse_if_full()
        seconds = self._settings.limits.seconds
        if self._free is None:
            raise RequestError(503, "the server is still loading its model: try again in 5 s", {"Retry-After": "5"})
        self.waiting += 1
        try:
            with anyio.fail_after(seconds):
                await self._free.acquire_on_behalf_of(job_token := object())
        except TimeoutError:
            raise RequestError(503, f"no worker was free for {seconds:g} s: try again in 5 s", {"Retry-After": "5"}) from None
        finally:
            self.waiting -= 1
        self.running += 1
        try:
            if await gone():
                raise RequestError(499, "the client has gone")
            return await self._in_worker(job, seconds)
        finally:
            self.running -= 1
            self._free.release_on_behalf_of(job_token)

    async def _in_worker(self, job: Job, seconds: float) -> Answer:
        started = time.monotonic()
        sources, own = self._settings.sources, CapacityLimiter(1)  # the limiter is ours: this one never holds a job back
        try:
            # In place of a worker that was stopped, or idle for minutes, there is a new one: loading is not the job's time.
            with anyio.fail_after(_LOADING_SECONDS):
                await to_process.run_sync(self._prepare, sources, cancellable=True, limiter=own)
            started = time.monotonic()
            with anyio.fail_after(seconds):
                return await to_process.run_sync(self._do, sources, job, cancellable=True, limiter=own)
        except TimeoutError:
            raise RequestError(504, f"this took longer than {seconds:g} s and was stopped: give the article alone") from None
        except BrokenWorkerProcess:
            raise RequestError(500, "a worker died of this request: try again, or report it with the file") from None
        finally:
            self._mean_seconds += 0.1 * (time.monotonic() - started - self._mean_seconds)

"""A Dask cluster as workers (extra: cluster).

Chunks are handed to the scheduler by its own client. joblib's dask backend would save some lines, but it waits for ever when
the scheduler gives a chunk up because its workers died of it, or when no worker is left.
"""

from __future__ import annotations

import logging
import warnings
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from pkgutil import resolve_name
from time import monotonic
from typing import Any

from spindetect import __version__
from spindetect.batch.rows import Row
from spindetect.batch.tasks import Task
from spindetect.batch.workers import Chunk, WorkerDied
from spindetect.errors import InputError, MissingExtraError

_ANSWER, _PATIENCE, _LOOK = 10.0, 60.0, 5.0
"""Seconds that a cluster may take to answer, that a run waits when all workers are gone, and between looks at them."""
_VERSION = "spindetect:__version__"
_REMEDY = f"install spindetect {__version__} on the scheduler and on all workers"


@contextmanager
def connected(address: str, task: Task, jobs: int = -1) -> Iterator[Cluster]:
    """The workers of a cluster, each of them seen to have this spindetect and what ``task`` needs.

    Args:
        address: of the scheduler, e.g. ``tcp://10.0.0.5:8786``.
        task: what they will do.
        jobs: chunks under way at a time; -1 for two a thread of the cluster.

    Raises:
        InputError: the cluster does not answer, has no workers, or lacks something; the message says what to do.
        MissingExtraError: the ``cluster`` extra is not installed.
    """
    try:
        import distributed
    except ImportError as error:
        raise MissingExtraError("A cluster", "cluster") from error
    _quiet()
    try:
        client = distributed.Client(address, timeout=_ANSWER, set_as_default=False, name="spindetect")
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        raise InputError(
            f"no Dask scheduler answers at {address}: start one with `dask scheduler` and give its address as tcp://host:port"
        ) from error
    try:
        _check(client, address, task)
        yield Cluster(client, address, jobs)
    finally:
        _close(client)


class Cluster:
    """Workers on other machines. A lost worker's chunks are done again by the scheduler itself."""

    worthwhile = 1

    def __init__(self, client: Any, address: str, jobs: int = -1) -> None:
        self._client, self._address, self._jobs = client, address, jobs
        self._window = max(jobs, 1)
        self._looked = -_LOOK
        self._alone_since: float | None = None

    def run(self, task: Task, chunks: Iterator[Chunk]) -> Iterator[list[Row]]:
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        under_way: deque[Any] = deque()
        try:
            for chunk in chunks:
                under_way.append(self._client.submit(task, chunk, pure=False))
                self._look()
                while len(under_way) >= self._window:
                    yield self._result(under_way[0])
                    under_way.popleft()
            while under_way:
                yield self._result(under_way[0])
                under_way.popleft()
        except KilledWorker as error:
            raise WorkerDied(str(error)) from error
        except (CancelledError, CommClosedError) as error:
            raise InputError(
                f"the Dask scheduler at {self._address} is gone: start it and its workers, then the same command with --resume"
            ) from error
        finally:
            # What nobody waits for any more; the scheduler drops it with its last future.
            under_way.clear()

    def _result(self, future: Any) -> list[Row]:
        while True:
            try:
                rows: list[Row] = future.result(timeout=_LOOK)
                return rows
            except TimeoutError:
                if not future.done():
                    self._look()

    def _look(self) -> None:
        """Now and then count the workers: more of them get more chunks, and none of them ends the run."""
        now = monotonic()
        if now - self._looked < _LOOK:
            return
        self._looked = now
        threads = sum(self._client.nthreads().values())
        if threads:
            self._alone_since = None
            self._window = self._jobs if self._jobs > 0 else 2 * threads
            return
        self._alone_since = now if self._alone_since is None else self._alone_since
        if now - self._alone_since >= _PATIENCE:
            raise InputError(
                f"the Dask cluster at {self._address} has had no worker for {_PATIENCE:.0f} seconds: start some with "
                f"`dask worker {self._address}`, then run the same command with --resume"
            )


def _quiet() -> None:
    """What goes wrong is told in one line of our own."""
    for name in [*logging.root.manager.loggerDict]:
        if name.split(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", module="distributed")


def _check(client: Any, address: str, task: Task) -> None:
    try:
        client.wait_for_workers(1, timeout=_ANSWER)
    except TimeoutError as error:
        raise InputError(f"the Dask cluster at {address} has no workers: start some with `dask worker {address}`") from error
    # A function of the standard library, since it travels by its name: the other side need not know spindetect.
    versions = {"the scheduler": _asked(lambda: client.run_on_scheduler(resolve_name, _VERSION))}
    versions |= {f"the worker {name}": found for name, found in client.run(resolve_name, _VERSION, on_error="return").items()}
    for place, version in versions.items():
        if isinstance(version, BaseException):
            raise InputError(f"{place} of {address} cannot import spindetect ({type(version).__name__}): {_REMEDY}") from version
        if version != __version__:
            raise InputError(f"{place} of {address} has spindetect {version}, here it is {__version__}: {_REMEDY}")
    own = task.prepare()
    for name, found in client.run(task.prepare, on_error="return").items():
        if isinstance(found, BaseException):
            raise InputError(f"the worker {name} is not ready: {found}") from found
        if found != own:
            raise InputError(f"the worker {name} has another model than this machine: give every worker the same one")


def _asked(question: Any) -> Any:
    try:
        return question()
    except Exception as error:  # whatever was raised on the other side
        return error


def _close(client: Any) -> None:
    with suppress(Exception):  # the scheduler may be gone
        client.close(timeout=2)

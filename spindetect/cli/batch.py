"""`spindetect batch compare`, `batch screen` and `batch trace`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from spindetect.batch.inputs import count_rows, open_rows
from spindetect.batch.outputs import FileOutput, open_output
from spindetect.batch.run import run_batch
from spindetect.batch.tasks import Task
from spindetect.batch.workers import Workers, local_workers
from spindetect.cli.console import notes, progress_bar
from spindetect.errors import InputError

_SECONDS_BETWEEN_NOTES = 10


def batch_command(task: Task, source: str, target: str, *, jobs: int, resume: bool, scheduler: str | None, title: str) -> None:
    """Do ``task`` with every row of ``source``."""
    _check(source, target, jobs, resume)
    with open_rows(source, task.columns) as rows, _workers(task, jobs, scheduler) as workers:
        output = open_output(target, task, resume)
        try:
            done = output.skip_finished(rows) if resume and isinstance(output, FileOutput) else 0
            with _progress(title, source, done) as progress:
                summary = run_batch(rows, output, task, workers, progress)
        except KeyboardInterrupt:
            if target != "-":
                notes.print("stopped; the same command with --resume goes on")
            raise
        finally:
            output.close()
    notes.print(
        f"{summary.written} rows written, {summary.errors} of them errors" + (f", {done} kept from before" if done else "")
    )


def _check(source: str, target: str, jobs: int, resume: bool) -> None:
    if resume and target == "-":
        raise InputError("--resume needs an output file, not - (standard output): name a file")
    if source != "-" and Path(target).exists() and Path(source).exists() and Path(source).samefile(target):
        raise InputError(f"{target} is the input as well: write to another file")
    if jobs == 0 or jobs < -1:
        raise InputError(f"--jobs {jobs} is no number of workers: give 1 or more, or -1 for one a core")


@contextmanager
def _workers(task: Task, jobs: int, scheduler: str | None) -> Iterator[Workers]:
    """The workers, once everything that the task needs is seen to be there."""
    if scheduler is None:
        task.prepare()
        yield local_workers(jobs)
    else:
        from spindetect.batch.cluster import connected

        with connected(scheduler, task, jobs) as cluster:
            yield cluster


@contextmanager
def _progress(title: str, source: str, done: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; a line now and then in a log."""
    if notes.is_terminal:
        with progress_bar() as bar:
            task = bar.add_task(title, total=count_rows(source), completed=done)
            yield lambda count: bar.update(task, advance=count)
        return
    start = last = monotonic()
    written = 0

    def note(count: int) -> None:
        nonlocal written, last
        written += count
        now = monotonic()
        if now - last >= _SECONDS_BETWEEN_NOTES:
            notes.print(f"{title}: {done + written} rows, {written / (now - start):.0f} a second")
            last = now

    yield note

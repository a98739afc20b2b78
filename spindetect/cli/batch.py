"""`spindetect batch compare` and `spindetect batch screen`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from spindetect.batch import (
    CHUNK,
    SCREEN_CHUNK,
    Work,
    compare_rows,
    finished_rows,
    open_input,
    open_output,
    run_batch,
    screen_rows,
)
from spindetect.cli.console import notes, progress_bar
from spindetect.detector import SpinDetector
from spindetect.errors import InputError

_ENGLISH = "A short English sentence, to see that everything is there before any work begins."


def batch_compare_command(source: str, target: str, *, jobs: int, resume: bool, max_fpr: float | None, model: str | None) -> None:
    """Score the pairs of a JSONL file."""
    _check(source, target, jobs, resume)
    SpinDetector.load(model, max_fpr=max_fpr)  # a damaged model is told before any work
    _run(source, target, partial(compare_rows, model=model, max_fpr=max_fpr), CHUNK, jobs, resume, "comparing")


def batch_screen_command(source: str, target: str, *, jobs: int, resume: bool, model: str | None) -> None:
    """Screen the texts of a JSONL file."""
    _check(source, target, jobs, resume)
    SpinDetector.load(model).screen(_ENGLISH, suggest=False)  # and so is a missing extra
    _run(source, target, partial(screen_rows, model=model), SCREEN_CHUNK, jobs, resume, "screening")


def _check(source: str, target: str, jobs: int, resume: bool) -> None:
    if resume and target == "-":
        raise InputError("--resume needs an output file, not - (standard output): name a file")
    if source != "-" and Path(target).exists() and Path(source).exists() and Path(source).samefile(target):
        raise InputError(f"{target} is the input as well: write to another file")
    if jobs == 0 or jobs < -1:
        raise InputError(f"--jobs {jobs} is no number of workers: give 1 or more, or -1 for one a core")


def _run(source: str, target: str, work: Work, chunk: int, jobs: int, resume: bool, title: str) -> None:
    done, last = finished_rows(Path(target)) if resume else (0, None)
    with open_input(source) as stream:
        output = open_output(target, append=resume)
        try:
            with progress_bar() as bar:
                task = bar.add_task(title, total=_row_count(source), completed=done)
                written, errors = run_batch(
                    stream, output, work, chunk=chunk, jobs=jobs, done=done, last=last,
                    progress=lambda count: bar.update(task, advance=count),
                )  # fmt: skip
        finally:
            if output is not sys.stdout:
                output.close()
    notes.print(f"{written} rows written, {errors} of them errors" + (f", {done} kept from before" if done else ""))


def _row_count(source: str) -> int | None:
    if not notes.is_terminal or not Path(source).is_file():  # a pipe can be read but once
        return None
    with open(source, "rb") as lines:
        return sum(1 for line in lines if line.strip())

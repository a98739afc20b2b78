"""Consoles for people: plain colours that read on dark and light terminals, stderr for all that is not the answer."""

from __future__ import annotations

import re
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from spindetect.errors import InputError

answer = Console(highlight=False)
notes = Console(stderr=True, highlight=False)

VERDICT_STYLE = {"spun": "bold red", "reprint": "bold yellow", "independent": "bold green", "inconclusive": "bold"}
# Text of the articles goes to a terminal: no control character may reach it.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def plain(text: str, width: int = 60) -> str:
    """Text that is safe to print, shortened to ``width`` characters."""
    text = _CONTROL.sub(" ", text)
    return text if len(text) <= width else text[: width - 1] + "…"


def write_page(path: Path, page: str) -> None:
    """Write an HTML page and say where it is.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        path.write_text(page, "utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}): name a file in a folder that exists") from error
    notes.print(f"page written to {plain(str(path), 4_000)}", markup=False, soft_wrap=True)


def progress_bar(counted: bool = True) -> Progress:
    """A progress bar on stderr that vanishes when done; silent where stderr is no terminal."""
    columns = [TextColumn("{task.description}"), BarColumn()]
    columns += [MofNCompleteColumn()] if counted else [TextColumn("{task.percentage:>3.0f} %")]
    return Progress(
        *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=notes, transient=True, disable=not notes.is_terminal
    )

"""`spindetect archive add|remove|info|list`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from spindetect.archive import Archive
from spindetect.archive.sources import articles_of, files_of
from spindetect.cli.console import answer, notes, plain, progress_bar
from spindetect.errors import InputError

_SHOWN_ERRORS = 20


def add_command(location: str, inputs: Sequence[str], *, model: str | None) -> None:
    """Add the articles of files."""
    files = files_of(inputs)
    inside = [name for name in files if name != "-" and Path(name).resolve().is_relative_to(Path(location).resolve())]
    if inside:
        raise InputError(f"{inside[0]} lies inside the archive {location}: name the archive first, then what to add")
    shown = 0

    def tell(identifier: str | None, message: str) -> None:
        nonlocal shown
        shown += 1
        if shown <= _SHOWN_ERRORS:
            name = "" if identifier is None else f"{plain(identifier, 100)}: "
            notes.print(f"skipped {name}{plain(message, 300)}", markup=False, soft_wrap=True)

    with Archive.open(location, model=model) as archive, progress_bar() as bar:
        whole = (
            None
            if any(Path(name).suffix.lower() in (".jsonl", ".ndjson", ".csv", ".tsv", ".parquet") for name in files)
            else len(files)
        )
        task = bar.add_task("adding", total=whole)
        done = archive.add(articles_of(files), progress=lambda count: bar.update(task, advance=count), on_error=tell)
    if shown > _SHOWN_ERRORS:
        notes.print(f"... and {shown - _SHOWN_ERRORS} more")
    notes.print(f"{done.added} added, {done.replaced} replaced, {done.skipped} unchanged, {done.errors} errors")


def remove_command(location: str, ids: Sequence[str], *, model: str | None) -> None:
    """Remove articles by id."""
    with Archive.open(location, create=False, model=model) as archive:
        count = archive.remove(_ids(ids))
    notes.print(f"{count} removed")


def _ids(ids: Sequence[str]) -> Iterator[str]:
    for name in ids:
        if name == "-":
            yield from (line.rstrip("\r\n") for line in sys.stdin if line.strip())
        else:
            yield name


def info_command(location: str, *, as_json: bool, model: str | None) -> None:
    """Show size and state."""
    with Archive.open(location, create=False, model=model) as archive:
        info = archive.info()
    if as_json:
        print(json.dumps(info.to_dict()))
        return
    answer.print(f"archive    {plain(info.location, 1_000)}", markup=False, soft_wrap=True)
    answer.print(f"articles   {info.articles:,} in {info.passages:,} passages")
    answer.print(f"encoder    {info.encoder}")
    for name, value in info.store.items():
        answer.print(f"{name.replace('_', ' '):<10} {f'{value:,}' if isinstance(value, int) else value}", markup=False)


def list_command(location: str, *, as_json: bool, before: str | None, after: str | None, model: str | None) -> None:
    """Print what is in the archive, an article a line: id, date, title, address, parted by tabs."""
    with Archive.open(location, create=False, model=model) as archive:
        entries = archive.list(before=before, after=after)
        if not as_json:
            for entry in entries:
                print("\t".join(plain(part, 1_000) for part in (entry.id, entry.date, entry.title, entry.url)).rstrip())
            return
        # Written piece by piece: the archive may be larger than memory.
        separator = '{"articles": ['
        for entry in entries:
            sys.stdout.write(separator + json.dumps(asdict(entry)))
            separator = ", "
        print("]}" if separator == ", " else separator + "]}")

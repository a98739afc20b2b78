"""Where rows come from: JSON lines, plain or gzipped, a Parquet table, or standard input. Read as they are needed."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from spindetect.batch.rows import MAX_ROW, RawRow
from spindetect.errors import InputError
from spindetect.reading import DAMAGED_GZIP

_PARQUET, _GZIPPED = (".parquet", ".pq"), (".gz",)
TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".xlsx")
"""Endings of file names, in small or capital letters; everything else is JSON lines."""


def is_parquet(name: str) -> bool:
    return name.lower().endswith(_PARQUET)


def is_gzipped(name: str) -> bool:
    return name.lower().endswith(_GZIPPED)


@contextmanager
def open_rows(name: str, columns: tuple[str, ...]) -> Iterator[Iterator[RawRow]]:
    """The rows of a file, or of standard input for ``-``.

    Args:
        name: a file; its ending says what it is.
        columns: what a table must have beside an id.

    Raises:
        InputError: it cannot be opened, or, when its turn comes, read.
        MissingExtraError: a Parquet file without the ``parquet`` extra.
    """
    if is_parquet(name):
        from spindetect.batch.parquet import table_rows

        yield table_rows(Path(name), columns)
    elif name == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
        yield _lines(sys.stdin, "standard input")
    elif name.lower().endswith(TABLES):
        raise InputError(f"{name} is no input of a batch: give JSON lines (.jsonl, .jsonl.gz) or a Parquet table (.parquet)")
    else:
        with _opened(name) as stream:
            yield _lines(stream, name)


def count_rows(name: str) -> int | None:
    """How many rows an input has, where that can be told without reading it through."""
    path = Path(name)
    if is_gzipped(name) or not path.is_file():  # a pipe can be read but once
        return None
    if is_parquet(name):
        from spindetect.batch.parquet import table_length

        return table_length(path)
    with path.open("rb") as lines:
        return sum(1 for line in lines if line.strip())


def _opened(name: str) -> IO[str]:
    try:
        if is_gzipped(name):
            return gzip.open(name, "rt", encoding="utf-8-sig", errors="replace")
        return open(name, encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"{name} cannot be read ({error.strerror}): check the path") from error


def _lines(stream: IO[str], name: str) -> Iterator[str]:
    """Lines that are not blank; of one beyond the limit only so much that it is seen to be too long."""
    try:
        while line := stream.readline(MAX_ROW + 1):
            if len(line) > MAX_ROW:
                rest = line
                while rest and not rest.endswith("\n"):
                    rest = stream.readline(MAX_ROW)
            if not line.isspace():
                yield line
    except DAMAGED_GZIP as error:
        raise InputError(f"{name} is damaged or cut off ({error}): rows before that are written; mend it and --resume") from error
    except OSError as error:
        raise InputError(f"{name} cannot be read further ({error.strerror}): rows before that are written") from error

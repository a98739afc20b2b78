"""Articles from files: folders, globs, JSONL, CSV and Parquet; a bad row or file is passed on as its error."""

from __future__ import annotations

import csv
import glob
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from spindetect.article import Article
from spindetect.errors import InputError, MissingExtraError, SpindetectError
from spindetect.furniture import HEADLINE
from spindetect.reading import SUFFIXES

_ARTICLES = {*SUFFIXES, ".pdf", ".docx"} - {""}
_ROWS = {".jsonl", ".ndjson", ".csv", ".tsv", ".parquet"}
_MAX_ROW = 25_000_000
_PARQUET_ROWS = 500

Item = Mapping[str, Any] | InputError


def files_of(names: Sequence[str]) -> list[str]:
    """Every file that the arguments name; ``-`` stays.

    Raises:
        InputError: an argument names nothing, or a folder without articles.
    """
    found: list[str] = []
    for name in names:
        path = Path(name)
        if name == "-":
            found.append(name)
        elif path.is_dir():
            inside = sorted(str(file) for file in path.rglob("*") if file.suffix.lower() in _ARTICLES | _ROWS and file.is_file())
            if not inside:
                raise InputError(
                    f"{name} holds no file of articles ({', '.join(sorted(_ARTICLES | _ROWS))}): name another folder"
                )
            found += inside
        elif path.exists():
            found.append(name)
        else:
            # A pattern may be absolute, which Path.glob refuses.
            matching = sorted(file for file in glob.glob(name, recursive=True) if Path(file).is_file())  # noqa: PTH207
            if not matching:
                raise InputError(f"{name} does not exist and matches no file: check the path")
            found += matching
    return found


def articles_of(files: Iterable[str]) -> Iterator[Item]:
    """The articles of files, read one after another; a file of one article has its path as id.

    Raises:
        MissingExtraError: a Parquet file, and pyarrow is not installed.
    """
    for name in files:
        suffix = Path(name).suffix.lower()
        if name == "-":
            yield from _json_rows(sys.stdin.buffer, "standard input")
        elif suffix not in _ROWS:
            yield _single(name)
        else:
            try:
                if suffix == ".parquet":
                    yield from _parquet_rows(name)
                elif suffix in (".csv", ".tsv"):
                    yield from _csv_rows(name, "\t" if suffix == ".tsv" else ",")
                else:
                    with open(name, "rb") as stream:
                        yield from _json_rows(stream, name)
            except OSError as error:
                yield InputError(f"{name} cannot be read ({error.strerror or error}): check the file and its permissions")


def _single(name: str) -> Item:
    try:
        article = Article.from_file(name)
    except MissingExtraError:
        raise
    except SpindetectError as error:
        return InputError(str(error))
    headline = next((item.text for item in article.ignored if item.kind == HEADLINE), "")
    return {"id": name, "text": article, "title": headline}


def _json_rows(stream: IO[bytes], name: str) -> Iterator[Item]:
    number = 0
    while line := stream.readline(_MAX_ROW + 1):
        number += 1
        if len(line) > _MAX_ROW:
            while line and not line.endswith(b"\n"):
                line = stream.readline(_MAX_ROW)
            yield InputError(f"{name}, line {number} has more than {_MAX_ROW:,} bytes: give one article a line")
        elif line.strip():
            yield _json_row(line.decode("utf-8-sig" if number == 1 else "utf-8", "replace"), f"{name}, line {number}")


def _json_row(line: str, place: str) -> Item:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return InputError(f"{place} is not JSON ({str(error)[:80]}): each line needs one object with id and text")
    return row if isinstance(row, dict) else InputError(f"{place} is a {type(row).__name__}, not an object with id and text")


def _csv_rows(name: str, delimiter: str) -> Iterator[Item]:
    csv.field_size_limit(_MAX_ROW)
    with open(name, encoding="utf-8-sig", errors="replace", newline="") as stream:
        rows = csv.DictReader(stream, delimiter=delimiter)
        if not {"id", "text"} <= set(rows.fieldnames or ()):
            yield InputError(f"{name} has no columns id and text in its first line: name them so")
            return
        while True:
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield InputError(f"{name}, line {rows.line_num} cannot be read ({error}): check its quotation marks")
                return
            if row is None:
                return
            yield {column: value for column, value in row.items() if column is not None and value is not None}


def _parquet_rows(name: str) -> Iterator[Item]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtraError(f"Reading {name}", "archive") from error
    try:
        with parquet.ParquetFile(name) as file:
            missing = {"id", "text"} - set(file.schema_arrow.names)
            if missing:
                yield InputError(f"{name} has no column {' and no column '.join(sorted(missing))}: name them so")
                return
            for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
                yield from batch.to_pylist()
    except pa.ArrowException as error:
        yield InputError(f"{name} is no sound Parquet file ({str(error)[:80]}): check it")

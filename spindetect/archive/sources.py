"""Articles from files: folders, globs, JSONL (gzipped, too), CSV and Parquet; a bad row or file is passed on as its error."""

from __future__ import annotations

import csv
import glob
import gzip
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from spindetect.article import Article
from spindetect.errors import InputError, MissingExtraError, SpindetectError
from spindetect.furniture import HEADLINE
from spindetect.reading import DAMAGED_GZIP, SUFFIXES

_ARTICLES = {*SUFFIXES, ".pdf", ".docx"} - {""}
_PACKED = {".jsonl.gz", ".ndjson.gz"}
_ROWS = {".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", *_PACKED}
_MAX_ROW = 25_000_000
_PARQUET_ROWS = 500
_BUFFER = 1 << 20

Item = Mapping[str, Any] | InputError


def files_of(names: Sequence[str]) -> list[str]:
    """Every file that the arguments name; ``-`` stays.

    Raises:
        InputError: an argument names nothing, or a folder without articles.
    """
    found: list[str] = []
    for name in names:
        path = Path(name)
        if not name:
            raise InputError("an input is empty: name files or folders (a variable of the shell that is not set?)")
        if name == "-":
            found.append(name)
        elif path.is_dir():
            inside = sorted(str(file) for file in path.rglob("*") if _ending(file) in _ARTICLES | _ROWS and file.is_file())
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


def _ending(path: Path) -> str:
    """The ending of a name, with that of what is packed in it."""
    return "".join(path.suffixes[-2:]).lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


def articles_of(files: Iterable[str]) -> Iterator[Item]:
    """The articles of files, read one after another; a file of one article has its path as id.

    Raises:
        MissingExtraError: a Parquet file, and pyarrow is not installed.
    """
    for name in files:
        suffix = _ending(Path(name))
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
                    with gzip.open(name) if suffix in _PACKED else open(name, "rb") as stream:
                        yield from _json_rows(stream, name)
            except DAMAGED_GZIP as error:
                yield InputError(f"{name} is damaged or cut off ({error}): articles before that were read; pack it again")
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


def _json_rows(stream: IO[bytes] | gzip.GzipFile, name: str) -> Iterator[Item]:
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
        try:
            columns = set(rows.fieldnames or ())
        except csv.Error as error:
            yield InputError(f"{name}, line 1 cannot be read ({error}): check its quotation marks")
            return
        if not {"id", "text"} <= columns:
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
        # Buffered: a table written as one group of rows is not read into memory as one.
        with parquet.ParquetFile(name, pre_buffer=False, buffer_size=_BUFFER) as file:
            missing = {"id", "text"} - set(file.schema_arrow.names)
            if missing:
                yield InputError(f"{name} has no column {' and no column '.join(sorted(missing))}: name them so")
                return
            first = 1
            for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
                yield from _table_rows(batch, f"{name}, row", first)
                first += batch.num_rows
    except pa.ArrowException as error:
        yield InputError(f"{name} is no sound Parquet file ({str(error)[:80]}): check it")


def _table_rows(batch: Any, place: str, first: int) -> Iterator[Item]:
    """The rows of a part of a table; a value that Python cannot hold (a date far off, a text in no UTF-8) costs its row only."""
    try:
        rows = batch.to_pylist()
    except Exception as error:  # whatever pyarrow and the time zones raise
        if batch.num_rows == 1:
            yield InputError(f"{place} {first} cannot be read ({type(error).__name__}: {str(error)[:80]}): mend its values")
            return
        for number in range(batch.num_rows):
            yield from _table_rows(batch.slice(number, 1), place, first + number)
        return
    yield from rows

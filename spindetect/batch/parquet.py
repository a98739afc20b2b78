"""Parquet tables in and out through pyarrow (extra: parquet), some thousand rows in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from spindetect.batch.rows import RawRow, Row, id_as_text
from spindetect.errors import InputError, MissingExtraError

_READ, _WRITE = 256, 20_000
"""Rows read and written at a time."""
_BUFFER = 1 << 20


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError("A Parquet file", "parquet") from error
    return pyarrow, pyarrow.parquet


def check_installed() -> None:
    """Raises MissingExtraError where pyarrow is not installed."""
    _pyarrow()


def _opened(path: Path) -> Any:
    pa, parquet = _pyarrow()
    try:
        # Buffered: a table written as one group of rows is not read into memory as one.
        return parquet.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER)
    except pa.ArrowInvalid as error:
        raise InputError(f"{path} is no readable Parquet file ({_first(error)}): write it again") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or _first(error)}): check the path") from error


def table_length(path: Path) -> int:
    """Rows of a table."""
    with _opened(path) as table:
        return int(table.metadata.num_rows)


def table_rows(path: Path, columns: tuple[str, ...]) -> Iterator[RawRow]:
    """The id and ``columns`` of each row; bytes that are no UTF-8 are replaced.

    Raises:
        InputError: no Parquet file, one without these columns, or a damaged one.
        MissingExtraError: pyarrow is not installed.
    """
    table = _opened(path)
    missing = [name for name in columns if name not in table.schema_arrow.names]
    if missing:
        table.close()
        raise InputError(f"{path} has no column {' and no '.join(missing)}: a batch needs id, {', '.join(columns)}")
    twice = [name for name in ("id", *columns) if table.schema_arrow.names.count(name) > 1]
    if twice:
        table.close()
        raise InputError(f"{path} has several columns {' and several '.join(twice)}: keep one of each")
    return _rows(table, path, columns)


def _rows(table: Any, path: Path, columns: tuple[str, ...]) -> Iterator[RawRow]:
    pa, _ = _pyarrow()
    names = [name for name in ("id", *columns) if name in table.schema_arrow.names]
    with table:
        try:
            for batch in table.iter_batches(batch_size=_READ, columns=names, use_threads=False):
                fields = [_values(pa, batch.column(name)) for name in names]
                for values in zip(*fields, strict=True):
                    yield {"id": None, **dict(zip(names, values, strict=True))}
        except (pa.ArrowException, OSError) as error:
            message = f"{path} is damaged ({_first(error)}): rows before that are written; mend it and --resume"
            raise InputError(message) from error


def _values(pa: Any, column: Any) -> list[Any]:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        raw = column.cast(pa.large_binary()).to_pylist()
        return [value if value is None else value.decode("utf-8", "replace") for value in raw]
    return [value if isinstance(value, int | float | bool | None) else str(value) for value in column.to_pylist()]


def write_table(rows: Callable[[], Iterable[Row]], target: Path, results: tuple[str, ...]) -> None:
    """Write result rows as a table.

    Ids become integers where all of them are, else strings: a string as it is, another value as its JSON.

    Args:
        rows: gives the rows from the first; called twice, since the type of the ids is that of all of them.
        target: the file.
        results: the fields of the rows beside id and error.

    Raises:
        MissingExtraError: pyarrow is not installed.
        OSError: the file cannot be written.
    """
    pa, parquet = _pyarrow()
    integers = all(row["id"] is None or _fits(row["id"]) for row in rows())
    kinds = _column_types(pa)
    schema = pa.schema([("id", pa.int64() if integers else pa.string()), *((name, kinds[name]) for name in (*results, "error"))])
    stream = iter(rows())
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        while part := list(islice(stream, _WRITE)):
            writer.write_table(pa.Table.from_pylist([_storable(row, integers) for row in part], schema=schema))


def stored_rows(path: Path) -> Iterator[Row]:
    """Result rows as they were before ``write_table``, but for ids that became strings.

    Raises:
        InputError: no Parquet file, or a damaged one.
    """
    pa, _ = _pyarrow()
    with _opened(path) as table:
        try:
            for batch in table.iter_batches(batch_size=_WRITE):
                for row in batch.to_pylist():
                    yield {name: value for name, value in row.items() if value is not None or name == "id"}
        except (pa.ArrowException, OSError, ValueError) as error:
            raise InputError(f"{path} is damaged ({_first(error)}): start a new output") from error


def _column_types(pa: Any) -> dict[str, Any]:
    number, text = pa.float64(), pa.string()
    original = pa.struct([("id", text), ("verdict", text), ("score", number), ("share", number)])
    return {
        "verdict": text,
        "score": number,
        "probabilities": pa.struct([("independent", number), ("reprint", number), ("spun", number)]),
        "coverage": number,
        "changed": number,
        "originals": pa.list_(original),
        "error": text,
    }


def _fits(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < 64


def _storable(row: Row, integers: bool) -> Row:
    changed: Row = {} if integers else {"id": id_as_text(row["id"])}
    if "originals" in row:
        changed["originals"] = [{**original, "id": id_as_text(original["id"])} for original in row["originals"]]
    return {**row, **changed}


def _first(error: BaseException) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__

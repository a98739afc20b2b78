"""Archives in a folder: LanceDB, embedded, no server."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from spindetect.archive.store import Filter, Hit, Passage
from spindetect.errors import ArchiveError, MissingExtraError

# Its log warns of what is none of the user's business.
os.environ.setdefault("LANCE_LOG", "error")

try:
    import filelock
    import lancedb
    import pyarrow as pa
except ImportError as missing:
    raise MissingExtraError("An archive in a folder", "archive") from missing

TABLE = "passages"
EXACT_ROWS = 20_000
"""Up to here every row is looked at: a few milliseconds, and nothing is missed."""
_GROWTH = 0.5
"""An index is trained anew when this share of its rows was added since; until then new rows join its cells."""
_FRAGMENTS = 100
_LOCK = "writer.lock"
_PROBES, _REFINE = 20, 4
"""Chosen by the table of docs/archive.md."""
_FETCHED = ("key", "id", "number", "count", "digest", "title", "date", "url", "metadata", "text", "sentences")
_KEPT_VERSIONS = timedelta(minutes=10)
"""Readers in other processes may still be on an older version."""


class LanceStore:
    """One table; an addition is one commit of the table, so that a crash leaves whole articles only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if folder.exists() and not folder.is_dir():
            raise ArchiveError(f"{folder} is a file, no archive: name a folder")
        if folder.is_dir() and not (folder / f"{TABLE}.lance").exists() and any(file.name != _LOCK for file in folder.iterdir()):
            raise ArchiveError(f"{folder} holds other files and no archive: name an archive, or a new folder for one")
        self._table: Any = None
        if (folder / f"{TABLE}.lance").exists():
            self._open()

    def _open(self) -> None:
        try:
            # Every search sees what other processes have added by then.
            self._table = lancedb.connect(self._folder, read_consistency_interval=timedelta(0)).open_table(TABLE)
        except Exception as error:  # lancedb's errors have no common base
            raise ArchiveError(f"{self._folder} cannot be opened ({_line(error)}): restore it, or make it anew") from error

    def encoder(self) -> str | None:
        if self._table is None and (self._folder / f"{TABLE}.lance").exists():
            self._open()  # another process has made it since
        if self._table is None:
            return None
        return str((self._table.schema.metadata or {}).get(b"spindetect.encoder", b"unknown").decode())

    def create(self, fingerprint: str, dimensions: int) -> None:
        schema = _schema(dimensions, {"spindetect.encoder": fingerprint})
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lancedb.connect(self._folder).create_table(TABLE, schema=schema, exist_ok=True)
        except Exception as error:
            raise ArchiveError(f"{self._folder} cannot be written ({_line(error)}): choose another folder") from error
        self._open()

    def put(self, passages: Sequence[Passage], replaced: Sequence[str]) -> None:
        old = set(replaced)
        new_rows = [row for row in passages if row.key not in old]
        with self._told():
            if new_rows:
                self._table.add(self._arrow(new_rows))
            if old:
                merge = self._table.merge_insert(["key", "number"]).when_matched_update_all().when_not_matched_insert_all()
                merge = merge.when_not_matched_by_source_delete(_keys(sorted(old)))
                merge.execute(self._arrow([row for row in passages if row.key in old]))

    def _arrow(self, rows: Sequence[Passage]) -> Any:
        columns = {name: [getattr(row, name) for row in rows] for name in _FETCHED if name != "sentences"}
        columns["sentences"] = [[edge for span in row.sentences for edge in span] for row in rows]
        vectors = np.stack([row.vector for row in rows])
        columns["vector"] = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
        return pa.table(columns, schema=_schema(vectors.shape[1]))

    def remove(self, keys: Sequence[str]) -> None:
        with self._told():
            self._table.delete(_keys(keys))

    def digests(self, keys: Sequence[str]) -> dict[str, str]:
        found = self._rows(f"number = 0 AND {_keys(keys)}", ["key", "digest"])
        return {row["key"]: row["digest"] for row in found}

    def fetch(self, keys: Sequence[str]) -> list[Passage]:
        return [_passage(row) for row in self._rows(_keys(keys), list(_FETCHED))] if keys else []

    def _rows(self, where: str, columns: list[str]) -> list[dict[str, Any]]:
        with self._told():
            rows: list[dict[str, Any]] = self._table.search().where(where).select(columns).limit(None).to_arrow().to_pylist()
        return rows

    def search(self, vectors: np.ndarray, limit: int, where: Filter) -> list[list[Hit]]:
        condition = _sql(where)
        with self._told():
            query = self._table.search(list(vectors)).distance_type("cosine").limit(limit)
            query = query.nprobes(_PROBES).refine_factor(_REFINE)
            if condition:
                query = query.where(condition, prefilter=True)
            table = query.select(["key", "_distance"]).to_arrow()
        return hits_of(table, len(vectors))

    def heads(self, where: Filter) -> Iterator[Passage]:
        condition = " AND ".join(part for part in ("number = 0", _sql(where)) if part)
        for batch in self._table.search().where(condition).select(list(_FETCHED)).limit(None).to_batches():
            yield from (_passage(row) for row in batch.to_pylist())

    def count(self) -> tuple[int, int]:
        return self._table.count_rows("number = 0"), self._table.count_rows()

    def settle(self) -> None:
        with warnings.catch_warnings(), self._told():
            warnings.simplefilter("ignore")
            self._settle()

    def _settle(self) -> None:
        from lancedb.index import BTree, IvfRq

        if self._table.stats()["fragment_stats"]["num_fragments"] > _FRAGMENTS:
            self._table.optimize(cleanup_older_than=_KEPT_VERSIONS)
        rows = self._table.count_rows()
        if rows <= EXACT_ROWS:
            return
        index = self._vector_index()
        if index is None or index.num_unindexed_rows > _GROWTH * index.num_indexed_rows:
            self._table.create_index("vector", config=IvfRq(distance_type="cosine"), replace=True)
            self._table.create_index("key", config=BTree(), replace=True)
        elif index.num_unindexed_rows > EXACT_ROWS:
            self._table.optimize(cleanup_older_than=_KEPT_VERSIONS)

    def _vector_index(self) -> Any:
        names = [index.name for index in self._table.list_indices() if index.columns == ["vector"]]
        return self._table.index_stats(names[0]) if names else None

    @contextmanager
    def writer(self) -> Iterator[None]:
        lock = filelock.FileLock(self._folder / _LOCK, timeout=0)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except filelock.Timeout as error:
            raise ArchiveError(f"{self._folder} is being written by another process: wait until it is done") from error
        except OSError as error:
            raise ArchiveError(f"{self._folder} cannot be written ({error.strerror}): check its permissions") from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A full disk, a file that went missing: one error, one line."""
        try:
            yield
        except (RuntimeError, ValueError, OSError) as error:
            raise ArchiveError(f"the archive {self._folder} cannot be used ({_line(error)}): check its disk and files") from error

    def facts(self) -> dict[str, Any]:
        index = self._vector_index() if self._table is not None else None
        size = sum(_size(path) for path in self._folder.rglob("*"))
        return {
            "store": "lancedb",
            "index": index.index_type if index else "none: every passage is looked at",
            "unindexed_passages": index.num_unindexed_rows if index else 0,
            "bytes": size,
        }

    def close(self) -> None:
        self._table = None


def hits_of(table: Any, count: int) -> list[list[Hit]]:
    """The rows that LanceDB found for so many vectors asked together, those of each vector by themselves, nearest first."""
    hits: list[list[Hit]] = [[] for _ in range(count)]
    numbers = table["query_index"].to_pylist() if "query_index" in table.schema.names else [0] * table.num_rows
    for number, key, distance in zip(numbers, table["key"].to_pylist(), table["_distance"].to_pylist(), strict=True):
        hits[number].append(Hit(key, 1 - distance))
    for found in hits:
        found.sort(key=lambda hit: -hit.cosine)
    return hits


def _schema(dimensions: int, metadata: dict[str, str] | None = None) -> Any:
    texts = [pa.field(name, pa.string()) for name in ("key", "id", "digest", "title", "date", "url", "metadata", "text")]
    numbers = [pa.field(name, pa.int32()) for name in ("number", "count")]
    lists = [pa.field("sentences", pa.list_(pa.int32())), pa.field("vector", pa.list_(pa.float32(), dimensions))]
    fields = {item.name: item for item in (*texts, *numbers, *lists)}
    return pa.schema([fields[name] for name in (*_FETCHED, "vector")], metadata=metadata)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:  # a writer has tidied up
        return 0


def _passage(row: dict[str, Any]) -> Passage:
    edges = row.pop("sentences")
    row = {name: row[name] for name in _FETCHED if name != "sentences"}
    return Passage(**row, sentences=tuple(zip(edges[::2], edges[1::2], strict=True)))


def _keys(keys: Sequence[str]) -> str:
    return f"key IN ({', '.join(map(_literal, keys))})"


def _sql(where: Filter) -> str:
    return " AND ".join(f"({' OR '.join(_comparison(*option) for option in clause)})" for clause in where.clauses())


def _comparison(column: str, operator: str, value: str) -> str:
    if operator == "prefix":
        return f"starts_with({column}, {_literal(value)})"
    return f"{column} {operator} {_literal(value)}"


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:160]

"""Archives on a Milvus server (2.3 or later), for those who outgrow a folder: one collection an archive."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from spindetect.archive.store import Filter, Hit, Passage
from spindetect.errors import ArchiveError, MissingExtraError

try:
    from pymilvus import DataType, MilvusClient
    from pymilvus.exceptions import MilvusException
except ImportError as missing:
    raise MissingExtraError("An archive on a Milvus server", "milvus") from missing

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")
_LINKS, _BUILD, _SEARCH = 16, 200, 128
"""HNSW: links a node, candidates while building and while searching (Malkov and Yashunin 2018)."""
_ROWS = 1_000
"""Rows of one request: a request is at most 64 MB."""
_PAGE = 1_000
_TIMEOUT = 30.0
_LONGEST = 65_535
_FETCHED = ("key", "id", "number", "count", "digest", "title", "date", "url", "metadata", "text", "sentences")
_MADE_WITH = "spindetect archive, encoder "
_LAST = "\U0010ffff"


class MilvusStore:
    """One row a passage; a row's own key says which content of which article it belongs to.

    The server has no transactions. A new content is written beside the old one, which goes when all of the new is there; an
    article of which rows are missing counts as absent, and the next addition writes it anew.
    """

    def __init__(self, location: str) -> None:
        address = urlsplit(location)
        self._name = address.path.strip("/")
        if not address.hostname or not _NAME.fullmatch(self._name):
            raise ArchiveError(
                f"{location} is no address of an archive: give milvus://host:port/name, a name of letters and digits"
            )
        try:
            uri = f"http://{address.hostname}:{address.port or 19530}"
            self._client = MilvusClient(uri=uri, user=address.username or "", password=address.password or "", timeout=_TIMEOUT)
            self._loaded = False
        except (MilvusException, ValueError) as error:
            raise ArchiveError(
                f"no Milvus server answers at {address.hostname}:{address.port or 19530}: start it first"
            ) from error

    def encoder(self) -> str | None:
        with _told():
            if not self._client.has_collection(self._name):
                return None
            description = str(self._client.describe_collection(self._name).get("description", ""))
        if not description.startswith(_MADE_WITH):
            raise ArchiveError(f"the collection {self._name} is no archive of spindetect: choose another name")
        if not self._loaded:
            with _told():
                self._client.load_collection(self._name)
            self._loaded = True
        return description.removeprefix(_MADE_WITH)

    def create(self, fingerprint: str, dimensions: int) -> None:
        schema = MilvusClient.create_schema(auto_id=False, description=_MADE_WITH + fingerprint)
        schema.add_field("row", DataType.VARCHAR, is_primary=True, max_length=100)
        for name in _FETCHED:
            if name in ("number", "count"):
                schema.add_field(name, DataType.INT64)
            else:
                schema.add_field(name, DataType.VARCHAR, max_length=_LONGEST)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimensions)
        index = self._client.prepare_index_params()
        index.add_index("vector", index_type="HNSW", metric_type="COSINE", params={"M": _LINKS, "efConstruction": _BUILD})
        index.add_index("key", index_type="Trie")
        with _told():
            # One shard: the rows of an article are one message of the server's log.
            self._client.create_collection(
                self._name, schema=schema, index_params=index, num_shards=1, consistency_level="Strong", timeout=_TIMEOUT
            )

    def put(self, passages: Sequence[Passage], replaced: Sequence[str]) -> None:
        rows = [_row(passage) for passage in passages]
        with _told():
            for start in range(0, len(rows), _ROWS):
                self._client.upsert(self._name, rows[start : start + _ROWS])
        current = {passage.key: passage.digest for passage in passages}
        for key in replaced:
            self._delete(f"key == {_literal(key)} and digest != {_literal(current[key])}")

    def remove(self, keys: Sequence[str]) -> None:
        self._delete(f"key in {_literals(keys)}")

    def _delete(self, expression: str) -> None:
        with _told():
            # The server deletes by its own keys at once, by anything else some time later.
            while rows := self._client.query(self._name, filter=expression, output_fields=["row"], limit=_PAGE):
                self._client.delete(self._name, ids=[row["row"] for row in rows])

    def digests(self, keys: Sequence[str]) -> dict[str, str]:
        return {key: rows[0].digest for key, rows in self._whole(keys, ("key", "digest", "number", "count")).items()}

    def fetch(self, keys: Sequence[str]) -> list[Passage]:
        return [row for rows in self._whole(keys, _FETCHED).values() for row in rows]

    def _whole(self, keys: Sequence[str], fields: Sequence[str]) -> dict[str, list[Passage]]:
        """The rows of articles of which none is missing; of two contents side by side one is enough."""
        parts: dict[tuple[str, str], list[Passage]] = {}
        for row in self._query(f"key in {_literals(keys)}", fields) if keys else ():
            parts.setdefault((row.key, row.digest), []).append(row)
        return {key: rows for (key, _), rows in parts.items() if len({row.number for row in rows}) == rows[0].count}

    def search(self, vectors: np.ndarray, limit: int, where: Filter) -> list[list[Hit]]:
        with _told():
            found = self._client.search(
                self._name,
                data=vectors.tolist(),
                limit=limit,
                filter=_expression(where),
                output_fields=["key"],
                search_params={"metric_type": "COSINE", "params": {"ef": _SEARCH}},
                consistency_level="Strong",
            )
        return [[Hit(hit["entity"]["key"], float(hit["distance"])) for hit in hits] for hits in found]

    def heads(self, where: Filter) -> Iterator[Passage]:
        yield from self._query(" and ".join(part for part in ("number == 0", _expression(where)) if part), _FETCHED)

    def _query(self, expression: str, fields: Sequence[str]) -> Iterator[Passage]:
        with _told():
            pages = self._client.query_iterator(
                self._name, batch_size=_PAGE, filter=expression, output_fields=list(fields), consistency_level="Strong"
            )
            try:
                while rows := pages.next():
                    yield from map(_passage, rows)
            finally:
                pages.close()

    def count(self) -> tuple[int, int]:
        return self._count("number == 0"), self._count("number >= 0")

    def _count(self, expression: str) -> int:
        with _told():
            rows = self._client.query(self._name, filter=expression, output_fields=["count(*)"], consistency_level="Strong")
        return int(rows[0]["count(*)"])

    def settle(self) -> None:
        """Nothing to do: the server indexes by itself."""

    @contextmanager
    def writer(self) -> Iterator[None]:
        """Any number of clients may write; of two contents given under one id at once either may stay."""
        yield

    def facts(self) -> dict[str, Any]:
        with _told():
            version = self._client.get_server_version()
        return {"store": f"milvus {version}", "index": "HNSW"}

    def close(self) -> None:
        self._client.close()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except MilvusException as error:
        raise ArchiveError(f"the Milvus server said: {' '.join(str(error).split())[:200]}") from error


def _row(passage: Passage) -> dict[str, Any]:
    row = {name: getattr(passage, name) for name in _FETCHED}
    row["sentences"] = json.dumps([edge for span in passage.sentences for edge in span])
    row["vector"] = passage.vector.tolist()
    row["row"] = f"{passage.key}{passage.digest}{passage.number:08d}"
    return row


def _passage(row: dict[str, Any]) -> Passage:
    edges = json.loads(row.get("sentences") or "[]")
    known = {name: row.get(name, "") for name in _FETCHED if name != "sentences"}
    return Passage(**known, sentences=tuple(zip(edges[::2], edges[1::2], strict=True)))


def _expression(where: Filter) -> str:
    return " and ".join(f"({' or '.join(_comparison(*option) for option in clause)})" for clause in where.clauses())


def _comparison(column: str, operator: str, value: str) -> str:
    if operator == "prefix":
        # Between the prefix and the last string that begins with it: `like` would read % and _ as wildcards.
        return f"({column} >= {_literal(value)} and {column} < {_literal(value + _LAST)})"
    return f"{column} {'==' if operator == '=' else operator} {_literal(value)}"


def _literals(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_literal, values))}]"


def _literal(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)

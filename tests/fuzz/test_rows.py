"""Batches and archive sources from damaged files: each row an answer or an error, the rest of the file not lost to one row."""

from __future__ import annotations

import gzip
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spindetect.archive.sources import articles_of
from spindetect.batch.inputs import open_rows
from spindetect.batch.rows import scored_rows
from spindetect.batch.tasks import article_pair
from spindetect.errors import SpindetectError
from tests.fuzz.bounds import bounded, fuzzed, mutated
from tests.fuzz.test_readers import TEXT

ROWS = [{"id": number, "text": TEXT, "suspect": TEXT, "original": TEXT[::-1], "date": "2025-03-11"} for number in range(4)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
TABLE = (
    "id,text,suspect,original\n" + "".join(f'{row["id"]},"{TEXT}","{TEXT}","{TEXT}"\n'.replace("“", '""') for row in ROWS)
).encode()


def parquet_bytes():
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(ROWS), out)
    return out.getvalue()


def batch_and_archive(path):
    with bounded(), open_rows(str(path), ("suspect", "original")) as rows:
        results = scored_rows(list(rows), "id", article_pair, lambda pairs: [{"verdict": "independent"} for _ in pairs])
        for row in results:
            json.dumps(row, allow_nan=False)
            assert ("error" in row) != ("verdict" in row)
            assert "please report" not in row.get("error", "")
    with bounded():
        for item in articles_of([str(path)]):
            assert isinstance(item, SpindetectError) or "id" in item or isinstance(item, dict)


@fuzzed
@given(data=mutated([LINES]), ending=st.sampled_from(["jsonl", "JSONL", "ndjson"]))
def test_json_lines(tmp_path_factory, data, ending):
    path = tmp_path_factory.mktemp("rows") / f"in.{ending}"
    path.write_bytes(data)
    batch_and_archive(path)


@fuzzed
@given(data=mutated([gzip.compress(LINES, mtime=0), gzip.compress(LINES * 40, mtime=0)]))
def test_packed_json_lines(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("rows") / "in.jsonl.gz"
    path.write_bytes(data)
    batch_and_archive(path)


@fuzzed
@given(data=mutated([TABLE, TABLE.replace(b"\n", b"\r\n"), TABLE.decode().encode("utf-16")]))
def test_csv(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("rows") / "in.csv"
    path.write_bytes(data)
    batch_and_archive(path)


@fuzzed
@given(draw=st.data())
def test_parquet(tmp_path_factory, draw):
    path = tmp_path_factory.mktemp("rows") / "in.parquet"
    path.write_bytes(draw.draw(mutated([parquet_bytes()])))
    batch_and_archive(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@fuzzed
@given(row=st.fixed_dictionaries({}, optional=dict.fromkeys(("id", "text", "suspect", "original", "title", "date", "url"), JSON)))
def test_rows_of_any_value(tmp_path_factory, row):
    path = tmp_path_factory.mktemp("rows") / "in.jsonl"
    path.write_text(json.dumps(row) + "\n" + json.dumps(ROWS[0]) + "\n")
    batch_and_archive(path)

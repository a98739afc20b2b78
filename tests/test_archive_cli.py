"""`spindetect archive` and `spindetect trace` as a user meets them."""

from __future__ import annotations

import io
import json
import sys
from types import SimpleNamespace

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.conftest import ROOT

EXAMPLES = ROOT / "data/examples"


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "originals")


@pytest.fixture
def given(stories):
    return [
        {
            "id": f"story {number}",
            "text": story.original,
            "title": story.topic,
            "date": f"2021-06-{number + 1:02d}",
            "page": number,
        }
        for number, story in enumerate(stories[:8])
    ]


def as_lines(rows):
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


def listed(run, place, *options):
    return json.loads(run("archive", "list", place, "--json", *options)[1])["articles"]


def test_the_example_of_the_readme(run, place, tmp_path):
    code, out, err = run("archive", "add", place, str(EXAMPLES / "archive.jsonl"))
    assert (code, out) == (0, "") and "added, 0 replaced, 0 unchanged, 0 errors" in err
    page = tmp_path / "trace.html"
    code, out, err = run("trace", str(EXAMPLES / "spun.txt"), "--archive", place, "--html", str(page))
    assert code == 0
    assert out.splitlines()[0].split()[:2] == ["verdict", "spun"]
    assert "022-trash-strike" in out and str(page) in err
    code, out, err = run("trace", str(EXAMPLES / "spun.txt"), "--archive", place, "--json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert [item["id"] for item in data["originals"]] == ["022-trash-strike"]
    assert data["originals"][0]["comparison"]["substitutions"]
    code, out, _ = run("trace", str(EXAMPLES / "spun.txt"), "--archive", place, "--json", "--before", "2000-01-01")
    assert (code, json.loads(out)["originals"]) == (0, [])


def test_files_of_all_kinds(run, place, tmp_path, given):
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep/a.txt").write_text(f"{given[0]['title'].title()}\n\n{given[0]['text']}")
    (folder / "b.jsonl").write_bytes(b"\xef\xbb\xbf" + as_lines(given[1:3]).encode())
    (folder / "c.csv").write_text('id,text,date,blank\nc1,"' + given[3]["text"].replace('"', '""') + '",2020-02-02,\n')
    table = pa.Table.from_pylist([{**row, "seen": __import__("datetime").datetime(2020, 1, 1)} for row in given[4:6]])
    parquet.write_table(table, folder / "d.parquet")
    (folder / "notes.xyz").write_text("passed over")
    code, _, err = run("archive", "add", place, str(folder))
    assert (code, err.splitlines()[-1]) == (0, "6 added, 0 replaced, 0 unchanged, 0 errors")
    entries = {entry["id"]: entry for entry in listed(run, place)}
    assert set(entries) == {str(folder / "deep/a.txt"), "story 1", "story 2", "c1", "story 4", "story 5"}
    assert entries["story 5"]["metadata"]["page"] == 5 and entries["c1"]["date"] == "2020-02-02"
    assert entries[str(folder / "deep/a.txt")]["title"] == given[0]["title"].title()
    assert "6 unchanged" in run("archive", "add", place, str(folder / "**/*.txt"), str(folder / "*.[jcp]*"))[2]


def test_bad_rows_cost_only_themselves(run, place, tmp_path, given):
    source = tmp_path / "rows.jsonl"
    source.write_text(
        as_lines([given[0], "no json", "[1]", '{"id": 3}', '{"text": "x"}', "", given[1], '{"id": "e", "text": ""}'])
    )
    (tmp_path / "bad.csv").write_text("name,body\nx,y\n")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    files = [str(tmp_path / name) for name in ("rows.jsonl", "bad.csv", "bad.parquet", "binary.txt")]
    code, out, err = run("archive", "add", place, *files)
    assert (code, out) == (0, "")
    assert err.splitlines()[-1] == "2 added, 0 replaced, 0 unchanged, 8 errors"
    assert "line 2 is not JSON" in err and "columns id and text" in err and "Traceback" not in err


def test_values_that_python_cannot_hold_cost_only_their_rows(run, place, tmp_path, given):
    texts = [row["text"].encode() for row in given[:3]]
    texts[1] = b"\xff\xfe" + texts[1]
    text = pa.Array.from_buffers(pa.string(), 3, pa.array(texts, pa.binary()).buffers())
    table = pa.table({"id": ["a", "b", "c"], "text": text, "date": pa.array([18_000, 18_000, 2**30], pa.date32())})
    parquet.write_table(table, tmp_path / "rows.parquet")
    (tmp_path / "header.csv").write_text(f'id,text,"{"x" * 26_000_000}"\n')
    code, _, err = run("archive", "add", place, str(tmp_path / "rows.parquet"), str(tmp_path / "header.csv"))
    assert (code, err.splitlines()[-1]) == (0, "1 added, 0 replaced, 0 unchanged, 3 errors")
    assert "row 2 cannot" in err and "row 3 cannot" in err and "header.csv, line 1 cannot" in err


def test_standard_input(run, place, given, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(as_lines(given).encode())))
    assert "8 added" in run("archive", "add", place, "-")[2]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"story 3\nna\xefve\n"), encoding="utf-8"))
    code, _, err = run("archive", "remove", place, "-")
    assert (code, err.count("\n")) == (2, 1) and "not UTF-8" in err
    monkeypatch.setattr(sys, "stdin", io.StringIO("\ufeffstory 1\nstory 2\n"))
    assert "2 removed" in run("archive", "remove", place, "-")[2]
    assert len(listed(run, place)) == 6


def test_info_list_and_remove(run, place, tmp_path, given):
    source = tmp_path / "rows.jsonl"
    source.write_text(as_lines(given))
    run("archive", "add", place, str(source))
    info = json.loads(run("archive", "info", place, "--json")[1])
    assert info["articles"] == 8 and info["passages"] > 30 and info["store"]["store"] == "lancedb"
    assert "8 in" in run("archive", "info", place)[1]
    lines = run("archive", "list", place, "--after", "2021-06-03", "--before", "2021-06-05")[1].splitlines()
    assert sorted(lines) == [f"story {n}\t2021-06-{n + 1:02d}\t{given[n]['title']}" for n in (2, 3)]
    code, _, err = run("archive", "remove", place, "story 0", "absent")
    assert (code, err) == (0, "1 removed\n")
    assert {entry["id"] for entry in listed(run, place)} == {f"story {n}" for n in range(1, 8)}


def test_hostile_names_do_not_reach_the_terminal(run, place, tmp_path, given):
    source = tmp_path / "rows.jsonl"
    source.write_text(as_lines([{**given[0], "id": "\x1b[31mred\x07", "title": "a\nb\tc"}, {"id": "\x1b[0m"}]))
    _, _, err = run("archive", "add", place, str(source))
    out = run("archive", "list", place)[1]
    suspect = tmp_path / "suspect.txt"
    suspect.write_text(given[0]["text"])
    shown = run("trace", str(suspect), "--archive", place)[1]
    assert not {"\x1b", "\x07"} & set(err + out + shown)
    assert out.count("\n") == 1


def test_unusable_input_ends_with_two(run, place, tmp_path, given):
    source = tmp_path / "rows.jsonl"
    source.write_text(as_lines(given[:1]))
    (tmp_path / "empty").mkdir()
    suspect = str(EXAMPLES / "spun.txt")
    cases = [
        (("archive", "add", place, str(tmp_path / "absent.jsonl")), "check the path"),
        (("archive", "add", place, str(tmp_path / "empty")), "holds no file of articles"),
        (("archive", "add", str(EXAMPLES), str(source)), "holds other files and no archive"),
        (("archive", "add", "ftp://host/x", str(source)), "no place for an archive"),
        (("archive", "add", place, ""), "an input is empty"),
        (("archive", "info", place), "there is no archive"),
        (("archive", "list", place), "there is no archive"),
        (("archive", "remove", place, "x"), "there is no archive"),
        (("trace", suspect, "--archive", place), "there is no archive"),
        (("trace", suspect), "--archive"),
    ]
    for arguments, message in cases:
        code, out, err = run(*arguments)
        assert (code, out, err.count("\n")) == (2, "", 1), arguments
        assert message in err
    run("archive", "add", place, str(source))
    for options, message in ((("--before", "soon"), "no date"), (("--limit", "0"), "--limit")):
        code, out, err = run("trace", suspect, "--archive", place, *options)
        assert (code, out, err.count("\n")) == (2, "", 1) and message in err


def test_packed_lines_are_added(run, tmp_path, story):
    import gzip

    folder = tmp_path / "articles"
    folder.mkdir()
    lines = "".join(json.dumps({"id": name, "text": story.original}) + "\n" for name in ("a", "b"))
    whole = gzip.compress(lines.encode(), mtime=0)
    (folder / "ROWS.JSONL.GZ").write_bytes(whole)
    (folder / "cut.jsonl.gz").write_bytes(whole[:-12])
    code, _, err = run("archive", "add", str(tmp_path / "kept"), str(folder))
    assert code == 0 and "2 added" in err and "cut.jsonl.gz is damaged or cut off" in err

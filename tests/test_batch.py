"""Batches: order and ids kept, bad rows alone fail, resume repeats nothing."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from spindetect import Archive, Article, SpinDetector
from spindetect.batch import CompareTask, run_batch
from spindetect.batch.run import Summary
from spindetect.batch.workers import Processes


@pytest.fixture
def rows(stories):
    def pair(number):
        story = stories[number % len(stories)]
        suspects = (story.original, story.independent, story.reprint, story.rewrites[0].text)
        return {"id": f"row {number}", "suspect": suspects[number % 4], "original": story.original}

    return [pair(number) for number in range(150)]


@pytest.fixture
def short_rows(rows):
    """Many rows that cost little."""
    openings = [{name: " ".join(row[name].split()[:50]) for name in ("suspect", "original")} for row in rows]
    return [{"id": number, **openings[number % len(openings)]} for number in range(1_100)]


def write(path, rows):
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return str(path)


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_rows_come_back_in_order_with_their_ids(run, tmp_path, rows, detector, jobs):
    target = tmp_path / "out.jsonl"
    code, out, err = run("batch", "compare", write(tmp_path / "in.jsonl", rows), str(target), "--jobs", jobs)
    found = read(target)
    assert (code, out) == (0, "")
    assert "150 rows written, 0 of them errors" in err
    assert [row["id"] for row in found] == [row["id"] for row in rows]
    for row, result in zip(rows[:8], found[:8], strict=True):
        alone = detector.compare(row["suspect"], row["original"])
        assert result["verdict"] == alone.verdict
        assert result["score"] == pytest.approx(alone.score, abs=1e-3)
        assert set(result) == {"id", "verdict", "score", "probabilities", "coverage", "changed"}


def test_bad_rows_give_errors_and_cost_nothing_else(run, tmp_path, rows):
    bad = [
        "not json",
        "[1]",
        '{"id": 7}',
        '{"id": "x", "suspect": 3, "original": "y"}',
        '{"id": null, "suspect": "a", "original": "b"}',
    ]
    mixed = [rows[0], *bad, rows[1], "", json.dumps({"id": "s", "suspect": "\ud800", "original": "x"}), "[" * 100_000]
    target = tmp_path / "out.jsonl"
    code, _, err = run("batch", "compare", write(tmp_path / "in.jsonl", mixed), str(target))
    found = read(target)
    assert code == 0
    assert "5 of them errors" in err
    assert [row["id"] for row in found] == ["row 0", None, None, 7, "x", None, "row 1", "s", None]
    assert ["error" in row for row in found] == [False, True, True, True, True, False, False, False, True]
    assert found[5]["verdict"] == "inconclusive"


def test_resume_refuses_the_output_of_another_input(run, tmp_path, rows):
    source, other, target = tmp_path / "in.jsonl", tmp_path / "other.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows[:3]))
    other.write_text("".join(json.dumps({**row, "id": f"other {number}"}) + "\n" for number, row in enumerate(rows[:3])))
    assert run("batch", "compare", str(source), str(target))[0] == 0
    code, _, err = run("batch", "compare", str(other), str(target), "--resume")
    assert code == 2
    assert "start a new output" in err
    target.write_text("no row\n")
    assert run("batch", "compare", str(source), str(target), "--resume")[0] == 2


def test_resume_repeats_and_loses_nothing(run, tmp_path, rows):
    source, target = write(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl"
    run("batch", "compare", source, str(target))
    whole = target.read_text()
    lines = whole.splitlines(keepends=True)
    target.write_text("".join(lines[:70]) + lines[70][:25])
    code, _, err = run("batch", "compare", source, str(target), "--resume")
    assert code == 0
    assert "80 rows written" in err
    assert [row["id"] for row in read(target)] == [row["id"] for row in rows]
    assert [row["verdict"] for row in read(target)] == [json.loads(line)["verdict"] for line in lines]


def test_pipes(run, tmp_path, rows):
    code, out, _ = run("batch", "compare", write(tmp_path / "in.jsonl", rows[:3]), "-")
    assert code == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["row 0", "row 1", "row 2"]


def test_an_empty_file_is_no_error(run, tmp_path):
    target = tmp_path / "out.jsonl"
    assert run("batch", "compare", write(tmp_path / "in.jsonl", []), str(target))[0] == 0
    assert target.read_text() == ""


def test_unusable_batches_end_with_two(run, tmp_path, rows):
    source = write(tmp_path / "in.jsonl", rows[:1])
    assert run("batch", "compare", str(tmp_path / "absent"), str(tmp_path / "out"))[0] == 2
    assert run("batch", "compare", source, str(tmp_path / "no" / "folder.jsonl"))[0] == 2
    assert run("batch", "compare", source, source)[0] == 2
    assert run("batch", "compare", source, "-", "--resume")[0] == 2
    assert run("batch", "compare", source, str(tmp_path / "out"), "--jobs", "0")[0] == 2


def test_a_byte_order_mark_and_odd_numbers(run, tmp_path, rows):
    source, target = tmp_path / "bom.jsonl", tmp_path / "out.jsonl"
    odd = "".join(f'{{"id": {value}, "suspect": "a", "original": "b"}}\n' for value in ("NaN", "1e400", '[{"a": 1e400}]'))
    source.write_bytes(b"\xef\xbb\xbf" + (json.dumps(rows[0]) + "\n" + odd).encode())
    assert run("batch", "compare", str(source), str(target))[0] == 0
    found = read(target)
    assert "verdict" in found[0] and all("error" in row for row in found[1:4])
    assert '"id": NaN' not in target.read_text() and "Infinity" not in target.read_text()


def test_a_hard_link_does_not_empty_the_input(run, tmp_path, rows):
    source = tmp_path / "in.jsonl"
    write(source, rows[:2])
    (tmp_path / "link.jsonl").hardlink_to(source)
    assert run("batch", "compare", str(source), str(tmp_path / "link.jsonl"))[0] == 2
    assert len(read(source)) == 2


def test_a_file_that_is_no_output_of_a_batch_is_not_resumed_nor_cut(run, tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps({"id": 1, "suspect": "a", "original": "b"}) + "\n")
    target.write_text("[1]\nrest")
    code, _, err = run("batch", "compare", str(source), str(target), "--resume")
    assert code == 2 and "none of such a batch" in err
    assert target.read_text() == "[1]\nrest"


def test_a_finished_batch_can_be_resumed_when_the_input_has_grown(run, tmp_path, rows):
    source = tmp_path / "in.jsonl"
    for name in ("out.jsonl", "out.jsonl.gz", "out.parquet"):
        target = tmp_path / name
        write(source, rows[:5])
        assert run("batch", "compare", str(source), str(target))[0] == 0
        write(source, rows[:8])
        code, _, err = run("batch", "compare", str(source), str(target), "--resume")
        assert code == 0 and "3 rows written" in err and "5 kept" in err
        assert [row["id"] for row in stored(target)] == [row["id"] for row in rows[:8]]
        assert not list(tmp_path.glob("*.partial")) and not list(tmp_path.glob("*.new"))


def test_resume_checks_every_id(run, tmp_path, rows):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write(source, rows[:5])
    assert run("batch", "compare", str(source), str(target))[0] == 0
    before = target.read_bytes()
    write(source, [rows[1], rows[0], *rows[2:6]])
    code, _, err = run("batch", "compare", str(source), str(target), "--resume")
    assert code == 2 and "row 1" in err and "start a new output" in err
    write(source, rows[:4])
    code, _, err = run("batch", "compare", str(source), str(target), "--resume")
    assert code == 2 and "more rows than the input" in err
    assert target.read_bytes() == before


def test_the_output_of_another_command_is_not_resumed(run, tmp_path, rows):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write(source, rows[:2])
    target.write_text('{"id": "row 0", "verdict": "spun", "score": 0.9}\n')
    code, _, err = run("batch", "compare", str(source), str(target), "--resume")
    assert code == 2 and "none of such a batch" in err


def stored(path):
    if path.suffix == ".parquet":
        parquet = pytest.importorskip("pyarrow.parquet")
        return parquet.read_table(path).to_pylist()
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt") as stream:
        return [json.loads(line) for line in stream]


def table(path, rows, **options):
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pa.Table.from_pylist(rows), path, **options)
    return str(path)


@pytest.mark.parametrize(("ending", "kills"), [("jsonl", (1, 600)), ("jsonl.gz", (300,)), ("parquet", (600,))])
def test_a_batch_killed_anywhere_loses_and_repeats_nothing(tmp_path, short_rows, ending, kills):
    source, target = write(tmp_path / "in.jsonl", short_rows), tmp_path / f"out.{ending}"
    growing = target if ending == "jsonl" else tmp_path / f"out.{ending}.partial"
    code = "from spindetect.cli import main; main()"
    command = [sys.executable, "-c", code, "batch", "compare", source, str(target), "--jobs", "1", "--resume"]
    for finished in kills:
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 120
        while not growing.exists() or growing.read_bytes().count(b"\n") < finished:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "kept from before" in done.stderr
    found = stored(target)
    assert [row["id"] for row in found] == list(range(len(short_rows)))
    assert [row["score"] for row in found[:150]] == [row["score"] for row in found[900:1050]]


def test_a_killed_worker_costs_no_row_and_doubles_none(tmp_path, short_rows):
    lines = [json.dumps(row) for row in short_rows]
    alone, output = Collected(), Collected()
    run_batch(lines, alone, CompareTask())
    summary = run_batch(lines, output, KilledOnce(str(tmp_path / "killed")), Processes(2))
    assert (tmp_path / "killed").exists()
    assert summary == Summary(len(lines), 0)
    assert output.rows == alone.rows


class KilledOnce(CompareTask):
    """Compares; the process that gets the third chunk is killed the first time."""

    def __init__(self, marker):
        super().__init__()
        object.__setattr__(self, "marker", marker)

    def __call__(self, chunk):
        if json.loads(chunk[0])["id"] == 512 and not Path(self.marker).exists():
            Path(self.marker).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(chunk)


def test_a_row_that_kills_its_worker_is_an_error_and_costs_no_other(rows):
    lines = [json.dumps({"id": number}) for number in range(9)]
    output = Collected()
    summary = run_batch(lines, output, DeadlyTask(), Processes(2))
    assert [row["id"] for row in output.rows] == list(range(9))
    assert [row["id"] for row in output.rows if "error" in row] == [5]
    assert summary == Summary(9, 1)


class Collected:
    def __init__(self):
        self.rows = []

    def write(self, rows):
        self.rows += rows

    def finish(self):
        pass

    def close(self):
        pass


class DeadlyTask:
    chunk, columns, results = 2, (), ()

    def prepare(self):
        return ""

    def __call__(self, chunk):
        if any('"id": 5' in row for row in chunk):
            os._exit(1)
        return [{"id": json.loads(row)["id"]} for row in chunk]


def test_one_job_loads_the_model_once(run, tmp_path, rows, monkeypatch):
    import spindetect.bundle
    from spindetect.batch import tasks

    loads = []
    load = spindetect.bundle.load_bundle
    monkeypatch.setattr("spindetect.detector.load_bundle", lambda folder: loads.append(folder) or load(folder))
    tasks._detector.cache_clear()
    assert run("batch", "compare", write(tmp_path / "in.jsonl", rows), str(tmp_path / "out.jsonl"), "--jobs", "1")[0] == 0
    assert len(loads) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_in_one_line(run, tmp_path, rows):
    code, _, err = run("batch", "compare", write(tmp_path / "in.jsonl", rows[:3]), "/dev/full")
    assert code == 2 and len(err.splitlines()) == 1 and "No space left" in err and "--resume" in err


def test_tables_in_and_out(run, tmp_path, rows, detector):
    numbered = [{**row, "id": number, "title": "not asked for"} for number, row in enumerate(rows)]
    numbered[3]["suspect"] = None
    source, target = table(tmp_path / "in.parquet", numbered, row_group_size=40), tmp_path / "out.parquet"
    code, _, err = run("batch", "compare", source, str(target), "--jobs", "1")
    assert code == 0 and "150 rows written, 1 of them errors" in err
    found = stored(target)
    assert [row["id"] for row in found] == list(range(150))
    assert found[3]["verdict"] is None and "string" in found[3]["error"]
    alone = detector.compare(rows[0]["suspect"], rows[0]["original"]).to_row()
    assert {name: found[0][name] for name in alone} == alone and found[0]["error"] is None


def test_a_damaged_table_is_not_resumed(run, tmp_path, rows):
    source, target = write(tmp_path / "in.jsonl", rows[:20]), tmp_path / "out.parquet"
    assert run("batch", "compare", source, str(target), "--jobs", "1")[0] == 0
    data = bytearray(target.read_bytes())
    data[4:200] = bytes(196)
    target.write_bytes(data)
    code, _, err = run("batch", "compare", source, str(target), "--jobs", "1", "--resume")
    assert (code, err.count("\n")) == (2, 1) and "is damaged" in err
    assert target.read_bytes() == data


def test_ids_of_several_kinds_come_back_as_text_in_a_table(run, tmp_path, rows):
    mixed = [{**rows[0], "id": identity} for identity in ("a", 7, None, [1])]
    target = tmp_path / "out.parquet"
    assert run("batch", "compare", write(tmp_path / "in.jsonl", mixed), str(target))[0] == 0
    assert [row["id"] for row in stored(target)] == ["a", "7", None, "[1]"]


def test_unusable_tables_and_archives_end_with_two(run, tmp_path, rows):
    target = str(tmp_path / "out.jsonl")
    code, _, err = run("batch", "compare", table(tmp_path / "no.parquet", [{"id": 1, "text": "x"}]), target)
    assert code == 2 and "no column suspect and no original" in err
    names = ["id", "suspect", "original", "original"]
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pa.table([pa.array(["x"])] * 4, names=names), tmp_path / "twice.parquet")
    code, _, err = run("batch", "compare", str(tmp_path / "twice.parquet"), target)
    assert (code, err.count("\n")) == (2, 1) and "several columns original" in err
    (tmp_path / "bad.parquet").write_text("no table")
    assert run("batch", "compare", str(tmp_path / "bad.parquet"), target)[0] == 2
    assert run("batch", "compare", str(tmp_path / "absent.parquet"), target)[0] == 2


def test_a_gzip_file_that_was_cut_off_keeps_what_was_whole(run, tmp_path, rows):
    source, target = tmp_path / "in.jsonl.gz", tmp_path / "out.jsonl"
    noisy = [{**row, "noise": os.urandom(2_000).hex()} for row in rows]
    whole = gzip.compress("".join(json.dumps(row) + "\n" for row in noisy).encode())
    source.write_bytes(whole[: len(whole) // 2])
    code, _, err = run("batch", "compare", str(source), str(target), "--jobs", "1")
    assert code == 2 and "cut off" in err and "--resume" in err
    kept = len(read(target))
    assert 30 < kept < 150
    source.write_bytes(whole)
    code, _, err = run("batch", "compare", str(source), str(target), "--resume")
    assert code == 0 and f"{kept} kept" in err
    assert [row["id"] for row in read(target)] == [row["id"] for row in rows]


def test_what_a_pair_scores_does_not_depend_on_what_was_read_before(rows, detector):
    pairs = [(Article.from_text(row["suspect"]), Article.from_text(row["original"])) for row in rows[:12]]
    fresh = SpinDetector.load()
    assert np.array_equal(fresh.features(pairs[8:]), detector.features(pairs)[8:])


def test_suspects_are_traced(run, tmp_path, stories):
    archive = str(tmp_path / "originals.lance")
    Archive.open(archive).add({"id": story.id, "text": story.original} for story in stories[:6])
    texts = [{"id": number, "text": story.rewrites[0].text} for number, story in enumerate(stories[:3])] + [{"id": "none"}]
    for name in ("out.jsonl", "out.parquet"):
        target = tmp_path / name
        code, _, err = run(
            "batch", "trace", write(tmp_path / "in.jsonl", texts), str(target), "--archive", archive, "--jobs", "1"
        )
        assert code == 0 and "4 rows written, 1 of them errors" in err
        found = stored(target)
        assert [row["id"] for row in found] == ["0", "1", "2", "none"] if name.endswith("parquet") else [0, 1, 2, "none"]
        for row, story in zip(found[:3], stories, strict=False):
            assert row["verdict"] == row["originals"][0]["verdict"] == "spun"
            assert row["originals"][0]["id"] == story.id and row["originals"][0]["share"] > 0.5
        assert "each row needs id and text" in found[3]["error"]
    for missing in ((), ("--archive", str(tmp_path / "nothing.lance"))):
        assert run("batch", "trace", str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), *missing)[0] == 2


def test_endings_in_capitals_mean_the_same(run, tmp_path, rows):
    packed, lines = tmp_path / "IN.JSONL.GZ", tmp_path / "IN.JSONL"
    packed.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows[:3]).encode()))
    write(lines, rows[:3])
    source = table(tmp_path / "IN.PARQUET", rows[:3])
    for number, name in enumerate((str(packed), str(lines), source)):
        target = tmp_path / f"out{number}.JSONL.GZ"
        assert run("batch", "compare", name, str(target), "--jobs", "1")[0] == 0
        with gzip.open(target, "rt") as stream:
            assert [json.loads(line)["id"] for line in stream] == [row["id"] for row in rows[:3]]
    assert run("batch", "compare", source, str(tmp_path / "OUT.PARQUET"), "--jobs", "1")[0] == 0
    assert (tmp_path / "OUT.PARQUET").read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize("name", ["in.csv", "IN.CSV", "in.tsv"])
def test_a_table_of_text_is_refused_with_what_to_give(run, tmp_path, name):
    (tmp_path / name).write_text("id,suspect,original\n1,a,b\n")
    code, out, err = run("batch", "compare", str(tmp_path / name), str(tmp_path / "out.jsonl"))
    assert (code, out, err.count("\n")) == (2, "", 1) and name in err and ".jsonl" in err
    assert not (tmp_path / "out.jsonl").exists()


def test_one_bad_row_in_the_middle_of_many(run, tmp_path, short_rows):
    lines = [json.dumps({**short_rows[number % 7], "id": number}) for number in range(2_000)]
    lines[1_000] = '{"id": 1000, "suspect": '
    target = tmp_path / "out.jsonl"
    code, _, err = run("batch", "compare", write(tmp_path / "in.jsonl", lines), str(target))
    found = read(target)
    assert code == 0 and "2000 rows written, 1 of them errors" in err
    assert [row["id"] for row in found] == [None if number == 1_000 else number for number in range(2_000)]
    assert [number for number, row in enumerate(found) if "error" in row] == [1_000]


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_a_disk_that_fills_up_loses_nothing(tmp_path, short_rows, ending):
    resource = pytest.importorskip("resource")
    source, target = write(tmp_path / "in.jsonl", short_rows), tmp_path / f"out.{ending}"
    growing = target if ending == "jsonl" else tmp_path / f"out.{ending}.partial"
    code = "from spindetect.cli import main; main()"
    command = [sys.executable, "-c", code, "batch", "compare", source, str(target), "--jobs", "1", "--resume"]

    def small_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    full = subprocess.run(command, capture_output=True, text=True, preexec_fn=small_disk)
    assert full.returncode == 2 and "Traceback" not in full.stderr
    assert "cannot be written further" in full.stderr.splitlines()[-1] and "--resume" in full.stderr.splitlines()[-1]
    assert growing.stat().st_size <= 60_000
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [row["id"] for row in stored(target)] == list(range(len(short_rows)))

"""Batches: order and ids kept, bad rows alone fail, resume repeats nothing."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def rows(stories):
    def pair(number):
        story = stories[number % len(stories)]
        suspects = (story.original, story.independent, story.reprint, story.rewrites[0].text)
        return {"id": f"row {number}", "suspect": suspects[number % 4], "original": story.original}

    return [pair(number) for number in range(150)]


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
    odd = '{"id": NaN, "suspect": "a", "original": "b"}\n{"id": 1e400, "suspect": "a", "original": "b"}\n'
    source.write_bytes(b"\xef\xbb\xbf" + (json.dumps(rows[0]) + "\n" + odd).encode())
    assert run("batch", "compare", str(source), str(target))[0] == 0
    found = read(target)
    assert "verdict" in found[0] and "error" in found[1] and "error" in found[2]
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
    assert code == 2 and "no rows of a batch" in err
    assert target.read_text() == "[1]\nrest"

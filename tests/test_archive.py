"""Archives in a folder: the contract, and what is particular to files."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from spindetect import Archive, ArchiveError, SpindetectError
from spindetect.archive import lance
from tests.archive_contract import ArchiveContract, rows
from tests.conftest import ROOT


class TestFolder(ArchiveContract):
    @pytest.fixture
    def location(self, tmp_path):
        return str(tmp_path / "originals.lance")


def test_importing_spindetect_loads_no_engine():
    code = "import sys, spindetect; spindetect.Archive; assert not {'lancedb', 'pyarrow', 'pymilvus'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_missing_extra_is_named(run, tmp_path, monkeypatch, stories):
    monkeypatch.setitem(sys.modules, "lancedb", None)
    monkeypatch.delitem(sys.modules, "spindetect.archive.lance")
    code, _, err = run("archive", "info", str(tmp_path / "a"))
    assert (code, err.count("\n")) == (2, 1)
    assert "pip install 'spindetect[archive]'" in err


def test_a_second_writer_is_told(tmp_path, stories):
    given = rows(stories, 3)
    first, second = Archive.open(tmp_path / "a"), Archive.open(tmp_path / "a")

    def slowly():
        yield given[0]
        with pytest.raises(ArchiveError, match="another process"):
            second.add(given)
        yield given[1]

    assert first.add(slowly()).added == 2
    assert second.add(given).added == 1


def test_places_that_are_no_archive(tmp_path):
    (tmp_path / "file").write_text("x")
    for place, message in ((tmp_path / "file", "is a file"), (tmp_path, "holds other files"), ("ftp://x/y", "no place")):
        with pytest.raises(ArchiveError, match=message):
            Archive.open(place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_an_addition_that_never_began_leaves_a_place_for_the_next(tmp_path, stories):
    with pytest.raises(SpindetectError):
        Archive.open(tmp_path / "a", model=tmp_path / "no model").add(rows(stories, 1))
    assert Archive.open(tmp_path / "a").add(rows(stories, 1)).added == 1


def test_a_damaged_archive_is_one_line(run, tmp_path, stories):
    Archive.open(tmp_path / "a").add(rows(stories, 3))
    for path in (tmp_path / "a").rglob("*.manifest"):
        path.write_bytes(b"damaged")
    code, out, err = run("archive", "info", str(tmp_path / "a"))
    # An older engine adds a warning of its own.
    assert (code, out, sum(line.startswith("spindetect: ") for line in err.splitlines())) == (2, "", 1)
    assert "Traceback" not in err


ADDING = """
import sys
from spindetect import Archive
from spindetect.training.corpus import load_stories
from pathlib import Path
from spindetect.archive import archive
archive._BATCH = 20
stories = load_stories(Path("data/stories"))
def rows():
    for turn in range(1000):
        for story in stories:
            yield {"id": f"{story.id} {turn}", "text": story.original if turn % 2 else story.independent}
kept = 0
def progress(count):
    global kept
    kept += count
    print(kept, flush=True)
Archive.open(sys.argv[1]).add(rows(), progress=progress)
"""


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path, stories):
    place = tmp_path / "a"
    process = subprocess.Popen([sys.executable, "-c", ADDING, str(place)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    acknowledged = 0
    try:
        deadline = time.monotonic() + 60
        while acknowledged < 200 and time.monotonic() < deadline:
            acknowledged = int(process.stdout.readline())
        time.sleep(0.05)
    finally:
        process.kill()
        rest = process.communicate()[0].split()
    acknowledged = int(rest[-1]) if rest else acknowledged
    with Archive.open(place) as archive:
        entries = list(archive.list())
        assert len(archive) == len(entries) >= acknowledged >= 200
        assert len({entry.id for entry in entries}) == len(entries)
        for entry in entries[:: max(1, len(entries) // 20)]:
            kept = archive.get(entry.id).article
            assert kept.text.count("\n\n") > 2 and kept.sentences[-1][1] == len(kept.text)
        assert archive.add(rows(stories, 3)).added == 3


def test_an_index_finds_what_a_full_look_finds(tmp_path, monkeypatch, stories, detector):
    """With the index, rows added since, removed ones and filters."""
    from spindetect import Article
    from spindetect.training.corpus import load_stories

    monkeypatch.setattr(lance, "EXACT_ROWS", 1_000)
    train = [story for story in load_stories(ROOT / "data/stories") if story.split == "train"]
    texts = [text for story in train for text in (story.original, story.independent, *(item.text for item in story.rewrites))]
    with Archive.open(tmp_path / "a") as archive:
        archive.add({"id": f"other {number}", "text": text, "date": "2020-01-01"} for number, text in enumerate(texts))
        assert archive.info().store["index"] == "IVF_RQ"
        archive.add(rows(stories, 30))
        assert archive.info().store["unindexed_passages"] > 0
        archive.remove("other 5")
        for story in stories[:20]:
            suspect = Article.from_text(story.rewrites[0].text)
            assert archive.search(suspect, 1)[0].entry.id == story.id
            assert story.id not in {item.entry.id for item in archive.search(suspect, 20, before="2020-06-01")}
        assert archive.get("other 5") is None


def test_files_that_a_writer_tidies_away_do_not_end_a_look(tmp_path, stories, monkeypatch):
    from pathlib import Path

    archive = Archive.open(tmp_path / "a")
    archive.add(rows(stories, 2))
    seen, look = archive.info().store["bytes"], Path.rglob
    gone = tmp_path / "gone"
    monkeypatch.setattr(Path, "is_file", lambda path: path == gone or Path.stat(path).st_mode & 0o100000 != 0)
    monkeypatch.setattr(Path, "rglob", lambda path, pattern: [gone, *look(path, pattern)])
    assert archive.info().store["bytes"] == seen


def test_files_that_went_missing_are_one_error(tmp_path, stories):
    from spindetect import Article

    archive = Archive.open(tmp_path / "a")
    archive.add(rows(stories, 3))
    for path in (tmp_path / "a").rglob("*.lance"):
        if path.is_file():
            path.unlink()
    with pytest.raises(ArchiveError, match="cannot be used"):
        Archive.open(tmp_path / "a").search(Article.from_text(stories[0].original), 3)

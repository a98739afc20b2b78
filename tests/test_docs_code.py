"""The code in README and docs/ runs as it is printed, in a folder with the examples; what it prints is what the page says.

A page is one story: one folder and one Python namespace. A block that cannot run here says so to its readers, in its title
(```` ```sh title="Not run by our tests: ..." ````). A `text` block titled "Output" is compared with what the block before it printed.
"""

from __future__ import annotations

import contextlib
import doctest
import functools
import gzip
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from tests.conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.M | re.S)
NOT_RUN = "Not run by our tests: "
SHELL = re.compile(r"[|<>;&$*]")
CHECKED = ("pip", "make")
"""Commands that are not run but whose extras and targets must exist."""


@dataclass(frozen=True)
class Block:
    language: str
    title: str
    code: str
    line: int


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    found = FENCE.finditer(text)
    return [
        Block(match[1], (re.search(r'title="(.*?)"', match[2]) or ["", ""])[1], match[3], text.count("\n", 0, match.start()) + 1)
        for match in found
    ]


def runs(block: Block) -> bool:
    return block.language in ("python", "sh") and not block.title.startswith(NOT_RUN)


ALL = {str(page.relative_to(ROOT)): blocks_of(page) for page in PAGES}
RUNNING = [name for name, blocks in ALL.items() if any(map(runs, blocks))]


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """What pages take for granted: the examples, and files that stand for the reader's own."""
    folder = tmp_path_factory.mktemp("given")
    shutil.copytree(ROOT / "data/examples", folder / "data/examples")
    rows = [json.loads(line) for line in (folder / "data/examples/archive.jsonl").read_text("utf-8").splitlines()]
    texts = {row["id"]: row["text"] for row in rows}
    originals = [name for name in texts if "/" not in name][:15]
    labelled = []
    for number, name in enumerate(originals):
        stranger = texts[originals[number - 1]]
        for suspect, label in (
            (texts[name], "reprint"),
            (texts[f"{name}/independent"], "independent"),
            (stranger, "independent"),
        ):
            labelled.append(
                {"id": str(len(labelled)), "suspect": suspect, "original": texts[name], "label": label, "group": name}
            )
    write_rows(folder / "labelled.jsonl", labelled)
    write_rows(folder / "pairs.jsonl", labelled[:6])
    with gzip.open(folder / "pairs.jsonl.gz", "wb") as stream:
        stream.write((folder / "pairs.jsonl").read_bytes())
    for made in ("pairs", "scores", "build"):
        (folder / made).mkdir()
    for table in ("pairs.parquet", "pairs/1.parquet"):
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(labelled[:6]), folder / table)
    write_rows(folder / "texts.jsonl", rows[:6])
    for name in ("article.txt", "a.txt"):
        shutil.copy(folder / "data/examples/spun.txt", folder / name)
    shutil.copy(folder / "data/examples/original.txt", folder / "b.txt")
    return folder


@pytest.fixture(scope="module", autouse=True)
def shipped_model_loaded_once():
    """Forty commands in one process: reading the same model again for each would take half of the time."""
    import spindetect.detector as home

    load, shipped = home.load_bundle, functools.cache(home.load_bundle)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(home, "load_bundle", lambda folder: shipped(None) if folder is None else load(folder))
        yield


def write_rows(path: Path, rows: list[dict]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.mark.parametrize("name", RUNNING)
def test_the_code_of_a_page_runs_and_prints_what_the_page_says(name, given, tmp_path, monkeypatch):
    folder = tmp_path / "page"
    shutil.copytree(given, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "200")
    scope: dict[str, object] = {"__name__": "__main__"}
    printed = ""
    for block in ALL[name]:
        where = f"{name}, line {block.line}"
        if block.title == "Output":
            flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            assert doctest.OutputChecker().check_output(block.code, printed, flags), f"{where}: it prints\n{printed}"
        elif runs(block) and block.language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(compile("\n" * block.line + block.code, name, "exec"), scope)
            printed = output.getvalue()
        elif runs(block):
            printed = "".join(run_line(line, where) for line in lines_of(block.code))


def lines_of(code: str) -> list[str]:
    """Commands without their comments; a loop over several lines is one command."""
    lines = [re.sub(r"\s+#.*$", "", line) for line in code.replace("\\\n", " ").splitlines() if not line.startswith("#")]
    return ["\n".join(lines)] if any(line.startswith("for ") for line in lines) else [line for line in lines if line.strip()]


def run_line(line: str, where: str) -> str:
    words = shlex.split(line)
    if words[0] in CHECKED:
        check_line(words, where)
        return ""
    code, output = run_here(words[1:]) if words[0] == "spindetect" and not SHELL.search(line) else run_in_shell(line)
    assert code == 0, f"{where}: {line} ended with {code}\n{output}"
    return output


def run_here(arguments: list[str]) -> tuple[int, str]:
    """The command line in this process: a new one would import everything again."""
    from spindetect.cli import main

    before, sys.argv = sys.argv, ["spindetect", *arguments]
    try:
        with contextlib.redirect_stdout(io.StringIO()) as output:
            main()
    except SystemExit as stop:
        return (stop.code or 0) if isinstance(stop.code, int | None) else 1, output.getvalue()
    finally:
        sys.argv = before
    return 0, output.getvalue()


def run_in_shell(line: str) -> tuple[int, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout or done.stderr


def check_line(words: list[str], where: str) -> None:
    if words[0] == "make":
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
        assert words[1] in targets, f"{where}: make has no {words[1]}"
    else:
        known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
        wanted = [extra for word in words for extra in "".join(re.findall(r"\[(.*)\]", word)).split(",") if extra]
        assert set(wanted) <= set(known), f"{where}: no such extra among {wanted}"


def test_what_is_not_run_says_so_and_says_why():
    left = [block for blocks in ALL.values() for block in blocks if block.language in ("python", "sh") and not runs(block)]
    assert all(len(block.title) > len(NOT_RUN) + 10 for block in left)
    assert len(left) < sum(runs(block) for blocks in ALL.values() for block in blocks) / 2


def test_every_kind_of_page_has_code_that_runs():
    assert {"README.md", "docs/index.md", "docs/tutorial.md", "docs/own-model.md", "docs/scale.md"} <= set(RUNNING)
    assert sum(name.startswith("docs/howto/") for name in RUNNING) >= 5


def test_code_has_a_language_that_is_known():
    """A misspelt one would never be run."""
    for name, blocks in ALL.items():
        for block in blocks:
            assert block.language in ("python", "sh", "json", "text", ""), f"{name}, line {block.line}: {block.language}"
            assert block.language != "" or "spindetect " not in block.code, f"{name}, line {block.line}: shell without a language"


def test_not_run_commands_and_targets_exist():
    """What needs a server or hours is at least spelt as the command line and the Makefile spell it."""
    for name, blocks in ALL.items():
        for block in blocks:
            if block.language == "sh" and not runs(block):
                for line in lines_of(block.code):
                    words = shlex.split(line.split("|")[0].split(">")[0].split(";")[0])
                    if words and words[0] in CHECKED:
                        check_line(words, f"{name}, line {block.line}")
                    if words and words[0] == "spindetect":
                        known = options_of(words[1:])
                        given = {word.split("=")[0] for word in words if word.startswith("--")}
                        assert given <= known, f"{name}, line {block.line}: {given - known} of {line}"


def options_of(words: list[str]) -> set[str]:
    import typer

    from spindetect.cli.app import app

    command = typer.main.get_command(app)
    while hasattr(command, "commands"):
        command = command.commands[words[0]]
        words = words[1:]
    return {option for item in command.params for option in item.opts}

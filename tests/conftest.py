"""Real model, real stories; no network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def detector():
    from spindetect import SpinDetector

    return SpinDetector.load()


@pytest.fixture(scope="session")
def stories():
    """The test stories: the shipped model has not seen them."""
    from spindetect.training.corpus import load_stories

    return [story for story in load_stories(ROOT / "data/stories") if story.split == "test"]


@pytest.fixture(scope="session")
def story(stories):
    return next(story for story in stories if story.id.startswith("058"))


@pytest.fixture
def run(capfd):
    """Run the command line in this process: (exit code, stdout, stderr)."""
    import sys

    from spindetect.cli import main

    def call(*arguments: str) -> tuple[int, str, str]:
        before, sys.argv = sys.argv, ["spindetect", *arguments]
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        finally:
            sys.argv = before
        out, err = capfd.readouterr()
        return code, out, err

    return call

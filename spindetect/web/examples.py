"""The example articles that the page offers and OpenAPI quotes; the wheel holds the same files as a checkout."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

NAMES = ("original", "spun", "reprint", "independent")


def example_folder() -> Path:
    """Inside an installed wheel, or in a checkout."""
    package = Path(str(files("spindetect")))
    installed = package / "examples"
    return installed if installed.exists() else package.parent / "data" / "examples"


@lru_cache(maxsize=1)
def example_texts() -> dict[str, str]:
    """Texts by name; empty where the files were not shipped."""
    folder = example_folder()
    return {name: (folder / f"{name}.txt").read_text("utf-8").strip() for name in NAMES if (folder / f"{name}.txt").exists()}

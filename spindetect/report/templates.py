"""Templates and files of the pages, read once. Every value that a template shows is escaped."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("spindetect.report", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def template(name: str) -> Template:
    """A page's template; Jinja keeps it compiled."""
    return _environment().get_template(name)


@lru_cache(maxsize=2)
def resource(name: str) -> str:
    """A style sheet or script that goes into a page."""
    return files("spindetect.report").joinpath(name).read_text("utf-8")

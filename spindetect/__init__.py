"""Tell spun copies of an article from reprints and from independent reports of the same event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spindetect.archive import Archive
    from spindetect.article import Article
    from spindetect.classifier import SpinClassifier
    from spindetect.detector import SpinDetector
    from spindetect.errors import ArchiveError, BundleError, InputError, MissingExtraError, SpindetectError
    from spindetect.results import Comparison, Score

__version__ = "0.1.0"

__all__ = [
    "Archive",
    "ArchiveError",
    "Article",
    "BundleError",
    "Comparison",
    "InputError",
    "MissingExtraError",
    "Score",
    "SpinClassifier",
    "SpinDetector",
    "SpindetectError",
    "__version__",
]

_HOME = {
    "Archive": "archive",
    "Article": "article",
    "SpinClassifier": "classifier",
    "SpinDetector": "detector",
    "Comparison": "results",
    "Score": "results",
    "ArchiveError": "errors",
    "BundleError": "errors",
    "InputError": "errors",
    "MissingExtraError": "errors",
    "SpindetectError": "errors",
}


def __getattr__(name: str) -> Any:
    # Lazily, so that `spindetect --help` does not load scikit-learn.
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"spindetect.{_HOME[name]}"), name)
    raise AttributeError(f"module 'spindetect' has no attribute {name!r}")

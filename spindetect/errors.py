"""What can go wrong, as one small family: every message names the value and the remedy."""

from __future__ import annotations


class SpindetectError(Exception):
    """Base of all errors that spindetect raises on purpose."""


class InputError(SpindetectError):
    """A text, file or row that cannot be used."""


class MissingExtraError(SpindetectError):
    """A part of spindetect whose optional dependencies are not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional dependency: pip install 'spindetect[{extra}]'")
        self._what, self._extra = what, extra

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str]]:
        # A worker's error travels to the main process as its class and what it was made with.
        return type(self), (self._what, self._extra)


class BundleError(SpindetectError):
    """A model bundle that is absent, incomplete, altered or made for another version."""


class ArchiveError(SpindetectError):
    """An archive that is absent, made with another encoder, in use by another writer, or out of reach."""

"""The command line."""

from spindetect.cli.app import main

__all__ = ["main"]

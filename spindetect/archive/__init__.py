"""Originals kept for tracing: embedded in a folder, or on a Milvus server."""

from spindetect.archive.archive import Archive

__all__ = ["Archive"]

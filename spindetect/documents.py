"""PDF and Word files, behind the ``documents`` extra."""

from __future__ import annotations

import io
import zipfile

from spindetect.errors import InputError, MissingExtraError

MAX_PAGES = 200
_MAX_UNPACKED = 200_000_000
"""A Word file is a zip archive: a few kilobytes can unpack to gigabytes."""


def document_text(data: bytes, suffix: str, name: str) -> str:
    """The running text of a PDF or Word file.

    Raises:
        InputError: the file is damaged, encrypted or holds no text (a scan).
        MissingExtraError: the extra is not installed.
    """
    try:
        read = _read_pdf if suffix == ".pdf" else _read_docx
        text = read(data)
    except ImportError as error:
        raise MissingExtraError(f"Reading {suffix} files", "documents") from error
    except InputError as error:
        raise InputError(f"{name} {error}") from error
    except Exception as error:  # the parsers raise whatever a hostile file provokes
        raise InputError(f"{name} cannot be read as {suffix} ({type(error).__name__}): save it as text") from error
    if not text.strip():
        raise InputError(f"{name} holds no text (a scan?): run text recognition over it first")
    return text


def _read_pdf(data: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    return "\n\n".join(page.extract_text() for page in reader.pages[:MAX_PAGES])


def _read_docx(data: bytes) -> str:
    from docx import Document

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > _MAX_UNPACKED:
        raise InputError(f"unpacks to {unpacked:,} bytes, the limit is {_MAX_UNPACKED:,}: save it as text")
    return "\n\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)

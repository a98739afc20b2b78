"""From a file or bytes to marked-up or plain text; nothing is fetched from a network."""

from __future__ import annotations

import gzip
import re
import sys
import zlib
from pathlib import Path
from typing import IO, Literal

from spindetect.errors import InputError

DAMAGED_GZIP = (EOFError, zlib.error, gzip.BadGzipFile)
"""What reading a gzip file raises where it is damaged or cut off."""
MAX_BYTES = 10_000_000
"""Largest file read. An article is a few kilobytes; whatever is larger than this is not one."""

Markup = Literal["text", "markdown", "html"]
SUFFIXES: dict[str, Markup] = {
    ".txt": "text",
    ".text": "text",
    "": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
_HTML_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)


_HTML_FRAGMENT = re.compile(r"\s*<(article|main|section|div|p|h[1-6]|meta|header|nav)\b[^<>]*>", re.I)
_CLOSING_TAG = re.compile(r"</(article|main|section|div|p|h[1-6]|li|ul)\s*>", re.I)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}charset=["']?"""
    rb"""(utf-8|utf-16|iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-jp|euc-kr|shift_jis)\b""",
    re.I,
)


def looks_like_html(text: str) -> bool:
    """True for an HTML page, or a fragment of several elements; a stray tag in plain text does not count."""
    start = text[:5000].lstrip("\ufeff")
    if _HTML_START.match(start):
        return True
    return _HTML_FRAGMENT.match(start) is not None and len(_CLOSING_TAG.findall(text, 0, 200_000)) >= 3


def read_text(source: str | Path) -> tuple[str, Markup]:
    """Read a file, or standard input for ``-``.

    Returns:
        The decoded text and its kind of markup.

    Raises:
        InputError: the file is absent, a folder, too large, binary or of an unknown kind.
        MissingExtraError: a PDF or Word file without the ``documents`` extra.
    """
    if str(source) == "-":
        text = decode(_read_bounded(sys.stdin.buffer, "standard input"), "standard input")
        return text, "html" if looks_like_html(text) else "text"
    path = Path(source)
    name = str(source)
    try:
        if path.is_dir():
            raise InputError(f"{name} is a folder: name one file")
        if not path.exists():
            hint = "save the page to a file first, nothing is fetched" if "://" in name else "check the path"
            raise InputError(f"{name} does not exist: {hint}")
        with path.open("rb") as stream:
            data = _read_bounded(stream, name)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{name} cannot be read ({reason}): check the path and its permissions") from error
    return text_of(data, name)


def text_of(data: bytes, name: str) -> tuple[str, Markup]:
    """Read the bytes of a file; the ending of its name says what they are.

    Returns:
        The decoded text and its kind of markup.

    Raises:
        InputError: binary or of an unknown kind.
        MissingExtraError: a PDF or Word file without the ``documents`` extra.
    """
    suffix = Path(name).suffix.lower()
    if suffix in (".pdf", ".docx"):
        from spindetect.documents import document_text

        return document_text(data, suffix, name), "text"
    text = decode(data, name)
    markup = SUFFIXES.get(suffix, "text")
    return text, "html" if markup != "html" and looks_like_html(text) else markup


def _read_bounded(stream: IO[bytes], name: str) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(f"{name} is larger than {MAX_BYTES // 1_000_000} MB: give the article alone")
    return data


def decode(data: bytes, name: str) -> str:
    """Decode bytes of unknown encoding: byte-order mark, UTF-8, what a page declares, Windows-1252.

    Raises:
        InputError: the bytes are not text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    sample = data[:4096]
    wide = _wide_encoding(sample)
    if wide is None and (b"\x00" in sample or _control_share(sample) > 0.05):
        raise InputError(f"{name} is not text (binary bytes): give a .txt, .md, .html, .pdf or .docx file")
    declared = [match.group(1).decode("ascii") for match in _DECLARED.finditer(sample)]
    for encoding in (*([wide] if wide else []), "utf-8", *declared[:1], "cp1252"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", errors="replace")


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a mark shows in English text as a zero in nearly every second byte."""
    for encoding, zeros, letters in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        if len(sample) > 20 and zeros.count(0) > 0.9 * len(zeros) and 0 not in letters:
            return encoding
    return None


def _control_share(sample: bytes) -> float:
    control = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    return control / max(1, len(sample))

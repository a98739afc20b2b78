"""Where results go. The file of finished rows is its own checkpoint: whole lines, on disk before the next chunk.

JSON lines grow in place. What cannot grow row by row (a Parquet table, a gzip file) is made at the end, in one step, of the
lines kept until then beside it in ``OUT.partial``.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Protocol

from spindetect.batch.inputs import is_gzipped, is_parquet
from spindetect.batch.rows import RawRow, Row, id_as_text, id_of
from spindetect.batch.tasks import Task
from spindetect.errors import InputError
from spindetect.reading import DAMAGED_GZIP


class Output(Protocol):
    """Takes results chunk by chunk."""

    def write(self, rows: list[Row]) -> None:
        """Keep a chunk of results: all of it survives the end of this process."""
        ...

    def finish(self) -> None:
        """The last row was written."""
        ...

    def close(self) -> None: ...


class TextOutput:
    """Rows to a text stream, say standard output."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, rows: list[Row]) -> None:
        self._stream.write(_as_lines(rows))
        self._stream.flush()

    def finish(self) -> None:
        pass

    def close(self) -> None:
        pass


class FileOutput:
    """Rows to a file that an interrupted run can be resumed from."""

    def __init__(self, path: Path, task: Task, resume: bool = False) -> None:
        """Open the output.

        Raises:
            InputError: it cannot be written.
            MissingExtraError: a Parquet table without the ``parquet`` extra.
        """
        self.path, self._task = path, task
        packed = is_parquet(path.name) or is_gzipped(path.name)
        self._lines = path.with_name(f"{path.name}.partial") if packed else path
        if is_parquet(path.name):
            from spindetect.batch.parquet import check_installed

            check_installed()
        try:
            if resume and packed and path.exists() and not self._lines.exists():
                self._unpack()
            # Unbuffered: a row is in the file, or its error is raised here.
            self._stream = open(self._lines, "ab" if resume else "wb", buffering=0)
            self._regular = stat.S_ISREG(os.fstat(self._stream.fileno()).st_mode)
        except DAMAGED_GZIP as error:
            raise InputError(f"{path} is damaged or cut off ({error}): start a new output") from error
        except OSError as error:
            raise InputError(f"{path} cannot be written ({error.strerror}): choose another path") from error
        if resume and not self._regular:
            raise InputError(f"{path} is no plain file: --resume needs one")

    def skip_finished(self, source: Iterator[RawRow]) -> int:
        """Pass over the rows of ``source`` that the output already holds, and remove a row that was cut off.

        Returns:
            How many they are.

        Raises:
            InputError: the output holds something else than results of these rows; it is left as it was.
        """
        count = end = 0
        with self._lines.open("rb") as finished:
            for line in finished:
                if not line.endswith(b"\n"):
                    break
                row = _result(line, self._task)
                if row is None:
                    raise InputError(f"row {count + 1} of {self._lines} is none of such a batch: name the output to be resumed")
                raw = next(source, None)
                count += 1
                end += len(line)
                if raw is None:
                    raise InputError(f"{self._lines} has more rows than the input: start a new output")
                own = id_of(raw)
                if json.dumps(own) != json.dumps(row["id"]) and id_as_text(own) != row["id"]:
                    raise InputError(
                        f"row {count} of {self._lines} has the id {row['id']!r}, the input's has another: start a new output"
                    )
        self._stream.truncate(end)
        self._sync()
        return count

    def write(self, rows: list[Row]) -> None:
        data = memoryview(_as_lines(rows).encode())
        try:
            while data:
                data = data[self._stream.write(data) :]
            self._sync()
        except OSError as error:
            raise self._full(error) from error

    def finish(self) -> None:
        """Make the table or gzip file; it appears whole or not at all.

        Raises:
            InputError: it cannot be written.
        """
        if self._lines == self.path:
            return
        new = self.path.with_name(f"{self.path.name}.new")
        try:
            if is_parquet(self.path.name):
                from spindetect.batch.parquet import write_table

                write_table(self._finished, new, self._task.results)
            else:
                with self._lines.open("rb") as lines, gzip.open(new, "wb") as packed:
                    shutil.copyfileobj(lines, packed)
            _settle(new, self.path)
            self._lines.unlink()
        except OSError as error:
            new.unlink(missing_ok=True)
            raise self._full(error) from error

    def close(self) -> None:
        self._stream.close()

    def _unpack(self) -> None:
        """The lines that a finished output was made of, for an input that has grown since."""
        new = self._lines.with_name(f"{self._lines.name}.new")
        with new.open("wb") as lines:
            if is_parquet(self.path.name):
                from spindetect.batch.parquet import stored_rows

                for row in stored_rows(self.path):
                    lines.write(_as_lines([row]).encode())
            else:
                with gzip.open(self.path, "rb") as packed:
                    shutil.copyfileobj(packed, lines)
        _settle(new, self._lines)

    def _finished(self) -> Iterator[Row]:
        with self._lines.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)

    def _sync(self) -> None:
        if self._regular:
            os.fsync(self._stream.fileno())

    def _full(self, error: OSError) -> InputError:
        return InputError(
            f"{self.path} cannot be written further ({error.strerror or error}): mend that and run the same command with --resume"
        )


def open_output(name: str, task: Task, resume: bool) -> TextOutput | FileOutput:
    """The output file, or standard output for ``-``.

    Raises:
        InputError: it cannot be written.
    """
    return TextOutput(sys.stdout) if name == "-" else FileOutput(Path(name), task, resume)


def _as_lines(rows: list[Row]) -> str:
    return "".join(chain.from_iterable((json.dumps(row), "\n") for row in rows))


def _result(line: bytes, task: Task) -> Row | None:
    """A row that ``task`` wrote, or None."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    if not isinstance(row, dict) or "id" not in row or not ("error" in row or set(task.results) <= row.keys()):
        return None
    return row


def _settle(new: Path, target: Path) -> None:
    """Put a new file in the place of ``target``, so that a power cut leaves either."""
    with new.open("rb") as stream:
        os.fsync(stream.fileno())
    new.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

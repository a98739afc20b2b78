"""A row of a batch: parsed, scored with its chunk, or turned into an error of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from spindetect.errors import InputError, SpindetectError

MAX_ROW = 25_000_000
"""Characters of one input row that are read."""

Row = dict[str, Any]
RawRow = str | Row
"""A line of JSON, or a row of a table."""


def scored_rows(
    chunk: Sequence[RawRow], fields: str, read: Callable[[Row], Any], score: Callable[[list[Any]], list[Row]]
) -> list[Row]:
    """One row for each of a chunk, in order, with its id and either what ``score`` says or an error.

    Args:
        chunk: rows as they were read.
        fields: what a row must have, for messages.
        read: makes of a row what is scored.
        score: gives the fields of each result.

    Raises:
        SpindetectError: no row at all could be scored, say because an extra is missing.
    """
    rows: list[Row] = []
    usable = []
    for raw in chunk:
        row: Row = {"id": None}
        try:
            data = parsed(raw, fields)
            row["id"] = data.get("id")
            usable.append((row, read(data)))
        except SpindetectError as error:
            row["error"] = str(error)
        except Exception as error:  # one row's surprise must not end a batch of a million
            row["error"] = f"the row could not be read ({type(error).__name__}): please report it"
        rows.append(row)
    for (row, _), found in zip(usable, _scores(score, [item for _, item in usable]), strict=True):
        row.update(found)
    return rows


def _scores(score: Callable[[list[Any]], list[Row]], items: list[Any]) -> list[Row]:
    """Scores of a chunk; where a chunk fails, each item alone, so that one cannot take the others with it."""
    try:
        return score(items)
    except SpindetectError:
        raise  # a missing extra or a damaged model: no row could be scored
    except Exception as error:
        if len(items) == 1:
            return [{"error": f"the row could not be scored ({type(error).__name__}): please report it"}]
        return [row for item in items for row in _scores(score, [item])]


def parsed(raw: RawRow, fields: str = "id") -> Row:
    """The row as a dictionary.

    Raises:
        InputError: it is no JSON object, too long, or its id cannot be written again.
    """
    data = raw if isinstance(raw, dict) else _from_json(raw, fields)
    try:
        json.dumps(data.get("id"), allow_nan=False)
    except ValueError as error:
        raise InputError("the id is no finite number: give it as a string") from error
    except RecursionError as error:
        raise InputError("the id is nested too deeply: give it as a string") from error
    return data


def _from_json(line: str, fields: str) -> Row:
    if len(line) > MAX_ROW:
        raise InputError(f"the row has over {MAX_ROW:,} characters, the limit: give the articles alone")
    try:
        data = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the row is not JSON in UTF-8 ({str(error)[:80]}): each line needs one object with {fields}") from error
    if not isinstance(data, dict):
        raise InputError(f"the row is a {type(data).__name__}, not an object: each row needs {fields}")
    return data


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def id_as_text(value: Any) -> str | None:
    """An id as a table of mixed ids keeps it: a string as it is, another value as its JSON."""
    if value is None:
        return None
    # A lone surrogate, legal in JSON, is no text that a table can hold.
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace").decode("utf-8")


def id_of(raw: RawRow) -> Any:
    """The id that the result of a row has; None for a row that cannot be read."""
    try:
        return parsed(raw).get("id")
    except InputError:
        return None

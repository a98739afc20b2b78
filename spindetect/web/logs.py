"""One JSON object a line on standard error, and nothing of the articles in it."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

LOGGER = logging.getLogger("spindetect.web")


class JsonLines(logging.Formatter):
    """A record as one JSON object: time, level, event, and the ``fields`` it was given."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            entry |= failure(record.exc_info[1])
        return json.dumps(entry)


def failure(error: BaseException) -> dict[str, Any]:
    """Kind and place of an error, not its message: that may quote an article."""
    frames = traceback.extract_tb(error.__traceback__)
    return {"error": type(error).__name__, "at": [f"{frame.filename}:{frame.lineno}" for frame in frames[-6:]]}


def log_to_stderr() -> None:
    """For the server's own process; uvicorn's loggers too, whose lines about single requests ours replace."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    for name, level in (("spindetect.web", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)

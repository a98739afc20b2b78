"""What a server is told: its limits, its model, who may ask."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from spindetect.reading import MAX_BYTES


@dataclass(frozen=True)
class Limits:
    """What one request may cost.

    Attributes:
        body_bytes: of the whole request: two files of the largest size that is read, and their frame.
        text_characters: of one text.
        read_seconds: until the whole request has arrived.
        seconds: a request may wait for a worker this long, and then occupy it this long.
    """

    body_bytes: int = 2 * MAX_BYTES + 100_000
    text_characters: int = 2_000_000
    read_seconds: float = 30.0
    seconds: float = 30.0


@dataclass(frozen=True)
class Sources:
    """What answers: folder of a model (None for the shipped one), an archive of originals, a false-positive rate."""

    model: str | None = None
    archive: str | None = None
    max_fpr: float | None = None


@dataclass(frozen=True)
class Settings:
    """A server.

    Attributes:
        workers: processes that score; each holds the model.
        queue: requests that may wait while all workers are busy.
        tokens: any of them opens the API; none leaves it open.
        hosts: names it is called by, besides IP addresses and this machine's own name.
    """

    sources: Sources = Sources()
    limits: Limits = Limits()
    workers: int = field(default_factory=lambda: min(4, os.cpu_count() or 1))
    queue: int = 64
    tokens: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

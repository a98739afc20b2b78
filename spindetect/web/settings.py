"""What a server is told: its limits, its model, who may ask."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field

from spindetect.reading import MAX_BYTES


@dataclass(frozen=True)
class Limits:
    """What one request may cost.

    Attributes:
        file_bytes: of one file, as everywhere in spindetect.
        text_characters: of one text.
        held_bytes: of the bodies of all requests under way together.
        read_seconds: until the whole request has arrived.
        seconds: a request may wait for a worker this long, and then occupy it this long.
        connections: open at once.
    """

    file_bytes: int = MAX_BYTES
    text_characters: int = 2_000_000
    held_bytes: int = 256_000_000
    read_seconds: float = 30.0
    seconds: float = 30.0
    connections: int = 512

    def body_bytes(self, documents: int) -> int:
        """Most bytes of a whole request: files of the largest size, and their frame."""
        return documents * self.file_bytes + 100_000

    @property
    def stop_seconds(self) -> int:
        """Told to stop, the server has ended after this long: what a worker has begun may take its time."""
        return math.ceil(self.seconds) + 5


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

"""Connections that hold others up are closed: too many, a request that trickles in, an answer that is not taken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Connection(H11Protocol):
    """A connection of uvicorn that knows since when it keeps the server waiting; uvicorn itself waits without end."""

    def __init__(self, *arguments: Any, most: int, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._most = most
        self.receiving_since: float | None = None
        self.sending_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.receiving_since = time.monotonic()
        if len(self.connections) > self._most:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        if self.receiving_since is None:
            self.receiving_since = time.monotonic()
        super().data_received(data)
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self.receiving_since = None

    def keeps_waiting(self, now: float, seconds: float) -> bool:
        """Has a request been arriving, or an answer been leaving, for longer than that?"""
        if self.transport.get_write_buffer_size() == 0:
            self.sending_since = None
        elif self.sending_since is None:
            self.sending_since = now
        return any(since is not None and now - since > seconds for since in (self.receiving_since, self.sending_since))

    def _make_room(self) -> None:
        """Close the one that has been sending a request for longest, or where all wait for answers, this one."""
        others = [other for other in self.connections if isinstance(other, Connection) and other is not self]
        sending = [(other.receiving_since, number) for number, other in enumerate(others) if other.receiving_since is not None]
        if sending:
            longest = others[min(sending)[1]]
            self.connections.discard(longest)
            longest.transport.abort()
        else:
            self.transport.write(_FULL)
            self.transport.close()


def close_stalled(connections: Iterable[object], seconds: float) -> None:
    """Close those that have kept the server waiting for longer than that."""
    now = time.monotonic()
    for connection in list(connections):
        if isinstance(connection, Connection) and connection.keeps_waiting(now, seconds):
            connection.transport.abort()

"""Connections that hold others up are closed: too many, a request that trickles in, an answer that is not taken."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_SYSTEM_BUFFER = 1 << 18
"""Bytes of an answer that the system may hold. It asks for more only when a good part of them is taken: with the megabytes it
holds by itself, a slow reader would look like none for minutes."""


class Connection(H11Protocol):
    """A connection of uvicorn that knows since when it keeps the server waiting; uvicorn itself waits without end."""

    def __init__(self, *arguments: Any, most: int, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._most = most
        self.receiving_since: float | None = None
        self.sending_since: float | None = None
        self.idle_since = 0.0
        self._unsent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SYSTEM_BUFFER)
        self.receiving_since = time.monotonic()
        if len(self.connections) > self._most:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        if self.receiving_since is None:
            self.receiving_since = time.monotonic()
        super().data_received(data)
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self.receiving_since = None

    def on_response_complete(self) -> None:
        self.idle_since = time.monotonic()
        super().on_response_complete()

    def keeps_waiting(self, now: float, seconds: float) -> bool:
        """Has a request been arriving, or has nothing of an answer been taken, for longer than that?"""
        unsent = self.transport.get_write_buffer_size()
        if unsent == 0:
            self.sending_since = None
        elif self.sending_since is None or unsent < self._unsent:
            self.sending_since = now
        self._unsent = unsent
        return any(since is not None and now - since > seconds for since in (self.receiving_since, self.sending_since))

    def _dispensable(self) -> tuple[bool, float] | None:
        """Is a request arriving, and since when has it been, or the connection been idle? None: it waits for an answer."""
        if self.receiving_since is not None:
            return True, self.receiving_since
        if self.conn.their_state is h11.IDLE and self.transport.get_write_buffer_size() == 0:
            return False, self.idle_since
        return None

    def _make_room(self) -> None:
        """Close the one that has been idle for longest, or else sending a request, or where all wait for answers, this one."""
        others = [other for other in self.connections if isinstance(other, Connection) and other is not self]
        ranks = [(rank, number) for number, other in enumerate(others) if (rank := other._dispensable()) is not None]
        if ranks:
            first = others[min(ranks)[1]]
            self.connections.discard(first)
            first.transport.abort()
        else:
            self.transport.write(_FULL)
            self.transport.close()


def close_stalled(connections: Iterable[object], seconds: float) -> None:
    """Close those that have kept the server waiting for longer than that."""
    now = time.monotonic()
    for connection in list(connections):
        if isinstance(connection, Connection) and connection.keeps_waiting(now, seconds):
            connection.transport.abort()

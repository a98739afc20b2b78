"""A server on a socket: it answers at once, questions when a worker is warm, and finishes what it started when told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import cast

import uvicorn

from spindetect.errors import InputError
from spindetect.web.app import create_app
from spindetect.web.auth import TOKEN_VARIABLE, is_loopback
from spindetect.web.connections import Connection, close_stalled
from spindetect.web.logs import log_to_stderr
from spindetect.web.pool import Pool
from spindetect.web.settings import Settings


def serve(settings: Settings, host: str, port: int, announce: Callable[[str], None], *, open_to_all: bool = False) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        announce: is given the address once the desk answers questions; it listens before.
        open_to_all: bound elsewhere than to loopback, do without a token.

    Raises:
        InputError: address or port cannot be used, a token is missing, or the model or archive cannot be loaded.
    """
    if not is_loopback(host) and not settings.tokens and not open_to_all:
        raise InputError(
            f"--host {host} lets other machines ask: set a token (--token-file, or {TOKEN_VARIABLE}), or say --no-token"
        )
    listener = _bound(host, port)
    log_to_stderr()
    # Signals end with exit code 0, also those that arrive while the model is loading.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with listener:
        try:
            asyncio.run(_serve(settings, listener, lambda: announce(_address(listener))))
        except KeyboardInterrupt:
            return


async def _serve(settings: Settings, listener: socket.socket, announce: Callable[[], None]) -> None:
    pool = Pool(settings)
    server = _Server(settings, pool)
    warming = asyncio.create_task(_warm(pool, server, announce))
    try:
        await server.serve(sockets=[listener])
    finally:
        warming.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await warming


async def _warm(pool: Pool, server: _Server, announce: Callable[[], None]) -> None:
    """
    Raises:
        InputError: model or archive cannot be used; the server has been told to stop.
    """
    try:
        await pool.warm()
    except BaseException:
        server.should_exit = True
        raise
    announce()


class _Server(uvicorn.Server):
    def __init__(self, settings: Settings, pool: Pool) -> None:
        limits = settings.limits
        config = uvicorn.Config(
            create_app(settings, pool),
            http=cast(type[asyncio.Protocol], partial(Connection, most=limits.connections)),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="on",
            ws="none",
            timeout_graceful_shutdown=limits.stop_seconds,
        )
        super().__init__(config)
        self._pool = pool
        # A request whose body is late is told so by the application first.
        self._patience = limits.read_seconds + 2

    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:
            close_stalled(self.server_state.connections, self._patience)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._pool.stop()
        await super().shutdown(sockets)


def _bound(host: str, port: int) -> socket.socket:
    """
    Raises:
        InputError: there is no such address here, or the port is taken or not allowed.
    """
    bare = host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(bare, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError) as error:
        raise InputError(f"--host {host} is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        remedies = {
            "Address already in use": f"stop the other program, or choose another: --port {port + 1 if port < 65535 else 8000}",
            "Permission denied": "ports under 1024 are for root: choose another, say --port 8000",
        }
        reason = error.strerror or "unusable"
        remedy = remedies.get(reason, "use an address of this machine, say --host 127.0.0.1")
        raise InputError(f"{host}:{port} cannot be served ({reason.lower()}): {remedy}") from error
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{host}:{port}/"

"""Who may ask: bearer tokens, the names the server is called by, and no page of another site."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path

from spindetect.errors import InputError
from spindetect.web.problems import RequestError
from spindetect.web.settings import Settings

TOKEN_VARIABLE = "SPINDETECT_TOKEN"  # noqa: S105
LEAST_TOKEN = 16
"""Characters; shorter ones can be guessed."""
GUARDED = ("/api/", "/desk/", "/metrics")


def read_tokens(file: Path | None, environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The tokens of a file (one a line; # starts a comment) and of the variable SPINDETECT_TOKEN.

    Raises:
        InputError: the file cannot be read or holds none, or a token is too short or not ASCII.
    """
    environment = os.environ if environment is None else environment
    lines: list[str] = []
    if file is not None:
        try:
            lines = file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not text"
            raise InputError(f"--token-file {file} cannot be read ({reason}): write one token a line into it") from error
    found = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if file is not None and not found:
        raise InputError(f"--token-file {file} holds no token: write one a line into it, say from `openssl rand -hex 24`")
    if environment.get(TOKEN_VARIABLE):
        found.append(environment[TOKEN_VARIABLE].strip())
    for token in found:
        if len(token) < LEAST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
            wanted = f"{LEAST_TOKEN} or more printable ASCII characters without spaces"
            raise InputError(f"a token has {len(token)} characters or odd ones, {wanted} are needed: use `openssl rand -hex 24`")
    return tuple(dict.fromkeys(found))


class Gate:
    """Lets requests in or raises a RequestError."""

    def __init__(self, settings: Settings) -> None:
        self._tokens = [hashlib.sha256(token.encode()).digest() for token in settings.tokens]
        self._hosts = {name.lower().rstrip(".") for name in (*settings.hosts, *_own_names())}

    def check(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        """
        Raises:
            RequestError: 421 another host, 403 asked by a page of another site, 401 no or a wrong token.
        """
        # A page whose own name was made to resolve to this machine would reach us under that name.
        host = headers.get("host", "")
        if not self._is_ours(host):
            shown = host[:80].encode("ascii", "replace").decode()
            raise RequestError(421, f"this server is not called {shown!r}: use its address, or start it with --allow-host NAME")
        if method == "POST" and headers.get("sec-fetch-site", "none") in ("cross-site", "same-site"):
            raise RequestError(403, "a page of another site sent this request: open the desk itself, or use a program")
        if self._tokens and path.startswith(GUARDED) and not self._knows(headers.get("authorization", "")):
            raise RequestError(
                401, "this needs a token that the server knows: send the header Authorization: Bearer TOKEN",
                {"WWW-Authenticate": "Bearer"},
            )  # fmt: skip

    def _is_ours(self, host: str) -> bool:
        name = _name_of(host)
        return bool(name) and ("*" in self._hosts or name in self._hosts or _is_address(name))

    def _knows(self, header: str) -> bool:
        scheme, _, token = header.partition(" ")
        given = hashlib.sha256(token.strip().encode("utf-8", "replace")).digest()
        # Every token is looked at, whichever matches, and digests have one length: the time tells nothing.
        matches = [hmac.compare_digest(given, known) for known in self._tokens]
        return scheme.lower() == "bearer" and any(matches)


def is_loopback(host: str) -> bool:
    """Can only this machine reach a server bound to ``host``?"""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _name_of(host: str) -> str:
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower().rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own_names() -> Iterable[str]:
    return ("localhost", socket.gethostname())

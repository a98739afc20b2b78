"""`spindetect serve`."""

from __future__ import annotations

from pathlib import Path

from spindetect.cli.console import notes
from spindetect.errors import MissingExtraError


def serve_command(
    host: str, port: int, *, archive: str | None, model: str | None, max_fpr: float | None, workers: int | None, queue: int,
    timeout: float, token_file: Path | None, no_token: bool, allow_host: list[str],
) -> None:  # fmt: skip
    """Serve the desk until told to stop."""
    try:
        from spindetect.web.server import serve
    except ImportError as error:
        raise MissingExtraError("The desk", "web") from error
    from spindetect.web.auth import read_tokens
    from spindetect.web.settings import Limits, Settings, Sources

    default = Settings()
    settings = Settings(
        sources=Sources(model, archive, max_fpr),
        limits=Limits(seconds=timeout),
        workers=workers or default.workers,
        queue=queue,
        tokens=read_tokens(token_file),
        hosts=tuple(allow_host),
    )
    notes.print(f"loading the model in {settings.workers} workers ...", style="dim")

    def announce(address: str) -> None:
        print(f"The desk is at {address}  (stop it with Ctrl+C)", flush=True)

    serve(settings, host, port, announce, open_to_all=no_token)

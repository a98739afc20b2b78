"""`spindetect serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spindetect.cli.options import ModelOption, RateOption
from spindetect.errors import MissingExtraError


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 127.0.0.1 lets only this machine ask.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    archive: Annotated[
        str | None, typer.Option("--archive", metavar="ARCHIVE", help="Archive of originals: adds the trace tab and endpoint.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes that score; default: one a core, at most 4.")
    ] = None,
    queue: Annotated[int, typer.Option(min=0, help="Requests that may wait; one more is answered 503.")] = 64,
    timeout: Annotated[
        float, typer.Option(min=0.1, max=3600, help="Seconds that one request may take (then 504), and a stop, 5 s more.")
    ] = 30.0,
    token_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Bearer tokens, one a line; or one in the variable SPINDETECT_TOKEN.")
    ] = None,
    no_token: Annotated[bool, typer.Option("--no-token", help="Let other machines ask without a token.")] = False,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="A name that the server is called by; repeatable.")
    ] = None,
    max_fpr: RateOption = None,
    model: ModelOption = None,
) -> None:
    """Serve the desk: a page to compare and screen articles, and an HTTP API (extra: web).

    The page is at /, the API under /api/v1, its description at /openapi.json. Logs go to stderr and hold no text of articles.

    Example: spindetect serve --port 8000
    """
    # Imported here, so that other commands start without them.
    from spindetect.cli.console import notes

    try:
        from spindetect.web.server import serve as serve_desk
    except ImportError as error:
        raise MissingExtraError("The desk", "web") from error
    from spindetect.web.auth import read_tokens
    from spindetect.web.settings import Limits, Settings, Sources

    settings = Settings(
        sources=Sources(model, archive, max_fpr),
        limits=Limits(seconds=timeout),
        workers=workers or Settings().workers,
        queue=queue,
        tokens=read_tokens(token_file),
        hosts=tuple(allow_host or ()),
    )
    notes.print(f"loading the model in {settings.workers} workers ...", style="dim")

    def announce(address: str) -> None:
        print(f"The desk is at {address}  (stop it with Ctrl+C)", flush=True)

    serve_desk(settings, host, port, announce, open_to_all=no_token)

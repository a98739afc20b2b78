"""Options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

ModelOption = Annotated[
    str | None, typer.Option("--model", help="Folder of a model bundle; default: the one that ships.", metavar="FOLDER")
]
RateOption = Annotated[
    float | None,
    typer.Option(
        "--max-fpr",
        metavar="RATE",
        help="Share of independent pairs that may be called spun or reprint, e.g. 0.001; default: the model's own threshold.",
    ),
]
ArchiveArgument = Annotated[
    str,
    typer.Argument(metavar="ARCHIVE", help="Folder of the archive (extra: archive), or milvus://host:port/name (extra: milvus)."),
]
BeforeOption = Annotated[
    str | None, typer.Option("--before", metavar="DATE", help="Only articles from before this day, e.g. 2021-06-01.")
]
AfterOption = Annotated[str | None, typer.Option("--after", metavar="DATE", help="Only articles of this day and later ones.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]

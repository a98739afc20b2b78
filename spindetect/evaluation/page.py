"""The evaluation as one self-contained HTML page. It may quote the pairs: keep it where their texts may be."""

from __future__ import annotations

from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from spindetect.evaluation.drawing import Plot
from spindetect.evaluation.plots import all_plots
from spindetect.evaluation.report import to_markdown, write_report
from spindetect.evaluation.run import Evaluation
from spindetect.report.templates import resource, template

_MOST = 8
"""Substitutions and contributions shown of a case."""


def write_evaluation(evaluation: Evaluation, folder: Path) -> list[Path]:
    """Write evaluation.html, .md and .json into a folder; returns their paths, the page's first.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    written = write_report(evaluation.results, folder)
    page = folder / "evaluation.html"
    page.write_text(evaluation_page(evaluation), "utf-8")
    return [page, *written]


def evaluation_page(evaluation: Evaluation) -> str:
    """HTML: the tables of the Markdown report, the plots, and the worst cases with their evidence.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    results = evaluation.results
    return template("evaluation.html.j2").render(
        facts=results["facts"],
        tables=tables_of(to_markdown(results)),
        plots=[(plot, drawing(plot)) for plot in all_plots(evaluation.sources, results["apart"])],
        cases=(("Worst false alarms", "false-alarm", evaluation.false_alarms), ("Worst misses", "miss", evaluation.misses)),
        most=_MOST,
        style=Markup(resource("style.css")),  # noqa: S704
    )


def tables_of(markdown: str) -> Markup:
    """markdown-it escapes what is in the cells, and admits no HTML."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "image", "autolink"])
    return Markup(reader.render(markdown))  # noqa: S704


def drawing(plot: Plot) -> Markup:
    """matplotlib escapes the text of its labels."""
    return Markup(plot.svg)  # noqa: S704

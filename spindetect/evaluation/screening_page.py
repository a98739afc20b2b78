"""The evaluation of the screening as one self-contained HTML page. It shows human texts: keep it where those may be."""

from __future__ import annotations

from markupsafe import Markup

from spindetect.evaluation.page import drawing, tables_of
from spindetect.evaluation.screening_plots import screening_plots
from spindetect.evaluation.screening_results import ScreenEvaluation, register_table
from spindetect.report.screening import heat
from spindetect.report.templates import resource, template
from spindetect.training.screening.card import screening_table


def screening_markdown(found: ScreenEvaluation) -> str:
    """The tables: facts, figures beside their targets, registers."""
    lines = ["# Screening", "", *(f"- {key}: {value}" for key, value in found.facts.items()), ""]
    lines += screening_table(found.rows)
    return "\n".join([*lines, "## Human texts called spun", "", *register_table(found.registers)])


def screening_evaluation_page(found: ScreenEvaluation) -> str:
    """HTML: tables, plots, and the most wrongly accused human texts with their words marked.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    return template("screening_evaluation.html.j2").render(
        facts=found.facts,
        tables=tables_of(screening_markdown(found)),
        plots=[(item, drawing(item)) for item in screening_plots(found)],
        worst=[(item, list(heat(item.screening))) for item in found.worst],
        style=Markup(resource("style.css")),  # noqa: S704
    )

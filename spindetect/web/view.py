"""The evidence as a part of the desk's page: the same templates as the pages of their own."""

from __future__ import annotations

from typing import Any

from spindetect.report.page import comparison_context
from spindetect.report.screening import screening_context
from spindetect.report.templates import template
from spindetect.results import Comparison
from spindetect.screening.results import Screening

_HEADING = 2
_NESTED_HEADING = 4


def comparison_view(result: Comparison, prefix: str, heading: int = _HEADING) -> str:
    """HTML of a comparison; everything from the texts is escaped.

    Args:
        prefix: of the ids in it.
        heading: level of its first heading.
    """
    return template("comparison_view.html.j2").render(comparison_context(result, prefix=prefix, heading=heading))


def screening_view(result: Screening) -> str:
    """HTML of a screened text."""
    return template("screening_view.html.j2").render(screening_context(result, heading=_HEADING))


def trace_view(result: Any) -> dict[str, Any]:
    """What the desk shows of a trace: a row for each original, best first, and its evidence."""
    return {
        "rows": [
            {
                **{name: getattr(original, name) for name in ("id", "title", "date", "url", "share", "verdict", "score")},
                "view": comparison_view(original.comparison, f"t{rank}-", _NESTED_HEADING),
            }
            for rank, original in enumerate(result.originals)
        ]
    }

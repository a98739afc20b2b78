"""The page of one comparison. Jinja escapes every value; the only script is our own, named by its hash."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from typing import Any

from markupsafe import Markup

from spindetect.report.layers import sides
from spindetect.report.templates import resource, template
from spindetect.results import Comparison

MEANINGS = {
    "spun": "Derived from the original sentence by sentence, with its wording changed.",
    "reprint": "Derived from the original, with its wording kept: a copy, licensed or not.",
    "independent": "Own reporting, even where event, names, numbers and quotations are the same.",
    "inconclusive": "No verdict: too little text, not English, or too close to call.",
}
_PICTURE = 260
_FATES = ("changed", "lost", "kept")
_MOST_CONTRIBUTIONS = 12


def comparison_page(result: Comparison) -> str:
    """HTML of a comparison: no network, readable without scripts, everything from the texts escaped."""
    style, script = resource("style.css"), resource("script.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return template("comparison.html.j2").render(
        comparison_context(result),
        # Ours, and the hash in the page's policy admits no other script.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        digest=digest,
    )


def comparison_context(result: Comparison, *, prefix: str = "", heading: int = 1) -> dict[str, Any]:
    """What ``comparison_view.html.j2`` shows.

    Args:
        prefix: of every id, where several comparisons share a page.
        heading: level of the verdict's heading.
    """
    suspect, original = sides(result)
    return {
        "result": result,
        "prefix": prefix,
        "heading": heading,
        "suspect": suspect,
        "original": original,
        "meaning": MEANINGS[result.verdict],
        "explanation": result.explain(),
        "relations": dict(Counter(item.relation for item in result.substitutions).most_common()),
        "dots": _dots(result),
        "picture": _PICTURE,
        "fixed_points": sorted(result.fixed_points, key=lambda point: _FATES.index(point.fate)),
        "unsourced": [result.texts["suspect"][start:end] for start, end in result.unsourced],
        "contributions": result.contributions[:_MOST_CONTRIBUTIONS],
        "largest": max((abs(item.contribution) for item in result.contributions), default=1.0),
    }


def _dots(result: Comparison) -> list[tuple[float, float]]:
    """Places of the matched sentences in the picture: suspect to the right, original downwards."""
    path = result.order.path
    if not path:
        return []
    width = max(1, len(result.unsourced) + len({row for row, _ in path}) - 1)
    height = max(1, max(column for _, column in path))
    return [
        (round(10 + row / width * (_PICTURE - 20), 1), round(10 + column / height * (_PICTURE - 20), 1)) for row, column in path
    ]

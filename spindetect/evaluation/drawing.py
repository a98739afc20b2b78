"""What plots are drawn with: inline SVG with text alternatives, colour-blind safe colours, line styles that print."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spindetect.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito (2008): told apart with any colour vision.
COLOURS = ("#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#8c8c8c")
_STYLES = ("-", "--", "-.", ":")
LEAST_RATE = 1e-3


@dataclass(frozen=True)
class Plot:
    """A picture: SVG markup, its title, and what it shows in words."""

    title: str
    description: str
    svg: str


def require_matplotlib() -> None:
    """
    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("The evaluation page", "report") from error


def rates_axis(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_xlim(LEAST_RATE, 1)
    axes.set_ylim(0, 1.01)
    axes.axvline(0.01, color="#8c8c8c", linewidth=0.8)
    axes.legend(loc="lower right", fontsize=8)


def look(number: int) -> dict[str, Any]:
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": _STYLES[number % len(_STYLES)]}


def empty(panels: int = 1) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(7, 4.2 if panels == 1 else 2.4 * ((panels + 1) // 2)), layout="constrained")


def figure(x: str, y: str) -> tuple[Figure, Axes]:
    drawn = empty()
    axes = drawn.add_subplot()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(alpha=0.25)
    return drawn, axes


def plot(drawn: Figure, title: str, description: str) -> Plot:
    import matplotlib

    buffer = io.StringIO()
    # Ids from a fixed salt and no date: the same figures give the same file. Text stays text, for readers and search.
    with matplotlib.rc_context({"svg.hashsalt": title, "svg.fonttype": "none"}):
        drawn.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = re.sub(r"^.*?(?=<svg)", "", buffer.getvalue(), flags=re.S)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    # Plots share a page: their ids must not meet. The page sets the size.
    own = re.sub(r"\W+", "-", title)
    svg = re.sub(r'(\bid="|xlink:href="#|url\(#)', rf"\g<1>{own}-", svg)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1), count=1)
    return Plot(title, description, svg)

"""`spindetect screen`."""

from __future__ import annotations

import json
from pathlib import Path

from rich.text import Text

from spindetect.article import Article
from spindetect.cli.console import VERDICT_STYLE, answer, plain, write_page
from spindetect.detector import SpinDetector
from spindetect.screening.results import Screening

_STYLE = VERDICT_STYLE | {"not spun": VERDICT_STYLE["independent"]}


def screen_command(file: str, *, as_json: bool, html: Path | None, model: str | None) -> None:
    """Screen one text and say what was found."""
    result = SpinDetector.load(model).screen(Article.from_file(file))
    if html is not None:
        write_page(html, result.to_html())
    if as_json:
        print(json.dumps(result.to_dict(), ensure_ascii=True))
    else:
        _print_screening(result)


def _print_screening(result: Screening) -> None:
    answer.print(Text.assemble("verdict    ", (result.verdict, _STYLE[result.verdict]), f"  {result.reason}"))
    answer.print(f"score      {result.score:.3f}  (probability that a tool reworded this text)", markup=False)
    strongest = result.strongest()
    if strongest:
        answer.print(f"odd words  {', '.join(plain(item.word, 30) for item in strongest)}", markup=False, soft_wrap=True)
    guesses = "; ".join(f"{plain(item.word, 30)}: {', '.join(item.suggestions)}?" for item in strongest if item.suggestions)
    if guesses:
        answer.print(f"guesses    {guesses}  (what a writer would more likely have used)", markup=False, soft_wrap=True)
    for passage in result.passages[:2]:
        start, end = passage.span
        answer.print(f"oddest     {plain(result.text[start:end], 160)}", markup=False, soft_wrap=True)
    ignored = sum(item.words for item in result.ignored)
    if ignored:
        answer.print(f"ignored    {ignored} words of headlines, menus and other page furniture")
    answer.print(
        f"model      {result.model.name} {result.model.version}; a reason to look for an original, no ground for an accusation",
        style="dim",
        soft_wrap=True,
    )

"""`spindetect trace`."""

from __future__ import annotations

import json
from pathlib import Path

from rich.table import Table
from rich.text import Text

from spindetect.archive import Archive
from spindetect.article import Article
from spindetect.cli.console import VERDICT_STYLE, answer, plain, write_page
from spindetect.detector import SpinDetector
from spindetect.trace.results import Trace

_SHOWN_SENTENCES = 3


def trace_command(
    file: str, location: str, *, as_json: bool, html: Path | None, limit: int, before: str | None, after: str | None,
    max_fpr: float | None, model: str | None,
) -> None:  # fmt: skip
    """Trace one suspect and say where it comes from."""
    with Archive.open(location, create=False, model=model) as archive:
        article = Article.from_file(file)
        result = SpinDetector.load(model, max_fpr=max_fpr).trace(article, archive, limit, before=before, after=after)
    if html is not None:
        write_page(html, result.to_html())
    if as_json:
        print(json.dumps(result.to_dict(), ensure_ascii=True))
    else:
        _print_trace(result)


def _print_trace(result: Trace) -> None:
    answer.print(Text.assemble("verdict    ", (result.verdict, VERDICT_STYLE[result.verdict]), f"  {result.reason}"))
    if result.originals:
        answer.print(f"explained  {result.explained:.0%} of the suspect's words come from the articles below")
        table = Table("original", "date", "verdict", "score", "share", "changed", title="best first", title_justify="left")
        for item in result.originals:
            verdict = Text(item.verdict, style=VERDICT_STYLE[item.verdict])
            numbers = (f"{item.score:.3f}", f"{item.share:.0%}", f"{item.comparison.changed:.0%}")
            table.add_row(Text(plain(item.id)), Text(item.date), verdict, *numbers)
        answer.print(table)
        for item in result.originals[:1]:
            _print_sentences(result, item.id)
    elif result.compared:
        answer.print(f"compared   {result.compared} articles of the archive; none is an original of this text")
    answer.print(f"model      {result.model.name} {result.model.version}; a score is evidence, not proof", style="dim")


def _print_sentences(result: Trace, identifier: str) -> None:
    """The most reworded sentences of the best original."""
    found = sorted(result.attributed_to(identifier), key=lambda item: -item.changed)[:_SHOWN_SENTENCES]
    for item in sorted(found, key=lambda item: item.suspect_span):
        answer.print(Text.assemble(("\noriginal  ", "dim"), plain(item.sentence or "", 1_000)))
        answer.print(Text.assemble(("suspect   ", "dim"), plain(item.suspect, 1_000)))

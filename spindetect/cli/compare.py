"""`spindetect compare`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from spindetect.article import Article
from spindetect.cli.console import VERDICT_STYLE, answer, notes, plain, progress_bar, write_page
from spindetect.cli.diff import print_strongest
from spindetect.detector import SpinDetector
from spindetect.errors import InputError, SpindetectError
from spindetect.reading import SUFFIXES
from spindetect.results import Comparison

_READABLE = {*SUFFIXES, ".pdf", ".docx"}


def compare_command(
    suspect: str, original: str, *, as_json: bool, html: Path | None, show: int, max_fpr: float | None, model: str | None
) -> None:
    """Compare a suspect with one original or with every file of a folder."""
    if suspect == original == "-":
        raise InputError("both articles are - (standard input): name a file for one of them")
    article = Article.from_file(suspect)
    folder = Path(original) if original != "-" and Path(original).is_dir() else None
    if folder is None:
        result = SpinDetector.load(model, max_fpr=max_fpr).compare(article, Article.from_file(original))
        _write_page(html, result)
        if as_json:
            _print_json(result.to_dict())
        else:
            _print_comparison(result, show)
        return
    results = _compare_folder(article, folder, SpinDetector.load(model, max_fpr=max_fpr), suspect)
    _write_page(html, results[0][1])
    if as_json:
        _print_json({"comparisons": [{"original_file": name, **result.to_dict()} for name, result in results]})
        return
    _print_ranking(results)
    _print_comparison(results[0][1], show)


def _compare_folder(article: Article, folder: Path, detector: SpinDetector, suspect: str) -> list[tuple[str, Comparison]]:
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in _READABLE)
    if suspect != "-" and any(path.samefile(suspect) for path in paths):
        notes.print("the suspect's own file in the folder is passed over")
        paths = [path for path in paths if not path.samefile(suspect)]
    if not paths:
        raise InputError(f"{folder} holds no article file ({', '.join(sorted(_READABLE - {''}))}): name another folder")
    results = []
    with progress_bar() as bar:
        for path in bar.track(paths, description="comparing"):
            try:
                results.append((path.name, detector.compare(article, Article.from_file(path))))
            except SpindetectError as error:
                notes.print(f"skipped {plain(str(error), 1_000)}", markup=False, soft_wrap=True)
    if not results:
        raise InputError(f"no file of {folder} could be read: see the lines above")
    return sorted(results, key=lambda item: item[1].probabilities["independent"])


def _write_page(path: Path | None, result: Comparison) -> None:
    if path is not None:
        write_page(path, result.to_html())


def _print_json(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=True))


def _print_ranking(results: list[tuple[str, Comparison]]) -> None:
    table = Table("original", "verdict", "score", "coverage", "changed", title="best first", title_justify="left")
    for name, result in results:
        style = VERDICT_STYLE[result.verdict]
        verdict = Text(result.verdict, style=style)
        table.add_row(plain(name), verdict, f"{result.score:.3f}", f"{result.coverage:.0%}", f"{result.changed:.0%}")
    answer.print(table)


def _print_comparison(result: Comparison, show: int) -> None:
    answer.print(Text.assemble("verdict    ", (result.verdict, VERDICT_STYLE[result.verdict]), f"  {result.reason}"))
    others = ", ".join(f"{name} {value:.3f}" for name, value in result.probabilities.items())
    answer.print(f"score      {result.score:.3f}  (probability of a spun copy; {others})", markup=False, soft_wrap=True)
    answer.print(f"coverage   {result.coverage:.0%} of the suspect's words have a source in the original")
    if result.coverage:
        answer.print(f"changed    {result.changed:.0%} of those words were replaced")
    if result.order.kendall_tau is not None:
        answer.print(f"order      Kendall tau {result.order.kendall_tau:+.2f} over {len(result.order.path)} matched sentences")
    ignored = sum(item.words for items in result.ignored.values() for item in items)
    if ignored:
        answer.print(f"ignored    {ignored} words of headlines, menus and other page furniture")
    if result.altered_quotes:
        answer.print(f"quotations {len(result.altered_quotes)} with other words inside the marks", style="bold")
    if show and result.verdict != "independent":
        print_strongest(result, show)
    answer.print(f"model      {result.model.name} {result.model.version}; a score is evidence, not proof", style="dim")

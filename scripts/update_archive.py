"""Write the figures of docs/archive.md from build/benchmark-{archive,trace,retrieval}.json, and keep them in docs/figures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from benchmarks.measuring import targets_table

from spindetect.evaluation.tables import table

ROOT = Path(__file__).resolve().parents[1]
SUITES = ("archive", "trace", "retrieval")
PAGE = ROOT / "docs/archive.md"
_BEGIN, _END = "<!-- figures: python scripts/update_archive.py -->\n", "<!-- end -->"


def figures() -> str:
    """The tables, from what is kept in docs/figures; a suite that was not kept has none."""
    kept = {name: ROOT / f"docs/figures/{name}.json" for name in SUITES}
    results = {name: json.loads(path.read_text("utf-8")) for name, path in kept.items() if path.exists()}
    rows = [row for name in ("archive", "trace") for row in results.get(name, {}).get("targets", [])]
    parts = ["\n".join(targets_table(rows)[:-1])]
    if "archive" in results:
        parts.append(_sizes(results["archive"]))
    if "trace" in results:
        parts.append(_traces(results["trace"]))
    if "retrieval" in results:
        parts += [_granularity(results["retrieval"]), _indexes(results["retrieval"])]
    loads = ", ".join(f"{name} {result['load_average']}" for name, result in results.items())
    if loads:
        parts.append(
            f"Load average at the end of the runs, on two cores: {loads}. Over 2 other work took part of the cores, and the "
            "times are too long by about as much. `make benchmark` measures archives and traces again, "
            "`scripts/benchmark.py retrieval` the rest."
        )
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(head: list[str], rows: list[list[Any]]) -> str:
    return "\n".join(table(head, rows)[:-1])


def _sizes(result: dict[str, Any]) -> str:
    rows = []
    for size in result["sizes"]:
        lsh = size["minhash_lsh"]
        rows.append(
            [f"{size['articles']:,}", f"{size['passages']:,}", size["articles_per_second"],
             round(size["articles"] / size["cpu_seconds"], 1), size["resident_mb_at_most_after_that"], size["disk_mb"],
             size["index"].split(":")[0], size["search"]["median_ms"], size["search_cpu_ms"], size["recall_at_1"],
             size["recall_at_12"], _rival(lsh)]
        )  # fmt: skip
    head = ["articles", "passages", "added a second", "a second of processor time", "resident MB", "disk MB", "index",
            "search, ms", "its processor time, ms", "original first", "in 12",
            "MinHash LSH of datasketch: added a second; search; original first"]  # fmt: skip
    return "Archives by size; search before any comparison:\n\n" + _table(head, rows)


def _rival(lsh: dict[str, Any]) -> str:
    return f"{lsh['articles_per_second']}; {lsh['search']['median_ms']} ms; {lsh['recall_at_1']}"


def _traces(result: dict[str, Any]) -> str:
    mixed, single, without = result["mosaics"], result["rewritten"], result["without_original"]
    kinds = [[kind, share] for kind, share in mixed["by_kind"].items()]
    attribution = mixed["attribution"]
    missed = ", ".join(f"{kind} {count}" for kind, count in single["missed"].items()) or "none"
    verdicts = ", ".join(f"{name} {count}" for name, count in without["verdicts"].items())
    return (
        f"Traces in {result['articles']:,} articles. Rewrites whose original was not named first: {missed}. Mosaics with all "
        f"originals among the first five:\n\n{_table(['mosaics', 'all originals named'], kinds)}\n\nAttribution of "
        f"{attribution['sentences']:,} sentences: precision {attribution['precision']}, recall {attribution['recall']}. Verdicts "
        f"where the original was removed: {verdicts}; stories concerned by spun or reprint: "
        f"{', '.join(without['stories_concerned']) or 'none'}."
    )


def _granularity(result: dict[str, Any]) -> str:
    rows = [
        [row["sentences_a_row"], "by rarity" if row["weighted"] else "none", row["sentences_a_query"], row["rows_an_article"],
         row["rewrites_in_12"], row["mosaics_in_12"]]
        for row in result["granularity"]
    ]  # fmt: skip
    head = [
        "sentences a row",
        "weights",
        "sentences a query",
        "rows an article",
        "original in 12",
        "mosaics: all originals in 12",
    ]
    return f"What a row should be; {result['articles']:,} articles, every row looked at:\n\n{_table(head, rows)}"


def _indexes(result: dict[str, Any]) -> str:
    rows = [
        [row["index"], row["build_s"], row["probes"] or "all", row["refine"] or "none", row["search_ms"], row["recall_at_20"],
         row["rewrites_in_12"], row["mosaics_in_12"]]
        for row in result["indexes"]
    ]  # fmt: skip
    head = [
        "index",
        "built in s",
        "cells looked at",
        "refined from so many times the rows",
        "search of one suspect, ms",
        "of the 20 nearest passages found",
        "original in 12",
        "mosaics: all originals in 12",
    ]
    return f"Which index; {result['indexed_articles']:,} articles:\n\n{_table(head, rows)}"


def main() -> None:
    """Keep the results that are there and write the page."""
    for name in SUITES:
        made = ROOT / f"build/benchmark-{name}.json"
        if made.exists():
            shutil.copy(made, ROOT / f"docs/figures/{name}.json")
    text = PAGE.read_text("utf-8")
    start, end = text.index(_BEGIN) + len(_BEGIN), text.index(_END)
    PAGE.write_text(text[:start] + figures() + text[end:], "utf-8")


if __name__ == "__main__":
    main()

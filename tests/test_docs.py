"""README: its figures are those of the committed results. That its examples run: test_docs_code.py."""

from __future__ import annotations

import json
import re
import sys

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_the_figures_are_those_of_the_results():
    sys.path.insert(0, str(ROOT / "scripts"))
    from update_figures import cost_figures, evasion_figures, figures, scale_figures, screeners_figures

    assert figures() in README
    assert evasion_figures() in README
    assert scale_figures() in (ROOT / "docs/scale.md").read_text("utf-8")
    assert screeners_figures() in (ROOT / "docs/experiments.md").read_text("utf-8")
    assert cost_figures() in (ROOT / "docs/limits.md").read_text("utf-8")


def test_the_figures_of_the_archive_are_those_of_the_results():
    sys.path.insert(0, str(ROOT / "scripts"))
    from update_archive import figures

    assert figures() in (ROOT / "docs/archive.md").read_text("utf-8")


def test_the_model_card_is_that_of_the_metrics():
    from spindetect.training.card import model_card

    metrics = json.loads((ROOT / "models/default/metrics.json").read_text())
    assert (ROOT / "models/default/README.md").read_text() == model_card(metrics, None)


def test_readme_card_and_results_agree_on_the_targets():
    from spindetect.evaluation.targets import measured_targets, target_table

    results = json.loads((ROOT / "docs/figures/evaluation.json").read_text())
    targets = json.loads((ROOT / "models/default/metrics.json").read_text())["targets"]
    assert targets == results["targets"] == measured_targets(results)
    table = "\n".join(target_table(targets)).strip()
    assert table in README
    assert table in (ROOT / "models/default/README.md").read_text()


def test_readme_card_and_results_agree_on_the_screening():
    from spindetect.training.screening.card import screening_card, screening_table

    rows = json.loads((ROOT / "docs/figures/screening.json").read_text())["rows"]
    metrics = json.loads((ROOT / "models/default/screen/metrics.json").read_text())
    assert metrics["targets"] == rows
    assert "\n".join(screening_table(rows)) in README
    assert (ROOT / "models/default/screen/README.md").read_text() == screening_card(metrics)


def test_the_reference_names_every_command_option_and_field(run):
    sys.path.insert(0, str(ROOT / "scripts"))
    from docs_pages import command_line, json_reference

    commands = command_line()
    for path in (["compare"], ["serve"], ["batch", "trace"], ["archive", "add"]):
        section = commands.split(f"## spindetect {' '.join(path)}\n")[1].split("\n## ")[0]
        shown = set(re.findall(r"--[a-z-]+", run(*path, "--help")[1])) - {"--help"}
        assert shown and shown <= set(re.findall(r"--[a-z-]+", section))
    fields = json.loads((ROOT / "docs/comparison.schema.json").read_text("utf-8"))["properties"]
    assert all(f"| `{name}` |" in json_reference() for name in fields)


def test_the_limits_are_those_of_the_code():
    from spindetect.article import MAX_SENTENCES
    from spindetect.batch.rows import MAX_ROW
    from spindetect.candidates import MOST_CELLS
    from spindetect.documents import MAX_PAGES
    from spindetect.markup import MAX_HTML
    from spindetect.reading import MAX_BYTES
    from spindetect.screening.screener import MOST_WORDS

    limits = (ROOT / "docs/limits.md").read_text("utf-8")
    for limit in (MAX_BYTES, MAX_SENTENCES, MAX_HTML, MAX_PAGES, MAX_ROW, MOST_WORDS, MOST_CELLS):
        assert f"{limit:,}" in limits

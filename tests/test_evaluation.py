"""Measures, and `spindetect evaluate`."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from spindetect import SpinDetector
from spindetect.bundle import default_folder
from spindetect.calibration import fitted_line, moved
from spindetect.evaluation.extracts import LONGEST, SHORTEST, short_cuts
from spindetect.evaluation.metrics import calibration_error, difference, ranking, true_positive_rate, wilson_interval
from spindetect.evaluation.report import without_nan
from spindetect.evaluation.run import evaluate
from spindetect.evaluation.targets import TARGETS, measured_targets, target_table
from spindetect.training.corpus import LabelledPair


def test_true_positive_rate_allows_no_more_false_positives_than_asked():
    negatives, positives = np.linspace(0, 1, 200), np.array([0.2, 0.985, 0.99, 0.999])
    scores = np.concatenate([negatives, positives])
    positive = np.arange(len(scores)) >= 200
    assert true_positive_rate(scores, positive, 0.01) == pytest.approx(0.5)
    assert true_positive_rate(scores, positive, 0.0) == 0
    assert true_positive_rate(scores, positive, 1.0) == 1


def test_ranking_of_a_perfect_score():
    scores = np.concatenate([np.linspace(0, 0.4, 50), np.linspace(0.6, 1, 50)])
    figures = ranking(scores, scores > 0.5, [str(number % 10) for number in range(100)])
    assert figures["roc_auc"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert figures["tpr_at_1_percent"]["value"] == 1.0


def test_calibration_error_and_wilson():
    rng = np.random.default_rng(0)
    scores = rng.random(20_000)
    assert calibration_error(scores, rng.random(20_000) < scores) < 0.02
    assert calibration_error(scores, np.zeros(20_000, bool)) == pytest.approx(0.5, abs=0.01)
    none = wilson_interval(0, 354)
    assert none["value"] == 0 and none["high"] == pytest.approx(0.0107, abs=2e-4)


def test_a_better_score_has_a_gain_and_the_same_score_none():
    rng = np.random.default_rng(0)
    positive = np.arange(400) < 200
    good, poor = positive + rng.normal(0, 0.3, 400), positive + rng.normal(0, 2, 400)
    groups = [str(number % 40) for number in range(400)]
    gain = difference(good, poor, positive, groups)["roc_auc"]
    assert gain["low"] > 0.1
    assert difference(good, good, positive, groups)["roc_auc"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_a_line_mends_scores_that_are_too_sure_and_few_pairs_hardly_move_it():
    rng = np.random.default_rng(1)
    truth = rng.random(4_000)
    target = rng.random(4_000) < truth
    too_sure = moved(truth, (3.0, 1.0))
    mended = moved(too_sure, fitted_line(too_sure, target))
    assert calibration_error(mended, target) < 0.04 < calibration_error(too_sure, target)
    assert (np.diff(mended[np.argsort(too_sure)]) >= 0).all()
    slope, intercept = fitted_line(np.array([0.9, 0.1]), np.array([True, False]))
    assert 0.7 < slope < 1.5 and abs(intercept) < 0.3


def test_figures_that_were_not_measured_are_null_in_json():
    assert json.loads(json.dumps(without_nan({"a": [float("nan"), 1.0]}), allow_nan=False)) == {"a": [None, 1.0]}


def test_targets_are_measured_or_said_not_to_be():
    rows = measured_targets({"pooled": {"calibration_error": 0.05}, "sources": {}})
    assert len(rows) == len(TARGETS)
    measured = [row for row in rows if row["met"] is not None]
    assert [(row["set"], row["met"]) for row in measured] == [("pooled", False)]
    assert "not run" in "\n".join(target_table(rows)) and "**no**" in "\n".join(target_table(rows))


def test_short_cuts_are_short_and_keep_the_label(stories):
    pairs = [
        LabelledPair(f"{story.id} {label}", text, story.original, label, story.id, "x")
        for story in stories[:8]
        for label, text in (("spun", story.rewrites[0].text), ("independent", story.independent))
    ]
    cuts = list(short_cuts(pairs))
    assert len(cuts) >= len(pairs) // 2
    whole = {f"{pair.id} cut": pair for pair in pairs}
    for cut in cuts:
        assert cut.label == whole[cut.id].label
        assert all(SHORTEST <= len(text.split()) <= LONGEST for text in (cut.suspect, cut.original))
        assert cut.suspect.split()[0] in whole[cut.id].suspect and cut.original.split()[0] in whole[cut.id].original


def rows_of(stories):
    for story in stories:
        for label, text in (("spun", story.rewrites[0].text), ("reprint", story.reprint), ("independent", story.independent)):
            yield {"id": f"{story.id} {label}", "suspect": text, "original": story.original, "label": label, "group": story.id}


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def labelled(tmp_path, stories):
    return write(tmp_path / "pairs.jsonl", rows_of(stories[:32]))


def test_evaluate_writes_a_report(run, labelled, tmp_path, stories):
    report = tmp_path / "report"
    code, out, err = run("evaluate", str(labelled), "--report", str(report), "--against", str(default_folder()), "--json")
    assert code == 0, err
    results = json.loads(out)
    source = results["sources"]["pairs"]
    assert source["n"] == 3 * 32
    assert source["measures"]["spindetect"]["roc_auc"]["value"] > 0.95
    assert source["against"]["gain"]["roc_auc"]["value"] == 0 and source["against"]["verdicts_that_differ"] == 0
    assert sum(sum(counts.values()) for counts in results["pooled"]["verdicts"].values()) == source["n"]
    rates = [row["false_positives"]["value"] for row in results["pooled"]["thresholds"][:-1]]
    assert rates == sorted(rates)
    markdown, data, page = ((report / f"evaluation.{kind}").read_text() for kind in ("md", "json", "html"))
    assert json.loads(data) == results
    assert "called spun or reprint" in markdown and "token_set_ratio" in markdown
    assert not any(story.original[:40] in markdown + data for story in stories)
    assert page.count("<svg") == page.count('role="img"') >= 5
    assert "Reliability" in page and "Worst misses" in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert not re.search(r'(?:src|href)="(?!#)', page.replace('xlink:href="#', ""))


def test_hostile_pairs_stay_text_in_the_report(run, tmp_path, stories):
    hostile = "<script>alert(1)</script> ![x](http://example.org/a.png) | "
    rows = [row | {"id": hostile + row["id"], "suspect": hostile + row["suspect"]} for row in rows_of(stories[:2])]
    path = write(tmp_path / "<b>pairs.jsonl", rows)
    code, _, err = run("evaluate", str(path), "--report", str(tmp_path / "report"))
    assert code == 0, err
    page = (tmp_path / "report/evaluation.html").read_text()
    assert "<script" not in page and "<img" not in page and "<b>pairs" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_evaluate_prints_tables(run, tmp_path, stories):
    code, out, _ = run("evaluate", str(write(tmp_path / "few.jsonl", list(rows_of(stories[:3]))[::3])))
    assert code == 0 and "| spun | 3 | 0 | 0 | 0 |" in out


def test_calibrate_moves_probabilities_and_threshold_but_not_the_order(run, tmp_path, labelled, detector, stories):
    out = tmp_path / "calibrated"
    code, answer, err = run("calibrate", str(labelled), "--out", str(out), "--json")
    assert code == 0, err
    facts = json.loads(answer)
    assert facts["pairs"] == 96 and facts["groups"] == 32
    calibrated = SpinDetector.load(out)
    pairs = [(story.rewrites[-1].text, story.original) for story in stories[32:50]]
    before, after = (1 - model.predict_proba(pairs)[:, 0] for model in (detector, calibrated))
    assert not np.allclose(before, after, atol=1e-3)
    assert (np.diff(after[np.argsort(before)]) >= 0).all()
    assert calibrated.compare(stories[40].original, stories[40].original).verdict == "reprint"
    assert [rate for rate, _ in calibrated.thresholds.table] == [0.1]
    assert "Calibrated" in (out / "README.md").read_text()
    twice = tmp_path / "twice"
    assert run("calibrate", str(labelled), "--out", str(twice), "--model", str(out))[0] == 0
    assert np.allclose(SpinDetector.load(twice).predict_proba(pairs), calibrated.predict_proba(pairs), atol=1e-4)


def test_calibrate_says_how_many_pairs_it_needs(run, tmp_path, stories):
    few = write(tmp_path / "few.jsonl", rows_of(stories[:4]))
    code, _, err = run("calibrate", str(few), "--out", str(tmp_path / "model"))
    assert code == 2 and "4 independent and 8 derived" in err and "needs 30 and 10" in err
    assert not (tmp_path / "model").exists()


def test_evaluate_says_what_is_wrong_with_its_input(run, tmp_path):
    assert run("evaluate", str(tmp_path / "absent.jsonl"))[0] == 2
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert run("evaluate", str(empty))[0] == 2
    empty.write_text("{}\n")
    code, _, err = run("evaluate", str(empty))
    assert code == 2 and "line 1" in err


def test_odd_files_of_pairs_are_read_or_told(run, tmp_path, stories):
    rows = [row | {"group": None, "source": None} for row in rows_of(stories[:2])]
    path = tmp_path / "latin.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_bytes(
        b"\xef\xbb\xbf" + "\n".join([lines[0].replace(" the ", " th\u00e9 ", 1), *lines[1:]]).encode("latin-1", "replace")
    )
    code, out, _ = run("evaluate", str(path), "--json")
    assert code == 0 and json.loads(out)["sources"]["latin"]["groups"] == len(rows)
    deep = tmp_path / "deep.jsonl"
    deep.write_text("[" * 100_000)
    code, _, err = run("evaluate", str(deep))
    assert code == 2 and "line 1" in err and len(err.splitlines()) == 1


def test_sources_made_of_others_stay_out_of_the_sums(detector, stories):
    pairs = [
        LabelledPair(f"{story.id} {label}", text, story.original, label, story.id, "x")
        for story in stories[:4]
        for label, text in (("spun", story.rewrites[0].text), ("independent", story.independent))
    ]
    done = evaluate({"all": pairs, "again": pairs}, detector, facts={}, apart=frozenset(["again"]))
    assert done.results["pooled"]["n"] == len(pairs)
    assert len(done.false_alarms) == len(done.misses) == 4

"""Measures, and `spindetect evaluate`."""

from __future__ import annotations

import json

import numpy as np
import pytest

from spindetect.evaluation.metrics import calibration_error, ranking, true_positive_rate, wilson_interval


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


@pytest.fixture
def labelled(tmp_path, stories):
    path = tmp_path / "pairs.jsonl"
    with path.open("w") as stream:
        for story in stories:
            for label, text in (("spun", story.rewrites[0].text), ("reprint", story.reprint), ("independent", story.independent)):
                row = {
                    "id": f"{story.id} {label}",
                    "suspect": text,
                    "original": story.original,
                    "label": label,
                    "group": story.id,
                }
                stream.write(json.dumps(row) + "\n")
    return path


def test_evaluate_prints_and_writes_a_report(run, labelled, tmp_path, stories):
    code, out, _ = run("evaluate", str(labelled))
    assert code == 0
    assert "token_set_ratio" in out
    _, out, _ = run("evaluate", str(labelled), "--report", str(tmp_path / "report"), "--json")
    source = json.loads(out)["sources"]["pairs"]
    assert source["n"] == 3 * len(stories)
    assert source["measures"]["spindetect"]["roc_auc"]["value"] > 0.95
    text = (tmp_path / "report" / "evaluation.md").read_text()
    assert "called spun or reprint" in text
    assert stories[0].original[:40] not in text + (tmp_path / "report" / "evaluation.json").read_text()
    assert json.loads((tmp_path / "report" / "evaluation.json").read_text())["sources"]["pairs"] == source


def test_evaluate_says_what_is_wrong_with_its_input(run, tmp_path):
    assert run("evaluate", str(tmp_path / "absent.jsonl"))[0] == 2
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert run("evaluate", str(empty))[0] == 2
    empty.write_text("{}\n")
    code, _, err = run("evaluate", str(empty))
    assert code == 2 and "line 1" in err

"""Forests asked without joblib say the same."""

from __future__ import annotations

import numpy as np

from spindetect.bundle import load_bundle
from spindetect.features import ARTICLE_FEATURES
from spindetect.forests import prompt


def test_a_prompt_classifier_gives_the_same_answers_and_leaves_the_given_one_alone():
    head = load_bundle().heads.derived
    quick = prompt(head)
    rows = np.random.default_rng(0).random((50, len(ARTICLE_FEATURES))).astype(np.float32)
    assert quick is not head
    assert not {id(part.estimator) for part in quick.calibrated_classifiers_} & {
        id(part.estimator) for part in head.calibrated_classifiers_
    }
    for part in (rows, rows[:1]):
        assert np.array_equal(quick.predict_proba(part), head.predict_proba(part))


def test_other_classifiers_pass_as_they_are():
    wording = load_bundle().heads.wording
    assert prompt(wording) is wording

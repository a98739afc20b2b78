"""SpinClassifier keeps scikit-learn's habits, and learns labels of pairs."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks
from sklearn.utils.validation import validate_data

from spindetect import BundleError, SpinClassifier
from tests.conftest import ROOT


class OnNumbers(SpinClassifier):
    """SpinClassifier with rows of numbers in the place of the features of texts: scikit-learn's checks have no texts to give."""

    def _features(self, X, reset=False):  # noqa: N803
        return validate_data(self, X, reset=reset, dtype=np.float64)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string = True, False
        return tags


@parametrize_with_checks([OnNumbers()])
def test_scikit_learn_s_checks_on_numbers(estimator, check):
    check(estimator)


FED_NUMBERS = {
    "check_dont_overwrite_parameters",
    "check_estimators_fit_returns_self",
    "check_estimators_overwrite_params",
    "check_fit_score_takes_y",
    "check_n_features_in_after_fitting",
    "check_positive_only_tag_during_fit",
    "check_readonly_memmap_input",
}
"""Checks that feed numbers in the place of texts: they are refused by name, and pass on ``OnNumbers``."""


class OnTexts(SpinClassifier):
    """SpinClassifier as it is, but for the tag by which scikit-learn would pass over it altogether."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags


def test_scikit_learn_s_checks_of_the_interface_on_texts():
    failed = {}
    for estimator, check in estimator_checks_generator(OnTexts(), legacy=False):
        try:
            check(estimator)
        except Exception as error:
            failed[check.func.__name__] = f"{error} {error.__cause__}"
    assert failed.keys() <= FED_NUMBERS, failed
    assert all("give a text" in message or "(suspect, original)" in message for message in failed.values()), failed


@pytest.fixture(scope="module")
def labelled(stories):
    """Pairs of stories that the shipped model has not seen: 30 stories, a pair of each label."""
    pairs, labels = [], []
    for story in stories[:30]:
        for text, label in ((story.independent, "independent"), (story.reprint, "reprint"), (story.rewrites[0].text, "spun")):
            pairs.append((text, story.original))
            labels.append(label)
    return pairs, np.array(labels)


def test_it_learns_labels_of_pairs(labelled):
    pairs, labels = labelled
    model = SpinClassifier().fit(pairs[:45], labels[:45])
    assert list(model.classes_) == ["independent", "reprint", "spun"] and model.n_features_in_ == 2
    probabilities = model.predict_proba(pairs[45:])
    assert probabilities.shape == (45, 3) and np.allclose(probabilities.sum(axis=1), 1)
    assert (model.predict(pairs[45:]) == labels[45:]).mean() > 0.9
    assert (model.predict(np.array(pairs[45:], dtype=object)) == model.predict(pairs[45:])).all()


def test_other_labels_than_ours(labelled):
    pairs, labels = labelled
    derived = labels != "independent"
    model = SpinClassifier().fit(pairs, derived)
    assert model.classes_.dtype == bool and model.score(pairs, derived) > 0.95


def test_cross_validation_and_grid_search(labelled):
    pairs, labels = labelled
    assert cross_val_score(SpinClassifier(), pairs, labels, cv=3).mean() > 0.9
    search = GridSearchCV(make_pipeline(SpinClassifier()), {"spinclassifier__C": [1e-6, 1.0]}, cv=3, scoring="neg_log_loss")
    search.fit(pairs, labels)
    assert search.best_params_ == {"spinclassifier__C": 1.0}


def test_features_are_computed_once(labelled, monkeypatch):
    from spindetect import SpinDetector

    pairs, labels = labelled
    first = SpinClassifier().fit(pairs, labels).predict_proba(pairs)
    monkeypatch.setattr(SpinDetector, "features", lambda *_: pytest.fail("computed again"))
    assert (SpinClassifier().fit(pairs, labels).predict_proba(pairs) == first).all()


def test_clones_parameters_and_pickles(labelled):
    pairs, labels = labelled
    model = SpinClassifier(C=0.5, max_fpr=0.2, model=str(ROOT / "models/default"))
    assert clone(model).get_params() == model.get_params() == {
        "C": 0.5, "max_iter": 100, "class_weight": None, "max_fpr": 0.2, "negative": "independent",
        "model": str(ROOT / "models/default"),
    }  # fmt: skip
    assert model.set_params(C=2).C == 2
    model.fit(pairs, labels)
    assert (pickle.loads(pickle.dumps(model)).predict(pairs) == model.predict(pairs)).all()


def test_a_false_positive_rate_can_be_asked_for(labelled):
    pairs, labels = labelled
    # The spun and reprinted pairs are as many: half of the labels are at random, so that there is something to confuse.
    muddled = np.where(np.random.default_rng(0).random(len(labels)) < 0.5, "independent", labels)
    strict = SpinClassifier(max_fpr=0.1).fit(pairs, muddled)
    lenient = SpinClassifier(max_fpr=0.5).fit(pairs, muddled)
    assert strict.threshold_ > lenient.threshold_
    accused = [(model.predict(pairs)[muddled == "independent"] != "independent").mean() for model in (strict, lenient)]
    assert accused[0] <= 0.2 < accused[1]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"max_fpr": 0.01}, "give 300"),
        ({"max_fpr": 2}, "outside 0 to 1"),
        ({"max_fpr": 0.2, "negative": "clean"}, "name the label"),
    ],
)
def test_rates_that_cannot_be_shown_are_refused(labelled, parameters, message):
    with pytest.raises(ValueError, match=message):
        SpinClassifier(**parameters).fit(*labelled)


def test_files_weights_and_odd_texts(labelled):
    pairs, _ = labelled
    examples = ROOT / "data/examples"
    files = [(examples / f"{name}.txt", examples / "original.txt") for name in ("independent", "reprint", "spun")]
    model = SpinClassifier().fit(files, ["independent", "reprint", "spun"], sample_weight=[1, 2, 1])
    assert model.predict_proba([("", pairs[0][1]), (Path(examples / "spun.txt"), "one word")]).shape == (2, 3)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (["one text", "another"], r"shape \(2,\)"),
        ([("a", "b", "c")], r"shape \(1, 3\)"),
        ([], "shape"),
        ([("a", "b"), ("a", None)], "pair 1 holds a NoneType in the place of the original"),
        ([("a", float("nan"))], "holds a float"),
    ],
)
def test_what_is_no_pair_is_refused_by_name(pairs, message):
    with pytest.raises(ValueError, match=message):
        SpinClassifier().fit(pairs, ["x"] * len(pairs))


def test_labels_are_checked(labelled):
    pairs, labels = labelled
    with pytest.raises(ValueError, match="one label a pair"):
        SpinClassifier().fit(pairs, labels[:-1])
    with pytest.raises(ValueError, match="two labels or more"):
        SpinClassifier().fit(pairs[:3], ["spun"] * 3)
    with pytest.raises(BundleError, match="no model bundle"):
        SpinClassifier(model="absent").fit(pairs, labels)

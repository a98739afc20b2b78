"""The evaluation of the screening: its figures, its page."""

from __future__ import annotations

import json

import numpy as np
import pytest

from spindetect.evaluation.screening import Judge, auc, count_spun, cut, row
from spindetect.evaluation.screening_page import screening_evaluation_page, screening_markdown
from spindetect.evaluation.screening_results import Accused, ByLength, Ranked, Register, ScreenEvaluation
from spindetect.screening.minilm import word_states
from spindetect.training.screening.documents import HUMAN, HumanText, documents, story_texts


@pytest.fixture(scope="module")
def judged(detector, stories):
    detector.screen("A warm start of the model.")
    judge = Judge(detector._screener._words, word_states())
    found = list(documents(story_texts(stories[:12], ["original"]), ("phrases",), 1, 3))
    model = detector._screener.model
    return [judge.judge([item for item in found if (item.family == HUMAN) is human], model) for human in (False, True)]


@pytest.fixture(scope="module")
def found(detector, judged, stories):
    spun, human = judged
    hostile = '<script>alert("x")</script> & <b>bold</b> said the mayor to the council on Monday. ' * 8
    return ScreenEvaluation(
        facts={"model": "screen 1", "seed": 7},
        rows=[
            row("`thesaurus`", "ROC AUC", len(spun.documents), auc(spun, human), 0.99),
            row("absent", "ROC AUC", None, None, 0.9),
        ],
        families=[Ranked("thesaurus", spun.scores, human.scores), Ranked("senses", spun.scores, human.scores)],
        registers=[
            Register("stories", len(human.documents), count_spun(human, detector._screener.model)),
            Register("none", 3, 0),
        ],
        lengths=[ByLength("thesaurus", words, auc(spun, human)) for words in (50, 100)],
        worst=[
            Accused(stories[0].id, "stories", detector.screen(stories[0].original)),
            Accused("hostile", "web", detector.screen(hostile)),
        ],
    )


def test_the_page_shows_plots_tables_and_marked_texts_without_a_network(found, stories):
    page = screening_evaluation_page(found)
    assert page.count("<svg") == 4 and page.count('role="img"') == 4 and page.count("<figcaption>") == 4
    assert "false-positive rate (log)" in page and "ROC AUC by length" in page and "Wilson" in page
    assert "<mark class=" in page and stories[0].id in page
    assert "<script" not in page and "<b>bold" not in page and "http://" not in page.replace("http://www.w3.org", "")
    assert "not run" in page


def test_the_json_and_markdown_hold_no_text_of_the_sources(found, stories):
    data, text = json.dumps(found.to_dict()), screening_markdown(found)
    sentence = " ".join(stories[0].original.split()[:6])
    assert sentence not in data and sentence not in text
    assert json.loads(data)["worst"][0]["id"] == stories[0].id
    assert json.loads(data)["registers"][1]["high"] > 0.5, "none of three says little"


def test_human_openings_are_cut_to_length_and_counted_at_their_threshold(detector, judged):
    _, human = judged
    short = cut(human.documents, 50)
    assert short and all(40 <= len(item.article.words) <= 70 for item in short)
    model = detector._screener.model
    scores = np.array([(model.spun_from + model.short_spun_from) / 2] * len(short))
    part = type(human)(short, [np.zeros(1)] * len(short), scores)
    expected = 0 if model.short_spun_from > model.spun_from else len(short)
    assert count_spun(part, model) == expected


def test_documents_of_no_spinner_are_human():
    texts = [HumanText("a", "news", "The council met on Monday and agreed to repair the bridge before the winter. " * 8)]
    assert [item.family for item in documents(texts, (), 0, 0)] == [HUMAN]

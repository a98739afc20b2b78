"""Screening: texts without an original."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pytest

from spindetect import Article, BundleError
from spindetect.bundle import default_folder
from spindetect.encoder import StaticEncoder
from spindetect.evaluation.suggestions import suggested_words
from spindetect.screening.minilm import WIDTH, WordStates, word_states
from spindetect.screening.model import load_screen_model
from spindetect.screening.screener import MOST_WORDS, Screener
from spindetect.training.cuts import window_of
from spindetect.training.screening.documents import HUMAN, HumanText, documents, story_texts, windows
from spindetect.training.screening.pipeline import prepare_documents, train_screening
from tests.conftest import ROOT

SPUN = ROOT / "data/examples/spun.txt"


def test_a_spun_text_scores_higher_than_its_human_original(detector, stories):
    higher = 0
    chosen = [story for story in stories if any(item.kind == "thesaurus" for item in story.rewrites)][:12]
    for story in chosen:
        spun = next(item.text for item in story.rewrites if item.kind == "thesaurus")
        higher += detector.screen(spun).score > detector.screen(story.original).score + 0.2
    assert higher >= 0.9 * len(chosen)


def test_human_texts_are_hardly_ever_called_spun(detector, stories):
    verdicts = [detector.screen(story.independent).verdict for story in stories[:40]]
    assert verdicts.count("spun") <= 1
    assert verdicts.count("not spun") >= 30


def test_replaced_words_are_more_suspicious_than_others(detector, story):
    text = HumanText(story.id, "story", story.original)
    spun = [item for item in documents([text], ("neighbours",), 1, 5) if item.family != HUMAN][0]
    found = detector.screen(spun.article.text)
    suspicion = np.array([word.suspicion for word in found.words])
    assert suspicion[spun.replaced].mean() > 3 * suspicion[~spun.replaced].mean()
    assert [found.text[slice(*word.span)] for word in found.words] == [word.word for word in found.words]


def test_suggestions_bring_back_words_that_a_spinner_replaced(detector, stories):
    detector.screen(stories[0].original)
    words = [
        item for family in ("neighbours", "phrases")
        for item in suggested_words(story_texts(stories[:5], ["original"]), family, detector._screener)
    ]  # fmt: skip
    assert len(words) > 30
    found, nearest = (sum(getattr(item, name) for item in words) for name in ("found", "found_by_nearness"))
    assert found > 0.4 * len(words) and found > nearest
    assert all(len(item.suggestions) <= 3 for item in words)


def test_suggestions_are_commoner_words_in_the_same_form_and_no_names(detector, story):
    text = f"{story.original} The council then obtained nineteen automobiles and terminated the agreement in Venus Street."
    found = detector.screen(text)
    suggested = {item.word: item.suggestions for item in found.words if item.suggestions}
    assert suggested, "no suggestion at all"
    assert not any(item.suggestions for item in detector.screen(text, suggest=False).words)
    assert "nineteen" not in suggested and "Venus" not in suggested
    rarity = detector._screener._words.rarity
    for word, guesses in suggested.items():
        assert all(rarity([guess])[0] < rarity([word.casefold()])[0] for guess in guesses)
    explained = " ".join(found.explain())
    first = next(item for item in found.strongest() if item.suggestions)
    assert f'"{first.suggestions[0]}"' in explained and "guesses" in explained
    assert f"<td>{', '.join(first.suggestions)}</td>" in found.to_html()


@pytest.mark.parametrize(
    ("word", "offered", "never"),
    [("automobiles", "cars", "car"), ("terminated", "ended", "end"), ("verity", "truth", "truths")],
)
def test_candidates_keep_the_inflection(detector, word, offered, never):
    candidates = [item.word for item in detector._screener.suggester._candidates.of(word)]
    assert offered in candidates and never not in candidates and word not in candidates


def test_the_words_of_a_text_do_not_depend_on_its_company(story):
    article = Article.from_text(story.original)
    once, again = word_states().of(article), word_states().of(article)
    assert once.shape == (len(article.words), WIDTH)
    assert np.array_equal(once, again)


def test_tuned_weights_take_the_place_of_the_packages(story):
    article = Article.from_text(story.original)
    own = {"encoder.layer.3.output.LayerNorm.bias": np.ones(WIDTH // 2, dtype=np.float32)}
    changed = np.abs(WordStates(tuned=own).of(article) - word_states().of(article)).max(axis=0) > 0.1
    assert not changed[: WIDTH // 2].any() and changed[WIDTH // 2 :].all()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no article text"),
        ("A short note about nothing in particular, which ends here.", "at least 40"),
        ("Der Gemeinderat hat am Montag beschlossen, die alte Brücke zu sperren, weil Risse gefunden wurden. " * 12, "English"),
    ],
)
def test_what_cannot_be_judged_is_inconclusive(detector, text, reason):
    found = detector.screen(text)
    assert found.verdict == "inconclusive" and reason in found.reason
    assert found.explain()


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "水" * 300_000,
        "x" * 5_000 + " " + "the cat sat on the mat. " * 60 + "\u202e\ud800 ´´ 🙂 " * 30,
        "12,345.67 " * 20_000,
        "e\u0301\u0302" * 50_000,
        "🙂👨‍👩‍👧 " * 5_000,
        "The council\ud800 said \udfff that the road would be shut on Monday. " * 40,
        "a.b" * 100_000,
    ],
    ids=["one giant word", "no spaces", "mixed", "numbers", "accents", "emoji", "lone surrogates", "dots"],
)
def test_hostile_text_is_never_accused_and_takes_no_long_time(detector, text):
    detector.screen("A warm start of the model.")
    started = time.monotonic()
    found = detector.screen(text)
    assert found.verdict != "spun" and 0 <= found.score <= 1
    assert found.to_html().encode("utf-8") and json.dumps(found.to_dict()) and found.explain()
    assert time.monotonic() - started < 60


def test_a_very_long_text_is_read_to_the_limit_and_says_so(detector, stories):
    found = detector.screen("\n\n".join(text for story in stories for text in (story.original, story.independent)))
    assert len(found.words) == MOST_WORDS
    assert found.ignored[-1].kind == "beyond the length limit" and found.ignored[-1].words > 1_000
    assert found.verdict == "not spun"
    assert max(end for _, end in (item.span for item in found.passages)) <= len(found.text)


def test_a_short_text_needs_a_higher_score(detector, stories):
    model = detector._screener.model
    assert model.spun_from_at(99) == model.short_spun_from >= model.spun_from == model.spun_from_at(100)
    shorts = [Article.from_text(window_of(Article.from_text(story.independent), 0, 42)) for story in stories]
    verdicts = [detector.screen(article, suggest=False).verdict for article in shorts if 40 <= len(article.words) < 100]
    assert len(verdicts) > 20 and verdicts.count("spun") <= 1 and verdicts.count("not spun") > len(verdicts) / 2


def test_the_command_line_screens(run, tmp_path):
    page = tmp_path / "page.html"
    code, out, err = run("screen", str(SPUN), "--html", str(page))
    assert code == 0, err
    assert "verdict" in out and "odd words" in out
    assert "<mark" in page.read_text() and "<script" not in page.read_text()
    code, out, _ = run("screen", str(SPUN), "--json")
    data = json.loads(out)
    assert set(data) == {"verdict", "score", "words", "passages", "text", "ignored", "model", "reason"}
    assert data["words"][0]["span"] == [0, len(data["words"][0]["word"])]


def test_the_command_line_screens_hostile_files(run, tmp_path):
    for name, data in (
        ("surrogates", b"The town said \xed\xa0\x80 no. " * 60),
        ("nothing", "🙂".encode() * 500),
        ("giant", b"x" * 10**6),
    ):
        path = tmp_path / f"{name}.txt"
        path.write_bytes(data)
        code, out, err = run("screen", str(path), "--json")
        assert code in (0, 2) and "Traceback" not in err
        if code == 0:
            assert json.loads(out)["verdict"] != "spun"


def test_hostile_text_stays_text_on_the_page(detector):
    page = detector.screen("<script>alert(1)</script> & <img src=x onerror=alert(2)> said the mayor. " * 20).to_html()
    assert "<script" not in page and "<img" not in page


def test_a_batch_is_screened_in_order_with_its_errors(run, tmp_path, stories):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [{"id": story.id, "text": story.original} for story in stories[:3]]
    source.write_text("\n".join([json.dumps(rows[0]), "no json", json.dumps({"id": 7}), *map(json.dumps, rows[1:])]) + "\n")
    code, _, err = run("batch", "screen", str(source), str(target), "--jobs", "1")
    assert code == 0 and "2 of them errors" in err
    found = [json.loads(line) for line in target.read_text().splitlines()]
    assert [row["id"] for row in found] == [rows[0]["id"], None, 7, rows[1]["id"], rows[2]["id"]]
    assert set(found[0]) == {"id", "verdict", "score"} and "error" in found[1] and "no text" in found[2]["error"]


def test_a_plain_install_says_which_extra_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    word_states.cache_clear()
    code, _, err = run("screen", str(SPUN))
    word_states.cache_clear()
    assert code == 2 and "spindetect[screen]" in err


def test_an_altered_screening_model_is_refused(tmp_path):
    import shutil

    folder = tmp_path / "screen"
    shutil.copytree(default_folder() / "screen", folder)
    assert load_screen_model(folder).spun_from >= 0.5
    weights = bytearray((folder / "weights.safetensors").read_bytes())
    weights[-1] ^= 1
    (folder / "weights.safetensors").write_bytes(bytes(weights))
    with pytest.raises(BundleError, match="checksum"):
        load_screen_model(folder)
    (folder / "manifest.json").write_text("[]")
    with pytest.raises(BundleError, match="damaged"):
        load_screen_model(folder)
    with pytest.raises(BundleError, match="no screening model"):
        load_screen_model(tmp_path / "absent")


def test_a_screening_model_can_be_trained(tmp_path, stories):
    pytest.importorskip("torch")
    words = StaticEncoder.from_folder(default_folder() / "encoder")
    found = list(documents(story_texts(stories[:10], ["original"]), ("neighbours", "phrases"), 2, 0))
    assert [item.family for item in found].count(HUMAN) == 10 and len(found) == 30
    short = list(windows(found, 0))
    assert len(short) > 20 and all(len(item.article.words) == len(item.replaced) <= 130 for item in short)
    prepared, cuts = (list(prepare_documents(items, words, word_states())) for items in (found, short))
    metrics = train_screening(
        prepared, cuts, tmp_path / "screen", trained_on="ten stories", seed=0, progress=lambda step, share: None
    )
    assert metrics["human"] == 10 and set(metrics["cross_fitted"]["recall"]) == {"neighbours", "phrases"}
    assert "ten stories" in (tmp_path / "screen/README.md").read_text()
    screener = Screener(load_screen_model(tmp_path / "screen"), words)
    unseen = list(documents(story_texts(stories[10:16], ["original"]), ("neighbours", "phrases"), 2, 1))
    human = [screener.screen(item.article).score for item in unseen if item.family == HUMAN]
    spun = [screener.screen(item.article).score for item in unseen if item.family != HUMAN]
    assert np.median(spun) > np.median(human)

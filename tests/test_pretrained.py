"""Bundles saved and loaded in the manner of the Hugging Face hub, without a network."""

from __future__ import annotations

import shutil
import sys

import pytest

from spindetect import BundleError, InputError, MissingExtraError, SpinDetector
from spindetect.bundle import default_folder


@pytest.fixture(scope="module")
def saved(detector, tmp_path_factory):
    return detector.save_pretrained(tmp_path_factory.mktemp("hub") / "model", license="mit")


@pytest.fixture
def hub(saved, tmp_path, monkeypatch):
    """A hub in the place of the real one: what was asked of it, and a copy of the bundle."""
    huggingface_hub = pytest.importorskip("huggingface_hub")
    asked = []

    def snapshot_download(repository, *, revision, local_dir, allow_patterns):
        asked.append((repository, revision))
        for name in allow_patterns:
            (local_dir / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(saved / name, local_dir / name)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HOME", str(tmp_path))
    return asked


def test_a_saved_bundle_gives_the_same_answers(saved, detector, story):
    again = SpinDetector.from_pretrained(saved)
    assert again.compare(story.rewrites[0].text, story.original) == detector.compare(story.rewrites[0].text, story.original)
    assert SpinDetector.from_pretrained(str(saved), max_fpr=0.05).thresholds == detector.thresholds
    assert (saved / "screen/weights.safetensors").is_file()


def test_the_card_has_metadata_for_the_hub(saved, tmp_path):
    yaml = pytest.importorskip("yaml")
    _, head, body = (saved / "README.md").read_text().split("---\n", 2)
    metadata = yaml.safe_load(head)
    assert metadata["license"] == "mit" and metadata["library_name"] == "spindetect" and metadata["language"] == "en"
    assert body.strip().startswith("# spindetect model") and "from_pretrained" in body
    twice = SpinDetector.from_pretrained(saved).save_pretrained(tmp_path / "twice")
    assert (twice / "README.md").read_text() == (saved / "README.md").read_text()


def test_saving_replaces_files_and_follows_no_link(detector, tmp_path):
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "model"
    elsewhere.write_text("precious")
    folder.mkdir()
    (folder / "README.md").symlink_to(elsewhere)
    (folder / "notes.txt").write_text("mine")
    detector.save_pretrained(folder)
    assert elsewhere.read_text() == "precious" and (folder / "notes.txt").read_text() == "mine"
    SpinDetector.from_pretrained(folder)


def test_a_bundle_changed_since_it_was_loaded_is_not_passed_on(tmp_path):
    source = tmp_path / "model"
    shutil.copytree(default_folder(), source)
    detector = SpinDetector.load(source)
    (source / "wording.skops").write_bytes(b"other")
    with pytest.raises(BundleError, match="differs from its checksum"):
        detector.save_pretrained(tmp_path / "copy")


def test_where_it_cannot_be_saved(detector, tmp_path):
    with pytest.raises(InputError, match="the bundle itself"):
        detector.save_pretrained(default_folder())
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="name another folder"):
        detector.save_pretrained(tmp_path / "file")
    with pytest.raises(InputError, match="no identifier of the hub"):
        detector.save_pretrained(tmp_path / "model", license="mit\ntags: evil")


def test_an_id_is_downloaded_on_request_only(hub):
    with pytest.raises(InputError, match="allow download=True"):
        SpinDetector.from_pretrained("someone/model")
    assert hub == []
    assert SpinDetector.from_pretrained("someone/model", download=True, revision="v1").model.name
    assert hub == [("someone/model", "v1")]
    SpinDetector.from_pretrained("someone/model", revision="v1")
    assert len(hub) == 1
    with pytest.raises(InputError, match="allow download=True"):
        SpinDetector.from_pretrained("someone/model")


def test_a_hub_that_does_not_answer_is_told_in_one_line(monkeypatch, tmp_path):
    huggingface_hub = pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HOME", str(tmp_path))
    with pytest.raises(BundleError, match="cannot be downloaded") as told:
        SpinDetector.from_pretrained("someone/model", download=True)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["absent", "../..", "a/b/c", "../model", "https://example.org/x", ""])
def test_what_is_no_id_is_refused(name, hub, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((InputError, BundleError), match="bundle"):
        SpinDetector.from_pretrained(name, download=True)
    assert hub == []


@pytest.mark.parametrize("revision", ["..", "../..", "a b", ""])
def test_what_is_no_revision_is_refused(revision, hub):
    with pytest.raises(InputError, match="revision"):
        SpinDetector.from_pretrained("someone/model", revision=revision, download=True)
    assert hub == []


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(MissingExtraError, match=r"spindetect\[hub\]"):
        SpinDetector.from_pretrained("someone/model", download=True)

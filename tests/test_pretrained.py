"""Bundles saved and loaded in the manner of the Hugging Face hub, without a network."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from spindetect import BundleError, InputError, MissingExtraError, SpinDetector
from spindetect.bundle import default_folder, replace_metrics
from spindetect.pretrained import hub_card


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


@pytest.fixture
def source(tmp_path):
    """A bundle of one's own."""
    shutil.copytree(default_folder(), tmp_path / "model")
    return tmp_path / "model"


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["wording.skops", "screen/weights.safetensors"])
def test_what_cannot_be_saved_leaves_the_folder_as_it_was(source, tmp_path, name):
    detector = SpinDetector.load(source)
    copy = detector.save_pretrained(tmp_path / "copy")
    before = contents(copy)
    (source / name).write_bytes(b"other")
    with pytest.raises(BundleError, match="differs from its checksum"):
        detector.save_pretrained(copy)
    assert contents(copy) == before and not (tmp_path / "new").exists()


def test_an_error_midway_puts_everything_back(detector, saved, tmp_path, monkeypatch):
    folder = shutil.copytree(saved, tmp_path / "copy")
    before = contents(folder)
    rename = Path.rename

    def full(path, target):
        if path.match("new/sentence.skops"):
            raise OSError(28, "No space left on device", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(InputError, match="No space left"):
        detector.save_pretrained(folder, license="apache-2.0")
    assert contents(folder) == before


def test_a_bundle_that_is_sound_but_another_is_not_passed_on(source, tmp_path):
    detector = SpinDetector.load(source)
    replace_metrics(source, {"measured": "anew"}, "# Another card")
    with pytest.raises(BundleError, match="changed since it was loaded"):
        detector.save_pretrained(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_the_screening_model_of_another_bundle_does_not_stay(source, saved, tmp_path):
    shutil.rmtree(source / "screen")
    detector = SpinDetector.load(source)
    folder = shutil.copytree(saved, tmp_path / "copy")
    (folder / "screen/notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"notes.txt is no file of a bundle"):
        detector.save_pretrained(folder)
    (folder / "screen/notes.txt").unlink()
    detector.save_pretrained(folder)
    assert not (folder / "screen").exists() and contents(folder).keys() == contents(source).keys()


def test_a_screening_model_that_leads_elsewhere_is_not_passed_on(source, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (source / "screen/README.md").unlink()
    (source / "screen/README.md").symlink_to(tmp_path / "secret")
    with pytest.raises(BundleError, match="not a plain file"):
        SpinDetector.load(source).save_pretrained(tmp_path / "copy")


@pytest.mark.parametrize("where", ["screen", "encoder", "screen/deeper", "..", "../link/screen"])
def test_a_folder_inside_or_above_the_bundle_is_refused(source, tmp_path, where):
    (tmp_path / "link").symlink_to(source)
    before = contents(source)
    with pytest.raises(InputError, match="inside or above the bundle"):
        SpinDetector.load(source).save_pretrained(source / where)
    assert contents(source) == before


def test_folders_where_files_should_be_and_links_are_left_alone(detector, source, tmp_path):
    copy = tmp_path / "copy"
    (copy / "README.md").mkdir(parents=True)
    with pytest.raises(InputError, match="is a folder"):
        detector.save_pretrained(copy)
    (copy / "README.md").rmdir()
    (copy / "encoder").symlink_to(source / "encoder")
    with pytest.raises(InputError, match="is no folder"):
        detector.save_pretrained(copy)
    assert contents(source) == contents(default_folder())


def test_the_license_of_a_card_that_has_one_is_replaced(saved, tmp_path):
    yaml = pytest.importorskip("yaml")
    before = (saved / "README.md").read_text()
    folder = SpinDetector.from_pretrained(saved).save_pretrained(tmp_path / "copy", license="apache-2.0")
    assert (folder / "README.md").read_text().count("license: apache-2.0\n") == 1
    heads = [yaml.safe_load(card.split("---\n")[1]) for card in (before, (folder / "README.md").read_text())]
    assert heads[1] == {**heads[0], "license": "apache-2.0"}
    SpinDetector.from_pretrained(folder)


@pytest.mark.parametrize("old", ["", "license: other\n", "license:\n- mit\n- gpl\n", "license: >\n  mit\n"])
def test_the_license_is_set_whatever_stood_there(old):
    card = f"---\nlanguage: en\n{old}license_name: own\n---\n# Card\nlicense: in the text\n"
    assert hub_card(card, "mit") == "---\nlanguage: en\nlicense_name: own\nlicense: mit\n---\n# Card\nlicense: in the text\n"
    assert hub_card(card, None) == card


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

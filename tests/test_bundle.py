"""A bundle is read only as it was written."""

from __future__ import annotations

import json
import shutil

import pytest

from spindetect import BundleError, SpinDetector
from spindetect.bundle import FORMAT_VERSION, default_folder, sha256_of
from spindetect.encoder import TransformerEncoder
from spindetect.screening.model import load_screen_model
from tests.conftest import ROOT


@pytest.fixture
def bundle(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(default_folder(), folder)
    return folder


def edit(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def refused(folder, match):
    with pytest.raises(BundleError, match=match):
        SpinDetector.load(folder)


def test_a_copy_elsewhere_gives_the_same_answer(bundle, detector, story):
    suspect = story.rewrites[0].text
    assert SpinDetector.load(bundle).compare(suspect, story.original) == detector.compare(suspect, story.original)


def test_the_bundle_is_small(bundle):
    assert sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file()) < 20_000_000


@pytest.mark.parametrize("name", ["derived.skops", "encoder/model.safetensors", "metrics.json", "encoder/tokenizer.json"])
def test_an_altered_file_is_refused(bundle, name):
    path = bundle / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    refused(bundle, "differs from its checksum")


def test_a_missing_or_linked_file_is_refused(bundle, tmp_path):
    target = tmp_path / "elsewhere"
    (bundle / "sentence.skops").rename(target)
    refused(bundle, "missing or not a plain file")
    (bundle / "sentence.skops").symlink_to(target)
    refused(bundle, "missing or not a plain file")


def test_other_formats_features_and_files_are_refused(bundle):
    good = json.loads((bundle / "manifest.json").read_text())
    edit(bundle, format_version=99)
    refused(bundle, "bundle format 99")
    edit(bundle, format_version=good["format_version"], features={**good["features"], "article": ["something else"]})
    refused(bundle, "other features")
    edit(bundle, features=good["features"], files={**good["files"], "../../etc/passwd": "0" * 64})
    refused(bundle, "lists other files")
    edit(bundle, files=good["files"], threshold="high")
    refused(bundle, "wrong type")
    edit(bundle, threshold=good["threshold"], reference=good["reference"][1:])
    refused(bundle, "wrong type")
    (bundle / "manifest.json").write_text("{")
    refused(bundle, "damaged")


def test_a_lexicon_that_unpacks_without_end_is_refused(bundle, monkeypatch):
    from spindetect import synonyms

    monkeypatch.setattr(synonyms, "_MOST_TEXT", 1_000)
    with pytest.raises(BundleError, match="unpacks to more"):
        SpinDetector.load(bundle).compare("word " * 50, "word " * 50)


def test_foreign_types_are_refused(bundle):
    import hashlib

    import skops.io
    from sklearn.preprocessing import FunctionTransformer

    path = bundle / "wording.skops"
    skops.io.dump(FunctionTransformer(func=shutil.rmtree), path)
    manifest = json.loads((bundle / "manifest.json").read_text())
    edit(bundle, files={**manifest["files"], "wording.skops": hashlib.sha256(path.read_bytes()).hexdigest()})
    refused(bundle, "types that are not allowed")


def test_no_bundle_at_all(tmp_path):
    refused(tmp_path, "no model bundle")
    refused(tmp_path / "absent", "no model bundle")


def replaced(folder, name, data):
    """A file with other bytes, and a manifest that says so."""
    (folder / name).write_bytes(data)
    listed = json.loads((folder / "manifest.json").read_text())["files"]
    edit(folder, files={**listed, name: sha256_of(folder / name)})


@pytest.mark.parametrize("version", range(3, FORMAT_VERSION + 1))
def test_a_bundle_that_was_written_once_stays_readable(version):
    stored = ROOT / f"tests/data/bundle-v{version}"
    said = json.loads((ROOT / f"tests/data/bundle-v{version}.json").read_text())
    result = SpinDetector.load(stored).compare(*said["texts"])
    assert result.probabilities == pytest.approx(said["probabilities"], abs=1e-3)
    assert result.coverage == pytest.approx(said["coverage"], abs=1e-3)


@pytest.mark.parametrize("name", ["derived.skops", "encoder/model.safetensors", "encoder/tokenizer.json", "metrics.json"])
def test_a_file_that_was_cut_off_is_refused(bundle, name):
    data = (bundle / name).read_bytes()
    (bundle / name).write_bytes(data[: len(data) // 2])
    refused(bundle, f"{name} differs from its checksum")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("derived.skops", "derived.skops cannot be read"),
        ("encoder/model.safetensors", "holds no readable static encoder"),
        ("encoder/tokenizer.json", "holds no readable static encoder"),
        ("metrics.json", "metrics.json is damaged"),
    ],
)
def test_a_file_that_was_cut_off_is_refused_though_its_checksum_fits(bundle, name, message):
    data = (bundle / name).read_bytes()
    replaced(bundle, name, data[: len(data) // 2])
    refused(bundle, message)


def test_links_that_lead_out_of_the_bundle_are_refused(bundle, tmp_path):
    for name in ("encoder", "manifest.json"):
        elsewhere = tmp_path / f"elsewhere-{name}"
        (bundle / name).rename(elsewhere)
        (bundle / name).symlink_to(elsewhere)
        refused(bundle, "not a plain file")
        (bundle / name).unlink()
        elsewhere.rename(bundle / name)
    SpinDetector.load(bundle)
    linked = tmp_path / "by another name"
    linked.symlink_to(bundle)
    SpinDetector.load(linked)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "encoder/../../x", "extra.skops", "manifest.json"])
def test_a_manifest_that_lists_what_no_bundle_has_is_refused(bundle, name):
    good = json.loads((bundle / "manifest.json").read_text())["files"]
    edit(bundle, files={**good, name: "0" * 64})
    refused(bundle, "lists other files")
    edit(bundle, files={key: value for key, value in good.items() if key != "wording.skops"})
    refused(bundle, "wording.skops")


def test_what_lies_beside_is_not_read(bundle):
    (bundle / "extra.skops").write_bytes(b"nothing of ours")
    (bundle / "evil.py").write_text("raise SystemExit")
    SpinDetector.load(bundle)


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"\xff\xfe", b'"text"', b"[" * 100_000, b'{"format_version": 3}'])
def test_a_manifest_that_is_none_is_refused(bundle, data):
    (bundle / "manifest.json").write_bytes(data)
    refused(bundle, "manifest.json is damaged")


def test_a_manifest_without_end_is_refused(bundle):
    with (bundle / "manifest.json").open("ab") as manifest:
        manifest.write(b" " * 2_000_000)
    refused(bundle, "at most 1,000,000 are read")


@pytest.mark.parametrize("version", [0, 1, 2, 4, None, "3", [3]])
def test_every_other_format_is_refused_with_its_number(bundle, version):
    edit(bundle, format_version=version)
    refused(bundle, "bundle format .* this spindetect reads 3")


def test_a_head_that_is_another_is_refused(bundle):
    replaced(bundle, "derived.skops", (bundle / "wording.skops").read_bytes())
    refused(bundle, "derived.skops holds no classifier of 22 features")


def test_screening_models_are_read_as_they_were_written(bundle, tmp_path):
    folder = bundle / "screen"
    load_screen_model(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    for field, value in (("spun_from", float("nan")), ("features", []), ("format_version", 9), ("weights", "0" * 64)):
        (folder / "manifest.json").write_text(json.dumps({**manifest, field: value}))
        with pytest.raises(BundleError, match="screen"):
            load_screen_model(folder)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "weights.safetensors").rename(tmp_path / "weights")
    with pytest.raises(BundleError, match="no screening model"):
        load_screen_model(folder)
    (folder / "weights.safetensors").symlink_to(tmp_path / "weights")
    with pytest.raises(BundleError, match="is a link"):
        load_screen_model(folder)


def test_a_network_is_used_for_a_named_encoder_on_request_only(bundle, monkeypatch):
    sentence_transformers = pytest.importorskip("sentence_transformers")
    asked = []

    def model(name, *, local_files_only, trust_remote_code):
        asked.append((name, local_files_only, trust_remote_code))
        raise OSError("absent")

    monkeypatch.setattr(sentence_transformers, "SentenceTransformer", model)
    edit(bundle, encoder="some\none/encoder")
    for load in (SpinDetector.load, SpinDetector.from_pretrained):
        with pytest.raises(BundleError, match="download=True") as told:
            load(bundle)
        assert "\n" not in str(told.value)
    with pytest.raises(BundleError, match="while online"):
        SpinDetector.from_pretrained(bundle, download=True)
    with pytest.raises(BundleError, match="while online"):
        TransformerEncoder("someone/encoder")
    assert [local for _, local, _ in asked] == [True, True, False, False]
    assert not any(trusted for *_, trusted in asked)


def test_the_command_line_names_the_file_and_the_remedy(run, bundle, tmp_path, story):
    (tmp_path / "a.txt").write_text(story.original)
    (bundle / "derived.skops").write_bytes(b"none")
    code, out, err = run("compare", str(tmp_path / "a.txt"), str(tmp_path / "a.txt"), "--model", str(bundle))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "derived.skops" in err and "reinstall or retrain" in err

"""A bundle is read only as it was written."""

from __future__ import annotations

import json
import shutil

import pytest

from spindetect import BundleError, SpinDetector
from spindetect.bundle import default_folder


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

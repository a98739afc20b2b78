"""Build what would be published, and use it as a stranger would: nothing of the checkout is on the path.

The wheel is built from the sdist, both are checked by twine, and the wheel is installed without extras into an empty virtual
environment in a temporary folder, in which the examples of the README then run: the Python blocks, and the shell lines that use
`spindetect`. What needs an extra must say so in one line that names it, and what needs a file that a reader brings is passed
over; both are listed. Any failure ends with exit code 1.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
MOST_BYTES = 40_000_000
"""Of a wheel or sdist; the registry takes 100 MB a file."""
NEEDED = (
    "models/default/manifest.json", "models/default/encoder/model.safetensors", "models/default/screen/manifest.json",
    "examples/spun.txt", "examples/original.txt", "examples/archive.jsonl", "py.typed", "words.txt.gz", "report/style.css",
)  # fmt: skip
EXTRA_OF = {
    "archive": ("Archive.open", "spindetect archive", "spindetect trace"),
    "screen": ("spindetect screen",),
    "train": ("spindetect spin",),
}
"""What in the README needs an extra."""
OWN_FILES = re.compile(r"\b(?:my-|pairs\.jsonl|texts\.jsonl|article\.txt|a\.txt)")
SERVES = ("spindetect serve",)


class CheckError(Exception):
    """The release is not fit to be published."""


@dataclass(frozen=True)
class Example:
    """A piece of the README: Python, or one line of shell."""

    language: str
    code: str

    @property
    def extra(self) -> str:
        """The extra that it needs, or empty."""
        return next((extra for extra, signs in EXTRA_OF.items() if any(sign in self.code for sign in signs)), "")

    @property
    def brings_files(self) -> bool:
        """Whether it needs files that a reader brings, or serves until it is stopped."""
        return bool(OWN_FILES.search(self.code)) or self.code.startswith(SERVES)

    @property
    def title(self) -> str:
        """Its first line."""
        return self.code.splitlines()[0]


def examples(readme: str) -> Iterator[Example]:
    """The Python blocks whole, and the shell lines that begin with `spindetect`, without comments."""
    for language, code in re.findall(r"^```(python|sh)\n(.*?)^```", readme, re.S | re.M):
        if language == "python":
            yield Example("python", code)
            continue
        for line in code.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["spindetect"]:
                yield Example("sh", shlex.join(words))


def build() -> tuple[Path, Path]:
    """A fresh sdist, and the wheel that is built from it."""
    shutil.rmtree(DIST, ignore_errors=True)
    _run([sys.executable, "-m", "build", "--outdir", str(DIST), str(ROOT)])
    _run([sys.executable, "-m", "twine", "check", "--strict", *map(str, sorted(DIST.iterdir()))])
    [sdist], [wheel] = DIST.glob("*.tar.gz"), DIST.glob("*.whl")
    for path in (sdist, wheel):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB", flush=True)
        if path.stat().st_size > MOST_BYTES:
            raise CheckError(f"{path.name} is over {MOST_BYTES / 1e6:.0f} MB")
    return sdist, wheel


def check_contents(wheel: Path) -> None:
    """The wheel holds the model, the examples and the licences, and nothing of the tests.

    Raises:
        CheckError: something is missing, or should not be there.
    """
    names = zipfile.ZipFile(wheel).namelist()
    missing = [name for name in NEEDED if f"spindetect/{name}" not in names]
    missing += [name for name in ("LICENSE", "LICENSE-WORDNET", "NOTICE") if not any(path.endswith(f"/{name}") for path in names)]
    strange = [name for name in names if not name.startswith(("spindetect/", "spindetect-")) or name.endswith(".pyc")]
    if missing or strange:
        raise CheckError(f"{wheel.name} lacks {missing}, and holds {strange}")


def run_examples(python: Path, folder: Path, readme: str) -> None:
    """Run the README from a folder that holds the packaged examples where the README has them.

    Raises:
        CheckError: an example fails, or fails otherwise than it should.
    """
    package = _output([str(python), "-c", "import spindetect; print(spindetect.__path__[0])"], folder).strip()
    if Path(package).is_relative_to(ROOT):
        raise CheckError(f"the checkout was imported ({package}) and not the wheel")
    shutil.copytree(Path(package) / "examples", folder / "data/examples")
    (folder / "build").mkdir()
    # The Python blocks build on each other.
    earlier = ""
    for example in examples(readme):
        if example.brings_files:
            print(f"passed over (needs files of your own): {example.title}")
            continue
        words = [str(python), "-c", earlier + example.code] if example.language == "python" else _in(python, example.code)
        done = subprocess.run(words, cwd=folder, env=_environment(), capture_output=True, text=True, timeout=300, check=False)  # noqa: S603
        if example.extra:
            _must_name_the_extra(example, done)
            print(f"needs an extra, and says so ({example.extra}): {example.title}")
            continue
        if done.returncode:
            raise CheckError(f"{example.title}\n{done.stdout}{done.stderr}\nexit code {done.returncode}")
        if example.language == "python":
            earlier += example.code
        print(f"ran: {example.title}", flush=True)
    for page in ("build/evidence.html",):
        if not (folder / page).is_file():
            raise CheckError(f"{page} was not written")
    verdict = _output([*_in(python, "spindetect compare data/examples/spun.txt data/examples/original.txt --json")], folder)
    if '"verdict": "spun"' not in verdict:
        raise CheckError("the example's spun copy is not called spun")


def _must_name_the_extra(example: Example, done: subprocess.CompletedProcess[str]) -> None:
    last = (done.stderr.strip().splitlines() or [""])[-1]
    in_one_line = "Traceback" not in done.stderr or example.language == "python"
    if done.returncode == 0 or f"spindetect[{example.extra}]" not in done.stderr.replace("\n", "") or not in_one_line:
        raise CheckError(f"{example.title}\nshould name the extra {example.extra!r}, and says: {last}")


def _in(python: Path, command: str) -> list[str]:
    words = shlex.split(command)
    return [str(python.with_name(words[0])), *words[1:]]


def _environment() -> dict[str, str]:
    """Nothing of this checkout's environment."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")}
    return {**kept, "HF_HUB_OFFLINE": "1", "PYTHONSAFEPATH": "1"}


def _run(words: Sequence[str], folder: Path = ROOT) -> None:
    _output(words, folder)


def _output(words: Sequence[str], folder: Path) -> str:
    done = subprocess.run(words, cwd=folder, env=_environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CheckError(f"{shlex.join(words)}\n{done.stdout}{done.stderr}\nexit code {done.returncode}")
    return done.stdout


def main() -> int:
    """Build, check, install, run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unpinned", action="store_true", help="install the newest versions, not those of constraints.txt")
    arguments = parser.parse_args()
    try:
        sdist, wheel = build()
        check_contents(wheel)
        with tempfile.TemporaryDirectory(prefix="spindetect-release-") as name:
            folder = Path(name)
            _run([sys.executable, "-m", "venv", str(folder / "venv")], folder)
            python = folder / "venv/bin/python"
            pins = [] if arguments.unpinned else ["-c", str(ROOT / "constraints.txt")]
            install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            _run([*install, *pins, str(wheel)], folder)
            _run([str(python), "-m", "pip", "check", "--disable-pip-version-check"], folder)
            if "torch" in (heavy := _output([str(python), "-m", "pip", "list", "--format=freeze"], folder)).split("=="):
                raise CheckError(f"the core installs torch:\n{heavy}")
            work = folder / "work"
            work.mkdir()
            run_examples(python, work, (ROOT / "README.md").read_text("utf-8"))
    except CheckError as error:
        print(f"NOT FIT FOR RELEASE\n{error}", file=sys.stderr)
        return 1
    print(f"fit for release: {sdist.name}, {wheel.name} in dist/")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Unpack WordNet's data files (Debian package wordnet-base) into build/lexicon/wordnet, for the thesaurus spinners.

Nothing of it is committed. WordNet 3.0 is under Princeton's permissive licence. Without Debian's tools, put the `dict`
folder of any WordNet 3.x distribution there yourself, or name it in $SPINDETECT_WORDNET.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TARGET = Path("build/lexicon/wordnet")
PACKAGE = "wordnet-base"


def run(*command: str, cwd: Path) -> bool:
    """Run a command; True when it ended well."""
    try:
        return subprocess.run(command, cwd=cwd, capture_output=True, check=False).returncode == 0  # noqa: S603
    except FileNotFoundError:
        return False


def main() -> int:
    """Fetch unless the files are there."""
    if (TARGET / "data.noun").exists():
        return 0
    if Path("/usr/share/wordnet/data.noun").exists():
        shutil.copytree("/usr/share/wordnet", TARGET, dirs_exist_ok=True)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        fetched = run("apt-get", "download", PACKAGE, cwd=folder)
        if not fetched:
            run("apt-get", "update", cwd=folder)
            fetched = run("apt-get", "download", PACKAGE, cwd=folder)
        packages = list(folder.glob("*.deb"))
        if not fetched or not packages or not run("dpkg-deb", "-x", packages[0].name, "files", cwd=folder):
            print(f"{PACKAGE} could not be fetched with apt-get: put WordNet's dict folder at {TARGET}", file=sys.stderr)
            return 1
        shutil.copytree(folder / "files/usr/share/wordnet", TARGET, dirs_exist_ok=True)
    print(f"WordNet unpacked to {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

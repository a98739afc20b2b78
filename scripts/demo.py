"""What `make demo` runs: the example articles through the command line, as a user would type it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "build/evidence.html"


def main() -> int:
    """Compare the reprint, the independent report and the spun copy with the original; the last one's page is written."""
    command = str(Path(sys.executable).with_name("spindetect"))
    for name in ("reprint", "independent", "spun"):
        arguments = ["compare", f"data/examples/{name}.txt", "data/examples/original.txt"]
        if name == "spun":
            PAGE.parent.mkdir(exist_ok=True)
            arguments += ["--html", str(PAGE.relative_to(ROOT))]
        print(f"\n$ spindetect {' '.join(arguments)}", flush=True)
        code = subprocess.run([command, *arguments], cwd=ROOT, check=False).returncode  # noqa: S603
        if code:
            return code
    print(f"\nThe evidence as a page, for any browser: {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Run the fuzz targets over and over, each round with other examples, until the minutes are over or one fails.

python scripts/fuzz.py 10
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = "30"
"""Of each target, a round."""


def main() -> int:
    """0 when nothing failed; the first failure ends it, and hypothesis keeps the example in .hypothesis/."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    end = time.monotonic() + 60 * minutes
    seed = first = int(time.time())
    while time.monotonic() < end:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "tests/fuzz", f"--hypothesis-seed={seed}"]
        given = {
            "FUZZ_EXAMPLES": os.environ.get("FUZZ_EXAMPLES", EXAMPLES),
            "FUZZ_UNTIL": str(time.time() + end - time.monotonic()),
        }
        code = subprocess.run(command, cwd=ROOT, env={**os.environ, **given}).returncode  # noqa: S603
        if code:
            print(f"failed with seed {seed}: FUZZ_EXAMPLES={given['FUZZ_EXAMPLES']} {' '.join(command[1:])}")
            return code
        seed += 1
    print(f"{seed - first} rounds in {minutes:g} minutes, nothing failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())

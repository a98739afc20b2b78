"""Known vulnerabilities of what is installed, by pip-audit.

Exit code 1 for a vulnerability. Where the service cannot be reached, or knows none of the packages (an index without that
service), nothing was audited: this is said, and the exit code is 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

NOT_AUDITED = "not audited: {}. Run make audit where the vulnerability service can be reached."
_NO_SERVICE = ("ConnectionError", "Max retries", "ConnectTimeout", "ReadTimeout", "Failed to resolve", "ProxyError")


def report(output: str, errors: str, code: int) -> tuple[list[str], int]:
    """What to say of a run of pip-audit, and the exit code."""
    try:
        packages: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (errors.strip().splitlines() or ["no output"])[-1]
        if any(sign in errors for sign in _NO_SERVICE):
            return [NOT_AUDITED.format(f"the service cannot be reached ({last[:120]})")], 0
        return [f"pip-audit failed: {last}"], code or 1
    audited = [package for package in packages if "vulns" in package]
    if not audited:
        return [NOT_AUDITED.format(f"the service knows none of the {len(packages)} packages")], 0
    lines = [
        f"{package['name']} {package['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for package in audited
        for flaw in package["vulns"]
    ]
    unknown = len(packages) - len(audited)
    summary = f"{len(audited)} packages audited, {unknown} unknown to the service, {len(lines)} vulnerabilities"
    return [*lines, summary], int(bool(lines))


def main() -> int:
    """Run pip-audit over this environment."""
    tool = Path(sys.executable).with_name("pip-audit")
    words = [str(tool), "--format", "json", "--progress-spinner", "off", "--timeout", "20", "--skip-editable"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        print(NOT_AUDITED.format("no answer within ten minutes"))
        return 0
    lines, code = report(done.stdout, done.stderr, done.returncode)
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())

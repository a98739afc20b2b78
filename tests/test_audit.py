"""What a run of pip-audit comes to: silence of the service is not a clean bill."""

from __future__ import annotations

import json
import sys

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from audit import report

FLAW = {"id": "PYSEC-1", "fix_versions": ["2.0"], "aliases": [], "description": ""}


def of(*packages):
    return report(json.dumps({"dependencies": packages, "fixes": []}), "", 1)


def test_a_vulnerability_fails_and_is_named():
    lines, code = of({"name": "old", "version": "1.0", "vulns": [FLAW]}, {"name": "new", "version": "1.0", "vulns": []})
    assert code == 1 and lines[0] == "old 1.0: PYSEC-1, mended in 2.0"


def test_none_is_fine():
    lines, code = of({"name": "new", "version": "1.0", "vulns": []}, {"name": "local", "skip_reason": "not found"})
    assert code == 0 and lines == ["1 packages audited, 1 unknown to the service, 0 vulnerabilities"]


def test_a_service_that_knows_nothing_or_is_not_there_audits_nothing():
    for lines, code in (of({"name": "new", "skip_reason": "not found"}), report("", "ConnectionError: Failed to resolve", 1)):
        assert code == 0 and lines[0].startswith("not audited") and "make audit" in lines[0]


def test_other_failures_stay_failures():
    lines, code = report("", "usage: pip-audit\nunrecognised option", 2)
    assert code == 2 and "unrecognised" in lines[0]

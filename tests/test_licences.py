"""The licence check follows the tree and lets nothing through that is not permissive."""

from __future__ import annotations

import sys
from importlib.metadata import distributions

import pytest

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from check_licences import EXCEPTIONS, dependency_trees, is_permissive, problems


@pytest.fixture
def installed(tmp_path):
    """Makes packages: a name and lines of metadata."""

    def add(name, *lines):
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *lines]) + "\n")
        return distributions(path=[str(tmp_path)])

    return add


def found(packages):
    return problems(dependency_trees(packages, "house"), {"let-through": "for a reason"})


@pytest.mark.parametrize(
    "lines",
    [
        ["License-Expression: GPL-3.0-or-later"],
        ["License-Expression: MIT AND LGPL-2.1-only"],
        ["License-Expression: AGPL-3.0-only OR SSPL-1.0"],
        ["Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)", "License: MIT"],
        ["Classifier: License :: OSI Approved :: MIT License", "Classifier: License :: OSI Approved :: GNU Affero License"],
        ["License: LGPL"],
        ["License: MIT but not for lawyers"],
        [],
    ],
)
def test_a_package_deep_in_an_extra_is_found(installed, lines):
    installed("house", "Provides-Extra: attic", "Requires-Dist: beam", "Requires-Dist: Stairs[oak] ; extra == 'attic'")
    installed("beam", "License-Expression: Apache-2.0 WITH LLVM-exception")
    installed("stairs", "License: BSD 3-Clause", "Provides-Extra: oak", "Requires-Dist: made_up ; extra == 'oak'")
    [line] = found(installed("made_up", *lines))
    assert line.startswith("made_up 1.0 (attic)") and "EXCEPTIONS" in line


def test_exceptions_tools_and_what_is_not_required_do_not_count(installed):
    installed("house", "Provides-Extra: dev", "Requires-Dist: let_through", "Requires-Dist: tool ; extra == 'dev'")
    installed("let_through", "License-Expression: MPL-2.0")
    installed("tool", "License-Expression: GPL-2.0-only")
    assert found(installed("bystander", "License-Expression: GPL-2.0-only")) == []


def test_a_choice_needs_one_permissive_way():
    assert is_permissive("GPL-2.0-only OR (MIT AND BSD-3-Clause)")
    assert not is_permissive("(GPL-2.0-only OR MIT) AND LGPL-2.1-only")
    assert not is_permissive("unknown") and not is_permissive("")


def test_the_packages_of_spindetect_pass():
    assert problems(dependency_trees(distributions())) == []
    assert problems(dependency_trees(distributions()), {})  # the exceptions are needed: the tree was followed
    assert all(reason for reason in EXCEPTIONS.values())

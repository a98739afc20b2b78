"""Licences of everything that an installation with all extras brings in: permissive ones only.

The tree is followed from installed metadata, extra by extra, without the tools of development (`browser`, `dev`, `docs`,
`release`). A licence that is not in the list, or that cannot be told, fails; EXCEPTIONS is the one place where a
package is let through, with the reason.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "spindetect"
TOOLS = frozenset({"browser", "dev", "docs", "release"})
PERMISSIVE = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CNRI-Python HPND ISC MIT MIT-CMU NCSA PSF-2.0 Python-2.0 "
    "Unlicense Zlib".split()
)
EXCEPTIONS = {
    "certifi": "MPL-2.0: copyleft of single files, which nobody here changes; a list of certificate authorities",
    "tqdm": "MPL-2.0 AND MIT: as certifi; a progress bar, under huggingface_hub",
    "tld": "MPL-1.1 at the user's choice (or GPL, LGPL): as certifi; names of top-level domains, under trafilatura",
    "orjson": "MPL-2.0 AND (Apache-2.0 OR MIT): as certifi; JSON, under pymilvus",
    "skops": "MIT by its licence file; the metadata say only that it is approved by the OSI",
    "skeletoken": "MIT by its licence file; the metadata say nothing",
}
_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "zlib/libpng License": "Zlib",
}
_FREE_TEXT = (
    (re.compile(r"apache(?: software)?(?: license)?(?:,? version)?[ -]2(?:\.0)?(?: license)?", re.I), "Apache-2.0"),
    (re.compile(r"(?:new |the )?(?:bsd|bsd[ -][23][ -]clause|[23]-clause bsd)(?: license)?", re.I), "BSD-3-Clause"),
    (re.compile(r"(?:the )?mit(?: license)?", re.I), "MIT"),
    (re.compile(r"isc(?: license)?", re.I), "ISC"),
    (re.compile(r"psf-2\.0", re.I), "PSF-2.0"),
)


@dataclass(frozen=True)
class Licence:
    """What a package says of its licence.

    Attributes:
        expression: in SPDX form as far as it can be told, otherwise what was found.
        permissive: under terms of the list alone.
    """

    package: str
    version: str
    expression: str
    permissive: bool


def licence_of(package: Distribution) -> Licence:
    """From the licence expression; without one from the classifiers; without those from the free text."""
    metadata: Any = package.metadata
    found = [line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or [] if line.startswith("License ::")]
    text = (metadata.get("License") or "").strip()
    if expression := metadata.get("License-Expression"):
        said = expression
    elif named := [name for name in found if name != "OSI Approved"]:
        said = " AND ".join(_CLASSIFIERS.get(name, re.sub(r"\W+", "-", name)) for name in named)
    else:
        said = next((spdx for pattern, spdx in _FREE_TEXT if pattern.fullmatch(text)), text.partition("\n")[0][:80] or "unknown")
    return Licence(metadata["Name"], package.version, said, is_permissive(said))


def is_permissive(expression: str) -> bool:
    """Whether an SPDX expression can be met with licences of the list alone; one that cannot be read is not."""
    inner = re.compile(r"\(([^()]*)\)")
    while match := inner.search(expression):
        expression = expression[: match.start()] + ("MIT" if is_permissive(match[1]) else "other") + expression[match.end() :]
    ways = [[part.strip() for part in re.split(r"\bAND\b", way)] for way in re.split(r"\bOR\b", expression)]
    # An exception (`WITH`) only adds permissions.
    return any(all(part.partition(" WITH ")[0] in PERMISSIVE for part in way) for way in ways)


def dependency_trees(packages: Iterable[Distribution], project: str = PROJECT) -> dict[str, dict[str, Distribution | None]]:
    """Everything each extra brings in, by name; "" is the core. What is not installed is None.

    Raises:
        LookupError: the project itself is not installed.
    """
    known: dict[str, Distribution] = {canonicalize_name(package.metadata["Name"]): package for package in packages}
    if project not in known:
        raise LookupError(f"{project} is not installed: run make check, or pip install -e .")
    extras = [extra for extra in known[project].metadata.get_all("Provides-Extra") or [] if extra not in TOOLS]
    return {extra: _tree(known, project, extra) for extra in ("", *extras)}


def _tree(known: Mapping[str, Distribution], project: str, extra: str) -> dict[str, Distribution | None]:
    found: dict[str, Distribution | None] = {}
    waiting, seen = [(project, extra)], set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        if name != project:
            found[name] = known.get(name)
        if package := known.get(name):
            waiting += _required(package, wanted)
    return found


def _required(package: Distribution, extra: str) -> Iterator[tuple[str, str]]:
    for line in package.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            name = canonicalize_name(requirement.name)
            yield name, ""
            yield from ((name, wanted) for wanted in requirement.extras)


def problems(trees: Mapping[str, Mapping[str, Distribution | None]], exceptions: Mapping[str, str] = EXCEPTIONS) -> list[str]:
    """A line for each package that is neither permissive nor an exception."""
    everything = {name: package for tree in trees.values() for name, package in tree.items() if package is not None}
    found = []
    for name, package in sorted(everything.items()):
        licence = licence_of(package)
        if not licence.permissive and name not in exceptions:
            by = ", ".join(extra or "the core" for extra, tree in trees.items() if name in tree)
            remedy = "replace it, or give the reason in EXCEPTIONS of scripts/check_licences.py"
            found.append(f"{licence.package} {licence.version} ({by}) is under {licence.expression!r}: {remedy}")
    return found


def main() -> int:
    """Print what was looked at; 1 if anything is in the way."""
    trees = dependency_trees(distributions())
    for extra, tree in trees.items():
        absent = sorted(name for name, package in tree.items() if package is None)
        note = f"; not installed here: {', '.join(absent)}" if absent else ""
        print(f"{extra or 'core'}: {len(tree) - len(absent)} packages{note}")
    used = {name for tree in trees.values() for name, package in tree.items() if package is not None}
    for name in sorted(used & EXCEPTIONS.keys()):
        print(f"let through: {name}, {EXCEPTIONS[name]}")
    found = problems(trees)
    print("\n".join(found) or "all licences are permissive")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

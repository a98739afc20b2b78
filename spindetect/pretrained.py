"""Bundles in the manner of the Hugging Face hub: a folder with a card, or an id to be downloaded on request."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from spindetect.bundle import BUNDLE_FILES, Bundle, check_plain, replace_metrics, verified_manifest
from spindetect.errors import BundleError, InputError, MissingExtraError

_SCREEN = "screen"
SCREEN_FILES = tuple(f"{_SCREEN}/{name}" for name in ("manifest.json", "weights.safetensors", "metrics.json", "README.md"))
_FILES = ("manifest.json", *sorted(BUNDLE_FILES), *SCREEN_FILES)
_FRONT_MATTER = re.compile(r"---[ \t]*\n((?:.*\n)*?)---[ \t]*(?:\n|\Z)")
_LICENSE = re.compile(r"^license[ \t]*:.*\n(?:(?:[ \t]|-[ \t]).*\n)*", re.MULTILINE)
_ID = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")
_REVISION = re.compile(r"[\w.-]{1,100}")

_METADATA = """---
language: en
library_name: spindetect
pipeline_tag: text-classification
base_model: sentence-transformers/all-MiniLM-L6-v2
{license}tags:
- plagiarism-detection
- paraphrase
- text-reuse
---

"""
_USE = """
## Use

```python
from spindetect import SpinDetector

detector = SpinDetector.from_pretrained("folder or owner/name", download=True)
print(detector.compare(suspect, original).verdict)
```
"""


def save(bundle: Bundle, folder: Path, license: str | None) -> Path:
    """Copy a bundle, with a card that a hub can read; see ``SpinDetector.save_pretrained``."""
    if license is not None and not re.fullmatch(r"[a-z0-9.-]+", license):
        raise InputError(f"the license {license!r} is no identifier of the hub: give one such as 'mit' or 'apache-2.0'")
    source, target = bundle.folder.resolve(), folder.resolve()
    if source == target or source in target.parents or target in source.parents:
        where = "is the bundle itself" if source == target else f"lies inside or above the bundle {bundle.folder}"
        raise InputError(f"{folder} {where}: name another folder")
    _check_unchanged(bundle, source)
    try:
        _check_target(target, with_screen=(source / _SCREEN).exists())
        target.parent.mkdir(parents=True, exist_ok=True)
        # A folder that exists may be a mount: only inside it are files moved rather than copied.
        near = target if target.is_dir() else target.parent
        with TemporaryDirectory(prefix=".spindetect-", dir=near, ignore_cleanup_errors=True) as made:
            new, old = Path(made, "new"), Path(made, "old")
            _copy(source, new)
            _check_unchanged(bundle, new)
            replace_metrics(new, bundle.metrics, hub_card((new / "README.md").read_text("utf-8"), license))
            _exchange(new, target, old)
    except OSError as error:
        raise InputError(
            f"{error.filename or folder} cannot be copied ({error.strerror or error}): name another folder"
        ) from error
    return folder


def _check_unchanged(bundle: Bundle, folder: Path) -> None:
    """Is what lies in the folder sound, and what was loaded?"""
    if verified_manifest(folder) != bundle.manifest:
        raise BundleError(f"{bundle.folder} was changed since it was loaded: load it again")
    if (folder / _SCREEN).exists():
        from spindetect.screening.model import load_screen_model

        for name in SCREEN_FILES:
            check_plain(folder, name)
        load_screen_model(folder / _SCREEN)


def _check_target(target: Path, with_screen: bool) -> None:
    """Nothing but a bundle's own files is replaced or removed."""
    for folder in (target / _SCREEN, target / "encoder"):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise InputError(f"{folder} is no folder, which a bundle needs there: remove it, or name another folder")
    for name in _FILES:
        if (target / name).is_dir() and not (target / name).is_symlink():
            raise InputError(f"{target / name} is a folder, where a bundle has a file: name another folder")
    if not with_screen and (target / _SCREEN).is_dir():
        foreign = sorted({path.name for path in (target / _SCREEN).iterdir()} - {Path(name).name for name in SCREEN_FILES})
        if foreign:
            raise InputError(f"{target / _SCREEN / foreign[0]} is no file of a bundle, and in its way: name another folder")


def _copy(source: Path, new: Path) -> None:
    for name in _FILES:
        if name in SCREEN_FILES and not (source / _SCREEN).exists():
            continue
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, new / name)


def _exchange(new: Path, target: Path, old: Path) -> None:
    """Move a bundle to its place, and the one that was there away; all of it, or on an error nothing."""
    moved = []
    try:
        for name in _FILES:
            for before, after in ((target / name, old / name), (new / name, target / name)):
                if os.path.lexists(before):
                    after.parent.mkdir(parents=True, exist_ok=True)
                    before.rename(after)
                    moved.append((before, after))
        if not (new / _SCREEN).exists() and (target / _SCREEN).exists():
            (target / _SCREEN).rmdir()
    except BaseException:
        for before, after in reversed(moved):
            after.rename(before)
        raise


def hub_card(card: str, license: str | None) -> str:
    """A model card with metadata in front and how to use it at the end; of one that has them only the license is set."""
    line = f"license: {license}\n" if license else ""
    front = _FRONT_MATTER.match(card)
    if front is None:
        return _METADATA.format(license=line) + card.rstrip() + "\n" + _USE
    if not license:
        return card
    return f"---\n{_LICENSE.sub('', front[1])}{line}---\n{card[front.end() :]}"


def located(folder_or_id: str | Path, revision: str | None, download: bool) -> Path:
    """The folder of a bundle: as named, or where the hub's client put it."""
    folder = Path(folder_or_id)
    if folder.exists() or isinstance(folder_or_id, Path):
        return folder
    if not _ID.fullmatch(folder_or_id) or ".." in folder_or_id:
        raise InputError(f"{folder_or_id} is no folder here, and no id of a hub (owner/name): name the folder of a bundle")
    if revision is not None and (not _REVISION.fullmatch(revision) or revision.strip(".") == ""):
        raise InputError(f"the revision {revision!r} is no branch, tag or commit: name one of letters, digits, dots and dashes")
    try:
        from huggingface_hub import constants
    except ImportError as error:
        raise MissingExtraError("a bundle of a hub", "hub") from error
    # A folder of plain files: the client's cache is made of links, which a bundle must not have.
    target = Path(constants.HF_HOME) / "spindetect" / folder_or_id.replace("/", "--") / (revision or "main")
    if not download:
        if (target / "manifest.json").is_file():
            return target
        raise InputError(f"{folder_or_id} is no folder here and was not downloaded before: name a folder, or allow download=True")
    return _downloaded(folder_or_id, revision, target)


def _downloaded(repository: str, revision: str | None, target: Path) -> Path:
    from huggingface_hub import snapshot_download

    try:
        # Only what a bundle consists of, whatever else lies beside it; nothing of it is executed.
        snapshot_download(repository, revision=revision, local_dir=target, allow_patterns=list(_FILES))
    except Exception as error:  # the client raises its own, the transport's and OSError
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise BundleError(
            f"{repository} cannot be downloaded ({reason}): check the id and the network, or name a folder"
        ) from error
    return target

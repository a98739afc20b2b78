"""Bundles in the manner of the Hugging Face hub: a folder with a card, or an id to be downloaded on request."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from spindetect.bundle import BUNDLE_FILES, Bundle, replace_metrics
from spindetect.errors import BundleError, InputError, MissingExtraError

SCREEN_FILES = tuple(f"screen/{name}" for name in ("manifest.json", "weights.safetensors", "metrics.json", "README.md"))
_FILES = ("manifest.json", *sorted(BUNDLE_FILES), *SCREEN_FILES)
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
    if folder.resolve() == bundle.folder.resolve():
        raise InputError(f"{folder} is the bundle itself: name another folder")
    try:
        for name in _FILES:
            if not (bundle.folder / name).is_file() and name in SCREEN_FILES:
                continue
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copyfile(bundle.folder / name, target)
        card = (folder / "README.md").read_text("utf-8")
        replace_metrics(folder, bundle.metrics, hub_card(card, license))
    except OSError as error:
        raise InputError(
            f"{error.filename or folder} cannot be copied ({error.strerror or error}): name another folder"
        ) from error
    return folder


def hub_card(card: str, license: str | None) -> str:
    """A model card with metadata in front and how to use it at the end; one that has them already stays."""
    if card.startswith("---\n"):
        return card
    return _METADATA.format(license=f"license: {license}\n" if license else "") + card.rstrip() + "\n" + _USE


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

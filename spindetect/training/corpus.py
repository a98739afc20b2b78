"""Stories on disk, and labelled pairs of the user's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from spindetect.errors import InputError

Label = Literal["spun", "reprint", "independent"]
LABELS: tuple[Label, ...] = ("independent", "reprint", "spun")


@dataclass(frozen=True)
class Rewrite:
    """A rewrite by hand: its kind and text; for a mosaic also (source story part or id, opening words, text)."""

    kind: str
    text: str
    sentences: tuple[tuple[str | None, str, str], ...] = ()


@dataclass(frozen=True)
class Story:
    """An event as an original tells it, as another reporter does, as a reprint, and as rewriters turned it."""

    id: str
    topic: str
    split: Literal["train", "validation", "test"]
    original: str
    independent: str
    reprint: str
    rewrites: tuple[Rewrite, ...]
    hard_negatives: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LabelledPair:
    """One pair for training or evaluation; pairs of a group are never parted by a split.

    Attributes:
        coverage: share of the suspect's words that are derived, where it is known.
    """

    id: str
    suspect: str
    original: str
    label: Label
    group: str
    source: str
    detail: str = ""
    coverage: float | None = None


def load_stories(folder: Path) -> list[Story]:
    """All stories of a folder, by file name.

    Raises:
        InputError: there is none, or one is not a story.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise InputError(f"{folder} holds no story files (*.json): name the folder data/stories or a file of labelled pairs")
    return [_story(path) for path in paths]


def _story(path: Path) -> Story:
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        rewrites = tuple(
            Rewrite(
                item["kind"],
                item["text"],
                tuple((part["from"], part["opening"], part["text"]) for part in item.get("sentences", ())),
            )
            for item in data["rewrites"]
        )
        return Story(
            id=data.get("id", path.stem),
            topic=data.get("topic", ""),
            split=data.get("split", "train"),
            original=data["original"]["text"],
            independent=data["independent"]["text"],
            reprint=data["reprint"]["text"],
            rewrites=rewrites,
            hard_negatives=tuple((item["kind"], item["text"]) for item in data.get("hard_negatives", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is not a story ({error!r}): see data/schema.json") from error


def load_pairs(path: Path) -> Iterator[LabelledPair]:
    """Labelled pairs of a JSONL file, ``{"id", "suspect", "original", "label"}`` and optionally group, source, detail.

    Raises:
        InputError: a row is not a labelled pair; the message names the line.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                label, suspect, original = row["label"], row["suspect"], row["original"]
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise InputError(
                    f"{path}, line {number} is no labelled pair ({error!r}): it needs suspect, original, label"
                ) from error
            if label not in LABELS or not isinstance(suspect, str) or not isinstance(original, str):
                raise InputError(
                    f"{path}, line {number}: label {label!r}, or a text that is no string; labels are {', '.join(LABELS)}"
                )
            given = {name: value for name, value in row.items() if value is not None}
            identity = str(given.get("id", number))
            yield LabelledPair(
                id=identity,
                suspect=suspect,
                original=original,
                label=label,
                group=str(given.get("group", identity)),
                source=str(given.get("source", path.stem)),
                detail=str(given.get("detail", "")),
            )

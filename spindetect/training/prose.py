"""Ordinary prose that is no news: what the screening must not accuse."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from spindetect.errors import MissingExtraError
from spindetect.training.datasheet import markdown_table, shared_five_grams, words_of

LEAST_PIECES, LEAST_WORDS = 120, 40_000
_MOST_SHARED = 0.05
Piece = dict[str, Any]


def load_prose(folder: Path) -> list[Piece]:
    """The pieces as they stand in their files."""
    return [json.loads(path.read_text("utf-8")) | {"_file": path.name} for path in sorted(folder.glob("*.json"))]


def prose_problems(pieces: Sequence[Piece], schema: Path) -> Iterator[str]:
    """Every broken rule, one line each.

    Raises:
        MissingExtraError: jsonschema is not installed.
    """
    try:
        from jsonschema import Draft202012Validator
    except ImportError as error:
        raise MissingExtraError("Validating the prose", "dev") from error
    validator = Draft202012Validator(json.loads(schema.read_text("utf-8")))
    for piece in pieces:
        data = {key: value for key, value in piece.items() if key != "_file"}
        yield from (f"{piece['_file']}: {found.json_path}: {found.message[:100]}" for found in validator.iter_errors(data))
        if piece["_file"] != f"{piece['id']}.json":
            yield f"{piece['_file']}: its id is {piece['id']}"
    numbers = Counter(piece["id"].split("-")[0] for piece in pieces)
    yield from (f"two pieces have the number {number}" for number, count in numbers.items() if count > 1)
    words = sum(len(words_of(piece["text"])) for piece in pieces)
    if len(pieces) < LEAST_PIECES or words < LEAST_WORDS:
        yield f"the prose has {len(pieces)} pieces of {words} words, not {LEAST_PIECES} of {LEAST_WORDS}"
    splits = Counter(piece["split"] for piece in pieces)
    if abs(splits["train"] - splits["test"]) > 2:
        yield f"{splits['test']} of {len(pieces)} pieces are for testing, not half"
    for register in {piece["register"] for piece in pieces}:
        if len({piece["split"] for piece in pieces if piece["register"] == register}) < 2:
            yield f"the register {register} is in one split only"
    for number, piece in enumerate(pieces):
        for other in pieces[number + 1 :]:
            if shared_five_grams(piece["text"], other["text"]) > _MOST_SHARED:
                yield f"{piece['id']} and {other['id']} share wording"


def prose_composition(pieces: Sequence[Piece]) -> str:
    """The composition of the prose as Markdown."""
    rows = []
    for register in sorted({piece["register"] for piece in pieces}):
        lengths = [len(words_of(piece["text"])) for piece in pieces if piece["register"] == register]
        rows.append((register, len(lengths), sum(lengths), min(lengths), round(statistics.median(lengths)), max(lengths)))
    total = [len(words_of(piece["text"])) for piece in pieces]
    rows.append(("all", len(total), sum(total), min(total), round(statistics.median(total)), max(total)))
    languages = Counter(piece["first_language"] for piece in pieces).most_common()
    return "\n".join(
        [
            markdown_table(("register", "pieces", "words", "shortest", "median", "longest"), rows),
            markdown_table(("split", "pieces"), Counter(piece["split"] for piece in pieces).items()),
            markdown_table(("first language", "pieces"), languages),
        ]
    )

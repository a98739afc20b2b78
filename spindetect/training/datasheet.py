"""The corpus measured: rules that every story keeps, and the tables of its datasheet."""

from __future__ import annotations

import itertools
import json
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from spindetect.article import Article
from spindetect.errors import MissingExtraError
from spindetect.normalisation import normalise
from spindetect.pairing import words_as_characters
from spindetect.training.labels import REPRINT_BELOW, SPUN_ABOVE

LEAST_STORIES = 240
LEAST_TOPICS = 12
LEAST_HARD_NEGATIVE_STORIES = 60
OVERLAP_LIMIT, OVERLAP_SHARE = 0.12, 0.95
"""Shared word 5-grams of original and independent, over the shorter text, in this share of the stories."""
_RECOGNISED = 0.25
"""Share of a text's words in recognisable sentences under which the changed share says nothing."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
Story = dict[str, Any]


def load_story_files(folder: Path) -> list[Story]:
    """The stories as they stand in their files."""
    return [json.loads(path.read_text("utf-8")) | {"_file": path.name} for path in sorted(folder.glob("*.json"))]


def words_of(text: str) -> list[str]:
    return _WORD.findall(normalise(text).casefold())


def shared_five_grams(left: str, right: str) -> float:
    """Distinct word 5-grams in both texts over those of the text that has fewer."""
    grams = [set(zip(*(words_of(text)[k:] for k in range(5)), strict=False)) for text in (left, right)]
    return len(grams[0] & grams[1]) / max(1, min(map(len, grams)))


def changed_share(suspect: str, original: str) -> float:
    """Share of words replaced, over the suspect sentences that resemble one or two neighbouring original sentences.

    Sentences without half of their words in such a source are additions, and do not count; a text of hardly anything
    else is rewritten through and through.
    """
    ids: dict[str, int] = {}
    left, right = _sentence_strings(suspect, ids), _sentence_strings(original, ids)
    sources = [*right, *(first + second for first, second in itertools.pairwise(right))]
    kept = process.cdist(left, sources, scorer=LCSseq.similarity).max(axis=1).tolist()
    matched = [(same, len(words)) for same, words in zip(kept, left, strict=True) if same >= len(words) / 2]
    total = sum(length for _, length in matched)
    if total < _RECOGNISED * sum(map(len, left)):
        return 1.0
    return 1 - sum(same for same, _ in matched) / total


def _sentence_strings(text: str, ids: dict[str, int]) -> list[str]:
    return [words_as_characters(words_of(sentence), ids) for sentence in Article.from_text(text).sentence_texts()]


def problems(stories: Sequence[Story], schema: Path) -> list[str]:
    """Every broken rule, one line each; none for a sound corpus.

    Raises:
        MissingExtraError: jsonschema is not installed.
    """
    return [*_schema_problems(stories, schema), *_story_problems(stories), *_corpus_problems(stories)]


def _schema_problems(stories: Sequence[Story], schema: Path) -> Iterator[str]:
    try:
        from jsonschema import Draft202012Validator
    except ImportError as error:
        raise MissingExtraError("Validating the stories", "dev") from error
    validator = Draft202012Validator(json.loads(schema.read_text("utf-8")))
    for story in stories:
        data = {key: value for key, value in story.items() if key != "_file"}
        for violation in validator.iter_errors(data):
            yield f"{story['_file']}: {violation.json_path}: {violation.validator}: {violation.message[:100]}"
        if story["_file"] != f"{story['id']}.json":
            yield f"{story['_file']}: its id is {story['id']}"


def _story_problems(stories: Sequence[Story]) -> Iterator[str]:
    originals = {story["id"]: story for story in stories}
    for story in stories:
        name, original = story["_file"], story["original"]["text"]
        length = len(words_of(original))
        if not 250 <= length <= 500:
            yield f"{name}: the original has {length} words, not 250 to 500"
        change = changed_share(story["reprint"]["text"], original)
        if change >= REPRINT_BELOW:
            yield f"{name}: the reprint changes {change:.1%} of its words, not under {REPRINT_BELOW:.0%}"
        kinds = [rewrite["kind"] for rewrite in story["rewrites"]]
        if len(set(kinds)) < 3 or "fluent" not in kinds:
            yield f"{name}: rewrites {kinds}, not at least three kinds with a fluent one"
        for rewrite in story["rewrites"]:
            if rewrite["kind"] == "mosaic":
                yield from _mosaic_problems(story, rewrite, originals)
            elif changed_share(rewrite["text"], original) <= SPUN_ABOVE:
                yield f"{name}: {rewrite['kind']} changes too little to be spun"


def _mosaic_problems(story: Story, rewrite: Story, originals: dict[str, Story]) -> Iterator[str]:
    parts = {"original": story["original"]["text"], "independent": story["independent"]["text"]}
    for sentence in rewrite["sentences"]:
        source = sentence["from"]
        if source is None:
            continue
        if source in originals and originals[source]["split"] != story["split"]:
            yield f"{story['_file']}: the mosaic takes from {source}, which is in another split"
        text = parts.get(source) or originals.get(source, {}).get("original", {}).get("text", "")
        if normalise(sentence["opening"]) not in normalise(text).replace("\n", " "):
            yield f"{story['_file']}: mosaic sentence not found in {source}: {sentence['opening']}"
        if sentence["text"] not in rewrite["text"]:
            yield f"{story['_file']}: mosaic text lacks its sentence {sentence['text'][:40]}"


def _corpus_problems(stories: Sequence[Story]) -> Iterator[str]:
    counts = (
        (len(stories), LEAST_STORIES, "stories"),
        (len({story["topic"] for story in stories}), LEAST_TOPICS, "topics"),
        (sum(bool(story["hard_negatives"]) for story in stories), LEAST_HARD_NEGATIVE_STORIES, "stories with hard negatives"),
    )
    for count, least, what in counts:
        if count < least:
            yield f"the corpus has {count} {what}, not {least}"
    ids = Counter(story["id"].split("-")[0] for story in stories)
    yield from (f"two stories have the number {number}" for number, count in ids.items() if count > 1)
    overlaps = [shared_five_grams(story["original"]["text"], story["independent"]["text"]) for story in stories]
    within = sum(overlap <= OVERLAP_LIMIT for overlap in overlaps) / max(1, len(overlaps))
    if within < OVERLAP_SHARE:
        yield f"only {within:.0%} of the stories keep to {OVERLAP_LIMIT:.0%} shared 5-grams, not {OVERLAP_SHARE:.0%}"


def composition(stories: Sequence[Story]) -> str:
    """The composition tables as Markdown."""
    overlaps = [shared_five_grams(story["original"]["text"], story["independent"]["text"]) for story in stories]
    changes: dict[str, list[float]] = defaultdict(list)
    lengths: dict[str, list[int]] = defaultdict(list)
    for story in stories:
        original = story["original"]["text"]
        for kind in ("original", "independent", "reprint"):
            lengths[kind].append(len(words_of(story[kind]["text"])))
        changes["reprint"].append(changed_share(story["reprint"]["text"], original))
        for item in story["rewrites"]:
            lengths[f"rewrite {item['kind']}"].append(len(words_of(item["text"])))
            changes[f"rewrite {item['kind']}"].append(changed_share(item["text"], original))
        for item in story["hard_negatives"]:
            lengths[f"hard negative {item['kind']}"].append(len(words_of(item["text"])))
    rows = [
        (kind, len(values), sum(values), min(values), round(statistics.median(values)), max(values), _percent(changes.get(kind)))
        for kind, values in lengths.items()
    ]
    tables = [
        markdown_table(("text", "n", "words", "shortest", "median", "longest", "median changed"), rows),
        markdown_table(("topic", "stories"), Counter(story["topic"] for story in stories).items()),
        markdown_table(("voice", "stories"), Counter(story["voice"] for story in stories).items()),
        markdown_table(("split", "stories"), Counter(story["split"] for story in stories).items()),
        markdown_table(("spelling", "stories"), Counter(story["spelling"] for story in stories).items()),
        markdown_table(
            ("original and independent", ""),
            [
                ("shared 5-grams, median", f"{statistics.median(overlaps):.1%}"),
                ("shared 5-grams, largest", f"{max(overlaps):.1%}"),
                ("from one press release or news conference", sum(story["independent"]["close"] for story in stories)),
                ("stories with hard negatives", sum(bool(story["hard_negatives"]) for story in stories)),
            ],
        ),
    ]
    return "\n".join(tables)


def _percent(values: list[float] | None) -> str:
    return f"{statistics.median(values):.0%}" if values else ""


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table that ends with its last row's line break."""
    lines = [" | ".join(head), " | ".join("---" for _ in head), *(" | ".join(map(str, row)) for row in rows)]
    return "".join(f"| {line} |\n" for line in lines)

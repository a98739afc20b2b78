"""The pairs that were written by hand."""

from __future__ import annotations

from collections.abc import Iterator

from spindetect.training.corpus import Story
from spindetect.training.labels import TrainingPair, pair_of


def written_pairs(story: Story) -> Iterator[TrainingPair]:
    """The pairs that were written by hand, in both directions where the label holds in both."""

    def independent(name: str, suspect: str, original: str, source: str) -> TrainingPair:
        return TrainingPair(pair_of(story, name, suspect, original, "independent", source), "none")

    original, second = story.original, story.independent
    yield independent("independent", second, original, "independent")
    yield independent("independent back", original, second, "independent")
    yield TrainingPair(pair_of(story, "reprint", story.reprint, original, "reprint", "reprint"), "copied")
    yield TrainingPair(pair_of(story, "reprint back", original, story.reprint, "reprint", "reprint"), "copied")
    yield TrainingPair(pair_of(story, "itself", original, original, "reprint", "itself"), "copied")
    yield independent("reprint of another report", story.reprint, second, "independent")
    for rewrite in story.rewrites:
        name = f"rewrite {rewrite.kind}"
        if rewrite.kind == "mosaic":
            yield TrainingPair(pair_of(story, name, rewrite.text, original, "spun", name), "unknown")
            continue
        yield TrainingPair(pair_of(story, name, rewrite.text, original, "spun", name), "in order")
        yield TrainingPair(pair_of(story, f"{name} back", original, rewrite.text, "spun", f"{name} back"), "in order")
        yield independent(f"{name} of another report", rewrite.text, second, "independent rewritten")
    for number, (kind, text) in enumerate(story.hard_negatives):
        source = f"hard negative {kind}"
        yield independent(f"{source} {number}", text, original, source)
        yield independent(f"{source} {number} back", original, text, source)

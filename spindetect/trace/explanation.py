"""A trace in a few plain sentences: facts, never intent."""

from __future__ import annotations

from spindetect.trace.results import Trace, TracedOriginal

_SHOWN = 5


def explanation(trace: Trace) -> list[str]:
    """What was found, where each part comes from, and what that is worth."""
    if trace.verdict == "inconclusive" and not trace.originals:
        return [f"There is no verdict: {trace.reason}."]
    count = len(trace.attribution)
    if not trace.originals:
        return [
            f"None of the {trace.compared} articles of the archive that are likest to the suspect is an original of it.",
            "An original that is not in the archive cannot be found: this clears nobody.",
        ]
    sourced = sum(item.original is not None for item in trace.attribution)
    lines = [
        f"The suspect has {count} {_plural('sentence', count)}; {sourced} of them, with {trace.explained:.0%} of its words, "
        f"come from {len(trace.originals)} {_plural('article', len(trace.originals))} of the archive."
    ]
    lines += [_original(trace, original) for original in trace.originals[:_SHOWN]]
    if len(trace.originals) > _SHOWN:
        lines.append(f"{len(trace.originals) - _SHOWN} more are listed below these.")
    return [*lines, "A score is evidence, not proof: read the texts before acting on it."]


def _original(trace: Trace, original: TracedOriginal) -> str:
    best = len(trace.attributed_to(original.id))
    name = f"{original.id} ({original.title})" if original.title else original.id
    said = {"spun": "spun copy", "reprint": "reprint", "inconclusive": "too close to call"}[original.verdict]
    line = f"{' '.join(name.split())}: {said}, explains {original.share:.0%} of the suspect's words"
    if best:
        line += f", and {best} of its sentences better than any other original"
    return f"{line}; {original.comparison.changed:.0%} of those words were replaced."


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"

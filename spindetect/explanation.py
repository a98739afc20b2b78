"""The evidence in a few plain sentences: facts, never intent."""

from __future__ import annotations

from collections import Counter

from spindetect.results import Comparison, FixedPoint

_REPLACED = frozenset(["synonym", "phrase", "inflection", "other"])
_LONGEST_QUOTE = 160


def explanation(result: Comparison) -> list[str]:
    """Five to eight sentences on a comparison: the verdict, then the facts behind it."""
    return [
        _verdict(result),
        _lengths(result),
        _coverage(result),
        *_wording(result),
        *_quotations(result),
        _fixed(result),
        *_order(result),
        "A score is evidence, not proof: read both texts before acting on it.",
    ]


def _verdict(result: Comparison) -> str:
    likely = f"the estimated probability of a spun copy is {_percent(result.score, near_certain=True)}"
    if result.verdict == "inconclusive":
        return f"The comparison is inconclusive ({result.reason}); {likely}."
    meaning = {
        "spun": "The suspect is judged a spun copy: derived from the original, with its wording changed",
        "reprint": "The suspect is judged a reprint: derived from the original, with its wording kept",
        "independent": "The suspect is judged independent of the original",
    }
    return f"{meaning[result.verdict]}; {likely}."


def _lengths(result: Comparison) -> str:
    suspect, original = (_count(len(result.texts[side].split()), "word") for side in ("suspect", "original"))
    ignored = sum(item.words for items in result.ignored.values() for item in items)
    sentence = f"The suspect has {suspect} of article text and the original {original}"
    return f"{sentence}; {_count(ignored, 'word')} were not compared." if ignored else f"{sentence}."


def _coverage(result: Comparison) -> str:
    sourced = sum(len(passage.sentences) for passage in result.passages)
    total = sourced + len(result.unsourced)
    if not sourced:
        return f"None of the suspect's {_count(total, 'sentence')} has a recognisable source in the original."
    if not result.unsourced:
        return f"Every sentence of the suspect ({total}) has a source in the original."
    return (
        f"{sourced} of the suspect's {_count(total, 'sentence')}, with {_percent(result.coverage)} of its words, have a "
        f"source in the original; {len(result.unsourced)} have none."
    )


def _wording(result: Comparison) -> list[str]:
    if not result.passages:
        return []
    replaced = [item for item in result.substitutions if item.relation in _REPLACED]
    sentence = f"In those sentences {_percent(result.changed)} of the words were replaced"
    shown = [item for item in replaced if item.relation in ("synonym", "phrase")][:3]
    if shown:
        examples = ", ".join(f'"{_short(item.original)}" became "{_short(item.suspect)}"' for item in shown)
        sentence += f", in {_count(len(replaced), 'place')}; for example {examples}"
    return [sentence + "."]


def _quotations(result: Comparison) -> list[str]:
    quotes = result.altered_quotes
    if not quotes:
        return []
    first = quotes[0]
    who = f", attributed to {first.speaker}," if first.speaker else ""
    opening = (
        "One direct quotation has other words inside the marks"
        if len(quotes) == 1
        else f"{len(quotes)} direct quotations have other words inside the marks"
    )
    return [f'{opening}: "{_short(first.original)}"{who} reads "{_short(first.suspect)}" in the suspect.']


def _fixed(result: Comparison) -> str:
    points = [point for point in result.fixed_points if point.kind != "quotation"]
    if not points:
        return "The original holds no names, dates or numbers to look for."
    fates = Counter(point.fate for point in points)
    sentence = f"Of {_count(len(points), 'name, date or number', 'names, dates and numbers')} in the original, "
    sentence += f"{fates['kept']} {'stands' if fates['kept'] == 1 else 'stand'} in the suspect"
    changed = [point for point in points if point.fate == "changed"]
    if changed:
        sentence += f" and {len(changed)} {'was' if len(changed) == 1 else 'were'} changed ({_change(changed[0])})"
    return sentence + "."


def _change(point: FixedPoint) -> str:
    return f'"{_short(point.text)}" to "{_short(point.suspect or "")}"'


def _order(result: Comparison) -> list[str]:
    tau = result.order.kendall_tau
    if tau is None:
        return []
    how = "the same order as" if tau > 0.9 else "nearly the same order as" if tau > 0.6 else "another order than"
    return [f"The matched sentences stand in {how} in the original (Kendall tau {tau:+.2f})."]


def _percent(share: float, near_certain: bool = False) -> str:
    if near_certain and share > 0.99:
        return "over 99 %"
    if near_certain and share < 0.01:
        return "under 1 %"
    return f"{100 * share:.0f} %"


def _count(number: int, singular: str, plural: str | None = None) -> str:
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def _short(text: str) -> str:
    text = " ".join(text.split()).rstrip(",.;")
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + " ..."

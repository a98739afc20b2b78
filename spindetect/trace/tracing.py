"""From a suspect to its originals: search, compare, and once more for what the originals found leave unexplained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from spindetect.archive.results import StoredArticle
from spindetect.article import Article
from spindetect.detector import SpinDetector
from spindetect.obstacles import LEAST_WORDS, obstacle_of
from spindetect.trace.results import Trace, TracedOriginal
from spindetect.trace.selection import Candidate, attributed, ordered, words_in

MAX_FPR = 0.003
"""False-positive rate that a suspect's first original must keep to. A suspect meets a dozen articles here, some of them
reports of its own event, and the rate of a single pair would add up."""
_LOWEST_FPR = 0.0
"""Where only doubtful originals were found, one for the rest of the suspect must keep to the lowest rate that was measured."""
COMPARED = 12
"""Articles of the archive that a suspect is compared with."""
_ROUNDS = 3
"""A mosaic of more originals than one is looked through so many times."""
_LEAST_PART = 0.15
"""Share of the suspect that an original found in its rest must explain."""

Search = Callable[[Article, int], list[StoredArticle]]


def trace(suspect: Article, search: Search, detector: SpinDetector, limit: int, evidence: bool) -> Trace:
    """Trace a suspect.

    Args:
        suspect: the cleaned text.
        search: the articles of the archive likest to a text, as many as asked for.
        limit: how many originals at most.
        evidence: whether the comparisons show theirs.
    """
    obstacle = obstacle_of(suspect, "suspect")
    derived, doubtful, compared = ([], [], 0) if obstacle else _candidates(suspect, search, detector, limit)
    chosen = [*ordered(suspect, derived), *ordered(suspect, doubtful)][:limit]
    originals = tuple(_original(suspect, item, detector, evidence) for item in chosen)
    verdict = originals[0].verdict if originals else "independent"
    return Trace(
        verdict="inconclusive" if obstacle else verdict,
        originals=originals,
        attribution=attributed(suspect, chosen),
        text=suspect.text,
        ignored=suspect.ignored,
        compared=compared,
        reason=obstacle or (originals[0].comparison.reason if originals else ""),
        model=detector.model,
    )


def _candidates(
    suspect: Article, search: Search, detector: SpinDetector, limit: int
) -> tuple[list[Candidate], list[Candidate], int]:
    """Originals, those too close to call, and how many articles were compared.

    What an original explains is put aside and the rest looked up again: of three articles shuffled into one, each is a
    small part that the others hide, and what remains without them is a larger part, its sentences side by side.
    """
    derived: dict[str, Candidate] = {}
    doubtful: dict[str, Candidate] = {}
    compared: set[str] = set()
    part, rows = suspect, list(range(len(suspect.sentences)))
    for turn in range(_ROUNDS):
        known = derived.keys() | doubtful.keys()
        stored = [item for item in search(part, max(COMPARED, limit) + len(known)) if item.entry.id not in derived]
        judged = detector.judge.judged([(part, item.article) for item in stored])
        if not derived:
            judged = detector.judge.doubted(judged, _LOWEST_FPR if turn else MAX_FPR)
        new = [Candidate(*items, _compared_rows(part, rows, items[1].pair[0])) for items in zip(stored, judged, strict=True)]
        new = [item for item in new if not turn or _is_part(suspect, item)]
        compared |= {item.entry.id for item in stored}
        if turn == 0 or not derived:
            doubtful = {item.stored.entry.id: item for item in new if item.is_doubtful} | doubtful
        derived |= {item.stored.entry.id: item for item in new if item.is_derived}
        left = _unexplained(suspect, (derived or doubtful).values())
        if len(left) == len(rows) or words_in(suspect, left) < LEAST_WORDS:
            break
        rows = left
        part = Article.restored(*_joined(suspect, rows))
    return list(derived.values()), [item for name, item in doubtful.items() if name not in derived], len(compared)


def _compared_rows(part: Article, rows: Sequence[int], compared: Article) -> Sequence[int]:
    """The sentences of the suspect that were compared: a part of it without what it openly quotes from the article."""
    if len(compared.sentences) == len(rows):
        return rows
    row_of = dict(zip(part.sentences, rows, strict=True))
    return [row_of[span] for span in compared.sentences]


def _is_part(suspect: Article, item: Candidate) -> bool:
    words = words_in(suspect, item.explained())
    return words >= LEAST_WORDS and words >= _LEAST_PART * len(suspect.words)


def _unexplained(suspect: Article, found: Iterable[Candidate]) -> list[int]:
    explained = {row for item in found for row in item.explained()}
    return [row for row in range(len(suspect.sentences)) if row not in explained]


def _joined(suspect: Article, rows: Sequence[int]) -> tuple[str, list[tuple[int, int]]]:
    """Some sentences as a text, and their places in it."""
    texts = [suspect.text[slice(*suspect.sentences[row])] for row in rows]
    spans = []
    start = 0
    for text in texts:
        spans.append((start, start + len(text)))
        start += len(text) + 1
    return " ".join(texts), spans


def _original(suspect: Article, item: Candidate, detector: SpinDetector, evidence: bool) -> TracedOriginal:
    return TracedOriginal(
        **vars(item.stored.entry),
        share=words_in(suspect, item.explained()) / max(1, len(suspect.words)),
        is_part=len(item.rows) < len(suspect.sentences),
        comparison=detector.shown(item.judged, evidence),
    )

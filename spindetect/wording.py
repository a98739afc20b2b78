"""Word alignment inside matched sentences: what was kept, moved, replaced, added and dropped.

Kept words anchor the alignment where the order is the original's; kept words elsewhere are moved ones and anchor too. What
stands between two anchors is paired word by word (`wordpairs`), and what is then left over is tried against the other
left-overs: a clause may have been moved and reworded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from rapidfuzz.distance import Levenshtein

from spindetect.alignment import Alignment
from spindetect.encoding import FUNCTION_WORD_RARITY
from spindetect.pairing import Pairing
from spindetect.quantities import is_date, same_quantity
from spindetect.synonyms import Synonyms
from spindetect.wordpairs import COSTS, LONGEST_PHRASE, Costs, Run, WordPair, pair_words

Kind = Literal["kept", "moved", "replaced", "added", "dropped"]
_FREE, _NOWHERE = -1, -2
_MOST_CELLS = 4_000
_MOVED_GAIN = 1.5
"""Gain of a whole pairing from which two left-over runs are one clause, moved and reworded."""
_PAIR_GAIN = 0.6
"""Gain of a pair inside it that is worth reporting."""


@dataclass(frozen=True, slots=True)
class WordMatch:
    """Suspect words [start, end) and original words [original_start, original_end), by word numbers of the articles.

    An addition has an empty range in the original, at the place where it would stand; a dropped word the reverse.
    """

    start: int
    end: int
    original_start: int
    original_end: int
    kind: Kind
    closeness: float = 1.0
    settled: bool = True
    """Between kept words on both sides: position alone says that the two belong together."""


def word_matches(alignment: Alignment, synonyms: Synonyms) -> Iterator[WordMatch]:
    """The matches of all sentences that have a source, sentence by sentence."""
    for row, sources in enumerate(alignment.sources):
        if sources:
            yield from match_sentence(alignment.pairing, row, sources, synonyms)


def match_sentence(
    pairing: Pairing, row: int, sources: Sequence[int], synonyms: Synonyms, costs: Costs = COSTS
) -> list[WordMatch]:
    """The matches of suspect sentence ``row`` and its sources, numbers of original sentences in text order."""
    return _SentenceMatcher(pairing, row, sources, synonyms, costs).matches()


class _SentenceMatcher:
    """One suspect sentence against its sources, in places 0.. of either side."""

    def __init__(self, pairing: Pairing, row: int, sources: Sequence[int], synonyms: Synonyms, costs: Costs) -> None:
        suspect, original = self._suspect, self._original = pairing.suspect, pairing.original
        self._synonyms, self._costs = synonyms, costs
        self._left = pairing.suspect_strings[row]
        self._right = "".join(pairing.original_strings[source] for source in sources)
        self._numbers = range(int(suspect.starts[row]), int(suspect.starts[row] + suspect.lengths[row]))
        starts, ends = original.starts, original.starts + original.lengths
        self._partners = [number for source in sources for number in range(int(starts[source]), int(ends[source]))]
        self._content = (suspect.weights[list(self._numbers)] > FUNCTION_WORD_RARITY).tolist()
        self._kept = [_FREE] * len(self._left)  # place in the source of each kept or moved word
        self._taken = [_FREE] * len(self._right)
        self._moved = [False] * len(self._left)
        self._replaced: list[WordMatch] = []

    def matches(self) -> list[WordMatch]:
        self._find_rewritten_quantities()
        self._anchor()
        self._find_moved()
        runs = [(span, self._partners_of(span)) for span in _free_runs(self._kept)]
        for span, (partners, closed) in sorted(runs, key=lambda item: not item[1][1]):
            self._pair(span, [place for place in partners if self._taken[place] == _FREE], closed)
        self._grow_phrases()
        self._pair_leftovers()
        return [*self._kept_matches(), *self._replaced, *self._additions(), *self._cuts()]

    def _find_rewritten_quantities(self) -> None:
        """Dates whose words changed places ("March 11", "11 March"), the same date before another one: kept words
        would tear them apart."""
        words, others = self._words()
        neighbours = set(pairwise(words))
        dates = [place for place in range(len(words) - 1) if is_date(tuple(words[place : place + 2]))]
        for same in (True, False):
            for place in dates:
                left = tuple(words[place : place + 2])
                for begin in range(len(others) - 1):
                    right = tuple(others[begin : begin + 2])
                    if left == right or not is_date(right) or not self._is_free(place, begin):
                        continue
                    if same_quantity(left, right) if same else set(left) & set(right) and right not in neighbours:
                        self._replace(place, place + 2, begin, begin + 2, 1.0, settled=True)
                        break

    def _words(self) -> tuple[list[str], list[str]]:
        suspect, original = self._suspect.article.words, self._original.article.words
        return [suspect[n] for n in self._numbers], [original[n] for n in self._partners]

    def _anchor(self) -> None:
        """Words in the order of the source; a single function word in the midst of changes is no anchor."""
        blocks = Levenshtein.opcodes(self._right, self._left)
        merged = [(block.tag == "equal", block.dest_start, block.dest_end, block.src_start, block.src_end) for block in blocks]
        for position, (equal, start, end, begin, _) in enumerate(merged):
            if not equal:
                continue
            inside = 0 < position < len(merged) - 1
            if inside and end - start == 1 and not self._content[start]:
                around = (merged[position - 1], merged[position + 1])
                if any(item[2] - item[1] != item[4] - item[3] for item in around):
                    continue
            for offset in range(end - start):
                if self._is_free(start + offset, begin + offset):
                    self._keep(start + offset, begin + offset)

    def _keep(self, place: int, partner: int, moved: bool = False) -> None:
        self._kept[place], self._taken[partner], self._moved[place] = partner, place, moved

    def _find_moved(self) -> None:
        """Content words of the source at another place, with the words around them that moved along."""
        left, right = self._left, self._right
        for place in range(len(left)):
            if self._kept[place] != _FREE or not self._content[place]:
                continue
            options = [k for k in range(len(right)) if right[k] == left[place] and self._taken[k] == _FREE]
            if not options:
                continue
            partner = min(options, key=lambda k: abs(k - place))
            self._keep(place, partner, moved=True)
            for step in (-1, 1):
                i, j = place + step, partner + step
                while self._is_free(i, j) and left[i] == right[j]:
                    self._keep(i, j, moved=True)
                    i, j = i + step, j + step

    def _is_free(self, i: int, j: int) -> bool:
        return 0 <= i < len(self._left) and 0 <= j < len(self._right) and self._kept[i] == self._taken[j] == _FREE

    def _partners_of(self, span: tuple[int, int]) -> tuple[list[int], bool]:
        """Free source words after the anchor on the left and before the one on the right; whether the two are one run."""
        start, end = span
        after = self._kept[start - 1] + 1 if start else 0
        before = self._kept[end] if end < len(self._left) else len(self._right)
        rising = [*self._while_free(after, 1)]
        falling = [*self._while_free(before - 1, -1)][::-1]
        if rising == falling:
            return rising, after + len(rising) == before
        partners = list(dict.fromkeys([*rising, *falling]))
        # Beside one kept word, and as many words on either side: that settles it too.
        return partners, (not rising or not falling) and len(partners) == end - start

    def _while_free(self, place: int, step: int) -> Iterator[int]:
        while 0 <= place < len(self._taken) and self._taken[place] == _FREE:
            yield place
            place += step

    def _pair(self, span: tuple[int, int], partners: list[int], closed: bool, least: float = -1.0) -> None:
        places = list(range(*span))
        if not partners or len(places) * len(partners) > _MOST_CELLS:
            return
        suspect, original = self._runs(places, partners)
        for pair in pair_words(suspect, original, self._synonyms, self._costs):
            first, last = partners[pair.begin], partners[pair.finish - 1]
            # Words that are neighbours only because two runs were joined are no phrase.
            if last - first != pair.finish - pair.begin - 1 or pair.gain < least:
                continue
            self._record(places[pair.start], places[pair.end - 1] + 1, first, last + 1, closed, suspect, original, pair)

    def _runs(self, places: list[int], partners: list[int]) -> tuple[Run, Run]:
        numbers, sources = [self._numbers[i] for i in places], [self._partners[j] for j in partners]
        return Run.of(self._suspect, numbers), Run.of(self._original, sources)

    def _record(
        self, start: int, end: int, begin: int, finish: int, settled: bool, suspect: Run, original: Run, pair: WordPair
    ) -> None:
        if self._left[start:end] == self._right[begin:finish]:
            for offset in range(end - start):
                self._keep(start + offset, begin + offset)
            return
        s, o = suspect.vectors[pair.start : pair.end].sum(axis=0), original.vectors[pair.begin : pair.finish].sum(axis=0)
        closeness = float(s @ o / max(1e-9, float(np.linalg.norm(s) * np.linalg.norm(o))))
        self._replace(start, end, begin, finish, closeness, settled)

    def _replace(self, start: int, end: int, begin: int, finish: int, closeness: float, settled: bool) -> None:
        self._replaced.append(WordMatch(*self._numbered(start, end, begin, finish), "replaced", closeness, settled))
        self._kept[start:end] = [_NOWHERE] * (end - start)
        self._taken[begin:finish] = [_NOWHERE] * (finish - begin)

    def _grow_phrases(self) -> None:
        """A kept word that is part of a phrase for itself: "use" became "make use of"."""
        words, others = self._words()
        for place, partner in enumerate(list(self._kept)):
            if partner < 0 or not self._content[place] or self._moved[place]:
                continue
            if span := self._phrase_around(words, self._kept, place, [others[partner]]):
                self._replace(*span, partner, partner + 1, 0.9, settled=True)
            elif span := self._phrase_around(others, self._taken, partner, [words[place]]):
                self._replace(place, place + 1, *span, 0.9, settled=True)

    def _phrase_around(self, words: list[str], places: list[int], at: int, single: list[str]) -> tuple[int, int] | None:
        """The longest run around a word, free but for it, that the lexicon has as a phrase for ``single``."""
        first = at
        while first > 0 and places[first - 1] == _FREE and at - first < LONGEST_PHRASE:
            first -= 1
        last = at + 1
        while last < len(words) and places[last] == _FREE and last - at < LONGEST_PHRASE:
            last += 1
        spans = [(i, j) for i in range(first, at + 1) for j in range(at + 1, last + 1) if 1 < j - i <= LONGEST_PHRASE]
        for span in sorted(spans, key=lambda span: span[0] - span[1]):
            if self._synonyms.share_a_sense(words[slice(*span)], single):
                return span
        return None

    def _numbered(self, start: int, end: int, begin: int, finish: int) -> tuple[int, int, int, int]:
        return self._numbers[start], self._numbers[end - 1] + 1, self._partners[begin], self._partners[finish - 1] + 1

    def _pair_leftovers(self) -> None:
        """Clauses that were moved and reworded: left-over runs whose pairing is good in itself."""
        for span in _free_runs(self._kept):
            options = [list(range(*run)) for run in _free_runs(self._taken)]
            gain, partners = max(((self._gain(span, run), run) for run in options), default=(0.0, []))
            if gain > _MOVED_GAIN:
                self._pair(span, partners, closed=False, least=_PAIR_GAIN)

    def _gain(self, span: tuple[int, int], partners: list[int]) -> float:
        if len(partners) * (span[1] - span[0]) > _MOST_CELLS:
            return 0.0
        pairs = pair_words(*self._runs(list(range(*span)), partners), self._synonyms, self._costs)
        return sum(pair.gain for pair in pairs if pair.gain >= _PAIR_GAIN)

    def _kept_matches(self) -> Iterator[WordMatch]:
        """Maximal runs of kept and of moved words."""
        place = 0
        while place < len(self._left):
            partner, moved = self._kept[place], self._moved[place]
            end = place + 1
            if partner < 0:
                place = end
                continue
            while end < len(self._left) and self._kept[end] == partner + end - place and self._moved[end] == moved:
                end += 1
            yield WordMatch(*self._numbered(place, end, partner, partner + end - place), "moved" if moved else "kept")
            place = end

    def _additions(self) -> Iterator[WordMatch]:
        for start, end in _free_runs(self._kept):
            if any(self._content[start:end]):
                after = next((self._kept[k] + 1 for k in range(start - 1, -1, -1) if self._kept[k] >= 0), 0)
                at = self._partners[after] if after < len(self._partners) else self._partners[-1] + 1
                yield WordMatch(self._numbers[start], self._numbers[end - 1] + 1, at, at, "added")

    def _cuts(self) -> Iterator[WordMatch]:
        weights = self._original.weights
        for begin, finish in _free_runs(self._taken):
            first, last = self._partners[begin], self._partners[finish - 1] + 1
            if last - first == finish - begin and (weights[first:last] > FUNCTION_WORD_RARITY).any():
                after = next((self._taken[k] + 1 for k in range(begin - 1, -1, -1) if self._taken[k] >= 0), 0)
                at = self._numbers[after] if after < len(self._numbers) else self._numbers[-1] + 1
                yield WordMatch(at, at, first, last, "dropped")


def _free_runs(places: list[int]) -> list[tuple[int, int]]:
    """Maximal runs of free places."""
    runs = []
    start = None
    for place, partner in enumerate([*places, _NOWHERE]):
        if partner == _FREE and start is None:
            start = place
        elif partner != _FREE and start is not None:
            runs.append((start, place))
            start = None
    return runs

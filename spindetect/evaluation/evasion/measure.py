"""What each trick costs: pairs and texts as they are, and with every suspect under the same disguise."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from spindetect.article import Article
from spindetect.detector import SpinDetector
from spindetect.evaluation.evasion.catalogue import NAMES_REPLACED, Evasion
from spindetect.evaluation.measured import ACCUSATIONS, Measured, measure
from spindetect.evaluation.metrics import roc_auc, true_positive_rate, wilson_interval
from spindetect.evaluation.protocol import Progress, quiet
from spindetect.training.corpus import Label, LabelledPair, Story
from spindetect.training.labels import SPUN_ABOVE
from spindetect.training.spinners import spin

PLAIN = "as it is"
MOST_LOST = 0.02
"""A larger loss of recall has to be explained."""
FAMILIES = ("thesaurus", "senses", "neighbours", "phrases", "clauses", "combined")
_SCREENED_WORDS = 100
Disguise = Callable[[str, str], str]


def story_pairs(stories: Sequence[Story], seed: int) -> list[LabelledPair]:
    """Of each story its rewrites by hand, two spun copies with over 15 % of the words changed, its reprint, and the independent
    texts: the other report, rewrites of that, hard negatives by hand."""
    found = []
    for story in stories:

        def add(name: str, suspect: str, label: Label, original: str, story: Story = story) -> None:
            found.append(LabelledPair(f"{story.id}/{name}", suspect, original, label, story.id, name))

        for rewrite in story.rewrites:
            if rewrite.kind != "mosaic":
                add(f"rewrite {rewrite.kind}", rewrite.text, "spun", story.original)
                add(f"rewrite {rewrite.kind} of another report", rewrite.text, "independent", story.independent)
        rng = random.Random(f"{seed} {story.id}")
        for family in rng.sample(FAMILIES, 2):
            spun = spin(story.original, family, rng.choice((0.45, 0.6, 0.8)), rng.randrange(10**6))
            if spun.changed > SPUN_ABOVE:
                add(f"spinner {family}", spun.text, "spun", story.original)
        add("reprint", story.reprint, "reprint", story.original)
        add("independent", story.independent, "independent", story.original)
        for number, (kind, text) in enumerate(story.hard_negatives):
            if kind != "answer":
                add(f"hard negative {kind} {number}", text, "independent", story.original)
    return found


def sample(pairs: Sequence[LabelledPair], most: int, seed: int) -> list[LabelledPair]:
    """At most so many pairs of each label, in their order."""
    rng = random.Random(seed)
    kept: set[int] = set()
    for label in sorted({pair.label for pair in pairs}):
        rows = [row for row, pair in enumerate(pairs) if pair.label == label]
        kept.update(rng.sample(rows, min(most, len(rows))))
    return [pairs[row] for row in sorted(kept)]


def disguised_pairs(pairs: Sequence[LabelledPair], disguise: Disguise) -> list[LabelledPair]:
    """The pairs with each suspect under a disguise."""
    return [
        LabelledPair(pair.id, disguise(pair.suspect, pair.id), pair.original, pair.label, pair.group, pair.source)
        for pair in pairs
    ]


def compared(pairs: Sequence[LabelledPair], detector: SpinDetector) -> dict[str, Any]:
    """Recall of the spun pairs, accusations of the independent ones, reprints that are called so."""
    measured = measure("", pairs, detector)
    spun, independent, reprint = (measured.labels == label for label in ("spun", "independent", "reprint"))
    figures: dict[str, Any] = {
        "spun": int(spun.sum()),
        "independent": int(independent.sum()),
        "recall": _share(measured, spun, ("spun",)),
        "accused": int(np.isin(measured.verdicts[independent], ACCUSATIONS).sum()),
    }
    if spun.any() and independent.any():
        ranked = spun | independent
        rate = true_positive_rate(measured.spun[ranked], spun[ranked], 0.01)
        figures["tpr_at_1_percent"] = round(rate, 4)
    figures["inconclusive"] = int((measured.verdicts[spun] == "inconclusive").sum())
    if reprint.any():
        figures |= {"reprints": int(reprint.sum()), "reprints_kept": _share(measured, reprint, ("reprint",))}
    return figures


def _share(measured: Measured, rows: np.ndarray, verdicts: Sequence[str]) -> dict[str, float]:
    return wilson_interval(int(np.isin(measured.verdicts[rows], verdicts).sum()), int(rows.sum()))


def screened(
    spun: Sequence[str], human: Sequence[str], disguises: tuple[Disguise, Disguise], detector: SpinDetector
) -> dict[str, Any]:
    """ROC AUC of the screening of spun texts against human ones, under a disguise each; short texts left out."""
    scores, labels = [], []
    for label, texts, disguise in ((True, spun, disguises[0]), (False, human, disguises[1])):
        for number, text in enumerate(texts):
            article = Article.from_text(disguise(text, str(number)))
            if len(article.words) >= _SCREENED_WORDS:
                scores.append(detector.screen(article).score)
                labels.append(label)
    truth = np.array(labels, dtype=bool)
    figures: dict[str, Any] = {"spun": int(truth.sum()), "human": int((~truth).sum())}
    if truth.any() and not truth.all():
        figures["roc_auc"] = round(roc_auc(np.array(scores), truth), 4)
    return figures


def as_it_is(text: str, rng: random.Random) -> str:
    return text


def measure_evasions(
    sources: dict[str, list[LabelledPair]], texts: tuple[Sequence[str], Sequence[str]] | None, evasions: Sequence[Evasion],
    detector: SpinDetector, progress: Progress = quiet,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """A row for the plain texts, then one for each trick.

    Args:
        sources: pairs by source.
        texts: spun and human ones to be screened; None passes over the screening.
    """
    for evasion in (Evasion(PLAIN, as_it_is), *evasions):
        progress(evasion.name)
        row: dict[str, Any] = {"evasion": evasion.name, "note": evasion.note}
        row["target"] = evasion.name not in (PLAIN, NAMES_REPLACED.name)
        row["sources"] = {
            name: compared(disguised_pairs([pair for pair in pairs if _applies(evasion, pair)], evasion.disguised), detector)
            for name, pairs in sources.items()
        }
        if texts is not None:
            own = Evasion(PLAIN, as_it_is) if evasion.rewords else evasion
            row["screen"] = screened(*texts, (evasion.disguised, own.disguised), detector)
        yield row


def _applies(evasion: Evasion, pair: LabelledPair) -> bool:
    return pair.label != "reprint" or not evasion.rewords


def quoted_and_commented(texts: Sequence[str], trick: Evasion, detector: SpinDetector) -> dict[str, int]:
    """Verdicts on columns that quote a whole original and comment on it."""
    pairs = [(trick.disguised(text, str(number)), text) for number, text in enumerate(texts)]
    verdicts = [score.verdict for score in detector.compare_many(pairs)]
    return {verdict: verdicts.count(verdict) for verdict in ("independent", "inconclusive", "reprint", "spun")}

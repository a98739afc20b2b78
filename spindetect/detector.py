"""SpinDetector: the public door."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spindetect.article import Article
from spindetect.bundle import Bundle, default_folder, load_bundle
from spindetect.contributions import shapley_values
from spindetect.errors import InputError
from spindetect.evidence import Evidence, gather_evidence
from spindetect.features import ARTICLE_FEATURES, CHANGE_FEATURES
from spindetect.judging import Judge, Judged, without_quotations
from spindetect.results import Comparison, Contribution, ModelInfo, Order, Score
from spindetect.scoring import CLASSES, ScoredPair
from spindetect.threads import one_thread
from spindetect.verdicts import Thresholds

if TYPE_CHECKING:
    from spindetect.archive import Archive
    from spindetect.archive.results import StoredArticle
    from spindetect.screening.results import Screening
    from spindetect.screening.screener import Screener
    from spindetect.trace.results import Trace

Source = str | Path | Article
Pair = tuple[Source, Source]

_CHUNK = 256
SCREEN_FOLDER = "screen"
"""Within a bundle; a bundle without one screens with the shipped model."""
_NO_EVIDENCE = Evidence((), (), (), (), (), Order())


class SpinDetector:
    """Tells spun copies from reprints and from independent reports.

    ``classes_`` names the columns of ``predict_proba``: independent, reprint, spun. ``judge`` is for parts of spindetect that
    need more of a pair than users do.
    """

    classes_ = np.array(CLASSES)

    def __init__(self, bundle: Bundle, max_fpr: float | None = None) -> None:
        self._bundle = bundle
        self.judge = Judge(bundle, max_fpr)
        self.model = ModelInfo(bundle.name, bundle.version)

    @classmethod
    def load(cls, folder: str | Path | None = None, *, max_fpr: float | None = None) -> SpinDetector:
        """Load a model bundle, by default the one that ships; never over a network.

        Args:
            folder: the bundle.
            max_fpr: share of independent pairs that may be called spun or reprint; default: the bundle's own threshold.
                A lower rate makes more pairs inconclusive.

        Raises:
            BundleError: there is no bundle, or it is damaged, altered or from another version.
            InputError: a rate outside 0 to 1, or lower than the bundle was measured for.
        """
        return cls(load_bundle(None if folder is None else Path(folder)), max_fpr)

    @classmethod
    def from_pretrained(
        cls, folder_or_id: str | Path, *, revision: str | None = None, download: bool = False, max_fpr: float | None = None
    ) -> SpinDetector:
        """Load a bundle from a folder, or from a Hugging Face hub by its id, in the manner of other libraries.

        Args:
            folder_or_id: a folder, which needs no network, or ``"owner/name"``.
            revision: branch, tag or commit on the hub.
            download: allow the network, also for a sentence encoder that the bundle names; without it only what was
                downloaded before is found. An id needs the ``hub`` extra.
            max_fpr: as in ``load``.

        Raises:
            InputError: no such folder, and no id that could be one or was downloaded before; or as ``load``.
            MissingExtraError: an id without the ``hub`` extra.
            BundleError: the hub cannot be reached or has no such bundle; or as ``load``.
        """
        from spindetect.pretrained import located

        return cls(load_bundle(located(folder_or_id, revision, download), download), max_fpr)

    def save_pretrained(self, folder: str | Path, *, license: str | None = None) -> Path:
        """Copy the bundle to a folder that can be uploaded to a Hugging Face hub, and loaded from there.

        The model card gets the metadata that the hub reads.

        Args:
            folder: made if need be; a bundle that is there is replaced once the new one is complete, other files stay.
            license: of the card, as the hub spells it (``"mit"``); default: as the card has it.

        Raises:
            InputError: the folder is the bundle's own, inside or above it, or cannot be written.
            BundleError: the bundle was changed since it was loaded.
        """
        from spindetect.pretrained import save

        return save(self._bundle, Path(folder), license)

    def compare(self, suspect: Source, original: Source) -> Comparison:
        """Compare one pair and show the evidence. Strings are texts; name files as ``Path``.

        Raises:
            InputError: a file or text that cannot be used.
        """
        return self.shown(self.judge.judged([(Article.of(suspect), Article.of(original))])[0])

    def compare_many(self, pairs: Iterable[Pair]) -> Iterator[Score]:
        """Score pairs without evidence: order kept, memory bounded, several times faster than ``compare``.

        Two long texts that share hardly a word are not aligned: they are independent, with the probability that the model
        gives where nothing is derived.

        Raises:
            InputError: a file or text that cannot be used, when its turn comes.
        """
        stream = iter(pairs)
        while chunk := list(islice(stream, _CHUNK)):
            articles = [(Article.of(suspect), Article.of(original)) for suspect, original in chunk]
            for judged in self.judge.judged(articles):
                yield judged.score

    def shown(self, judged: Judged, with_evidence: bool = True) -> Comparison:
        """The comparison of a judged pair, with its evidence unless that is not wanted."""
        suspect, original = judged.pair
        with one_thread():
            scored = (judged.scored or self.judge.scored([judged.pair])[0]) if with_evidence else None
            evidence = gather_evidence(scored.alignment, self._bundle.synonyms) if scored else _NO_EVIDENCE
            contributions = self._contributions(scored) if scored else ()
        return Comparison(
            **vars(judged.score),
            **vars(evidence),
            contributions=contributions,
            texts={"suspect": suspect.text, "original": original.text},
            ignored={"suspect": suspect.ignored, "original": original.ignored},
            model=self.model,
            thresholds=self._bundle.thresholds,
            obstacle=judged.obstacle,
        )

    def trace(
        self, suspect: Source, archive: Archive, limit: int = 5, *, before: object = None, after: object = None,
        where: Mapping[str, str | Sequence[str]] | None = None, evidence: bool = True,
    ) -> Trace:  # fmt: skip
        """Which articles of an archive was a suspect made from, and which of its sentences from which?

        Args:
            suspect: a string is a text; name a file as ``Path``.
            archive: where to look.
            limit: how many originals at most.
            before: a day such as ``"2021-06-01"``: only articles from before it.
            after: only articles of that day and later ones.
            where: ``{"id" | "title" | "url": value or values}``; ``"https://example.org/*"`` is a prefix.
            evidence: False leaves the substitutions and the like out of the comparisons, which is several times faster.

        Raises:
            InputError: a text, limit or filter that cannot be used.
            ArchiveError: the archive is not there, out of reach, or made with another encoder.
        """
        from spindetect.trace.tracing import trace

        if limit < 1:
            raise InputError(f"the limit {limit} leaves no original to name: give 1 or more")

        def search(article: Article, count: int) -> list[StoredArticle]:
            return archive.search(article, count, before=before, after=after, where=where)

        return trace(Article.of(suspect), search, self, limit, evidence)

    def screen(self, text: Source, *, suggest: bool = True) -> Screening:
        """Does a text read as spun, with no original at hand? A string is a text; name a file as ``Path``.

        Args:
            suggest: look for what a writer would more likely have used in the place of the strongest words.

        Raises:
            InputError: a file or text that cannot be used.
            MissingExtraError: the ``screen`` extra is not installed.
            BundleError: the screening model is absent or damaged.
        """
        return self._screener.screen(Article.of(text), suggest)

    @cached_property
    def _screener(self) -> Screener:
        from spindetect.screening.model import load_screen_model
        from spindetect.screening.screener import Screener

        own = self._bundle.folder / SCREEN_FOLDER
        model = load_screen_model(own if own.exists() else default_folder() / SCREEN_FOLDER)
        return Screener(model, self._bundle.words, lambda: self._bundle.synonyms)

    def predict(self, pairs: Sequence[Pair]) -> np.ndarray:
        """Verdicts, shape (n,): as ``compare`` gives them, inconclusive included."""
        return np.array([score.verdict for score in self.compare_many(pairs)], dtype=object)

    def predict_proba(self, pairs: Sequence[Pair]) -> np.ndarray:
        """Probabilities, shape (n, 3), columns in the order of ``classes_``."""
        rows = [[score.probabilities[name] for name in CLASSES] for score in self.compare_many(pairs)]
        return np.array(rows, dtype=np.float64).reshape(-1, len(CLASSES))

    def features(self, pairs: Sequence[Pair]) -> np.ndarray:
        """What the article classifiers see, shape (n, features); a row of nan where a side has no sentence."""
        rows = np.full((len(pairs), len(ARTICLE_FEATURES) + len(CHANGE_FEATURES)), np.nan)
        for start in range(0, len(pairs), _CHUNK):
            chunk = [(Article.of(suspect), Article.of(original)) for suspect, original in pairs[start : start + _CHUNK]]
            chunk = [without_quotations(pair) for pair in chunk]
            for number, scored in enumerate(self.judge.scored(chunk), start):
                if scored is not None:
                    rows[number] = np.concatenate([scored.features, scored.changes])
        return rows

    def probabilities_of(self, features: np.ndarray) -> np.ndarray:
        """Probabilities from rows of ``features``, shape (n, 3), columns in the order of ``classes_``."""
        return self.judge.scorer.probabilities(features)

    def spun_probability(self, features: np.ndarray) -> np.ndarray:
        """P(spun) from rows of ``features``, shape (n,)."""
        return self.judge.scorer.spun_probability(features)

    @property
    def thresholds(self) -> Thresholds:
        """Which probability of derivation keeps to which false-positive rate."""
        return self._bundle.thresholds

    @property
    def metrics(self) -> dict[str, Any]:
        """The figures measured when the model was trained."""
        return self._bundle.metrics

    def _contributions(self, scored: ScoredPair) -> tuple[Contribution, ...]:
        """Largest first; features that moved nothing are left out."""
        names = (*ARTICLE_FEATURES, *CHANGE_FEATURES)
        values = np.concatenate([scored.features, scored.changes]).astype(np.float64)
        reference = self._bundle.reference
        moved = shapley_values(self.judge.scorer.spun_probability, values, reference)
        rows = zip(names, values.tolist(), reference.tolist(), moved.tolist(), strict=True)
        found = [Contribution(name, round(a, 4), round(b, 4), round(c, 4)) for name, a, b, c in rows if abs(c) >= 0.00005]
        return tuple(sorted(found, key=lambda item: -abs(item.contribution)))

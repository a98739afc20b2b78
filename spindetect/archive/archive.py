"""Archive: the public door to stored originals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from spindetect.archive.passages import PassageEncoder, restored
from spindetect.archive.records import Record, identity
from spindetect.archive.results import Added, ArchiveInfo, Entry, StoredArticle
from spindetect.archive.store import Filter, Passage, Store, key_of
from spindetect.archive.voting import DEPTH, ranked
from spindetect.article import Article
from spindetect.errors import ArchiveError, InputError, SpindetectError

_BATCH = 500
"""Articles of one commit: what an interrupted addition may have to repeat."""
_SETTLE_EVERY = 50_000
"""Articles after which a long addition brings the indexes up to date."""
_LISTED_ERRORS = 100


Articles = list[StoredArticle]
Problems = list[tuple[str | None, str]]


class Archive:
    """Originals to trace suspects to, on disk or on a server; made by ``Archive.open``."""

    def __init__(self, location: str, store: Store, model: Path | None) -> None:
        self.location = location
        self._store = store
        self._model = model
        self._agrees = False

    @classmethod
    def open(cls, location: str | Path, *, create: bool = True, model: str | Path | None = None) -> Archive:
        """Open an archive; one that is not there yet is made when the first article comes.

        Args:
            location: a folder (extra: archive), or ``milvus://host:port/name`` (extra: milvus).
            create: False to be told at once that there is no archive.
            model: folder of the model bundle whose encoder the archive is made with; default: the one that ships.

        Raises:
            ArchiveError: it cannot be reached or read, is no archive, or is not there and ``create`` is False.
            MissingExtraError: the extra is not installed.
        """
        archive = cls(str(location), _store_at(str(location)), None if model is None else Path(model))
        if not create:
            archive._require()
        return archive

    def add(
        self,
        articles: Iterable[Article | Mapping[str, Any] | InputError],
        *,
        progress: Callable[[int], None] = lambda count: None,
        on_error: Callable[[str | None, str], None] = lambda identifier, message: None,
    ) -> Added:
        """Add articles: ``Article`` objects, or ``{"id", "text"}`` with optional title, date, url and any further fields.

        An article that is there unchanged is skipped, so that an interrupted addition is simply run again; one whose
        content changed is replaced. An article that cannot be used costs only itself. Memory is bounded.

        Args:
            progress: called with the number of articles that were settled for good since the last call.
            on_error: called with the id (or None) and the message of each article that cannot be used.

        Raises:
            ArchiveError: another process is adding, the store cannot be written, or the archive has another encoder.
        """
        stream = iter(articles)
        added = replaced = skipped = errors = 0
        messages: Problems = []
        with self._store.writer():
            if self._store.encoder() is None:
                self._store.create(self._encoder.fingerprint, self._encoder.dimensions)
            self._require()
            unsettled = 0
            while chunk := list(islice(stream, _BATCH)):
                counts, problems = self._add_batch(chunk)
                for problem in problems:
                    on_error(*problem)
                messages += problems[: _LISTED_ERRORS - len(messages)]
                added, replaced, skipped = added + counts[0], replaced + counts[1], skipped + counts[2]
                errors += len(problems)
                unsettled += counts[0] + counts[1]
                progress(len(chunk))
                if unsettled >= _SETTLE_EVERY:
                    self._store.settle()
                    unsettled = 0
            # Even if nothing was new: an earlier addition may have been killed before it came to this.
            self._store.settle()
        return Added(added, replaced, skipped, errors, tuple(messages))

    def _add_batch(self, items: Sequence[Any]) -> tuple[tuple[int, int, int], Problems]:
        records: dict[str, list[tuple[Record, str]]] = {}
        problems: Problems = []
        skipped = 0
        for item in items:
            try:
                record = Record.of(item)
                records.setdefault(record.id, []).append((record, record.digest))
            except Exception as error:
                problems.append((_id_of(item), _told(error)))
        present = self._store.digests([key_of(name) for name in records]) if records else {}
        wanted, texts = [], []
        for versions in records.values():
            # Of several with one id the latest counts that can be used.
            while versions:
                record, digest = versions.pop()
                if present.get(key_of(record.id)) == digest:
                    skipped += 1
                    break
                try:
                    texts.append(record.article)
                    wanted.append(record)
                    break
                except Exception as error:
                    problems.append((record.id, _told(error)))
            skipped += len(versions)
        replaced = [key_of(record.id) for record in wanted if key_of(record.id) in present]
        if wanted:
            self._store.put(self._encoder.passages(wanted, texts), replaced)
        return (len(wanted) - len(replaced), len(replaced), skipped), problems

    def remove(self, ids: str | Iterable[str]) -> int:
        """Remove articles by id; ids that are not there do nothing.

        Returns:
            How many were there.

        Raises:
            ArchiveError: another process is writing, or there is no archive.
        """
        self._require()
        names = iter([ids] if isinstance(ids, str) else ids)
        count = 0
        with self._store.writer():
            while chunk := list(islice(names, _BATCH)):
                present = list(self._store.digests(list({key_of(identity(name)) for name in chunk})))
                if present:
                    self._store.remove(present)
                count += len(present)
        return count

    def info(self) -> ArchiveInfo:
        """Size, encoder and state of the store."""
        made = self._store.encoder()
        articles, passages = self._store.count() if made else (0, 0)
        return ArchiveInfo(self.location, articles, passages, made, self._store.facts())

    def __len__(self) -> int:
        return self._store.count()[0] if self._store.encoder() else 0

    def __contains__(self, identifier: str) -> bool:
        return self._store.encoder() is not None and bool(self._store.digests([key_of(identity(identifier))]))

    def list(
        self, *, before: object = None, after: object = None, where: Mapping[str, str | Sequence[str]] | None = None
    ) -> Iterator[Entry]:
        """The articles, without their texts, in no particular order.

        Raises:
            InputError: a filter that cannot be used (filters are those of ``search``).
        """
        chosen = Filter.of(before, after, where)
        if self._store.encoder() is not None:
            yield from map(_entry, self._store.heads(chosen))

    def get(self, identifier: str) -> StoredArticle | None:
        """One article, or None."""
        if self._store.encoder() is None:
            return None
        return next(iter(self.fetch([identifier])), None)

    def fetch(self, ids: Sequence[str]) -> Articles:
        """Several articles at once, in the order of ``ids``; those that are not there are left out."""
        return self._articles([key_of(identity(name)) for name in ids])

    def search(
        self, suspect: Article, limit: int, *, before: object = None, after: object = None,
        where: Mapping[str, str | Sequence[str]] | None = None,
    ) -> Articles:  # fmt: skip
        """The articles that a suspect is likeliest made from, best first, before any comparison.

        Args:
            suspect: a cleaned text.
            limit: how many.
            before: a day such as ``"2021-06-01"``: only articles from before it.
            after: only articles of that day and later ones.
            where: ``{"id" | "title" | "url": value or values}``; ``"https://example.org/*"`` is a prefix.

        Raises:
            ArchiveError: there is no archive, or it was made with another encoder.
            InputError: a filter that cannot be used.
        """
        chosen = Filter.of(before, after, where)
        self._require()
        if not suspect.sentences:
            return []
        votes = ranked(self._store.search(self._encoder.queries(suspect), DEPTH, chosen))
        return self._articles([key for key, _ in votes[:limit]])

    def _articles(self, keys: Sequence[str]) -> Articles:
        rows: dict[str, list[Passage]] = {}
        for row in self._store.fetch(keys):
            rows.setdefault(row.key, []).append(row)
        found = (sorted(rows[key], key=lambda row: row.number) for key in keys if key in rows)
        return [StoredArticle(_entry(ordered[0]), restored(ordered)) for ordered in found]

    @cached_property
    def _encoder(self) -> PassageEncoder:
        return PassageEncoder(self._model)

    def _require(self) -> None:
        """An archive must be there, made with our encoder."""
        if self._agrees:
            return
        made = self._store.encoder()
        if made is None:
            raise ArchiveError(f"there is no archive at {self.location}: make one with spindetect archive add")
        if made != self._encoder.fingerprint:
            raise ArchiveError(
                f"{self.location} was made with another encoder ({made}, not {self._encoder.fingerprint}): open it with the "
                "model that it was made with, or add the articles to a new archive"
            )
        self._agrees = True

    def close(self) -> None:
        """Let go of files and connections."""
        self._store.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _store_at(location: str) -> Store:
    if location.startswith("milvus://"):
        from spindetect.archive.milvus import MilvusStore

        return MilvusStore(location)
    if "://" in location:
        raise ArchiveError(f"{location} is no place for an archive: name a folder, or milvus://host:port/name")
    from spindetect.archive.lance import LanceStore

    return LanceStore(Path(location))


def _entry(row: Passage) -> Entry:
    return Entry(row.id, row.title, row.date, row.url, json.loads(row.metadata) if row.metadata else {})


def _id_of(item: object) -> str | None:
    found = item.get("id") if isinstance(item, Mapping) else None
    try:
        return str(found)[:100] if isinstance(found, str | int | float) else None
    except ValueError:  # an integer of more digits than Python writes
        return None


def _told(error: Exception) -> str:
    """What is wrong with one article: no surprise in it must end an addition of a million."""
    if isinstance(error, SpindetectError):
        return str(error)
    return f"the article could not be read ({type(error).__name__}): please report it"

"""What every archive must do, whatever store is under it; each store's tests inherit these and say where archives go."""

from __future__ import annotations

import json

import pytest

from spindetect import Archive, ArchiveError, Article, InputError, SpindetectError

HOSTILE = [
    "o'brien",
    '"; DROP TABLE passages; --',
    "a' OR '1'='1",
    "%",
    "_",
    "back\\slash",
    "new\nline",
    "naïve 漢字 😀",
    "../../x",
    "a*",
]


def rows(stories, count=None):
    return [
        {
            "id": story.id,
            "text": story.original,
            "title": f"About {story.topic}",
            "date": f"2021-06-{day:02d}",
            "kind": "news",
            "n": day,
        }
        for day, story in enumerate(stories[:count], start=1)
    ]


class ArchiveContract:
    """Inherit and give a fixture ``location``: where a new archive may be made."""

    @pytest.fixture
    def archive(self, location):
        with Archive.open(location) as opened:
            yield opened

    def test_what_goes_in_comes_out(self, archive, stories):
        given = rows(stories, 12)
        done = archive.add(given)
        assert (done.added, done.replaced, done.skipped, done.errors) == (12, 0, 0, 0)
        assert len(archive) == archive.info().articles == 12
        kept = archive.get(given[3]["id"])
        article = Article.from_text(given[3]["text"])
        assert (kept.article.text, kept.article.sentences, kept.article.words) == (article.text, article.sentences, article.words)
        assert kept.entry.title == given[3]["title"] and kept.entry.date == "2021-06-04"
        assert kept.entry.metadata == {"kind": "news", "n": 4}
        assert {entry.id for entry in archive.list()} == {row["id"] for row in given}
        assert archive.get("absent") is None
        assert given[0]["id"] in archive and "absent" not in archive

    def test_an_empty_archive(self, location, stories):
        with Archive.open(location) as archive:
            assert len(archive) == 0 and list(archive.list()) == [] and archive.get("x") is None
            with pytest.raises(ArchiveError, match="archive add"):
                archive.search(Article.from_text(stories[0].original), 3)
        with pytest.raises(ArchiveError, match="there is no archive"):
            Archive.open(location, create=False)

    def test_additions_are_idempotent(self, archive, stories):
        given = rows(stories, 6)
        archive.add(given)
        again = archive.add(given)
        assert (again.added, again.replaced, again.skipped) == (0, 0, 6)
        changed = [*given[:2], {**given[2], "text": stories[9].original}, {**given[3], "title": "Another title"}]
        done = archive.add(changed)
        assert (done.added, done.replaced, done.skipped) == (0, 2, 2)
        assert len(archive) == 6
        assert archive.get(given[2]["id"]).article.text == Article.from_text(stories[9].original).text
        assert archive.get(given[3]["id"]).entry.title == "Another title"

    def test_a_shorter_text_leaves_nothing_of_the_longer_one(self, archive, stories):
        row = rows(stories, 1)[0]
        short = " ".join(Article.from_text(row["text"]).sentence_texts()[:2])
        archive.add([row])
        archive.add([{**row, "text": short}])
        assert archive.info().passages == 1
        assert archive.get(row["id"]).article.text == short

    def test_of_two_with_one_id_the_later_counts(self, archive, stories):
        first, second = rows(stories, 2)
        done = archive.add([first, {**second, "id": first["id"]}])
        assert (done.added, done.skipped, len(archive)) == (1, 1, 1)
        assert archive.get(first["id"]).entry.title == second["title"]

    def test_bad_articles_cost_only_themselves(self, archive, stories):
        good = rows(stories, 2)
        bad = [
            {"id": "no text"}, {"text": "no id"}, {"id": "", "text": "x y z"}, {"id": "n", "text": 5}, 7, None, {"id": "e", "text": ""},
            {"id": "a\x00b", "text": "words"}, {"id": ["x"], "text": "words"}, {"id": True, "text": "words"}, {"id": "t", "text": "w", "title": 3},
            {"id": "big", "text": "words", "extra": "x" * 100_000}, InputError("a line that was no JSON"),
        ]  # fmt: skip
        told = []
        done = archive.add([good[0], *bad, good[1]], on_error=lambda name, message: told.append((name, message)))
        assert (done.added, done.errors, len(archive)) == (2, len(bad), 2)
        assert len(told) == len(bad) and all(message for _, message in told)
        assert {"no text", "e", "big"} <= {name for name, _ in told}

    def test_metadata_is_kept_as_json(self, archive, stories):
        import datetime

        extra = {"tags": ["a", {"b": None}], "score": float("nan"), "day": datetime.date(2020, 1, 2), "quote": "\"'\\\ud800"}
        archive.add([{**rows(stories, 1)[0], **extra, "date": "last Tuesday"}])
        entry = next(archive.list())
        assert entry.metadata["tags"] == ["a", {"b": None}] and entry.metadata["score"] is None
        assert entry.metadata["day"] == "2020-01-02" and entry.metadata["date"] == "last Tuesday"
        assert entry.date == ""
        json.dumps(entry.metadata)

    def test_removal(self, archive, stories):
        given = rows(stories, 5)
        archive.add(given)
        assert archive.remove([given[0]["id"], "absent", given[1]["id"], given[1]["id"]]) == 2
        assert archive.remove(given[2]["id"]) == 1
        assert {entry.id for entry in archive.list()} == {row["id"] for row in given[3:]}
        assert archive.info().passages == sum(-(-len(Article.from_text(row["text"]).sentences) // 3) for row in given[3:])
        archive.add(given[:1])
        assert len(archive) == 3

    def test_a_rewrite_finds_its_original_first(self, archive, stories):
        archive.add(rows(stories))
        for story in stories[:10]:
            suspect = next(rewrite.text for rewrite in story.rewrites if rewrite.kind != "mosaic")
            assert archive.search(Article.from_text(suspect), 3)[0].entry.id == story.id

    def test_filters(self, archive, stories):
        given = rows(stories, 20)
        for number, row in enumerate(given):
            row["url"] = f"https://{'one' if number % 2 else 'two'}.example/{number}%_"
        del given[7]["date"]
        archive.add(given)
        suspect = Article.from_text(stories[4].rewrites[0].text)

        def found(**filters):
            return {item.entry.id for item in archive.search(suspect, 50, **filters)}

        def listed(**filters):
            return {entry.id for entry in archive.list(**filters)}

        assert stories[4].id in found()
        assert stories[4].id not in found(before="2021-06-05") and stories[4].id in found(before="2021-06-06")
        assert stories[4].id in found(after="2021-06-05") and stories[4].id not in found(after="2021-06-06")
        assert listed(after="2021-06-05", before="2021-06-07") == {stories[4].id, stories[5].id}
        assert stories[7].id not in listed(before="2030-01-01") | listed(after="2000-01-01")
        assert listed(where={"id": [stories[2].id, "absent"]}) == {stories[2].id}
        assert listed(where={"title": given[3]["title"]}) >= {stories[3].id}
        assert listed(where={"url": "https://one.example/*"}) == {story.id for story in stories[1:20:2]}
        assert listed(where={"url": ["https://two.example/0%_", "https://one.example/1%*"]}) == {stories[0].id, stories[1].id}
        assert found(where={"id": stories[9].id}) == {stories[9].id}
        for bad in (
            {"before": "soon"},
            {"after": 7},
            {"where": {"text": "x"}},
            {"where": {"id": []}},
            {"where": {"1=1; --": "x"}},
        ):
            with pytest.raises(InputError):
                found(**bad)

    def test_hostile_names_are_data(self, archive, stories):
        given = [
            {"id": name, "text": stories[number].original, "title": name, "url": name} for number, name in enumerate(HOSTILE)
        ]
        assert archive.add(given).added == len(HOSTILE)
        for name in HOSTILE:
            assert archive.get(name).entry.id == name
            assert {entry.id for entry in archive.list(where={"id": name})} == {name}
            wanted = {other for other in HOSTILE if other.startswith("a")} if name == "a*" else {name}
            assert {entry.id for entry in archive.list(where={"title": name})} == wanted
            archive.search(Article.from_text(stories[0].original), 3, where={"url": name})
        assert archive.remove(HOSTILE[1]) == 1
        assert len(archive) == len(HOSTILE) - 1

    def test_long_texts(self, archive, stories):
        giant = "Verylongword" * 4_000 + ". " + stories[0].original
        emoji = "A \U0001f600 b. " * 9_000
        archive.add([{"id": "giant", "text": giant}, {"id": "emoji", "text": emoji}])
        assert archive.get("giant").article.text == Article.from_text(giant).text
        assert archive.get("emoji").article.sentences == Article.from_text(emoji).sentences
        assert archive.search(Article.from_text(emoji), 1)

    def test_another_encoder_is_refused(self, archive, location, stories):
        archive.add(rows(stories, 1))
        other = Archive.open(location)
        other._encoder.fingerprint = "0" * 16
        for use in (lambda: other.add(rows(stories, 2)), lambda: other.search(Article.from_text(stories[0].original), 1)):
            with pytest.raises(ArchiveError, match="another encoder"):
                use()
        other.close()

    def test_others_see_what_was_added(self, archive, location, stories):
        archive.add(rows(stories, 2))
        with Archive.open(location, create=False) as reader:
            assert len(reader) == 2
            archive.add(rows(stories, 5))
            assert len(reader) == 5
            suspect = Article.from_text(stories[4].original)
            assert reader.search(suspect, 1)[0].entry.id == stories[4].id
            archive.remove(stories[4].id)
            assert stories[4].id not in {item.entry.id for item in reader.search(suspect, 5)}

    def test_an_addition_that_breaks_off_is_taken_up_again(self, archive, stories):
        given = rows(stories)

        def breaking():
            yield from given[:10]
            raise SpindetectError("the wire was cut")

        with pytest.raises(SpindetectError, match="wire"):
            archive.add(breaking())
        assert archive.add(given).errors == 0
        assert len(archive) == len(given)

    def test_progress_counts_every_article(self, archive, stories):
        counts = []
        archive.add([*rows(stories, 7), 5], progress=counts.append)
        assert sum(counts) == 8

    def test_tracing(self, archive, detector, stories):
        archive.add(rows(stories))
        story = stories[3]
        suspect = next(rewrite.text for rewrite in story.rewrites if rewrite.kind != "mosaic")
        trace = detector.trace(suspect, archive)
        assert trace.originals[0].id == story.id
        assert trace.verdict == trace.originals[0].verdict == "spun"

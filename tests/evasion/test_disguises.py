"""Disguised copies are read as what a reader sees."""

from __future__ import annotations

import difflib

import pytest

from spindetect import Article, InputError
from spindetect.evaluation.evasion.catalogue import KEPT, QUOTED_IN_FULL, all_evasions
from spindetect.training.spinners.wordnet import wordnet_folder

try:
    wordnet_folder()
    HAS_WORDNET = True
except InputError:
    HAS_WORDNET = False

EXACT = {
    "Cyrillic letters", "Greek letters", "zero-width characters", "bidirectional marks and overrides", "full-width forms",
    "mathematical letters", "soft hyphens", "HTML entities", "hidden text in a page", "capitals", "small letters", "mixed case",
}  # fmt: skip
"""Tricks after which every word is the old one, names of a single odd letter aside."""
SPREAD = 7
"""Every so many stories is enough, and quick."""


def words_lost(text: str, disguised: str) -> float:
    before, after = Article.from_text(text).words, Article.from_text(disguised).words
    same = sum(block.size for block in difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
    return 1 - same / len(before)


@pytest.mark.parametrize("evasion", KEPT, ids=lambda evasion: evasion.name)
def test_the_words_come_back(evasion, stories):
    lost = [words_lost(story.original, evasion.disguised(story.original, story.id)) for story in stories[::SPREAD]]
    assert sum(lost) / len(lost) <= (0.003 if evasion.name in EXACT else 0.06)


@pytest.mark.parametrize("evasion", KEPT, ids=lambda evasion: evasion.name)
def test_a_disguised_reprint_is_a_reprint_and_its_spans_are_true(evasion, story, detector):
    result = detector.compare(evasion.disguised(story.reprint, "1"), story.original)
    assert result.verdict == "reprint"
    for item in result.substitutions:
        assert result.texts["suspect"][slice(*item.suspect_span)] == item.suspect
        assert result.texts["original"][slice(*item.original_span)] == item.original


@pytest.mark.parametrize("name", ["Cyrillic letters", "combining marks", "hidden text in a page", "spintax left in the text"])
def test_a_disguised_spun_copy_is_spun(name, stories, detector):
    evasion = next(item for item in all_evasions([]) if item.name == name)
    pairs = [
        (evasion.disguised(item.text, story.id), story.original)
        for story in stories[::SPREAD]
        for item in story.rewrites
        if item.kind in ("fluent", "thesaurus")
    ]
    verdicts = list(detector.predict(pairs))
    assert verdicts.count("spun") >= 0.9 * len(verdicts)


def test_an_original_quoted_in_full_and_commented_on_is_independent(stories, detector):
    pairs = [(QUOTED_IN_FULL.disguised(story.original, story.id), story.original) for story in stories[::SPREAD]]
    verdicts = detector.predict(pairs).tolist()
    assert not {"spun", "reprint"} & set(verdicts)
    assert verdicts.count("independent") >= 0.8 * len(verdicts)


def test_what_is_quoted_is_told(story, detector):
    result = detector.compare(QUOTED_IN_FULL.disguised(story.original, "1"), story.original)
    kinds = [item.kind for item in result.ignored["suspect"]]
    assert "quoted from the original, and marked as quoted" in kinds


def test_quotation_marks_round_a_copy_do_not_clear_it(stories, detector):
    """Without words of its own, or with other words between the marks, it is no quotation."""
    for story in stories[::SPREAD]:
        for text in (story.original, story.rewrites[0].text):
            bare, marked = (detector.compare(suspect, story.original) for suspect in (text, _between_marks(text)))
            assert marked.verdict == bare.verdict or marked.probabilities["independent"] < 0.5


def _between_marks(text):
    return "\n\n".join('"' + paragraph.replace('"', "'") + '"' for paragraph in text.split("\n\n"))


def test_the_same_seed_gives_the_same_disguise(story):
    for evasion in all_evasions([story.independent]):
        if evasion.name == "a second spinner" and not HAS_WORDNET:
            continue
        once, again = (evasion.disguised(story.original, "7") for _ in range(2))
        assert once == again, evasion.name


def test_what_a_page_hides_is_left_out_and_told(story):
    paragraphs = "".join(f"<p>{part}</p>" for part in story.original.split("\n\n"))
    for style in ("display:none", "font-size:0", "color:#fff", "position:absolute;left:-9999px", "opacity:0.0"):
        page = f"<html><body><article>{paragraphs}<p style='{style}'>Umbrellas dance over the velvet sea.</p></article></body></html>"
        article = Article.from_text(page)
        assert article.words == Article.from_text(story.original).words, style
        assert any(item.kind == "hidden text" and "velvet" in item.text for item in article.ignored), style


def test_a_page_that_a_script_uncovers_is_read(story):
    paragraphs = "".join(f"<p>{part}</p>" for part in story.original.split("\n\n"))
    article = Article.from_text(f"<html><body><div style='visibility:hidden'><article>{paragraphs}</article></div></body></html>")
    assert article.words == Article.from_text(story.original).words


def test_white_on_colour_and_print_styles_are_shown(story):
    paragraphs = "".join(f"<p>{part}</p>" for part in story.original.split("\n\n"))
    sheet = "<style>@media print { .body { display: none } } .other { display: none }</style>"
    page = f"<html><head>{sheet}</head><body><article class='body' style='background:#123;color:white'>{paragraphs}</article></body></html>"
    article = Article.from_text(page)
    assert article.words == Article.from_text(story.original).words
    assert not any(item.kind == "hidden text" for item in article.ignored)


def test_spintax_keeps_one_alternative_and_tells_the_others():
    text = "The {big|large|{vast|huge}} house on the hill was {sold|bought} on Monday, said the agent, who {{is|was}|had been} pleased."
    article = Article.from_text(text)
    assert article.text == "The huge house on the hill was bought on Monday, said the agent, who had been pleased."
    assert [item.kind for item in article.ignored] == ["spinner's alternatives"]


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Phú Trọng met Café owner Zoë Müller in Besançon on Monday to talk about the naïve façade of the hôtel.",
        "The Russian daily Правда and the Greek paper Καθημερινή reported the decision on Monday, the embassy said.",
        "NATO, the EU, the IMF, the WHO and UNESCO met the BBC, CNN and NBC at the UN in New York on Monday, officials said.",
        "The R&B band played an IPv6 tune at the MP3 fair, and the K8s team of the B2B firm won the H1N1 quiz on Monday.",
        "He wrote {curly braces} and | pipes in his code, and the set {1, 2, 3} in his thesis, which was passed on Monday.",
        "Tax payers may be better off, in to the bargain, the clampdown on waiters and malls notwithstanding, he said.",
    ],
)
def test_ordinary_oddities_stay(text):
    assert Article.from_text(text).text == text


def test_too_little_beside_what_is_quoted_is_no_copy(stories, detector):
    """Derived words are a share of the whole suspect, whatever of it is quoted."""
    tried = 0
    for story in stories[::2]:
        plain = [part for part in story.original.split("\n\n")[1:] if '"' not in part and len(part.split()) >= 25]
        lead = story.rewrites[0].text.split("\n\n")[0]
        suspect = "\n\n".join([lead, *(f'"{part}"' for part in plain), stories[-1].independent.split("\n\n")[0], _OPINION])
        if plain and len(lead.split()) < 0.18 * len(suspect.split()):
            tried += 1
            assert detector.compare(suspect, story.original).verdict in ("independent", "inconclusive")
    assert tried >= 3


_OPINION = (
    "I have read the piece above more often than its author, and what strikes me is how little it asks. A column has no room for "
    "everything, but it has room for one question, and the one that I would have put is who pays when the answer turns out wrong. "
    "My neighbours, who have opinions about most things, had none about this, which tells me that nobody has explained it to them. "
    "Perhaps somebody will. Until then I shall keep the cutting on the fridge, under the magnet with the lighthouse."
)

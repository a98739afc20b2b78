"""Tricks with words: alternatives left in, the other spelling, numbers spelt out, other names."""

from __future__ import annotations

import random
import re
from functools import lru_cache

import inflect

from spindetect.article import Article
from spindetect.training.spinners import FAMILIES, spin
from spindetect.training.spinners.lexical import phrase_book

_WORD = re.compile(r"\b[a-z]{3,}\b")
_NUMBER = re.compile(r"(?<![\w.,:/$£€-])(\d{1,3}(?:,\d{3})+|\d{1,6})(?![\w:/%-]|[.,]\d)")
_NAME = re.compile(r"(?<![.!?\"'] )(?<![\"'\n])(?<!^)\b[A-Z][a-z]{2,}\b")
_BRITISH = (
    "organise realise recognise apologise criticise emphasise prioritise finalise minimise authorise analyse colour favour "
    "labour neighbour honour rumour harbour behaviour centre theatre metre litre fibre defence licence offence programme "
    "travelled cancelled labelled modelled fuelled traveller jewellery grey tyre kerb plough catalogue dialogue cheque "
    "storey aluminium enrol fulfil skilful mould towards afterwards whilst learnt burnt spelt ageing judgement manoeuvre "
    "paediatric sceptical"
).split()
_AMERICAN = (
    "organize realize recognize apologize criticize emphasize prioritize finalize minimize authorize analyze color favor "
    "labor neighbor honor rumor harbor behavior center theater meter liter fiber defense license offense program traveled "
    "canceled labeled modeled fueled traveler jewelry gray tire curb plow catalog dialog check story aluminum enroll "
    "fulfill skillful mold toward afterward while learned burned spelled aging judgment maneuver pediatric skeptical"
).split()
_ENDINGS = ("", "s", "d", "r", "ed", "ing", "al", "able")
_NAMES = (
    "Aldous Berrin Calloway Dunmere Estrell Fenwick Garrity Hollis Ingram Jessop Kestrel Lomax Marchetti Nayland Ostrow Pellam "
    "Quillan Rosier Stavely Tamsin Ulverton Vickery Wexler Yardley Zeller Amberly Brackett Cresswell Dorrance Elswick"
).split()


def spintax(text: str, rng: random.Random) -> str:
    """A third of the words that the phrase book knows as ``{one|another}``, some of them nested."""
    book = phrase_book()

    def with_alternatives(match: re.Match[str]) -> str:
        word = match.group()
        if (word,) not in book or rng.random() >= 1 / 3:
            return word
        others = list(book[(word,)][1])[:2]
        if len(others) == 2 and rng.random() < 0.2:
            others = ["{" + "|".join(others) + "}"]
        options = [word, *others]
        rng.shuffle(options)
        return "{" + "|".join(options) + "}"

    return _WORD.sub(with_alternatives, text)


@lru_cache(maxsize=1)
def _variants() -> dict[str, str]:
    """Each spelling with the other one."""
    found: dict[str, str] = {}
    for british, american in zip(_BRITISH, _AMERICAN, strict=True):
        for ending in _ENDINGS:
            stems = [word.removesuffix("e") if ending in ("ing", "able") else word for word in (british, american)]
            found.setdefault(stems[0] + ending, stems[1] + ending)
            found.setdefault(stems[1] + ending, stems[0] + ending)
    return found


def other_spelling(text: str, rng: random.Random) -> str:
    """American spellings in the place of British ones and the other way round."""
    variants = _variants()
    return _WORD.sub(lambda match: variants.get(match.group(), match.group()), text)


def numbers_as_words(text: str, rng: random.Random) -> str:
    engine = inflect.engine()
    return _NUMBER.sub(lambda match: str(engine.number_to_words(match.group(1).replace(",", ""))), text)  # type: ignore[arg-type]


def other_names(text: str, rng: random.Random) -> str:
    """Each capitalised word inside a sentence replaced throughout by another name."""
    names = list(dict.fromkeys(_NAME.findall(text)))
    replacements = dict(zip(names, (rng.choice(_NAMES) for _ in names), strict=True))
    return re.sub(r"\b[A-Z][a-z]{2,}\b", lambda match: replacements.get(match.group(), match.group()), text)


def second_spinner(text: str, rng: random.Random) -> str:
    """Another spinner over what is there."""
    families = [name for name in FAMILIES if name not in ("structure", "formats")]
    return spin(Article.from_text(text), rng.choice(families), 0.5, rng.randrange(10**6)).text

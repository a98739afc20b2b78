"""Word forms: which form a word has, the same form of another word, and the article before it."""

from __future__ import annotations

import itertools
import random
from functools import lru_cache

import inflect
import lemminflect

from spindetect.training.spinners.draft import Token

_TAG_KIND = {"NN": "n", "NNS": "n", "VB": "v", "VBD": "v", "VBG": "v", "VBN": "v", "VBP": "v", "VBZ": "v"}
_TAG_KIND |= {"JJ": "a", "JJR": "a", "JJS": "a", "RB": "r", "RBR": "r", "RBS": "r"}
_KIND_UPOS = {"n": "NOUN", "v": "VERB", "a": "ADJ", "r": "ADV"}
_DETERMINERS = frozenset("the a an this that these those its his her their our my your some any each every no".split())
_BEFORE_VERB = frozenset("to will would can could may might must shall should not n't he she it they we i you who".split())
_BE_OR_HAVE = frozenset("is are was were be been being has have had".split())
_ENGINE = inflect.engine()


@lru_cache(maxsize=50_000)
def readings(word: str) -> tuple[tuple[str, str, str], ...]:
    """Possible (kind, lemma, tag) of a lower-case word, e.g. ("v", "close", "VBD")."""
    found = []
    for upos, lemmas in lemminflect.getAllLemmas(word).items():
        for lemma in lemmas:
            for tag, forms in lemminflect.getAllInflections(lemma, upos=upos).items():
                if word in forms and tag in _TAG_KIND:
                    found.append((_TAG_KIND[tag], lemma, tag))
    return tuple(dict.fromkeys(found))


def likely_reading(word: str, before: str, rng: random.Random) -> tuple[str, str, str] | None:
    """A guess at a word's part of speech from the word before it, as good as a spinner's."""
    options = readings(word)
    if not options:
        return None
    wanted: tuple[str, ...] = ()
    if before in _DETERMINERS:
        wanted = ("NN", "NNS", "JJ")
    elif before in _BEFORE_VERB:
        wanted = ("VB", "VBD", "VBP", "VBZ")
    elif before in _BE_OR_HAVE:
        wanted = ("VBN", "VBG", "JJ")
    fitting = [option for option in options if option[2] in wanted]
    return (fitting or [rng.choice(options)])[0]


@lru_cache(maxsize=50_000)
def inflected(phrase: str, kind: str, tag: str) -> str:
    """A lemma or phrase in the form ``tag``: a verb phrase bends its first word, a noun phrase its last."""
    words = phrase.split()
    if not words or kind not in "vnar":
        return phrase
    at = 0 if kind == "v" else -1
    forms = lemminflect.getInflection(words[at], tag)
    if forms and tag not in ("NN", "VB", "VBP", "JJ", "RB"):
        words[at] = forms[0]
    return " ".join(words)


def lemma_of(word: str, kind: str) -> str:
    lemmas = lemminflect.getLemma(word, upos=_KIND_UPOS[kind])
    return lemmas[0] if lemmas else word


def match_case(text: str, model: str) -> str:
    """``text`` with the capital letters of the word that it replaces."""
    if model.isupper() and len(model) > 3:
        return text.upper()
    return text[:1].upper() + text[1:] if model[:1].isupper() else text


def repair_articles(tokens: list[Token], rng: random.Random, repair: float) -> list[Token]:
    """a or an as the next word wants it, where that word was replaced; left wrong with probability 1 - repair."""
    result = list(tokens)
    words = [number for number, token in enumerate(result) if token.is_word]
    for here, following in itertools.pairwise(words):
        article, word = result[here], result[following]
        if article.text.lower() not in ("a", "an") or word.relation is None or rng.random() >= repair:
            continue
        right = _ENGINE.a(word.text.split()[0]).split()[0]
        if right != article.text.lower():
            result[here] = Token(match_case(right, article.text), article.source, "inflection")
    return result

"""What a page wears around its article: which lines are menus, captions, notices, links, bylines."""

from __future__ import annotations

import re

HEADLINE = "headline or menu"
LINK = "link to other articles"
HEADLINE_WORDS = 18
"""A line without final punctuation and shorter than this is a headline, menu item or byline, not prose."""
FURNITURE_WORDS = 45
"""A longer block is prose even if it mentions a cookie policy."""

_CLOSING, _TERMINAL = "\"')]", tuple(".!?:;…")


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I)


_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "copyright line",
        _any(
            r"©",
            r"\(c\) ?(19|20)\d\d",
            r"\bcopyright\b.{0,30}\b(19|20)\d\d",
            r"\ball rights reserved\b",
            r"may not be (published|reproduced|republished|broadcast)",
            r"\breproduced with permission\b",
        ),
    ),
    (
        "caption",
        _any(
            r"\b(image|picture|photo|photograph|video) ?(source|caption|credit|courtesy|by\b|:)",
            r"^(photo|photograph|picture|image|caption|file photo|pictured|graphic|credit)\b ?[:/|]",
            r"\bgetty images\b",
            r"\bfile (photo|picture|image)\b",
            r"\((photo|picture|image|pic|ap photo|reuters|credit)[:/ ]",
            r"\b(reuters|ap photo|afp)/[a-z]",
        ),
    ),
    (
        "sharing and accounts",
        _any(
            r"^(share|tweet|print|pin it|e-?mail|whatsapp|facebook|linkedin|bookmark|save|copy link|comments?)\b[^.]{0,60}$",
            r"\b(share|post) (this|the) (article|story|page|post)\b",
            r"\b(share|follow us|like us|find us|join us) on (facebook|twitter|x\b|instagram|whatsapp|linkedin|social|google|telegram)",
            r"\b(sign|log) (in|up|out)\b (to|for|now|here|today|with)\b",
            r"\bsubscribe (to|now|today|for|here)\b.{0,80}$",
            r"\bsubscribers? only\b",
            r"\balready a (subscriber|member)\b",
            r"\b(our|free|daily|weekly|morning) newsletters?\b",
            r"\bcreate (a free|an) account\b",
            r"\b(leave|post|view|add) (a |all |your )?comments?\b",
            r"\bdownload (our|the) (free )?app\b",
        ),
    ),
    (
        "notice",
        _any(
            r"\b(use|uses|accept|accept all|about our|manage) cookies\b",
            r"\bcookie (policy|settings|preferences|notice)\b",
            r"\bprivacy (policy|notice)\b",
            r"\bterms (of (use|service)|(and|&) conditions)\b",
            r"^(advertisement|sponsored|promoted|skip to)\b.{0,40}$",
            r"\b(ad|advert|advertisement|article|story) continues (below|after)\b|\bcontinue reading\b",
            r"\bjavascript\b",
            r"\bthis (article|story) was (first|originally) (published|posted)\b",
            r"\bthis (article|story) (first|originally) appeared\b",
            r"\bgot a (news )?(tip|story)\b",
            r"\bhave you been affected\b|^(get in touch|contact us)\b",
        ),
    ),
    (
        LINK,
        _any(
            r"^(read|see|watch|listen|hear|find out|click|go)\b[ -]*(more|also|next|now|here|this|:|to:).{0,120}$",
            r"^(more|related|recommended|most (read|popular|viewed|shared)|trending|latest|up next|also (in|on)|top stories|must read)\b"
            r"[^.]{0,60}$",
            r"^(you (may|might) (also )?like|don'?t miss|editors?'? (picks?|choice)|in (other|this) (news|section)|popular now)\b[^.]{0,60}$",
            r"^(from (around|the web)|elsewhere|breaking( news)?|live( updates)?|what to read next)\b[^.]{0,60}$",
            r"\bclick here\b",
        ),
    ),
    (
        "dateline",
        _any(
            r"^(first )?(published|updated|posted|last (updated|modified))\b.{0,60}$",
            r"\b\d+[ -]min(ute)?s?[ -]read\b",
            r"^\d+ (seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?) ago\b.{0,30}$",
            r"^((mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?,? )?(\d{1,2}(st|nd|rd|th)? )?"
            r"(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?,? (\d{1,2},? )?(19|20)?\d\d\b.{0,40}$",
            r"^by [a-z][\w.'-]+( [\w.',&-]+){0,9}$",
        ),
    ),
)
# Prose mentions cookies, copyright and file photos too: a sentence is furniture only when its form says so.
_SENTENCE_OPENINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("copyright line", _any(r"^(©|\(c\) ?(19|20)\d\d|copyright\b.{0,20}\b(19|20)\d\d)")),
    (
        "caption",
        _any(
            r"^(image|picture|photo|photograph|video) ?(source|caption|credit|courtesy|by\b|:)",
            r"^(photo|photograph|picture|image|caption|file photo|pictured|graphic|credit) ?[:/|]",
        ),
    ),
    (
        "sharing and accounts",
        _any(
            r"^(please )?(share|post) (this|the) (article|story|page|post)\b",
            r"^(share|follow us|like us|find us|join us)\b.{0,20}\bon (facebook|twitter|x\b|instagram|whatsapp|linkedin|social|google)",
            r"^(please )?(sign|log) (in|up)\b (to|for|now|here|with)\b",
            r"^(subscribe|already a (subscriber|member)|create (a free|an) account|download (our|the) (free )?app)\b",
            r"^(leave|post|view|add) (a |all |your )?comments?\b",
        ),
    ),
    (
        "notice",
        _any(
            r"^(we|this (web)?site) uses? cookies\b|^by (continuing|using|clicking|signing up|entering)\b.{0,60}\b(agree|accept|consent)\b",
            r"^(please )?enable javascript\b",
            r"^this (article|story) (was )?(first|originally) (published|posted|appeared)\b",
            r"^(got|have) a (news )?(tip|story)\b|^have you been affected\b|^(get in touch|contact us)\b",
        ),
    ),
    (LINK, _any(r"^(read|see|watch|listen|hear|find out|click) ?(more|also|next|now|here|this|:|to:)\b")),
    ("dateline", _any(r"^(first )?(published|updated|posted|last (updated|modified)) (on |at )?\d")),
)
# What may stand anywhere in a sentence, behind a plain string that is quick to look for: most sentences have none.
_SENTENCE_MARKS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("copyright line", "rights reserved", _any(r"\ball rights reserved\b")),
    (
        "copyright line",
        "may not be ",
        _any(
            r"\bmay not be (published|reproduced|republished|broadcast)\b.{0,60}\b(permission|redistributed|rewritten|consent)\b"
        ),
    ),
    ("caption", "(", _any(r"\((photo|picture|image|pic|ap photo|credit)[:/ ][^)]*\)[.]?$")),
    ("caption", "/", _any(r"\b(reuters|ap photo|afp|getty images)/[a-z]|/getty images\b")),
    (LINK, "click here", _any(r"\bclick here\b")),
)


def furniture_kind(block: str, words: int) -> str | None:
    """What kind of furniture a block is, or None for prose."""
    if block.rstrip(_CLOSING).endswith(_TERMINAL):
        return _sentence_kind(block) if words <= FURNITURE_WORDS else None
    if words <= FURNITURE_WORDS:
        for kind, pattern in _KINDS:
            if pattern.search(block):
                return kind
    return HEADLINE if words < HEADLINE_WORDS else None


def _sentence_kind(block: str) -> str | None:
    for kind, pattern in _SENTENCE_OPENINGS:
        if pattern.match(block):
            return kind
    lowered = block.lower()
    for kind, hint, pattern in _SENTENCE_MARKS:
        if hint in lowered and pattern.search(block):
            return kind
    return None

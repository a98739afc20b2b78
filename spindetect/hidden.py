"""What a page holds and does not show: elements hidden by their attributes, their style, or the page's own style sheet."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

_MOST_STYLE = 200_000
_MOST_AROUND = 30
_MOST_HIDDEN = 20_000
_LONGEST_STYLE = 2_000
_AT_RULE = re.compile(r"@[^{};@]{0,500}(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_SIMPLE = re.compile(r"(\w+)?([.#])([\w-]+)")
_ZERO = r"(?:0+(?:\.0*)?|\.0+|1(?:\.0*)?(?=px))(?:px|pt|em|rem|%|vw|vh)?"
_HIDING = re.compile(
    rf"display:none|visibility:(?:hidden|collapse)|(?<![-\w])opacity:(?:0?\.0\d*|0)(?![.\d])|font-size:{_ZERO}(?:;|!|$)"
    r"|(?<![-\w])(?:left|top|right|bottom|text-indent):-(?:\d{4}|[5-9]\d\d)|margin-(?:left|top):-\d{4}"
    r"|clip:rect\((?:0|1px)|clip-path:inset\((?:50|100)%|transform:scale\(0\)"
)
_FLAT = re.compile(rf"(?:max-)?(?:height|width):{_ZERO}(?:;|!|$)")
_COLOUR = re.compile(r"(?:^|;)(color|background(?:-color)?):([^;!]+)")
_WHITE = re.compile(
    r"white|#fff(?:f{3})?(?:ff)?|#fe?fe?fe?|rgba?\(25[0-5],25[0-5],25[0-5](?:,1(?:\.0)?)?\)|hsla?\(\d+,\d+%,100%(?:,1)?\)"
)
_CLEAR = re.compile(r"transparent|rgba\([\d.]+,[\d.]+,[\d.]+,0?\.?0*\)")
_NEVER = ("html", "body", "head", "main", "br", "img")


def remove_hidden(tree: Any) -> str:
    """Take what is not shown out of an lxml tree; returns the text that it held."""
    hidden_by = _style_sheet(tree)
    found: list[str] = []
    gone: set[Any] = set()
    for element in list(tree.iter("*")):
        if element in gone or element.getparent() is None or element.tag in _NEVER or not _is_hidden(element, hidden_by):
            continue
        gone.update(element.iter("*"))
        text = " ".join(" ".join(element.itertext()).split())
        if text:
            found.append(text)
        element.drop_tree()
        if len(found) >= _MOST_HIDDEN:
            break
    return " ".join(found)


def _is_hidden(element: Any, hidden_by: set[tuple[str, str, str]]) -> bool:
    get = element.get
    if get("hidden") is not None or (get("aria-hidden") or "").strip().lower() == "true":
        return True
    style = get("style")
    colour = get("color")
    if (style or colour) and _hides(_packed(style or "") + (f";color:{_packed(colour)}" if colour else ""), element):
        return True
    if not hidden_by:
        return False
    names = [(".", name) for name in (get("class") or "").split()] + [("#", get("id") or "")]
    return any((tag, kind, name) in hidden_by for kind, name in names for tag in ("", element.tag))


def _packed(style: str) -> str:
    return "".join(style[:_LONGEST_STYLE].lower().split())


def _hides(style: str, element: Any = None) -> bool:
    if _HIDING.search(style) or ("overflow:hidden" in style and _FLAT.search(style)):
        return True
    colours = {name.partition("-")[0]: value.strip() for name, value in _COLOUR.findall(style)}
    text, ground = colours.get("color"), colours.get("background")
    if text is None:
        return False
    if _CLEAR.fullmatch(text) or (ground is not None and text == ground):
        return True
    if not _WHITE.fullmatch(text):
        return False
    return bool(_WHITE.fullmatch(ground)) if ground is not None else element is not None and not _on_colour(element)


def _on_colour(element: Any) -> bool:
    """Does an element stand on a background that is not known to be white? A class may give it one."""
    for around in (element, *islice(element.iterancestors(), _MOST_AROUND)):
        ground = dict(_COLOUR.findall(_packed(around.get("style") or "")))
        named = next((value for name, value in ground.items() if name.startswith("background")), around.get("bgcolor"))
        if named is not None:
            return not _WHITE.fullmatch(named.strip().lower())
        if around.get("class") and around.tag not in ("html", "body"):
            return True
    return False


def _style_sheet(tree: Any) -> set[tuple[str, str, str]]:
    """(element or "", "." or "#", name) of the plain selectors that the page's own style sheets hide on every screen."""
    sheet = " ".join(style.text or "" for style in tree.iter("style"))[:_MOST_STYLE]
    first, *others = sheet.split("/*")
    sheet = _AT_RULE.sub("", first + "".join(part.partition("*/")[2] for part in others))
    found = set()
    for rule in sheet.split("}"):
        selectors, _, body = rule.rpartition("{")
        if _hides(_packed(body)):
            for selector in selectors.split(","):
                simple = _SIMPLE.fullmatch(selector.strip())
                if simple:
                    found.add((simple[1] or "", simple[2], simple[3]))
    return found

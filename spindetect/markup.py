"""Article text out of HTML and Markdown."""

from __future__ import annotations

import logging
import re
from typing import Any

from spindetect.blockquotes import is_layout, mark_quotations, mark_speech, marked
from spindetect.hidden import remove_hidden

_FRONT_MATTER = re.compile(r"\A---\n.{0,5000}?\n---\n", re.S)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# A parser's recursion, not its memory, is what a hostile page exhausts first.
MAX_HTML = 4_000_000
_LEAST_SHOWN = 40
"""Fewer words than these are no article: a page that hides all else shows it by a script."""


def html_text(html: str) -> tuple[str, int, str]:
    """The main text of a web page, the number of words on the whole page, and the text that it holds without showing it."""
    from lxml import html as lxml_html
    from lxml.etree import LxmlError

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    html = html[:MAX_HTML].replace("\x00", " ")
    try:
        tree = _tree(html)
    except (LxmlError, ValueError):
        return "", 0, ""
    if mark_speech(tree):
        html = lxml_html.tostring(tree, encoding="unicode")
    hidden = remove_hidden(tree)
    shown = lxml_html.tostring(tree, encoding="unicode") if hidden else html
    main, words = _read(tree, shown)
    if hidden and len(main.split()) < _LEAST_SHOWN:
        return *_read(_tree(html), html), ""
    return main, words, hidden


def _read(tree: Any, page: str) -> tuple[str, int]:
    """Main text and number of words of a page, given as a tree, too, which is not what it was after that."""
    from lxml import html as lxml_html

    quoted = mark_quotations(tree)
    main = _main_text(lxml_html.tostring(tree, encoding="unicode") if quoted else page)
    visible = _visible_text(tree)
    if quoted and is_layout(quoted, main or visible):
        main, visible = _main_text(page), _visible_text(_tree(page))
    return main or visible, len(visible.split())


def _tree(html: str) -> Any:
    """The page as lxml reads it, without the control characters that lxml reads and then will not move."""
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = lxml_html.fromstring(html.encode("utf-8", "replace"), parser=parser)
    if "&#" in html or _CONTROL.search(html):
        for element in tree.iter():
            if element.text and _CONTROL.search(element.text):
                element.text = _CONTROL.sub(" ", element.text)
            if element.tail and _CONTROL.search(element.tail):
                element.tail = _CONTROL.sub(" ", element.tail)
    return tree


def _visible_text(tree: Any) -> str:
    """All text of a page; the tree loses what is no text."""
    for other in tree.xpath("//script|//style|//noscript|//template|//svg|//head|//comment()"):
        if other.getparent() is not None:
            other.drop_tree()
    return "\n".join(text.strip() for text in tree.itertext() if text.strip())


def _main_text(html: str) -> str | None:
    import trafilatura

    try:
        return trafilatura.extract(html, include_comments=False, include_tables=False, favor_precision=True)
    except Exception:  # a page that breaks the extractor is read as the text it shows
        return None


def markdown_text(markdown: str) -> str:
    """The prose of a Markdown document: no code, tables, images or link targets; headings as lines of their own, block
    quotations between quotation marks."""
    from markdown_it import MarkdownIt

    parts: list[tuple[str, bool]] = []
    depth = 0
    markdown = _FRONT_MATTER.sub("", markdown, count=1)
    for token in MarkdownIt("commonmark").parse(markdown):
        depth += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.type != "inline":
            continue
        children = token.children or []
        text = "".join(
            " " if child.type in ("softbreak", "hardbreak") else child.content
            for child in children
            if child.type in ("text", "code_inline", "softbreak", "hardbreak")
        )
        parts.append((text, depth > 0))
    whole = "\n\n".join(text for text, _ in parts)
    if is_layout({" ".join(text.split()) for text, is_quoted in parts if is_quoted}, whole):
        return whole
    return "\n\n".join(marked(text) if is_quoted else text for text, is_quoted in parts)

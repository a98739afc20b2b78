"""Article text out of HTML and Markdown."""

from __future__ import annotations

import logging
import re

_FRONT_MATTER = re.compile(r"\A---\n.{0,5000}?\n---\n", re.S)
# A parser's recursion, not its memory, is what a hostile page exhausts first.
MAX_HTML = 4_000_000


def html_text(html: str) -> tuple[str, int]:
    """The main text of a web page and the number of visible words on the whole page."""
    import trafilatura
    from lxml import html as lxml_html
    from lxml.etree import LxmlError

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    html = html[:MAX_HTML].replace("\x00", " ")
    try:
        tree = lxml_html.fromstring(
            html.encode("utf-8", "replace"), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
        )
    except (LxmlError, ValueError):
        return "", 0
    for hidden in tree.xpath("//script|//style|//noscript|//template|//svg|//head|//comment()"):
        if hidden.getparent() is not None:
            hidden.drop_tree()
    visible = "\n".join(text.strip() for text in tree.itertext() if text.strip())
    try:
        main = trafilatura.extract(html, include_comments=False, include_tables=False, favor_precision=True)
    except Exception:  # a page that breaks the extractor is read as the text it shows
        main = None
    return main or visible, len(visible.split())


def markdown_text(markdown: str) -> str:
    """The prose of a Markdown document: no code, tables, images or link targets; headings as lines of their own."""
    from markdown_it import MarkdownIt

    parts: list[str] = []
    markdown = _FRONT_MATTER.sub("", markdown, count=1)
    for token in MarkdownIt("commonmark").parse(markdown):
        if token.type != "inline":
            continue
        children = token.children or []
        text = "".join(
            " " if child.type in ("softbreak", "hardbreak") else child.content
            for child in children
            if child.type in ("text", "code_inline", "softbreak", "hardbreak")
        )
        parts.append(text)
    return "\n\n".join(parts)

"""Web pages: the article without the page around it, its comments apart, and what the page says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from etl.documents import make
from etl.encodings import decode
from etl.errors import DocumentError
from etl.limits import Limits
from etl.readers import Blob, Found, Skipped
from etl.readers.europresse import parse_europresse
from etl.readers.factiva import parse_factiva
from etl.readers.mending import mend
from etl.readers.said import find_date

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|encoding=[\"']([\w.:-]{2,40})", re.IGNORECASE
)
_COMMENTS = "Commentaires"  # the line by which `etl.segments` knows where they begin


def parse_html(blob: Blob, limits: Limits) -> Iterator[Found]:
    """The article of a page, or each article of a page that a press database exported.

    A text begins with the title, and ends with the readers' comments under a line that says so.
    """
    data = blob.read(limits)
    declared = _CHARSET.search(data, 0, 4096)
    name = (declared[1] or declared[2]).decode() if declared else None
    source, encoding = decode(data, blob.place, blob.encoding or name)
    tree = parse_tree(source, blob, limits)
    if tree is None:
        yield Skipped(blob.source, "a page without text")
        return
    articles = parse_europresse(tree) or parse_factiva(tree)
    for about, text, own in articles:
        yield from make(blob, own, text, limits, about, encoding)
    if not articles:
        yield from _parse_page(blob, data, tree, limits, encoding)


def parse_tree(source: str, blob: Blob, limits: Limits) -> Any:
    """The tree of an HTML text, or `None` where there is nothing in it; refuses one too deep."""
    if not source.strip():
        return None
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        tree = lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # "Document is empty"
        return None
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limits.html_depth:
            reason = f"elements nested more than {limits.html_depth} deep; not read"
            raise DocumentError(f"{blob.place}: {reason}", blob.source)
    return tree


def _parse_page(blob: Blob, data: bytes, tree: Any, limits: Limits, encoding: str) -> Iterator[Found]:
    from trafilatura import bare_extraction

    language = (tree.get("lang") or "")[:2].lower() or None
    mend(tree)
    page: Any = bare_extraction(
        tree,
        url=blob.about.get("url"),
        include_comments=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    text = "" if page is None else _text_of(page)
    if not text:
        yield Skipped(blob.source, "a page without an article")
        return
    about = {
        "title": page.title,
        "author": page.author,
        "publisher": page.sitename,
        "published": find_date(page.date or ""),
        "url": page.url,
        "language": language,
    }
    yield from make(blob, data, text, limits, about, encoding)


def _text_of(page: Any) -> str:
    blocks = list(_blocks(page.body))
    title = _line(page.title or "")
    begins = [block.casefold() for block in blocks[:3]]
    has_heading = len(page.body) > 0 and page.body[0].get("rend") == "h1"
    if blocks and title and not has_heading and title.casefold() not in begins:
        blocks.insert(0, title)
    comments = [] if page.commentsbody is None else list(_blocks(page.commentsbody))
    if comments:
        blocks += [_COMMENTS, *(block for block in comments if block != _COMMENTS)]
    return "\n\n".join(blocks)


def _blocks(body: Any) -> Iterator[str]:
    """The paragraphs, headings, items and rows of trafilatura's tree, each a block of text."""
    if body is None:
        return
    for element in body:
        if element.tag == "table":
            for row in element.iter("row"):
                cells = [_line(" ".join(cell.itertext())) for cell in row.iter("cell")]
                if any(cells):
                    yield " | ".join(cells)
        elif element.tag == "list":
            yield from (f"- {line}" for item in element.iter("item") if (line := _line_of(item)))
        elif len(element) and element.tag in ("quote", "div") and element.find("p") is not None:
            yield from _blocks(element)
        elif line := _line_of(element):
            yield line


def _line_of(element: Any) -> str:
    parts: list[str] = []
    for event, part in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if part.tag == "lb":
                parts.append("\0")
            parts.append(part.text or "")
        elif part is not element:
            parts.append(part.tail or "")
    return "\n".join(line for raw in "".join(parts).split("\0") if (line := _line(raw)))


def _line(text: str) -> str:
    return re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()

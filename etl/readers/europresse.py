"""Europresse (Eureka): a page of `article` elements, and the table cells that it exported before 2013."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from etl.readers.press import (
    COPYRIGHT,
    Article,
    article,
    author_named,
    by_class,
    bytes_of,
    first,
    line_of,
    outermost,
    paragraphs_of,
)
from etl.readers.said import find_date

# "La Croix, no. 43018", "Le Monde (site web)", "Le Quotidien • France": the name ends there.
_NAME_ENDS = re.compile(r" *[•|(]|,? +(?:no|n°|vol)\b|, *$", re.IGNORECASE)
_TITLES = ("rdp__articletitle", "titreArticleVisu", "titreArticle")
_NUMBER = re.compile(r"Numéro de document|Document number", re.IGNORECASE)


def parse_europresse(tree: Any) -> list[Article]:
    """The articles of a page that Europresse exported; none for any other page."""
    publications = by_class(tree, "DocPublicationName")
    if not publications:
        return []
    articles = [*map(_article, outermost(tree.iter("article")))]
    cells = (next(publication.iterancestors("td"), None) for publication in publications)
    return articles or [*map(_cell, outermost(cell for cell in dict.fromkeys(cells) if cell is not None))]


def _article(node: Any) -> Article:
    header = next(node.iter("header"), node)
    dates = " ".join(map(line_of, by_class(node, "DocHeader")))
    about = {
        "title": first(node, *_TITLES),
        "publisher": _publisher(first(node, "DocPublicationName")),
        "published": find_date(dates) or find_date(line_of(header)),
        "author": author_named(first(node, "docAuthors") or _byline(header)),
    }
    body = by_class(node, "docOcurrContainer") or by_class(node, "DocText") or [*node.iter("section")]
    paragraphs = [line for part in body for line in paragraphs_of(part)]
    if standfirst := first(header, "rdp__subtitle"):
        paragraphs.insert(0, standfirst)
    return article(about, paragraphs, bytes_of(node))


def _byline(header: Any) -> str | None:
    """The line below the title, where the names stand without a class of their own."""
    for title in by_class(header, "titreArticle"):
        below = title.getnext()
        if below is not None and below.get("class", "") in ("", "sm-margin-bottomNews"):
            return line_of(below) or None
    return None


def _publisher(name: str | None) -> str | None:
    return _NAME_ENDS.split(name, maxsplit=1)[0].strip(" ,") or None if name else None


def _cell(cell: Any) -> Article:
    """The article of a table cell, as lines between breaks."""
    about: dict[str, str | None] = {
        "publisher": _publisher(first(cell, "DocPublicationName")),
        "published": find_date(" ".join(map(line_of, by_class(cell, "DocHeader")))),
        "title": first(cell, "TitreArticleVisu"),
    }
    own = bytes_of(cell)
    lines = [*_lines(cell)]
    begin = next((n for n, (line, _) in enumerate(lines, 1) if line == about["title"]), 0)
    if begin < len(lines) and lines[begin][1] == "br":  # names end with a break, paragraphs do not
        about["author"] = author_named(lines[begin][0])
        begin += 1
    ends = (
        n
        for n, (line, _) in enumerate(lines)
        if n >= begin and (COPYRIGHT.match(line) or _NUMBER.match(line))
    )
    end = next(ends, len(lines))
    return article(about, [line for line, _ in lines[begin:end]], own)


def _lines(cell: Any) -> Iterator[tuple[str, str]]:
    """The lines of a cell, each with the name of the element that ends it."""
    said = ""
    for part in cell.iter():
        if part.tag in ("br", "p", "table", "tr", "td"):
            if line := " ".join(said.split()):
                yield line, part.tag
            said = ""
        said += (part.text or "") if part.tag != "br" else ""
        if len(part) == 0:
            said += _tails(part, cell)
    if line := " ".join(said.split()):
        yield line, "td"


def _tails(part: Any, cell: Any) -> str:
    """What follows an element, and those that end with it."""
    said = ""
    while part is not cell:
        said += part.tail or ""
        if part.getnext() is not None:
            break
        part = part.getparent()
    return said

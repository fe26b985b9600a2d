"""Exports of press databases: Europresse (HTML), Factiva (HTML, RTF), Nexis (DOCX), many articles a file.

Each gives its articles as (what is said of it, its text, its own bytes); none where a file is no such export. The
layouts are those that the databases wrote when this was made; what has changed since is read as a plain document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from etl.readers.said import find_date

Article: TypeAlias = tuple[dict[str, str | None], str, bytes]

_LANGUAGES = {
    "français": "fr",
    "french": "fr",
    "anglais": "en",
    "english": "en",
    "allemand": "de",
    "german": "de",
    "espagnol": "es",
    "spanish": "es",
    "italien": "it",
    "italian": "it",
}


def parse_export(tree: Any) -> list[Article]:
    """The articles of a page that Europresse or Factiva exported; none for any other page."""
    return [*_europresse(tree)] or [*_factiva(tree)]


def _article(about: dict[str, str | None], paragraphs: Sequence[str], own: bytes) -> Article:
    title = about.get("title")
    blocks = [title, *paragraphs] if title and title not in paragraphs[:1] else [*paragraphs]
    return about, "\n\n".join(block for block in blocks if block), own


# --- HTML ---------------------------------------------------------------------------------------------------


def _europresse(tree: Any) -> Iterator[Article]:
    for node in tree.iter("article"):
        publisher = _first(node, "DocPublicationName")
        body = _by_class(node, "docOcurrContainer") or _by_class(node, "DocText")
        if publisher is None or not body:
            continue
        about = {
            "title": _first(node, "titreArticle") or _first(node, "rdp__articletitle"),
            "publisher": re.split(r" *[•|(]", publisher)[0].strip(" ,") or None,
            "published": find_date(_first(node, "DocHeader") or ""),
            "author": _first(node, "docAuthors"),
        }
        yield _article(about, [line for part in body for line in _paragraphs(part)], _bytes(node))


# Factiva's codes of its fields: headline, by, publication date, source name, language, lead and text.
_CODES = {"HD": "title", "BY": "author", "PD": "published", "SN": "publisher", "LA": "language"}
_BODY_CODES = ("LP", "TD")


def _factiva(tree: Any) -> Iterator[Article]:
    for node in tree.iter("div"):
        if not re.search(r"(?:^|\s)\w*[aA]rticle(?:\s|$)", node.get("class", "")):
            continue
        fields = _fields(node)
        if "title" in fields:
            paragraphs = [line for code in _BODY_CODES for line in fields.get(code, [])]
            about = {name: " ".join(fields.get(name, [])) or None for name in _CODES.values()}
            yield _article(_dated(about), paragraphs, _bytes(node))
        else:
            lines = [line for part in node for line in (_paragraphs(part) or [_line(part)]) if line]
            yield from _factiva_article(lines, _bytes(node))


def _fields(node: Any) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for row in node.iter("tr"):
        cells = row.findall("td")
        code = _line(cells[0]) if len(cells) == 2 else ""
        if code in _CODES or code in _BODY_CODES:
            fields[_CODES.get(code, code)] = _paragraphs(cells[1]) or [_line(cells[1])]
    return fields


def _dated(about: dict[str, str | None]) -> dict[str, str | None]:
    language = (about.get("language") or "").lower()
    return about | {
        "published": find_date(about.get("published") or ""),
        "language": _LANGUAGES.get(language, language[:2] or None),
    }


def _by_class(node: Any, name: str) -> list[Any]:
    return [
        part for part in node.iter() if isinstance(part.tag, str) and name in part.get("class", "").split()
    ]


def _first(node: Any, name: str) -> str | None:
    return next((line for part in _by_class(node, name) if (line := _line(part))), None)


_BLOCKS = ("p", "h1", "h2", "h3", "h4", "li", "blockquote")


def _paragraphs(node: Any) -> list[str]:
    """The lines of the paragraphs below a node, or of its breaks where it has none."""
    found = [line for part in node.iter(*_BLOCKS) if (line := _line(part))]
    if found:
        return found
    for part in node.iter("br"):
        part.tail = "\n" + (part.tail or "")
    return [line for raw in "".join(node.itertext()).split("\n\n") if (line := " ".join(raw.split()))]


def _line(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _bytes(node: Any) -> bytes:
    from lxml import etree

    own: bytes = etree.tostring(node, encoding="utf-8", with_tail=False)
    return own


# --- lines of RTF and DOCX ----------------------------------------------------------------------------------

_WORDS = re.compile(r"(?:length|longueur)?\s*:?\s*\d[\d \u00a0\u202f,.]*\s*(?:mots|words)", re.IGNORECASE)
_FACTIVA_END = re.compile(r"Document [A-Z]{2,10}0*\d{6,8}\w{6,20}")
_COPYRIGHT = re.compile(r"(?:copyright|\(c\)|©|tous droits|all rights)", re.IGNORECASE)


def parse_factiva_lines(lines: Sequence[str]) -> list[Article]:
    """The articles of the lines of a Factiva export: each ends with a line that names its document."""
    articles: list[Article] = []
    begin = 0
    for number, line in enumerate(lines):
        if _FACTIVA_END.fullmatch(line):
            own = "\n".join(lines[begin : number + 1]).encode()
            articles += _factiva_article(lines[begin:number], own)
            begin = number + 1
    return articles


def _factiva_article(lines: Sequence[str], own: bytes) -> Iterator[Article]:
    """Title, byline, number of words, date, time, publisher, code, language, copyright, then the text."""
    lines = [line for line in lines if not _FACTIVA_END.fullmatch(line)]
    count = next((n for n, line in enumerate(lines) if _WORDS.fullmatch(line)), None)
    if not count:
        return
    head = [line for line in lines[:count] if line]
    about: dict[str, str | None] = {"title": head[0] if head else None}
    about["author"] = head[1] if len(head) > 1 else None
    about["published"] = find_date(lines[count + 1]) if count + 1 < len(lines) else None
    body = count + 2
    for number, line in enumerate(lines[body : body + 8], body):
        is_language = line.lower() in _LANGUAGES
        if is_language or _COPYRIGHT.match(line):
            about["language"] = _LANGUAGES.get(line.lower(), about.get("language"))
            body = number + 1
        elif not about.get("publisher") and not re.match(r"\d|p\. ?\d", line):
            about["publisher"] = line
    yield _article(about, lines[body:], own)


_NEXIS_END = ("End of Document", "Fin du document")
_NEXIS_BODY = ("Body", "Corps", "Corps du texte", "Texte")
_NEXIS_FOOT = re.compile(
    r"(?:load-date|date de chargement|classification|language|langue)\s*:?.*", re.IGNORECASE
)
_NEXIS_FIELD = re.compile(r"(?P<name>byline|auteur|par|language|langue)\s*:\s*(?P<cell>.+)", re.IGNORECASE)


def parse_nexis_lines(lines: Sequence[str]) -> list[Article]:
    """The articles of the paragraphs of a Nexis export: title, publisher, date, fields, *Body*, text, *End*."""
    articles: list[Article] = []
    begin = 0
    for number, line in enumerate(lines):
        if line in _NEXIS_END:
            own = "\n".join(lines[begin : number + 1]).encode()
            articles += _nexis_article([text for text in lines[begin:number] if text], own)
            begin = number + 1
    return articles


def _nexis_article(lines: Sequence[str], own: bytes) -> Iterator[Article]:
    body = next((number for number, line in enumerate(lines) if line in _NEXIS_BODY), None)
    if body is None or body < 2:
        return
    head = lines[:body]
    about: dict[str, str | None] = {"title": head[0], "publisher": head[1]}
    about["published"] = next((when for line in head[2:] if (when := find_date(line))), None)
    end = next((n for n, line in enumerate(lines[body:], body) if _NEXIS_FOOT.fullmatch(line)), len(lines))
    for line in (*head, *lines[end:]):
        if field := _NEXIS_FIELD.fullmatch(line):
            if field["name"].lower() in ("byline", "auteur", "par"):
                about["author"] = field["cell"].strip()
            else:
                word = field["cell"].split(";")[0].split(",")[0].strip().lower()
                about["language"] = _LANGUAGES.get(word, word[:2] or None)
    yield _article(about, lines[body + 1 : end], own)

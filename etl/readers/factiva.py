"""Factiva: pages and RTF, in the layout for readers, whose lines have no names, and in the one with codes of fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from etl.readers.press import (
    COPYRIGHT,
    Article,
    article,
    author_named,
    by_class,
    bytes_of,
    language_named,
    line_of,
    outermost,
    paragraphs_of,
    split_after,
)
from etl.readers.said import find_date

BOLD = "\x02"  # before what RTF prints in bold, which a title is

# Codes of fields: headline, by, publication date, source name, language, lead and text, accession number.
_CODES = {"HD": "title", "BY": "author", "PD": "published", "SN": "publisher", "LA": "language"}
_BODY_CODES = ("LP", "TD")
_ALL_CODES = (
    *_CODES, *_BODY_CODES, "AN", "ART", "CLM", "CO", "CR", "CT", "CX", "CY", "DLN", "ED", "ET", "IN", "IPC", "IPD",
    "NS", "PG", "PUB", "RE", "RF", "RST", "SC", "SE", "VOL", "WC",
)  # fmt: skip
_CODED = re.compile(rf"\|?({'|'.join(_ALL_CODES)})\|(.*)")
_ARTICLE = re.compile(r"(?:^|\s)[a-z]{2,4}Article(?:\s|$)")
_COUNT = re.compile(
    r"\d[\d \u00a0\u202f,.]*[^\W\d_\ufffd]{0,2}\ufffd?[^\W\d_]{1,12}"
)  # 1 285 mots, words, Wörter
_TIME = re.compile(r"\d{1,2}[:h.]\d\d(?: [AP]M)?")
# The word for document, then the accession number: source, date, number.
_END = re.compile(r"[^\W\d_]{2,12} [A-Za-z]\w{5,11}(?:19|20)\d{6}\w{6,14}")
_HEAD = 10  # lines from the count to the text


def parse_factiva(tree: Any) -> list[Article]:
    """The articles of a page that Factiva exported; none for any other page."""
    nodes = (node for node in tree.iter("div") if _ARTICLE.search(node.get("class", "")))
    return [*filter(None, map(_from_page, outermost(nodes)))]


def _from_page(node: Any) -> Article | None:
    fields: dict[str, list[str]] = {}
    for row in node.iter("tr"):
        cells = row.findall("td")
        if len(cells) == 2 and (code := line_of(cells[0])) in _ALL_CODES:
            fields[code] = paragraphs_of(cells[1]) or [line_of(cells[1])]
    if fields:
        return _from_fields(fields, bytes_of(node))
    title = next((part for part in node.iter("span") if "Headline" in part.get("class", "")), None)
    if title is None:
        return None
    after = [
        part for part in node.iterchildren("div") if part.get("id") != "hd" and "author" not in _class(part)
    ]
    lines = [line_of(part) for part in after]
    about: dict[str, str | None] = {"title": line_of(title)}
    about["author"] = author_named(next(map(line_of, by_class(node, "author")), None))
    _read_head(lines, about)
    paragraphs = [(line_of(part), _class(part)) for part in node.iterchildren("p")]
    if paragraphs and _END.fullmatch(paragraphs[-1][0]):
        paragraphs.pop()
        if paragraphs and not paragraphs[-1][1]:
            paragraphs.pop()  # whose text it is, below it
    return article(about, [line for line, _ in paragraphs if line], bytes_of(node))


def _class(node: Any) -> str:
    return str(node.get("class", ""))


def _from_fields(fields: dict[str, list[str]], own: bytes) -> Article | None:
    about = {name: " ".join(fields.get(code, [])) or None for code, name in _CODES.items()}
    paragraphs = [line for code in _BODY_CODES for line in fields.get(code, [])]
    if about["title"] is None and not paragraphs:
        return None
    about["published"] = find_date(about["published"] or "")
    about["author"] = author_named(about["author"])
    about["language"] = language_named(about["language"] or "")
    return article(about, paragraphs, own)


def _read_head(lines: Sequence[str], about: dict[str, str | None]) -> int:
    """Tells of the article what stands from its count of words on; returns how many lines that and what is before are.

    The count, the date, the time, the publisher, its code, edition and page, the language, the copyright.
    """
    count = next((n for n, line in enumerate(lines) if _COUNT.fullmatch(line)), None)
    if count is None:
        return 0
    after = count + 1
    if after < len(lines) and (published := find_date(lines[after])):
        about["published"] = published
    after += 1
    if after < len(lines) and _TIME.fullmatch(lines[after]):
        after += 1
    about["publisher"] = lines[after] if after < len(lines) else None
    end = after + 1
    for number, line in enumerate(lines[end : count + _HEAD], end):
        if language := language_named(line):
            about["language"] = language
        if language or COPYRIGHT.match(line):
            end = number + 1
    return end


def parse_factiva_lines(lines: Iterable[str]) -> list[Article]:
    """The articles of the lines of an RTF, of which those in bold begin with `BOLD`; each ends with its number."""
    lines = [line for line in lines if line.strip(BOLD)]
    ended = split_after(lines, lambda line: _END.fullmatch(line.replace(BOLD, "")))
    return [*_coded(lines)] or [*filter(None, map(_from_lines, ended))]


def _coded(lines: Sequence[str]) -> Iterator[Article]:
    """The articles of rows of a code and a cell, which may have many lines."""
    fields: dict[str, list[str]] = {}
    own: list[str] = []
    field: list[str] = []
    for line in (line.replace(BOLD, "") for line in lines):
        if match := _CODED.match(line):
            if "AN" in fields:
                if found := _from_fields(fields, "\n".join(own).encode()):
                    yield found
                fields, own = {}, []
            field = fields[match[1]] = []
            line = match[2]
        own.append(line)
        if cell := line.strip("| "):
            field.append(cell)
    if "AN" in fields and (found := _from_fields(fields, "\n".join(own).encode())):
        yield found


def _from_lines(own: Sequence[str]) -> Article | None:
    """Section, title in bold, byline, then the head and the text."""
    lines = own[:-1]
    plain = [line.replace(BOLD, "").strip() for line in lines]
    count = next((n for n, line in enumerate(plain) if _COUNT.fullmatch(line)), None)
    if not count:
        return None
    bold = [number for number, line in enumerate(lines[:count]) if line.startswith(BOLD)]
    title = bold[-1] if bold else 0
    about: dict[str, str | None] = {"title": plain[title]}
    about["author"] = author_named(plain[title + 1]) if title + 1 < count else None
    body = plain[_read_head(plain, about) :]
    if body and body[-1] == about.get("publisher"):
        body.pop()
    return article(about, body, "\n".join(own).replace(BOLD, "").encode())

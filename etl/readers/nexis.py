"""Nexis (Uni, Advance): a Word file that may begin with a page about the search, then articles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.readers.press import COPYRIGHT, Article, article, author_named, language_named, split_after
from etl.readers.said import find_date

_END = ("End of Document", "Fin du document", "Ende des Dokuments")
_BODY = ("Body", "Corps", "Corps du texte", "Texte")
_FOOT = re.compile(r"(?:load-date|date de chargement|classification|language|langue)\s*:?.*", re.IGNORECASE)
_FIELD = re.compile(r"(?P<name>[^\W\d_][^:]{1,24}?)\s*:\s+(?P<cell>\S.*)")
_COVER = re.compile(r"Documents? ?\(\d+\)")  # on the page about the search
_AUTHOR, _LANGUAGE = ("byline", "auteur", "par"), ("language", "langue")


def parse_nexis_lines(lines: Sequence[str]) -> list[Article]:
    """The articles of the paragraphs of an export: title, publisher, date, fields, *Body*, text, *End of Document*."""
    return [*filter(None, map(_article, split_after(lines, _END.__contains__)))]


def _article(own: Sequence[str]) -> Article | None:
    lines = [line for line in own[:-1] if line]
    body = next((number for number, line in enumerate(lines) if line in _BODY), None)
    if body is None or body < 2:
        return None
    head = lines[:body]
    when = _date_line(head)
    about: dict[str, str | None] = {}
    if when is not None:  # what stands before title and publisher tells of the search
        about = {
            "title": head[max(0, when - 2)],
            "publisher": head[when - 1],
            "published": find_date(head[when]),
        }
    elif not any(map(_COVER.fullmatch, head)):
        about = {"title": head[0], "publisher": head[1]}
    end = next((n for n, line in enumerate(lines[body:], body) if _FOOT.fullmatch(line)), len(lines))
    for line in (*head[when or 0 :], *lines[end:]):
        if field := _FIELD.fullmatch(line):
            if field["name"].lower() in _AUTHOR:
                about["author"] = author_named(field["cell"])
            elif field["name"].lower() in _LANGUAGE:
                about["language"] = language_named(re.split("[;,]", field["cell"])[0])
    return article(about, lines[body + 1 : end], "\n".join(own).encode())


def _date_line(head: Sequence[str]) -> int | None:
    """Which line is the date of publication: the last just above the copyright that is no field."""
    end = next((n for n in reversed(range(len(head))) if COPYRIGHT.match(head[n])), len(head))
    lines = (
        n
        for n in reversed(range(max(1, end - 3), end))
        if not _FIELD.fullmatch(head[n]) and find_date(head[n])
    )
    return next(lines, None)

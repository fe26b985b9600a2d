"""Feeds saved as files: RSS 0.9 to 2.0 and Atom, a document an entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from etl.documents import make
from etl.errors import DocumentError
from etl.limits import Limits
from etl.readers import Blob, Found
from etl.readers.mail import _lines_of
from etl.readers.said import find_date
from etl.readers.web import parse_tree

_BODIES = ("encoded", "content", "description", "summary")  # the fullest first
_DATES = ("pubdate", "published", "date", "issued", "updated")
_AUTHORS = ("creator", "author")


def parse_feed(blob: Blob, limits: Limits) -> Iterator[Found]:
    """An entry's title and fullest text, with its date, author and address, and the feed's title as publisher."""
    data = blob.read(limits)
    # Entities stay unread: they are what makes bombs, and reach for files.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    tree = etree.fromstring(data, parser)
    if tree is None:
        raise DocumentError(f"{blob.place}: no XML in it; save the feed anew")
    if tree.getroottree().docinfo.internalDTD is not None and any(
        True for _ in tree.getroottree().docinfo.internalDTD.iterentities()
    ):
        raise DocumentError(f"{blob.place}: it declares XML entities, as no feed needs to; not read")
    entries = [element for element in tree.iter() if _name(element) in ("item", "entry")]
    if not entries:
        raise DocumentError(f"{blob.place}: neither an RSS nor an Atom feed: it has no item and no entry")
    channel = next((e for e in tree.iter() if _name(e) in ("channel", "feed")), tree)
    publisher = next((_text(child) for child in channel if _name(child) == "title"), "")
    language = next((_text(child) for child in channel if _name(child) == "language"), "")
    for entry in entries:
        yield from _parse_entry(
            entry, {"publisher": publisher, "language": language[:2].lower()}, blob, limits
        )


def _parse_entry(entry: Any, about: dict[str, str], blob: Blob, limits: Limits) -> Iterator[Found]:
    cells: dict[str, str] = {}
    for child in entry:
        name = _name(child)
        value = child.get("href", "") if name == "link" and child.get("href") else _text(child)
        if value and (name != "link" or child.get("rel", "alternate") == "alternate"):
            cells.setdefault(name, value)
    title = cells.get("title", "")
    source = next((cells[name] for name in _BODIES if name in cells), "")
    body = _lines_of(parse_tree(source, blob, limits)) if "<" in source or "&" in source else source
    told = about | {
        "title": title,
        "url": cells.get("link", ""),
        "published": find_date(next((cells[name] for name in _DATES if name in cells), "")) or "",
        "author": next((cells[name] for name in _AUTHORS if name in cells), ""),
    }
    own = etree.tostring(entry, encoding="utf-8", with_tail=False)
    text = "\n\n".join(filter(None, (title, body)))
    if text:
        yield from make(blob, own, text, limits, told)


def _name(element: Any) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _text(element: Any) -> str:
    if len(element) and element.get("type") == "xhtml":
        return str(etree.tostring(element, encoding="unicode", with_tail=False))
    return " ".join("".join(element.itertext()).split())

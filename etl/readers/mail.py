"""Newsletters: single messages, and mailboxes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from etl.documents import make
from etl.encodings import decode
from etl.errors import DocumentError
from etl.limits import Limits
from etl.readers import Blob, Found, Item
from etl.readers.said import find_date

_LINE = 1 << 20
_HEADER = 50_000  # characters: the standard library takes the square of their time


def unpack_mbox(blob: Blob, limits: Limits) -> Iterator[Item]:
    """A message for each line that begins with `From ` after an empty one; its bytes without that line."""
    own: list[bytes] = []
    size = number = 0
    empty, begun = True, False
    with blob.open() as stream:
        while line := stream.readline(_LINE):
            if empty and line.startswith(b"From "):
                if begun:
                    yield _message(own, size, number, blob, limits)
                own, size, begun = [], 0, True
                number += 1
            elif begun:
                size += len(line)
                if size <= limits.document_bytes:
                    own.append(line[1:] if re.match(rb">+From ", line) else line)
            elif line.strip():
                raise DocumentError(f"{blob.place}: not a mailbox; its first line must begin with 'From '")
            empty = not line.strip()
    if begun:
        yield _message(own, size, number, blob, limits)


def _message(own: list[bytes], size: int, number: int, blob: Blob, limits: Limits) -> Item:
    source, place = f"{blob.source}/{number}", f"{blob.place}, message {number}"
    if size > limits.document_bytes:
        return DocumentError(f"{place}: more than {limits.document_bytes / 1e6:g} MB; split it", source)
    return Blob(source, place, ".eml", data=b"".join(own).rstrip(b"\r\n") + b"\n", about=blob.about)


def parse_mail(blob: Blob, limits: Limits) -> Iterator[Found]:
    """The subject and the text of a message: its plain part, else its page; attachments are left out."""
    data = blob.read(limits)
    message = message_from_bytes(data, policy=policy.default)
    if not message.keys():
        raise DocumentError(f"{blob.place}: no message: it has no header; save it as .eml")
    if any(len(cell) > _HEADER for part in message.walk() for _, cell in part.raw_items()):
        raise DocumentError(f"{blob.place}: a header of more than {_HEADER:,} characters; not read")
    title = _header(message, "subject")
    name, address = parseaddr(_header(message, "from") or "")
    about = {
        "title": title,
        "publisher": name or address or None,
        "published": find_date(_header(message, "date") or ""),
    }
    part = message.get_body(("plain", "html"))
    if part is None:
        raise DocumentError(f"{blob.place}: a message without a text; attachments are not read")
    body, encoding = _content(part, blob)
    if part.get_content_type() == "text/html":
        from etl.readers.web import parse_tree

        body = _lines_of(parse_tree(body, blob, limits))
    text = f"{title}\n\n{body}" if title and not body.lstrip().startswith(title) else body
    yield from make(blob, data, text.strip() + "\n", limits, about, encoding)


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        cell = str(message.get(name) or "")
    except Exception:
        return None
    return " ".join(cell.encode("utf-8", "ignore").decode().split()) or None


def _content(part: Any, blob: Blob) -> tuple[str, str]:
    raw = part.get_payload(decode=True)
    return decode(raw if isinstance(raw, bytes) else b"", blob.place, part.get_content_charset())


_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "tr",
        "td",
        "th",
        "table",
        "ul",
        "ol",
        "blockquote",
        "article",
        "section",
        "br",
        "hr",
    ]
)


def _lines_of(tree: Any) -> str:
    """The text of a newsletter's page, a paragraph a block; all of it, since its layout tells no article apart."""
    from lxml import etree

    if tree is None:
        return ""
    parts: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_hidden = element.tag in ("script", "style", "head", "title")
        if element.tag in _BLOCKS:
            parts.append("\n")
        if event == "start":
            hidden += is_hidden
            parts.append("" if hidden else _one_line(element.text))
        else:
            hidden -= is_hidden
            parts.append("" if hidden else _one_line(element.tail))
    lines = (" ".join(line.split(" ")).strip() for line in "".join(parts).split("\n"))
    return "\n\n".join(line for line in lines if line)


def _one_line(text: str | None) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text or "")

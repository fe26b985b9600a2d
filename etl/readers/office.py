"""Documents of word processors: DOCX, ODT and RTF, and the press databases that export them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from etl.documents import make
from etl.encodings import decode
from etl.errors import DocumentError
from etl.limits import Limits, check_expansion
from etl.readers import Blob, Found
from etl.readers.factiva import BOLD, parse_factiva_lines
from etl.readers.nexis import parse_nexis_lines


def parse_docx(blob: Blob, limits: Limits) -> Iterator[Found]:
    """The paragraphs, rows and notes of the document, or each article of a Nexis export."""
    import docx

    data = blob.read(limits)
    _check_parts(data, blob, limits)
    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError) as problem:
        raise DocumentError(f"{blob.place}: not a Word document ({problem}); save it anew") from None
    lines = [line for part in document.iter_inner_content() for line in _docx_lines(part)]
    lines += _docx_notes(document)
    articles = parse_nexis_lines(lines)
    for about, text, own in articles:
        yield from make(blob, own, text, limits, about)
    if not articles:
        told = document.core_properties
        about = {
            "title": told.title or None,
            "author": told.author or None,
            "language": told.language or None,
        }
        yield from make(blob, data, "\n\n".join(filter(None, lines)), limits, about)


def _docx_lines(part: Any) -> Iterator[str]:
    if hasattr(part, "rows"):
        for row in part.rows:
            yield " | ".join(" ".join(cell.text.split("\n")) for cell in row.cells)
    else:
        yield from (line.strip() for line in part.text.split("\n"))


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _docx_notes(document: Any) -> Iterator[str]:
    """The lines of footnotes and endnotes, which stand in parts of their own."""
    for relation in document.part.rels.values():
        if relation.is_external or relation.reltype.rpartition("/")[2] not in ("footnotes", "endnotes"):
            continue
        for note in _parsed(relation.target_part.blob):
            if note.get(f"{_WORD}type") is None:  # the others are the line above the notes
                for paragraph in note.iter(f"{_WORD}p"):
                    yield "".join(text.text or "" for text in paragraph.iter(f"{_WORD}t")).strip()


_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _META = (f"{{{_ODF}{name}:1.0}}" for name in ("text", "table", "meta"))
_DC = "{http://purl.org/dc/elements/1.1/}"


def parse_odt(blob: Blob, limits: Limits) -> Iterator[Found]:
    """The headings, paragraphs and rows of an OpenDocument text."""
    data = blob.read(limits)
    with _check_parts(data, blob, limits) as archive:
        body = _xml(archive, "content.xml", blob)
        about: dict[str, str | None] = {}
        if "meta.xml" in archive.namelist():
            meta = _xml(archive, "meta.xml", blob)
            creator = meta.findtext(f".//{_META}initial-creator") or meta.findtext(f".//{_DC}creator")
            about = {
                "title": meta.findtext(f".//{_DC}title"),
                "author": creator,
                "language": (meta.findtext(f".//{_DC}language") or "")[:2].lower() or None,
            }
    lines = filter(None, _odt_lines(body))
    yield from make(blob, data, "\n\n".join(lines), limits, about)


def _xml(archive: zipfile.ZipFile, name: str, blob: Blob) -> Any:
    try:
        return _parsed(archive.read(name))
    except KeyError:
        raise DocumentError(f"{blob.place}: no {name} in it, so no OpenDocument; save it anew") from None


def _parsed(xml: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _odt_lines(body: Any) -> Iterator[str]:
    for element in body.iter(f"{_TEXT}p", f"{_TEXT}h", f"{_TABLE}table-row"):
        if element.tag == f"{_TABLE}table-row":
            yield " | ".join(
                " ".join(filter(None, map(_odt_text, cell.iter(f"{_TEXT}p"))))
                for cell in element.iter(f"{_TABLE}table-cell")
            )
        elif not any(True for _ in element.iterancestors(f"{_TABLE}table-row", f"{_TEXT}tracked-changes")):
            yield from _odt_text(element).split("\n")


def _odt_text(element: Any) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag in (f"{_TEXT}tab", f"{_TEXT}s"):
            parts.append(" ")
        elif isinstance(child.tag, str) and child.tag not in (f"{_TEXT}note", f"{_TEXT}annotation"):
            parts.append(_odt_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


_BOLD_BEGINS = re.compile(r"\\b(?![a-z\d-]) ?")


def parse_rtf(blob: Blob, limits: Limits) -> Iterator[Found]:
    """The lines of the document, its notes last, or each article of a Factiva export."""
    from striprtf.striprtf import rtf_to_text

    data = blob.read(limits)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise DocumentError(f"{blob.place}: not an RTF document; save it anew")
    source, encoding = decode(data, blob.place)
    marked = _BOLD_BEGINS.sub(lambda _: rf"\b {BOLD}", _notes_last(source))
    text = rtf_to_text(marked, errors="ignore")  # type: ignore[no-untyped-call]
    lines = [line.strip() for line in text.replace("\r", "\n").split("\n")]
    articles = parse_factiva_lines(lines)
    for about, body, own in articles:
        yield from make(blob, own, body, limits, about, encoding)
    if not articles:
        plain = (line.replace(BOLD, "") for line in lines)
        yield from make(blob, data, "\n\n".join(filter(None, plain)), limits, {}, encoding)


_NOTE = re.compile(r"\{\\(?:\*\\)?footnote\b")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def _notes_last(source: str) -> str:
    """The RTF with its footnotes at its end, each a line, since where they stand they are passed over."""
    kept: list[str] = []
    notes: list[str] = []
    place = 0
    for begin in _NOTE.finditer(source):
        if begin.start() >= place:
            kept.append(source[place : begin.start()])
            place = _group_end(source, begin.end())
            notes.append(source[begin.end() : place - 1])
    rest, brace, after = source[place:].rpartition("}")
    return "".join([*kept, rest, *(f"\\par {{{note}}}" for note in notes), brace, after])


def _group_end(source: str, begin: int) -> int:
    """Where the group ends that the text from `begin` on is in."""
    depth = 1
    for brace in _BRACE.finditer(source, begin):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if not depth:
            return brace.end()
    return len(source)


def _check_parts(data: bytes, blob: Blob, limits: Limits) -> zipfile.ZipFile:
    """The archive that such a document is, once its parts have been seen to unpack to an honest size."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        total = 0
        for part in archive.infolist():
            with archive.open(part) as stream:
                while chunk := stream.read(1 << 20):
                    total += len(chunk)
                    check_expansion(total, len(data), blob.place, limits)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as problem:
        reason = f"not a sound {blob.format} file ({problem}); save it anew"
        raise DocumentError(f"{blob.place}: {reason}") from None
    return archive

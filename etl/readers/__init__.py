"""One reader for each format: of containers, what they hold; of documents, their text and what they say of themselves.

Reading has two steps. `unpack` walks through what holds many (archives, mailboxes, feeds of records) and gives a `Blob`
for each document in it, its bytes untouched; `parse` makes documents of a blob. The first streams and is cheap, the
second can be done by another process. Libraries are imported when a format first asks for them.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, cast

from etl.errors import DocumentError
from etl.limits import Limits, check_size

if TYPE_CHECKING:
    from etl.documents import Document


_AHEAD = 1 << 20  # bytes read at once from a storage


@dataclass(frozen=True, slots=True)
class Blob:
    """The bytes of one file, member or record, and what its container knows of it.

    `source` names it in tables, `place` in messages; `data` is None for a file, which is read when asked for.
    """

    source: str
    place: str
    format: str
    path: Path | None = None
    data: bytes | None = None
    encoding: str | None = None  # as a header declares it
    about: Mapping[str, str] = field(default_factory=dict)  # what a document need not say of itself
    known: Mapping[str, str] = field(default_factory=dict)  # what prevails over what it says
    depth: int = 0
    gzipped: bool = False  # its bytes are, and come out unpacked
    address: str | None = None  # where fsspec finds it, in the place of `path`
    storage: Mapping[str, Any] = field(default_factory=dict)  # fsspec's options for it

    def read(self, limits: Limits) -> bytes:
        """All its bytes; raises `DocumentError` where they are more than a document may have."""
        if self.data is not None:
            check_size(len(self.data), self.place, limits)
            return self.data
        with self.open() as stream:
            data = stream.read(limits.document_bytes + 1)
        check_size(len(data), self.place, limits)
        return data

    def open(self) -> BinaryIO:
        """Its bytes as a stream."""
        if self.gzipped:
            return cast("BinaryIO", gzip.open(self.path or replace(self, gzipped=False).open()))
        if self.data is not None:
            return io.BytesIO(self.data)
        if self.address is not None:
            system, place = _file_system(self.address, self.storage)
            # What fsspec opens need not read a line up to a length.
            return cast("BinaryIO", io.BufferedReader(system.open(place, "rb"), _AHEAD))
        assert self.path is not None
        return self.path.open("rb")

    def size(self) -> int:
        """How many bytes it has, packed as it is."""
        if self.data is not None:
            return len(self.data)
        if self.address is not None:
            system, place = _file_system(self.address, self.storage)
            return int(system.size(place))
        assert self.path is not None
        return self.path.stat().st_size


def _file_system(address: str, storage: Mapping[str, Any]) -> Any:
    import fsspec  # of the extra `[cluster]`

    return fsspec.core.url_to_fs(address, **storage)


@dataclass(frozen=True, slots=True)
class Skipped:
    """What is passed over without being wrong, and why."""

    source: str
    reason: str


Item: TypeAlias = "Blob | Document | DocumentError | Skipped"
Found: TypeAlias = "Document | DocumentError | Skipped"
_Parse: TypeAlias = Callable[[Blob, Limits], "Iterator[Found]"]
_Unpack: TypeAlias = Callable[[Blob, Limits], "Iterator[Item]"]

# Longest suffix first where one ends another.
_CONTAINERS = {
    ".tar.gz": "archives:unpack_tar",
    ".tar.bz2": "archives:unpack_tar",
    ".tar.xz": "archives:unpack_tar",
    ".tgz": "archives:unpack_tar",
    ".tar": "archives:unpack_tar",
    ".warc.gz": "archives:unpack_warc",
    ".warc": "archives:unpack_warc",
    ".zip": "archives:unpack_zip",
    ".gz": "archives:unpack_gzip",
    ".mbox": "mail:unpack_mbox",
    ".jsonl": "records:unpack_jsonl",
    ".ndjson": "records:unpack_jsonl",
    ".parquet": "records:unpack_parquet",
}
_DOCUMENTS = {
    ".txt": "prose:parse_text",
    ".md": "prose:parse_markdown",
    ".html": "web:parse_html",
    ".htm": "web:parse_html",
    ".xhtml": "web:parse_html",
    ".pdf": "pdf:parse_pdf",
    ".docx": "office:parse_docx",
    ".odt": "office:parse_odt",
    ".rtf": "office:parse_rtf",
    ".eml": "mail:parse_mail",
    ".rss": "feeds:parse_feed",
    ".atom": "feeds:parse_feed",
    ".xml": "feeds:parse_feed",
}
TYPES = (
    ".txt, .md, .html, .pdf, .docx, .odt, .rtf, .eml, .rss, .jsonl, .parquet, .mbox"
    " and .zip, .tar, .gz, .warc of them"
)


def format_of(name: str) -> str | None:
    """The format that a file's name ends with, or `None` where it is none that is read.

    >>> format_of("CC-NEWS-2025.warc.gz"), format_of("Une.HTML"), format_of("photo.jpg")
    ('.warc.gz', '.html', None)
    """
    name = name.lower()
    return next((suffix for suffix in (*_CONTAINERS, *_DOCUMENTS) if name.endswith(suffix)), None)


# What these libraries log of broken files is told once, as our error.
for _library in ("htmldate", "pypdf", "trafilatura"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)

_MAGIC = (
    (b"%PDF", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"PAR1", ".parquet"),
    (b"\x1f\x8b", ".gz"),
    (b"WARC/", ".warc"),
    (b"From ", ".mbox"),
    (b'{"', ".jsonl"),
)


def sniff(head: bytes) -> str:
    """The format that bytes without a name begin like; text where they begin like none.

    >>> sniff(b"%PDF-1.7"), sniff(b"<!doctype html><html>"), sniff("Meta paie.".encode())
    ('.pdf', '.html', '.txt')
    """
    for magic, suffix in _MAGIC:
        if head.startswith(magic):
            return suffix
    if head.startswith(b"PK\x03\x04"):
        inner = head[:8192]
        if b"application/vnd.oasis.opendocument.text" in inner:
            return ".odt"
        return ".docx" if b"word/" in inner or b"[Content_Types].xml" in inner else ".zip"
    if head[257:262] == b"ustar":
        return ".tar"
    start = head[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<?xml") and b"<html" in start):
        return ".html"
    if start.startswith((b"<rss", b"<feed")) or (
        start.startswith(b"<?xml") and any(tag in start for tag in (b"<rss", b"<feed", b"<rdf:"))
    ):
        return ".xml"
    return ".md" if start.startswith(b"---\n") else ".txt"


def unpack(blob: Blob, limits: Limits) -> Iterator[Item]:
    """The documents' blobs in a blob, at any depth; the blob itself where it is no container.

    What is wrong with a part is given as a `DocumentError` among them, and the rest goes on.
    """
    if blob.format not in _CONTAINERS:
        yield blob
        return
    if blob.depth >= limits.archive_depth:
        reason = f"an archive within {limits.archive_depth} others; unpack it"
        yield DocumentError(f"{blob.place}: {reason}", blob.source)
        return
    try:
        unpacker: _Unpack = _load(_CONTAINERS[blob.format], blob)
        for item in unpacker(blob, limits):
            if isinstance(item, Blob):
                yield from unpack(replace(item, depth=blob.depth + 1), limits)
            else:
                yield item
    except DocumentError as problem:
        problem.source = problem.source or blob.source
        yield problem
    except OSError as problem:
        yield _unreadable(blob, problem)
    except Exception as problem:
        yield _broken(blob, problem)


def parse(blob: Blob, limits: Limits) -> Iterator[Found]:
    """The documents of a blob that is no container, errors among them."""
    try:
        parser: _Parse = _load(_DOCUMENTS[blob.format], blob)
        for found in parser(blob, limits):
            if isinstance(found, DocumentError):
                found.source = found.source or blob.source
            yield found
    except DocumentError as problem:
        problem.source = problem.source or blob.source
        yield problem
    except OSError as problem:
        yield _unreadable(blob, problem)
    except (Exception, RecursionError) as problem:
        yield _broken(blob, problem)


def _unreadable(blob: Blob, problem: OSError) -> DocumentError:
    if problem.strerror is None:  # a library's own, not the system's
        return _broken(blob, problem)
    reason = f"cannot be read ({problem.strerror}); check its permissions"
    return DocumentError(f"{blob.place}: {reason}", blob.source)


def _broken(blob: Blob, problem: BaseException) -> DocumentError:
    what = f"{type(problem).__name__}: {problem}".splitlines()[0][:200].rstrip(": ")
    return DocumentError(f"{blob.place}: not a sound {blob.format} file ({what}); make it anew", blob.source)


def _load(name: str, blob: Blob) -> Any:
    module, _, function = name.partition(":")
    try:
        return getattr(import_module(f"etl.readers.{module}"), function)
    except ModuleNotFoundError as problem:
        hint = f"reading {blob.format} needs {problem.name}; run: pip install 'chiffrier[sources]'"
        raise DocumentError(f"{blob.place}: {hint}", blob.source) from None


def digest(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()

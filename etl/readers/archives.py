"""Archives: ZIP, tar, gzip, and WARC as the Common Crawl publishes its news.

Members are only ever read, never written to a disk, so that a name such as `../../x` or a link leads nowhere. What
counts against a limit is what comes out, not what a header promises.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any, BinaryIO, cast

from etl.documents import METADATA_FILE
from etl.errors import DocumentError
from etl.limits import Limits, check_expansion
from etl.readers import Blob, Item, Skipped, format_of, sniff

_CHUNK = 1 << 20


class _Budget:
    """What an archive has unpacked to so far, checked at each piece."""

    def __init__(self, blob: Blob, limits: Limits) -> None:
        self.blob, self.limits = blob, limits
        self.packed, self.unpacked, self.members = blob.size(), 0, 0

    def take(self, stream: IO[bytes]) -> bytes | None:
        """All of a member; `None` where it is larger than a document may be, of which no more is read."""
        pieces: list[bytes] = []
        size = 0
        while piece := stream.read(_CHUNK):
            size += len(piece)
            self.unpacked += len(piece)
            check_expansion(self.unpacked, self.packed, self.blob.place, self.limits)
            if size > self.limits.document_bytes:
                return None
            pieces.append(piece)
        return b"".join(pieces)

    def promise(self, size: int) -> None:
        """Refuses a member that will be too much, since even what is passed over has to be unpacked."""
        check_expansion(self.unpacked + size, self.packed, self.blob.place, self.limits)

    def count(self) -> None:
        self.members += 1
        if self.members > self.limits.archive_members:
            reason = f"more than {self.limits.archive_members:,} members; split it"
            raise DocumentError(f"{self.blob.place}: {reason}", self.blob.source)


def _member(name: str, stream: IO[bytes], budget: _Budget) -> Item:
    blob = budget.blob
    source, place = f"{blob.source}/{_portable(name)}", f"{blob.place}, member {_portable(name)}"
    suffix = format_of(name)
    if suffix is None:
        return Skipped(source, "a member of a type that is not read")
    data = budget.take(stream)
    if data is None:
        size = f"{budget.limits.document_bytes / 1e6:g} MB"
        return DocumentError(f"{place}: more than {size}; unpack it", source)
    return Blob(source, place, suffix, data=data)


def _is_passed_over(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return any(part.startswith(".") and part not in (".", "..") for part in parts) or parts[0] == "__MACOSX"


def _portable(name: str) -> str:
    return name.encode("utf-8", "replace").decode().replace("\\", "/")


def unpack_zip(blob: Blob, limits: Limits) -> Iterator[Item]:
    """A blob for each member; hidden ones are passed over, locked or broken ones are errors."""
    budget = _Budget(blob, limits)
    with blob.open() as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:
            raise DocumentError(f"{blob.place}: not a sound ZIP archive ({problem}); make it anew") from None
        with archive:
            for info in archive.infolist():
                budget.count()
                name = info.filename
                if info.is_dir() or _is_passed_over(name):
                    continue
                if name.rpartition("/")[2] == METADATA_FILE:
                    yield Skipped(
                        f"{blob.source}/{_portable(name)}", "metadata within an archive is not read"
                    )
                    continue
                try:
                    with archive.open(info) as member:
                        yield _member(name, member, budget)
                except DocumentError:
                    raise
                except Exception as problem:
                    place = f"{blob.place}, member {_portable(name)}"
                    source = f"{blob.source}/{_portable(name)}"
                    yield DocumentError(f"{place}: cannot be unpacked ({problem}); pack it anew", source)


_PACKED = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open))


def _opened(stream: BinaryIO) -> IO[bytes]:
    """The bytes of a tar; unlike tarfile's own, these unpack no more at once than they are asked for."""
    head = stream.read(6)
    stream.seek(0)
    opener = next((opener for magic, opener in _PACKED if head.startswith(magic)), None)
    return cast("IO[bytes]", stream if opener is None else opener(stream))


def unpack_tar(blob: Blob, limits: Limits) -> Iterator[Item]:
    """A blob for each regular member, read in one pass; links and devices are passed over."""
    budget = _Budget(blob, limits)
    with blob.open() as stream:
        try:
            with _opened(stream) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
                for info in archive:
                    budget.count()
                    budget.promise(info.size)
                    if info.isdir() or _is_passed_over(info.name):
                        continue
                    if not info.isreg():
                        source = f"{blob.source}/{_portable(info.name)}"
                        yield Skipped(source, "a link or a device in an archive")
                        continue
                    if info.name.rpartition("/")[2] == METADATA_FILE:
                        source = f"{blob.source}/{_portable(info.name)}"
                        yield Skipped(source, "metadata within an archive is not read")
                        continue
                    member = cast("IO[bytes]", archive.extractfile(info))
                    yield _member(info.name, member, budget)
                    archive.members = []  # type: ignore[attr-defined]  # or it remembers each
        except (tarfile.TarError, EOFError, OSError, lzma.LZMAError, zlib.error) as problem:
            raise DocumentError(f"{blob.place}: not a sound tar archive ({problem}); make it anew") from None


def unpack_gzip(blob: Blob, limits: Limits) -> Iterator[Item]:
    """What a `.gz` holds, under the name without it; a file of records is streamed, not held."""
    name = blob.source.removesuffix(".gz") if blob.source.lower().endswith(".gz") else blob.source
    suffix = format_of(name)
    with blob.open() as stream:
        head = stream.read(2)
    if head != b"\x1f\x8b":
        raise DocumentError(f"{blob.place}: not a gzip file; make it anew", blob.source)
    if suffix is None:
        if blob.source != "-":
            yield Skipped(blob.source, "what it holds is of a type that is not read")
            return
        with replace(blob, gzipped=True).open() as stream:
            suffix = sniff(stream.read(8192))
    if suffix == ".warc":
        yield from unpack_warc(blob, limits)
        return
    if suffix in (".jsonl", ".ndjson"):
        yield replace(blob, source=name, format=suffix, gzipped=True)
        return
    budget = _Budget(blob, limits)
    with replace(blob, gzipped=True).open() as stream:
        data = budget.take(stream)
    if data is None:
        size = f"{limits.document_bytes / 1e6:g} MB"
        raise DocumentError(f"{blob.place}: unpacks to more than {size}; unpack it", blob.source)
    yield Blob(name, blob.place, suffix, data=data, about=blob.about)


def unpack_warc(blob: Blob, limits: Limits) -> Iterator[Item]:
    """A blob for each page that a server answered with, named by its address.

    Records are independent, so that one broken record costs the rest of the file only where the file itself is cut.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    budget = _Budget(blob, limits)
    with blob.open() as stream:
        records: Any = ArchiveIterator(
            stream, record_types=WarcRecordType.response, parse_http=True, func_filter=None
        )
        for record in records:
            budget.count()
            yield from _page(record, budget)


_PAGES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
}


def _page(record: Any, budget: _Budget) -> Iterator[Item]:
    url = record.headers.get("WARC-Target-URI") or "?"
    url = url.encode("utf-8", "replace").decode().strip("<>")
    status = record.http_headers.status_code if record.http_headers is not None else None
    if status != 200:
        yield Skipped(url, f"answered with status {status}")
        return
    suffix = _PAGES.get((record.http_content_type or "").lower())
    if suffix is None:
        yield Skipped(url, "a record of a type that is not read")
        return
    data = budget.take(record.reader)
    place = f"{budget.blob.place}, {url}"
    if data is None:
        yield DocumentError(f"{place}: more than {budget.limits.document_bytes / 1e6:g} MB", url)
        return
    # The day of the visit is not the day of publication, so it says nothing here.
    yield Blob(url, place, suffix, data=data, encoding=record.http_charset, about={"url": url})

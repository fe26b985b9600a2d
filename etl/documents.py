"""Documents: a text with its identity and what is known of it; `read` finds them in files of any format.

What bytes are text is decided in `etl.encodings`, what a format holds in `etl.readers`. Offsets of figures count the
code points of the text that is kept here, in which each line end is a single line feed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeAlias

from etl.encodings import decode
from etl.errors import DocumentError
from etl.lexicon import WORDS_FILE
from etl.limits import LIMITS, Limits, check_size, check_text, time_limit
from etl.readers import TYPES, Blob, Found, Item, Skipped, format_of, parse, sniff, unpack


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was published, and what is known of it; offsets of figures index `text`."""

    document_id: str
    source: str
    text: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    author: str | None = None
    # How it was read is no part of what it is.
    format: str | None = field(default=None, compare=False)
    encoding: str | None = field(default=None, compare=False)


METADATA = ("title", "publisher", "published", "url", "language", "author")
METADATA_FILE = "documents.csv"
CORRECTIONS_FILE = "corrections.toml"
FRENCH = ("fr",)

_Rows: TypeAlias = dict[str, dict[str, str]]
_Report: TypeAlias = Callable[[DocumentError], object]
_Skip: TypeAlias = Callable[[str, str], object]
_Path: TypeAlias = str | os.PathLike[str]


def read(
    *paths: _Path,
    metadata: _Path | None = None,
    on_error: _Report | None = None,
    on_skip: _Skip | None = None,
    languages: Collection[str] | None = FRENCH,
    fetch: bool = False,
    limits: Limits = LIMITS,
) -> Iterator[Document]:
    r"""Every document of the files and folders once, lazily, in the order given and sorted within a folder.

    A path may be an archive, `-` for standard input, or with `fetch` the URL of a page. A `documents.csv`
    beside the files says what is known of them, or the file `metadata` in its place; its cells prevail over
    what a document says of itself. Folders are read with all that is below them, hidden files excepted. An
    error goes to `on_error` and reading goes on; without it the first one is raised. What is passed over goes
    to `on_skip` with the reason: types that are not read, copies of an earlier document, and texts in other
    `languages` (ISO 639-1; `None` reads all).

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "article.md").write_text("---\ntitle: Un rachat\n---\nMeta paie.\n", "utf-8")
    ...     [(document.title, document.text) for document in read(folder)]
    [('Un rachat', 'Meta paie.\n')]
    """
    report, skip = on_error or _raise, on_skip or _ignore
    seen: set[str] = set()
    for item in find_items(*paths, metadata=metadata, fetch=fetch, limits=limits):
        for found in read_item(item, languages, limits):
            if isinstance(found, DocumentError):
                report(found)
            elif isinstance(found, Skipped):
                skip(found.source, found.reason)
            elif found.document_id in seen:
                skip(found.source, COPY)
            else:
                seen.add(found.document_id)
                yield found


COPY = "a copy of an earlier document"


def _raise(problem: DocumentError) -> NoReturn:
    raise problem


def _ignore(_source: str, _reason: str) -> None:
    pass


def find_items(
    *paths: _Path, metadata: _Path | None = None, fetch: bool = False, limits: Limits = LIMITS
) -> Iterator[Item]:
    """What the paths hold, unpacked but not yet read: the first half of `read`, which streams and is cheap."""
    for _, item in find_placed(*paths, metadata=metadata, fetch=fetch, limits=limits):
        yield item


def find_placed(
    *paths: _Path, metadata: _Path | None = None, fetch: bool = False, limits: Limits = LIMITS
) -> Iterator[tuple[str, Item]]:
    """The items of `find_items`, each with the source of the file that holds it, one file after the other."""
    problems: list[DocumentError] = []
    rows = None if metadata is None else _read_metadata(Path(metadata), problems.append)
    beside: dict[Path, _Rows] = {}
    for found in _find_blobs(paths, limits, fetch=fetch):
        if isinstance(found, tuple):
            blob, folders = found
            for folder in folders if rows is None else ():
                if folder not in beside:
                    beside[folder] = _read_metadata_of(folder, problems.append)
            tables = [beside[folder] for folder in folders] if rows is None else [rows]
            yield from (("", problem) for problem in problems)
            problems.clear()
            for item in unpack(blob, limits):
                yield blob.source, _with_row(item, blob.path, tables)
        else:
            yield found.source or "", found
    yield from (("", problem) for problem in problems)


def find_blobs(
    *paths: _Path, limits: Limits = LIMITS, storage: Mapping[str, Any] | None = None
) -> Iterator[Blob | DocumentError]:
    """The files that the paths hold, archives as they are; `storage` are fsspec's options for addresses."""
    for found in _find_blobs(paths, limits, storage=storage):
        if isinstance(found, tuple):
            blob, folders = found
            tables = [_read_metadata_of(folder, lambda _: None) for folder in folders]
            yield replace(blob, known=_row_of(blob.path, blob.source, tables))
        elif isinstance(found, DocumentError):
            yield found


def _with_row(item: Item, file: Path | None, tables: list[_Rows]) -> Item:
    if isinstance(item, Blob):
        return replace(item, known=row) if (row := _row_of(file, item.source, tables)) else item
    if isinstance(item, Document):
        return replace(item, **_row_of(file, item.source, tables))
    return item


def read_item(item: Item, languages: Collection[str] | None = FRENCH, limits: Limits = LIMITS) -> list[Found]:
    """The documents of one item in their order, with what is wrong and what is passed over among them."""
    if isinstance(item, (DocumentError, Skipped)):
        return [item]
    founds: list[Found] = []
    if isinstance(item, Document):
        founds = [item]
    else:
        try:
            with time_limit(limits.seconds, item.place, item.source):
                founds.extend(parse(item, limits))
        except DocumentError as problem:  # out of time: what was read before stays
            founds.append(problem)
    return [_in_language(found, languages) for found in founds]


def _in_language(found: Found, languages: Collection[str] | None) -> Found:
    if languages is None or not isinstance(found, Document):
        return found
    from etl.languages import language_of  # noqa: PLC0415, its model loads with the first long text

    language = language_of(found.text) or (found.language or "").lower()[:2]
    if language and language not in languages:
        return Skipped(found.source, f"in another language ({language})")
    return found


def make(
    blob: Blob,
    own: bytes,
    text: str,
    limits: Limits,
    about: Mapping[str, str | None],
    encoding: str = "utf-8",
) -> Iterator[Document | DocumentError]:
    """The document with this text and these bytes of its own; what its reader found yields to what is known.

    Where its date is no EDTF date it comes without it, after an error that says so.
    """
    cells = {**blob.about, **{name: cell for name, cell in about.items() if cell}, **blob.known}
    published = cells.pop("published", None)
    if published is not None and parse_published(published) is None:
        yield _bad_date(blob.place, published, blob.source)
    yield Document(
        identify(own),
        blob.source,
        check_text(text, blob.place, limits),
        published=None if published is None else parse_published(published),
        format=blob.format,
        encoding=encoding,
        **cells,
    )


def identify(own_bytes: bytes) -> str:
    """The `document_id` of the document that has these bytes, wherever it lies and whatever it is called.

    >>> identify("Meta paie 14 milliards.".encode())
    '2177cbe95dd5cd73'
    """
    return hashlib.sha256(own_bytes).hexdigest()[:16]


_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?(?P<about>[~?%]?)(?:[T ]\d\d:\d\d.*)?"
)


def parse_published(cell: str) -> str | None:
    """The EDTF date of a cell of metadata, a time of day cut off; `None` where it is no such date.

    >>> parse_published("2025-06-13T18:02:00+02:00"), parse_published("2024"), parse_published("13/06/2025")
    ('2025-06-13', '2024', None)
    """
    match = _DATE.fullmatch(cell.strip())
    if not match:
        return None
    month, is_season = int(match["month"] or 1), "21" <= (match["month"] or "") <= "41" and not match["day"]
    try:
        date(int(match["year"]), 1 if is_season else month, int(match["day"] or 1))
    except ValueError:
        return None
    return "-".join(part for part in match.group("year", "month", "day") if part) + match["about"]


# --- files --------------------------------------------------------------------------------------------------

# A blob, and the folders whose `documents.csv` may know it, its own first.
_Placed: TypeAlias = tuple[Blob, tuple[Path, ...]]


def _find_blobs(
    paths: Iterable[_Path],
    limits: Limits,
    *,
    fetch: bool = False,
    storage: Mapping[str, Any] | None = None,
) -> Iterator[_Placed | DocumentError | Skipped]:
    for path in paths:
        name = os.fspath(path)
        if not name:  # or else it would be the working folder
            yield DocumentError("an empty path: name a file or a folder")
        elif name == "-":
            yield from _read_stream(sys.stdin.buffer, limits)
        elif name.partition("://")[0] in _STORAGES:
            yield from _find_stored(name, storage or {})
        elif re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", name):
            yield from _fetch(name, limits, wanted=fetch)
        else:
            try:
                yield from _find_at(Path(path))
            except OSError as problem:
                reason = f"cannot be reached ({problem.strerror}); check its permissions"
                yield DocumentError(f"{path}: {reason}", name)


# Where one's own files lie; the web is read with `--fetch` alone.
_STORAGES = ("abfs", "abfss", "az", "file", "gcs", "gs", "hdfs", "memory", "s3", "s3a")


def _find_stored(address: str, storage: Mapping[str, Any]) -> Iterator[_Placed | DocumentError | Skipped]:
    """The files at or below an address of fsspec's."""
    scheme = address.partition("://")[0]
    try:
        import fsspec  # noqa: PLC0415, an extra that need not be installed

        system, place = fsspec.core.url_to_fs(address, **storage)
        files = sorted(system.find(place))
    except ModuleNotFoundError as problem:
        hint = f"{scheme}:// needs {problem.name}; run: pip install 'chiffrier[cluster]' {problem.name}"
        yield DocumentError(f"{address}: {hint}", address)
        return
    except Exception as problem:  # noqa: BLE001, each storage has errors of its own
        reason = str(problem).partition("\n")[0]
        yield DocumentError(f"{address}: cannot be listed ({reason}); check the address", address)
        return
    if not files:
        yield DocumentError(f"{address}: no such file or folder; check the address", address)
    for file in files:
        name = address.rstrip("/") + file.removeprefix(place.rstrip("/"))  # with what it says of the account
        suffix = format_of(file)
        if suffix is None:
            yield Skipped(name, "a file of a type that is not read")
        elif not any(part.startswith(".") for part in file.removeprefix(place).split("/")):
            yield Blob(name, name, suffix, address=name, storage=storage), ()


def _read_stream(stream: BinaryIO, limits: Limits) -> Iterator[_Placed | DocumentError]:
    """Standard input: kept in a file of its own while it is read, since some formats are read from their end."""
    with tempfile.NamedTemporaryFile(prefix="chiffrier-") as copy:
        shutil.copyfileobj(stream, copy, 1 << 20)
        copy.flush()
        path = Path(copy.name)
        with path.open("rb") as head:
            blob = Blob("-", "standard input", sniff(head.read(8192)), path)
        if blob.format in (".warc", ".gz", ".zip", ".tar", ".jsonl", ".mbox", ".parquet"):
            yield blob, ()
            return
        try:
            yield replace(blob, path=None, data=blob.read(limits)), ()
        except DocumentError as problem:
            yield problem


def _fetch(url: str, limits: Limits, *, wanted: bool) -> Iterator[_Placed | DocumentError]:
    if not wanted:
        yield DocumentError(f"{url}: an address is read only when asked; add --fetch", url)
        return
    from etl.fetch import fetch  # noqa: PLC0415, the network is for those who ask for it

    try:
        yield fetch(url, limits), ()
    except DocumentError as problem:
        yield problem


def _find_at(path: Path) -> Iterator[_Placed | DocumentError | Skipped]:
    types = f"what is read is {TYPES}"
    source = _source(path)
    if path.is_dir():
        found = False
        for item in _walk(path, (path,)):
            found = found or isinstance(item, tuple)
            yield item
        if not found:
            yield DocumentError(f"{path}: no document in this folder; {types}", source)
    elif not path.exists() and not path.is_symlink():
        yield DocumentError(f"{path}: no such file or folder; check the path", source)
    elif path.name == METADATA_FILE:
        yield Skipped(str(path), "metadata is no document")  # as in `extract folder/*`
    elif path.name == WORDS_FILE:
        yield Skipped(str(path), "a list of words is no document")
    elif path.name == CORRECTIONS_FILE:
        yield Skipped(str(path), "a list of corrections is no document")
    elif format_of(path.name) is None:
        kind = path.suffix or "a file without suffix"
        yield DocumentError(f"{path}: cannot read {kind}; {types}", source)
    else:
        yield from _blob(path, (path.parent,))


def _walk(folder: Path, folders: tuple[Path, ...]) -> Iterator[_Placed | DocumentError | Skipped]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as problem:
        reason = f"cannot be listed ({problem.strerror}); check its permissions"
        yield DocumentError(f"{folder}: {reason}", _source(folder))
        return
    for entry in entries:
        path = folder / entry.name
        suffix = path.suffix.lower()
        if entry.name.startswith(".") or entry.name == METADATA_FILE:
            continue
        if entry.name in (WORDS_FILE, CORRECTIONS_FILE):
            if len(folders) > 1:  # or else they are in use, see `etl.lexicon.words_beside`
                reason = f"{path.stem} are taken from the folder that is named, not from one below"
                yield Skipped(str(path), reason)
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, (path, *folders))
        elif entry.is_symlink() and _is_folder(path):
            yield Skipped(str(path), "a link to a folder")  # which may lead back here
        elif format_of(entry.name) is None:
            yield Skipped(
                str(path), f"{suffix} is not read" if suffix else "a file without suffix is not read"
            )
        elif suffix == ".jsonl" and is_table(path):
            yield Skipped(str(path), "a table of Chiffrier's is no document")
        else:
            yield from _blob(path, folders)


def _blob(path: Path, folders: tuple[Path, ...]) -> Iterator[_Placed | DocumentError]:
    source = _source(path)
    try:
        if path.exists() and not path.is_file():
            yield DocumentError(f"{path}: not a regular file; copy what it gives into one", source)
            return
    except OSError as problem:
        reason = f"cannot be read ({problem.strerror}); check its permissions"
        yield DocumentError(f"{path}: {reason}", source)
        return
    suffix = format_of(path.name)
    assert suffix is not None
    yield Blob(source, str(path), suffix, path), folders


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def is_table(path: Path) -> bool:
    """Whether a JSONL file is a table that Chiffrier wrote, by its first line; not if it cannot be read."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as lines:
            return lines.read(32).startswith((b'{"figure_id":', b'{"fact_id":'))
    except OSError:
        return False


def _source(path: Path) -> str:
    """The path as given, in its portable form; bytes of a name that are no text cannot go into a table."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _bad_date(place: str, cell: str, source: str | None = None) -> DocumentError:
    reason = f"{cell!r} is no EDTF date, so it is left out; write it as 2025-06-13"
    return DocumentError(f"{place}: {reason}", source)


# --- metadata beside the documents --------------------------------------------------------------------------


def _read_metadata_of(folder: Path, report: _Report) -> _Rows:
    path = folder / METADATA_FILE
    return _read_metadata(path, report) if path.is_file() else {}


def _read_metadata(path: Path, report: _Report) -> _Rows:
    """The rows by what their `file` names: a file beside the table, else a record's id or a file elsewhere.

    What is wrong is reported: of a table that is none there are no rows, and a row that is none is left out.
    """
    rows: _Rows = {}
    try:
        table = _open_metadata(path)
        for row in table:
            _add_row(rows, row, path, table.line_num, report)
    except DocumentError as problem:
        report(problem)
    except OSError as problem:
        report(DocumentError(f"{path}: cannot be read ({problem.strerror}); check the path"))
    except csv.Error as problem:
        report(DocumentError(f"{path}: not a CSV table ({problem}); save it as CSV"))
    return rows


def _open_metadata(path: Path) -> csv.DictReader[str]:
    with path.open("rb") as file:
        data = file.read(LIMITS.document_bytes + 1)
    check_size(len(data), str(path), LIMITS)
    text, _ = decode(data, str(path))
    header = text.partition("\n")[0]
    # A French spreadsheet writes semicolons.
    table = csv.DictReader(io.StringIO(text), delimiter=";" if header.count(";") > header.count(",") else ",")
    if "file" not in (table.fieldnames or ()):
        raise DocumentError(f"{path}: no column 'file'; the columns are file, {', '.join(METADATA)}")
    return table


def _add_row(rows: _Rows, row: dict[str | Any, str | Any], path: Path, line: int, report: _Report) -> None:
    if None in row:
        report(DocumentError(f"{path}, line {line}: more cells than columns; quote the cell with the comma"))
        return
    cells = {name: (row.get(name) or "").strip() for name in ("file", *METADATA)}
    cells = {name: cell for name, cell in cells.items() if cell}
    name = cells.pop("file", "")
    key = str((path.parent / name).absolute()) if (path.parent / name).exists() else name
    if key in rows:
        report(DocumentError(f"{path}, line {line}: {name!r} has a row above; keep one of them"))
        return
    if "published" in cells:
        published = parse_published(cells["published"])
        if published is None:
            report(_bad_date(f"{path}, line {line}", cells.pop("published")))
        else:
            cells["published"] = published
    if name:
        rows[key] = cells


def _row_of(file: Path | None, source: str, tables: Iterable[_Rows]) -> dict[str, str]:
    keys = (source, str(file.absolute()), file.name) if file else (source,)
    for rows in tables:
        for key in keys:
            if key in rows:
                return rows[key]
    return {}

"""Documents: a text with its identity and what is known of it, and one reader for each format behind `read`.

A text is decoded as UTF-8, its byte order mark dropped, and each line end becomes a single line feed. Nothing
else is changed, and offsets of figures count the code points of what is then kept. Other encodings are
refused, not guessed.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from etl.errors import DocumentError


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


METADATA = ("title", "publisher", "published", "url", "language")
METADATA_FILE = "documents.csv"

# A reader gives its errors among its documents, so that one bad line does not end a file.
_Found: TypeAlias = Document | DocumentError
_File: TypeAlias = tuple[
    Path, tuple[Path, ...]
]  # and the folders whose `documents.csv` may know it, its own first
_Rows: TypeAlias = dict[str, dict[str, str]]
_Report: TypeAlias = Callable[[DocumentError], object]
_Skip: TypeAlias = Callable[[str, str], object]


def read(
    *paths: str | os.PathLike[str],
    metadata: str | os.PathLike[str] | None = None,
    on_error: _Report | None = None,
    on_skip: _Skip | None = None,
) -> Iterator[Document]:
    r"""Every document of the files and folders once, lazily, in the order given and sorted within a folder.

    A `documents.csv` beside the files says what is known of them, or the file `metadata` in its place; its
    cells prevail over what a document says of itself. Folders are read with all that is below them, hidden
    files excepted. An error goes to `on_error` and reading goes on; without it the first one is raised. What
    is passed over (types that are not read, copies of an earlier document) goes to `on_skip` with the reason.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "article.md").write_text("---\ntitle: Un rachat\n---\nMeta paie.\n", "utf-8")
    ...     [(document.title, document.text) for document in read(folder)]
    [('Un rachat', 'Meta paie.\n')]
    """
    report, skip = on_error or _raise, on_skip or _ignore
    rows = None if metadata is None else _read_metadata(Path(metadata), report)
    beside: dict[Path, _Rows] = {}
    seen: set[str] = set()
    for file, folders in _find_files(paths, report, skip):
        for folder in folders if rows is None else ():
            if folder not in beside:
                beside[folder] = _read_metadata_of(folder, report)
        tables = [beside[folder] for folder in folders] if rows is None else [rows]
        for found in _read_file(file):
            if isinstance(found, DocumentError):
                report(found)
            elif found.document_id in seen:
                skip(found.source, "a copy of an earlier document")
            else:
                seen.add(found.document_id)
                yield replace(found, **_row_of(file, found.source, tables))


def _raise(problem: DocumentError) -> NoReturn:
    raise problem


def _ignore(_source: str, _reason: str) -> None:
    pass


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


def _find_files(paths: Iterable[str | os.PathLike[str]], report: _Report, skip: _Skip) -> Iterator[_File]:
    for path in paths:
        if not os.fspath(path):  # or else it would be the working folder
            report(DocumentError("an empty path: name a file or a folder"))
            continue
        try:
            yield from _find_at(Path(path), report, skip)
        except OSError as problem:
            report(DocumentError(f"{path}: cannot be reached ({problem.strerror}); check its permissions"))


def _find_at(path: Path, report: _Report, skip: _Skip) -> Iterator[_File]:
    types = f"what is read is {', '.join(READERS)}"
    if path.is_dir():
        found = False
        for file in _walk(path, (path,), report, skip):
            found = True
            yield file
        if not found:
            report(DocumentError(f"{path}: no document in this folder; {types}"))
    elif not path.exists() and not path.is_symlink():
        report(DocumentError(f"{path}: no such file or folder; check the path"))
    elif path.name == METADATA_FILE:
        skip(str(path), "metadata is no document")  # as in `extract folder/*`
    elif path.suffix.lower() not in READERS:
        report(DocumentError(f"{path}: cannot read {path.suffix or 'a file without suffix'}; {types}"))
    else:
        yield path, (path.parent,)


def _walk(folder: Path, folders: tuple[Path, ...], report: _Report, skip: _Skip) -> Iterator[_File]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as problem:
        report(DocumentError(f"{folder}: cannot be listed ({problem.strerror}); check its permissions"))
        return
    for entry in entries:
        path = folder / entry.name
        suffix = path.suffix.lower()
        if entry.name.startswith(".") or entry.name == METADATA_FILE:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, (path, *folders), report, skip)
        elif entry.is_symlink() and _is_folder(path):
            skip(str(path), "a link to a folder")  # which may lead back here
        elif suffix not in READERS:
            skip(str(path), f"{suffix} is not read" if suffix else "a file without suffix is not read")
        elif suffix == ".jsonl" and is_table(path):
            skip(str(path), "a table of Chiffrier's is no document")
        else:
            yield path, folders


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


def _read_file(path: Path) -> Iterator[_Found]:
    try:
        if path.exists() and not path.is_file():
            yield DocumentError(f"{path}: not a regular file; copy what it gives into one")
            return
        yield from READERS[path.suffix.lower()](path)
    except DocumentError as problem:
        yield problem
    except OSError as problem:
        yield DocumentError(f"{path}: cannot be read ({problem.strerror}); check its permissions")


def _source(path: Path) -> str:
    """The path as given, in its portable form; bytes of a name that are no text cannot go into a table."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _decode(data: bytes, place: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise DocumentError(f"{place}: not UTF-8 text (at byte {problem.start}); save it as UTF-8") from None
    return _clean(text, place)


def _clean(text: str, place: str) -> str:
    if "\0" in text:
        raise DocumentError(f"{place}: not UTF-8 text (it holds a NUL character); leave it out")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _dated(document: Document, place: str) -> Iterator[_Found]:
    """The document; where its date is no EDTF date, without it, and after an error that says so."""
    if document.published is not None:
        published = parse_published(document.published)
        if published is None:
            yield _bad_date(place, document.published)
        document = replace(document, published=published)
    yield document


def _bad_date(place: str, cell: str) -> DocumentError:
    return DocumentError(f"{place}: {cell!r} is no EDTF date, so it is left out; write it as 2025-06-13")


# --- one reader for each format -----------------------------------------------------------------------------


def _read_text(path: Path) -> Iterator[_Found]:
    data = path.read_bytes()
    yield Document(identify(data), _source(path), _decode(data, str(path)))


def _read_markdown(path: Path) -> Iterator[_Found]:
    data = path.read_bytes()
    about, text = split_front_matter(_decode(data, str(path)))
    yield from _dated(Document(identify(data), _source(path), text, **about), str(path))


# Between two lines of dashes, prose is prose: only lines such as these are front matter.
_FRONT = re.compile(r"(?P<key>[\w-]+):(?:\s+(?P<value>.*))?|\s+(?P<more>.*)|#.*|-\s.*|")
_FRONT_KEYS = {"date": "published"} | {name: name for name in METADATA}
_FOLDED = (">", ">-", ">+", "|", "|-", "|+")  # the value stands in the lines below


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    r"""What the front matter says under the keys that we know, and the text after its closing line, verbatim.

    >>> split_front_matter("---\ntitle: \"Meta : le prix\"\ndate: 2025-06-13\n---\n\nMeta paie.")
    ({'title': 'Meta : le prix', 'published': '2025-06-13'}, '\nMeta paie.')
    """
    lines = text.split("\n")
    ends = (number for number, line in enumerate(lines) if number and line.rstrip() == "---")
    end = next(ends, None) if lines[0].rstrip() == "---" else None
    front = [_FRONT.fullmatch(line) for line in lines[1:end]]
    if end is None or not all(front):
        return {}, text
    about: dict[str, str] = {}
    name: str | None = None
    for line in front:
        if line and line["key"]:
            name = _FRONT_KEYS.get(line["key"].lower())
            if name:
                value = (line["value"] or "").strip()
                about[name] = "" if value in _FOLDED else value
        elif line and line["more"] and name:
            about[name] = f"{about[name]} {line['more'].strip()}".strip()
    known = {name: cell for name, raw in about.items() if (cell := _unquoted(raw))}
    return known, "\n".join(lines[end + 1 :])


def _unquoted(cell: str) -> str:
    if cell in ("~", "null"):
        return ""
    if len(cell) > 1 and cell[0] == cell[-1] == "'":
        return cell[1:-1].replace("''", "'")
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return re.sub(r'\\(["\\])', r"\1", cell[1:-1])
    return cell


def _read_jsonl(path: Path) -> Iterator[_Found]:
    if is_table(path):
        raise DocumentError(f"{path}: a table of Chiffrier's, not documents; try `chiffrier facts {path}`")
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            own = line.removesuffix(b"\n").removesuffix(b"\r")
            if number == 1:
                own = own.removeprefix(codecs.BOM_UTF8)
            place = f"{path}, line {number}"
            try:
                if own.strip():
                    yield from _dated(_parse_record(own, place), place)
            except DocumentError as problem:
                yield problem


def _parse_record(own: bytes, place: str) -> Document:
    try:
        record = json.loads(_decode(own, place))
    except (ValueError, RecursionError) as problem:
        raise DocumentError(f"{place}: not JSON ({problem}); write one object a line") from None
    if not isinstance(record, dict):
        raise DocumentError(f"{place}: not a JSON object; write {{'id': …, 'text': …}}")
    source, text = _cell(record, "id", place), _cell(record, "text", place)
    if source is None or text is None:
        missing = "id" if source is None else "text"
        raise DocumentError(f"{place}: no {missing!r}; a document needs an id and a text")
    about = {name: _cell(record, name, place) for name in METADATA}
    return Document(identify(own), source, _clean(text, place), **about)


def _cell(record: dict[str, Any], name: str, place: str) -> str | None:
    cell = record.get(name)
    if isinstance(cell, int) and not isinstance(cell, bool) and name != "text":
        cell = str(cell)
    if cell is None or (cell == "" and name != "text"):
        return None
    if not isinstance(cell, str):
        raise DocumentError(f"{place}: {name!r} is not text; write it as a string")
    try:
        cell.encode()
    except UnicodeEncodeError:
        raise DocumentError(f"{place}: {name!r} holds a lone surrogate; write the whole character") from None
    return cell


READERS: dict[str, Callable[[Path], Iterator[_Found]]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".jsonl": _read_jsonl,
}


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
    text = _decode(path.read_bytes(), str(path))
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


def _row_of(file: Path, source: str, tables: Iterable[_Rows]) -> dict[str, str]:
    for rows in tables:
        for key in (source, str(file.absolute()), file.name):
            if key in rows:
                return rows[key]
    return {}

"""Corrections: what a reader says of a figure against what was read, kept in one file and applied after each reading.

    [[correction]]
    document_id = "b3bd97e9d3b8a3a0"    # the figure: its document, its place and its words
    source = "textes/meta.txt"          # where it was read: not needed, but names the text that has changed
    start = 15
    end = 40
    quote = "14,3 milliards de dollars"
    column = "subject"                  # measure, subject, actor, period or status
    expected = "Meta"                   # what is read there, "" for an empty cell
    value = "Scale AI"                  # what it should be, "" for none
    reason = "Meta paie, Scale AI reçoit"
    author = "Léa Martin"
    date = 2025-06-14

With `reject = true` in place of column, expected and value, the figure is none and leaves the table. A correction
changes what it expects and nothing else: where the text or the rules have moved under it, it is reported, and the
reading stays.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date as Date  # noqa: N812, a field is called date
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from etl.documents import CORRECTIONS_FILE
from etl.errors import CorrectionError, TableError
from etl.periods import parse_period
from etl.report import COLUMNS
from etl.table import FIGURES, MEASURES, STATUSES, columns_of, is_null

CORRECTABLE = ("measure", "subject", "actor", "period", "status")
_ALLOWED = {"measure": MEASURES, "status": STATUSES}
CORRECTED = "corrected"  # the key of `evidence` that says what readers changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a reader says of one cell of one figure, or that the figure is none (`reject`).

    An empty cell is `None`, here as in the table. `place` says where the entry was read, for messages.
    """

    document_id: str
    start: int
    end: int
    quote: str
    reason: str
    author: str
    date: Date
    source: str | None = None
    column: str | None = None
    expected: str | None = None
    value: str | None = None
    reject: bool = False
    place: str = field(default="correction", compare=False)

    def __post_init__(self) -> None:
        _check(self)

    @property
    def figure_id(self) -> str:
        """The figure that it is about."""
        return f"{self.document_id}:{self.start}-{self.end}"


_KEYS = {key.name: key for key in fields(Correction) if key.name != "place"}
_CELL = ("column", "expected", "value")


class Problem(NamedTuple):
    """A correction that was not applied, why, and the line that says so to a reader."""

    kind: str
    correction: Correction
    line: str


UNREAD = "unread"  # its document is not among those of the table
GONE = "gone"  # the text has changed, or the rules find no figure there any more
MOVED = "moved"  # the cell holds neither what it expects nor what it wants
ALREADY = "already"  # the table says so without it


class Corrected(NamedTuple):
    """The figures as corrected, and what could not be corrected."""

    figures: pd.DataFrame
    problems: list[Problem]


# --- reading ------------------------------------------------------------------------------------------------


def read_corrections(*paths: str | os.PathLike[str]) -> tuple[Correction, ...]:
    """The corrections of the files, in their order; of one cell there is but one.

    Raises `CorrectionError` with file and entry where one is wrong, or where two are about one cell.
    """
    return _alone(entry for path in map(Path, paths) for entry in _parse(_text_of(path), str(path)))


def corrections_beside(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The `corrections.toml` of each folder given, and of the folder of each file given, once each."""
    folders = [path if path.is_dir() else path.parent for path in map(Path, paths) if path != Path("-")]
    files = dict.fromkeys(folder / CORRECTIONS_FILE for folder in folders)
    return [path for path in files if path.is_file()]


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CorrectionError(f"{path}: is not UTF-8") from None
    except OSError as problem:
        raise CorrectionError(f"{path}: {problem.strerror or problem}") from None


def _parse(text: str, name: str) -> Iterator[Correction]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise CorrectionError(f"{name}: {problem}") from None
    for key, entries in content.items():
        if key != "correction" or not isinstance(entries, list):
            raise CorrectionError(
                f"{name}: no table is called {key!r}; write [[correction]] above each entry"
            )
        for number, raw in enumerate(entries, 1):
            yield _entry(raw, f"{name}, correction {number}")


def _entry(raw: object, place: str) -> Correction:
    if not isinstance(raw, dict):
        raise CorrectionError(f"{place}: an entry is a table; write [[correction]] above its keys")
    unknown = sorted(set(raw) - set(_KEYS))
    if unknown:
        raise CorrectionError(f"{place}: unknown key {unknown[0]!r}; the keys are {', '.join(_KEYS)}")
    needed = [name for name, key in _KEYS.items() if key.default is MISSING]
    if not raw.get("reject"):
        needed += _CELL
    missing = [name for name in needed if name not in raw]
    if missing:
        raise CorrectionError(f"{place}: {missing[0]!r} is missing")
    for name, cell in raw.items():
        what, holds = _CELLS[_KEYS[name].type]
        if not holds(cell):
            raise CorrectionError(f"{place}: {name!r} must be {what}, not {cell!r}")
    cells = {name: cell for name, cell in raw.items() if not (name in ("expected", "value") and cell == "")}
    if isinstance(cells["date"], str):
        cells["date"] = Date.fromisoformat(cells["date"])
    return Correction(**cells, place=place)


def _is_date(cell: object) -> bool:
    if isinstance(cell, str):
        with suppress(ValueError):
            return Date.fromisoformat(cell).isoformat() == cell
        return False
    return isinstance(cell, Date) and not isinstance(cell, datetime)


# What a key holds in a file, by the type of its field.
_CELLS: dict[Any, tuple[str, Callable[[Any], bool]]] = {
    "str": ("a text", lambda cell: isinstance(cell, str)),
    "str | None": ("a text", lambda cell: isinstance(cell, str)),
    "int": ("a whole number", lambda cell: isinstance(cell, int) and not isinstance(cell, bool)),
    "bool": ("true or false", lambda cell: isinstance(cell, bool)),
    "Date": ("a date: 2025-06-14", _is_date),
}


def _check(entry: Correction) -> None:
    """Raises `CorrectionError` where a correction says what no table can hold."""
    place = entry.place
    for name in ("document_id", "reason", "author", "source"):
        cell = getattr(entry, name)
        if cell is not None and not _is_line(cell):
            raise CorrectionError(f"{place}: {name!r} must be a text in one line, not {cell!r}")
    if not 0 <= entry.start < entry.end:
        raise CorrectionError(f"{place}: no text stands at {entry.start}-{entry.end}; start is below end")
    if len(entry.quote) != entry.end - entry.start:
        length = entry.end - entry.start
        raise CorrectionError(f"{place}: {entry.quote!r} is not {length} characters long, as end - start is")
    if entry.reject:
        also = next((name for name in _CELL if getattr(entry, name) is not None), None)
        if also:
            raise CorrectionError(f"{place}: {also!r} says nothing of a figure that is rejected; take it out")
        return
    if entry.column not in CORRECTABLE:
        allowed = ", ".join(CORRECTABLE)
        raise CorrectionError(f"{place}: column {entry.column!r} cannot be corrected; they are {allowed}")
    for name in ("expected", "value"):
        _check_cell(entry.column, name, getattr(entry, name), place)
    if entry.expected == entry.value:
        raise CorrectionError(f"{place}: {entry.column} is to be {entry.value!r} instead of the same")


def _check_cell(column: str, name: str, cell: str | None, place: str) -> None:
    if cell is None:
        if column == "status":
            raise CorrectionError(f"{place}: {name!r} is empty, but every figure has a status")
    elif column in _ALLOWED and cell not in _ALLOWED[column]:
        raise CorrectionError(
            f"{place}: no {column} is called {cell!r}; they are {', '.join(_ALLOWED[column])}"
        )
    elif column == "period" and parse_period(cell) is None:
        raise CorrectionError(f"{place}: {cell!r} is no EDTF date; write it as 2025-06-13, 2025-06 or 2025")
    elif not _is_line(cell):
        raise CorrectionError(f"{place}: {name!r} must be a text in one line, not {cell!r}")


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # ends of lines among them


def _is_line(cell: str) -> bool:
    return cell.strip() == cell != "" and not _CONTROL.search(cell)


def _alone(entries: Iterable[Correction]) -> tuple[Correction, ...]:
    """The corrections, where no two say something of one cell."""
    seen: dict[tuple[str, str | None], Correction] = {}
    kept: dict[str, Correction] = {}
    for entry in entries:
        other = kept.get(entry.figure_id)
        same = seen.get((entry.figure_id, entry.column))
        if other is not None and (entry.reject or other.reject or same):
            first = same or other
            what = "rejected" if first.reject else "corrected"
            raise CorrectionError(f"{entry.place}: {_said(entry.quote)} is {what} already in {first.place}")
        kept[entry.figure_id] = seen[entry.figure_id, entry.column] = entry
    return tuple(seen.values())


# --- applying -----------------------------------------------------------------------------------------------


def correct(figures: pd.DataFrame, corrections: str | os.PathLike[str] | Iterable[Correction]) -> Corrected:
    r"""The figures with the corrections of a file, or those given, and a `Problem` for each that could not be applied.

    A corrected cell says so in `evidence`: `corrected` holds the figure's place and, by column, what was read there
    (`was`), with reason, author and date. `unresolved` is empty where nothing is open any more; a figure that converts
    a rejected one stands alone. Applied to what is corrected already, corrections change nothing. Raises
    `CorrectionError` where a file is wrong, and `TableError` where the table is not one of figures.

    >>> from etl import parse
    >>> figures = parse("Meta investit 14 milliards de dollars dans Scale AI.", source="meta.txt")
    >>> entry = correction_of(
    ...     figures.iloc[0], "subject", "OpenAI", reason="Le journal s’est trompé", author="Léa", date=Date(2025, 6, 14)
    ... )
    >>> corrected, problems = correct(figures, [entry])
    >>> corrected["subject"].tolist(), problems
    (['OpenAI'], [])
    >>> corrections_of(corrected.iloc[0])["subject"]["was"]
    'Scale AI'
    >>> correct(figures.assign(subject="Nvidia"), [entry]).problems[0].line
    "correction: subject of '14 milliards de dollars' is 'Nvidia' now, not 'Scale AI'; look at it again"
    """
    if columns_of(figures) is not FIGURES or "evidence" not in figures:
        raise TableError("only a table of figures, with their evidence, can be corrected")
    if isinstance(corrections, (str, os.PathLike)):
        corrections = read_corrections(corrections)
    entries = _alone(corrections)
    table = figures.copy()
    if not entries:
        return Corrected(table, [])
    rows = _Rows(table, entries)
    problems = [problem for entry in entries if (problem := rows.apply(entry))]
    return Corrected(rows.table(), problems)


def corrections_of(figure: Mapping[str, Any] | pd.Series[Any]) -> dict[str, dict[str, Any]]:
    """What readers changed of a figure: by column, what was read (`was`), the reason, the author and the date."""
    told: dict[str, dict[str, Any]] = json.loads(figure["evidence"]).get(CORRECTED, [0, 0, {}])[2]
    return told


class _Rows:
    """The rows that corrections are about, changed one by one and put into the table together."""

    def __init__(self, table: pd.DataFrame, entries: tuple[Correction, ...]) -> None:
        documents = {entry.document_id for entry in entries}
        named = table["document_id"].isin(documents)
        there = set(table.loc[named, "document_id"])
        # Where a document is not there, its source may be, with a text that has changed.
        sources = {entry.source for entry in entries if entry.source and entry.document_id not in there}
        if sources:
            named |= table["source"].isin(sources)
        self._table = table
        self._rejected: set[int] = set()
        self._touched: set[int] = set()
        records = table[named].astype(object).to_dict(orient="records")
        self._rows: dict[int, dict[str, Any]] = {
            int(at): {str(name): None if is_null(cell) else cell for name, cell in row.items()}
            for at, row in zip(named.to_numpy().nonzero()[0], records, strict=True)
        }
        self._places = {row["figure_id"]: at for at, row in self._rows.items()}

    def apply(self, entry: Correction) -> Problem | None:
        at = self._places.get(entry.figure_id)
        row = None if at is None else self._rows[at]
        if at is None or row is None or row["quote"] != entry.quote:
            return self._missing(entry)
        if entry.reject:
            self._rejected.add(at)
            return None
        assert entry.column is not None
        evidence = json.loads(row["evidence"])
        told = evidence.pop(CORRECTED, [row["start"], row["end"], {}])[2]
        read = told[entry.column]["was"] if entry.column in told else row[entry.column]
        if read == entry.value:
            line = f"{_cell(entry)} is {_said(entry.value)} already; the entry can go"
            return Problem(ALREADY, entry, f"{entry.place}: {line}")
        if read != entry.expected:
            line = f"{_cell(entry)} is {_said(read)} now, not {_said(entry.expected)}; look at it again"
            return Problem(MOVED, entry, f"{entry.place}: {line}")
        evidence.pop(entry.column, None)  # those words decided what was wrong
        told[entry.column] = {
            "was": read,
            "reason": entry.reason,
            "author": entry.author,
            "date": entry.date.isoformat(),
        }
        evidence[CORRECTED] = [row["start"], row["end"], {name: told[name] for name in sorted(told)}]
        row[entry.column] = entry.value
        row["evidence"] = json.dumps(evidence, ensure_ascii=False, separators=(",", ":"))
        if row["unresolved"] is not None and not _open(row, told):
            row["unresolved"] = None
        self._touched.add(at)
        return None

    def _missing(self, entry: Correction) -> Problem:
        here = [row for row in self._rows.values() if row["document_id"] == entry.document_id]
        where = f"{entry.start}-{entry.end}"
        if here:
            if entry.reject and not _beside(here, entry):
                line = f"no figure stands at {where} of {entry.document_id} as it is; the entry can go"
                return Problem(ALREADY, entry, f"{entry.place}: {line}")
            line = f"no figure {_said(entry.quote)} stands at {where} of {entry.document_id} any more"
            return Problem(GONE, entry, f"{entry.place}: {line}{_hint(here, entry)}")
        changed = [row for row in self._rows.values() if entry.source and row["source"] == entry.source]
        if changed:
            line = f"{entry.source} has changed, and is document {changed[0]['document_id']} now"
            return Problem(GONE, entry, f"{entry.place}: {line}{_hint(changed, entry)}")
        line = f"document {entry.document_id} was not read, or has no figure"
        return Problem(UNREAD, entry, f"{entry.place}: {line}")

    def table(self) -> pd.DataFrame:
        table = self._table
        touched = sorted(self._touched)
        for name in (*CORRECTABLE, "unresolved", "evidence") if touched else ():
            cells = table[name].copy()
            cells.iloc[touched] = [self._rows[at][name] for at in touched]
            table[name] = cells
        if self._rejected:
            names = {self._rows[at]["figure_id"] for at in self._rejected}
            table["equivalent_of"] = table["equivalent_of"].mask(table["equivalent_of"].isin(names))
            table = table[~table["figure_id"].isin(names)].reset_index(drop=True)
        return table


def _open(row: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Whether what `unresolved` says is still so of a column that no reader has decided."""
    about = [name for name in COLUMNS if name in row["unresolved"].split()] or COLUMNS
    return any(name not in told and row[name] in (None, "other") for name in about)


def _beside(rows: list[dict[str, Any]], entry: Correction) -> list[dict[str, Any]]:
    """The figures that share a character with the place of the correction."""
    return [row for row in rows if row["start"] < entry.end and entry.start < row["end"]]


def _hint(rows: list[dict[str, Any]], entry: Correction) -> str:
    """Where the figure may stand now: the only one with its words, or the one that overlaps its place."""
    same = [row for row in rows if row["quote"] == entry.quote]
    found = same if len(same) == 1 else [] if same else _beside(rows, entry)
    if not found:
        return "; take the entry out or mend it"
    return f"; {_said(found[0]['quote'])} stands at {found[0]['start']}-{found[0]['end']}: mend the entry"


def _cell(entry: Correction) -> str:
    return f"{entry.column} of {_said(entry.quote)}"


def _said(cell: str | None) -> str:
    """The cell for a message: in one line, its typography as it is."""
    return "empty" if cell is None else "'" + _CONTROL.sub(" ", cell) + "'"


# --- writing ------------------------------------------------------------------------------------------------


def correction_of(
    figure: Mapping[str, Any] | pd.Series[Any],
    column: str,
    value: str | None,
    *,
    reason: str,
    author: str,
    date: Date | None = None,
) -> Correction:
    """The correction of one cell of a row of the table, dated today unless said otherwise; `None` empties the cell."""
    if column not in CORRECTABLE:
        raise CorrectionError(f"column {column!r} cannot be corrected; they are {', '.join(CORRECTABLE)}")
    expected = None if is_null(figure[column]) else str(figure[column])
    return Correction(
        **_named(figure), column=column, expected=expected, value=value,
        reason=reason, author=author, date=date or _today(),
    )  # fmt: skip


def rejection_of(
    figure: Mapping[str, Any] | pd.Series[Any], *, reason: str, author: str, date: Date | None = None
) -> Correction:
    """The correction that says of a row of the table that it is no figure."""
    return Correction(**_named(figure), reject=True, reason=reason, author=author, date=date or _today())


def _today() -> Date:
    return datetime.now().astimezone().date()


def _named(figure: Mapping[str, Any] | pd.Series[Any]) -> dict[str, Any]:
    texts = {name: str(figure[name]) for name in ("document_id", "source", "quote")}
    return {**texts, "start": int(figure["start"]), "end": int(figure["end"])}


def add_correction(path: str | os.PathLike[str], *corrections: Correction) -> Path:
    """Adds the corrections to a file, made where there is none, and returns its path.

    A cell that was corrected is corrected anew: the entry then expects what it expected before, and goes where the cell
    is to be what it was. A rejection takes the place of all that the file said of its figure. The rest of the file
    stays as it is, its comments too; it is written beside its place and moved into it, and writers wait for each other.
    Raises `CorrectionError`, with nothing changed, where the file is wrong or cannot be written, or where it rejects a
    figure that is to be corrected.

    >>> from etl import parse
    >>> figures = parse("Meta investit 14 milliards de dollars dans Scale AI.", source="meta.txt")
    >>> entry = correction_of(figures.iloc[0], "subject", "OpenAI", reason="Erratum", author="Léa")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = add_correction(Path(folder, "corrections.toml"), entry)
    ...     print(path.read_text(encoding="utf-8").splitlines()[6:9])
    ...     read_corrections(path) == (entry,)
    ['column = "subject"', 'expected = "Scale AI"', 'value = "OpenAI"']
    True
    """
    path = Path(path)
    _change(path, corrections, anew=False)
    return path


def adopt(folder: str | os.PathLike[str], corrections: Iterable[Correction]) -> None:
    """Takes corrections into the `corrections.toml` of a folder, in the place of what it says of the same cells."""
    path = Path(folder) / CORRECTIONS_FILE
    held = {*read_corrections(path)} if path.exists() else set()
    if new := [entry for entry in corrections if entry not in held]:
        _change(path, new, anew=True)


def _change(path: Path, corrections: Iterable[Correction], *, anew: bool) -> None:
    try:
        with _locked(path.parent):
            text = _text_of(path) if path.exists() else ""
            changed = _with(text, corrections, str(path), anew=anew)
            if changed != text:
                _write(path.resolve(), changed)
    except OSError as problem:
        raise CorrectionError(f"{path}: cannot write there ({problem.strerror or problem})") from None


def _with(text: str, corrections: Iterable[Correction], name: str, *, anew: bool) -> str:
    """The text of a file with more corrections: each in the place of what it replaces, or at the end."""
    entries: list[Correction | None] = [*_alone(_parse(text, name))]
    spans = [*_places_of(text)]
    if len(spans) != len(entries):
        raise CorrectionError(f"{name}: its form is too free; begin each entry with a line [[correction]]")
    at: dict[str, list[int]] = {}  # which entries are about a figure
    for number, entry in enumerate(entries):
        assert entry is not None
        at.setdefault(entry.figure_id, []).append(number)
    changed: set[int] = set()
    for entry in corrections:
        own = at.setdefault(entry.figure_id, [])
        replaced = [
            number
            for number in own
            if (other := entries[number]) and (entry.reject or other.reject or other.column == entry.column)
        ]
        wanted: Correction | None = entry
        for number in replaced:
            other = entries[number]
            if other and not anew and not entry.reject:
                wanted = _after(other, entry)
            entries[number] = None
        if not replaced:
            own.append(len(entries))
            entries.append(entry)
        else:
            entries[replaced[0]] = wanted
        changed.update(replaced)
    written = _written(text, spans, entries, changed)
    if [*_parse(written, name)] != [entry for entry in entries if entry]:
        raise CorrectionError(f"{name}: its form is too free; begin each entry with a line [[correction]]")
    return written


def _written(
    text: str, spans: list[tuple[int, int]], entries: list[Correction | None], changed: set[int]
) -> str:
    """The text with what changed put in its place (`spans`), without what is gone, and with the new entries behind."""
    pieces: list[str] = []
    at = 0
    for number, (start, end) in enumerate(spans):
        entry = entries[number]
        if number not in changed:
            continue
        pieces += [text[at:start], _toml(entry) if entry else ""]
        at = end + (not entry and text.startswith("\n", end))
    kept = "".join([*pieces, text[at:]])
    new = [_toml(entry) for entry in entries[len(spans) :] if entry]
    if not new:
        return kept
    return "\n".join([kept.rstrip() + "\n", *new] if kept.strip() else new)


_HEAD = re.compile(r"^[ \t]*\[\[[ \t]*correction[ \t]*\]\]", re.MULTILINE)
_NOTE = re.compile(r"[ \t]*(?:#.*)?\n?")


def _places_of(text: str) -> Iterator[tuple[int, int]]:
    """Where each entry stands, from its head to its last line; comments that follow are the next one's."""
    starts = [match.start() for match in _HEAD.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        lines = text[start:end].splitlines(keepends=True)
        while _NOTE.fullmatch(lines[-1]):
            end -= len(lines.pop())
        yield start, end


def _after(earlier: Correction, entry: Correction) -> Correction | None:
    """The correction of a cell that was corrected before: of what was read, or none where that is right after all."""
    if earlier.reject:
        raise CorrectionError(
            f"{earlier.place}: rejects {_said(entry.quote)}; take that out before it is corrected"
        )
    if entry.expected not in (earlier.value, earlier.expected):
        line = f"makes {_cell(entry)} {_said(earlier.value)}, not {_said(entry.expected)}; look at it again"
        raise CorrectionError(f"{earlier.place}: {line}")
    return None if entry.value == earlier.expected else replace(entry, expected=earlier.expected)


def _toml(entry: Correction) -> str:
    lines = ["[[correction]]"]
    for name in _ORDER:
        cell = getattr(entry, name)
        if name in _CELL and not entry.reject:
            cell = cell or ""
        if cell is None or cell is False:
            continue
        # JSON escapes a text as TOML does, but for this one character.
        told = (
            cell.isoformat()
            if isinstance(cell, Date)
            else json.dumps(cell, ensure_ascii=False).replace("\x7f", "\\u007f")
        )
        lines.append(f"{name} = {told}")
    return "\n".join([*lines, ""])


_ORDER = (
    "document_id", "source", "start", "end", "quote", "column", "expected", "value", "reject",
    "reason", "author", "date",
)  # fmt: skip


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # let go by the system, however we end
        yield
    finally:
        os.close(handle)


def _write(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def lines_of(problems: Iterable[Problem]) -> Iterator[str]:
    """The problems as lines: each its own, but one for all whose documents were not read."""
    counts: Counter[str] = Counter()
    for problem in problems:
        counts[problem.kind] += 1
        if problem.kind != UNREAD:
            yield problem.line
    if unread := counts[UNREAD]:
        are = "correction is" if unread == 1 else "corrections are"
        yield f"{unread} {are} of documents that were not read or have no figure"

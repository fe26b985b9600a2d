"""The column contract of the tables, and the only code that reads and writes them.

One place for each fact: the column lists of docs/table.md, the data package, the command's help and the
dashboard's tooltips are all made from `FIGURES`, `FACTS`, `DEALS` and `DERIVED` below.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Literal

import pandas as pd

from etl.errors import ChiffrierError, TableError

KINDS = ("money", "percent", "count", "quantity", "multiple")
QUALIFIERS = ("exact", "about", "over", "at_least", "under", "at_most", "between", "magnitude")
MEASURES = (
    "deal_value",
    "funding",
    "valuation",
    "stake",
    "capex",
    "revenue",
    "earnings",
    "loss",
    "debt",
    "assets",
    "compensation",
    "price",
    "penalty",
    "market_share",
    "rate",
    "change",
    "budget",
    "headcount",
    "users",
    "area",
    "power",
    "other",
)
STATUSES = ("actual", "reported", "planned", "possible", "denied")
ZONES = ("title", "body", "comment", "boilerplate")
DIRECTIONS = ("up", "down")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what a cell may hold, and one sentence that says what it means."""

    name: str
    type: Literal["string", "integer", "number", "boolean", "list"]
    meaning: str
    required: bool = False
    allowed: tuple[str, ...] = ()

    @property
    def dtype(self) -> str:
        """The pandas dtype of the column."""
        return {
            "string": "str",
            "integer": "int64",
            "number": "float64",
            "boolean": "bool",
            "list": "object",
        }[self.type]


FIGURES: tuple[Column, ...] = (
    Column("figure_id", "string", "Identifies the figure: its document and its place", required=True),
    Column(
        "document_id", "string", "The SHA-256 of the document's own bytes, first 16 digits", required=True
    ),
    Column("source", "string", "The path or URL that the document was read from", required=True),
    Column("publisher", "string", "Who published the document"),
    Column("title", "string", "The document's title"),
    Column("published", "string", "When it was published, in EDTF"),
    Column("zone", "string", "The part of the document that the figure stands in", True, ZONES),
    Column("start", "integer", "Offset of the figure's first character in the text, in code points", True),
    Column("end", "integer", "Offset after the figure's last character", required=True),
    Column("quote", "string", "The figure as printed: text[start:end]", required=True),
    Column("sentence", "string", "The sentence that states it", required=True),
    Column("sentence_start", "integer", "Offset of the sentence in the text", required=True),
    Column("kind", "string", "What kind of number it is", True, KINDS),
    Column("value", "number", "The number as printed, scale applied; null for a magnitude"),
    Column("low", "number", "The lower bound that the text commits to"),
    Column("high", "number", "The upper bound that the text commits to"),
    Column("qualifier", "string", "How the text holds the number", True, QUALIFIERS),
    Column("unit", "string", "A unit of the project's pint registry: USD, percent, EUR/month…", True),
    Column("unit_inferred", "boolean", "True where the context, not the sentence, names the unit", True),
    Column("direction", "string", "Up or down, where the figure is a change", allowed=DIRECTIONS),
    Column(
        "measure", "string", "What is measured; null where the text does not let us say", allowed=MEASURES
    ),
    Column("subject", "string", "The entity that the figure describes"),
    Column("actor", "string", "The entity that pays, holds, buys or spends"),
    Column("period", "string", "The date or period that the figure is about, in EDTF"),
    Column("status", "string", "How far the text commits itself", True, STATUSES),
    Column("attribution", "string", "Whom the text credits with the figure; null for its own voice"),
    Column("base", "string", "What a change changes, or what a share is of"),
    Column("equivalent_of", "string", "The figure_id of the figure that this one converts"),
    Column("unresolved", "string", "Why measure, subject or actor is null though the text has one"),
    Column("evidence", "string", "The words that decided each cell, as a JSON object", required=True),
)

FACTS: tuple[Column, ...] = (
    Column("fact_id", "string", "Identifies the fact by its key and its first figure", required=True),
    Column("measure", "string", "What is measured", True, MEASURES),
    Column("subject", "string", "The entity that the fact is about"),
    Column("actor", "string", "The entity that pays, holds, buys or spends"),
    Column("unit", "string", "The unit that all its figures share", required=True),
    Column("period", "string", "The date or period, in EDTF, at the precision most figures give"),
    Column("value", "number", "The consensus: the most precise value that most documents agree with"),
    Column("low", "number", "The lowest value that its figures state"),
    Column("high", "number", "The highest value that its figures state"),
    Column("status", "string", "The firmest status among its figures", True, STATUSES),
    Column("n_documents", "integer", "How many documents state it", required=True),
    Column("documents", "list", "The sources that state it", required=True),
    Column("figures", "list", "The figure_ids that state it", required=True),
    Column(
        "dissent", "list", "Those figure_ids whose printed value differs from the consensus", required=True
    ),
    Column(
        "margin", "number", "How far the consensus can be from the truth, by its digits: half of the last one"
    ),
    Column(
        "independent_sources",
        "integer",
        "How many of those who say so are nobody's reprint or quotation",
        required=True,
    ),
    Column("timeline", "list", "When each status was first stated: 2025-06-08 reported", required=True),
)

DEAL_KINDS = ("acquisition", "investment", "funding", "licence")
VERDICTS = ("agree", "disagree")

DEALS: tuple[Column, ...] = (
    Column("deal_id", "string", "Identifies the deal: the fact_id of its value", required=True),
    Column("acquirer", "string", "Who buys, invests or leads the round"),
    Column("target", "string", "What is bought, or gets the money", required=True),
    Column("kind", "string", "What kind of deal it is; null where no word says so", allowed=DEAL_KINDS),
    Column("status", "string", "The firmest status among its figures", True, STATUSES),
    Column("period", "string", "When it was first told, in EDTF: the date at which money is compared"),
    Column("announced", "string", "When it was announced or rumoured, in EDTF"),
    Column("closed", "string", "When it was closed, in EDTF; null where no text says so"),
    Column("abandoned", "string", "When it was given up, in EDTF; null where no text says so"),
    Column("unit", "string", "The currency of its value and valuations", required=True),
    Column("value", "number", "Its value: the consensus"),
    Column("low", "number", "The lowest value that is stated"),
    Column("high", "number", "The highest value that is stated"),
    Column("stake", "number", "The share that is bought, in percent"),
    Column("implied_valuation", "number", "What the whole is worth if the value pays for the stake"),
    Column("implied_low", "number", "The least that value and stake imply, as far as their digits go"),
    Column("implied_high", "number", "The most that value and stake imply, as far as their digits go"),
    Column("stated_valuation", "number", "What the target is said to be worth then"),
    Column("valuation", "string", "The fact_id that states it"),
    Column("check", "string", "Whether the stated valuation can be the implied one", allowed=VERDICTS),
    Column("excess", "number", "By how much the stated valuation exceeds the implied one, in percent"),
    Column("n_documents", "integer", "How many documents tell of it", required=True),
    Column("independent_sources", "integer", "How many independent sources state its value", required=True),
    Column("documents", "list", "The sources that tell of it", required=True),
    Column("facts", "list", "The fact_ids that it brings together", required=True),
    Column("timeline", "list", "When each status was first stated: 2025-06-08 reported", required=True),
)

DERIVATIONS = ("implied_valuation", "pre_money", "post_money", "revenue_multiple", "valuation_growth")

DERIVED: tuple[Column, ...] = (
    Column("derived_id", "string", "Identifies the derived fact by what it is and its inputs", required=True),
    Column("measure", "string", "What is derived", True, DERIVATIONS),
    Column("subject", "string", "The entity that it is about", required=True),
    Column("actor", "string", "The entity that pays, where an input has one"),
    Column("unit", "string", "Its unit: a currency, percent or dimensionless", required=True),
    Column("period", "string", "The date or period, in EDTF, of its latest input"),
    Column("value", "number", "The value that the inputs give", required=True),
    Column("low", "number", "The least that the digits of the inputs allow", required=True),
    Column("high", "number", "The most that the digits of the inputs allow", required=True),
    Column("formula", "string", "How it is derived, with the values of the inputs", required=True),
    Column(
        "inputs", "list", "The fact_ids that it is derived from, in the order of the formula", required=True
    ),
    Column("stated", "string", "The fact_id that states the same, where one does"),
    Column("check", "string", "Whether the stated fact can be this one", allowed=VERDICTS),
    Column("excess", "number", "By how much the stated value exceeds the derived one, in percent"),
)

CONTRACTS = (FIGURES, FACTS, DEALS, DERIVED)

FORMATS = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".jsonld": "webannotation",
}
TEXTS = ("csv", "jsonl", "webannotation")

# A spreadsheet runs a text cell that begins like this as a formula. The CSV escapes it with an apostrophe,
# and `load` takes exactly that apostrophe off again, so that the round trip stays exact.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def frame(rows: Iterable[Mapping[str, Any]], columns: tuple[Column, ...] = FIGURES) -> pd.DataFrame:
    """A table with exactly the given columns and dtypes, whatever the rows, none included.

    Missing cells become null. Raises `TableError` where a row has a column that the contract has not.

    >>> frame([]).dtypes["value"], len(frame([]).columns) == len(FIGURES)
    (dtype('float64'), True)
    """
    rows = list(rows)
    names = [column.name for column in columns]
    unknown = {name for row in rows for name in row} - set(names)
    if unknown:
        raise TableError(f"unknown column {min(unknown)!r}: the columns are {', '.join(names)}")
    data = {column.name: _series([row.get(column.name) for row in rows], column) for column in columns}
    return pd.DataFrame(data, columns=names)


def _series(cells: list[Any], column: Column) -> pd.Series[Any]:
    if column.required and any(is_null(cell) for cell in cells):
        raise TableError(f"column {column.name!r} has an empty cell: every row needs one")
    if column.type == "boolean":
        cells = [cell if isinstance(cell, bool) else str(cell).lower() == "true" for cell in cells]
    elif column.type == "list":
        cells = [json.loads(cell) if isinstance(cell, str) else list(cell) for cell in cells]
    elif column.type == "string":
        cells = [None if is_null(cell) else str(cell) for cell in cells]
    try:
        return pd.Series(cells, dtype=column.dtype)
    except (TypeError, ValueError) as problem:
        raise TableError(f"column {column.name!r} needs {column.type} cells: {problem}") from None


def is_null(cell: object) -> bool:
    """Whether a cell is empty: `None`, NaN or `NA`."""
    return cell is None or (isinstance(cell, float) and math.isnan(cell)) or cell is pd.NA


def check(table: pd.DataFrame) -> None:
    """Raises `TableError`, naming column and row, unless the table keeps its contract.

    >>> check(frame([]))
    """
    columns = columns_of(table)
    missing = [column.name for column in columns if column.name not in table]
    if missing:
        raise TableError(f"column {missing[0]!r} is missing")
    for column in columns:
        cells = table[column.name]
        if column.required and cells.isna().any():
            raise TableError(
                f"column {column.name!r}, row {_first(cells.isna())}: empty, but every row needs one"
            )
        wrong = ~cells.isin(column.allowed) & cells.notna() if column.allowed else None
        if wrong is not None and wrong.any():
            row = _first(wrong)
            allowed = ", ".join(column.allowed)
            raise TableError(
                f"column {column.name!r}, row {row}: {cells.iloc[row]!r} is not one of {allowed}"
            )
    key = columns[0].name
    if table[key].duplicated().any():
        raise TableError(f"column {key!r}, row {_first(table[key].duplicated())}: the same {key} twice")
    crossed = table["low"] > table["high"]
    if crossed.any():
        raise TableError(f"row {_first(crossed)}: low is greater than high")
    if columns is FIGURES:
        short = table["quote"].str.len() != table["end"] - table["start"]
        if short.any():
            raise TableError(f"column 'quote', row {_first(short)}: its length is not end - start")


def _first(mask: pd.Series[Any]) -> int:
    return int(mask.to_numpy().argmax())


def columns_of(table: pd.DataFrame) -> tuple[Column, ...]:
    """The contract that a table answers to, by its first column; raises `TableError` where it is none of them."""
    for columns in CONTRACTS:
        if columns[0].name in table:
            return columns
    keys = ", ".join(columns[0].name for columns in CONTRACTS)
    raise TableError(f"not a table of ours: it has none of the columns {keys}")


def check_format(format: str) -> None:
    """Raises `TableError` where no table is written so."""
    if format not in FORMATS.values():
        raise TableError(f"format {format!r}: use {', '.join(FORMATS.values())}")


def check_printed(format: str) -> None:
    """Raises `TableError` where no table is printed so."""
    check_format(format)
    if format not in TEXTS:
        raise TableError(f"format {format!r} is no text; name a file to write it to, with -o")


def check_target(path: str | os.PathLike[str], format: str | None = None) -> Path:
    """The path, where `save` can write a table; else raises `TableError`, before any long work is done."""
    path = Path(path)
    if format is not None:
        check_format(format)
    elif path.suffix not in FORMATS:
        kind = path.suffix or "a file without suffix"
        raise TableError(f"{path}: cannot write {kind}; use {', '.join(FORMATS)}")
    if not path.parent.is_dir():
        raise TableError(f"{path}: there is no folder {path.parent}; make it first")
    if (format or FORMATS[path.suffix]) == "xlsx" and find_spec("xlsxwriter") is None:
        raise TableError(f"{path}: XlsxWriter is not installed; run: pip install XlsxWriter")
    return path


def save(table: pd.DataFrame, path: str | os.PathLike[str], format: str | None = None) -> Path:
    """Writes the table and returns the path.

    The format is that of its suffix (.csv, .jsonl, .parquet, .xlsx), or the one that is named: `csv`, `jsonl`,
    `parquet`, `xlsx`, `webannotation` (.jsonld, of figures: see `etl.annotations`). The file is written beside its
    place and moved into it: a reader sees the old file or the new one. Raises `TableError` for any other format or a
    folder that is not there.
    """
    path = check_target(path, format)
    format = format or FORMATS[path.suffix]
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    except OSError as problem:
        raise TableError(f"{path}: cannot write there ({problem.strerror})") from None
    os.close(handle)
    draft = Path(name)
    try:
        _write(table, draft, format)
        draft.chmod(0o666 & ~_umask())
        draft.replace(path)
    except OSError as problem:
        raise TableError(f"{path}: cannot write there ({problem.strerror})") from None
    finally:
        draft.unlink(missing_ok=True)
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write(table: pd.DataFrame, path: Path, format: str) -> None:
    if format in TEXTS:
        path.write_text(to_text(table, format), encoding="utf-8", newline="")
    else:
        with path.open("wb") as file:
            _write_binary(table, file, format)


def to_bytes(table: pd.DataFrame, format: str) -> bytes:
    """What `save` writes into a file; raises `TableError` where no table is written so.

    >>> to_bytes(frame([]), "csv").splitlines()[0].startswith(b"figure_id,document_id,")
    True
    """
    check_format(format)
    if format in TEXTS:
        return to_text(table, format).encode()
    file = io.BytesIO()
    _write_binary(table, file, format)
    return file.getvalue()


def _write_binary(table: pd.DataFrame, file: BinaryIO, format: str) -> None:
    if format == "parquet":
        table.to_parquet(file, index=False)
        return
    if len(table) >= XLSX_ROWS:
        raise TableError(f"{len(table)} rows: a sheet holds {XLSX_ROWS - 1}; use csv or parquet")
    flat = _flat(table)
    for name in flat.columns:
        if pd.api.types.is_string_dtype(flat[name].dtype):
            flat[name] = flat[name].map(_for_sheet, na_action="ignore")
    with pd.ExcelWriter(file, engine="xlsxwriter", engine_kwargs={"options": _AS_IT_IS}) as book:
        flat.to_excel(book, index=False, freeze_panes=(1, 0))


# What a sheet of XLSX holds, its header among the rows; longer text would be lost without a word.
XLSX_ROWS, XLSX_CHARACTERS = 1_048_576, 32_767
_AS_IT_IS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def _for_sheet(cell: str) -> str:
    return cell if len(cell) <= XLSX_CHARACTERS else f"{cell[: XLSX_CHARACTERS - 4]} […]"


def to_text(table: pd.DataFrame, format: str) -> str:
    """The table in one of the formats that are text; raises `TableError` for another."""
    check_printed(format)
    if format == "csv":
        return to_csv(table)
    if format == "jsonl":
        return to_jsonl(table)
    from etl.annotations import to_jsonld  # noqa: PLC0415, which needs what is above

    return to_jsonld(table)


def to_csv(table: pd.DataFrame) -> str:
    """The table as RFC 4180 text, lists as JSON, with text that a spreadsheet would run as a formula escaped."""
    return defused(table).to_csv(index=False, lineterminator="\r\n")


def defused(table: pd.DataFrame) -> pd.DataFrame:
    """The table for a spreadsheet that opens text: lists as JSON, an apostrophe before what it would run as a formula.

    >>> defused(pd.DataFrame({"title": ["=1+1", "Meta", "-2,5 %"], "value": [-1, 2, 3]}))["title"].tolist()
    ["'=1+1", 'Meta', "'-2,5 %"]
    """
    flat = _flat(table)
    for name in flat.columns:
        if pd.api.types.is_string_dtype(flat[name].dtype):
            flat[name] = flat[name].map(_escape, na_action="ignore")
    return flat


def to_jsonl(table: pd.DataFrame) -> str:
    """The table as JSON, one row a line, null where a cell is empty."""
    rows = table.to_dict(orient="records")
    return "".join(
        json.dumps({k: plain(v) for k, v in row.items()}, ensure_ascii=False) + "\n" for row in rows
    )


def plain(cell: Any) -> Any:
    """The cell as JSON writes it: a null as `None`, a whole number without its `.0`, an array as a list."""
    if is_null(cell):
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    return list(cell) if isinstance(cell, (list, tuple)) or hasattr(cell, "tolist") else cell


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    lists = [name for name in _LISTS if name in table]
    as_json = {
        name: table[name].map(lambda cell: json.dumps(list(cell), ensure_ascii=False)) for name in lists
    }
    return table.assign(**as_json)


_LISTS = sorted({column.name for columns in CONTRACTS for column in columns if column.type == "list"})


def _escape(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unescape(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def load(path: str | os.PathLike[str]) -> pd.DataFrame:
    """The table that `save` wrote (.csv, .jsonl, .parquet), or the figures of a store, checked against the contract.

    Raises `TableError` with the file's name where it is missing, unreadable, or not such a table.
    """
    path = Path(path)
    if path.is_dir():
        from etl.store import load_table  # noqa: PLC0415, only a folder is a store

        return load_table(path, "figures")
    try:
        table = _read(path)
        columns = columns_of(table)
        if not _is_frame(table, columns):
            rows: Any = table.to_dict(orient="records")
            table = frame(({c.name: row.get(c.name) for c in columns} for row in rows), columns)
        check(table)
    except ChiffrierError as problem:
        raise TableError(f"{path}: {problem}") from None
    except OSError as problem:
        raise TableError(f"{path}: {problem.strerror or problem}") from None
    except ValueError as problem:
        raise TableError(
            f"{path}: not a table that Chiffrier wrote ({str(problem).splitlines()[0]})"
        ) from None
    return table


def _is_frame(table: pd.DataFrame, columns: tuple[Column, ...]) -> bool:
    """Whether a table has the columns and dtypes of the contract as it is, as Parquet keeps those without lists."""
    flat = all(column.type != "list" for column in columns)
    return flat and [*table.dtypes.items()] == [(c.name, pd.api.types.pandas_dtype(c.dtype)) for c in columns]


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        table = pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False, na_values=[""])
        return table.map(_unescape, na_action="ignore")
    if path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines if line.strip()]
        return pd.DataFrame(rows) if rows else frame([])  # without a row, nothing says what the columns were
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    raise TableError("cannot read this kind of file; use .csv, .jsonl or .parquet")


def data_package(resources: Mapping[str, tuple[Column, ...]], **about: str) -> dict[str, Any]:
    """A Frictionless data package descriptor of tables: `resources` maps names of .csv or .json files to columns.

    >>> data_package({"facts.csv": FACTS}, name="demo")["resources"][0]["schema"]["primaryKey"]
    'fact_id'
    """
    return {**about, "resources": [_resource(Path(file), columns) for file, columns in resources.items()]}


def _resource(file: Path, columns: tuple[Column, ...]) -> dict[str, Any]:
    format = file.suffix.removeprefix(".")
    return {
        "name": file.stem,
        "path": str(file),
        "type": "table",
        "format": format,
        "mediatype": "text/csv" if format == "csv" else "application/json",
        "encoding": "utf-8",
        "schema": {"fields": [_field(c, format) for c in columns], "primaryKey": columns[0].name},
    }


def _field(column: Column, format: str) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    # Frictionless calls a JSON array "array".
    field = {
        "name": column.name,
        "type": "array" if column.type == "list" else column.type,
        "description": column.meaning,
    }
    if column.type == "boolean" and format == "csv":
        field |= {"trueValues": ["True"], "falseValues": ["False"]}  # type: ignore[dict-item]
    return field | ({"constraints": constraints} if constraints else {})

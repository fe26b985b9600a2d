"""Tables as files to take away, and figures as citations: frames and rows in, bytes and text out."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import format as fr
from etl import table

_STARTED = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold: the same table is the same bytes
# What a descriptor says of each table, by the first column of its contract.
_ABOUT = {
    "figure_id": ("chiffres", "Chiffres que des textes énoncent, chacun à sa place dans son texte"),
    "fact_id": ("faits", "Faits que des chiffres de plusieurs textes énoncent ensemble"),
    "deal_id": ("operations", "Opérations dont parlent les faits : qui achète quoi, quand, pour combien"),
    "derived_id": ("deductions", "Ce qui se déduit des faits, avec la formule et ce dont elle part"),
}


@dataclass(frozen=True, slots=True)
class Download:
    """One kind of file: its name for a reader, how its own name ends, and the bytes that it makes of a table.

    `write` takes any table of `etl` (figures, facts, deals, derived facts); columns that its contract has not are left
    out. It raises `TableError` where the table is none of them, or where the file has no room for it.
    """

    key: str
    label: str
    suffix: str
    media_type: str
    write: Callable[[pd.DataFrame], bytes]


def csv_bytes(rows: pd.DataFrame) -> bytes:
    """The table as RFC 4180 in UTF-8, text that a spreadsheet would run defused."""
    return table.to_bytes(_contract(rows), "csv")


def french_csv_bytes(rows: pd.DataFrame) -> bytes:
    r"""The same cells for a French spreadsheet: semicolons, decimal commas, a byte order mark.

    >>> from etl import parse
    >>> content = french_csv_bytes(parse("Meta paie 2,5 M€.")).decode("utf-8-sig")
    >>> content.splitlines()[1].split(";")[7:14]
    ['10', '16', '2,5 M€', 'Meta paie 2,5 M€.', '0', 'money', '2500000']
    """
    flat = table.defused(_contract(rows))
    for column in table.columns_of(rows):
        if column.type == "number":
            flat[column.name] = flat[column.name].map(_french, na_action="ignore").astype("str")
    return flat.to_csv(index=False, sep=";", lineterminator="\r\n").encode("utf-8-sig")


def _french(number: float) -> str:
    return str(number).removesuffix(".0").replace(".", ",")


def xlsx_bytes(rows: pd.DataFrame) -> bytes:
    """The table as a workbook of one sheet: numbers as numbers, and text as text, whatever it begins with."""
    return table.to_bytes(_contract(rows), "xlsx")


def parquet_bytes(rows: pd.DataFrame) -> bytes:
    """The table as Parquet, lists as lists."""
    return table.to_bytes(_contract(rows), "parquet")


def json_bytes(rows: pd.DataFrame) -> bytes:
    """A zip of the table as JSON, an object a row, and of the `datapackage.json` that says what its columns are.

    >>> from etl import parse
    >>> with zipfile.ZipFile(io.BytesIO(json_bytes(parse("Meta paie 2,5 M€.")))) as folder:
    ...     print(folder.namelist(), json.loads(folder.read("chiffres.json"))[0]["value"])
    ['datapackage.json', 'chiffres.json'] 2500000
    """
    columns = table.columns_of(rows)
    name, title = _ABOUT[columns[0].name]
    package = table.data_package({f"{name}.json": columns}, name=name, title=title)
    lines = table.to_jsonl(_contract(rows)).splitlines()
    files = {
        "datapackage.json": json.dumps(package, ensure_ascii=False, indent=2) + "\n",
        f"{name}.json": "[\n" + ",\n".join(lines) + "\n]\n",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for file, content in files.items():
            entry = zipfile.ZipInfo(file, _STARTED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            folder.writestr(entry, content)
    return out.getvalue()


def _contract(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[[column.name for column in table.columns_of(rows)]]


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRITERS: dict[str, Download] = {
    download.key: download
    for download in (
        Download("csv-fr", "CSV pour tableur français", ".csv", "text/csv", french_csv_bytes),
        Download("csv", "CSV international", ".csv", "text/csv", csv_bytes),
        Download("xlsx", "Classeur Excel", ".xlsx", _XLSX, xlsx_bytes),
        Download("parquet", "Parquet", ".parquet", "application/vnd.apache.parquet", parquet_bytes),
        Download("json", "JSON avec sa description", ".zip", "application/zip", json_bytes),
    )
}


def citation(figure: Mapping[str, Any] | pd.Series[Any]) -> str:
    r"""The figure as a reader cites it: publisher, title, date, quote, and the place where it stands.

    Characters are counted as in the table, from zero, the last one not included. What is not known is left out.

    >>> from etl import parse
    >>> figures = parse(
    ...     "Meta investit 14 milliards de dollars.",
    ...     publisher="Le Courrier", title="Meta mise sur l’IA", published="2025-06-13", source="articles/meta.txt",
    ... )
    >>> citation(figures.iloc[0]).replace("\u202f", "_").replace("\xa0", "~")
    'Le Courrier, «_Meta mise sur l’IA_», 13~juin~2025~: «_14 milliards de dollars_»
    (caractères 14 à 37 du document dcb3fa629a5097fb, articles/meta.txt).'
    """
    publisher, title, published = (_text(figure.get(name)) for name in ("publisher", "title", "published"))
    who = ", ".join(
        word for word in (publisher, title and _quoted(title), published and fr.date(published)) if word
    )
    said = _quoted(_text(figure["quote"]))
    place = f"caractères {figure['start']} à {figure['end']} du document {figure['document_id']}"
    head = f"{who}{fr.NBSP}: {said}" if who else said
    return f"{head} ({place}, {_text(figure['source'])})."


_OPENING, _CLOSING = re.compile(r"«\s*"), re.compile(r"\s*»")


def _quoted(text: str) -> str:
    """The text between guillemets; those that it has itself become the inner ones, as French typography wants."""
    inner = _CLOSING.sub("”", _OPENING.sub("“", text))
    return f"«{fr.THIN}{inner}{fr.THIN}»"


def _text(cell: object) -> str:
    """The cell in one line, empty where it is null."""
    return "" if table.is_null(cell) else " ".join(str(cell).split("\n"))

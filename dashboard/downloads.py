"""What is shown, as files: each format is one row of `WRITERS`."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

import etl
from dashboard import format as fr
from dashboard import labels
from etl import table


@dataclass(frozen=True, slots=True)
class Writer:
    """A format: its label, the end of a file's name, its media type, and how a table becomes its bytes."""

    label: str
    suffix: str
    media_type: str
    write: Callable[[pd.DataFrame], bytes]


def french_csv(rows: pd.DataFrame) -> bytes:
    """The table for a French spreadsheet: semicolons, decimal commas, a byte order mark, formulas defused."""
    columns = table.columns_of(rows)
    numbers = {column.name for column in columns if column.type in ("integer", "number")}
    out = io.StringIO(newline="")
    plain = csv.DictReader(io.StringIO(table.to_csv(_contract(rows)), newline=""))
    writer = csv.DictWriter(out, plain.fieldnames or [], delimiter=";")
    writer.writeheader()
    for row in plain:
        writer.writerow({name: _comma(cell) if name in numbers else cell for name, cell in row.items()})
    return out.getvalue().encode("utf-8-sig")


def _comma(cell: str) -> str:
    return cell.removesuffix(".0").replace(".", ",")


def plain_csv(rows: pd.DataFrame) -> bytes:
    """The table as RFC 4180 in UTF-8, text that a spreadsheet would run defused."""
    return table.to_csv(_contract(rows)).encode()


def package(rows: pd.DataFrame) -> bytes:
    """A zip of the rows as JSON and as CSV, with the Frictionless data package that describes their columns."""
    columns = table.columns_of(rows)
    name = columns[0].name.removesuffix("_id") + "s"
    described = table.data_package({f"{name}.csv": columns}, name="chiffrier", title="Chiffres de la presse")
    lines = [json.loads(line) for line in table.to_jsonl(_contract(rows)).splitlines()]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("datapackage.json", json.dumps(described, ensure_ascii=False, indent=2))
        folder.writestr(f"{name}.json", json.dumps(lines, ensure_ascii=False, indent=1))
        folder.writestr(f"{name}.csv", plain_csv(rows))
    return out.getvalue()


def _saved_as(suffix: str) -> Callable[[pd.DataFrame], bytes]:
    """How `etl.save` writes the table."""

    def write(rows: pd.DataFrame) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            return etl.save(_contract(rows), Path(folder, f"table{suffix}")).read_bytes()

    return write


def _contract(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[[column.name for column in table.columns_of(rows)]]


WRITERS: Mapping[str, Writer] = {
    "csv-fr": Writer("CSV pour tableur français", ".csv", "text/csv", french_csv),
    "csv": Writer("CSV international", ".csv", "text/csv", plain_csv),
    "xlsx": Writer(
        "Excel (XLSX)",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _saved_as(".xlsx"),
    ),
    "parquet": Writer("Parquet", ".parquet", "application/vnd.apache.parquet", _saved_as(".parquet")),
    "json": Writer("JSON décrit (zip)", ".zip", "application/zip", package),
}


def citation(figure: Mapping[str, Any]) -> str:
    r"""How to cite a figure, in French: who, what, when, the words, and their place in the text.

    >>> figure = {"publisher": "Le Journal", "title": None, "published": "2025", "quote": "14 millions", "start": 3,
    ...     "end": 14, "source": "a.txt", "document_id": "0123", "zone": "body"}
    >>> citation(figure)
    'Le Journal, 2025\xa0: «\u202f14 millions\u202f» (corps du texte, caractères 3 à 14 ; a.txt, document 0123)'
    """
    title = figure["title"] and f"«{fr.THIN}{figure['title']}{fr.THIN}»"
    when = figure["published"] and fr.date(figure["published"])
    who = ", ".join(word for word in (figure["publisher"], title, when) if word) or figure["source"]
    place = f"{labels.ZONES[figure['zone']]}, caractères {figure['start']} à {figure['end']}"
    quote = f"«{fr.THIN}{figure['quote']}{fr.THIN}»"
    return f"{who}{fr.NBSP}: {quote} ({place} ; {figure['source']}, document {figure['document_id']})"

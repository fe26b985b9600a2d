"""What is taken away opens in what opens it, holds what the table holds, and runs nothing there."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pyarrow.parquet as pq
import pytest
from frictionless import validate

import etl
from dashboard import downloads
from dashboard.downloads import WRITERS, citation
from etl import table
from etl.errors import TableError

TEXT = (
    "Meta a investi 14,3 milliards de dollars dans Scale AI, dont il détient 49 %. "
    "Cela valorise Scale AI à 29 milliards de dollars. L'entreprise compte environ 1 400 personnes, "
    "et des millions d'utilisateurs ; son loyer est de 1280,50 € par mois."
)
TRAP = '=HYPERLINK("http://exemple.fr"; "à lire")'


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """A table of each kind, its texts full of what spreadsheets and CSV trip over."""
    figures = pd.DataFrame(etl.parse(TEXT, published="2025-06-13", title=TRAP, publisher='Le "Point"; été'))
    facts = etl.reconcile(figures)
    found = {
        "figures": figures,
        "facts": facts.assign(actor="+33"),
        "deals": etl.deals(facts, figures).assign(acquirer="@Meta\nPlatforms"),
        "derived": etl.derive(facts, figures).assign(actor="-1"),
    }
    assert all(map(len, found.values()))
    return found


KINDS = pytest.mark.parametrize("kind", ["figures", "facts", "deals", "derived"])


def cells(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values, null as `None`: what any reader of a file should find."""
    return [
        {str(name): table.plain(cell) for name, cell in row.items()}
        for row in frame.to_dict(orient="records")
    ]


def as_text(frame: pd.DataFrame) -> list[list[str]]:
    """The cells as a reader of text finds them, numbers with a point, formulas not yet defused."""
    return [
        [
            ""
            if cell is None
            else json.dumps(cell, ensure_ascii=False)
            if isinstance(cell, list)
            else str(cell)
            for cell in row.values()
        ]
        for row in cells(frame)
    ]


def opened_by_excel(content: bytes) -> list[list[str | float | None]]:
    """The rows of a workbook's only sheet: numbers as numbers, the rest as text; no cell may be a formula."""
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = [
            "".join(piece.text or "" for piece in item.iter(f"{name}t"))
            for item in ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314, we wrote it
        ]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314, likewise
    assert not [*sheet.iter(f"{name}f")]
    rows: list[list[str | float | None]] = []
    for row in sheet.iter(f"{name}row"):
        shown: list[str | float | None] = []
        for cell in row:
            column = 0
            for letter in "".join(filter(str.isalpha, cell.attrib["r"])):
                column = column * 26 + ord(letter) - ord("A") + 1
            shown += [None] * (column - 1 - len(shown))
            value = cell.find(f"{name}v")
            text = None if value is None else value.text
            if text is None:
                shown.append(None)
            else:
                shown.append(strings[int(text)] if cell.attrib.get("t") == "s" else float(text))
        rows.append(shown)
    return rows


def fields_of(content: bytes) -> list[str]:
    """The columns that a data package tells of."""
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        [resource] = json.loads(folder.read("datapackage.json"))["resources"]
        assert isinstance(json.loads(folder.read(resource["path"])), list)
    return [field["name"] for field in resource["schema"]["fields"]]


@KINDS
def test_csv_opens_in_pandas_and_is_rfc_4180(tables: dict[str, pd.DataFrame], kind: str) -> None:
    frame = tables[kind]
    content = WRITERS["csv"].write(frame)
    assert content.count(b"\r\n") == len(frame) + 1
    read = pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False)
    assert [*read.columns] == [*frame.columns]
    for mine, theirs in zip(as_text(frame), read.to_numpy().tolist(), strict=True):
        assert [cell.removeprefix("'").removesuffix(".0") for cell in theirs] == mine


@KINDS
def test_a_french_spreadsheet_finds_its_semicolons_commas_and_mark(
    tables: dict[str, pd.DataFrame], kind: str
) -> None:
    frame = tables[kind]
    content = WRITERS["csv-fr"].write(frame)
    assert content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == [*frame.columns]
    numbers = {column.name for column in table.columns_of(frame) if column.type in ("integer", "number")}
    for mine, theirs in zip(as_text(frame), rows[1:], strict=True):
        for name, cell, read in zip(frame.columns, mine, theirs, strict=True):
            expected = cell.replace(".", ",") if name in numbers else cell
            assert read.removeprefix("'") == expected


def test_pandas_reads_french_numbers_as_numbers(tables: dict[str, pd.DataFrame]) -> None:
    content = WRITERS["csv-fr"].write(tables["figures"])
    read = pd.read_csv(io.BytesIO(content), sep=";", decimal=",", encoding="utf-8-sig")
    for name in ("value", "low", "high", "start", "end"):
        assert read[name].astype(float).equals(tables["figures"][name].astype(float))
    assert 1280.5 in read["value"].tolist()


@KINDS
def test_excel_finds_numbers_text_and_no_formula(tables: dict[str, pd.DataFrame], kind: str) -> None:
    frame = tables[kind]
    header, *rows = opened_by_excel(WRITERS["xlsx"].write(frame))
    assert header == [*frame.columns]
    for mine, theirs in zip(cells(frame), rows, strict=True):
        theirs += [None] * (len(mine) - len(theirs))
        for column, read in zip(table.columns_of(frame), theirs, strict=True):
            cell = mine[column.name]
            if column.type == "list":
                assert json.loads(str(read)) == cell
            elif column.type == "boolean":
                assert read == float(cell)
            else:
                # Excel knows 15 digits of a number.
                assert read == (pytest.approx(cell, rel=1e-15) if isinstance(cell, float) else cell)


@KINDS
def test_parquet_opens_in_arrow_and_pandas(tables: dict[str, pd.DataFrame], kind: str) -> None:
    frame = tables[kind]
    content = WRITERS["parquet"].write(frame)
    rows = pq.read_table(io.BytesIO(content)).to_pylist()
    assert [{name: table.plain(cell) for name, cell in row.items()} for row in rows] == cells(frame)
    assert cells(pd.read_parquet(io.BytesIO(content))) == cells(frame)


@KINDS
def test_the_json_is_a_valid_data_package(tables: dict[str, pd.DataFrame], kind: str, tmp_path: Path) -> None:
    frame = tables[kind]
    with zipfile.ZipFile(io.BytesIO(WRITERS["json"].write(frame))) as folder:
        folder.extractall(tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    [resource] = package["resources"]
    assert [field["name"] for field in resource["schema"]["fields"]] == [*frame.columns]
    assert json.loads((tmp_path / resource["path"]).read_text("utf-8")) == cells(frame)
    report = validate(str(tmp_path / "datapackage.json"))
    assert report.flatten(["rowNumber", "fieldName", "message"]) == []


@pytest.mark.parametrize("key", WRITERS)
@KINDS
def test_a_table_without_rows_is_a_file_with_a_header(
    tables: dict[str, pd.DataFrame], kind: str, key: str
) -> None:
    content = WRITERS[key].write(tables[kind].head(0))
    opened: dict[str, Any] = {
        "csv": lambda: [*pd.read_csv(io.BytesIO(content)).columns],
        "csv-fr": lambda: [*pd.read_csv(io.BytesIO(content), sep=";", encoding="utf-8-sig").columns],
        "xlsx": lambda: opened_by_excel(content)[0],
        "parquet": lambda: pq.read_table(io.BytesIO(content)).column_names,
        "json": lambda: fields_of(content),
    }
    assert opened[key]() == [*tables[kind].columns]


@pytest.mark.parametrize("key", ["csv", "csv-fr"])
def test_what_a_spreadsheet_would_run_is_defused(tables: dict[str, pd.DataFrame], key: str) -> None:
    separator = ";" if key == "csv-fr" else ","
    for kind, (column, trap) in {
        "figures": ("title", TRAP),
        "facts": ("actor", "+33"),
        "deals": ("acquirer", "@Meta\nPlatforms"),
        "derived": ("actor", "-1"),
    }.items():
        content = WRITERS[key].write(tables[kind]).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(content, newline=""), delimiter=separator)
        assert {row[column] for row in rows} == {f"'{trap}"}


@pytest.mark.parametrize("key", WRITERS)
def test_columns_that_are_not_of_the_contract_stay_here(tables: dict[str, pd.DataFrame], key: str) -> None:
    figures = tables["figures"]
    assert WRITERS[key].write(figures.assign(fact_id="f", shown=1)) == WRITERS[key].write(figures)


@pytest.mark.parametrize("key", WRITERS)
def test_what_is_no_table_of_ours_is_refused(key: str) -> None:
    with pytest.raises(TableError, match="not a table of ours"):
        WRITERS[key].write(pd.DataFrame({"a": [1]}))


def test_each_format_is_told_by_its_own_name() -> None:
    assert [download.key for download in WRITERS.values()] == [*WRITERS]
    assert len({download.label for download in WRITERS.values()}) == len(WRITERS)
    assert {download.suffix for download in WRITERS.values()} == {".csv", ".xlsx", ".parquet", ".zip"}


def test_a_cell_too_long_for_excel_says_that_it_was_cut(tables: dict[str, pd.DataFrame]) -> None:
    figures = tables["figures"].assign(sentence="a" * 40_000)
    header, row, *_ = opened_by_excel(WRITERS["xlsx"].write(figures))
    sentence = row[header.index("sentence")]
    assert isinstance(sentence, str)
    assert (len(sentence), sentence[-5:]) == (table.XLSX_CHARACTERS, "a […]")


def test_more_rows_than_a_sheet_holds_are_refused(
    tables: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "XLSX_ROWS", 3)
    with pytest.raises(TableError, match="rows: a sheet holds 2; use csv or parquet"):
        WRITERS["xlsx"].write(tables["figures"])


# --- citations ----------------------------------------------------------------------------------------------

FIGURE = {
    "publisher": "Le Courrier",
    "title": "Meta mise sur l’IA",
    "published": "2025-06-13",
    "start": 14,
    "end": 37,
    "quote": "14 milliards de dollars",
    "document_id": "4d4c7a28ca41b47e",
    "source": "articles/meta.txt",
}
PLACE = "(caractères 14 à 37 du document 4d4c7a28ca41b47e, articles/meta.txt)."


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param({}, "Le Courrier, «_Meta mise sur l’IA_», 13~juin~2025~: ", id="all is known"),
        pytest.param({"title": None, "published": None}, "Le Courrier~: ", id="the publisher alone"),
        pytest.param({"publisher": float("nan"), "title": pd.NA}, "13~juin~2025~: ", id="the date alone"),
        pytest.param({"publisher": None, "title": None, "published": None}, "", id="nothing"),
        pytest.param(
            {"title": "Le « pari »\nde Meta"},
            "Le Courrier, «_Le “pari” de Meta_», 13~juin~2025~: ",
            id="guillemets inside, and a line's end",
        ),
    ],
)
def test_a_citation_says_what_is_known(known: dict[str, Any], expected: str) -> None:
    said = citation(FIGURE | known).replace("\u202f", "_").replace("\u00a0", "~")
    assert said == f"{expected}«_14 milliards de dollars_» {PLACE}"


def test_every_figure_can_be_cited(tables: dict[str, pd.DataFrame]) -> None:
    for row in tables["figures"].to_dict(orient="records"):
        assert f"«\u202f{row['quote']}\u202f»" in citation({str(name): cell for name, cell in row.items()})
        assert f"caractères {row['start']} à {row['end']}" in downloads.citation(pd.Series(row))

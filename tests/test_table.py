"""The contract of the tables: what breaks it is named by column and row, and nothing half-written is left."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import etl
from etl.errors import TableError
from etl.table import DERIVED, FACTS, FIGURES, check, frame, plain, to_text


@pytest.fixture
def figures() -> pd.DataFrame:
    return pd.DataFrame(
        etl.parse("Meta vaut 2 milliards d'euros, et Nvidia 4 milliards.", published="2025-06-13")
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"quote": None}, "column 'quote', row 0: empty, but every row needs one", id="empty"),
        pytest.param({"zone": "cave"}, "row 0: 'cave' is not one of title, body, comment", id="not allowed"),
        pytest.param({"figure_id": "a"}, "column 'figure_id', row 1: the same figure_id twice", id="twice"),
        pytest.param({"low": 3e12}, "row 0: low is greater than high", id="crossed"),
        pytest.param({"quote": "2"}, "column 'quote', row 0: its length is not end - start", id="short"),
    ],
)
def test_what_breaks_the_contract_is_named(
    figures: pd.DataFrame, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(TableError) as told:
        check(figures.assign(**change))
    assert message in str(told.value)


def test_a_missing_column_is_named(figures: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="'unit' is missing"):
        check(figures.drop(columns="unit"))
    with pytest.raises(TableError, match="has none of the columns figure_id, fact_id, deal_id, derived_id"):
        check(pd.DataFrame({"a": [1]}))


@pytest.mark.parametrize(
    ("row", "columns", "message"),
    [
        pytest.param({"colour": "red"}, FIGURES, "unknown column 'colour'", id="unknown"),
        pytest.param({"fact_id": None}, FACTS, "column 'fact_id' has an empty cell", id="empty"),
        pytest.param(
            {column.name: "x" for column in DERIVED if column.required} | {"inputs": "[]"},
            DERIVED,
            "column 'value' needs number cells",
            id="no number",
        ),
    ],
)
def test_what_is_no_cell_is_named(row: dict[str, Any], columns: Any, message: str) -> None:
    with pytest.raises(TableError, match=message):
        frame([row], columns)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("t.txt", "a", "cannot read this kind of file; use .csv, .jsonl or .parquet", id="kind"),
        pytest.param("t.jsonl", "{", "not a table that Chiffrier wrote", id="broken JSON"),
        pytest.param("t.parquet", "no", "not a table that Chiffrier wrote", id="broken Parquet"),
        pytest.param("t.csv", "a,b\n1,2\n", "not a table of ours", id="another table"),
    ],
)
def test_a_file_that_is_no_table_is_named(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(TableError) as told:
        etl.load(tmp_path / name)
    assert str(told.value).startswith(f"{tmp_path / name}: ")
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"none\.csv: No such file or directory"):
        etl.load(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("name", "format_", "message"),
    [
        pytest.param(
            "t.doc", None, "cannot write .doc; use .csv, .jsonl, .parquet, .xlsx, .jsonld", id="kind"
        ),
        pytest.param("table", None, "cannot write a file without suffix", id="no suffix"),
        pytest.param(
            "t.csv", "xml", "format 'xml': use csv, jsonl, parquet, xlsx, webannotation", id="format"
        ),
        pytest.param("no/t.csv", None, "there is no folder", id="folder"),
    ],
)
def test_where_nothing_can_be_written_nothing_is(
    figures: pd.DataFrame, tmp_path: Path, name: str, format_: str | None, message: str
) -> None:
    with pytest.raises(TableError) as told:
        etl.save(figures, tmp_path / name, format_)
    assert message in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_fails_leaves_the_old_file(
    figures: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = etl.save(figures, tmp_path / "figures.csv")
    old = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(TableError, match="No space left on device"):
        etl.save(figures, path)
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("format_", ["csv", "jsonl", "webannotation"])
def test_a_format_that_is_named_is_written_whatever_the_suffix(
    figures: pd.DataFrame, tmp_path: Path, format_: str
) -> None:
    path = etl.save(figures, tmp_path / "out.data", format_)
    assert path.read_bytes().decode() == to_text(figures, format_)


def test_what_is_no_text_is_not_printed(figures: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="format 'parquet' is no text"):
        to_text(figures, "parquet")
    with pytest.raises(TableError, match="format 'xml': use csv"):
        to_text(figures, "xml")


def test_plain_cells_are_those_of_json() -> None:
    cells = (1.0, 1.5, float("nan"), None, ("a",), 2.0**60)
    assert [plain(cell) for cell in cells] == [1, 1.5, None, None, ["a"], 2.0**60]

"""The tables of the demo corpus: what is committed is what the program builds, and it is a valid data package."""

import subprocess
import sys
from pathlib import Path

import pytest
from frictionless import validate

import etl
from etl import table

DATA = Path(__file__).parent.parent / "data"
TABLES = ("figures.csv", "facts.csv", "datapackage.json")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    subprocess.run([sys.executable, DATA / "build.py", folder], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("name", TABLES)
def test_the_committed_tables_are_what_the_program_builds(built: Path, name: str) -> None:
    assert (DATA / name).is_file(), f"data/{name} is missing: run `make data` and commit it"
    fresh, kept = (built / name).read_bytes(), (DATA / name).read_bytes()
    # Not compared by `assert`, which would print both tables whole.
    if fresh != kept:
        pytest.fail(f"data/{name} is stale: run `make data`, read its diff, and commit it")


def test_the_data_package_is_valid(built: Path) -> None:
    report = validate(str(built / "datapackage.json"))
    assert report.flatten(["rowNumber", "fieldName", "message"]) == []
    assert report.stats["tasks"] == 2


@pytest.mark.parametrize("name", ["figures.csv", "facts.csv"])
def test_the_tables_keep_the_contract(built: Path, name: str) -> None:
    frame = etl.load(built / name)
    table.check(frame)
    assert len(frame)


def test_every_quote_stands_at_its_place(built: Path) -> None:
    texts = {document.document_id: document.text for document in etl.read(DATA / "corpus")}
    figures = etl.load(built / "figures.csv")
    for row in figures.to_dict("records"):
        text = texts[row["document_id"]]
        assert text[row["start"] : row["end"]] == row["quote"]
        assert text.startswith(row["sentence"], row["sentence_start"])


def test_every_source_stands_beside_the_tables(built: Path) -> None:
    figures = etl.load(built / "figures.csv")
    assert all((DATA / source).is_file() for source in figures["source"].unique())


def test_every_figure_of_a_fact_is_in_the_table(built: Path) -> None:
    figures, facts = etl.load(built / "figures.csv"), etl.load(built / "facts.csv")
    assert set(facts["figures"].explode()) <= set(figures["figure_id"])

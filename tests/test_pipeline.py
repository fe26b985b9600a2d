"""The straight line: what the table of figures keeps of its documents, whatever the rules find in them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import etl
from etl import pipeline, table
from etl.amounts import Amount
from etl.documents import Document
from etl.errors import DocumentError
from etl.pipeline import figures_of
from etl.quantities import find_amounts

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "data" / "corpus"

TEXT = """\
Meta investit 14,3 milliards de dollars dans Scale AI

Selon Le Monde, Meta a investi près de 599 millions de dollars (500 millions d'euros) pour 49 % de Scale AI.
"""


def rows(figures: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in figures.to_dict("records")]


def by_quote(figures: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["quote"]: row for row in rows(figures)}


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return list(etl.read(CORPUS))


@pytest.fixture(scope="module")
def figures(documents: list[Document]) -> pd.DataFrame:
    return etl.extract(documents)


# --- the table ----------------------------------------------------------------------------------------------


def test_the_corpus_gives_a_table_that_keeps_the_contract(figures: pd.DataFrame) -> None:
    table.check(figures)
    assert [str(dtype) for dtype in figures.dtypes] == [column.dtype for column in table.FIGURES]


def test_every_offset_points_into_the_text(documents: list[Document], figures: pd.DataFrame) -> None:
    texts = {document.document_id: document.text for document in documents}
    for row in rows(figures):
        text = texts[row["document_id"]]
        sentence_end = row["sentence_start"] + len(row["sentence"])
        assert text[row["start"] : row["end"]] == row["quote"]
        assert text[row["sentence_start"] : sentence_end] == row["sentence"]
        assert row["sentence_start"] <= row["start"] < row["end"] <= sentence_end
        for start, end, words in json.loads(row["evidence"]).values():
            assert text[start:end] == words


def test_rows_come_in_the_order_of_the_documents_and_their_texts(
    documents: list[Document], figures: pd.DataFrame
) -> None:
    order = {document.document_id: number for number, document in enumerate(documents)}
    places = [(order[row["document_id"]], row["start"]) for row in rows(figures)]
    assert places == sorted(places)


def test_a_figure_is_named_by_its_document_and_its_place() -> None:
    row = rows(etl.parse(TEXT))[0]
    assert row["figure_id"] == f"{row['document_id']}:14-39"


def test_a_conversion_points_at_the_figure_that_it_converts() -> None:
    figures = etl.parse(TEXT)
    said = by_quote(figures)
    original = said["599 millions de dollars"]["figure_id"]
    assert said["500 millions d'euros"]["equivalent_of"] == original
    assert figures["equivalent_of"].dropna().tolist() == [original]


def test_the_evidence_is_compact_json_of_places_and_words() -> None:
    evidence = by_quote(etl.parse(TEXT))["599 millions de dollars"]["evidence"]
    assert json.loads(evidence)["qualifier"] == [86, 93, "près de"]
    assert '"près de"' in evidence
    assert ", " not in evidence


def test_no_figure_is_an_empty_table_of_the_same_types(figures: pd.DataFrame) -> None:
    nothing = [
        Document("1", "vide.txt", ""),
        Document("2", "blanc.txt", " \n\n"),
        Document("3", "x", "Rien."),
    ]
    for empty in (etl.extract([]), etl.extract(nothing), etl.parse("Scale AI change de patron.")):
        assert len(empty) == 0
        assert_frame_equal(empty, figures.iloc[:0])


# --- parse and extract --------------------------------------------------------------------------------------


def test_parse_takes_the_metadata_of_a_document() -> None:
    known = {"source": "depeche", "title": "Un rachat", "publisher": "Le Monde", "published": "2025-06-13"}
    row = rows(etl.parse(TEXT, **known, url="https://example.org", language="fr"))[0]
    assert {name: row[name] for name in known} == known
    assert rows(etl.parse(TEXT, url="https://example.org"))[0]["source"] == "https://example.org"
    assert rows(etl.parse(TEXT))[0]["source"] == "text"


def test_parse_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TypeError, match="publishd"):
        etl.parse(TEXT, publishd="2025-06-13")
    with pytest.raises(DocumentError, match="'13/06/2025' is no EDTF date"):
        etl.parse(TEXT, published="13/06/2025")
    with pytest.raises(DocumentError, match="lone surrogate"):
        etl.parse("14 milliards \ud800")


def test_parse_gives_offsets_into_the_very_string() -> None:
    text = "Un rachat.\r\nMeta paie 14 milliards de dollars."
    [row] = rows(etl.parse(text))
    assert text[row["start"] : row["end"]] == "14 milliards de dollars"


def test_a_document_that_comes_twice_counts_once() -> None:
    document = Document("1", "a.txt", TEXT)
    assert_frame_equal(etl.extract([document, document]), etl.extract([document]))


def test_documents_that_walk_in_step_are_read_as_each_alone(documents: list[Document]) -> None:
    long = Document("f" * 16, "long.txt", "Meta investit 14 milliards de dollars. " * 10_000)
    alone = [row for document in [*documents, long] for row in figures_of(document)]
    assert_frame_equal(etl.extract([*documents, long, *documents[:3]]), table.frame(alone))


def test_of_documents_that_walk_in_step_one_that_takes_too_long_stops_alone(
    documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(text: str) -> list[Amount]:
        while text == "sans fin":
            pass
        return find_amounts(text)

    monkeypatch.setattr(pipeline, "find_amounts", never)
    first, second, *_ = documents
    endless = Document("f" * 16, "endless.txt", "sans fin")
    told: list[DocumentError] = []
    found = etl.extract([first, endless, second], seconds=1, on_error=told.append)
    assert [str(problem) for problem in told] == ["endless.txt: takes longer than 1 seconds; not read"]
    assert_frame_equal(found, etl.extract([first, second]))
    with pytest.raises(DocumentError, match="takes longer"):
        etl.extract([first, endless, second], seconds=1)


def test_progress_is_told_after_each_document(documents: list[Document]) -> None:
    seen: list[Document] = []
    etl.extract(iter(documents[:3]), seen.append)
    assert seen == documents[:3]


@given(st.text(alphabet="14,3 %€$M\n.-–Md(àdeun\u00a0\u202fmilliards", max_size=80))
def test_any_text_gives_figures_that_it_holds(text: str) -> None:
    for row in rows(etl.parse(text)):
        assert text[row["start"] : row["end"]] == row["quote"]


# --- saved and loaded ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_saved_table_loads_back_equal(figures: pd.DataFrame, tmp_path: Path, suffix: str) -> None:
    for name, saved in (("full", figures), ("empty", figures.iloc[:0])):
        path = etl.save(saved, tmp_path / f"{name}{suffix}")
        assert_frame_equal(etl.load(path), saved.reset_index(drop=True))


# --- the package --------------------------------------------------------------------------------------------


def test_the_package_offers_its_public_names() -> None:
    assert set(etl.__all__) <= set(dir(etl))
    assert issubclass(DocumentError, etl.ChiffrierError)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = etl.nothing


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = (
        "import etl, sys; print(*{'pandas', 'pint', 'price_parser', 'plotly', 'typer'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8")
    assert done.stdout.strip() == ""

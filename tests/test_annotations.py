"""Web annotations: the same figures as the table, at places that an annotation tool finds again."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import etl
from etl.annotations import AROUND, CONTEXT, to_annotations
from etl.errors import TableError
from etl.table import plain

CORPUS = Path(__file__).parent.parent / "data" / "corpus"


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return etl.extract(etl.read(CORPUS))


@pytest.fixture(scope="module")
def items(figures: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    path = etl.save(figures, tmp_path_factory.mktemp("annotations") / "figures.jsonld")
    collection = json.loads(path.read_text(encoding="utf-8"))
    assert collection["@context"] == CONTEXT
    assert collection["total"] == len(collection["first"]["items"])
    found: list[dict[str, Any]] = collection["first"]["items"]
    return found


def body(annotation: dict[str, Any], purpose: str) -> str:
    [value] = [body["value"] for body in annotation["body"] if body["purpose"] == purpose]
    return str(value)


def test_the_annotations_carry_the_figures_of_the_table(
    figures: pd.DataFrame, items: list[dict[str, Any]]
) -> None:
    told = [json.loads(body(annotation, "describing")) for annotation in items]
    rows = figures.drop(columns=["sentence", "sentence_start", "evidence"]).to_dict("records")
    expected = [{name: plain(cell) for name, cell in row.items()} for row in rows]
    assert told == [{name: cell for name, cell in row.items() if cell is not None} for row in expected]


def test_both_selectors_find_the_quote(items: list[dict[str, Any]]) -> None:
    texts = {document.source: document.text for document in etl.read(CORPUS)}
    for annotation in items:
        text = texts[unquote(annotation["target"]["source"]).removeprefix("file://")]
        position, quote = annotation["target"]["selector"]
        assert (position["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
        assert text[position["start"] : position["end"]] == quote["exact"]
        around = f"{quote.get('prefix', '')}{quote['exact']}{quote.get('suffix', '')}"
        assert text.startswith(around, position["start"] - len(quote.get("prefix", "")))
        assert len(quote.get("prefix", "")) <= AROUND


def test_every_annotation_has_one_name_of_its_own_that_stays(
    figures: pd.DataFrame, items: list[dict[str, Any]]
) -> None:
    names = [annotation["id"] for annotation in items]
    assert len(set(names)) == len(figures)
    assert all(name.startswith("urn:uuid:") for name in names)
    few = to_annotations(figures.tail(3))["first"]["items"]
    assert [annotation["id"] for annotation in few] == names[-3:]


def test_a_measure_is_a_tag(figures: pd.DataFrame, items: list[dict[str, Any]]) -> None:
    tags = [[b["value"] for b in annotation["body"] if b["purpose"] == "tagging"] for annotation in items]
    assert tags == [[] if pd.isna(measure) else [measure] for measure in figures["measure"]]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        pytest.param("Meta vaut environ 2 milliards d'euros.", "about 2000000000 EUR", id="about"),
        pytest.param("Entre 10 et 15 millions d'euros.", "10000000 – 15000000 EUR", id="between"),
        pytest.param("Des milliards d'euros.", "2000000000 – 1000000000000 EUR", id="magnitude"),
    ],
)
def test_a_reader_sees_the_value_as_it_is_held(text: str, reading: str) -> None:
    [annotation] = to_annotations(etl.parse(text))["first"]["items"]
    assert body(annotation, "commenting").startswith(f"{reading} (")


@given(source=st.text(min_size=1, max_size=30).filter(lambda text: text.isprintable()))
@settings(deadline=None)  # the first text waits for the words
def test_a_source_is_an_iri(source: str) -> None:
    table = etl.parse("Meta vaut 2 milliards d'euros.", source=source)
    [annotation] = to_annotations(table)["first"]["items"]
    iri = annotation["target"]["source"]
    assert iri.isascii() or "://" in source
    assert not set(' <>"{}|\\^`') & set(iri) or "://" in source


def test_what_is_shared_has_its_place_and_quote_alone() -> None:
    table = etl.parse("Meta vaut 2 milliards d'euros.").drop(
        columns=["sentence", "sentence_start", "evidence"]
    )
    [annotation] = to_annotations(table)["first"]["items"]
    assert annotation["target"]["selector"][1] == {
        "type": "TextQuoteSelector",
        "exact": "2 milliards d'euros",
    }


def test_facts_have_no_place(figures: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="only figures have a place"):
        etl.save(etl.reconcile(figures), tmp_path / "facts.jsonld")
    assert list(tmp_path.iterdir()) == []

"""Deals and valuations, as facts tell them: what the corpus says, told by hand, and rules one by one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import etl
from etl.operations import told
from etl.segments import find_sentences
from etl.table import check, columns_of, frame

DATA = Path(__file__).parent.parent / "data"


def gold(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / "gold" / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def annotated() -> pd.DataFrame:
    """The corpus's figures as a careful person reads them, as a table."""
    return frame(rows_of_the_gold())


def rows_of_the_gold() -> Iterator[dict[str, Any]]:
    documents = {Path(document.source).name: document for document in etl.read(DATA / "corpus")}
    sentences = {name: find_sentences(document.text) for name, document in documents.items()}
    for line in gold("corpus.jsonl"):
        name, start = line["file"], line["start"]
        cells = {key: first(cell) for key, cell in line.items() if key not in ("file", "optional")}
        # Where two names are right, it is the first, except for who was called otherwise before.
        sentence = next(s for s in sentences[name] if s.start <= start < s.end)
        document = documents[name]
        of = cells["equivalent_of"]
        yield cells | {
            "subject": "X" if cells["subject"] == "Twitter" else cells["subject"],
            "figure_id": f"{document.document_id}:{start}",
            "equivalent_of": None if of is None else f"{document.document_id}:{of}",
            "document_id": document.document_id,
            "source": name,
            "published": document.published,
            "sentence": document.text[sentence.start : sentence.end],
            "sentence_start": sentence.start,
            "evidence": "{}",
        }


def first(cell: Any) -> Any:
    return cell[0] if isinstance(cell, list) else cell


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return etl.extract(etl.read(DATA / "corpus"))


def key(row: Any) -> str:
    return f"{row['acquirer']} → {row['target']} {row['announced']}"


def missing(deals: pd.DataFrame) -> set[str]:
    """The hand-made deals of which no row has the same parties, date, value and stake."""
    have = {cells(row) for row in deals.to_dict("records")}
    return {key(row) for row in gold("deals.jsonl") if cells(row) not in have}


def cells(row: Any) -> tuple[Any, ...]:
    names = ("acquirer", "target", "announced", "unit", "value", "stake")
    return tuple(None if pd.isna(row[name]) else row[name] for name in names)


def test_the_deals_of_the_corpus(annotated: pd.DataFrame) -> None:
    deals = etl.deals(etl.reconcile(annotated), annotated)
    check(deals)
    assert missing(deals) == set()


def points(facts: pd.DataFrame) -> set[tuple[Any, ...]]:
    subjects = {row["subject"] for row in gold("valuations.jsonl")}
    rows = pd.concat([etl.history(facts, subject) for subject in sorted(subjects)])
    return {
        tuple(row) for row in rows[["subject", "period", "unit", "value"]].itertuples(index=False, name=None)
    }


def test_the_valuations_of_the_corpus(annotated: pd.DataFrame) -> None:
    wanted = {(row["subject"], row["period"], row["unit"], row["value"]) for row in gold("valuations.jsonl")}
    assert wanted - points(etl.reconcile(annotated)) == set()

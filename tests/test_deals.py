"""Deals and valuations, as facts tell them: what the corpus says, told by hand, and rules one by one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import etl
from etl.operations import told, words
from etl.segments import find_sentences
from etl.table import check, frame

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
        if isinstance(line["measure"], list) and "other" in line["measure"]:
            cells["measure"] = "other"  # what may be no deal's value decides none
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


def same_period(left: str, right: str) -> bool:
    """Whether two periods are one at the coarser of their precisions, as the contract of a figure has it."""
    return left.startswith(right) or right.startswith(left)


def test_the_valuations_that_are_found_in_the_corpus(found: pd.DataFrame) -> None:
    """Every one of the hand-made points comes out of the texts as they are read."""
    have = points(etl.reconcile(found))
    missing = [
        row
        for row in gold("valuations.jsonl")
        if not any(
            (subject, unit, value) == (row["subject"], row["unit"], row["value"])
            and same_period(period, row["period"])
            for subject, period, unit, value in have
        )
    ]
    assert missing == []


def test_the_deals_that_are_found_in_the_corpus(found: pd.DataFrame) -> None:
    """Every one of the hand-made deals comes out of the texts as they are read, to the last cell."""
    deals = etl.deals(etl.reconcile(found), found)
    check(deals)
    assert missing(deals) == set()


@pytest.mark.parametrize("prices", [None, 2025])
@pytest.mark.parametrize("to", ["Meta–WhatsApp", "Microsoft–OpenAI"])
def test_the_deals_of_the_corpus_compare(annotated: pd.DataFrame, to: str, prices: int | None) -> None:
    deals = etl.deals(etl.reconcile(annotated), annotated)
    compared = etl.compare(deals, to, "USD", prices)
    assert compared["ratio"].notna().sum() >= 25
    assert compared.loc[compared["is_reference"], "ratio"].tolist() == [1]
    assert compared["not_restated"].notna().equals(compared["restatement"].isna())


# --- one deal at a time -------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", words(), ids=str)
def test_each_word_is_told_by_its_example(entry: Any) -> None:
    assert entry["tells"] in told(entry["example"])


def deals_of(*texts: tuple[str, str]) -> list[Any]:
    said = [
        etl.parse(text, published=day, source=f"texte {n}", publisher=f"Journal {n}")
        for n, (day, text) in enumerate(texts)
    ]
    figures = pd.concat(said, ignore_index=True)
    return list(etl.deals(etl.reconcile(figures), figures).to_dict("records"))


def test_a_stated_valuation_is_checked_against_value_and_stake() -> None:
    [deal] = deals_of(
        ("2025-06-13", "Meta a investi 14,3 milliards de dollars dans Scale AI, dont il détient 49 %."),
        ("2025-06-14", "Scale AI est valorisé 29 milliards de dollars."),
    )
    assert (deal["check"], deal["excess"]) == ("agree", -0.6)
    assert f"{deal['implied_low']:.3g} {deal['implied_high']:.3g}" == "2.88e+10 2.96e+10"


def test_a_deal_that_is_closed_at_another_price_is_one() -> None:
    [deal] = deals_of(
        ("2014-02-20", "Facebook rachète WhatsApp pour 19 milliards de dollars."),
        ("2014-10-07", "Facebook a bouclé le rachat de WhatsApp pour 21,8 milliards de dollars."),
    )
    assert (deal["announced"], str(deal["closed"])[:7], deal["kind"]) == ("2014-02", "2014-10", "acquisition")


def test_a_second_investment_is_a_second_deal() -> None:
    deals = deals_of(
        ("2023-09-25", "Amazon investit 4 milliards de dollars dans Anthropic."),
        ("2024-11-22", "Amazon investit 4 milliards de dollars supplémentaires dans Anthropic."),
    )
    assert [deal["announced"] for deal in deals] == ["2023-09", "2024-11"]

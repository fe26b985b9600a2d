"""The whole walk on texts that somebody else wrote: what the five seeds together must say, and the press."""

from pathlib import Path

import pandas as pd
import pytest

import etl
from etl import table


@pytest.fixture(scope="module")
def facts(shared: Path) -> pd.DataFrame:
    return etl.reconcile(etl.extract(etl.read(shared / "seeds")))


# Measure, subject, actor, period, and the fact's value, lowest, highest, documents.
EXPECTED = [
    ("deal_value", "Scale AI", "Meta", "2025", 14.3e9, 10e9, 15e9, 5),
    ("stake", "Scale AI", "Meta", "2025", 49, 49, 49, 5),
    ("valuation", "Scale AI", None, "2024", 14e9, 14e9, 14e9, 1),
    ("valuation", "Scale AI", None, "2025", 29e9, 29e9, 29e9, 2),
    ("deal_value", "WhatsApp", "Meta", "2014", 19e9, 19e9, 19e9, 1),
    ("deal_value", "OpenAI", "Microsoft", None, 13e9, 13e9, 13e9, 1),
]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: f"{row[1]} {row[0]} {row[3]}")
def test_the_seeds_together_give(
    facts: pd.DataFrame, expected: tuple[str, str, str | None, str | None, float, float, float, int]
) -> None:
    measure, subject, actor, year, value, low, high, documents = expected
    found = facts[(facts["measure"] == measure) & (facts["subject"] == subject) & facts["value"].notna()]
    found = found[found["actor"].isna() if actor is None else found["actor"] == actor]
    if year:
        found = found[found["period"].str.startswith(year).fillna(value=False).astype(bool)]
    rows = found[["value", "low", "high", "n_documents"]].to_numpy().tolist()
    assert rows == [[value, low, high, documents]]


@pytest.mark.parametrize("name", ["seeds", "press"])
def test_every_figure_leads_back_to_its_place(shared: Path, name: str) -> None:
    documents = list(etl.read(shared / name))
    texts = {document.document_id: document.text for document in documents}
    figures = etl.extract(documents)
    table.check(figures)
    for row in figures.to_dict("records"):
        assert texts[row["document_id"]][row["start"] : row["end"]] == row["quote"]

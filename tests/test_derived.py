"""What follows from facts, and how tables compare: derivations, histories, comparisons, changes."""

from typing import Any

import pandas as pd
import pytest

import etl
from etl.derived import quotient
from etl.errors import ComparisonError, TableError
from etl.table import check


def figures_of(*texts: tuple[str, str]) -> pd.DataFrame:
    said = [
        etl.parse(text, published=day, source=f"texte {n}", publisher=f"Journal {n}")
        for n, (day, text) in enumerate(texts)
    ]
    return pd.concat([pd.DataFrame(table) for table in said], ignore_index=True)


def derived(*texts: tuple[str, str]) -> dict[str, Any]:
    """What is derived from the texts, by its measure."""
    figures = figures_of(*texts)
    table = etl.derive(etl.reconcile(figures), figures)
    check(table)
    return {row["measure"]: row for row in table.to_dict("records")}


# --- derivations --------------------------------------------------------------------------------------------


def test_a_stake_and_its_price_imply_what_the_whole_is_worth() -> None:
    found = derived(
        ("2025-06-13", "Meta a investi 14,3 milliards de dollars dans Scale AI, dont il détient 49 %."),
        ("2025-06-14", "Scale AI est valorisé 29 milliards de dollars."),
    )["implied_valuation"]
    assert (found["subject"], found["actor"], found["unit"]) == ("Scale AI", "Meta", "USD")
    assert found["formula"] == "14.3e9 / 49 %"
    assert round(found["value"], -8) == 29.2e9
    assert found["low"] < 29e9 < found["high"]
    assert (found["check"], found["excess"], len(found["inputs"])) == ("agree", -0.6, 2)
    assert found["stated"]


@pytest.mark.parametrize(
    ("told", "measure", "value", "formula"),
    [
        pytest.param("post-money", "pre_money", 9e9, "10e9 - 1e9", id="after, so before is less"),
        pytest.param("pre-money", "post_money", 11e9, "10e9 + 1e9", id="before, so after is more"),
        pytest.param("pré-money", "post_money", 11e9, "10e9 + 1e9", id="with an accent"),
        pytest.param("avant l’opération", "post_money", 11e9, "10e9 + 1e9", id="in French"),
    ],
)
def test_a_valuation_before_a_round_gives_the_one_after_it(
    told: str, measure: str, value: float, formula: str
) -> None:
    text = f"Mistral AI a levé 1 milliard d'euros. Mistral AI est valorisé 10 milliards d'euros {told}."
    found = derived(("2025-09-09", text))
    assert {"pre_money", "post_money"} & set(found) == {measure}
    row = found[measure]
    assert (row["value"], row["formula"], row["subject"], row["unit"]) == (
        value,
        formula,
        "Mistral AI",
        "EUR",
    )
    assert row["low"] < row["value"] < row["high"]


@pytest.mark.parametrize("told", ["", " pre-money, ou post-money"])
def test_where_no_word_decides_it_no_round_is_counted_in(told: str) -> None:
    text = f"Mistral AI a levé 1 milliard d'euros. Mistral AI est valorisé 10 milliards d'euros{told}."
    assert not {"pre_money", "post_money"} & set(derived(("2025-09-09", text)))


def test_a_valuation_over_the_revenue_of_its_year_is_a_multiple() -> None:
    found = derived(
        ("2024-06-01", "Scale AI est valorisé 14 milliards de dollars."),
        ("2025-01-10", "Scale AI a réalisé en 2024 un chiffre d'affaires de 870 millions de dollars."),
    )["revenue_multiple"]
    assert round(found["value"], 1) == 16.1
    assert (found["formula"], found["unit"]) == ("14e9 / 870e6", "dimensionless")


def test_the_revenue_of_another_year_makes_no_multiple() -> None:
    assert "revenue_multiple" not in derived(
        ("2025-06-01", "Scale AI est valorisé 14 milliards de dollars."),
        ("2025-01-10", "Scale AI a réalisé en 2024 un chiffre d'affaires de 870 millions de dollars."),
    )


def test_from_one_valuation_to_the_next_is_growth() -> None:
    found = derived(
        ("2024-05-21", "Scale AI est valorisé 14 milliards de dollars."),
        ("2025-06-13", "Scale AI est valorisé 29 milliards de dollars."),
    )["valuation_growth"]
    assert round(found["value"]) == 107
    assert (found["unit"], found["period"][:7]) == ("percent", "2025-06")


def test_nothing_is_divided_by_what_may_be_nothing() -> None:
    assert quotient((1, 2), 1.5, (0, 1), 0.5) is None


# --- histories and comparisons ------------------------------------------------------------------------------


def test_a_history_breaks_where_the_currency_or_the_basis_changes() -> None:
    figures = figures_of(
        ("2023-06-13", "Mistral AI est valorisé 240 millions d'euros."),
        ("2024-06-11", "Mistral AI est valorisé 6 milliards de dollars."),
    )
    rows = etl.history(etl.reconcile(figures), "Mistral AI").to_dict("records")
    assert [row["unit"] for row in rows] == ["EUR", "USD"]
    assert [pd.isna(row["break"]) or row["break"] for row in rows] == [True, "unit"]
    assert all(pd.isna(row["growth"]) for row in rows)


def test_deals_that_are_made_already_derive_the_same() -> None:
    figures = figures_of(
        ("2025-06-13", "Meta a investi 14,3 milliards de dollars dans Scale AI, dont il détient 49 %."),
    )
    facts = etl.reconcile(figures)
    given = etl.derive(facts, figures, etl.deals(facts, figures))
    assert given["measure"].tolist() == ["implied_valuation"]
    pd.testing.assert_frame_equal(given, etl.derive(facts, figures))


def test_implied_valuations_are_points_of_another_basis() -> None:
    figures = figures_of(
        ("2024-05-21", "Scale AI est valorisé 14 milliards de dollars."),
        ("2025-06-13", "Meta a investi 14,3 milliards de dollars dans Scale AI, dont il détient 49 %."),
    )
    facts = etl.reconcile(figures)
    rows = etl.history(facts, "Scale AI", etl.derive(facts, figures)).to_dict("records")
    assert [row["basis"] for row in rows] == ["stated", "implied"]
    assert rows[1]["break"] == "basis"


def test_in_its_own_currency_a_deal_compares_with_its_like_alone() -> None:
    facts = etl.reconcile(
        figures_of(
            ("2014-02-20", "Facebook rachète WhatsApp pour 19 milliards de dollars."),
            ("2012-04-09", "Facebook rachète Instagram pour 1 milliard de dollars."),
            ("2025-09-09", "ASML investit 1,3 milliard d'euros dans Mistral AI."),
        )
    )
    compared = etl.compare(facts, "WhatsApp", None)
    ratios = {row["subject"]: row["ratio"] for row in compared.to_dict("records")}
    assert ratios["WhatsApp"] == 1
    assert round(ratios["Instagram"], 3) == 0.053
    assert pd.isna(ratios["Mistral AI"])
    assert compared["rank"].dropna().tolist() == [1, 2]


def test_who_is_not_there_cannot_be_compared_with() -> None:
    facts = etl.reconcile(
        figures_of(("2014-02-20", "Facebook rachète WhatsApp pour 19 milliards de dollars."))
    )
    with pytest.raises(ComparisonError, match="'Nokia'"):
        etl.compare(facts, "Nokia")


# --- changes ------------------------------------------------------------------------------------------------


def test_two_kinds_of_tables_are_not_compared() -> None:
    figures = figures_of(("2014-02-20", "Facebook rachète WhatsApp pour 19 milliards de dollars."))
    with pytest.raises(TableError, match="two kinds of tables"):
        etl.diff(figures, etl.reconcile(figures))


def test_a_fact_that_goes_on_under_another_name_is_changed_not_lost() -> None:
    """A fact is named by its first figure: an older document that states it, too, gives it another name."""
    late = ("2025-06-13", "Meta a investi 14,3 milliards de dollars dans Scale AI.")
    early = ("2025-06-10", "Meta a mis près de 14 milliards de dollars dans Scale AI.")
    before = etl.reconcile(figures_of(late))
    after = before.assign(fact_id="another", n_documents=2, high=15e9)
    changes = etl.diff(before, after)
    assert set(changes["change"]) == {"changed"}
    assert set(changes["column"]) == {"n_documents", "high"}
    assert changes.loc[changes["column"] == "high", ["old", "new"]].to_numpy().tolist() == [
        ["14300000000", "15000000000"]
    ]
    assert set(etl.diff(before, etl.reconcile(figures_of(early)))["change"]) == {"gained", "lost"}


def test_a_table_is_like_itself() -> None:
    figures = figures_of(("2014-02-20", "Facebook rachète WhatsApp pour 19 milliards de dollars."))
    facts = etl.reconcile(figures)
    for table in (figures, facts, etl.deals(facts, figures)):
        assert len(table)
        assert etl.diff(table, table).empty

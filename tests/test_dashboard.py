"""The dashboard's pure functions: French, filters and their address, charts, downloads."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from dashboard import charts, data, filters, labels, layout
from dashboard import format as fr
from etl import table


def figure(name: str, value: float | None, **cells: Any) -> dict[str, Any]:
    quote = cells.pop("quote", "14 milliards de dollars")
    base = {
        "figure_id": name,
        "document_id": "0123456789abcdef",
        "source": "essai.txt",
        "zone": "body",
        "start": 118,
        "end": 118 + len(quote),
        "quote": quote,
        "sentence": f"Alpha paiera donc {quote}.",
        "sentence_start": 100,
        "kind": "money",
        "value": value,
        "low": value,
        "high": value,
        "qualifier": "exact",
        "unit": "USD",
        "unit_inferred": False,
        "measure": "deal_value",
        "subject": "Bêta",
        "actor": "Alpha",
        "period": "2025-06",
        "status": "actual",
        "evidence": "{}",
    }
    return base | cells


def fact(name: str, value: float, figures: list[str], **cells: Any) -> dict[str, Any]:
    base = {
        "fact_id": name,
        "measure": "deal_value",
        "subject": "Bêta",
        "actor": "Alpha",
        "unit": "USD",
        "period": "2025-06",
        "value": value,
        "low": value,
        "high": value,
        "status": "actual",
        "n_documents": 1,
        "independent_sources": 1,
        "timeline": [],
        "documents": ["essai.txt"],
        "figures": figures,
        "dissent": [],
    }
    return base | cells


@pytest.fixture
def figures() -> pd.DataFrame:
    return table.frame(
        [
            figure("a", 14e9),
            figure("b", 15e9, status="reported", qualifier="over", high=None),
            figure("c", 19e9, subject="WhatsApp", actor="Meta", period="2014"),
            figure("d", 29e9, measure="valuation", actor=None),
            figure("e", 49, measure="stake", unit="percent", kind="percent", quote="49 %"),
            figure("f", 2e9, unit="EUR", subject="Gamma", status="denied", period=None),
        ]
    )


@pytest.fixture
def facts() -> pd.DataFrame:
    return table.frame(
        [
            fact("A", 14e9, ["a", "b"], high=15e9, dissent=["b"]),
            fact("C", 19e9, ["c"], subject="WhatsApp", actor="Meta", period="2014"),
            fact("D", 29e9, ["d"], measure="valuation", actor=None),
            fact("E", 49, ["e"], measure="stake", unit="percent"),
            fact("F", 2e9, ["f"], unit="EUR", subject="Gamma", period=None),
        ],
        table.FACTS,
    )


@pytest.fixture
def tables(figures: pd.DataFrame, facts: pd.DataFrame) -> data.Tables:
    return data.Tables(figures, facts, data.links(facts))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (14.3e9, "USD", "14,3\u00a0Md$"),
        (3e12, "EUR", "3\u202f000\u00a0Md€"),
        (1_859_000_000, "EUR", "1,859\u00a0Md€"),
        (599e6, "USD", "599\u00a0M$"),
        (1280, "EUR", "1\u202f280\u00a0€"),
        (2e6, "USD/year", "2\u00a0M$/an"),
        (12e9, "CHF", "12\u00a0Md\u00a0CHF"),
        (300, "CHF", "300\u00a0CHF"),
        (49, "percent", "49\u00a0%"),
        (-2.5, "percent", "−2,5\u00a0%"),
        (0.5, "percentage_point", "0,5\u00a0point"),
        (2, "percentage_point", "2\u00a0points"),
        (25, "basis_point", "25\u00a0points de base"),
        (13_500, "person", "13\u202f500\u00a0personnes"),
        (1e9, "person", "1\u00a0milliard\u00a0de\u00a0personnes"),
        (16_722, "m**2", "16\u202f722\u00a0m²"),
        (3, "dimensionless", "3"),
    ],
)
def test_amounts(value: float, unit: str, text: str) -> None:
    assert fr.amount(value, unit) == text


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({"qualifier": "exact", "value": 14e9}, "14\u00a0Md$"),
        ({"qualifier": "about", "value": 14e9}, "environ 14\u00a0Md$"),
        ({"qualifier": "at_most", "value": 72e9}, "au plus 72\u00a0Md$"),
        (
            {"qualifier": "between", "value": 12.5e9, "low": 10e9, "high": 15e9},
            "entre 10\u00a0Md$ et 15\u00a0Md$",
        ),
        ({"qualifier": "magnitude", "value": None, "low": 2e6, "high": 1e9}, "de 2\u00a0M$ à 1\u00a0Md$"),
    ],
)
def test_readings_keep_the_hedge(cells: dict[str, Any], text: str) -> None:
    assert fr.reading({"unit": "USD", **cells}) == text


@pytest.mark.parametrize(
    ("edtf", "text"),
    [
        ("2014", "2014"),
        ("2025-06", "juin\u00a02025"),
        ("2025-06-01", "1er\u00a0juin\u00a02025"),
        ("2025-06-12", "12\u00a0juin\u00a02025"),
        ("2024-06~", "vers juin\u00a02024"),
        ("2020-33", "1er\u00a0trimestre\u00a02020"),
        ("2020-41", "2e\u00a0semestre\u00a02020"),
        ("201X", "années\u00a02010"),
        ("2014/2018", "de 2014 à 2018"),
        ("2014/..", "depuis 2014"),
        ("../2014-05", "jusqu’à mai\u00a02014"),
        ("n’importe quoi", "n’importe quoi"),
        ("2014-99", "2014-99"),
    ],
)
def test_dates(edtf: str, text: str) -> None:
    assert fr.date(edtf) == text


def test_every_code_and_column_has_its_word() -> None:
    assert set(labels.MEASURES) == set(table.MEASURES)
    assert set(labels.STATUSES) == set(labels.STATUS_MEANINGS) == set(table.STATUSES)
    assert set(labels.QUALIFIER_NAMES) == set(table.QUALIFIERS)
    assert set(labels.KINDS) == set(table.KINDS)
    assert set(labels.ZONES) == set(table.ZONES)
    assert set(labels.DIRECTIONS) == set(table.DIRECTIONS)
    assert set(labels.HEADERS) == set(labels.MEANINGS) <= {column.name for column in table.FIGURES}


@pytest.mark.parametrize(
    "state",
    [
        filters.State(),
        filters.State(
            filters.PAGE["chiffres"], {"entite": ("Scale AI", "L’Oréal & fils"), "depuis": ("2014",)}
        ),
        filters.State(filters.PAGE["comparaison"], {"operation": ("Bêta",)}, figure="0123:42"),
    ],
)
def test_the_address_says_the_whole_state(state: filters.State) -> None:
    assert filters.parse(filters.query(state)) == state


@pytest.mark.parametrize("search", ["", None, "?", "?page=nulle-part", "?&&=;%%%", "?depuis="])
def test_an_address_that_says_nothing_sensible_is_the_first_page(search: str | None) -> None:
    assert filters.parse(search) == filters.State()


@pytest.mark.parametrize(
    ("search", "kept"),
    [
        ("?page=chiffres", "abcdef"),
        ("?page=operations", "abcf"),
        ("?page=valorisations", "d"),
        ("?page=chiffres&entite=Meta", "c"),
        ("?page=chiffres&depuis=2020", "abde"),
        ("?page=chiffres&jusque=2014", "c"),
        ("?page=chiffres&statut=reported&statut=denied", "bf"),
        ("?page=chiffres&mesure=stake&mesure=valuation", "de"),
        ("?page=valorisations&mesure=stake", "d"),
        ("?page=comparaison&operation=Bêta", "abce"),
        ("?page=chiffres&entite=Personne", ""),
    ],
)
def test_filters(tables: data.Tables, search: str, kept: str) -> None:
    assert "".join(data.select(tables, filters.parse(search)).figures["figure_id"]) == kept


def test_the_page_says_what_it_shows(tables: data.Tables) -> None:
    state = filters.parse("?page=operations&statut=actual")
    left = data.select(tables, state)
    said = filters.sentence(state, data.count(left, state), left.figures)
    assert said == "2\u00a0opérations de 2014 à 2025, au statut « affirmé », montants annoncés"


def marks(chart: Any) -> set[tuple[str, str]]:
    return {
        (one, other)
        for trace in chart.data
        for one, other in (() if trace.customdata is None else trace.customdata)
    }


def test_each_mark_of_the_deals_says_whose_it_is(facts: pd.DataFrame, figures: pd.DataFrame) -> None:
    chart = charts.deals(facts[facts["measure"] == "deal_value"], figures)
    assert marks(chart) == {("a", "A"), ("b", "A"), ("c", "C"), ("f", "F")}


def test_a_hedge_is_seen_without_colour(facts: pd.DataFrame, figures: pd.DataFrame) -> None:
    chart = charts.deals(facts[facts["measure"] == "deal_value"], figures)
    symbols = {
        ids[0]: trace.marker.symbol
        for trace in chart.data
        if trace.customdata is not None and trace.name != "consensus"
        for ids in trace.customdata
    }
    assert symbols == {"a": "circle", "b": "triangle-right-open", "c": "circle", "f": "x-thin"}


def test_an_approximate_number_is_square(facts: pd.DataFrame, figures: pd.DataFrame) -> None:
    figures.loc[figures["figure_id"] == "a", ["qualifier", "low", "high"]] = ["about", None, None]
    chart = charts.deals(facts[facts["fact_id"] == "A"], figures)
    assert {trace.name: trace.marker.symbol for trace in chart.data if trace.customdata is not None} == {
        "consensus": "line-ns",
        "approché": "square",
        "au moins": "triangle-right-open",
    }


def test_a_chart_draws_what_most_documents_tell_where_room_is_short() -> None:
    many = [fact(str(n), n * 1e9, ["a"], subject=f"S{n}", n_documents=1 + (n == 7)) for n in range(1, 61)]
    facts = table.frame([*many, fact("t", 3, ["e"], unit="percent")], table.FACTS)
    left = data.Tables(table.frame([]), facts, data.links(facts))
    deals = data.drawn(left, filters.parse("?page=operations"))
    assert set(deals.facts["fact_id"]) == {"7", *map(str, range(22, 61))}
    whole = replace(left, facts=facts.head(40))
    assert data.drawn(whole, filters.parse("?page=operations")) is whole
    assert data.drawn(left, filters.parse("?page=comparaison")) is left


def test_a_history_is_of_what_was_said_to_be(figures: pd.DataFrame) -> None:
    rows = [
        fact("2020", 1e9, ["d"], period="2020", n_documents=2),
        fact("low", 7e9, ["d"], period="2020"),
        fact("maybe", 9e9, ["d"], period="2021", status="possible"),
        fact("2022", 5e9, ["d"], period="2022", status="reported"),
    ]
    facts = table.frame([row | {"measure": "valuation"} for row in rows], table.FACTS)
    lines = [trace for trace in charts.valuations(facts, figures).data if trace.mode == "lines"]
    assert lines[0].y == (1e9, 5e9)


def test_each_currency_has_its_own_axis(facts: pd.DataFrame, figures: pd.DataFrame) -> None:
    chart = charts.deals(facts[facts["measure"] == "deal_value"], figures)
    assert all("€" in text for text in chart.layout.xaxis2.ticktext if text)
    assert all("$" in text for text in chart.layout.xaxis.ticktext if text)


def test_valuations(facts: pd.DataFrame, figures: pd.DataFrame) -> None:
    assert marks(charts.valuations(facts[facts["measure"] == "valuation"], figures)) == {("d", "D")}


def test_a_comparison_pins_the_references_and_implies_valuations(facts: pd.DataFrame) -> None:
    compared = data.compare(facts, ("Bêta",))
    assert compared["subject"].tolist() == ["WhatsApp", "Bêta"]
    assert compared["implied"].tolist()[1] == pytest.approx(28.6e9)
    assert marks(charts.comparison(facts, ["Bêta"])) == {("a", "A"), ("c", "C")}


def test_of_the_sums_of_one_deal_the_one_that_most_documents_state_is_compared() -> None:
    rows = [
        fact("a", 13e9, ["a"], period="2023"),
        fact("b", 13e9, ["a"], period="2024", n_documents=2),
        fact("c", 30e9, ["a"], n_documents=2),
        fact("d", 5e9, ["a"], unit="USD/year"),
        fact("e", 5e9, ["a"], unit="EUR"),
    ]
    compared = data.compare(table.frame(rows, table.FACTS), ("Bêta",))
    assert compared["fact_id"].tolist() == ["b", "e"]


def test_nothing_is_drawn_of_nothing() -> None:
    facts, figures = table.frame([], table.FACTS), table.frame([])
    for chart in (
        charts.deals(facts, figures),
        charts.valuations(facts, figures),
        charts.comparison(facts, ()),
    ):
        assert marks(chart) == set()


def test_a_chosen_figure_is_ringed(facts: pd.DataFrame, figures: pd.DataFrame) -> None:
    chart = charts.deals(facts[facts["measure"] == "deal_value"], figures)
    before = len(chart.data)
    assert len(charts.select(chart, "b").data) == before + 1
    assert len(charts.select(chart, "nobody").data) == before + 1


def test_names_are_no_markup(figures: pd.DataFrame) -> None:
    facts = table.frame([fact("A", 14e9, ["a"], subject="<b>Bêta</b>")], table.FACTS)
    assert "&lt;b&gt;" in charts.deals(facts, figures).layout.yaxis.ticktext[0]


def test_both_downloads_hold_the_same_cells(figures: pd.DataFrame) -> None:
    figures["title"] = '=CMD("x"); fin'
    plain = list(csv.reader(io.StringIO(data.csv_bytes(figures).decode(), newline="")))
    content = data.french_csv_bytes(figures)
    assert content.startswith(b"\xef\xbb\xbf")
    french = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert plain[0] == french[0] == [column.name for column in table.FIGURES]
    value, title = plain[0].index("value"), plain[0].index("title")
    assert [row[value] for row in plain[1:]][-1] == "2000000000.0"
    assert [row[value] for row in french[1:]][-1] == "2000000000"
    assert {row[title] for row in (*plain[1:], *french[1:])} == {'\'=CMD("x"); fin'}


def test_a_grid_row_shows_numbers_in_french_and_keeps_them_as_numbers(figures: pd.DataFrame) -> None:
    row = layout.rows(figures)[1]
    assert (row["value"], row["value_text"], row["status"]) == (15e9, "plus de 15\u00a0Md$", "rapporté")
    assert row["period_text"] == "juin\u00a02025"
    assert json.dumps(row, allow_nan=False)


def test_the_figure_is_highlighted_at_its_own_place(tables: data.Tables) -> None:
    shown = data.figure(tables, "a")
    assert shown is not None
    panel = layout.evidence(filters.State(), shown, data.fact_of(tables, "a"))
    (sentence,) = [piece for piece in panel if type(piece).__name__ == "Blockquote"]
    before, mark, after = sentence.children
    assert (before, mark.children, after) == ("Alpha paiera donc ", "14 milliards de dollars", ".")


def test_the_words_that_decided_are_underlined_and_listed(figures: pd.DataFrame) -> None:
    words = {"measure": [106, 112, "paiera"], "status": [106, 112, "paiera"], "actor": [0, 4, "Plus"]}
    figures["evidence"] = json.dumps(words | {"value": [118, 120, "14"]})
    tables = data.Tables(figures, table.frame([], table.FACTS), data.links(table.frame([], table.FACTS)))
    shown = data.figure(tables, "a")
    assert shown is not None
    panel = layout.evidence(filters.State(), shown, None)
    (sentence,) = [piece for piece in panel if type(piece).__name__ == "Blockquote"]
    kinds = [type(piece).__name__ for piece in sentence.children]
    assert kinds == ["str", "U", "str", "Mark", "str"]
    assert "".join(getattr(piece, "children", piece) for piece in sentence.children) == shown["sentence"]
    words_said = [piece.children for piece in panel[-1].children if type(piece).__name__ == "Dd"]
    assert words_said == [
        "«\u202fPlus\u202f»",
        "«\u202fpaiera\u202f»",
        "«\u202f14\u202f»",
        "«\u202fpaiera\u202f»",
    ]

"""The dashboard's pure functions: French, filters and their address, charts, downloads."""

import base64
import json
from typing import Any

import pandas as pd
import pytest

import etl
from dashboard import charts, data, evidence, filters, grid, labels, texts
from dashboard import format as fr
from dashboard.library import Library, make_library, open_library
from etl import table
from etl.documents import Document


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


def as_deals(facts: pd.DataFrame, **implied: float) -> pd.DataFrame:
    """The facts as the library has deals beside facts, with the implied valuation of some."""
    deals = facts[facts["measure"] == "deal_value"]
    return deals.assign(stake=None, implied=deals["fact_id"].map(implied).astype(float), kind=None)


def library_of(figures: pd.DataFrame, facts: pd.DataFrame) -> Library:
    """The tables as they are served; each fact of a deal's value is a deal."""
    told = facts[facts["measure"].isin(["deal_value", "funding"])]
    shared = [column.name for column in table.DEALS if column.name in told]
    deals = [
        {name: row[name] for name in shared}
        | {
            "deal_id": row["fact_id"],
            "target": row["subject"],
            "acquirer": row["actor"],
            "facts": [row["fact_id"]],
        }
        for row in data.records(told)
    ]
    return make_library(figures, facts, table.frame(deals, table.DEALS))


@pytest.fixture
def tables(figures: pd.DataFrame, facts: pd.DataFrame) -> Library:
    return library_of(figures, facts)


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
        ("?page=comparaison&operation=Bêta", "abc"),
        ("?page=chiffres&entite=Personne", ""),
    ],
)
def test_filters(tables: Library, search: str, kept: str) -> None:
    assert "".join(data.figures(tables, filters.parse(search))["figure_id"]) == kept


def test_the_page_says_what_it_shows(tables: Library) -> None:
    state = filters.parse("?page=operations&statut=actual")
    said = filters.sentence(state, data.count(tables, state))
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
    many = [fact(str(n), n * 1e9, [str(n)], subject=f"S{n}", n_documents=1 + (n == 7)) for n in range(1, 61)]
    facts = table.frame([*many, fact("t", 3, ["e"], unit="percent")], table.FACTS)
    figures = table.frame([figure(str(n), n * 1e9) for n in range(1, 61)])
    state = filters.parse("?page=operations")
    left = data.drawn(library_of(figures, facts), state)
    assert set(left.facts["fact_id"]) == {"7", *map(str, range(22, 61))}
    assert left.is_crowded
    assert not data.drawn(library_of(figures, facts.head(40)), state).is_crowded
    assert not data.drawn(library_of(figures, facts), filters.parse("?page=comparaison")).is_crowded


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


def test_a_comparison_pins_the_references_and_shows_implied_valuations(facts: pd.DataFrame) -> None:
    deals = as_deals(facts[facts["unit"] == "USD"], A=28.6e9)
    compared = data.compare(deals)
    assert compared[["subject", "pinned"]].to_numpy().tolist() == [["WhatsApp", True], ["Bêta", False]]
    chart = charts.comparison(deals)
    assert marks(chart) == {("a", "A"), ("c", "C")}
    (whole,) = [trace for trace in chart.data if trace.name == "valorisation impliquée"]
    assert list(whole.x) == [28.6e9]


def test_of_the_deals_of_one_pair_the_one_that_most_documents_state_is_compared() -> None:
    rows = [
        fact("a", 13e9, ["a"], period="2023"),
        fact("b", 13e9, ["b"], period="2024", n_documents=2),
        fact("d", 5e9, ["d"], unit="USD/year"),
        fact("e", 5e9, ["e"], unit="EUR"),
    ]
    figures = table.frame([figure(name, 13e9) for name in "abde"])
    state = filters.parse("?page=comparaison&monnaie=origine&prix=courants")
    left = data.drawn(library_of(figures, table.frame(rows, table.FACTS)), state)
    assert data.compare(left.facts)["fact_id"].tolist() == ["b", "e"]


# --- deals, money, references -------------------------------------------------------------------------------

SAID = (
    ("2025-06-13", "Meta a investi 14,3 milliards de dollars dans Scale AI, dont il détient 49 %."),
    ("2025-06-10", "Meta aurait mis près de 15 milliards de dollars dans Scale AI."),
    ("2014-02-20", "Facebook rachète WhatsApp pour 19 milliards de dollars."),
    ("2014-10-07", "Facebook a bouclé le rachat de WhatsApp pour 21,8 milliards de dollars."),
    ("2025-06-14", "Scale AI est valorisé 29 milliards de dollars."),
    ("2025-06-15", "On a vu 12 %."),
)


@pytest.fixture(scope="module")
def library() -> Library:
    documents = [
        Document(
            f"{n:016}", f"texte-{n}.txt", text, title=f"Titre {n}", publisher="Le Journal", published=day
        )
        for n, (day, text) in enumerate(SAID)
    ]
    return open_library(etl.extract(documents), documents)


@pytest.fixture(scope="module")
def told(library: Library) -> data.Drawn:
    """What the first page draws of it."""
    return data.drawn(library, filters.State())


def test_a_deal_is_one_row_with_the_claims_of_all_its_facts(library: Library) -> None:
    deals = library.frame("FROM operations").set_index("subject")
    assert sorted(deals.index) == ["Scale AI", "WhatsApp"]
    whatsapp = deals.loc["WhatsApp"]
    assert (whatsapp["low"], whatsapp["high"], whatsapp["n_documents"]) == (19e9, 21.8e9, 2)
    assert len(whatsapp["figures"]) == 2
    assert deals.loc["Scale AI", "implied"] == pytest.approx(29.2e9, rel=0.01)


@pytest.mark.parametrize(
    ("search", "unit", "said"),
    [
        ("?page=operations", "USD", "2\u00a0opérations de 2014 à 2025, montants annoncés"),
        ("?page=operations&monnaie=EUR", "EUR", "en euros courants, au cours de leur date"),
        ("?page=operations&prix=2025", "USD", "en monnaie d’origine, aux prix de 2025"),
        ("?page=comparaison", "USD", "en dollars de 2025"),
        ("?page=comparaison&monnaie=EUR", "EUR", "en euros de 2025"),
    ],
)
def test_amounts_are_shown_in_the_money_that_is_asked_for(
    library: Library, search: str, unit: str, said: str
) -> None:
    state = filters.parse(search)
    left = data.drawn(library, state)
    assert set(left.facts["unit"]) == {unit}
    assert said in filters.sentence(state, data.count(library, state))
    if state.prices:
        whatsapp = left.facts[left.facts["subject"] == "WhatsApp"]["value"].item()
        assert whatsapp > 21.8e9 * (1.3 if unit == "USD" else 0.9)


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("montant", ["WhatsApp", "Scale AI"]),
        ("date", ["Scale AI", "WhatsApp"]),
        ("entite", ["Scale AI", "WhatsApp"]),
    ],
)
def test_deals_are_sorted_as_is_asked(told: data.Drawn, order: str, names: list[str]) -> None:
    chart = charts.deals(told.facts, told.figures, order=order)
    assert [next(name for name in names if name in text) for text in chart.layout.yaxis.ticktext] == names


def test_a_reference_tells_every_deal_its_ratio(library: Library, told: data.Drawn) -> None:
    state = filters.parse("?page=operations&reference=WhatsApp")
    row = data.reference(library, state)
    assert row is not None
    chart = charts.deals(
        told.facts,
        told.figures,
        reference=charts.Reference("WhatsApp", row["value"], row["unit"]),
    )
    sums = [annotation.text for annotation in chart.layout.annotations]
    assert any("×\u00a01,00" in text for text in sums)
    assert data.reference(library, filters.parse("?page=operations")) is None


def test_a_linear_scale_begins_at_zero(told: data.Drawn) -> None:
    axis = charts.deals(told.facts, told.figures, log=False).layout.xaxis
    assert (axis.type, axis.range[0], axis.ticktext[0]) == ("linear", 0, "0\u00a0$")


def test_an_implied_valuation_is_a_hollow_diamond_on_no_line(library: Library) -> None:
    state = filters.parse("?page=valorisations")
    left = data.drawn(library, state)
    implied = data.implied(library, state, ["Scale AI"])
    chart = charts.valuations(left.facts, left.figures, implied=implied)
    (diamonds,) = [trace for trace in chart.data if trace.name == "valorisation impliquée"]
    assert diamonds.marker.symbol == "diamond-open"
    assert diamonds.y[0] == pytest.approx(29.2e9, rel=0.01)
    assert all(diamonds.y[0] != value for trace in chart.data if trace.mode == "lines" for value in trace.y)


def test_a_line_breaks_where_nothing_was_told_for_long(figures: pd.DataFrame) -> None:
    rows = [fact(day, 1e9, ["d"], period=day, measure="valuation") for day in ("2012", "2020", "2021")]
    lines = [
        trace
        for trace in charts.valuations(table.frame(rows, table.FACTS), figures).data
        if trace.mode == "lines"
    ]
    assert lines[0].y == (1e9, None, 1e9, 1e9)


def test_each_mark_is_told_in_words(told: data.Drawn) -> None:
    marked = charts.marks(charts.draw_deals(told.facts, told.figures))
    assert len(marked) == len({mark.figure_id for mark in marked}) == 4
    assert any(
        mark.words.startswith("Meta → Scale AI, 14,3\u00a0Md$ · affirmé") and "Le Journal" in mark.words
        for mark in marked
    )
    assert not any("<" in mark.words for mark in marked)


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("?page=nulle-part", "n’existe pas"),
        ("?monnaie=XYZ", "n’est pas un choix"),
        ("?couleur=bleu", "ne connaît pas"),
        ("?page=chiffres&entite=Meta&chiffre=0:1-2", None),
    ],
)
def test_what_an_address_says_wrongly_is_told(search: str, said: str | None) -> None:
    problems = filters.problems(search)
    assert bool(problems) is (said is not None)
    assert said is None or said in problems[0]


# --- texts --------------------------------------------------------------------------------------------------


def flat(pieces: Any) -> str:
    """The text of components, as a reader sees it."""
    if isinstance(pieces, str):
        return pieces
    if isinstance(pieces, list | tuple):
        return "".join(map(flat, pieces))
    return flat(getattr(pieces, "children", None) or "")


def test_a_document_is_its_text_with_its_figures_marked(library: Library) -> None:
    state = filters.parse(f"?page=document&document={0:016}")
    pieces = texts.document(library, state)
    assert SAID[0][1] in flat(pieces)
    assert "2\u00a0chiffres" in texts.heading(library, state)


def test_without_its_text_a_document_is_its_sentences(library: Library) -> None:
    bare = open_library(data.all_figures(library))
    pieces = texts.document(bare, filters.parse(f"?page=document&document={0:016}"))
    assert "Le texte entier n’est pas ici" in flat(pieces)
    assert SAID[0][1] in flat(pieces)


def test_a_document_that_is_not_there_is_said_so(library: Library) -> None:
    pieces = texts.document(library, filters.parse("?page=document&document=nul"))
    assert "n’est plus là" in flat(pieces)


def test_the_sources_tell_what_was_not_understood(library: Library) -> None:
    said = flat(texts.sources(library))
    assert all(f"Titre {n}" in said for n in range(6))
    assert "Ce que la lecture n’a pas compris" in said
    assert "6\u00a0documents, parus de 2014 à 2025" in texts.summary(library)


def test_a_text_that_is_pasted_is_read() -> None:
    documents, problems = texts.read_pasted("Danone perd 3 millions d'euros.", "2025-06-13")
    figures = etl.extract(documents)
    assert not problems
    said = flat(texts.analysed(documents, figures, problems))
    assert "1\u00a0chiffre" in said
    assert "Danone perd 3 millions d'euros." in said
    assert texts.found(table.to_jsonl(figures)).equals(figures)
    assert texts.read_pasted("Un texte.", "hier")[1]


def test_a_file_that_is_dropped_is_read_and_a_broken_one_told() -> None:
    text = base64.b64encode(b"Danone perd 3 millions d'euros, dit la direction du groupe.").decode()
    files = [
        ("../../un.txt", f"data:text/plain;base64,{text}"),
        ("deux.pdf", "data:x;base64,AAAA"),
        ("x", "y,%"),
    ]
    documents, problems = texts.read_dropped(files)
    assert [document.source for document in documents] == ["../../un.txt"]
    assert len(problems) == 2


def test_nothing_is_drawn_of_nothing() -> None:
    facts, figures = table.frame([], table.FACTS), table.frame([])
    for chart in (
        charts.deals(facts, figures),
        charts.valuations(facts, figures),
        charts.comparison(as_deals(facts)),
    ):
        assert marks(chart) == set()


def test_a_chosen_figure_is_ringed(facts: pd.DataFrame, figures: pd.DataFrame) -> None:
    chart = charts.draw_deals(facts[facts["measure"] == "deal_value"], figures)
    before = len(chart["data"])
    assert len(charts.select(chart, "b")["data"]) == before + 1
    assert len(charts.select(chart, "nobody")["data"]) == len(chart["data"]) == before


def test_names_are_no_markup(figures: pd.DataFrame) -> None:
    facts = table.frame([fact("A", 14e9, ["a"], subject="<b>Bêta</b>")], table.FACTS)
    assert "&lt;b&gt;" in charts.deals(facts, figures).layout.yaxis.ticktext[0]


def test_a_grid_row_shows_numbers_in_french_and_keeps_them_as_numbers(tables: Library) -> None:
    row = grid.answer(tables, filters.parse("?page=chiffres"), {})["rowData"][1]
    assert (row["value"], row["value_text"], row["status"]) == (15e9, "plus de 15\u00a0Md$", "rapporté")
    assert row["period_text"] == "juin\u00a02025"
    assert json.dumps(row, allow_nan=False)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, "abcdef"),
        ({"startRow": 1, "endRow": 3}, "bc"),
        ({"sortModel": [{"colId": "value", "sort": "desc"}]}, "dcbafe"),
        ({"sortModel": [{"colId": "status", "sort": "asc"}, {"colId": "value", "sort": "asc"}]}, "eacdfb"),
        ({"filterModel": {"subject": {"type": "contains", "filter": "what"}}}, "c"),
        ({"filterModel": {"subject": {"type": "notContains", "filter": "bêta"}}}, "cf"),
        ({"filterModel": {"measure": {"type": "startsWith", "filter": "Valo"}}}, "d"),
        ({"filterModel": {"status": {"type": "equals", "filter": "démenti"}}}, "f"),
        ({"filterModel": {"period": {"type": "blank"}}}, "f"),
        ({"filterModel": {"value": {"type": "greaterThan", "filter": 14e9}}}, "bcd"),
        ({"filterModel": {"value": {"type": "inRange", "filter": 1e9, "filterTo": 14e9}}}, "af"),
        ({"filterModel": {"colour": {"type": "equals", "filter": "red"}}}, "abcdef"),
    ],
)
def test_the_grid_is_given_the_rows_that_it_asks_for(
    tables: Library, asked: dict[str, Any], names: str
) -> None:
    given = grid.answer(tables, filters.parse("?page=chiffres"), asked)
    assert "".join(row["figure_id"] for row in given["rowData"]) == names
    assert given["rowCount"] == (6 if "startRow" in asked else len(names))


def test_the_figure_is_highlighted_at_its_own_place(tables: Library) -> None:
    shown = data.figure(tables, "a")
    assert shown is not None
    panel = evidence.evidence(filters.State(), shown, data.fact_of(tables, "a"))
    (sentence,) = [piece for piece in panel if type(piece).__name__ == "Blockquote"]
    before, mark, after = sentence.children
    assert (before, mark.children, after) == ("Alpha paiera donc ", "14 milliards de dollars", ".")


def test_the_words_that_decided_are_underlined_and_listed(figures: pd.DataFrame) -> None:
    words = {"measure": [106, 112, "paiera"], "status": [106, 112, "paiera"], "actor": [0, 4, "Plus"]}
    figures["evidence"] = json.dumps(words | {"value": [118, 120, "14"]})
    shown = data.figure(library_of(figures, table.frame([], table.FACTS)), "a")
    assert shown is not None
    panel = evidence.evidence(filters.State(), shown, None)
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

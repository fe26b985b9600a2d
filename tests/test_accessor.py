"""Tables in a notebook: the text above its figures, and what `table.figures` gives of them."""

import pickle
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import etl
from etl.accessor import FiguresAccessor
from etl.errors import AccessorError, ChiffrierError, MoneyError, TableError, UnitError
from etl.highlight import LONGEST, Figures

CORPUS = Path(__file__).parent.parent / "data" / "corpus"
TEXT = """\
Selon Bloomberg, Meta mettrait 14,3 milliards de dollars dans Scale AI, valorisée 29 milliards de dollars.

En 2014, Facebook avait payé 19 milliards de dollars pour WhatsApp. Le loyer est de 1 280 euros par mois.
"""


def of(table: pd.DataFrame) -> FiguresAccessor:
    return FiguresAccessor(table)


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return etl.parse(TEXT, published="2025-06-13")


@pytest.fixture(scope="module")
def corpus() -> pd.DataFrame:
    return etl.extract(etl.read(CORPUS))


# --- the text above the table -------------------------------------------------------------------------------


def shown(table: pd.DataFrame) -> str:
    html = table._repr_html_()  # type: ignore[operator]
    assert isinstance(html, str)
    return html


def test_a_parsed_table_shows_its_text_with_each_figure_marked(figures: pd.DataFrame) -> None:
    text, table = shown(figures).split("</div>", 1)
    assert text.count("<mark") == len(figures)
    assert "dans Scale AI, valorisée" in text
    assert "<table" in table


def test_what_a_text_does_not_affirm_is_marked_by_another_line(figures: pd.DataFrame) -> None:
    text = shown(figures)
    lines = figures["status"].map(lambda status: "2px solid" if status == "actual" else "2px dashed")
    assert [text.count("2px solid"), text.count("2px dashed")] == [
        (lines == "2px solid").sum(),
        (lines == "2px dashed").sum(),
    ]
    assert (lines == "2px dashed").any()


@pytest.mark.parametrize(
    "take",
    [
        pytest.param(lambda table: table[table["unit"] == "EUR/month"], id="a mask"),
        pytest.param(lambda table: table.query("unit == 'EUR/month'"), id="a query"),
        pytest.param(lambda table: table.sort_values("value").head(1), id="sorted"),
        pytest.param(lambda table: pickle.loads(pickle.dumps(table)).tail(1), id="pickled"),  # noqa: S301
        pytest.param(lambda table: table.assign(mine=1).iloc[-1:], id="with a column more"),
    ],
)
def test_rows_taken_from_it_mark_themselves_alone(figures: pd.DataFrame, take: object) -> None:
    assert callable(take)
    taken = take(figures)
    assert isinstance(taken, Figures)
    text = shown(taken).partition("</div>")[0]
    assert text.count("<mark") == 1
    assert ">1 280 euros</mark> par mois" in text
    assert "Bloomberg" in text


def test_without_the_columns_that_place_them_figures_are_a_plain_table(figures: pd.DataFrame) -> None:
    assert "<mark" not in shown(figures[["quote", "value"]])
    assert "<mark" not in shown(etl.parse("Rien à compter."))


def test_it_is_a_data_frame_and_files_hold_no_text(figures: pd.DataFrame, tmp_path: Path) -> None:
    assert isinstance(figures, pd.DataFrame)
    figures.to_parquet(tmp_path / "figures.parquet")
    assert b"\xc3\xa9e 29 milliards de dollars.\n\nEn 2014" not in (tmp_path / "figures.parquet").read_bytes()
    assert_frame_equal(pd.DataFrame(figures), etl.load(tmp_path / "figures.parquet"))


@given(words=st.text(alphabet="<>&\"'/=scriptSCRIPT alert() 14 €", max_size=60))
@settings(deadline=None)  # the first text waits for the words
def test_nothing_that_a_document_says_is_markup(words: str) -> None:
    html = shown(etl.parse(f"{words} Meta vaut <b>29 milliards de dollars</b> {words}", source=words))
    text = html.rpartition("</mark>")[0].partition("<mark")
    assert "<" not in text[0].removeprefix(text[0].partition(">")[0])
    assert "<b>" not in html


def test_a_long_text_is_shown_by_its_sentences() -> None:
    html = shown(etl.parse("Le ciel est bleu. " * LONGEST + "Meta vaut 29 milliards de dollars."))
    assert "bleu" not in html.partition("</div>")[0]
    assert html.count("<mark") == 1


# --- the accessor -------------------------------------------------------------------------------------------


def test_highlight_shows_sentences_and_with_its_documents_whole_texts(corpus: pd.DataFrame) -> None:
    some = corpus[corpus["source"].str.contains("whatsapp")]
    assert 0 < of(some).highlight().html.count("<mark") <= len(some)
    documents = [document for document in etl.read(CORPUS) if "whatsapp" in document.source]
    whole = of(some).highlight(documents)
    assert whole.html.count("<mark") == len(some)
    assert len(whole.html) > len(of(some).highlight().html)
    assert whole._repr_html_() == whole.html


def test_highlight_names_the_text_that_is_another(figures: pd.DataFrame) -> None:
    moved = figures.assign(start=figures["start"] + 1, end=figures["end"] + 1)
    with pytest.raises(
        TableError, match=r"^text: '14,3 milliards de dollars' does not stand at 32-57 of this text"
    ):
        of(moved).highlight()
    with pytest.raises(TableError, match="'sentence' is missing"):
        of(figures.drop(columns="sentence")).highlight()


def test_of_finds_whom_a_row_is_about_and_who_acts(figures: pd.DataFrame, corpus: pd.DataFrame) -> None:
    assert of(figures).of("Scale AI")["quote"].tolist() == [
        "14,3 milliards de dollars",
        "29 milliards de dollars",
    ]
    meta = of(corpus).of("Meta")
    assert ((meta["subject"] == "Meta") | (meta["actor"] == "Meta")).all()
    facts = of(corpus).facts()
    deals = etl.deals(facts, corpus)
    assert set(of(deals).of("Meta")["acquirer"]) == {"Meta"}
    assert len(of(facts).of("nobody")) == 0


@pytest.mark.parametrize("order", ["currency first", "prices first"])
def test_currency_and_prices_meet_in_either_order(figures: pd.DataFrame, order: str) -> None:
    if order == "currency first":
        table = of(of(figures).in_currency("EUR")).constant(2025)
    else:
        table = of(of(figures).constant(2025)).in_currency("EUR")
    expected = etl.restate(figures, "EUR", prices=2025)
    assert_frame_equal(pd.DataFrame(table), pd.DataFrame(expected))
    assert "unit_restated" not in figures


def test_what_has_no_rate_is_said(figures: pd.DataFrame) -> None:
    with pytest.raises(MoneyError):
        of(figures).in_currency("ABC")
    with pytest.raises(MoneyError):
        of(figures).constant(1850)


def test_facts_are_those_of_reconcile(corpus: pd.DataFrame) -> None:
    facts = of(corpus).facts()
    assert_frame_equal(facts, etl.reconcile(corpus))
    with pytest.raises(TableError, match="made of figures"):
        of(facts).facts()


def test_quantities_convert_what_they_can(figures: pd.DataFrame) -> None:
    annual = of(figures).quantities("EUR/year")
    assert annual.dropna().pint.magnitude.tolist() == [15360.0]
    dollars = of(figures).quantities("USD", "high")
    assert (dollars / 2).dropna().pint.magnitude.tolist() == [7.15e9, 14.5e9, 9.5e9]
    assert annual.index.equals(figures.index)
    with pytest.raises(UnitError):
        of(figures).quantities("Md€")


def test_a_table_of_ours_has_the_accessor(figures: pd.DataFrame) -> None:
    assert type(getattr(figures, "figures")) is FiguresAccessor  # noqa: B009, stubs take it for a column


def test_a_table_without_figures_says_so() -> None:
    table = pd.DataFrame({"a": [1]})
    assert not hasattr(table, "figures")
    with pytest.raises(AccessorError, match="has none of the columns figure_id"):
        table.figures  # noqa: B018


def test_charts_are_those_of_the_dashboard(corpus: pd.DataFrame) -> None:
    deals = of(corpus).plot.deals()
    dots = {cell[0] for trace in deals.data if trace.customdata is not None for cell in trace.customdata}
    said = corpus[corpus["measure"].isin(["deal_value", "funding"])]
    assert dots & set(said["figure_id"])
    assert dots.isdisjoint(corpus.loc[corpus["measure"] == "valuation", "figure_id"])
    assert deals.layout.modebar.remove == ("sendChartToCloud",)
    assert of(of(corpus).facts()).plot.valuations().data
    with pytest.raises(TableError, match="figures or of facts"):
        of(etl.deals(of(corpus).facts(), corpus)).plot  # noqa: B018


def test_charts_are_in_the_money_of_the_table(corpus: pd.DataFrame) -> None:
    stated = of(corpus).plot.deals()
    euros = of(of(corpus).in_currency("EUR")).plot.deals()
    panels = [axis for axis in stated.layout if axis.startswith("xaxis")]
    assert len(panels) > 1
    assert [axis for axis in euros.layout if axis.startswith("xaxis")] == ["xaxis"]


def test_what_an_extra_would_bring_is_named(figures: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pint_pandas", None)
    with pytest.raises(ChiffrierError, match=r"pip install 'chiffrier\[pint\]'"):
        of(figures).quantities("USD")
    monkeypatch.setitem(sys.modules, "dashboard", None)
    with pytest.raises(ChiffrierError, match=r"pip install 'chiffrier\[dashboard\]'"):
        of(figures).plot.deals()


@pytest.mark.parametrize(
    ("program", "absent"),
    [
        pytest.param("import etl", ("pandas", "pint", "dash", "dask", "plotly", "spacy"), id="import"),
        pytest.param(
            "import etl; etl.parse('Meta vaut 2 milliards.').figures.of('Meta')",
            ("dashboard", "dash", "dask", "distributed", "plotly", "spacy"),
            id="parse",
        ),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(program: str, absent: tuple[str, ...]) -> None:
    asked = f"{program}\nimport sys\nprint(*[name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, encoding="utf-8")
    assert done.stdout.split() == []

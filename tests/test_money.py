"""Comparable money: at the rate of its date, in the prices of one year, or null with a reason."""

import math
import tomllib
from datetime import date

import pandas as pd
import pytest
from currency_converter import CurrencyConverter
from hypothesis import given
from hypothesis import strategies as st

import etl
from etl.errors import MoneyError
from etl.money import SERIES, restate, restatement


def one(unit: str, period: str | None, currency: str | None, prices: int | None = None) -> float | str:
    """What one unit of that date becomes, or why it does not."""
    way = restatement(unit, period, currency, prices)
    return way.reason or way.factor or math.nan


@pytest.mark.parametrize(
    ("unit", "period", "currency", "expected"),
    [
        ("USD", "2014-02-14", "EUR", 1 / 1.3707),
        ("EUR", "2014-02-14", "USD", 1.3707),
        ("USD", "2014-02-16", "EUR", 1 / 1.3707),  # a Sunday: the Friday before
        ("USD", "2014-02-14", "USD", 1.0),
        ("EUR/month", "2014-02-14", "USD", 1.3707),
        ("FRF", "2001-06", "EUR", 1 / 6.55957),
        ("FRF", "1990", "EUR", 1 / 6.55957),  # what the franc became, whenever
        ("DEM", "2000", "FRF", 6.55957 / 1.95583),
        ("BGN", "2026-03", "EUR", 1 / 1.95583),
    ],
)
def test_rates(unit: str, period: str, currency: str, expected: float) -> None:
    assert one(unit, period, currency) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("unit", "period", "currency", "prices", "reason"),
    [
        ("percent", "2014", "EUR", None, "not money"),
        ("person", "2014", "EUR", None, "not money"),
        ("USD", None, "EUR", None, "no period"),
        ("USD", "jeudi", "EUR", None, "no period"),
        ("USD", "1998", "EUR", None, "no rate of USD for 1998"),
        ("FRF", "1990", "USD", None, "no rate of USD for 1990"),
        ("USD", "2030-01", "EUR", None, "no rate of USD for 2030-01"),
        ("USD", "2014/..", "EUR", None, "no rate of USD for 2014/.."),
        ("BTC", "2014", "EUR", None, "no rate of BTC"),
        ("GBP", "2014", None, 2024, "no price index for GBP"),
        ("EUR", "1995", None, 2024, "no euro-area HICP for 1995"),
        ("USD", "2014/2016", None, 2024, "2014/2016 is of several years"),
    ],
)
def test_there_is_no_way_and_a_reason(
    unit: str, period: str | None, currency: str | None, prices: int | None, reason: str
) -> None:
    assert one(unit, period, currency, prices) == reason


def test_a_period_takes_the_mean_of_its_published_days() -> None:
    converter = CurrencyConverter()
    days = [date(2024, 5, day) for day in range(1, 32)]
    rates = [converter.convert(1, "EUR", "USD", day) for day in days if day.weekday() < 5 and day.day != 1]
    assert one("EUR", "2024-05", "USD") == pytest.approx(sum(rates) / len(rates))


def test_converted_first_then_brought_to_the_prices_of_the_year() -> None:
    way = restatement("USD", "2014-02", "EUR", 2025)
    assert way.steps is not None
    rate, prices = way.steps.split(", × ")
    assert (rate[:1], prices) == ("÷", "128.75/99.81 (euro-area HICP, 2025 over 2014)")
    converted = restatement("USD", "2014-02", "EUR", None).factor
    assert converted is not None
    assert way.factor == pytest.approx(converted * 128.75 / 99.81)


@pytest.mark.parametrize(
    ("currency", "prices", "message"),
    [
        ("XXX", None, "currency 'XXX': there is no rate"),
        ("GBP", 2024, "prices of 2024 in GBP: there is an index for USD and EUR only"),
        ("USD", 1800, "prices of 1800: the US CPI-U has 1913 to 2025"),
    ],
)
def test_nothing_can_be_restated_so(currency: str, prices: int | None, message: str) -> None:
    table = pd.DataFrame({"unit": ["USD"], "period": ["2014"], "value": [1.0]})
    with pytest.raises(MoneyError, match=message):
        restate(table, currency, prices, columns=["value"])


@given(st.lists(st.sampled_from(["USD", "EUR", "FRF", "percent", "BTC"]), max_size=6), st.floats(1, 1e12))
def test_each_row_has_an_amount_or_a_reason(units: list[str], value: float) -> None:
    table = pd.DataFrame({"unit": units, "period": "2014-02", "value": value}).astype({"unit": "str"})
    restated = restate(table, "USD", 2024, columns=["value"])
    assert (restated["value_restated"].notna() == restated["restatement"].notna()).all()
    assert (restated["value_restated"].isna() == restated["not_restated"].notna()).all()
    assert restated["value"].tolist() == table["value"].tolist()


@given(st.sampled_from(["2014-02-14", "2014-02", "2014", "2020-34", "2024-06~"]))
def test_there_and_back(period: str) -> None:
    there, back = one("USD", period, "GBP"), one("GBP", period, "USD")
    assert isinstance(there, float)
    assert isinstance(back, float)
    assert there * back == pytest.approx(1)


@pytest.mark.parametrize("name", ["prices.toml", "euro.toml"])
def test_a_series_says_where_it_is_from_and_since_when(name: str) -> None:
    content = tomllib.loads((SERIES / name).read_text(encoding="utf-8"))
    for entry in [content] if name == "euro.toml" else content.values():
        assert entry["address"]
        assert entry["way"]
        assert entry["retrieved"] >= date(2026, 1, 1)


def test_an_index_has_every_year_of_its_range() -> None:
    for entry in tomllib.loads((SERIES / "prices.toml").read_text(encoding="utf-8")).values():
        years = sorted(map(int, entry["index"]))
        assert years == list(range(years[0], years[-1] + 1))


def test_the_prices_grow_as_the_publishers_say() -> None:
    """To a tenth of a point, as the index is rounded: Eurostat's rates of 2019 to 2024, and the BLS's of 2022."""
    series = tomllib.loads((SERIES / "prices.toml").read_text(encoding="utf-8"))
    euro, us = series["EUR"]["index"], series["USD"]["index"]
    growth = [(euro[str(year)] / euro[str(year - 1)] - 1) * 100 for year in range(2019, 2025)]
    assert growth == pytest.approx([1.2, 0.3, 2.6, 8.4, 5.4, 2.4], abs=0.1)
    assert round((us["2022"] / us["2021"] - 1) * 100, 1) == 8.0


def test_public() -> None:
    assert etl.restate is restate

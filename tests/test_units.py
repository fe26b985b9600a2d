"""Which strings are units of the table, and what converts into what."""

import subprocess
import sys

import pytest

from etl.errors import ChiffrierError, UnitError
from etl.lexicon import Currency, lexicon
from etl.units import convert, is_unit, parse_unit, rate_per, registry

CODES = sorted({currency.code for currency in lexicon().of(Currency)})


@pytest.mark.parametrize("code", CODES)
def test_each_currency_of_the_words_is_a_dimension_of_its_own(code: str) -> None:
    assert dict(parse_unit(code).dimensionality) == {f"[{code}]": 1}


@pytest.mark.parametrize(
    "unit",
    [
        *("percent", "per_mille", "percentage_point", "basis_point", "person", "dimensionless"),
        *("BTC", "ETH", "FRF", "EUR/month", "USD/year", "GBP/week", "EUR/day", "EUR/hour", "EUR/m**2"),
        *("person/year", "dimensionless/day", "percent/year", "km/hour", "m**2", "kW", "MW", "kWh", "mile"),
        *("metric_horsepower", "gigawatt", "ha", "kg", "MHz"),
    ],
)
def test_a_unit_of_the_table(unit: str) -> None:
    assert is_unit(unit)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "EUR ", " EUR", "EUR / month", "EUR EUR", "EUR/", "/month", "EUR//month", "(EUR)"),
        *("€", "$", "%", "m²", "Md€", "euros", "eur", "EURs", "EUR/mois", "EUR/months", "nonsense"),
        *("14 EUR", "14,3 EUR", "3*EUR", "1/day", "10**10**10", "EUR**1e9", "EUR**99", "EUR\n", "ＥＵＲ"),
        # pint reads a kiloeuro, a megaday, a millisecond, a megaperson
        *("kEUR", "MUSD", "Md", "ms", "kilomonth", "megaperson", "kpercent"),
    ],
)
def test_no_unit_of_the_table(text: str) -> None:
    assert not is_unit(text)
    with pytest.raises(UnitError) as raised:
        parse_unit(text)
    assert isinstance(raised.value, ChiffrierError)
    assert repr(text) in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_a_plural_stays_no_unit_once_pint_has_met_it() -> None:
    registry().parse_units("EURs")
    parse_unit.cache_clear()
    assert not is_unit("EURs")


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1280, "EUR/month", "EUR/year", 15360),
        (2_000_000, "USD/year", "USD/month", 2_000_000 / 12),
        (100, "EUR/day", "EUR/year", 36525),
        (10, "EUR/hour", "EUR/day", 240),  # calendar time, not hours of work
        (1900.55, "EUR/month", "EUR/year", 22806.6),
        (25, "basis_point", "percentage_point", 0.25),
        (3, "per_mille", "percent", 0.3),
        (1.2, "gigawatt", "MW", 1200),
        (-2.5, "percent", "percent", -2.5),
    ],
)
def test_converts(value: float, unit: str, to: str, expected: float) -> None:
    assert convert(value, unit, to) == expected


@pytest.mark.parametrize(
    ("unit", "to"),
    [
        ("USD", "EUR"),
        ("EUR", "EUR/year"),
        ("percentage_point", "percent"),
        ("percent", "EUR"),
        ("person", "dimensionless"),
        ("BTC", "ETH"),
    ],
)
def test_does_not_convert(unit: str, to: str) -> None:
    with pytest.raises(UnitError, match=f"^{unit} does not convert to {to}$"):
        convert(1, unit, to)


@pytest.mark.parametrize(
    ("unit", "time", "rate"),
    [
        ("EUR", "year", "EUR/year"),
        ("EUR/month", "year", "EUR/year"),
        ("person/year", "month", "person/month"),
        ("EUR/m**2", "year", "EUR/m**2/year"),
        ("dimensionless", "day", "dimensionless/day"),
    ],
)
def test_rate_per(unit: str, time: str, rate: str) -> None:
    assert rate_per(unit, time) == rate
    assert is_unit(rate)


@pytest.mark.parametrize(
    ("unit", "time"), [("EUR", "EUR"), ("EUR", "an"), ("euros", "year"), ("EUR", "month/year")]
)
def test_no_rate(unit: str, time: str) -> None:
    with pytest.raises(UnitError):
        rate_per(unit, time)


def test_importing_etl_does_not_import_pint() -> None:
    code = "import sys, etl; sys.exit('pint' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
    code = "import etl.units as units; assert not units.registry.cache_info().currsize"
    subprocess.run([sys.executable, "-c", code], check=True)

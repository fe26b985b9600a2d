"""Comparable money: amounts of any currency and year at the exchange rate of their date and the prices of one year.

The rates are the euro reference rates of the European Central Bank, from the first of 1999 to the last that the
installed `currencyconverter` holds, and the fixed rates of the currencies that the euro replaced
(`series/euro.toml`). The prices are the US consumer price index for dollars and the harmonised index of the
euro area for euros (`series/prices.toml`, with their sources). Nothing is fetched, and nothing extrapolated: what lies
outside a series stays null, with a reason.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from currency_converter import CurrencyConverter

from etl.errors import MoneyError
from etl.periods import Period, parse_period

SERIES = Path(__file__).parent / "series"

Column: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"


@dataclass(frozen=True, slots=True)
class Restatement:
    """How an amount becomes another, or why it does not.

    An amount times `factor` is one in `unit`; `steps` says how, each step in order with its rate, days and series.
    Where there is no way, `factor` is null and `reason` says why.
    """

    unit: str
    factor: float | None
    steps: str | None = None
    reason: str | None = None


def restate(
    table: pd.DataFrame,
    currency: str | None = None,
    prices: int | None = None,
    columns: Sequence[str] = ("value", "low", "high"),
) -> pd.DataFrame:
    """The table with its amounts in one currency and the prices of one year, beside those that were stated.

    The table is one of facts, deals, figures or any other with `unit`, `period` and the `columns`. `currency` is an ISO
    4217 code, `None` the own one of each amount; `prices` a year, `None` the prices of its time. For each column
    there is one more, its name ending in `_restated`; `unit_restated` is their unit, `restatement` says rate, days,
    series and the order of operations, `not_restated` why the others are null: `no period`, `not money`, `no rate of
    FRF in 1995`… Raises `MoneyError` for a currency or a year that no series has.

    An amount is first converted, at the rate of its own date, then brought to the prices of the year by the index of
    the currency that it now has: USD and EUR have one. A day without a rate (a Sunday) takes the last before it; a
    longer period the mean of its published days. An index is annual.

    >>> facts = pd.DataFrame({"unit": ["USD", "FRF"], "period": ["2014-02", "1995"], "value": [19e9, 1e6]})
    >>> restated = restate(facts, "EUR", prices=2024, columns=["value"])
    >>> restated["value_restated"].round(-7).tolist()
    [17570000000.0, nan]
    >>> for step in restated["restatement"][0].split(", ×"):
    ...     print(step)
    ÷ 1.3658 USD per EUR (ECB, mean of 20 days from 2014-02-03 to 2014-02-28)
     126.07/99.81 (euro-area HICP, 2024 over 2014)
    >>> restated["not_restated"][1]
    'no euro-area HICP for 1995'
    """
    _check(currency, prices)
    if "period" not in table:
        table = table.assign(period=None)
    pairs = list(zip(table["unit"], table["period"].astype(object), strict=True))
    ways = {pair: restatement(*_plain(pair), currency, prices) for pair in set(pairs)}
    chosen = [ways[pair] for pair in pairs]
    factors = np.array([np.nan if way.factor is None else way.factor for way in chosen], dtype=float)
    done = {f"{name}_restated": table[name].to_numpy(dtype=float) * factors for name in columns}
    return table.assign(
        **done,
        unit_restated=pd.Series(
            [way.unit if way.reason is None else None for way in chosen], table.index, "str"
        ),
        restatement=pd.Series([way.steps for way in chosen], table.index, dtype="str"),
        not_restated=pd.Series([way.reason for way in chosen], table.index, dtype="str"),
    )


def in_money(
    table: pd.DataFrame,
    currency: str | None = None,
    prices: int | None = None,
    columns: Sequence[str] = ("value", "low", "high"),
) -> pd.DataFrame:
    """The table with the restated amounts in the place of the stated ones; what could not be restated is left out.

    The arguments are those of `restate`; with neither currency nor prices the table stays as it is.

    >>> facts = pd.DataFrame({"unit": ["USD", "FRF"], "period": ["2014-02", "1995"], "value": [19e9, 1e6]})
    >>> in_money(facts, "EUR", prices=2024, columns=["value"])[["unit", "value"]].round(-7).to_numpy().tolist()
    [['EUR', 17570000000.0]]
    """
    if currency is None and prices is None:
        return table
    restated = restate(table, currency, prices, columns)
    restated = restated[restated["not_restated"].isna()]
    amounts = {name: restated[f"{name}_restated"] for name in columns}
    return restated.assign(**amounts, unit=restated["unit_restated"])


def _plain(pair: tuple[Any, Any]) -> tuple[str, str | None]:
    unit, period = pair
    return unit, period if isinstance(period, str) else None


def _check(currency: str | None, prices: int | None) -> None:
    if currency is not None and currency not in {*_rates(), *_fixed(), "EUR"}:
        raise MoneyError(
            f"currency {currency!r}: there is no rate; use EUR, USD, GBP or another that the ECB quotes"
        )
    if prices is not None:
        indices = _indices()
        if currency is not None and currency not in indices:
            raise MoneyError(
                f"prices of {prices} in {currency}: there is an index for {' and '.join(indices)} only"
            )
        chosen = [indices[currency]] if currency else list(indices.values())
        if not any(prices in index.by_year for index in chosen):
            years = chosen[0].by_year
            raise MoneyError(f"prices of {prices}: the {chosen[0].name} has {min(years)} to {max(years)}")


_CODE = re.compile(r"[A-Z]{3}")


@lru_cache(maxsize=1 << 14)
def restatement(unit: str, period: str | None, currency: str | None, prices: int | None) -> Restatement:
    """How an amount of this unit and period (EDTF) becomes one of that currency and the prices of that year.

    >>> restatement("USD", "2014-02-16", "EUR", None).steps  # a Sunday
    '÷ 1.3707 USD per EUR (ECB, 2014-02-14)'
    >>> restatement("FRF", "2001", "USD", None).steps
    '÷ 6.55957 FRF per EUR (fixed), × 0.89563 USD per EUR (ECB, mean of 254 days from 2001-01-02 to 2001-12-28)'
    >>> restatement("percent", "2014", "EUR", None).reason, restatement("USD", None, "EUR", None).reason
    ('not money', 'no period')
    """
    code, slash, time = unit.partition("/")
    target = currency or code
    changed = f"{target}{slash}{time}"
    if not _CODE.fullmatch(code):
        return Restatement(unit, None, reason="not money")
    if code == target and prices is None:
        return Restatement(unit, 1.0, "as stated")
    dates = parse_period(period) if period else None
    if dates is None:
        return Restatement(changed, None, reason="no period")
    factor, steps = 1.0, []
    try:
        for source, sign in ((code, -1), (target, 1)) if code != target else ():
            if source != "EUR":
                rate = _rate(source, dates)
                factor *= rate.value**sign
                steps.append(f"{'÷' if sign < 0 else '×'} {rate.text}")
        if prices is not None:
            ratio, text = _deflator(target, dates, prices)
            factor *= ratio
            steps.append(f"× {text}")
    except _MissingError as missing:
        return Restatement(changed, None, reason=str(missing))
    return Restatement(changed, factor, ", ".join(steps))


class _MissingError(Exception):
    """No rate, or no index, of that date."""


# --- exchange rates -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rate:
    """Units of a currency for one euro."""

    value: float
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class _Quotes:
    """The days on which a currency was quoted, as ordinals, its rates on them, and the sums of these."""

    days: Column
    rates: Column
    sums: Column


@cache
def _rates() -> dict[str, _Quotes]:
    """The reference rates of each currency, units for one euro."""
    quotes = {}
    converter = CurrencyConverter()
    for code, by_day in converter._rates.items():  # noqa: SLF001, it offers one day at a time
        known = sorted((day.toordinal(), rate) for day, rate in by_day.items() if rate is not None)
        days, rates = (np.array(column) for column in zip(*known, strict=True))
        quotes[code] = _Quotes(days, rates, np.concatenate([[0.0], np.cumsum(rates)]))
    return quotes


@cache
def _fixed() -> dict[str, tuple[float, int]]:
    """What one euro is in each currency that it replaced, and since which year."""
    content = tomllib.loads((SERIES / "euro.toml").read_text(encoding="utf-8"))
    return {code: (entry["per_euro"], entry["since"]) for code, entry in content["rates"].items()}


def _rate(code: str, period: Period) -> _Rate:
    """The rate of a period; raises `_MissingError` where the series does not hold all of it."""
    begin, end = period.first[0], period.last[1]
    if code in _fixed() and (code not in _rates() or begin >= date(_fixed()[code][1], 1, 1).toordinal()):
        value = _fixed()[code][0]
        return _Rate(value, f"{value:g} {code} per EUR (fixed)".replace(f"{value:g}", repr(value)))
    quotes = _rates().get(code)
    if quotes is None:
        raise _MissingError(f"no rate of {code}")
    if begin <= 0 or end >= date.max.toordinal() or begin < _EURO or end > quotes.days[-1]:
        raise _MissingError(f"no rate of {code} for {period.text}")
    last = int(np.searchsorted(quotes.days, end, side="right"))
    first = int(np.searchsorted(quotes.days, begin, side="left"))
    if begin == end:  # a day: its rate, or that of the last day before it, at most the Easter days away
        first = last - 1
    if first < 0 or first >= last or abs(quotes.days[first] - begin) > _PAUSE:
        raise _MissingError(f"no rate of {code} for {period.text}")
    mean = float((quotes.sums[last] - quotes.sums[first]) / (last - first))
    days = [date.fromordinal(int(quotes.days[i])).isoformat() for i in (first, last - 1)]
    if last - first == 1:
        return _Rate(mean, f"{mean:.5g} {code} per EUR (ECB, {days[0]})")
    return _Rate(
        mean, f"{mean:.5g} {code} per EUR (ECB, mean of {last - first} days from {days[0]} to {days[1]})"
    )


_EURO = date(1999, 1, 1).toordinal()
_PAUSE = 5  # days that the market closes at most, around Easter or the first of the year


# --- prices -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Index:
    """A price index by year."""

    name: str
    by_year: dict[int, float]


@cache
def _indices() -> dict[str, _Index]:
    content = tomllib.loads((SERIES / "prices.toml").read_text(encoding="utf-8"))
    return {
        code: _Index(entry["name"], {int(year): float(mean) for year, mean in entry["index"].items()})
        for code, entry in content.items()
    }


def _deflator(code: str, period: Period, prices: int) -> tuple[float, str]:
    """The prices of a year over those of the period, and how that is written."""
    index = _indices().get(code)
    if index is None:
        raise _MissingError(f"no price index for {code}")
    if period.first[0] <= 0 or period.last[1] >= date.max.toordinal():
        raise _MissingError(f"no {index.name} for {period.text}")
    years = range(date.fromordinal(period.first[0]).year, date.fromordinal(period.last[1]).year + 1)
    for year in (*years, prices):
        if year not in index.by_year:
            raise _MissingError(f"no {index.name} for {year}")
    if len(years) > 1:
        raise _MissingError(f"{period.text} is of several years")
    base, own = index.by_year[prices], index.by_year[years[0]]
    return base / own, f"{base:g}/{own:g} ({index.name}, {prices} over {years[0]})"

"""The units of the table and the pint registry that knows them: currencies, percents, points, people, rates.

pint never sees prose, nor anything that a small grammar has not cut out first: it would read `Md` as a megaday, drop
the comma of `14,3 EUR`, and work out `10**10**10` until the machine gives up.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

import pint

from etl.errors import ChiffrierError
from etl.lexicon import Currency, lexicon

# A percentage point is a dimension of its own: one point more is not one percent more.
_OURS = (
    "per_mille = permille",
    "percentage_point = [percentage_point]",
    "basis_point = 0.01 * percentage_point",
    "person = [person]",
)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_EXPRESSION = re.compile(rf"{_NAME.pattern}(?:\*\*-?\d)?(?:[*/]{_NAME.pattern}(?:\*\*-?\d)?)*", re.ASCII)


class UnitError(ChiffrierError):
    """A unit that the registry does not know, or an amount that it cannot convert."""


@cache
def registry() -> pint.UnitRegistry[Fraction]:
    """The one registry, made when first asked for; each currency of the words is a dimension of its own.

    It counts in fractions, so that twelve months are a year to the last digit.

    >>> registry().parse_units("USD").dimensionality == registry().parse_units("EUR").dimensionality
    False
    """
    units = pint.UnitRegistry(non_int_type=Fraction)
    for code in sorted({currency.code for currency in lexicon().of(Currency)}):
        if units.parse_unit_name(code):
            raise UnitError(f"currency {code!r}: pint knows a unit of that name already")
        units.define(f"{code} = [{code}]")
    for definition in _OURS:
        units.define(definition)
    return units


@cache
def parse_unit(text: str) -> pint.Unit:
    """The unit that the table writes so; raises `UnitError` for anything else.

    Names stand in the singular, with `*`, `/` and `**` between them and no space. A prefix stands before a physical
    symbol only: `km` is a unit, `kEUR` and `Md` (to pint, a megaday) are none.

    >>> [str(parse_unit(unit)) for unit in ("EUR/month", "m**2", "dimensionless/day")]
    ['EUR / month', 'meter ** 2', '1 / day']
    >>> parse_unit("Md€")
    Traceback (most recent call last):
    etl.units.UnitError: 'Md€' is not a unit; write it as EUR, percent, person, m**2 or EUR/month
    """
    shape = _EXPRESSION.fullmatch(text)
    if not shape or not all(_is_name(name) for name in _NAME.findall(text)):
        raise UnitError(f"{text!r} is not a unit; write it as EUR, percent, person, m**2 or EUR/month")
    return registry().parse_units(text)


def _is_name(name: str) -> bool:
    """Whether the registry knows the name as it stands, without a prefix of ours or of time, or a plural."""
    units = registry()
    if name == "dimensionless":
        return True
    readings = units.parse_unit_name(name)
    if not readings or any(suffix for _, _, suffix in readings):
        return False
    prefix, unit, _ = readings[0]
    return not prefix or bool(units.parse_units(unit).dimensionality.keys() & _PHYSICAL)


# What a prefix may multiply. Time is left out: its units are written in full.
_PHYSICAL = {"[length]", "[mass]", "[current]", "[temperature]", "[substance]", "[luminosity]"}


def is_unit(text: str) -> bool:
    """Whether the table may hold this unit.

    >>> [is_unit(unit) for unit in ("FRF", "percentage_point", "km/hour", "EUR/mois", "14 EUR", "")]
    [True, True, True, False, False, False]
    """
    try:
        parse_unit(text)
    except UnitError:
        return False
    return True


def convert(value: float, unit: str, to: str) -> float:
    """The amount in another unit of the same dimension; raises `UnitError` where there is no way.

    Time is calendar time: a month is a twelfth of a year, a week 7 days of a year of 365.25. One currency becomes
    another only at the rate of a date, which is not a matter of units.

    >>> convert(1280, "EUR/month", "EUR/year"), convert(25, "basis_point", "percentage_point")
    (15360.0, 0.25)
    >>> convert(1, "percentage_point", "percent")
    Traceback (most recent call last):
    etl.units.UnitError: percentage_point does not convert to percent
    """
    source, target = parse_unit(unit), parse_unit(to)
    try:
        exact = registry().Quantity(Fraction(repr(float(value))), source).to(target)
    except pint.DimensionalityError:
        raise UnitError(f"{unit} does not convert to {to}") from None
    except ValueError:
        raise UnitError(f"{value!r} is no amount that converts from {unit} to {to}") from None
    return float(exact.magnitude)


def rate_per(unit: str, time: str) -> str:
    """The unit as a rate of that time; one that is a rate already changes its time.

    >>> rate_per("EUR/month", "year"), rate_per("EUR", "year"), rate_per("km/hour", "day")
    ('EUR/year', 'EUR/year', 'km/day')
    """
    if parse_unit(time).dimensionality != {"[time]": 1}:
        raise UnitError(f"{time!r} is not a unit of time; use hour, day, week, month or year")
    parse_unit(unit)
    amount, slash, last = unit.rpartition("/")
    if slash and parse_unit(last).dimensionality == {"[time]": 1}:
        unit = amount
    return f"{unit}/{time}"

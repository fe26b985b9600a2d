"""The units of the table and the pint registry that knows them: currencies, percents, people, rates.

pint never sees prose, nor anything that a small grammar has not cut out first: it would read `Md` as a
megaday, drop the comma of `14,3 EUR`, and work out `10**10**10` until the machine gives up.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Any

import pint

from etl.errors import UnitError
from etl.lexicon import Currency, lexicon

# A percentage point is a dimension of its own: one point more is not one percent more.
_OURS = {
    "per_mille": "permille",
    "percentage_point": "[percentage_point]",
    "basis_point": "0.01 * percentage_point",
    "person": "[person]",
}
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_EXPRESSION = re.compile(
    rf"{_NAME.pattern}(?:\*\*-?\d)?(?:[*/]{_NAME.pattern}(?:\*\*-?\d)?)*", re.ASCII
)  # the powers that it lets through have one digit


@cache
def registry() -> pint.UnitRegistry[Decimal]:
    """The one registry, made when first asked for; each currency of the words is a dimension of its own.

    It counts in decimals, so that an amount is converted as it was printed.

    >>> registry().parse_units("USD").dimensionality == registry().parse_units("EUR").dimensionality
    False
    """
    units: pint.UnitRegistry[Decimal] = pint.UnitRegistry(non_int_type=Decimal)
    for code in sorted(_currencies()):
        if units.parse_unit_name(code):
            raise UnitError(f"currency {code!r}: pint has another unit of that name")
    define_units(units)
    return units


def define_units(units: pint.UnitRegistry[Any]) -> None:
    """Adds the currencies and the other units of the table to a registry of pint; names that it has stay as they are.

    >>> define_units(mine := pint.UnitRegistry())
    >>> mine.parse_units("EUR/month").dimensionality == mine.parse_units("EUR/year").dimensionality
    True
    """
    for name, definition in {**{code: f"[{code}]" for code in sorted(_currencies())}, **_OURS}.items():
        if not units.parse_unit_name(name):
            units.define(f"{name} = {definition}")


@cache
def _currencies() -> frozenset[str]:
    return frozenset(currency.code for currency in lexicon().of(Currency))


@cache
def parse_unit(text: str) -> pint.Unit:
    """The unit that the table writes so; raises `UnitError` for anything else.

    Names stand in the singular, with `*`, `/` and `**` between them and no space. A prefix stands before a
    physical unit only: `km` is a unit, `kEUR` and `Md` (to pint, a megaday) are none.

    >>> [str(parse_unit(unit)) for unit in ("EUR/month", "m**2", "dimensionless/day")]
    ['EUR / month', 'meter ** 2', '1 / day']
    >>> parse_unit("Md€")
    Traceback (most recent call last):
    etl.errors.UnitError: 'Md€' is not a unit; write it as EUR, percent, person, m**2 or EUR/month
    """
    if not _EXPRESSION.fullmatch(text) or not all(map(_is_name, _NAME.findall(text))):
        raise UnitError(f"{text!r} is not a unit; write it as EUR, percent, person, m**2 or EUR/month")
    return registry().parse_units(text)


def _is_name(name: str) -> bool:
    """Whether a unit has this very name, not a plural of it, nor with a prefix where nobody prints one."""
    readings = registry().parse_unit_name(name)
    if not readings:
        return name == "dimensionless"
    prefix, unit, _ = readings[0]
    # Once pint has met a plural, it takes its "s" for a part of the name: so the singular is asked instead.
    singulars = registry().parse_unit_name(name[:-1]) if name.endswith("s") else ()
    if any(reading[:2] == (prefix, unit) for reading in singulars):
        return False
    return not prefix or not (unit in _UNPREFIXED or unit in _currencies() or _is_time(unit))


_UNPREFIXED = {*_OURS, "percent", "permille"}


def _is_time(unit: str) -> bool:
    return dict(registry().parse_units(unit).dimensionality) == {"[time]": 1}


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

    Time is calendar time: a month is a twelfth of a year, a year 365.25 days. One currency becomes another
    only at the rate of a date, which is not a matter of units.

    >>> convert(1280, "EUR/month", "EUR/year"), convert(25, "basis_point", "percentage_point")
    (15360.0, 0.25)
    >>> convert(1, "percentage_point", "percent")
    Traceback (most recent call last):
    etl.errors.UnitError: percentage_point does not convert to percent
    """
    source, target = parse_unit(unit), parse_unit(to)
    try:
        return float(registry().Quantity(Decimal(repr(float(value))), source).to(target).magnitude)
    except pint.DimensionalityError:
        raise UnitError(f"{unit} does not convert to {to}") from None


def rate_per(unit: str, time: str) -> str:
    """The unit as a rate of that time; what is a rate of another time already changes it.

    >>> rate_per("EUR/month", "year"), rate_per("EUR", "year"), rate_per("km/hour", "day")
    ('EUR/year', 'EUR/year', 'km/day')
    """
    parse_unit(unit)
    if not is_unit(time) or not _is_time(time):
        raise UnitError(f"{time!r} is not a unit of time; use hour, day, week, month or year")
    amount, _, last = unit.rpartition("/")
    if amount and is_unit(last) and _is_time(last):
        unit = amount
    return f"{unit}/{time}"

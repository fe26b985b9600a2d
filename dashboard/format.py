"""Numbers, units and dates as French prints them."""

import re
from collections.abc import Mapping
from typing import Any

from dashboard import labels

NBSP = "\u00a0"  # between a number and its unit
THIN = "\u202f"  # between thousands, and inside guillemets
_EDTF = re.compile(r"(\d{3}[\dX])(?:-(\d\d))?(?:-(\d\d))?([~?%]?)")
_CURRENCY = re.compile(r"[A-Z]{3}")


def number(value: float, decimals: int = 3) -> str:
    r"""The number with a decimal comma, thousands apart, and no zero that says nothing.

    >>> number(14.30), number(16722.5), number(-2.5)
    ('14,3', '16\u202f722,5', '−2,5')
    """
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", THIN).replace(".", ",").replace("-", "−")


def counted(count: int, noun: str) -> str:
    r"""A number of things, whose noun takes an s.

    >>> counted(1, "chiffre"), counted(12, "document")
    ('1\xa0chiffre', '12\xa0documents')
    """
    return f"{count}{NBSP}{noun}{'s' if count > 1 else ''}"


def ratio(value: float) -> str:
    r"""How many times, to the hundredth.

    >>> ratio(0.7526)
    '×\xa00,75'
    """
    return f"×{NBSP}{value:.2f}".replace(".", ",")


def amount(value: float, unit: str) -> str:
    r"""The value with its unit, large sums in millions (M) or billions (Md).

    >>> amount(14.3e9, "USD"), amount(49, "percent"), amount(2e6, "USD/year")
    ('14,3\xa0Md$', '49\xa0%', '2\xa0M$/an')
    """
    name, _, per = unit.partition("/")
    rate = f"/{labels.RATES.get(per, per)}" if per else ""
    body = _money(value, name) if is_currency(name) else _count(value, name)
    return body + rate


def is_currency(unit: str) -> bool:
    """True where the unit is a currency, not a rate of one.

    >>> is_currency("CHF"), is_currency("percent")
    (True, False)
    """
    return unit in labels.SYMBOLS or _CURRENCY.fullmatch(unit) is not None


def _scaled(value: float, billion: str, million: str) -> tuple[float, str]:
    """A number in billions or millions with the word for them; a smaller one as it is."""
    if abs(value) >= 1e9:
        return value / 1e9, billion
    if abs(value) >= 1e6:
        return value / 1e6, million
    return value, ""


def _money(value: float, currency: str) -> str:
    scaled, scale = _scaled(value, "Md", "M")
    symbol = labels.SYMBOLS.get(currency, f"{NBSP}{currency}" if scale else currency)
    return f"{number(scaled)}{NBSP}{scale}{symbol}"


def _count(value: float, unit: str) -> str:
    scaled, scale = _scaled(value, "milliard", "million")
    one, many = labels.UNITS.get(unit, (unit, unit))
    noun = many if scale or abs(value) >= 2 else one
    words = [number(scaled)]
    if scale:
        words += [scale + ("s" if abs(scaled) >= 2 else ""), "de" if unit == "person" else ""]
    return NBSP.join(word for word in (*words, noun) if word)


def interval(low: float | None, high: float | None, unit: str) -> str:
    r"""Both ends with their unit, or the one value where they are the same; empty where both are null.

    >>> interval(10e9, 15e9, "USD"), interval(None, 72e9, "USD")
    ('de 10\xa0Md$ à 15\xa0Md$', 'au plus 72\xa0Md$')
    """
    if low is None:
        return "" if high is None else f"au plus {amount(high, unit)}"
    if high is None:
        return f"au moins {amount(low, unit)}"
    return amount(low, unit) if low == high else f"de {amount(low, unit)} à {amount(high, unit)}"


def reading(figure: Mapping[str, Any]) -> str:
    r"""The value of a figure as its text holds it: hedge, bounds and unit.

    >>> reading({"qualifier": "over", "value": 29e9, "unit": "USD"})
    'plus de 29\xa0Md$'
    >>> reading({"kind": "multiple", "qualifier": "exact", "value": 2.5, "unit": "dimensionless"})
    '×\xa02,5'
    """
    qualifier, unit = figure["qualifier"], figure["unit"]
    if figure.get("kind") == "multiple" and qualifier not in ("between", "magnitude"):
        return labels.QUALIFIERS[qualifier].format(f"×{NBSP}{number(figure['value'])}")
    if qualifier == "between":
        return f"entre {amount(figure['low'], unit)} et {amount(figure['high'], unit)}"
    if qualifier == "magnitude":
        return interval(figure["low"], figure["high"], unit)
    return labels.QUALIFIERS[qualifier].format(amount(figure["value"], unit))


def date(edtf: str) -> str:
    r"""The EDTF date in words, at its own precision; the text itself where it is no date that we know.

    >>> date("2025-06"), date("2020-33"), date("2024-06~"), date("2014/2018")
    ('juin\xa02025', '1er\xa0trimestre\xa02020', 'vers juin\xa02024', 'de 2014 à 2018')
    """
    first, slash, last = edtf.partition("/")
    if not slash:
        return _day(edtf)
    if last in ("", ".."):
        return f"depuis {_day(first)}"
    if first in ("", ".."):
        return f"jusqu’à {_day(last)}"
    return f"de {_day(first)} à {_day(last)}"


def _day(edtf: str) -> str:
    match = _EDTF.fullmatch(edtf)
    if match is None:
        return edtf
    year, month, day, doubt = match.groups()
    if year.endswith("X"):
        year = f"années{NBSP}{year[:3]}0"
    name = labels.DIVISIONS.get(month or "") or (
        labels.MONTHS[int(month) - 1] if month and 1 <= int(month) <= 12 else ""
    )
    if month and not name:
        return edtf
    number_of_day = {"": "", "01": "1er"}.get(day or "", (day or "").lstrip("0"))
    words = " ".join(word for word in (number_of_day, name, year) if word).replace(" ", NBSP)
    return f"{'vers ' if doubt else ''}{words}"


def instant(edtf: str) -> str | None:
    """The day, in ISO 8601, in the middle of what the EDTF date covers; of a range, of its first part.

    >>> instant("2025-06"), instant("2014"), instant("2020-33"), instant("..")
    ('2025-06-15', '2014-07-01', '2020-02-15', None)
    """
    match = _EDTF.match(edtf)
    if match is None:
        return None
    year, month, day, _ = match.groups()
    year = year.replace("X", "5")
    if not month:
        return f"{year}-07-01"
    middles = {"21": 4, "22": 7, "23": 10, "24": 12, "33": 2, "34": 5, "35": 8, "36": 11}
    middles |= {"37": 3, "38": 7, "39": 11, "40": 4, "41": 10}
    middle = middles.get(month, int(month))
    return f"{year}-{middle:02}-{day or '15'}" if 1 <= middle <= 12 else None

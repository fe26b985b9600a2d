"""What all the documents together say: figures that can state the same fact, brought together.

Each figure stands for an interval, and a fact grows from its most precise value: the figures whose interval
holds it belong to it. What a figure leaves open (its actor, its period, the month of its year) is filled
only where one fact alone could be meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate
from typing import Any, TypeAlias

import pandas as pd

from etl.numerals import Numeral, parse_digits, parse_numeral
from etl.table import FACTS, MEASURES, frame
from etl.units import parse_unit

# --- intervals ------------------------------------------------------------------------------------------------

_OPEN_BELOW, _OPEN_ABOVE = Decimal("-Infinity"), Decimal("Infinity")
_STATED, _BOUND, _MAGNITUDE = range(3)
_TIERS = {"over": _BOUND, "at_least": _BOUND, "under": _BOUND, "at_most": _BOUND, "magnitude": _MAGNITUDE}


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers that a figure can stand for, and `point`, the one that it stands by when a fact is sought.

    The point is the printed value, the middle of a range, and of a magnitude the middle of its powers of ten.
    `high` is inclusive, but for a magnitude.
    """

    low: Decimal
    high: Decimal
    point: Decimal
    tier: int = _STATED

    @property
    def width(self) -> Decimal:
        """How far apart its ends are: the narrower, the more precise."""
        return self.high - self.low

    def holds(self, value: Decimal) -> bool:
        """Whether the figure can stand for this value.

        >>> près_de_15 = interval_of("15 milliards", 15e9, None, None, "about")
        >>> près_de_15.holds(Decimal(14_300_000_000)), près_de_15.holds(Decimal(29_000_000_000))
        (True, False)
        """
        return self.low <= value and (value < self.high or (value == self.high and self.tier != _MAGNITUDE))


@lru_cache(maxsize=1 << 16)
def interval_of(
    quote: str, value: float | None, low: float | None, high: float | None, qualifier: str
) -> Interval | None:
    """The interval of a figure, from its qualifier and its last printed digit; `None` where it has no number.

    `14 milliards` is 13.5 to 14.5 and `14,3` is 14.25 to 14.35; `près de 15` is 14 to 16, one unit of the
    last digit that is not zero on either side. Bounds are open on the other side.

    >>> about = interval_of("15 milliards de dollars", 15e9, None, None, "about")
    >>> f"{about.low:.3} {about.high:.3}"
    '1.40E+10 1.60E+10'
    >>> exact = interval_of("49,0 %", 49, 49, 49, "exact")
    >>> str(exact.low), str(exact.high)
    ('48.95', '49.05')
    """
    if qualifier in ("magnitude", "between"):
        ends = [Decimal(repr(end)) for end in (low, high) if end is not None]
        if not ends:
            return None
        if qualifier == "between":
            middle = sum(ends, Decimal(0)) / len(ends)
            return Interval(ends[0], ends[-1], middle if value is None else Decimal(repr(value)))
        ratio = ends[0] > 0
        middle = (ends[0] * ends[-1]).sqrt() if ratio else (ends[0] + ends[-1]) / 2
        return Interval(
            _OPEN_BELOW if low is None else ends[0], _OPEN_ABOVE if high is None else ends[-1], middle, _MAGNITUDE
        )
    if value is None:
        return None
    point = Decimal(repr(value))
    if qualifier in ("over", "at_least"):
        return Interval(point, _OPEN_ABOVE, point, _BOUND)
    if qualifier in ("under", "at_most"):
        return Interval(_OPEN_BELOW, point, point, _BOUND)
    reach = _last_digit(point) if qualifier == "about" else _last_printed_digit(quote, point) / 2
    return Interval(point - reach, point + reach, point)


def _last_digit(value: Decimal) -> Decimal:
    """One unit of the last digit that is not zero: a tenth of a billion for 14.3 billion."""
    return Decimal(1).scaleb(_exponent(value.normalize()))


def _last_printed_digit(quote: str, value: Decimal) -> Decimal:
    """One unit of the last digit that the quote prints, trailing zeros too, at the scale of the value.

    The number is read again from the quote and must have the digits of the value. Where it has not (`un
    milliard et demi`, `doublé`), the value's own last digit that is not zero counts as the last printed one.
    """
    numeral = _numeral(quote)
    printed = numeral.value if numeral else value
    if printed.normalize().as_tuple().digits != value.normalize().as_tuple().digits:
        return _last_digit(value)
    zeros = _exponent(printed.normalize()) - _exponent(printed)
    return Decimal(1).scaleb(_exponent(value.normalize()) - zeros)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def _numeral(quote: str) -> Numeral | None:
    if digit := re.search(r"\d", quote):
        return parse_digits(quote, digit.start())
    return next((n for word in re.finditer(r"\w+", quote) if (n := parse_numeral(quote, word.start()))), None)


# --- periods --------------------------------------------------------------------------------------------------

Days: TypeAlias = tuple[int, int]  # the first and the last, as ordinals


@dataclass(frozen=True, slots=True)
class Period:
    """A date or period as the days in which it may begin and those in which it may end: for a date, the same.

    `2018/2020` begins in 2018 and ends in 2020, so that 2019 is not equal to it at any precision. `text` is
    its EDTF without a mark of approximation.
    """

    text: str
    first: Days
    last: Days

    @property
    def coarseness(self) -> int:
        """How many days it leaves open."""
        return self.first[1] - self.first[0] + self.last[1] - self.last[0]

    @property
    def year(self) -> int | None:
        """The year in which it begins; `None` where that can be any."""
        return date.fromordinal(self.first[0]).year if self.first[0] > 0 else None

    def within(self, other: Period) -> bool:
        """Whether the two are equal at the precision of the other, the coarser of them.

        >>> from operator import attrgetter
        >>> day, month, year, years = map(parse_period, ("2025-06-12", "2025-06", "2025", "2024/2026"))
        >>> day.within(month), month.within(year), month.within(day), year.within(years)
        (True, True, False, False)
        """
        return _inside(self.first, other.first) and _inside(self.last, other.last)


def _inside(days: Days, others: Days) -> bool:
    return others[0] <= days[0] and days[1] <= others[1]


_ANY_DAY = (0, date.max.toordinal())
_ALWAYS = Period("", _ANY_DAY, _ANY_DAY)  # where the text gives none: every other period is within it

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_PARTS_OF_A_YEAR = {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12), 40: (1, 6), 41: (7, 12)}


@lru_cache(maxsize=1 << 14)
def parse_period(edtf: str, *, daily: bool = True) -> Period | None:
    """The period that an EDTF string tells, or `None`; without `daily`, no more precise than its months.

    Marks of approximation are passed over; `..` is an end that nobody knows.

    >>> [parse_period(p).text for p in ("2024-06~", "2020-01/2020-03", "2019/2020", "../2015-01")]
    ['2024-06', '2020-33', '2019/2020', '../2015-01']
    >>> parse_period("2025-06-12", daily=False).text, parse_period("jeudi") is None
    ('2025-06', True)
    """
    ends = [_parse_end(end.strip("~?%"), daily=daily) for end in edtf.split("/")]
    if len(ends) > 2 or (begin := ends[0]) is None or (end := ends[-1]) is None:
        return None
    if begin == end:
        return Period(*begin, begin[1])
    if name := _name_of(begin[1][0], end[1][1]):
        return parse_period(name)
    return Period(f"{begin[0]}/{end[0]}", begin[1], end[1])


def _parse_end(text: str, *, daily: bool) -> tuple[str, Days] | None:
    """One date with its days; what is more precise than allowed is cut."""
    if text == "..":
        return text, (0, 0)
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if year and month in _PARTS_OF_A_YEAR and not day:
            return text, _months(year, *_PARTS_OF_A_YEAR[month])
        if year and month and day and daily:
            return text, (date(year, month, day).toordinal(),) * 2
        if year and month:
            return text[:7], _months(year, month, month)
        return (text, _months(year, 1, 12)) if year else None
    except ValueError:
        return None


def _months(year: int, first: int, last: int) -> Days:
    return date(year, first, 1).toordinal(), date(year, last, monthrange(year, last)[1]).toordinal()


def _name_of(first: int, last: int) -> str | None:
    """The year, half or quarter that these are the first and last day of, by its own name."""
    if first == 0 or last == 0:
        return None
    year = date.fromordinal(first).year
    names = {_months(year, *months): f"{year}-{code}" for code, months in _PARTS_OF_A_YEAR.items()}
    return {_months(year, 1, 12): str(year), **names}.get((first, last))


# --- figures and facts ----------------------------------------------------------------------------------------

# What is quoted anew each day, and what may be anything. All else keeps within a month: see `reconcile`.
_DAILY = {"price", "rate", "change", "other"}

# From the firmest to the least firm, as figures.md ranks the marks that meet on one figure.
_FIRMNESS = ("actual", "planned", "reported", "possible", "denied")


@dataclass(frozen=True, slots=True)
class _Figure:
    """What of a row of the table counts here."""

    figure_id: str
    source: str
    start: int
    actor: str | None
    period: Period
    about: bool  # whether the period is approximate
    interval: Interval
    value: float | None
    low: float | None
    high: float | None
    unit: str
    status: str


@dataclass(slots=True)
class _Fact:
    """Figures whose intervals all hold `seed.point`; `period` and `actor` are those that it was grown for."""

    actor: str | None
    period: Period
    seed: Interval
    figures: list[_Figure]
    contested: bool = False  # one of its figures could belong to several other facts

    def shared(self) -> tuple[Decimal, Decimal]:
        """The ends of what all its figures can stand for."""
        return max(f.interval.low for f in self.figures), min(f.interval.high for f in self.figures)

"""Periods as EDTF writes them, and when two of them can be one."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeAlias

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

        >>> day, month, year, years = map(parse_period, ("2025-06-12", "2025-06", "2025", "2024/2026"))
        >>> day.within(month), month.within(year), month.within(day), year.within(years)
        (True, True, False, False)
        """
        return _inside(self.first, other.first) and _inside(self.last, other.last)


def meet(period: Period, other: Period) -> bool:
    """Whether two periods are equal at the precision of the coarser one, whichever that is."""
    return period.within(other) or other.within(period)


def loosen(period: Period) -> Period:
    """A period that is only roughly given: its neighbours may be meant, half of one where it is longer than a month.

    >>> may, june = parse_period("2024-05"), parse_period("2024-06")
    >>> may.within(june), may.within(loosen(june)), parse_period("2024").within(loosen(june))
    (False, True, False)
    """
    if period.first[0] <= 0 or period.last[1] >= date.max.toordinal():
        return period
    length = period.last[1] - period.first[0] + 1
    reach = 31 if length <= 31 else length // 2
    if period.first == period.last:
        days = (period.first[0] - reach, period.last[1] + reach)
        return Period(period.text, days, days)
    return Period(
        period.text,
        (period.first[0] - reach, period.first[1] + reach),
        (period.last[0] - reach, period.last[1] + reach),
    )


def _inside(days: Days, others: Days) -> bool:
    return others[0] <= days[0] and days[1] <= others[1]


_ANY_DAY = (0, date.max.toordinal())
ALWAYS = Period("", _ANY_DAY, _ANY_DAY)  # where the text gives none: every other period is within it

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_PARTS_OF_A_YEAR: dict[int | None, tuple[int, int]] = {
    33: (1, 3),
    34: (4, 6),
    35: (7, 9),
    36: (10, 12),
    40: (1, 6),
    41: (7, 12),
}


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
    match = _DATE.fullmatch(text)
    if not match:
        return (text, (0, 0)) if text == ".." else None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if day is not None and month is not None and year is not None:
            ordinal = date(year, month, day).toordinal()
            return (text, (ordinal, ordinal)) if daily else (text[:7], _months(year, month, month))
        first, last = _PARTS_OF_A_YEAR.get(month, (month or 1, month or 12))
        return text, _months(int(match[1]), first, last)
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

"""What a figure can stand for: an interval about the value that it prints, by its qualifier and its digits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from etl.numerals import Numeral, parse_digits, parse_numeral

STATED, BOUND, MAGNITUDE = range(3)  # what a figure gives: a value, a bound of one, or its order of size


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers that a figure can stand for, and `point`, the one that it stands by when a fact is sought.

    The point is the printed value, the middle of a range, and of a magnitude the middle of its powers of ten.
    `high` is inclusive, but for a magnitude.
    """

    low: Decimal
    high: Decimal
    point: Decimal
    tier: int = STATED

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
        return self.low <= value and (value < self.high or (value == self.high and self.tier != MAGNITUDE))


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
    ends = [Decimal(str(end)) for end in (low, high) if end is not None]
    if qualifier == "magnitude" and ends:
        middle = (ends[0] * ends[-1]).sqrt() if ends[0] > 0 else (ends[0] + ends[-1]) / 2
        return Interval(ends[0], ends[-1], middle, MAGNITUDE)
    if value is None:
        return None
    point = Decimal(str(value))
    if qualifier == "between" and ends:
        return Interval(ends[0], ends[-1], point)
    if qualifier in ("over", "at_least"):
        return Interval(point, Decimal("Infinity"), point, BOUND)
    if qualifier in ("under", "at_most"):
        return Interval(Decimal("-Infinity"), point, point, BOUND)
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
    return int(value.as_tuple().exponent)


def _numeral(quote: str) -> Numeral | None:
    if digit := re.search(r"\d", quote):
        return parse_digits(quote, digit.start())
    return next((n for word in re.finditer(r"\w+", quote) if (n := parse_numeral(quote, word.start()))), None)

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

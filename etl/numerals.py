"""Numbers as French prints them, in digits or in words, read to exact decimals.

A `Numeral` keeps the printed precision in the exponent of its value: `14,3` is 143E-1, so that what builds on it can
tell half a unit of the last printed digit.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from price_parser import Price

from etl.lexicon import SPACE, Cardinal, Collective, FractionWord, alternation, folded, lexicon

_DIGITS = re.compile(
    r"(?!0\.)\d{1,3}(?:([ \u00a0\u202f\u2009'\u2019.])\d{3}(?:\1\d{3})*)(?![\d])(?:,\d+|(?<=['\u2019]\d{3})\.\d+)?"
    r"|\d{1,3}(?:,\d{3}){2,}(?!\d)"
    r"|\d+(?:[.,]\d+)?"
)
_SIGNS = "-\u2212\u2013+"


class Numeral(NamedTuple):
    """A number at `start:end`; `point_group` tells `1.500`, which a scale behind it turns into one and a half."""

    start: int
    end: int
    value: Decimal
    in_words: bool = False
    point_group: bool = False
    about: bool = False  # a collective: "une dizaine"


class _Patterns(NamedTuple):
    word: re.Pattern[str]
    values: dict[str, int]
    collective: re.Pattern[str]
    collectives: dict[str, int]
    fraction: re.Pattern[str]
    fractions: dict[str, Decimal]


@cache
def _patterns() -> _Patterns:
    words = lexicon()
    values = {folded(form): entry.value for entry in words.of(Cardinal) for form in entry.forms}
    collectives = {folded(form): entry.value for entry in words.of(Collective) for form in entry.forms}
    fractions = {
        folded(form): Decimal(entry.value.numerator) / entry.value.denominator
        for entry in words.of(FractionWord)
        for form in entry.forms
    }
    return _Patterns(
        re.compile(
            rf"(?:(?:{SPACE}|[-\u2011])(?:et(?:{SPACE}|-))?)?({alternation(values)})(?![\w])", re.IGNORECASE
        ),
        values,
        re.compile(
            rf"(?:(une?|deux|trois|quatre){SPACE}+)?({alternation(collectives)})(?!\w)", re.IGNORECASE
        ),
        collectives,
        re.compile(rf"(?:{SPACE}|-)?({alternation(fractions)})(?!\w)", re.IGNORECASE),
        fractions,
    )


def number_words() -> list[str]:
    """Every word that can begin a number, for the scan that looks for figures."""
    return [*_patterns().values, *_patterns().collectives]


def parse_numeral(text: str, start: int) -> Numeral | None:
    """The longest number in digits or words at `start`, or `None`.

    Digits may carry a sign, groups of three (space, point or apostrophe) and a decimal comma or point. A single
    group after a point is read as thousands; the grammar says otherwise where a scale follows (`2.202 millions`).

    >>> [parse_numeral(t, 0).value for t in ("14,3", "1 280,50", "1.500", "deux cent trente-quatre", "1.4")]
    [Decimal('14.3'), Decimal('1280.50'), Decimal('1500'), Decimal('234'), Decimal('1.4')]
    >>> parse_numeral("Scale AI", 0) is None
    True
    """
    return parse_digits(text, start) or _parse_collective(text, start) or _parse_words(text, start)


def parse_digits(text: str, start: int) -> Numeral | None:
    """The number in digits at `start`, sign included, or `None`."""
    begin = start
    if start < len(text) and text[start] in _SIGNS:
        begin += 2 if text[start + 1 : start + 2] in (" ", "\u00a0", "\u202f") else 1
    match = _DIGITS.match(text, begin)
    if not match:
        return None
    digits = match[0]
    value = _exact(digits, match[1])
    if begin > start and text[start] != "+":
        value = -value
    return Numeral(start, match.end(), value, point_group=match[1] == "." and digits.count(".") == 1)


def _exact(digits: str, group: str | None) -> Decimal:
    """The value of digits that the grammar has cut out; price-parser is told which mark is the decimal one."""
    if digits.isdigit():
        return Decimal(digits)
    if digits.count(",") > 1:
        group = ","
    if group:
        digits = digits.replace(group, "")
    mark = "," if "," in digits else "."
    amount = Price.fromstring(digits, decimal_separator=mark).amount
    return amount if amount is not None else Decimal(digits.replace(mark, "."))


def as_decimal_point(numeral: Numeral, text: str) -> Numeral:
    """The same numeral with its point read as decimal: `2.202` before `millions` is 2.202, not 2 202."""
    value = Decimal(text[numeral.start : numeral.end].replace("\u2212", "-").replace("\u2013", "-"))
    return Numeral(numeral.start, numeral.end, value)


def _parse_words(text: str, start: int) -> Numeral | None:
    patterns = _patterns()
    total = current = 0
    end = start
    while True:
        match = patterns.word.match(text, end) if end > start else _first_word(text, start)
        if not match:
            break
        value = patterns.values[folded(match[1])]
        joined = "et" in text[end : match.start(1)].lower()
        if end > start and not _may_follow(total, current, value, joined=joined):
            break
        if value == 1000:
            total, current = total + max(current, 1) * 1000, 0
        elif value == 100:
            current = max(current, 1) * 100
        elif value == 20 and current % 100 == 4:
            current += 76
        else:
            current += value
        end = match.end()
    if end == start:
        return None
    return Numeral(start, end, Decimal(total + current), in_words=True)


def _first_word(text: str, start: int) -> re.Match[str] | None:
    match = _patterns().word.match(text, start)
    return match if match and match.start(1) == start else None


def _may_follow(total: int, current: int, value: int, *, joined: bool) -> bool:
    """Whether `value` may continue a number: `soixante` takes `douze`, `deux` does not take `trois`."""
    tail = current % 100
    if joined:
        return value in (1, 11) and (tail >= 20 or (total > 0 and current == 0)) and tail % 10 == 0
    if value == 1000:
        return total == 0 and 0 < current < 1000
    if value == 100:
        return 1 < current < 10 or (current == 0 and total > 0)
    if value == 20 and tail == 4:
        return True
    if current == 0 or tail == 0:
        return True
    if tail == 10:
        return 7 <= value <= 9
    if tail in (60, 80):
        return value < 20
    return tail in (20, 30, 40, 50, 70, 90) and value < 10


# "sa centaine d'employés"
_DETERMINED = re.compile(rf"(?<!\w)(?:la|sa|leur|cette|petite|bonne){SPACE}$", re.IGNORECASE)


def _parse_collective(text: str, start: int) -> Numeral | None:
    match = _patterns().collective.match(text, start)
    if not match or (match[1] is None and not _DETERMINED.search(text, max(0, start - 8), start)):
        return None
    times = _patterns().values[folded(match[1])] if match[1] else 1
    value = times * _patterns().collectives[folded(match[2])]
    return Numeral(start, match.end(), Decimal(value), in_words=True, about=True)


def parse_fraction(text: str, start: int) -> tuple[Decimal, int] | None:
    """The fraction word at `start` and its end: `demi`, `quarts`; `None` where there is none.

    >>> parse_fraction("un demi-milliard", 2)
    (Decimal('0.5'), 7)
    """
    match = _patterns().fraction.match(text, start)
    return (_patterns().fractions[folded(match[1])], match.end()) if match else None

"""Facts that follow from others: implied valuations, pre- and post-money, multiples, growth; and whether they agree.

A derived fact is never mixed with a stated one. It has the interval that the printed digits of its inputs leave,
and names its formula and its inputs.
"""

from __future__ import annotations

from typing import NamedTuple


class Derived(NamedTuple):
    """A derived value, and the least and the most that the digits of its inputs allow."""

    value: float
    low: float
    high: float


class Verdict(NamedTuple):
    """Whether a stated value can be the derived one, and by how many percent it exceeds it."""

    check: str
    excess: float


def quotient(
    above: tuple[float, float], value: float, below: tuple[float, float], divisor: float, times: float = 1
) -> Derived | None:
    """A value over another, each with its interval; `None` where the divisor can be zero or less.

    >>> implied = quotient((14.25e9, 14.35e9), 14.3e9, (48.5, 49.5), 49, times=100)
    >>> [f"{number:.3g}" for number in implied]
    ['2.92e+10', '2.88e+10', '2.96e+10']
    """
    if below[0] <= 0:
        return None
    return Derived(value / divisor * times, above[0] / below[1] * times, above[1] / below[0] * times)


def agreement(derived: Derived, stated: tuple[float, float], value: float) -> Verdict:
    """Whether the stated value, by its interval, can be the derived one.

    >>> agreement(Derived(29.2e9, 28.8e9, 29.6e9), (28.5e9, 29.5e9), 29e9).check
    'agree'
    """
    can_be = stated[0] <= derived.high and derived.low <= stated[1]
    return Verdict("agree" if can_be else "disagree", round((value / derived.value - 1) * 100, 1))

"""Points: differences between percentages, printed as `6 points`, `-5 pts` or, beside polls, as a bare `(+8)`.

The points of an index, of a match or of a licence are none; what a text counts in percent near them tells them apart.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile

from etl.amounts import GAP, Amount
from etl.lexicon import SPACE, alternation, words_of
from etl.segments import Sentence

_POINTS = re.compile(
    rf"{SPACE}+(?:points?|pts?)(?!{SPACE}+(?:de{SPACE}+vente|d['\u2019]|à{SPACE}+(?![\d,]+{GAP}%)))(?!\w)",
    re.IGNORECASE,
)


def may_be_points(text: str, amount: Amount) -> bool:
    """Whether a bare number is printed as points are: before their noun, or with its sign in parentheses."""
    return bool(_POINTS.match(text, amount.end)) or _is_signed_alone(text, amount)


def points_of(text: str, amount: Amount, before: list[Amount], sentence: Sentence) -> Amount | None:
    """A bare number as percentage points, where the text counts in percent; in any other sentence it counts an index.

    A change goes on from percentages near it: `Il recueille 40 % d'opinions favorables. Il perd 6 points.`
    """
    if amount.value is None or abs(amount.value) >= 100 or amount.noun:
        return None
    signed = _is_signed_alone(text, amount)
    match = None if signed else _POINTS.match(text, amount.end)
    if match is None and not signed:
        return None
    begin, stop = max(0, amount.start - _NEAR), amount.end + _NEAR
    polled = bool(_poll().search(text, begin, stop))
    if match is None:
        beside = polled or "%" in text[max(sentence.start, amount.start - _ASIDE) : amount.start]
        return amount._replace(kind="percent", unit="percentage_point") if beside else None
    told = _CHANGES.search(text, sentence.start, amount.start) or _BY_SO_MUCH.match(text, match.end())
    changes = told and not _no_percentage().search(text, sentence.start, sentence.end)
    if not polled and not changes:
        begin, stop = sentence.start, sentence.end
    counted_in_percent = "%" in text[begin:stop] or any(
        a.kind == "percent" for a in takewhile(lambda a: a.start >= begin, reversed(before))
    )
    fraction = amount.value != amount.value.to_integral_value() and abs(amount.value) < 20
    rated = changes and _rating().search(text, sentence.start, amount.start)
    if not counted_in_percent and not fraction and not rated:
        return None
    return amount._replace(end=match.end(), kind="percent", unit="percentage_point")


def _is_signed_alone(text: str, amount: Amount) -> bool:
    """Whether a number closes its parenthesis with nothing but its sign: `(+8)`, `(38 %, -1)`."""
    signed = text[amount.start] in "+-\u2212" and text[amount.end : amount.end + 1] == ")"
    return signed and bool(_OPENS.search(text, max(0, amount.start - _ASIDE), amount.start))


_OPENS = re.compile(rf"\((?:[\d,]+{GAP}%,?{SPACE})?$")
_ASIDE = 12  # characters that a percentage takes in the same parenthesis
_NEAR = 250  # characters to the percentage or the poll that a change in points is told beside


@cache
def _poll() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternation(words_of('poll'))}", re.IGNORECASE)


@cache
def _rating() -> re.Pattern[str]:
    """What is always counted in percent of people, and no index: `la confiance des ménages` is one."""
    words = words_of("rating") | words_of("counted in percent")
    return re.compile(rf"(?<!\w){alternation(words)}\b", re.IGNORECASE)


@cache
def _no_percentage() -> re.Pattern[str]:
    return re.compile(rf"\b{alternation(words_of('no percentage'))}\b", re.IGNORECASE)


_CHANGES = re.compile(
    r"(?:\b(?:gagn|perd|recul|progress|bais|hauss|augment|diminu|chut|bond|remont|grimp|dégringol|repli)\w*[^.;:]{0,40}"
    r"|\(\s?)$",
    re.IGNORECASE,
)
_BY_SO_MUCH = re.compile(rf"{SPACE}+(?:de{SPACE}+(?:plus|moins)|d['\u2019]écart)(?!\w)", re.IGNORECASE)

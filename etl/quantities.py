"""The grammar of figures: every figure of a text with its span, value, bounds, unit and qualifier.

What `etl.amounts` has read at each place is joined to its neighbours in ranges and lists (`etl.ranges`); amounts
without a unit take the one that the context names (`etl.context`), and the words around decide qualifier
(`etl.qualifiers`) and rate (`etl.rates`). What is left without a unit is no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise

from etl.amounts import Amount, parse_amounts
from etl.context import CONVERSION, REACH, infer_units, stands_alone
from etl.lexicon import (
    SPACE,
    Scan,
    alternation,
    compile_scan,
    find_place,
    find_places,
    folded_text,
    scanned_alternation,
    words_of,
)
from etl.multiples import find_multiples, multiples_pattern, times_end
from etl.qualifiers import bounds_of, is_only_qualifier, qualify
from etl.ranges import JOIN, YEAR, is_bare, merge_ranges, share_units
from etl.rates import counted_per, rate_of, rates
from etl.segments import Sentence
from etl.tables import HEADER_PATTERN, with_header_units

Evidence = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as the text prints it. Bounds are null where the text commits to none.

    `evidence` maps a column to the place of the words that decided it. `equivalent_of` is the start of the figure that
    this one converts.
    """

    start: int
    end: int
    kind: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    qualifier: str = "exact"
    unit_inferred: bool = False
    equivalent_of: int | None = None
    evidence: Evidence = field(default_factory=dict)


def find_quantities(text: str, sentences: list[Sentence]) -> list[Quantity]:
    """Every figure of the text in order, none overlapping; `text[q.start:q.end]` is what is printed.

    >>> from etl.segments import find_sentences
    >>> text = "Meta investit près de 14,3 milliards de dollars pour 49 % de Scale AI."
    >>> [(text[q.start : q.end], q.qualifier, q.unit) for q in find_quantities(text, find_sentences(text))]
    [('14,3 milliards de dollars', 'about', 'USD'), ('49 %', 'exact', 'percent')]
    """
    return quantified(text, sentences, find_amounts(text))


def find_amounts(text: str) -> list[Amount]:
    """The amounts of the text in order, ranges joined and units shared; none where the text can hold no figure.

    >>> [(a.value, a.unit) for a in find_amounts("de 10 à 15 euros en 2019")]
    [(Decimal('12.5'), 'EUR')]
    >>> find_amounts("en 2019, le 12 juin")
    []
    """
    if find_place(_rarities(), folded_text(text), 0, len(text)) is None:
        read = list(parse_amounts(text))
    else:
        read = with_header_units(text, _with_multiples(text))
    amounts = [_as_multiple(text, a) for a in read if not is_bare(a) or not _is_no_amount(text, a)]
    return _hopeful(text, merge_ranges(text, share_units(text, amounts)))


def _hopeful(text: str, amounts: list[Amount]) -> list[Amount]:
    """The amounts without the bare numbers that can take a unit from no context, as most numbers of prose cannot."""
    hopeful: list[Amount] = []
    for amount in amounts:
        near = bool(hopeful) and amount.start - hopeful[-1].end <= REACH
        if not is_bare(amount) or (not amount.noun and (near or stands_alone(text, amount))):
            hopeful.append(amount)
    return hopeful


def quantified(text: str, sentences: list[Sentence], amounts: list[Amount]) -> list[Quantity]:
    """The amounts that have a unit, or take one from their context, with the words that hold each."""
    amounts = infer_units(text, amounts, sentences)
    quantities: list[Quantity] = []
    spans = iter(sentences)
    sentence = next(spans, None)
    for amount in amounts:
        while sentence is not None and sentence.end <= amount.start:
            sentence = next(spans, None)
        if sentence is None:
            break
        if sentence.zone != "boilerplate" or amount.kind != "count":  # a counter of the page: "129 partages"
            quantities.append(_quantity(text, amount, quantities, sentence))
    shared = {amount.start for amount in amounts if amount.inherited}
    return _rated_together(_held_together(text, quantities, shared), shared)


_OPEN = ("about", "over", "under", "at_least", "at_most")


def _held_together(text: str, quantities: list[Quantity], shared: set[int]) -> list[Quantity]:
    """The quantities with one qualifier for the items of a list that share a unit, and for two sums of one cap.

    These are `environ 3 ou 4 millions`, and `plafonné à 20 euros par mois et 200 euros par an`.
    """
    held = list(quantities)
    for i, (left, right) in enumerate(pairwise(quantities), 1):
        left = held[i - 1]
        if left.qualifier not in _OPEN or right.qualifier != "exact" or not right.value:
            continue
        join = JOIN.match(text, left.end) if left.start in shared else None
        listed = join and join.end() == right.start and join.lastgroup in ("and", "or", "list")
        if listed or _are_capped(text, left, right):
            low = right.value if left.qualifier in ("over", "at_least") else None
            high = right.value if left.qualifier in ("under", "at_most") else None
            evidence = {**right.evidence, "qualifier": left.evidence.get("qualifier", (left.start, left.end))}
            held[i] = replace(right, low=low, high=high, qualifier=left.qualifier, evidence=evidence)
    return held


def _are_capped(text: str, left: Quantity, right: Quantity) -> bool:
    """Whether a second sum stands beside one that is capped: `20 euros par mois et 200 euros par an`."""
    sums = left.qualifier == "at_most" and left.kind == right.kind == "money"
    return sums and bool(_AND_ALSO.fullmatch(text, left.end, right.start))


_AND_ALSO = re.compile(
    rf"(?:{SPACE}+(?:par|pour){SPACE}+(?:(?:une?|les?|la|des|chaque){SPACE}+)?[\w-]+(?:{SPACE}+[\w\"«»-]+){{0,4}}?)?,?{SPACE}+et"
    rf"{SPACE}+(?:(?:de|à){SPACE}+)?"
)


def _rated_together(quantities: list[Quantity], shared: set[int]) -> list[Quantity]:
    """The quantities with one rate for all that share a unit: `900 ou 1 050 euros par mois` is two monthly rents."""
    rated = list(quantities)
    pairs = range(len(rated) - 1)
    for i in (
        *reversed(pairs),
        *pairs,
    ):  # a rate behind a list is handed to its left, one before it to its right
        left, right = rated[i], rated[i + 1]
        if left.start not in shared or left.unit.split("/")[0] != right.unit.split("/")[0]:
            continue
        unit = max(left.unit, right.unit, key=len)
        place = left.evidence.get("unit") or right.evidence.get("unit")
        if left.unit != right.unit and place:
            rated[i] = replace(left, unit=unit, evidence={**left.evidence, "unit": place})
            rated[i + 1] = replace(right, unit=unit, evidence={**right.evidence, "unit": place})
    return rated


def _is_no_amount(text: str, amount: Amount) -> bool:
    """Whether a bare number is a year or a part of a name."""
    start = amount.start
    named = start > 1 and text[start - 1] == "-" and text[start - 2].isalpha()  # "Covid-19"
    return named or bool(YEAR.fullmatch(text, start, amount.end))


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


@cache
def _rarities() -> Scan:
    """What few texts have, asked for at once: multiples, headers of tables, names with a number, addresses."""
    names = rf"\b{scanned_alternation(words_of('name with a number'))}\b"
    return compile_scan(rf"{names}|{multiples_pattern()}|{HEADER_PATTERN}|https?://|\bwww\.|×")


@cache
def _numbered_names() -> Scan:
    return compile_scan(rf"\b{scanned_alternation(words_of('name with a number'))}\b")


def _as_multiple(text: str, amount: Amount) -> Amount:
    """The amount as a multiple where `fois` stands behind it and compares: `trois fois le prix`."""
    if amount.unit is not None or (end := times_end(text, amount.end)) is None:
        return amount
    return amount._replace(end=end, kind="multiple", unit="dimensionless")


def _with_multiples(text: str) -> Iterator[Amount]:
    """The amounts and the multiples of the text in order; a number inside a multiple is none of its own."""
    end = 0
    addresses = [match.span() for match in _ADDRESS.finditer(text)] if "/" in text else []
    names = find_places(_numbered_names(), folded_text(text))
    for amount in sorted([*parse_amounts(text), *find_multiples(text)], key=lambda a: (a.start, -a.end)):
        if amount.start >= end and not any(a <= amount.start < b for a, b in (*addresses, *names)):
            yield amount
            end = amount.end


def _quantity(text: str, amount: Amount, before: list[Quantity], sentence: Sentence) -> Quantity:
    assert amount.kind is not None
    assert amount.unit is not None
    evidence: Evidence = {}
    qualifier, place = qualify(text, amount, sentence.start)
    converted = before[-1] if before and _converts(text, before[-1], amount) else None
    if (
        converted
        and qualifier == "exact"
        and converted.qualifier in ("about", "over", "under", "at_least", "at_most")
    ):
        qualifier, place = converted.qualifier, converted.evidence.get("qualifier")
    if place:
        evidence["qualifier"] = place
    unit, inferred = amount.unit, amount.inferred
    if amount.kind in ("count", "quantity") and (per := counted_per(text, amount, sentence)):
        unit, evidence["unit"] = f"{unit}/{per[0]}", per[1]
    if amount.kind == "money":
        if rate := rate_of(text, amount, max(sentence.start, before[-1].end if before else 0)):
            unit, evidence["unit"] = f"{unit}/{rate[0]}", rate[1]
        elif rated := _rated_before(text, amount, before):
            unit, evidence["unit"] = rated.unit, rated.evidence.get("unit", (rated.start, rated.end))
            inferred |= rated.unit_inferred or rated.end <= sentence.start
    low, high = bounds_of(amount, qualifier)
    return Quantity(
        amount.start, amount.end, amount.kind, None if qualifier == "magnitude" else amount.value, low, high, unit,
        qualifier, inferred, converted.start if converted else None, evidence,
    )  # fmt: skip


def _converts(text: str, previous: Quantity, amount: Amount) -> bool:
    """Whether an amount gives the one before it in another currency: `599 millions de dollars (500 d'euros)`."""
    if previous.kind != "money" or amount.kind != "money" or previous.unit.split("/")[0] == amount.unit:
        return False
    rate = rates().after.match(text, previous.end)
    match = CONVERSION.match(text, rate.end() if rate else previous.end)
    return bool(match and match.end() <= amount.start and is_only_qualifier(text[match.end() : amount.start]))


@cache
def _earning() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternation(words_of('earning'))}(?!\w)", re.IGNORECASE)


def _rated_before(text: str, amount: Amount, before: list[Quantity]) -> Quantity | None:
    """The figure told before as a rate that this one, told without, goes on from.

    It is the conversion or alternative of the last figure (`400 dollars par mois (370 euros)`, `ou 25,90 euros`),
    repeats an amount of the text, or is the next pay after a pay (`1 280 euros par mois … peut gagner 1 900
    euros`).
    """
    if not before:
        return None
    last = before[-1]
    currency, _, per = last.unit.partition("/")
    if per and _converts(text, last, amount):
        return replace(last, unit=f"{amount.unit}/{per}")
    same = [q for q in before[-8:] if q.value == amount.value and q.unit.startswith(f"{amount.unit}/")]
    if same and amount.value is not None and len(amount.value.normalize().as_tuple().digits) > 1:
        return same[-1]
    between = text[max(last.end, last.evidence.get("unit", (0, 0))[1]) : amount.start]
    if not per or currency != amount.unit or between.count("\n") > 1 or len(between) > 200:
        return None
    if (
        _ALTERNATIVE.search(between)
        or _earning().search(between)
        or (last.unit_inferred and "." not in between)
    ):
        return last
    return None


_ALTERNATIVE = re.compile(
    rf"^[^,.;]{{0,40}},?{SPACE}+(?:ou|contre|dont)(?:{SPACE}+(?:environ|plus{SPACE}+de|moins{SPACE}+de|près{SPACE}+de))?{SPACE}+$",
    re.IGNORECASE,
)

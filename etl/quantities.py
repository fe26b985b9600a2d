"""The grammar of amounts: every figure of a text with its span, value, bounds, unit and qualifier.

One scan finds the places where a number can begin. At each, `_parse_amount` reads what is printed there: a number,
its scale, its currency or sign of percent. Neighbours are then joined to ranges and lists, amounts without a unit take
the one that the context names, and the words around decide qualifier and rate. What is left without a unit is
no figure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from etl.lexicon import (
    SPACE,
    Collective,
    Currency,
    Group,
    Qualifier,
    Rate,
    Scale,
    alternation,
    conjugated,
    folded,
    lexicon,
    plain,
)
from etl.numerals import Numeral, as_decimal_point, number_words, parse_fraction, parse_numeral
from etl.segments import Sentence

_GAP = f"{SPACE}*"
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


@dataclass(frozen=True, slots=True)
class _Amount:
    """What is printed at one place, before its neighbours and the context are asked."""

    start: int
    end: int
    value: Decimal | None
    kind: str | None = None
    unit: str | None = None
    scale: Decimal | None = None
    bounds: tuple[Decimal, Decimal] | None = None  # of a magnitude
    about: bool = False
    inherited: bool = False  # the unit is printed on a neighbour
    inferred: bool = False
    in_range: bool = False
    per: int = 1  # sub-units in the unit: 100 for cents
    noun: str = ""  # the noun behind a scaled number without a unit


# --- patterns -------------------------------------------------------------------------------------------------


class _Patterns(NamedTuple):
    anchor: re.Pattern[str]
    magnitude: re.Pattern[str]
    digits: re.Pattern[str]
    scale: re.Pattern[str]
    abbreviated: re.Pattern[str]
    symbol_before: re.Pattern[str]
    symbol: re.Pattern[str]
    currency_name: re.Pattern[str]
    percent: re.Pattern[str]
    noun: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = lexicon()
    scales = [form for scale in words.of(Scale) for form in scale.forms]
    abbreviations = [form for scale in words.of(Scale) for form in scale.abbreviations]
    collectives = [form for entry in words.of(Collective) for form in entry.forms]
    symbols = alternation(symbol for currency in words.of(Currency) for symbol in currency.symbols)
    names = alternation(name for currency in words.of(Currency) for name in currency.names)
    numbers = [word for word in number_words() if word not in ("un", "une", *map(folded, collectives))]
    many = alternation(form for form in [*scales, *collectives] if form.endswith("s"))
    unit_article = alternation(
        [*scales, *collectives, "demi", "quart", "tiers", "euro", "dollar", "demi-million"]
    )
    anchor = re.compile(
        rf"(?<![\w%-])[-\u2212]\d|(?<!\w)(?:\+{SPACE}?|(?<=\()[-\u2212]{SPACE})?\d|(?<!\w){symbols}{_GAP}\d"
        rf"|(?<![\w'\u2019])(?:{alternation(numbers)})(?!\w)"
        rf"|(?<!\w)une?{SPACE}+(?={unit_article}(?!\w))"
        rf"|(?<!\w)(?:plusieurs|quelques|des){SPACE}+(?={many}(?!\w))",
        re.IGNORECASE,
    )
    magnitude = re.compile(
        rf"(?:plusieurs|quelques|des){SPACE}+(?:(?P<collective>{alternation(collectives)})(?!\w)"
        rf"(?:{SPACE}+de{SPACE}+(?P<times>{alternation(scales)}(?!\w)))?|(?P<scale>{alternation(scales)})(?!\w))",
        re.IGNORECASE,
    )
    digits = re.compile(
        rf"(?P<a>\w+)(?:{SPACE}+(?:à|ou){SPACE}+(?P<b>\w+))?{SPACE}+chiffres(?!\w)", re.IGNORECASE
    )
    return _Patterns(
        anchor,
        magnitude,
        digits,
        re.compile(
            rf"(?:{SPACE}+|-)?(?:de{SPACE}+|autres{SPACE}+|nouveaux{SPACE}+)?(?P<scale>{alternation(scales)})(?!\w)",
            re.IGNORECASE,
        ),
        re.compile(rf"{_GAP}(?P<scale>{alternation(abbreviations)})(?![a-zà-ÿ])(?!['\u2019])"),
        re.compile(rf"{symbols}{_GAP}(?=[\d-])"),
        re.compile(rf"(?:{SPACE}+de(?={SPACE}))?{_GAP}(?P<symbol>{symbols})(?![\w])"),
        re.compile(
            rf"(?:{SPACE}+|-)(?:de{SPACE}+|d['\u2019]{_GAP})?(?P<name>{names})(?![\w])", re.IGNORECASE
        ),
        re.compile(
            rf"{_GAP}(?:(?P<percent>%|pour{SPACE}+cent(?!\w)|p\.{_GAP}(?:100|c\.)|pct(?!\w))"
            rf"|(?P<permille>\u2030|pour{SPACE}+mille(?!\w))"
            rf"|(?P<point>points?{SPACE}+de{SPACE}+pourcentage)|(?P<basis>points?{SPACE}+de{SPACE}+base))",
            re.IGNORECASE,
        ),
        re.compile(
            rf"{SPACE}+(?:de{SPACE}+|d['\u2019])(?!(?:plus|moins|mieux|après|ici|{alternation(_words('month'))})(?!\w))"
            rf"(?:(?:nouveaux|nouvelles){SPACE}+)?[«“\"]?{_GAP}(?P<noun>[\w-]+)"
        ),
    )


@cache
def _group(use: str) -> frozenset[str]:
    return frozenset(
        folded(word) for group in lexicon().of(Group) if group.use == use for word in group.words
    )


@cache
def _scales() -> dict[str, Decimal]:
    return {folded(form): Decimal(scale.value) for scale in lexicon().of(Scale) for form in scale.forms} | {
        form: Decimal(scale.value) for scale in lexicon().of(Scale) for form in scale.abbreviations
    }


@cache
def _english_scales() -> dict[str, Decimal]:
    return {folded(form): Decimal(s.english) for s in lexicon().of(Scale) if s.english for form in s.forms}


@cache
def _currencies() -> dict[str, tuple[Currency, ...]]:
    """Every symbol and folded name with the currencies that it can stand for, those that need a context first."""
    found: dict[str, tuple[Currency, ...]] = {}
    for currency in sorted(lexicon().of(Currency), key=lambda entry: not entry.context):
        for name in (*currency.symbols, *map(folded, currency.names)):
            found[name] = (*found.get(name, ()), currency)
    return found


_PERCENTS = {
    "percent": "percent",
    "permille": "per_mille",
    "point": "percentage_point",
    "basis": "basis_point",
}


# --- one amount -----------------------------------------------------------------------------------------------


def _parse_amounts(text: str) -> Iterator[_Amount]:
    """Every amount that the scan finds, left to right, none inside another; bare numbers included."""
    end = 0
    for match in _patterns().anchor.finditer(text):
        if match.start() < end:
            continue
        amount = _parse_amount(text, match.start())
        if amount is not None:
            end = amount.end
            yield amount


# A sentence glued to a year: "en 2011.50 000 euros" is no 2011,50.
_GLUED_YEAR = re.compile(r"(?:19|20)\d\d\.(?=\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d))")


def _parse_amount(text: str, start: int) -> _Amount | None:
    patterns = _patterns()
    if glued := _GLUED_YEAR.match(text, start):
        start = glued.end()
    if magnitude := patterns.magnitude.match(text, start):
        return _parse_magnitude(text, magnitude)
    symbol = patterns.symbol_before.match(text, start)
    numeral = parse_numeral(text, symbol.end() if symbol else start)
    if numeral is None:
        return None
    if chiffres := patterns.digits.match(text, numeral.start):
        return _parse_digit_count(chiffres, numeral)
    amount = _scaled(text, numeral, english=symbol is not None)
    if symbol:
        unit = _currency(text, symbol[0].strip())
        if unit is None:
            return None
        # "$US 12 M": an abbreviated scale is safe behind a number whose currency stands before it.
        return replace(amount, start=start, kind="money", unit=unit.code, value=_per(amount.value, unit))
    return _with_unit(text, amount)


def _parse_magnitude(text: str, match: re.Match[str]) -> _Amount:
    """`plusieurs dizaines de millions`: from twice the unit it names to the first number no longer so called."""
    scales, collectives = _scales(), _collectives()
    unit = scales[folded(match["times"])] if match["times"] else Decimal(1)
    if match["collective"]:
        unit *= collectives[folded(match["collective"])]
        ceiling = unit * 10
    else:
        unit = scales[folded(match["scale"])]
        ceiling = unit * 1000
    scale = unit if unit >= 1000 else None
    bare = _Amount(match.start(), match.end(), None, scale=scale, bounds=(2 * unit, ceiling))
    return _with_unit(text, bare)


@cache
def _collectives() -> dict[str, int]:
    return {folded(form): entry.value for entry in lexicon().of(Collective) for form in entry.forms}


def _parse_digit_count(match: re.Match[str], numeral: Numeral) -> _Amount | None:
    """`neuf chiffres` is a number of nine digits, `sept à neuf chiffres` one of seven to nine."""
    first = int(numeral.value)
    last = parse_numeral(match["b"], 0) if match["b"] else None
    most = int(last.value) if last else first
    if not 4 <= first <= most <= 15:
        return None
    return _Amount(
        numeral.start,
        match.end(),
        None,
        scale=Decimal(10**first),
        bounds=(Decimal(10 ** (first - 1)), Decimal(10**most)),
    )


def _scaled(text: str, numeral: Numeral, *, english: bool) -> _Amount:
    """The number with its scale, its fraction (`et demi`) and a smaller one (`un milliard deux cents millions`)."""
    value, end, scale = numeral.value, numeral.end, None
    if numeral.in_words and (fraction := parse_fraction(text, end)):
        after = _patterns().scale.match(text, fraction[1])
        if after:
            scale = _scale_of(text, after, english=english)
            return _Amount(
                numeral.start, after.end(), value * fraction[0] * scale, scale=scale, about=numeral.about
            )
    if not numeral.in_words and (thousands := _THOUSANDS.match(text, end)):
        value, end = value * 1000, thousands.end()
    if match := _patterns().scale.match(text, end):
        if not match[0].lstrip().lower().startswith("de") or numeral.about or numeral.in_words:
            if numeral.point_group and not _is_of_thousands(text, numeral, match):
                numeral = as_decimal_point(numeral, text)
            scale, end = _scale_of(text, match, english=english), match.end()
            value = _times(numeral.value, scale)
            value, end = _more(text, value, end, scale)
    elif match := _abbreviated(text, numeral, after_symbol=english):
        if numeral.point_group:
            numeral = as_decimal_point(numeral, text)
        scale, end = _scales()[match["scale"]], match.end()
        value = _times(numeral.value, scale)
    return _Amount(numeral.start, end, value, scale=scale, about=numeral.about)


# "300 mille euros"
_THOUSANDS = re.compile(rf"{SPACE}+mille(?!\w)", re.IGNORECASE)


def _is_of_thousands(text: str, numeral: Numeral, scale: re.Match[str]) -> bool:
    """Whether a group after a point is one of thousands: `3.600 milliards`, not `2.202 millions`."""
    return text[numeral.start : numeral.end].endswith("00") and scale["scale"].endswith("s")


def _times(value: Decimal, scale: Decimal) -> Decimal:
    """The product with the precision that was printed: `14,3 milliards` is 143E+8."""
    return value.scaleb(scale.adjusted())


_HALF = re.compile(rf"{SPACE}+et{SPACE}+demie?(?!\w)", re.IGNORECASE)


def _more(text: str, value: Decimal, end: int, scale: Decimal) -> tuple[Decimal, int]:
    if half := _HALF.match(text, end):
        return value + scale / 2, half.end()
    space = re.compile(rf"{SPACE}+").match(text, end)
    rest = parse_numeral(text, space.end()) if space else None
    if rest is None or rest.value <= 0 or rest.value >= scale:
        return value, end
    if thousands := _THOUSANDS.match(text, rest.end):
        return value + rest.value * 1000, thousands.end()
    smaller = _patterns().scale.match(text, rest.end)
    if smaller:
        factor = _scales()[folded(smaller["scale"])]
        if factor < scale and "de" not in smaller[0].lower().split():
            return value + rest.value * factor, smaller.end()
    elif _patterns().currency_name.match(text, rest.end) or _patterns().symbol.match(text, rest.end):
        return value + rest.value, rest.end
    return value, end


def _abbreviated(text: str, numeral: Numeral, *, after_symbol: bool) -> re.Match[str] | None:
    """An abbreviated scale, read only where a currency confirms it: `12 M€`, `1,5 M d'euros`, `$US 12 M`, `200k`."""
    match = _patterns().abbreviated.match(text, numeral.end)
    if not match or numeral.in_words:
        return None
    glued = match.start("scale") == numeral.end
    currency = _patterns().symbol.match(text, match.end()) or _patterns().currency_name.match(
        text, match.end()
    )
    clear = len(match["scale"]) > 1 or (glued and match["scale"] in "kK")
    return match if currency or after_symbol or clear else None


def _scale_of(text: str, match: re.Match[str], *, english: bool) -> Decimal:
    name = folded(match["scale"])
    if name in _english_scales() and (english or _is_english(text, match.start())):
        return _english_scales()[name]
    return _scales()[name]


_WORD = re.compile(r"[a-zA-Z]+")


def _is_english(text: str, place: int) -> bool:
    """Whether the line around a place is English, where a billion is 10^9."""
    begin, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    words = {word.lower() for word in _WORD.findall(text[begin : end if end >= 0 else len(text)])}
    return len(words & _group("english word")) >= 3


def _with_unit(text: str, amount: _Amount) -> _Amount:
    """The amount with the currency or percent behind it, else with the noun that a scaled number counts."""
    patterns = _patterns()
    match = patterns.percent.match(text, amount.end)
    if match and amount.bounds is None:
        unit = next(unit for name, unit in _PERCENTS.items() if match[name])
        return replace(amount, end=match.end(), kind="percent", unit=unit)
    match = patterns.symbol.match(text, amount.end)
    currency = _currency(text, match["symbol"]) if match else None
    if not currency:
        match = patterns.currency_name.match(text, amount.end)
        large = amount.value is not None and abs(amount.value) >= 10**6
        linked = amount.scale is not None or amount.about or amount.bounds is not None or large
        if match and ("d" in match[0].lower()[: match.start("name") - match.start()]) and not linked:
            match = None
        currency = _currency(text, match["name"]) if match else None
    if match and currency:
        if (cents := _CENTS.match(text, match.end())) and amount.value is not None and _is_whole(amount):
            value = amount.value + Decimal(cents[1]) / 100
            return replace(
                amount, end=cents.end(), value=value, kind="money", unit=currency.code, per=currency.per
            )
        return replace(
            amount, end=match.end(), kind="money", unit=currency.code, per=currency.per,
            value=_per(amount.value, currency),
            bounds=amount.bounds and (amount.bounds[0] / currency.per, amount.bounds[1] / currency.per),
        )  # fmt: skip
    if match := patterns.noun.match(text, amount.end):
        return replace(amount, noun=folded(match["noun"]))
    return amount


# "12€50", "12 euros 50"
_CENTS = re.compile(
    r"(?:(?<=€)[ \u00a0\u202f]?|(?<=euros)[ \u00a0\u202f])"
    r"(\d\d)(?![,.]?\d|[ \u00a0\u202f]?(?:%|€|\w*euros|millions?|milliards?|ans|personnes|\d))"
)


def _is_whole(amount: _Amount) -> bool:
    return (
        amount.value is not None
        and amount.bounds is None
        and amount.value == amount.value.to_integral_value()
    )


def _per(value: Decimal | None, currency: Currency) -> Decimal | None:
    return value if value is None or currency.per == 1 else value / currency.per


def _currency(text: str, name: str) -> Currency | None:
    """The currency of a symbol or name; where countries share the name, the first whose context the text has."""
    for currency in _currencies().get(name) or _currencies().get(folded(name), ()):
        if not currency.context or any(word in text for word in currency.context):
            return currency
    return None


# --- neighbours: ranges, lists, changes ------------------------------------------------------------------------

_YEAR = re.compile(r"(?:19|20)\d\d")
_JOIN = re.compile(
    rf"{_GAP}(?:(?P<to>à|-|\u2013|\u2010|\u2011)|(?P<and>et)|(?P<or>ou|voire)|(?P<list>,|/|;)|(?P<plus>\u00b1|\+/-))"
    rf"{_GAP}(?:(?:de|d['\u2019]|à|les|inférieure?s?{SPACE}+à){_GAP})?",
    re.IGNORECASE,
)
_DATED = re.compile(rf"{SPACE}+en{SPACE}+(?:19|20)\d\d(?={SPACE}+à)", re.IGNORECASE)
_BETWEEN = re.compile(rf"(?<!\w)entre{SPACE}+(?:les?{SPACE}+)?[\"«“]?{_GAP}$", re.IGNORECASE)


def _join(text: str, left: _Amount, right: _Amount) -> str | None:
    """How two amounts stand together: `to`, `and`, `or`, `list`, `plus`; `None` where other words are between."""
    if right.start - left.end > 60:
        return None
    gap_start = left.end
    if aside := _DATED.match(text, gap_start) or _rates().after.match(text, gap_start):
        gap_start = aside.end()
    match = _JOIN.match(text, gap_start)
    if not match or match.end() > right.start:
        return None
    between = text[match.end() : right.start]
    return match.lastgroup if _is_only_qualifier(between) else None


def _is_bare(amount: _Amount) -> bool:
    return amount.unit is None and amount.scale is None and amount.bounds is None


def _share_units(text: str, amounts: list[_Amount]) -> list[_Amount]:
    """Bare members of a list or range take scale and unit from the first unit behind them: `12, 15 et 20 millions`."""
    joins = [_join(text, a, b) for a, b in pairwise(amounts)]
    shared = list(amounts)
    for i in range(len(amounts) - 2, -1, -1):
        left, right, join = shared[i], shared[i + 1], joins[i]
        if (
            join is None
            or left.unit is not None
            or left.value is None
            or left.noun
            or (right.unit or right.scale) is None
        ):
            continue
        if right.bounds is not None or (join == "list" and not _closes_list(joins, i)):
            continue
        if _is_bare(left) and _YEAR.fullmatch(text[left.start : left.end]):
            continue
        value = left.value
        if left.scale is None and abs(value) >= 1000 and (right.scale is not None or right.kind == "percent"):
            if right.scale is None or right.value is None or value >= right.value:
                continue  # "38 % à 1 464 et 12 % à 6 236": what is counted there
            shared[i] = replace(left, kind=right.kind, unit=right.unit, inherited=True)
            continue
        if left.scale is None and right.scale is not None:
            value = _times(value, right.scale)
        elif left.scale is None and right.value is not None and abs(value) > 10**6:
            continue
        shared[i] = replace(
            left,
            value=value / right.per if right.per > 1 else value,
            per=right.per,
            kind=right.kind,
            unit=right.unit,
            scale=left.scale or right.scale,
            inherited=True,
        )
    return shared


def _closes_list(joins: list[str | None], i: int) -> bool:
    """One comma joins no numbers (`en 2019, 20 millions`): a list has two, or ends in `et` or `ou`."""
    if joins[i + 1 : i + 2] == ["list"] or joins[max(0, i - 1) : i] == ["list"]:
        return True
    while i < len(joins) and joins[i] == "list":
        i += 1
    return i < len(joins) and joins[i] in ("and", "or")


def _merge_ranges(text: str, amounts: list[_Amount]) -> list[_Amount]:
    merged: list[_Amount] = []
    i = 0
    while i < len(amounts):
        left = amounts[i]
        right = amounts[i + 1] if i + 1 < len(amounts) else None
        if right is not None and _is_range(text, left, right):
            merged.append(_range(text, left, right))
            i += 2
        else:
            merged.append(left)
            i += 1
    return merged


def _is_range(text: str, left: _Amount, right: _Amount) -> bool:
    if left.value is None or right.value is None:
        return False
    if left.value < 0 and right.value < 0:  # "entre -20 % et -25 %"
        left, right = replace(left, value=-left.value), replace(right, value=-right.value)
    assert left.value is not None
    assert right.value is not None
    join = _join(text, left, right)
    if left.unit != right.unit or left.kind != right.kind:
        bare_right = right.unit is None and right.scale is not None and left.unit is None
        if not (join in ("to", "and") and bare_right and left.scale == right.scale):
            return False
    if left.unit is None and left.scale is None:
        return (
            join == "to"
            and right.scale is None
            and left.value < right.value
            and not left.noun
            and not right.noun
        )
    if join == "plus":
        return True
    if join == "and":
        return bool(_BETWEEN.search(text, max(0, left.start - 30), left.start)) and left.value < right.value
    moves = _moving_words() if right.kind == "percent" else _change_words()
    return join == "to" and left.value < right.value and not _is_change(text, left.start, right.end, moves)


@cache
def _change_words() -> re.Pattern[str]:
    verbs = [form for verb in _words("level change") for form in conjugated(verb)]
    return re.compile(
        rf"(?<!\w){alternation([*verbs, *_words('irregular level change')])}(?!\w)", re.IGNORECASE
    )


_FROM = re.compile(
    rf"(?<!\w)(?:de|d['\u2019]){SPACE}*(?:[\w'\u2019]+{SPACE}+(?:de{SPACE}+)?){{0,3}}[\"«“]?$", re.IGNORECASE
)
_CLAUSE = re.compile(r"[.;:!?(]\s")


_IN_A_WHILE = re.compile(
    rf"{SPACE}+en{SPACE}+(?:(?:moins|plus|à{SPACE}+peine|quelques|l['\u2019]espace)?{SPACE}*(?:de{SPACE}+)?\w+{SPACE}+)?(?:ans?|mois|jours|semaines|années?|trimestres?)(?!\w)",
    re.IGNORECASE,
)


# "varie de 250 à 600 euros" spans a range, whatever moved before.
_SPANS = re.compile(
    rf"(?<!\w)(?:vari\w+|oscill\w+|va|vont|allant|allait|aller|s['\u2019](?:étend|étage|échelonn)\w*|fourchette|comprise?s?){SPACE}+(?:\w+{SPACE}+)?(?:de|d['\u2019]|entre){_GAP}[\"«“]?$",
    re.IGNORECASE,
)


@cache
def _moving_words() -> re.Pattern[str]:
    """The verbs that move a percentage from one level to another; `chuter de 20 à 70 %` is a range of falls."""
    verbs = [form for verb in _words("move") for form in conjugated(verb)]
    return re.compile(rf"(?<!\w){alternation(verbs)}(?!\w)", re.IGNORECASE)


def _is_change(text: str, start: int, end: int, moves: re.Pattern[str]) -> bool:
    """Whether `de A à B` tells a move from one level to another: a verb of change governs it, or it takes a while."""
    if _SPANS.search(text, max(0, start - 60), start):
        return False
    if _IN_A_WHILE.match(text, end) and re.search(
        rf"(?<!\w)de{SPACE}+$", text[max(0, start - 4) : start], re.IGNORECASE
    ):
        return True
    left = text[max(0, start - 90) : start]
    left = _CLAUSE.split(left)[-1]
    return bool(
        _FROM.search(left) and (found := list(moves.finditer(left))) and len(left) - found[-1].end() < 60
    )


def _range(text: str, left: _Amount, right: _Amount) -> _Amount:
    assert left.value is not None
    assert right.value is not None
    if _join(text, left, right) == "plus":
        low, high = left.value - right.value, left.value + right.value
    else:
        low, high = sorted((left.value, right.value))
    return replace(right, start=left.start, value=(low + high) / 2, bounds=(low, high), in_range=True)


# --- units that the context names -------------------------------------------------------------------------------


def _infer_units(text: str, amounts: list[_Amount], sentences: list[Sentence]) -> list[_Amount]:
    """Amounts without a unit take the one that the context names; those that it does not are dropped.

    A scaled number takes a currency from its sentence, else from what came before (a heading: from what follows); a
    bare one goes on from the amount before it where the clause says so: `contre 18,4 un an plus tôt`, `en valait
    14`.
    """
    conversions = {a.start for a in amounts if _ASIDE.search(text, max(0, a.start - 40), a.start)}
    conversions |= {b.start for a, b in pairwise(amounts) if _is_conversion(text, a, b)}
    known = [a for a in amounts if a.kind == "money" and a.start not in conversions]
    resolved: list[_Amount] = []
    counted = 0  # where the last scaled number that counts people or things ends
    spans = iter(sentences)
    sentence = next(spans, None)
    for amount in amounts:
        while sentence is not None and sentence.end <= amount.start:
            sentence = next(spans, None)
        if sentence is None:
            break
        if amount.unit is not None:
            resolved.append(amount)
        elif point := _points(text, amount, resolved, sentence):
            resolved.append(point)
        elif amount.scale is None:
            if whole := _elliptic(text, amount, resolved, sentence, conversions):
                resolved.append(whole)
        elif not known or not _is_money(text, amount, sentence, resolved, counted):
            counted = amount.end
        else:
            here = [a for a in known if sentence.start <= a.start < sentence.end]
            nearest = _nearest(amount, here or known, heading=sentence.zone == "title")
            resolved.append(replace(amount, kind="money", unit=nearest.unit, inferred=not here))
    return resolved


_POINTS = re.compile(
    rf"{SPACE}+points?(?!{SPACE}+(?:de{SPACE}+vente|d['\u2019]|à{SPACE}))(?!\w)", re.IGNORECASE
)


def _points(text: str, amount: _Amount, before: list[_Amount], sentence: Sentence) -> _Amount | None:
    """`16 points` in a sentence that counts in percent are percentage points; in any other they are an index's."""
    match = _POINTS.match(text, amount.end)
    if not match or amount.value is None or abs(amount.value) >= 100 or amount.noun:
        return None
    counted_in_percent = "%" in text[sentence.start : sentence.end] or any(
        a.kind == "percent" and a.start >= sentence.start for a in before
    )
    fraction = amount.value != amount.value.to_integral_value() and abs(amount.value) < 20
    if not counted_in_percent and not fraction:
        return None
    return replace(amount, end=match.end(), kind="percent", unit="percentage_point")


def _nearest(amount: _Amount, known: list[_Amount], *, heading: bool) -> _Amount:
    """The amount whose currency one without shares: the same sum, else the last before (a heading: the next)."""
    same = [a for a in known if a.value == amount.value is not None]
    return min(
        same or known,
        key=lambda a: (heading is (a.start < amount.start), abs(a.start - amount.start)),
    )


# A sum in parentheses converts or explains: it is not what the text counts in.
_ASIDE = re.compile(r"\((?:[^\d()]{0,30})$")


def _is_conversion(text: str, left: _Amount, right: _Amount) -> bool:
    if left.kind != "money" or right.kind != "money" or left.unit == right.unit:
        return False
    match = _CONVERSION.match(text, left.end)
    return bool(match and match.end() <= right.start and _is_only_qualifier(text[match.end() : right.start]))


def _is_only_qualifier(between: str) -> bool:
    return not between or bool(_qualifiers().before_only.fullmatch(between))


@cache
def _words(use: str) -> tuple[str, ...]:
    return tuple(word for group in lexicon().of(Group) if group.use == use for word in group.words)


@cache
def _money_context() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternation(_words('money context'))}", re.IGNORECASE)


# "3 millions abonnés" is a count; "3 millions proposés par", "4 milliards prévus" are not.
_PLURAL_NOUN = re.compile(
    r"(?!dans|sous|mais|puis|depuis|plus|moins|après|alors|nets|bruts|vers|sans|hors|lors|dès"
    r"|(?:re|sur|sou|main|ob|dé|con)?(?:vus|tenus|cus|mis|dus)\b|(?:pré|re)vus\b"
    r"|(?:com)?pris\b|promis\b|(?:at)?tendus\b|perdus\b|(?:re)?çus\b|reçus\b|(?:ac|re)quis\b|(?:re|in)?vendus\b|rendus\b|venus\b|voulus\b)"
    r"[\w-]+(?<!é)(?<!ée)(?<!ti)s"
)


def _is_money(text: str, amount: _Amount, sentence: Sentence, before: list[_Amount], counted: int) -> bool:
    """Whether a scaled number that names no unit is money: by its noun, its sentence, or what the text counts in."""
    assert amount.scale is not None
    if amount.noun:
        return amount.noun in _group("money noun")
    after = re.match(rf"{SPACE}+([\w-]+)", text[amount.end : amount.end + 40])
    if amount.value is not None and after and _PLURAL_NOUN.fullmatch(after[1]):
        return False
    last = before[-1].end if before and before[-1].kind == "money" else 0
    if counted > max(last, sentence.start):
        return False
    if amount.scale >= 10**9 or _money_context().search(text, sentence.start, sentence.end):
        return True
    return amount.scale >= 10**6 and last > counted and amount.start - last < 400


_CLITIC = re.compile(rf"(?:(?<!\w)en|n['\u2019]en){SPACE}+(?:[\w'\u2019-]+{SPACE}+){{1,3}}$", re.IGNORECASE)
_AGAINST = re.compile(rf"(?<!\w)(?:contre|dont){SPACE}+$", re.IGNORECASE)
_AND_THEN = re.compile(
    rf"(?:[,;]|(?<!\w)(?:et|puis)){SPACE}*(?:(?:à|de){SPACE}+|CNBC{SPACE}+à{SPACE}+)?$", re.IGNORECASE
)


@cache
def _time_follows() -> re.Pattern[str]:
    months = alternation(_words("month"))
    return re.compile(
        rf"{SPACE}+(?:en{SPACE}+(?:{months}|(?:19|20)\d\d|début|fin)|(?:un|deux|trois|six|\d+){SPACE}+(?:ans?|mois){SPACE}+(?:plus{SPACE}+tôt|auparavant)"
        rf"|l['\u2019](?:an|année){SPACE}+(?:dernier|dernière|passée?)|il{SPACE}+y{SPACE}+a|(?:d['\u2019]|de{SPACE}+){months}"
        rf"|(?:au|du){SPACE}+(?:premier|deuxième|troisième|quatrième|1er|\de)|(?:début|fin|mi)(?:-|{SPACE}))",
        re.IGNORECASE,
    )


_NO_NOUN_FOLLOWS = re.compile(
    rf"[»”\"]?{_GAP}(?:[.,;:)!?]|$|(?:en|dans|lors|au|aux|à|sous|et|ou|par|pour|selon|avant|après|depuis|lundi|mardi|mercredi|jeudi"
    rf"|vendredi|précédemment|auparavant|payés?|versés?|apportés?|d['\u2019]après|un{SPACE}+an|trois{SPACE}+mois|six{SPACE}+mois|l['\u2019]an)(?!\w))",
    re.IGNORECASE,
)


def _elliptic(
    text: str, amount: _Amount, before: list[_Amount], sentence: Sentence, conversions: set[int]
) -> _Amount | None:
    """A bare number as the amount that it stands for: `contre 18,4 en mai` after 61,5 milliards is 18,4 milliards."""
    told = [a for a in before if a.start not in conversions]
    if not told or amount.value is None or amount.value > 1000 or amount.noun:
        return None
    last = told[-1]
    if last.kind not in ("money", "percent") or amount.start - last.end > 250:
        return None
    left = text[max(sentence.start, amount.start - 60) : amount.start]
    if re.search(rf"(?<!\w)entre{SPACE}+$", left):
        return None
    if qualified := _qualifiers().before.search(left):
        left = left[: qualified.start()]
    timed = bool(_time_follows().match(text, amount.end))
    follows = timed or bool(_NO_NOUN_FOLLOWS.match(text, amount.end))
    against = _AGAINST.search(left) and last.start >= sentence.start and follows
    listed = _AND_THEN.search(left) and last.start >= sentence.start and timed
    clitic = (
        last.kind == "money"
        and follows
        and _CLITIC.search(re.sub(rf"(?:que|qu['\u2019]){SPACE}*$", "", left) or left)
    )
    ranged = (
        amount.in_range
        and last.in_range
        and last.start >= sentence.start
        and re.search(rf"(?<!\w)de{SPACE}+$", left)
    )
    if not (against or listed or clitic or ranged) or (last.kind == "percent" and not against):
        return None
    scale = last.scale or Decimal(1)
    bounds = amount.bounds and (_times(amount.bounds[0], scale), _times(amount.bounds[1], scale))
    value = (bounds[0] + bounds[1]) / 2 if bounds else _times(amount.value, scale)
    return replace(
        amount, value=value, bounds=bounds, kind=last.kind, unit=last.unit, scale=last.scale,
        inferred=last.inferred or last.start < sentence.start,
    )  # fmt: skip


# --- qualifiers and rates ---------------------------------------------------------------------------------------


class _Qualifiers(NamedTuple):
    before: re.Pattern[str]
    before_only: re.Pattern[str]
    after: re.Pattern[str]
    verb: re.Pattern[str]
    modal: re.Pattern[str]
    by_phrase: dict[str, str]


@cache
def _qualifiers() -> _Qualifiers:
    entries = lexicon().of(Qualifier)
    by_phrase: dict[str, str] = {}
    for entry in entries:
        for phrase in entry.before:
            for form in _elided(phrase):
                by_phrase.setdefault(plain(form), entry.qualifier)
        for phrase in entry.after:
            by_phrase.setdefault(plain(phrase), entry.qualifier)
    phrases = alternation(form for entry in entries for phrase in entry.before for form in _elided(phrase))
    verbs = "|".join(
        f"(?P<{entry.qualifier}>{alternation(form for verb in entry.verbs for form in conjugated(verb))})"
        for entry in entries
        if entry.verbs
    )
    filler = (
        rf"{_GAP}(?:(?:les?|la){_GAP}(?:seuil|barre|cap|plafond)(?:{SPACE}+symbolique)?{SPACE}+(?:de|des|d['\u2019])"
        rf"{_GAP}|(?:de|d['\u2019]|les?|la|l['\u2019]|aux?|des|un|une){_GAP})?[\"«“(]?{_GAP}"
    )
    adverb = (
        rf"(?:(?:{SPACE}+très)?{SPACE}+(?:largement|légèrement|allègrement|nettement|bien|désormais"
        r"|déjà|même|aussi|ainsi|encore|donc|toujours|enfin|alors|aujourd['\u2019]hui))?"
    )
    return _Qualifiers(
        re.compile(rf"(?<!\w)(?P<phrase>{phrases}){filler}$", re.IGNORECASE),
        re.compile(rf"{_GAP}(?:{phrases}){filler}", re.IGNORECASE),
        re.compile(
            rf"{_GAP}[\"»”]?{_GAP}(?P<phrase>{alternation(p for e in entries for p in e.after)})(?!\w)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?P<no>(?<!\w)(?:ne{SPACE}+|n['\u2019])(?:pas{SPACE}+)?(?:\w+{SPACE}+)?(?:pas{SPACE}+)?)?"
            rf"(?<!\w)(?:{verbs})(?!\w)(?P<pas>{SPACE}+pas)?{adverb}{filler}$",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?<!\w)(?:peu(?:t|vent)|pouv\w+|pourr\w+|puisse\w*)(?:{SPACE}+(?:même|ainsi|désormais))?{SPACE}+"
            rf"{alternation(_modal_phrases())}{filler}$",
            re.IGNORECASE,
        ),
        by_phrase,
    )


def _modal_phrases() -> Iterator[str]:
    return (
        form for entry in lexicon().of(Qualifier) for phrase in entry.after_modal for form in _elided(phrase)
    )


def _elided(phrase: str) -> tuple[str, ...]:
    if phrase.endswith(" de"):
        return phrase, f"{phrase[:-2]}d'", f"{phrase[:-2]}du", f"{phrase[:-2]}des"
    return (phrase, f"{phrase[:-1]}au", f"{phrase[:-1]}aux") if phrase.endswith(" à") else (phrase,)


def _qualify(text: str, amount: _Amount) -> tuple[str, tuple[int, int] | None]:
    """The qualifier of an amount and the place of the words that say it."""
    patterns = _qualifiers()
    if amount.bounds is not None:
        return ("between" if amount.in_range else "magnitude"), (amount.start, amount.end)
    begin = max(0, amount.start - 70)
    left = text[begin : amount.start]
    if match := patterns.after.match(text, amount.end):
        return patterns.by_phrase[plain(match["phrase"])], match.span("phrase")
    if match := patterns.before.search(left):
        place = (begin + match.start("phrase"), begin + match.end("phrase"))
        qualifier = patterns.by_phrase[plain(match["phrase"])]
        if qualifier == "over" and _NEGATION.search(left, 0, match.start("phrase")):
            qualifier = "at_most"
        return qualifier, place
    if match := _UP_TO_AND.search(left):
        return "at_most", (begin + match.start(), begin + match.end())
    if match := patterns.modal.search(left):
        return "at_most", (begin + match.start(), begin + match.end())
    if match := patterns.verb.search(left):
        name = next(name for name, found in match.groupdict().items() if found and name not in ("no", "pas"))
        place = (begin + match.start(), begin + match.end())
        if name == "over" and (match["no"] or match["pas"]):
            return "at_most", place
        return name, place
    if amount.about:
        return "about", (amount.start, amount.end)
    return "exact", None


# "ne pourrait être supérieur à", "n'est pas supérieur à"
_NEGATION = re.compile(
    rf"(?<!\w)n(?:e{SPACE}+|['\u2019])(?:\w+{SPACE}+){{1,2}}(?:pas{SPACE}+)?(?:être{SPACE}+)?$", re.IGNORECASE
)
# The bound of a sentence holds for its fine: "jusqu'à 2 ans d'emprisonnement et 30 000 euros d'amende".
_UP_TO_AND = re.compile(
    rf"(?<!\w)jusqu['\u2019]à{SPACE}+[\w-]+{SPACE}+(?:ans?|mois){SPACE}+(?:d['\u2019]|de{SPACE}+)(?:emprisonnement|prison|réclusion){SPACE}+et{SPACE}+$",
    re.IGNORECASE,
)


def _bounds(amount: _Amount, qualifier: str) -> tuple[Decimal | None, Decimal | None]:
    if amount.bounds is not None:
        return amount.bounds
    low = amount.value if qualifier in ("exact", "over", "at_least") else None
    high = amount.value if qualifier in ("exact", "under", "at_most") else None
    return low, high


class _Rates(NamedTuple):
    after: re.Pattern[str]
    later: re.Pattern[str]
    adjective: re.Pattern[str]
    adverbial: frozenset[str]  # "en rythme annuel", which a comma may follow
    per: dict[str, str]


@cache
def _rates() -> _Rates:
    entries = lexicon().of(Rate)
    per = {plain(p): e.per for e in entries for p in (*e.after, *e.before, *e.adjectives)}
    adjectives = [p for e in entries for p in e.adjectives]
    between = (
        rf"(?:{SPACE}+(?:nets?|nettes?|bruts?|brutes?|HT|TTC|environ|en{SPACE}+moyenne))*"
        rf"(?:{SPACE}+(?:de{SPACE}+|d['\u2019])[\w-]+(?:{SPACE}+récurrents?)?[\"»”]?)?"
    )
    after = alternation([*(p for e in entries for p in e.after), *adjectives])
    every = alternation(p for e in entries for p in e.before)
    before = alternation([*(p for e in entries for p in e.before), *adjectives])
    return _Rates(
        re.compile(
            rf"[\"»”]?{between}{_GAP}(?P<words>{after})(?!\w|{SPACE}+(?:dernier|prochain|passé))",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?:{SPACE}+(?!et|ou|mais)[\w'\u2019]+){{1,3}}{SPACE}+(?P<words>{every})(?!\w)", re.IGNORECASE
        ),
        re.compile(rf"(?<!\w)(?P<words>{before})(?!\w)", re.IGNORECASE),
        frozenset(p for e in entries for p in e.before),
        per,
    )


_BREAK = re.compile(
    rf"[,;:.!?()]|(?<!\w)(?:et|ou(?!{SPACE}+égale?s?)|mais|dont|qui|que|pour|contre|soit)(?!\w)",
    re.IGNORECASE,
)
_DATED_YEAR = re.compile(rf"(?<!\w)(?:en|de|pour){SPACE}+(?:19|20)\d\d")


def _rate(text: str, amount: _Amount, floor: int) -> tuple[str, tuple[int, int]] | None:
    """The time unit that an amount is per, from the words behind it or its own noun group before it."""
    patterns = _rates()
    inside = patterns.adjective.search(text, amount.start, amount.end) if amount.in_range else None
    if match := inside or patterns.after.match(text, amount.end) or patterns.later.match(text, amount.end):
        return patterns.per[plain(match["words"])], match.span("words")
    begin = max(floor, amount.start - 80)
    found = list(patterns.adjective.finditer(text, begin, amount.start))
    if not found or _BREAK.search(
        text, found[-1].end() + (found[-1]["words"].lower() in patterns.adverbial), amount.start
    ):
        return None
    if found[-1]["words"].lower().startswith("annuel") and _DATED_YEAR.search(text, begin, amount.end + 20):
        return None
    return patterns.per[plain(found[-1]["words"])], found[-1].span("words")


@cache
def _earning() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternation(_words('earning'))}(?!\w)", re.IGNORECASE)


def _rated_before(text: str, amount: _Amount, before: list[Quantity]) -> Quantity | None:
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
    if amount.value is not None and len(amount.value.normalize().as_tuple().digits) > 1:
        same = [q for q in before[-8:] if q.unit.startswith(f"{amount.unit}/") and q.value == amount.value]
        if same:
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


# --- the whole --------------------------------------------------------------------------------------------------

_CONVERSION = re.compile(
    rf"(?:{SPACE}+(?:de{SPACE}+|d['\u2019])[\w-]+)?{_GAP}(?:\({_GAP}(?:soit{SPACE}+|ou{SPACE}+)?|,{SPACE}+soit{SPACE}+|,{SPACE}+ou{SPACE}+)",
    re.IGNORECASE,
)


def find_quantities(text: str, sentences: list[Sentence]) -> list[Quantity]:
    """Every figure of the text in order, none overlapping; `text[q.start:q.end]` is what is printed.

    >>> from etl.segments import find_sentences
    >>> text = "Meta investit près de 14,3 milliards de dollars pour 49 % de Scale AI."
    >>> [(text[q.start : q.end], q.qualifier, q.unit) for q in find_quantities(text, find_sentences(text))]
    [('14,3 milliards de dollars', 'about', 'USD'), ('49 %', 'exact', 'percent')]
    """
    amounts = [
        a for a in _parse_amounts(text) if not _is_bare(a) or not _YEAR.fullmatch(text[a.start : a.end])
    ]
    amounts = _merge_ranges(text, _share_units(text, amounts))
    amounts = _infer_units(text, amounts, sentences)
    places = [amount.start for amount in amounts]
    quantities: list[Quantity] = []
    for sentence in sentences:
        for amount in amounts[bisect_left(places, sentence.start) : bisect_left(places, sentence.end)]:
            quantities.append(_quantity(text, amount, quantities, sentence))
    return quantities


def _quantity(text: str, amount: _Amount, before: list[Quantity], sentence: Sentence) -> Quantity:
    assert amount.kind is not None
    assert amount.unit is not None
    evidence: Evidence = {}
    qualifier, place = _qualify(text, amount)
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
    if amount.kind == "money":
        if rate := _rate(text, amount, before[-1].end if before else 0):
            unit, evidence["unit"] = f"{unit}/{rate[0]}", rate[1]
        elif rated := _rated_before(text, amount, before):
            unit, evidence["unit"] = rated.unit, rated.evidence.get("unit", (rated.start, rated.end))
            inferred |= rated.unit_inferred or rated.end <= sentence.start
    low, high = _bounds(amount, qualifier)
    return Quantity(
        amount.start, amount.end, amount.kind, None if qualifier == "magnitude" else amount.value, low, high, unit,
        qualifier, inferred, converted.start if converted else None, evidence,
    )  # fmt: skip


def _converts(text: str, previous: Quantity, amount: _Amount) -> bool:
    """Whether an amount gives the one before it in another currency: `599 millions de dollars (500 d'euros)`."""
    if previous.kind != "money" or amount.kind != "money" or previous.unit.split("/")[0] == amount.unit:
        return False
    rate = _rates().after.match(text, previous.end)
    match = _CONVERSION.match(text, rate.end() if rate else previous.end)
    return bool(
        match and match.end() <= amount.start and _is_only_qualifier(text[match.end() : amount.start])
    )

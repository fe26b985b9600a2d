"""Amounts: what is printed at one place, a number with its scale and what it counts, before its neighbours are asked.

One scan finds the places where a number can begin. At each, `parse_amounts` reads the number, its scale, and its
currency, sign of percent, physical unit or counted noun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from etl.lexicon import (
    SPACE,
    Collective,
    Currency,
    PhysicalUnit,
    Scale,
    Scan,
    alternation,
    compile_scan,
    find_places,
    folded,
    folded_text,
    lexicon,
    plain,
    scanned_alternation,
    words_of,
)
from etl.numerals import Numeral, as_decimal_point, number_words, parse_digits, parse_fraction, parse_numeral

GAP = f"{SPACE}*"
# The end of a word, also where a page has glued the next sentence to it: "100 millions d'eurosMais".
_END = r"(?-i:(?![a-zà-ÿœ\d_])(?!(?<=[A-ZÀ-Þ])[A-ZÀ-Þ]))"


class Amount(
    NamedTuple
):  # of which the rules make many: a tuple is replaced five times as fast as a dataclass
    """A number as printed at `start:end`, with the scale and unit beside it; what is missing is left to the context."""

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
    lead: re.Pattern[str]
    magnitude: re.Pattern[str]
    digits: re.Pattern[str]
    scale: re.Pattern[str]
    abbreviated: re.Pattern[str]
    symbol_before: re.Pattern[str]
    symbol: re.Pattern[str]
    currency_name: re.Pattern[str]
    percent: re.Pattern[str]
    noun: re.Pattern[str]
    physical: re.Pattern[str]
    counted: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = lexicon()
    scales = [form for scale in words.of(Scale) for form in scale.forms]
    abbreviations = [form for scale in words.of(Scale) for form in scale.abbreviations]
    collectives = [form for entry in words.of(Collective) for form in entry.forms]
    symbols = alternation(symbol for currency in words.of(Currency) for symbol in currency.symbols)
    after = alternation(s for currency in words.of(Currency) for s in (*currency.symbols, *currency.behind))
    names = alternation(name for currency in words.of(Currency) for name in currency.names)
    lead = re.compile(
        rf"(?:(?<![\w%-])[-\u2212]|(?<!\w)\+{SPACE}?|(?<=\()[-\u2212]{SPACE}|(?<=de{SPACE})[-\u2212]{SPACE}|(?<=à{SPACE})[-\u2212]{SPACE}"
        rf"|(?<!\w){symbols}{GAP})$"
    )
    magnitude = re.compile(
        rf"(?:(?:plusieurs|quelques|des){SPACE}+|(?<=en{SPACE})(?=\w+aines{SPACE}))(?:(?P<collective>{alternation(collectives)})(?!\w)"
        rf"(?:{SPACE}+de{SPACE}+(?P<times>{alternation(scales)}(?!\w)))?|(?P<scale>{alternation(scales)})(?!\w))",
        re.IGNORECASE,
    )
    digits = re.compile(
        rf"(?P<a>\w+)(?:{SPACE}+(?:à|ou){SPACE}+(?P<b>\w+))?{SPACE}+chiffres(?!\w)", re.IGNORECASE
    )
    return _Patterns(
        lead,
        magnitude,
        digits,
        re.compile(
            rf"(?:{SPACE}+|-)?(?:de{SPACE}+|autres{SPACE}+|nouveaux{SPACE}+)?(?P<scale>{alternation(scales)}){_END}",
            re.IGNORECASE,
        ),
        re.compile(rf"{GAP}(?P<scale>{alternation(abbreviations)})(?![a-zà-ÿ])(?!['\u2019])"),
        re.compile(rf"{symbols}{GAP}(?=[\d-])"),
        re.compile(rf"(?:{SPACE}+de(?={SPACE}))?{GAP}(?P<symbol>{after})(?![^\W\d]|\d(?!\d(?!\d)))"),
        re.compile(rf"(?:{SPACE}+|-)(?:de{SPACE}+|d['\u2019]{GAP})?(?P<name>{names}){_END}", re.IGNORECASE),
        re.compile(
            rf"{GAP}(?:(?P<percent>%|pour{SPACE}+cent{_END}|p\.{GAP}(?:100|c\.|cent{_END})|pct(?!\w))"
            rf"|(?P<permille>\u2030|pour{SPACE}+mille(?!\w))"
            rf"|(?P<point>points?{SPACE}+de{SPACE}+pourcentage)|(?P<basis>points?{SPACE}+de{SPACE}+base|p(?:d?b|bs)(?!\w)))",
            re.IGNORECASE,
        ),
        re.compile(
            rf"{SPACE}+(?:de{SPACE}+|d['\u2019])(?!(?:plus|moins|mieux|après|ici|{alternation(words_of('month'))})(?![\w-]))"
            rf"(?:(?:nouveaux|nouvelles){SPACE}+)?[«“\"]?{GAP}(?P<noun>[\w-]+)"
        ),
        re.compile(
            rf"{GAP}(?:-|de{SPACE}+|d['\u2019])?(?:(?P<name>{alternation(_physical_names())})|(?P<symbol>{_physical_symbols()}))"
            rf"(?![\w²³/])"
        ),
        re.compile(
            rf"[\"»”]?{SPACE}+(?P<of>de{SPACE}+|d['\u2019])?"
            rf"(?P<lead>(?:{alternation(words_of('before a counted noun'))}{SPACE}+)*)"
            rf"(?:[«“\"]{GAP})?(?P<noun>équivalents{SPACE}+temps{SPACE}+plein|(?-i:[^\W\d_][a-zà-ÿœ]*(?:-[\wà-ÿ]+)*|[A-Z]+)(?=\W|{_END}))",
            re.IGNORECASE,
        ),
    )


def _physical_names() -> Iterator[str]:
    return (name for unit in lexicon().of(PhysicalUnit) for name in unit.names)


def _physical_symbols() -> str:
    symbols = sorted((s for unit in lexicon().of(PhysicalUnit) for s in unit.symbols), key=len, reverse=True)
    return "|".join(map(re.escape, symbols))


@cache
def _physical_units() -> dict[str, PhysicalUnit]:
    """Every symbol as printed and every name folded, with its unit."""
    units = lexicon().of(PhysicalUnit)
    return {s: u for u in units for s in u.symbols} | {folded(n): u for u in units for n in u.names}


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
        for name in (*currency.symbols, *currency.behind, *map(folded, currency.names)):
            found[name] = (*found.get(name, ()), currency)
    return found


_PERCENTS = {
    "percent": "percent",
    "permille": "per_mille",
    "point": "percentage_point",
    "basis": "basis_point",
}


# --- one amount -----------------------------------------------------------------------------------------------


def parse_amounts(text: str) -> Iterator[Amount]:
    """Every amount of the text, left to right, none inside another; bare numbers included."""
    end = 0
    for start in _number_places(text):
        if start < end:
            continue
        amount = _parse_amount(text, start)
        if amount is not None and amount.value and amount.value < 0 and _is_aside(text, amount):
            amount = _parse_amount(text, start + 1)
        if amount is not None:
            end = amount.end
            yield amount


_CLOSING_DASH = re.compile(rf"{GAP}[-\u2212\u2013]{SPACE}")


def _is_aside(text: str, amount: Amount) -> bool:
    """Whether the sign of an amount is a dash that another closes: `le premier poste -10 millions d'euros- est`."""
    return text[amount.start + 1].isdigit() and bool(_CLOSING_DASH.match(text, amount.end))


_LEAD = 12  # characters that a sign or a currency takes before its number


@cache
def _places() -> Scan:
    """Where a number can begin: at digits, at a number word, at an article before a scale, at `le million de`.

    Digits are taken with the time that they tell, whole dates too, so that most are passed over here: `20 heures`.
    """
    collectives = {folded(form) for entry in lexicon().of(Collective) for form in entry.forms}
    plural = {form for form in collectives if form.endswith("s")}
    alone = {*number_words()} - collectives - _ARTICLES
    times = scanned_alternation(_times())
    return compile_scan(
        rf"\d+|\d+ ?{times}\b(?: (?:19|20)\d\d\b)?"
        rf"|\b{scanned_alternation(alone)}\b|\bune? +{scanned_alternation(_counted_singly())}\b"
        rf"|\b(?:plusieurs|quelques|des) +{scanned_alternation(_counted_by_many())}\b"
        r"|\b(?:le|du|au) (?:million|milliard) d[e']"
        rf"|\b(?:la|sa|leur|cette|petite|bonne) +{scanned_alternation(collectives - plural)} +d[e']"
        rf"|\ben +{scanned_alternation(plural)} +de"
    )


_DETERMINERS = ("le ", "du ", "au ", "la ", "sa ", "leur ", "cette ", "petite ", "bonne ", "en ")
_ARTICLES = frozenset({"un", "une", "plusieurs", "quelques", "des"})


def _counted_singly() -> set[str]:
    """What `un` or `une` counts in a sum: scales, collectives, units."""
    words = lexicon()
    names = [name for unit in words.of(PhysicalUnit) if unit.measure == "power" for name in unit.names]
    return {*names, *_scale_forms(), "demi", "quart", "tiers", "euro", "dollar", "demi-million"}


def _counted_by_many() -> set[str]:
    """What `plusieurs` or `des` makes a magnitude of: the plurals of scales and collectives."""
    return {form for form in _scale_forms() if form.endswith("s")}


def _scale_forms() -> list[str]:
    scales = [form for scale in lexicon().of(Scale) for form in scale.forms]
    return scales + [form for entry in lexicon().of(Collective) for form in entry.forms]


def _number_places(text: str) -> Iterator[int]:
    """Where a number can begin, with its sign or the currency before it."""
    lead = _patterns().lead
    flat = folded_text(text)
    for start, end in find_places(_places(), flat):
        first = flat[start]
        if first.isdigit():
            if not flat[end - 1].isdigit():
                continue  # "20 heures"
            if not flat[start:end].isdigit():
                start = end - 4  # "12 mars 2018"
                if _behind(text, end) not in _firsts().any:
                    continue
            found = _may_lead(text, start) and lead.search(text, max(0, start - _LEAD), start)
            if found:
                yield found.start()
            elif not start or not (text[start - 1].isalnum() or text[start - 1] == "_"):  # "T4"
                yield start
        elif flat.startswith(_DETERMINERS, start):
            yield flat.index(" ", start) + 1  # the number begins behind its determiner
        elif not start or flat[start - 1] != "'" or flat.startswith(("un", "plus", "quelques"), start):
            yield start


@cache
def _lead_ends() -> frozenset[str]:
    """The characters that a sign or a currency before a number ends with."""
    return frozenset("-\u2212+ ") | {s[-1] for currency in lexicon().of(Currency) for s in currency.symbols}


def _may_lead(text: str, start: int) -> bool:
    before = text[max(0, start - 2) : start]
    return before[-1:] in _lead_ends() if before[-1:] not in _SPACES else before[:1] in _lead_ends()


_SPACES = " \u00a0\u202f\u2009"


# A sentence glued to a year: "en 2011.50 000 euros" is no 2011,50.
_NO_UNIT = r"(?!(?:euro|dollar|franc|livre|centime)s?\b)[a-zà-ÿ]{3,}[sx]\b"
_GLUED_YEAR = re.compile(
    rf"(?:19|20)\d\d\.(?=\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?!\d)|\d{{2,3}}{SPACE}{_NO_UNIT})"
)


_SINGLE = re.compile(r"(?:million|milliard)\b", re.IGNORECASE)
_THE = re.compile(rf"\b(?:le|du|au){SPACE}$", re.IGNORECASE)


def _parse_amount(text: str, start: int) -> Amount | None:
    if text[start].isdigit():
        if text.startswith(("19", "20"), start):
            if (year := _YEAR_ALONE.match(text, start)) and _behind(text, year.end()) not in _firsts().any:
                return None
            if glued := _GLUED_YEAR.match(text, start):
                start = glued.end()
        numeral = parse_digits(text, start)
        return None if numeral is None else _of_numeral(text, numeral)
    patterns = _patterns()
    if magnitude := patterns.magnitude.match(text, start):
        return _parse_magnitude(text, magnitude)
    if (one := _SINGLE.match(text, start)) and _THE.search(text, max(0, start - 4), start):
        scale = _scales()[folded(one[0])]
        amount = _with_unit(text, Amount(start, one.end(), scale, scale=scale))
        return amount if amount.unit else None
    symbol = patterns.symbol_before.match(text, start)
    numeral = parse_numeral(text, symbol.end() if symbol else start)
    if numeral is None:
        return None
    if symbol is None:
        return _of_numeral(text, numeral)
    unit = find_currency(text, symbol[0].strip())
    if unit is None:
        return None
    # "$US 12 M": an abbreviated scale is safe behind a number whose currency stands before it.
    amount = _scaled(text, numeral, english=True)
    return amount._replace(start=start, kind="money", unit=unit.code, value=_per(amount.value, unit))


_CLOCK = re.compile(r":\d\d(?!\d)")  # "le 6 janvier à 12:00"
_YEAR_ALONE = re.compile(rf"(?:19|20)\d\d(?!\d|[.,'\u2019]\d|{SPACE}\d\d\d(?!\d))")


@cache
def _times() -> frozenset[str]:
    """What makes a date, a time or a duration of the number before it: no rule reads on from one."""
    return frozenset(map(plain, words_of("time behind a number") | words_of("month")))


def _of_numeral(text: str, numeral: Numeral) -> Amount | None:
    """A number with what stands behind it: its scale, then its unit or what it counts."""
    behind = _behind(text, numeral.end)
    if behind in _times() or _CLOCK.match(text, numeral.end):
        return None
    if not behind:
        return Amount(numeral.start, numeral.end, numeral.value, about=numeral.about)
    if behind in ("chiffres", "a", "ou") and (chiffres := _patterns().digits.match(text, numeral.start)):
        return _parse_digit_count(chiffres, numeral)
    if not numeral.in_words and behind not in _firsts().scale:
        return _with_unit(text, Amount(numeral.start, numeral.end, numeral.value), behind)
    return _with_unit(text, _scaled(text, numeral, english=False))


def _parse_magnitude(text: str, match: re.Match[str]) -> Amount:
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
    bare = Amount(match.start(), match.end(), None, scale=scale, bounds=(2 * unit, ceiling))
    return _with_unit(text, bare)


@cache
def _collectives() -> dict[str, int]:
    return {folded(form): entry.value for entry in lexicon().of(Collective) for form in entry.forms}


_MOST_DIGITS = 16


def _parse_digit_count(match: re.Match[str], numeral: Numeral) -> Amount | None:
    """`neuf chiffres` is a number of nine digits, `sept à neuf chiffres` one of seven to nine."""
    first = int(numeral.value)
    last = parse_numeral(match["b"], 0) if match["b"] else None
    most = int(last.value) if last else first
    if not 4 <= first <= most < _MOST_DIGITS:
        return None
    return Amount(
        numeral.start,
        match.end(),
        None,
        scale=Decimal(10**first),
        bounds=(Decimal(10 ** (first - 1)), Decimal(10**most)),
    )


def _scaled(text: str, numeral: Numeral, *, english: bool) -> Amount:
    """The number with its scale, its fraction (`et demi`) and a smaller one (`un milliard deux cents millions`)."""
    value, end, scale = numeral.value, numeral.end, None
    if numeral.in_words and (fraction := parse_fraction(text, end)):
        after = _patterns().scale.match(text, fraction[1])
        if after:
            scale = _scale_of(text, after, english=english)
            return Amount(
                numeral.start, after.end(), value * fraction[0] * scale, scale=scale, about=numeral.about
            )
    if not numeral.in_words and (thousands := _THOUSANDS.match(text, end)):
        value, end = value * 1000, thousands.end()
    if match := _patterns().scale.match(text, end):
        if not match[0].lstrip().lower().startswith("de") or numeral.about or numeral.in_words:
            if numeral.point_group and not _is_of_thousands(text, numeral, match):
                numeral = as_decimal_point(numeral, text)
            scale, end = _scale_of(text, match, english=english), match.end()
            value = times(numeral.value, scale)
            value, end = _more(text, value, end, scale)
            if numeral.in_words and numeral.value == 1 and folded(match["scale"]) == "millier":
                numeral = numeral._replace(about=True)  # "un millier" is about as many
    elif match := _abbreviated(text, numeral, after_symbol=english):
        if numeral.point_group:
            numeral = as_decimal_point(numeral, text)
        scale, end = _scales()[match["scale"]], match.end()
        value = times(numeral.value, scale)
    return Amount(numeral.start, end, value, scale=scale, about=numeral.about)


# "300 mille euros"
_THOUSANDS = re.compile(rf"{SPACE}+mille(?!\w)", re.IGNORECASE)


def _is_of_thousands(text: str, numeral: Numeral, scale: re.Match[str]) -> bool:
    """Whether a group after a point is one of thousands: `3.600 milliards`, not `2.202 millions`."""
    return text[numeral.start : numeral.end].endswith("00") and scale["scale"].endswith("s")


def times(value: Decimal, scale: Decimal) -> Decimal:
    """The product with the precision that was printed: `14,3 milliards` is 143E+8."""
    return value.scaleb(scale.adjusted())


_AND_A_PART = re.compile(rf"{SPACE}+et{SPACE}+(?:(?P<half>demie?)|(?:un{SPACE}+)?quart)(?!\w)", re.IGNORECASE)


def _more(text: str, value: Decimal, end: int, scale: Decimal) -> tuple[Decimal, int]:
    if part := _AND_A_PART.match(text, end):
        return value + scale / (2 if part["half"] else 4), part.end()
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
    if not match or numeral.in_words or _patterns().symbol.match(text, numeral.end):
        return None  # "12KRW" and "12 MAD" are codes
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
    return len(words & words_of("english word")) >= 3


# --- what stands behind a number --------------------------------------------------------------------------------

# A word, with `de` or without, or a sign; behind `12 MUSD` the scale and the code are one word.
_BEHIND = re.compile(
    rf"(?:{GAP}|-|[\"»”]{SPACE})(?:(?i:de{SPACE}+|d['\u2019]{GAP})(?:[«“\"]{GAP})?)?"
    rf"(?:(?P<word>[A-ZÀ-ÖØ-Þ]?[a-zà-ÿœ]+|[^\W\d_]+)|(?P<sign>[^\s\w.,;:!?()]))"
)
_ANY = "?"  # a sign, or capitals: any rule may read them


def _behind(text: str, end: int) -> str:
    """The word behind a number as a key, `_ANY` where a sign or capitals stand there, empty where there is none."""
    match = _BEHIND.match(text, end)
    if match is None:
        return ""
    word: str | None = match["word"]
    if word is None or (len(word) > 1 and word.isupper()):
        return _ANY
    word = word.lower()
    return word if word.isascii() else plain(word)


class _Firsts(NamedTuple):
    """The words that begin what a rule reads behind a number, so that it is asked only where one of them stands."""

    scale: frozenset[str]
    percent: frozenset[str]
    currency: frozenset[str]
    physical: frozenset[str]
    counted: frozenset[str]  # beside the plurals
    any: frozenset[str]


@cache
def _firsts() -> _Firsts:
    words = lexicon()
    scales = [f for s in words.of(Scale) for f in (*s.forms, *s.abbreviations, "mille", "autres", "nouveaux")]
    currencies = [n for c in words.of(Currency) for n in (*c.symbols, *c.behind, *c.names)]
    units = [name for unit in words.of(PhysicalUnit) for name in (*unit.names, *unit.symbols)]
    percents = ("pour", "p", "pct", "point", "points", "pb", "pdb", "pbs")
    counted = (*words_of("person noun"), *words_of("before a counted noun"), "des")
    groups = (scales, percents, currencies, units, counted)
    firsts = [frozenset({_ANY, *(_behind(form, 0) for form in forms)}) for forms in groups]
    scale, percent, currency, physical, counting = firsts
    return _Firsts(scale, percent, currency, physical, counting, frozenset().union(*firsts))


def _with_unit(text: str, amount: Amount, behind: str | None = None) -> Amount:
    """The amount with the currency or percent behind it, else with the noun that a scaled number counts."""
    if behind is None:
        behind = _behind(text, amount.end)
    if not behind:
        return amount
    firsts = _firsts()
    if (
        (behind in firsts.percent and (found := _with_percent(text, amount)))
        or (behind in firsts.currency and (found := _with_currency(text, amount)))
        or (behind in firsts.physical and (found := _with_physical_unit(text, amount)))
    ):
        return found
    match = _patterns().noun.match(text, amount.end)
    noun = folded(match["noun"]) if match else ""
    counted = _counted(text, amount, noun) if behind[-1] in "sx" or behind in firsts.counted else None
    return counted or (amount._replace(noun=noun) if noun else amount)


def _with_percent(text: str, amount: Amount) -> Amount | None:
    match = _patterns().percent.match(text, amount.end)
    if not match or amount.bounds is not None:
        return None
    unit = next(unit for name, unit in _PERCENTS.items() if match[name])
    return amount._replace(end=match.end(), kind="percent", unit=unit)


def _with_currency(text: str, amount: Amount) -> Amount | None:
    patterns = _patterns()
    match = patterns.symbol.match(text, amount.end)
    currency = find_currency(text, match["symbol"]) if match else None
    if not currency:
        match = patterns.currency_name.match(text, amount.end)
        large = amount.value is not None and abs(amount.value) >= 10**6
        linked = amount.scale is not None or amount.about or amount.bounds is not None or large
        if match and ("d" in match[0].lower()[: match.start("name") - match.start()]) and not linked:
            match = None
        currency = find_currency(text, match["name"]) if match else None
    if not match or not currency:
        return None
    if (cents := _CENTS.match(text, match.end())) and amount.value is not None and _is_whole(amount):
        value = amount.value + Decimal(cents[1]) / 100
        return amount._replace(
            end=cents.end(), value=value, kind="money", unit=currency.code, per=currency.per
        )
    return amount._replace(
        end=match.end(), kind="money", unit=currency.code, per=currency.per,
        value=_per(amount.value, currency),
        bounds=amount.bounds and (amount.bounds[0] / currency.per, amount.bounds[1] / currency.per),
    )  # fmt: skip


def _with_physical_unit(text: str, amount: Amount) -> Amount | None:
    match = _patterns().physical.match(text, amount.end)
    if not match or _RACE.search(text, max(0, amount.start - 4), amount.start):
        return None
    found = _physical_units()[match["symbol"] or folded(match["name"])]
    return amount._replace(end=match.end(), kind="quantity", unit=found.unit)


_RACE = re.compile(r"\b[Ll]e[ \u00a0]$|\b[Dd]u[ \u00a0]$")  # "le 10 km de Lille"
_SMALLEST_COUNT = 10  # fewer things are no figure, fewer people may be
_YEARLIKE = re.compile(r"(?:19|20)\d\d")
_CODE = re.compile(
    r"(?<!^)(?<![.!?:;\n\u00bb\u201d] )\b[A-ZÀ-ÖØ-Þ][\w-]*\.?[ \u00a0]$|\bn[°o][ \u00a0]?$|[°#&@]$"
)


def _counted(text: str, amount: Amount, noun: str) -> Amount | None:
    """The amount with the noun that it counts, people or things: `50 personnes`, `3 millions de foyers`."""
    if part := _part_of(text, amount):
        return part
    match = _patterns().counted.match(text, amount.end)
    if not match or (amount.value is not None and amount.value < 2):
        return None
    linked = amount.about or amount.scale is not None or amount.bounds is not None
    if bool(match["of"]) is not linked or (noun and noun in words_of("money noun")):
        return None
    printed, counted = text[match.start("noun") : match.end("noun")], folded(match["noun"])
    singly = linked and f"{counted}s" in words_of("person noun")  # "un million d'habitant"
    if counted in words_of("person noun") or singly or _PEOPLE.fullmatch(printed):
        if (
            not linked
            and _MENTIONED.search(text, max(0, amount.start - 6), amount.start)
            and not text[amount.start].isdigit()
        ):
            return None  # "les deux dirigeants" are who was named before
        return amount._replace(end=match.end(), kind="count", unit="person")
    digits = text[amount.start : amount.end]
    few = not linked and (amount.value is None or amount.value < _SMALLEST_COUNT)
    few = few and not _PER_TIME.match(text, match.end())
    few |= not linked and not digits[-1].isdigit()  # words that count things are idioms too: "cent raisons"
    many = amount.scale is not None and counted in words_of("counted in millions")
    if few or not _is_counted_noun(printed) or (counted in words_of("no counted noun") and not many):
        return None
    bare = not linked and len(digits) == 4 and _YEARLIKE.fullmatch(digits)
    if bare or amount.value != (amount.value and amount.value.to_integral_value()) or _is_code(text, amount):
        return None
    return amount._replace(end=match.end(), kind="count", unit="dimensionless")


_PEOPLE = re.compile(
    r"[A-ZÀ-ÖØ-Þ][a-zà-ÿ]+(?:iens?|iennes?|ais|aises?|ois|oises?|ains?|aines?|éens|éennes|ands|gnols|ens|ques)"
)
_MENTIONED = re.compile(rf"(?<!\w)(?:les|ces|ses|leurs|aux){SPACE}$", re.IGNORECASE)
_PER_TIME = re.compile(rf"{SPACE}+par{SPACE}+(?:jour|semaine|mois|an|heure)(?!\w)")
_PART_OF = re.compile(
    rf"{SPACE}+(?:des|de{SPACE}+(?:ses|leurs|ces|nos))(?:{SPACE}+(?=\d)[\d., \u00a0\u202f]*\d)?"
    rf"{SPACE}+(?P<noun>[^\W\d_][\w-]*)",
    re.IGNORECASE,
)


def _part_of(text: str, amount: Amount) -> Amount | None:
    """The amount as a part of what is counted behind it: `85 des 96 journalistes`, `25 000 de ses employés`."""
    match = _PART_OF.match(text, amount.end)
    if not match or amount.bounds is not None or (amount.value or 0) < _SMALLEST_COUNT:
        return None
    noun = folded(match["noun"])
    if noun in words_of("person noun"):
        return amount._replace(kind="count", unit="person")
    total = any(c.isdigit() for c in match[0])
    if not total or noun in words_of("no counted noun") or not _is_counted_noun(match["noun"]):
        return None
    return amount._replace(kind="count", unit="dimensionless")


def _is_counted_noun(printed: str) -> bool:
    """Whether a word can be a plural noun: `magasins`, `matchs`, `travaux`."""
    return len(printed) > 3 and printed[-1] in "sx" and printed.islower()


def _is_code(text: str, amount: Amount) -> bool:
    """Whether a number belongs to the name before it: `Boeing 737`, `n° 12`."""
    return amount.scale is None and bool(_CODE.search(text, max(0, amount.start - 20), amount.start))


# "12€50", "12 euros 50", "12 euros et 50 centimes"
_CENTS = re.compile(
    rf"(?:(?<=€){SPACE}?|(?<=euros){SPACE}(?:et{SPACE}(?=\d\d{SPACE}centimes))?)(\d\d)(?:{SPACE}centimes(?!\w))?"
    rf"(?![,.]?\d|{SPACE}?(?:%|€|\w*euros|millions?|milliards?|ans|personnes|\d))"
)


def _is_whole(amount: Amount) -> bool:
    return (
        amount.value is not None
        and amount.bounds is None
        and amount.value == amount.value.to_integral_value()
    )


def _per(value: Decimal | None, currency: Currency) -> Decimal | None:
    return value if value is None or currency.per == 1 else value / currency.per


def find_currency(text: str, name: str) -> Currency | None:
    """The currency of a symbol or name; where countries share the name, the one whose context the text has most."""
    shared = _currencies().get(name) or _currencies().get(folded(name), ())
    if shared and not shared[0].context:
        return shared[0]
    return _by_context(text, name) if shared else None


@lru_cache(maxsize=8)
def _by_context(text: str, name: str) -> Currency | None:
    shared = _currencies().get(name) or _currencies()[folded(name)]
    times = {c.code: sum(map(text.count, c.context)) for c in shared if c.context}
    best = max(times, key=lambda code: times[code])
    return next((c for c in shared if (c.code == best if times[best] else not c.context)), None)

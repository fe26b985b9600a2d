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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import sha256
from itertools import accumulate
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from etl.numerals import Numeral, parse_digits, parse_numeral
from etl.table import FACTS, MEASURES, frame
from etl.units import parse_unit

# --- intervals ----------------------------------------------------------------------------------------------

_STATED, _BOUND, _MAGNITUDE = range(3)  # what a figure gives: a value, a bound of one, or its order of size


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
    ends = [Decimal(str(end)) for end in (low, high) if end is not None]
    if qualifier == "magnitude" and ends:
        middle = (ends[0] * ends[-1]).sqrt() if ends[0] > 0 else (ends[0] + ends[-1]) / 2
        return Interval(ends[0], ends[-1], middle, _MAGNITUDE)
    if value is None:
        return None
    point = Decimal(str(value))
    if qualifier == "between" and ends:
        return Interval(ends[0], ends[-1], point)
    if qualifier in ("over", "at_least"):
        return Interval(point, Decimal("Infinity"), point, _BOUND)
    if qualifier in ("under", "at_most"):
        return Interval(Decimal("-Infinity"), point, point, _BOUND)
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


# --- periods ------------------------------------------------------------------------------------------------

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


def _inside(days: Days, others: Days) -> bool:
    return others[0] <= days[0] and days[1] <= others[1]


_ANY_DAY = (0, date.max.toordinal())
_ALWAYS = Period("", _ANY_DAY, _ANY_DAY)  # where the text gives none: every other period is within it

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


# --- figures and facts --------------------------------------------------------------------------------------

# What is quoted anew each day, and what may be anything. All else keeps within a month: see `reconcile`.
_DAILY = {"price", "rate", "change", "other"}

# From the firmest to the least firm, as figures.md ranks the marks that meet on one figure.
_FIRMNESS = ("actual", "planned", "reported", "possible", "denied")


class _Key(NamedTuple):
    """What all figures of a fact have in common: cells of the table, and the unit as pint reads it."""

    measure: str
    subject: str | None
    unit: str
    kind: str
    direction: str | None
    base: str | None


@dataclass(frozen=True, slots=True)
class _Figure:
    """What else of a row counts here."""

    figure_id: str
    rank: int  # its place in the order of documents and texts
    source: str
    actor: str | None
    period: Period
    about: bool  # the period is approximate
    interval: Interval
    value: float | None
    low: float | None
    high: float | None
    unit: str
    status: str


@dataclass(slots=True)
class _Fact:
    """Figures whose intervals all hold the point of the seed; actor and period are those it was grown for."""

    actor: str | None
    period: Period
    seed: Interval
    figures: list[_Figure]
    contested: bool = False  # one of its figures could belong to several other facts


def reconcile(figures: pd.DataFrame) -> pd.DataFrame:
    """The facts that the figures state, one row each, whatever the order of the figures.

    Figures of one fact agree in measure, subject, actor and unit (as pint reads it); a change is no level, a
    rise no fall, a multiple no count, and what a change or a multiple is of is the same. Their periods and
    values are compatible:

    - *Period.* Equal at the coarser precision. Prices, rates, changes and `other` may differ from one day to
      the next. All else is compared and written at the precision of months at most: one deal is rumoured on
      the 8th, announced on the 12th and told on the 13th, and a number of users told in the present tense has
      no date but that of its article.
    - *Value.* A fact grows from its most precise value, so that this is its consensus: the figures whose
      interval holds it belong to it. Where an interval holds the values of several facts, a bound goes to the
      nearest, any other figure to the one that most documents state, then to the most precise.
    - *What a figure leaves open*: its actor, its period, the month of its year. It joins where exactly one
      fact is left that it can belong to, and else makes a fact with those that leave the same open. A whole
      fact that says more precisely what one other says, which leaves less open, joins that one likewise.

    `period` is written as most figures give it, then as the finest. A figure with `equivalent_of` is listed
    with the one that it converts, and decides nothing. Left out are figures without measure, without number,
    and those with neither subject nor actor: they name nothing that another text could speak of too. Raises
    `UnitError` where a unit is none.

    >>> from etl.pipeline import parse
    >>> texts = (
    ...     "Meta a investi 14,3 milliards de dollars dans Scale AI en juin 2025.",
    ...     "Meta a investi plus de 10 milliards de dollars dans Scale AI en juin 2025.",
    ... )
    >>> facts = reconcile(pd.concat([parse(text, source=f"n° {n}") for n, text in enumerate(texts, 1)]))
    >>> facts[["subject", "actor", "period", "value", "low", "high", "n_documents"]].values.tolist()
    [['Scale AI', 'Meta', '2025-06', 14300000000.0, 10000000000.0, 14300000000.0, 2]]
    """
    groups, conversions = _read(figures)
    rows = [_row(key, fact, conversions) for key in groups for fact in _facts_of(groups[key])]
    rows.sort(
        key=lambda row: (
            MEASURES.index(row["measure"]),
            *(row[c] or "" for c in ("subject", "actor", "unit")),
            row["period"] or "",
            row["fact_id"],
        )
    )
    return frame(rows, FACTS)


class _Row(NamedTuple):
    """The cells of the table that count here."""

    figure_id: str
    source: str
    start: int
    quote: str
    kind: str
    value: float | None
    low: float | None
    high: float | None
    qualifier: str
    unit: str
    direction: str | None
    measure: str | None
    subject: str | None
    actor: str | None
    period: str | None
    status: str
    base: str | None
    equivalent_of: str | None


def _read(table: pd.DataFrame) -> tuple[dict[_Key, list[_Figure]], dict[str, list[_Figure]]]:
    """The figures by key, and the conversions among them by the figure that they convert."""
    cells = table[list(_Row._fields)]
    twice = cells["figure_id"].duplicated(keep=False)
    if twice.any():  # one document under two paths, or read twice: its figures count once
        once = cells[twice].sort_values(list(_Row._fields)).drop_duplicates("figure_id")
        cells = pd.concat([cells[~twice], once])
    cells = cells.sort_values(["source", "start", "figure_id"])
    columns = (cells[name].astype(object).where(cells[name].notna(), None) for name in _Row._fields)
    groups: dict[_Key, list[_Figure]] = defaultdict(list)
    linked: dict[str, tuple[_Key, _Figure]] = {}
    converts: dict[str, str] = {}
    stating = set()
    for rank, row in enumerate(map(_Row._make, zip(*columns, strict=True))):
        if not (entry := _entry(row, rank)):
            continue
        if row.equivalent_of is None:
            groups[entry[0]].append(entry[1])
            stating.add(row.figure_id)
        else:
            linked[row.figure_id] = entry
            converts[row.figure_id] = row.equivalent_of
    conversions: dict[str, list[_Figure]] = defaultdict(list)
    for figure_id, (key, figure) in linked.items():
        original = _original(figure_id, converts)
        if original in stating:
            conversions[original].append(figure)
        else:
            groups[key].append(figure)
    return groups, conversions


def _original(figure_id: str, converts: dict[str, str]) -> str:
    """What a figure converts, directly or through another; itself where that goes in a circle."""
    seen = [figure_id]
    while (following := converts.get(seen[-1])) is not None:
        if following in seen:
            return figure_id
        seen.append(following)
    return seen[-1]


def _entry(row: _Row, rank: int) -> tuple[_Key, _Figure] | None:
    """A row as a key and a figure, or `None` where it is left out."""
    if row.measure is None or (row.subject is None and row.actor is None):
        return None
    interval = interval_of(row.quote, row.value, row.low, row.high, row.qualifier)
    if interval is None:
        return None
    period = parse_period(row.period, daily=row.measure in _DAILY) if row.period else None
    key = _Key(
        row.measure,
        row.subject,
        _unit_name(row.unit),
        row.kind,
        row.direction,
        row.base if row.measure == "change" or row.kind == "multiple" else None,
    )
    around = row.value if row.qualifier == "about" else None
    return key, _Figure(
        row.figure_id,
        rank,
        row.source,
        row.actor,
        period or _ALWAYS,
        "~" in (row.period or ""),
        interval,
        row.value,
        row.low if around is None else around,
        row.high if around is None else around,
        row.unit,
        row.status,
    )


@cache
def _unit_name(unit: str) -> str:
    return str(parse_unit(unit))


# --- from figures to facts ----------------------------------------------------------------------------------


def _facts_of(figures: list[_Figure]) -> list[_Fact]:
    """The facts of one key: those with an actor first, then what names none."""
    by_actor: dict[str | None, list[_Figure]] = defaultdict(list)
    for figure in figures:
        by_actor[figure.actor].append(figure)
    nameless = by_actor.pop(None, [])
    facts = [fact for actor, theirs in by_actor.items() for fact in _grow_by_period(theirs, actor)]
    if facts:
        nameless = _join_with_actor(nameless, facts)
    facts += _grow_by_period(nameless, None, facts)
    return _absorb(facts) if len(facts) > 1 else facts


def _grow_by_period(figures: list[_Figure], actor: str | None, others: Sequence[_Fact] = ()) -> list[_Fact]:
    """The facts of one actor, finest periods first: a coarser figure joins the one finer fact that it can.

    A figure without period may join one of the `others` too.
    """
    cells: dict[Period, list[_Figure]] = defaultdict(list)
    for figure in figures:
        cells[figure.period].append(figure)
    facts: list[_Fact] = []
    by_year: dict[int | None, list[_Fact]] = defaultdict(list)
    for period in sorted(cells, key=lambda period: (period.coarseness, period.text)):
        near = [*others, *facts] if period == _ALWAYS else by_year[period.year]
        reach = [fact for fact in near if fact.period.within(period)]
        homes, contested = _homes(cells[period], reach)
        for figure, home in homes:
            home.figures.append(figure)
        housed = {figure.figure_id for figure, _ in homes}
        grown = _grow([figure for figure in cells[period] if figure.figure_id not in housed], actor, period)
        for fact in grown:
            fact.contested = any(figure.figure_id in contested for figure in fact.figures)
        facts += grown
        by_year[period.year] += grown
    return facts


def _join_with_actor(figures: list[_Figure], facts: list[_Fact]) -> list[_Figure]:
    """Brings dated figures without actor to the one fact that each can belong to; gives back the others.

    A fact of a year takes figures of a month of it only where these agree on the month.
    """
    by_year: dict[int | None, list[_Fact]] = defaultdict(list)
    for fact in facts:
        by_year[fact.period.year].append(fact)
    cells: dict[Period, list[_Figure]] = defaultdict(list)
    for figure in figures:
        cells[figure.period].append(figure)
    claims: dict[int, list[tuple[_Figure, _Fact]]] = defaultdict(list)
    for period in cells:
        if period == _ALWAYS:
            continue
        near = [*by_year[period.year], *(by_year[None] if period.year is not None else ())]
        reach = [fact for fact in near if fact.period.within(period) or period.within(fact.period)]
        for figure, home in _homes(cells[period], reach)[0]:
            claims[id(home)].append((figure, home))
    housed = set()
    for claim in claims.values():
        home = claim[0][1]
        finer = [f.period for f, _ in claim if f.period.within(home.period)]
        finest = min(finer, key=lambda period: period.coarseness, default=home.period)
        agreed = all(finest.within(period) for period in finer)
        for figure, _ in claim:
            if agreed or home.period.within(figure.period):
                home.figures.append(figure)
                housed.add(figure.figure_id)
    return [figure for figure in figures if figure.figure_id not in housed]


def _homes(figures: list[_Figure], facts: list[_Fact]) -> tuple[list[tuple[_Figure, _Fact]], set[str]]:
    """The figures that can belong to one fact only, with it; the ids of those that can belong to several."""
    found, contested = [], set()
    for magnitudes, barred in ((False, _MAGNITUDE), (True, _BOUND)):
        ranked = sorted((f for f in facts if f.seed.tier != barred), key=lambda f: f.seed.point)
        points = [fact.seed.point for fact in ranked]
        for figure in figures:
            if (figure.interval.tier == _MAGNITUDE) == magnitudes:
                begin, end = _held(points, figure.interval)
                if end - begin == 1:
                    found.append((figure, ranked[begin]))
                elif end > begin:
                    contested.add(figure.figure_id)
    return found, contested


def _held(points: list[Decimal], interval: Interval) -> tuple[int, int]:
    """The slice of the sorted points that an interval holds."""
    inclusive = interval.tier != _MAGNITUDE
    end = (bisect_right if inclusive else bisect_left)(points, interval.high)
    return min(bisect_left(points, interval.low), end), end


def _grow(figures: list[_Figure], actor: str | None, period: Period) -> list[_Fact]:
    """The facts that figures of one cell state, each grown from a most precise value.

    A magnitude joins a printed value, else other magnitudes, but no bound: `jusqu'à 100 millions` and `à neuf
    chiffres` both leave room for so much that they need not speak of one thing.
    """
    facts = _cluster([f for f in figures if f.interval.tier != _MAGNITUDE], actor, period)
    magnitudes = [f for f in figures if f.interval.tier == _MAGNITUDE]
    left = _spread(magnitudes, [fact for fact in facts if fact.seed.tier == _STATED])
    return facts + _cluster(left, actor, period)


def _cluster(figures: list[_Figure], actor: str | None, period: Period) -> list[_Fact]:
    """The facts of figures that may all be together, in order of size."""
    facts = [_Fact(actor, period, seed, []) for seed in _seeds(figures)]
    at = {fact.seed.point: fact for fact in facts}
    others: list[_Figure] = []
    for figure in figures:
        home = at.get(figure.interval.point)
        (home.figures if home else others).append(figure)
    _spread(others, facts)
    return facts


def _spread(figures: list[_Figure], facts: list[_Fact]) -> list[_Figure]:
    """Brings figures to the facts, in order of size, whose value they hold; gives back the others."""
    points = [fact.seed.point for fact in facts]
    left, torn = [], []
    for figure in figures:
        begin, end = _held(points, figure.interval)
        if end - begin == 1:
            facts[begin].figures.append(figure)
        elif begin == end:
            left.append(figure)
        elif figure.interval.tier == _BOUND:
            facts[begin if figure.interval.high.is_infinite() else end - 1].figures.append(figure)
        else:
            torn.append((figure, begin, end))
    if torn:
        documents = [len({figure.source for figure in fact.figures}) for fact in facts]
        best = _champion([(-f.seed.tier, n, -f.seed.width) for f, n in zip(facts, documents, strict=True)])
        for figure, begin, end in torn:
            facts[best(begin, end)].figures.append(figure)
    return left


def _seeds(figures: list[_Figure]) -> list[Interval]:
    """The values that no more precise one accounts for, in order of size.

    Printed values come before bounds and those before magnitudes; of two as precise, the one that more
    documents are compatible with, then the one that more of them print, then the lower.
    """
    agreeing = _agreement(figures)
    printing = Counter(point for point, _ in {(figure.interval.point, figure.source) for figure in figures})
    ranked = sorted(
        {figure.interval for figure in figures},
        key=lambda i: (i.tier, i.width, -agreeing(i.point), -printing[i.point], i.point, i.low),
    )
    points: list[Decimal] = []
    seeds: dict[Decimal, Interval] = {}
    for interval in ranked:
        begin, end = _held(points, interval)
        if begin == end:
            insort(points, interval.point)
            seeds[interval.point] = interval
    return [seeds[point] for point in points]


def _agreement(figures: list[_Figure]) -> Callable[[Decimal], int]:
    """How many documents are compatible with a value: one of their figures can stand for it."""
    by_document: dict[str, set[Interval]] = defaultdict(set)
    for figure in figures:
        by_document[figure.source].add(figure.interval)
    lows, highs = [], []
    for intervals in by_document.values():
        reach = None  # of what the document's own intervals have covered so far
        for interval in sorted(intervals, key=lambda interval: interval.low):
            end = (interval.high, interval.tier != _MAGNITUDE)
            if reach is None or reach[0] < interval.low:
                lows.append(interval.low)
                highs.append(end)
            reach = highs[-1] = max(highs[-1], end)
    lows.sort()
    highs.sort()
    return lambda value: bisect_right(lows, value) - bisect_left(highs, (value, True))


def _champion(weights: list[Any]) -> Callable[[int, int], int]:
    """Where in a slice the greatest weight is, the first of equal ones; any slice at the same small cost."""
    rows = [list(range(len(weights)))]
    while (step := 1 << (len(rows) - 1)) * 2 <= len(weights):
        below = rows[-1]
        pairs = zip(below, below[step:], strict=False)
        rows.append([a if weights[a] >= weights[b] else b for a, b in pairs])

    def best(begin: int, end: int) -> int:
        row = (end - begin).bit_length() - 1
        a, b = rows[row][begin], rows[row][end - (1 << row)]
        return a if weights[a] >= weights[b] else b

    return best


def _absorb(facts: list[_Fact]) -> list[_Fact]:
    """Brings a fact to the one that it says more precisely and that leaves less open, where no third is near.

    So `14,3 milliards` without date belong to the `14 milliards` of June, whose interval holds them.
    """
    by_year: dict[int | None, list[_Fact]] = defaultdict(list)
    cells: dict[tuple[str | None, Period], list[_Fact]] = defaultdict(list)
    for fact in facts:
        if fact.seed.tier == _STATED:
            by_year[fact.period.year].append(fact)
            cells[fact.actor, fact.period].append(fact)
    claims: dict[int, list[tuple[_Fact, _Fact]]] = defaultdict(list)
    for (actor, period), open_facts in cells.items():
        years = by_year.keys() if period == _ALWAYS else {period.year, None}
        near = [fact for year in years for fact in by_year.get(year, [])]
        sole = _sole_holder([fact for fact in near if _leaves_less_open(fact, actor, period)])
        for fact in open_facts:
            if not fact.contested and (home := sole(fact.seed.point)):
                claims[id(home)].append((fact, home))
    claimants = {id(fact) for claim in claims.values() for fact, _ in claim}
    absorbed = set()
    for (fact, home), *rivals in claims.values():
        if (
            not rivals
            and id(home) not in claimants
            and all(_meet(fact.period, f.period) for f in home.figures)
        ):
            home.figures += fact.figures
            home.seed = fact.seed
            absorbed.add(id(fact))
    return [fact for fact in facts if id(fact) not in absorbed]


def _leaves_less_open(fact: _Fact, actor: str | None, period: Period) -> bool:
    """Whether a fact tells all that one of this actor and period tells, and more of the two."""
    if fact.actor == actor:
        return fact.period != period and fact.period.within(period)
    return actor is None and _meet(fact.period, period)


def _meet(period: Period, other: Period) -> bool:
    return period.within(other) or other.within(period)


def _sole_holder(facts: list[_Fact]) -> Callable[[Decimal], _Fact | None]:
    """Looks up the one fact all of whose figures can stand for a value; `None` for none or several."""
    shared = [
        (max(f.interval.low for f in fact.figures), min(f.interval.high for f in fact.figures))
        for fact in facts
    ]
    lows = sorted((low, i) for i, (low, _) in enumerate(shared))
    highs = sorted((high, i) for i, (_, high) in enumerate(shared))
    # Facts begun less facts ended are the holders; where that is one, the sums of indices differ by its own.
    begun, ended = (list(accumulate((i for _, i in ends), initial=0)) for ends in (lows, highs))

    def look_up(value: Decimal) -> _Fact | None:
        a, b = bisect_right(lows, value, key=itemgetter(0)), bisect_left(highs, value, key=itemgetter(0))
        return facts[begun[a] - ended[b]] if a - b == 1 else None

    return look_up


def _row(key: _Key, fact: _Fact, conversions: Mapping[str, list[_Figure]]) -> dict[str, Any]:
    """A fact as a row of the table."""
    stating = sorted(fact.figures, key=lambda figure: figure.rank)
    converting = [figure for original in stating for figure in conversions.get(original.figure_id, ())]
    figures = sorted([*stating, *converting], key=lambda figure: figure.rank)
    told = [figure for figure in stating if figure.interval.tier != _MAGNITUDE] or stating
    value = None if fact.seed.tier == _MAGNITUDE else float(fact.seed.point)
    unit = Counter(figure.unit for figure in stating).most_common(1)[0][0]
    period = _period_of(stating)
    documents = sorted({figure.source for figure in figures})
    identity = (key.measure, key.subject, fact.actor, unit, period, stating[0].figure_id)
    return {
        "fact_id": sha256("\x1f".join(cell or "" for cell in identity).encode()).hexdigest()[:16],
        "measure": key.measure,
        "subject": key.subject,
        "actor": fact.actor,
        "unit": unit,
        "period": period,
        "value": value,
        "low": min((figure.low for figure in told if figure.low is not None), default=None),
        "high": max((figure.high for figure in told if figure.high is not None), default=None),
        "status": min((figure.status for figure in figures), key=_FIRMNESS.index),
        "n_documents": len(documents),
        "documents": documents,
        "figures": [figure.figure_id for figure in figures],
        "dissent": [f.figure_id for f in stating if None not in (value, f.value) and f.value != value],
    }


def _period_of(figures: list[_Figure]) -> str | None:
    """The period as most figures give it, then the finest; approximate where all that give it so are."""
    given = Counter(figure.period for figure in figures if figure.period != _ALWAYS)
    if not given:
        return None
    period = max(given, key=lambda period: (given[period], -period.coarseness, period.text))
    about = all(figure.about for figure in figures if figure.period == period)
    return f"{period.text}~" if about else period.text

"""What all the documents together say: figures that can state the same fact, brought together.

Each figure stands for an interval, and a fact grows from its most precise value: the figures whose interval
holds it belong to it. What a figure leaves open (its actor, its period, the month of its year) is filled
only where one fact alone could be meant.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import accumulate, groupby, islice, pairwise
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from etl.intervals import BOUND, MAGNITUDE, STATED, Interval, interval_of
from etl.periods import ALWAYS, Days, Period, loosen, meet, parse_period
from etl.table import FACTS, MEASURES, frame
from etl.units import parse_unit

# What is quoted anew each day, and what may be anything. All else keeps within a month: see `reconcile`.
_DAILY = {"price", "rate", "change", "other"}

# What tells of the actor as much as of the subject, so that two such figures agree without a subject too.
_OF_THE_ACTOR = {"capex", "compensation", "area"}

# From the firmest to the least firm, as figures.md ranks the marks that meet on one figure.
FIRMNESS = ("actual", "planned", "reported", "possible", "denied")

_A_MONTH = 31 * 2  # the most that a month leaves open, of its first day and of its last
_SAME_NEWS = 7  # days between two texts that tell one story on both sides of a month's end
_A_SENTENCE = 40  # characters, from which on two texts do not have the same sentence by chance


class _Key(NamedTuple):
    """What all figures of a fact have in common: cells of the table, and the unit as pint reads it.

    `base` is what a change changes, `text` the one text within which figures of nothing that is named can agree.
    """

    measure: str
    subject: str | None
    unit: str
    kind: str
    direction: str | None
    base: str | None
    text: str | None


class _Figure(NamedTuple):
    """What else of a row counts here."""

    figure_id: str
    rank: int  # its place in the order of documents and texts
    source: str
    actor: str | None
    period: Period
    day: Days  # the period to the day, where the measure is compared by months
    about: bool  # the period is approximate
    interval: Interval
    value: float | None
    low: float | None
    high: float | None
    unit: str
    status: str
    published: str | None
    voice: str  # who says so: the newspaper, or whom it quotes
    quoted: bool
    sentence: tuple[str, int]  # its document and place there


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
    rise no fall, a multiple no count, and what a change or a multiple is of is the same. Figures that name no subject
    agree where the measure tells of the actor too (capex), else within one text; so does what is measured
    by no measure. Their periods and values are compatible:

    - *Period.* Equal at the coarser precision. Prices, rates, changes and `other` may differ from one day to
      the next. All else is compared and written at the precision of months at most: one deal is rumoured on
      the 8th, announced on the 12th and told on the 13th, and a number of users told in the present tense has
      no date but that of its article. A story told on both sides of a month's end, within a week, is one. A
      roughly given month may be the one before or after.
    - *Value.* A fact grows from its most precise value, so that this is its consensus: the figures whose
      interval holds it belong to it. Where an interval holds the values of several facts, a bound goes to the
      nearest, but not to a part of it that stands beside it, any other figure to the one that most documents
      state, then to the most precise.
    - *What a figure leaves open*: its actor, its period, the month of its year. It joins where exactly one
      fact is left that it can belong to, and else makes a fact with those that leave the same open. A whole
      fact that says more precisely what one other says, which leaves less open, joins that one likewise.

    `period` is written as most figures give it, then as the finest. A figure with `equivalent_of` is listed
    with the one that it converts, and decides nothing. `independent_sources` counts a sentence that several
    texts print once, a named source that they quote once, and a publisher once. Left out are figures without
    measure, without number, and those with neither subject nor actor: they name nothing that another text could
    speak of too. Raises `UnitError` where a unit is none.

    >>> from etl.pipeline import parse
    >>> texts = (
    ...     "Meta a investi 14,3 milliards de dollars dans Scale AI en juin 2025.",
    ...     "Meta a investi plus de 10 milliards de dollars dans Scale AI en juin 2025.",
    ... )
    >>> facts = reconcile(pd.concat([parse(text, source=f"n° {n}") for n, text in enumerate(texts, 1)]))
    >>> facts[["subject", "actor", "period", "value", "low", "high", "n_documents"]].values.tolist()
    [['Scale AI', 'Meta', '2025-06', 14300000000.0, 10000000000.0, 14300000000.0, 2]]
    """
    cells = _prepare(figures)
    converts = _conversions(cells)
    is_conversion = cells["figure_id"].isin(converts)
    conversions: dict[str, list[_Figure]] = defaultdict(list)
    for _, group in _groups(cells[is_conversion]):
        for figure in group:
            conversions[converts[figure.figure_id]].append(figure)
    rows = (
        _row(key, fact, conversions)
        for key, group in _groups(cells[~is_conversion])
        for fact in _facts_of(group)
    )
    batches = [frame(batch, FACTS) for batch in iter(lambda: list(islice(rows, _BATCH)), [])]
    return _in_order(pd.concat(batches, ignore_index=True) if batches else frame([], FACTS))


_BATCH = (
    5_000  # rows that are in memory at a time as Python's own objects, which take many times that of a table
)


def _in_order(facts: pd.DataFrame) -> pd.DataFrame:
    """The facts in the order of measures, then of subjects, actors, units and periods, what is null first."""
    names = ["subject", "actor", "unit", "period", "fact_id"]
    order = facts[names].fillna("").assign(measure=facts["measure"].map(MEASURES.index))
    return facts.loc[order.sort_values(["measure", *names]).index].reset_index(drop=True)


# --- from the table to figures ------------------------------------------------------------------------------


class _Row(NamedTuple):
    """The cells of a prepared table that count here."""

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
    measure: str
    subject: str | None
    actor: str | None
    period: str | None
    status: str
    base: str | None
    equivalent_of: str | None
    published: str | None
    rank: int
    voice: str
    quoted: bool
    sentence_start: int
    text: str | None


def _prepare(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that may state a fact, each once, in the order of documents and texts.

    To the columns of `_Row` come `rank`, `voice` and `text`; `base` is left only where it must agree.
    """
    cells = table[_CELLS]
    twice = cells["figure_id"].duplicated(keep=False)
    if twice.any():  # one document under two paths, or read twice: its figures count once
        once = cells[twice].sort_values(_CELLS).drop_duplicates("figure_id")
        cells = pd.concat([cells[~twice], once])
    named = cells["measure"].notna() & (cells["subject"].notna() | cells["actor"].notna())
    numbered = cells["value"].notna() | cells[["low", "high"]].notna().any(axis="columns") & (
        cells["qualifier"] == "magnitude"
    )
    cells = cells[named & numbered].sort_values(["source", "start", "figure_id"], ignore_index=True)
    reprinted = cells["sentence"].str.len() >= _A_SENTENCE
    own = cells["publisher"].fillna(cells["source"])
    own = own.groupby(cells["sentence"], sort=False).transform("first").where(reprinted, own)
    text = (
        cells.groupby("sentence", sort=False)["source"].transform("first").where(reprinted, cells["source"])
    )
    quoted = cells["attribution"].str[:1].str.isupper().eq(True)  # noqa: FBT003, null is no name
    unnamed = cells["subject"].isna() & ~cells["measure"].isin(_OF_THE_ACTOR)
    moved = (cells["measure"] == "change") | (cells["kind"] == "multiple")
    return cells.drop(columns=["publisher", "attribution", "sentence"]).assign(
        rank=np.arange(len(cells)),
        voice=cells["attribution"].where(quoted, own).str.casefold(),
        quoted=quoted,
        text=text.where(unnamed | (cells["measure"] == "other")),
        base=cells["base"].where(moved),
    )


_CELLS = [
    *_Row._fields[: _Row._fields.index("rank")],
    "sentence_start",
    "publisher",
    "attribution",
    "sentence",
]


def _conversions(cells: pd.DataFrame) -> dict[str, str]:
    """The figures that convert one that is here, each with that one."""
    linked = cells[cells["equivalent_of"].notna()]
    converts = dict(zip(linked["figure_id"], linked["equivalent_of"], strict=True))
    originals = {name: _original(name, converts) for name in converts}
    here = set(cells["figure_id"][cells["figure_id"].isin(set(originals.values()))])
    return {
        name: original
        for name, original in originals.items()
        if original in here and original not in converts
    }


def _original(figure_id: str, converts: Mapping[str, str]) -> str:
    """What a figure converts, directly or through another; itself where that goes in a circle."""
    seen = [figure_id]
    while (following := converts.get(seen[-1])) is not None:
        if following in seen:
            return figure_id
        seen.append(following)
    return seen[-1]


def _groups(cells: pd.DataFrame) -> Iterator[tuple[_Key, list[_Figure]]]:
    """The figures of each key. A batch of groups is made at a time, so that memory holds few of them as figures."""
    cells = cells.assign(unit_name=cells["unit"].map(_unit_name))
    group = cells.groupby(_GROUPED, dropna=False, sort=False).ngroup().to_numpy()
    order = np.argsort(group, kind="stable")
    cells, group = cells[list(_Row._fields)].iloc[order], group[order]
    ends = np.flatnonzero(np.diff(group, append=-1)) + 1  # where each group ends
    batches = [0, *ends[np.flatnonzero(np.diff(ends // _BATCH, append=-1))].tolist()]
    for begin, end in pairwise(batches):
        batch = cells.iloc[begin:end]
        columns = (batch[name].astype(object).where(batch[name].notna(), None) for name in batch)
        rows = zip(*columns, group[begin:end].tolist(), strict=True)
        for _, theirs in groupby(rows, key=itemgetter(-1)):
            yield from _group([_Row(*row[:-1]) for row in theirs])


def _group(rows: list[_Row]) -> Iterator[tuple[_Key, list[_Figure]]]:
    """The figures of rows that share a key, if there are any."""
    row = rows[0]
    unit = _unit_name(row.unit)
    if figures := [figure for row in rows if (figure := _figure(row))]:
        yield _Key(row.measure, row.subject, unit, row.kind, row.direction, row.base, row.text), figures


_GROUPED = ["measure", "subject", "unit_name", "kind", "direction", "base", "text"]


def _figure(row: _Row) -> _Figure | None:
    """A row as a figure, or `None` where it has no number."""
    interval = interval_of(row.quote, row.value, row.low, row.high, row.qualifier)
    if interval is None:
        return None
    day = parse_period(row.period) if row.period else None
    daily = row.measure in _DAILY
    period = day if daily or not row.period else parse_period(row.period, daily=False)
    about = "~" in (row.period or "")
    if period and about:
        period = loosen(period)
    around = row.value if row.qualifier == "about" else None
    return _Figure(
        row.figure_id,
        row.rank,
        row.source,
        row.actor,
        period or ALWAYS,
        (day or ALWAYS).first,
        about,
        interval,
        row.value,
        row.low if around is None else around,
        row.high if around is None else around,
        row.unit,
        row.status,
        row.published,
        row.voice,
        row.quoted,
        (row.source, row.sentence_start),
    )


@cache
def _unit_name(unit: str) -> str:
    return str(parse_unit(unit))


# --- from figures to facts ----------------------------------------------------------------------------------


class _Calendar:
    """Facts by the month in which they begin, so that only those of the right time are looked at."""

    def __init__(self, facts: Sequence[_Fact] = ()) -> None:
        self._months: dict[int, list[_Fact]] = defaultdict(list)
        for fact in facts:
            self.add(fact)

    def add(self, fact: _Fact) -> None:
        self._months[fact.period.first[0] // 31].append(fact)

    def inside(self, period: Period) -> list[_Fact]:
        """The facts whose period is equal to this one at its precision."""
        return [fact for fact in self._between(*period.first) if fact.period.within(period)]

    def meeting(self, period: Period) -> list[_Fact]:
        """The facts whose period is equal to this one at the coarser precision of the two."""
        # None that is roughly a year begins more than 18 months before its last day.
        near = (
            self._between(period.first[0] - 549, period.first[1])
            if period != ALWAYS
            else self._between(*ALWAYS.first)
        )
        nobody_knows = self._months.get(0, []) if period.first[0] >= 31 + 549 else []
        return [fact for fact in [*nobody_knows, *near] if meet(fact.period, period)]

    def _between(self, first: int, last: int) -> Iterator[_Fact]:
        begin, end = first // 31, last // 31
        months = range(begin, end + 1) if end - begin < len(self._months) else self._months
        return (fact for month in months if begin <= month <= end for fact in self._months.get(month, ()))


def _facts_of(figures: list[_Figure]) -> list[_Fact]:
    """The facts of one key: those with an actor first, then what names none."""
    if len(figures) == 1:
        only = figures[0]
        return [_Fact(only.actor, only.period, only.interval, figures)]
    by_actor: dict[str | None, list[_Figure]] = defaultdict(list)
    for figure in figures:
        by_actor[figure.actor].append(figure)
    nameless = by_actor.pop(None, [])
    facts = [fact for actor, theirs in by_actor.items() for fact in _grow_by_period(theirs, actor)]
    if facts:
        nameless = _join_with_actor(nameless, facts)
    facts += _grow_by_period(nameless, None, facts)
    return _absorb(facts) if len(facts) > 1 else facts


def _cells_of(figures: list[_Figure]) -> dict[Period, list[_Figure]]:
    """The figures by period, the finest first."""
    cells: dict[Period, list[_Figure]] = defaultdict(list)
    for figure in figures:
        cells[figure.period].append(figure)
    return {period: cells[period] for period in sorted(cells, key=lambda p: (p.coarseness, p.text))}


def _grow_by_period(figures: list[_Figure], actor: str | None, others: Sequence[_Fact] = ()) -> list[_Fact]:
    """The facts of one actor, finest periods first: a coarser figure joins the one finer fact that it can.

    A figure without period may join one of the `others` too.
    """
    cells = _cells_of(figures)
    fine = [period for period in cells if period.coarseness <= _A_MONTH]
    facts = _join_months(_grow_cells({period: cells.pop(period) for period in fine}, actor, [], others))
    return _grow_cells(cells, actor, facts, others)


def _grow_cells(
    cells: Mapping[Period, list[_Figure]], actor: str | None, facts: list[_Fact], others: Sequence[_Fact]
) -> list[_Fact]:
    """The facts and those that the cells add to them, in the order of the cells."""
    calendar = _Calendar(facts)
    for period, figures in cells.items():
        reach = [*others, *facts] if period == ALWAYS else calendar.inside(period)
        left = figures
        contested: set[str] = set()
        if reach:
            homes, contested = _homes(figures, reach)
            for figure, home in homes:
                home.figures.append(figure)
            housed = {figure.figure_id for figure, _ in homes}
            left = [figure for figure in figures if figure.figure_id not in housed]
        for fact in _grow(left, actor, period):
            fact.contested = any(figure.figure_id in contested for figure in fact.figures)
            facts.append(fact)
            calendar.add(fact)
    return facts


def _join_months(facts: list[_Fact]) -> list[_Fact]:
    """Brings together two facts of neighbouring months that are told within a week, where no third is near.

    So a deal rumoured on the 31st of May is that which is announced on the 2nd of June.
    """
    months: dict[int, list[_Fact]] = defaultdict(list)
    for fact in facts:
        if fact.seed.tier == STATED and fact.period.coarseness > 0 and fact.period.first == fact.period.last:
            months[fact.period.first[1]].append(fact)  # by the last day of the month
    partners: dict[int, dict[int, _Fact]] = defaultdict(dict)
    for later in months.values():
        earlier = months.get(later[0].period.first[0] - 1)
        if earlier is None:
            continue
        for some, others in ((earlier, later), (later, earlier)):
            sole = _sole_holder(others)
            for fact in some:
                if (other := sole(fact.seed.point)) and _told_together(fact, other):
                    partners[id(fact)][id(other)] = other
                    partners[id(other)][id(fact)] = fact
    joined = set()
    for fact in facts:
        if id(fact) in joined or len(partners[id(fact)]) != 1:
            continue
        (other,) = partners[id(fact)].values()
        if len(partners[id(other)]) == 1:
            joined.add(id(other))
            fact.figures += other.figures
            fact.seed = min(fact.seed, other.seed, key=lambda seed: (seed.width, seed.point))
            fact.period = _both(fact.period, other.period)
    return [fact for fact in facts if id(fact) not in joined]


def _told_together(fact: _Fact, other: _Fact) -> bool:
    """Whether a text of one and a text of the other are dated within a week."""
    days, others = ([f.day[0] for f in figures.figures if f.day[0] == f.day[1]] for figures in (fact, other))
    if not days or not others:
        return False
    return min(others) - max(days) <= _SAME_NEWS and min(days) - max(others) <= _SAME_NEWS


def _both(period: Period, other: Period) -> Period:
    first, last = sorted((period, other), key=attrgetter("first"))
    either = (first.first[0], last.first[1])
    return Period(f"{first.text}/{last.text}", either, either)


def _join_with_actor(figures: list[_Figure], facts: list[_Fact]) -> list[_Figure]:
    """Brings dated figures without actor to the one fact that each can belong to; gives back the others.

    A fact of a year takes figures of a month of it only where these agree on the month.
    """
    calendar = _Calendar(facts)
    claims: dict[int, list[tuple[_Figure, _Fact]]] = defaultdict(list)
    for period, theirs in _cells_of(figures).items():
        if period != ALWAYS:
            for figure, home in _homes(theirs, calendar.meeting(period))[0]:
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
    for magnitudes, barred in ((False, MAGNITUDE), (True, BOUND)):
        ranked = sorted((f for f in facts if f.seed.tier != barred), key=lambda f: f.seed.point)
        points = [fact.seed.point for fact in ranked]
        for figure in figures:
            if (figure.interval.tier == MAGNITUDE) == magnitudes:
                begin, end = _held(points, figure.interval)
                if end - begin == 1:
                    found.append((figure, ranked[begin]))
                elif end > begin:
                    contested.add(figure.figure_id)
    return found, contested


def _held(points: list[Decimal], interval: Interval) -> tuple[int, int]:
    """The slice of the sorted points that an interval holds."""
    inclusive = interval.tier != MAGNITUDE
    end = (bisect_right if inclusive else bisect_left)(points, interval.high)
    return min(bisect_left(points, interval.low), end), end


def _grow(figures: list[_Figure], actor: str | None, period: Period) -> list[_Fact]:
    """The facts that figures of one cell state, each grown from a most precise value.

    A magnitude joins a printed value, else other magnitudes, but no bound: `jusqu'à 100 millions` and `à neuf
    chiffres` both leave room for so much that they need not speak of one thing.
    """
    facts = _cluster([f for f in figures if f.interval.tier != MAGNITUDE], actor, period)
    magnitudes = [f for f in figures if f.interval.tier == MAGNITUDE]
    left = _spread(magnitudes, [fact for fact in facts if fact.seed.tier == STATED])
    return facts + _cluster(left, actor, period)


def _cluster(figures: list[_Figure], actor: str | None, period: Period) -> list[_Fact]:
    """The facts of figures that may all be together, in order of size."""
    seeds = _seeds(figures)
    seeds = sorted([*seeds, *_wholes(figures, seeds)], key=attrgetter("point"))
    facts = [_Fact(actor, period, seed, []) for seed in seeds]
    at = {fact.seed.point: fact for fact in facts}
    others: list[_Figure] = []
    for figure in figures:
        home = at.get(figure.interval.point)
        (home.figures if home else others).append(figure)
    _spread(others, facts)
    return facts


def _wholes(figures: list[_Figure], seeds: list[Interval]) -> list[Interval]:
    """The bounds beside which the value nearest to them is printed: that is a part of them, or another's.

    `Jusqu'à 4 milliards, dont 2,75 plus tard` states two facts, though 2.75 is no more than 4. Beside `plus de` is
    its sentence, beside `jusqu'à` the whole text: who knows the sum would not call it up to something.
    """
    bounds = [figure for figure in figures if figure.interval.tier == BOUND]
    if not bounds or len(bounds) == len(figures):
        return []
    points = [seed.point for seed in seeds]
    stated = [figure for figure in figures if figure.interval.tier == STATED]
    in_sentences = {(figure.interval.point, figure.sentence) for figure in stated}
    in_texts = {(figure.interval.point, figure.source) for figure in stated}
    found: dict[Decimal, Interval] = {}
    for figure in bounds:
        begin, end = _held(points, figure.interval)
        is_floor = figure.interval.high.is_infinite()
        nearest = points[begin if is_floor else end - 1]
        beside = (
            (nearest, figure.sentence) in in_sentences if is_floor else (nearest, figure.source) in in_texts
        )
        if nearest != figure.interval.point and beside:
            found[figure.interval.point] = figure.interval
    return [found[point] for point in sorted(found)]


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
        elif figure.interval.tier == BOUND:
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
            end = (interval.high, interval.tier != MAGNITUDE)
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
    stated = [fact for fact in facts if fact.seed.tier == STATED]
    calendar = _Calendar(stated)
    cells: dict[tuple[str | None, Period], list[_Fact]] = defaultdict(list)
    for fact in stated:
        cells[fact.actor, fact.period].append(fact)
    claims: dict[int, list[tuple[_Fact, _Fact]]] = defaultdict(list)
    for (actor, period), open_facts in cells.items():
        near = calendar.meeting(period) if actor is None else calendar.inside(period)
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
            and all(meet(fact.period, f.period) for f in home.figures)
        ):
            home.figures += fact.figures
            home.seed = fact.seed
            absorbed.add(id(fact))
    return [fact for fact in facts if id(fact) not in absorbed]


def _leaves_less_open(fact: _Fact, actor: str | None, period: Period) -> bool:
    """Whether a fact tells all that one of this actor and period tells, and more of the two."""
    if fact.actor == actor:
        return fact.period != period and fact.period.within(period)
    return actor is None and meet(fact.period, period)


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
    stating = sorted(fact.figures, key=attrgetter("rank"))
    figures = stating
    if conversions:
        converting = [figure for original in stating for figure in conversions.get(original.figure_id, ())]
        figures = sorted([*stating, *converting], key=attrgetter("rank"))
    told = [figure for figure in stating if figure.interval.tier != MAGNITUDE] or stating
    value = None if fact.seed.tier == MAGNITUDE else float(fact.seed.point)
    unit = _most_common(figure.unit for figure in stating)
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
        "margin": float(fact.seed.width / 2) if fact.seed.tier == STATED else None,
        "low": min((figure.low for figure in told if figure.low is not None), default=None),
        "high": max((figure.high for figure in told if figure.high is not None), default=None),
        "status": min((figure.status for figure in figures), key=FIRMNESS.index),
        "timeline": _timeline(figures),
        "n_documents": len(documents),
        "independent_sources": _independent(stating),
        "documents": documents,
        "figures": [figure.figure_id for figure in figures],
        "dissent": [f.figure_id for f in stating if None not in (value, f.value) and f.value != value],
    }


def _most_common(cells: Iterable[str]) -> str:
    """The cell that is there most often, the first of equal ones in the order of the alphabet."""
    counts = Counter(cells)
    return min(counts, key=lambda cell: (-counts[cell], cell))


def _independent(figures: list[_Figure]) -> int:
    """How many voices there are: a text that quotes somebody adds nobody but whom it quotes."""
    voices: dict[str, set[str]] = defaultdict(set)
    quoted: dict[str, set[str]] = defaultdict(set)
    for figure in figures:
        (quoted if figure.quoted else voices)[figure.source].add(figure.voice)
    return len(set().union(*(quoted.get(source) or own for source, own in {**voices, **quoted}.items())))


def _timeline(figures: list[_Figure]) -> list[str]:
    """When each status was first published, in that order; without a date where no such text has one."""
    first: dict[str, str] = {}
    for figure in figures:
        published = figure.published or _UNDATED
        first[figure.status] = min(first.get(figure.status, published), published)
    steps = sorted((day, -FIRMNESS.index(status), status) for status, day in first.items())
    return [status if day == _UNDATED else f"{day} {status}" for day, _, status in steps]


_UNDATED = "~"  # after all dates


def _period_of(figures: list[_Figure]) -> str | None:
    """The period as most figures give it, then the finest; approximate where all that give it so are."""
    given = Counter(figure.period.text for figure in figures if figure.period != ALWAYS)
    if not given:
        return None
    fineness = {figure.period.text: -figure.period.coarseness for figure in figures}
    text = max(given, key=lambda text: (given[text], fineness[text], text))
    about = all(figure.about for figure in figures if figure.period.text == text)
    return f"{text}~" if about else text

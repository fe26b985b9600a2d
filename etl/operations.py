"""Deals: the value, the stake, the valuation, the parties and the dates of one operation, brought together in a row."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from etl.derived import agreement, quotient
from etl.facts import FIRMNESS
from etl.periods import Period, meet, parse_period
from etl.table import DEALS, frame

_WORDS = Path(__file__).parent / "words" / "facts" / "deals.toml"

_SEASON = 45  # days within which a stake or a valuation is told of the same deal
_A_MONTH = 31 * 2  # the most that a month leaves open, of its first day and of its last
_HALF = 50  # percent
_ROUNDED = 0.025  # by how much the value of one deal differs from text to text: 26 and 26.2
_TO_CLOSE = 3 * 366  # days that a deal may take from its announcement to its end
_RUMOURED = ("reported", "possible")
_KINDS = ("licence", "acquisition", "investment")  # what a sentence names first where it names several
_BESIDE = (60, 30)  # characters before and after a figure that may call it a sum of several deals


class _Fact(NamedTuple):
    """The cells of a fact that count here."""

    fact_id: str
    measure: str
    subject: str | None
    actor: str | None
    unit: str
    period: str | None
    value: float
    margin: float | None
    low: float | None
    high: float | None
    status: str
    independent_sources: int
    documents: list[str]
    figures: list[str]
    timeline: list[str]


class _Claim(NamedTuple):
    """What the words around one figure tell of its deal."""

    period: str | None
    kind: str | None
    is_total: bool
    is_part: bool
    is_held: bool  # before the deal
    is_again: bool  # after an earlier deal of the same parties
    closed: str | None  # in EDTF
    abandoned: str | None


@dataclass(slots=True)
class _Operation:
    """Facts of the value of one deal, the main one first."""

    facts: list[_Fact]
    claims: list[_Claim]

    @property
    def main(self) -> _Fact:
        return self.facts[0]


def deals(facts: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """The deals that the facts tell of, one row each, in the order of their dates, then of their parties.

    `figures` is the table that the facts were reconciled from: its sentences say what kind of deal it is, and whether
    it was closed or given up. A deal is what facts of the measures `deal_value` and `funding` with a value in money
    state of one pair of acquirer and target:

    - Facts of one month are one deal, as are facts of any months whose values can be one (not `4 milliards de plus`),
      and an acquisition with what is told of it in the same year, or of its closing within three. Its value is that
      which most documents state, then what is no rumour, then the largest: the others are parts of it, or other
      claims. A sum of several deals (`au total`) is none.
    - `stake` is that of the same pair, if it was not held before, `stated_valuation` that of the target, told within
      six weeks; where several compete, that which most documents state, and none where these are equal.
    - `implied_valuation` is value over stake, with the interval that their digits leave. `check` says whether the
      stated valuation can be it.

    >>> from etl.facts import reconcile
    >>> from etl.pipeline import parse
    >>> text = "Meta a investi 14,3 milliards de dollars dans Scale AI, dont il détient 49 %."
    >>> figures = parse(text, published="2025-06-13")
    >>> deal = deals(reconcile(figures), figures).iloc[0]
    >>> " ".join(map(str, deal[["acquirer", "target", "kind", "value", "stake", "announced"]]))
    'Meta Scale AI investment 14300000000.0 49.0 2025-06'
    >>> [float(f"{deal[name]:.3g}") for name in ("implied_low", "implied_valuation", "implied_high")]
    [28800000000.0, 29200000000.0, 29600000000.0]
    """
    known = _read(facts)
    values = [
        f for f in known if f.measure in ("deal_value", "funding") and _is_money(f) and f.value is not None
    ]
    stakes = [fact for fact in known if fact.measure == "stake"]
    claims = _claims(figures, {name for fact in (*values, *stakes) for name in fact.figures})
    stakes = [fact for fact in stakes if not any(claims[f].is_held for f in fact.figures if f in claims)]
    values = [_dated(fact, [claims[name] for name in fact.figures if name in claims]) for fact in values]
    pairs: dict[tuple[str, str | None, str], list[_Fact]] = defaultdict(list)
    for fact in values:
        if fact.subject is not None:
            pairs[fact.subject, fact.actor, fact.measure].append(fact)
    shares, valuations = _by_subject(stakes, "stake"), _by_subject(known, "valuation")
    rows = [
        _row(operation, shares[target], valuations[target])
        for (target, _, _), theirs in pairs.items()
        for operation in _operations(theirs, claims)
    ]
    rows.sort(key=lambda row: (row["period"] or "~", row["target"], row["acquirer"] or "", row["deal_id"]))
    return frame(rows, DEALS)


def _read(facts: pd.DataFrame) -> list[_Fact]:
    """The facts that have a value."""
    cells = facts.loc[facts["value"].notna(), list(_Fact._fields)]
    columns = (cells[name].astype(object).where(cells[name].notna(), None) for name in _Fact._fields)
    return [_Fact(*row) for row in zip(*columns, strict=True)]


def _dated(fact: _Fact, claims: Sequence[_Claim]) -> _Fact:
    """The fact with the finest period that one of its figures gives: the month, where most give but the year."""
    dates = _dates(fact)
    if dates is None:
        return fact
    given = [parse_period(claim.period, daily=False) for claim in claims if claim.period]
    finer = [period for period in given if period and period.within(dates)]
    finest = min(finer, key=lambda period: (period.coarseness, period.first), default=dates)
    return fact if finest.coarseness >= dates.coarseness else fact._replace(period=finest.text)


def _by_subject(facts: Iterable[_Fact], measure: str) -> dict[str | None, list[_Fact]]:
    found: dict[str | None, list[_Fact]] = defaultdict(list)
    for fact in facts:
        if fact.measure == measure:
            found[fact.subject].append(fact)
    return found


def _is_money(fact: _Fact) -> bool:
    return re.fullmatch("[A-Z]{3}", fact.unit) is not None


# --- what the words tell ------------------------------------------------------------------------------------


@cache
def words() -> list[dict[str, Any]]:
    """The entries of `words/facts/deals.toml`: what they tell, their stems and their example."""
    return list(tomllib.loads(_WORDS.read_text(encoding="utf-8"))["word"])


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """What each list of words tells, as one pattern."""
    return {
        entry["tells"]: re.compile(rf"\b(?:{'|'.join(map(re.escape, entry['stems']))})") for entry in words()
    }


def told(text: str) -> set[str]:
    """What the words of a text tell of a deal: its kind, its stage, or that a sum is one of several.

    >>> sorted(told("Le rachat de WhatsApp a été bouclé."))
    ['acquisition', 'closed']
    """
    plain = text.casefold().replace("’", "'")
    return {name for name, pattern in _patterns().items() if pattern.search(plain)}


class _Said(NamedTuple):
    """The cells of a figure that count here."""

    figure_id: str
    sentence: str
    sentence_start: int
    start: int
    end: int
    evidence: str
    period: str | None
    published: str | None
    status: str


def _claims(figures: pd.DataFrame, wanted: set[str]) -> dict[str, _Claim]:
    """What is told of each of the wanted figures."""
    rows = figures.loc[figures["figure_id"].isin(wanted), list(_Said._fields)].drop_duplicates("figure_id")
    plain = rows.astype(object).where(rows.notna(), None)
    said = (_Said(*row) for row in plain.itertuples(index=False, name=None))
    return {figure.figure_id: _claim(figure) for figure in said}


def _claim(figure: _Said) -> _Claim:
    cue = json.loads(figure.evidence).get("measure")
    in_sentence = told(figure.sentence)
    begin, end = figure.start - figure.sentence_start, figure.end - figure.sentence_start
    before, after = (
        figure.sentence[max(0, begin - _BESIDE[0]) : begin],
        figure.sentence[end : end + _BESIDE[1]],
    )
    near = told(f"{before}…{after}")
    kinds = (told(cue[2]) if cue else set()) & set(_KINDS) or in_sentence & set(_KINDS)
    when = figure.period or figure.published
    return _Claim(
        figure.period,
        next((kind for kind in _KINDS if kind in kinds), None),
        is_total="total" in near,
        is_part="part" in near,
        is_held="held" in near,
        is_again="again" in near,
        closed=when if "closed" in in_sentence and figure.status == "actual" else None,
        abandoned=when if "abandoned" in in_sentence or figure.status == "denied" else None,
    )


# --- which facts are of one deal ----------------------------------------------------------------------------


def _operations(facts: list[_Fact], claims: dict[str, _Claim]) -> list[_Operation]:
    """The deals of one pair, each with its facts."""
    told_of = {fact.fact_id: [claims[name] for name in fact.figures if name in claims] for fact in facts}
    left = sorted((fact for fact in facts if not _mostly_total(told_of[fact.fact_id])), key=_when)
    found = []
    while left:
        group, reached = [], left[:1]
        while reached:
            group += reached
            left = [fact for fact in left if fact not in reached]
            reached = [fact for fact in left if any(_same_deal(other, fact, told_of) for other in group)]
        ranked = _ranked(group, told_of)
        found.append(_Operation(ranked, [claim for fact in ranked for claim in told_of[fact.fact_id]]))
    return found


def _ranked(group: list[_Fact], told_of: dict[str, list[_Claim]]) -> list[_Fact]:
    """The facts of a deal: first that whose value most documents state, then no rumour, the largest; parts last."""

    def rank(fact: _Fact) -> tuple[bool, int, bool, float, str]:
        stating = {name for other in group if _is_same_sum(fact, other) for name in other.documents}
        claims = told_of[fact.fact_id]
        part = sum(claim.is_part for claim in claims) * 2 > len(claims)
        return part, -len(stating), fact.status in _RUMOURED, -fact.value, fact.fact_id

    return sorted(group, key=rank)


def _when(fact: _Fact) -> tuple[int, str]:
    dates = _dates(fact)
    return dates.first[0] if dates else 10**7, fact.fact_id


def _dates(fact: _Fact) -> Period | None:
    return parse_period(fact.period) if fact.period else None


def _mostly_total(claims: Sequence[_Claim]) -> bool:
    return sum(claim.is_total for claim in claims) * 2 >= max(len(claims), 1)


def _same_deal(one: _Fact, other: _Fact, told_of: dict[str, list[_Claim]]) -> bool:
    """Whether two facts of one pair are of one deal: see `deals`."""
    again = any(claim.is_again for fact in (one, other) for claim in told_of[fact.fact_id])
    if _is_same_sum(one, other) and not again:
        return True
    dates, others = _dates(one), _dates(other)
    if dates is None or others is None:
        return False
    bought = one.measure == "deal_value" and any(_is_bought(told_of[fact.fact_id]) for fact in (one, other))
    if meet(dates, others) and (bought or max(dates.coarseness, others.coarseness) <= _A_MONTH):
        return True
    earlier, later = sorted((one, other), key=_when)
    closing = any(claim.closed for claim in told_of[later.fact_id])
    return closing and bought and _when(later)[0] - _when(earlier)[0] <= _TO_CLOSE


def _is_bought(claims: Sequence[_Claim]) -> bool:
    """Whether a third of those who call it something call it an acquisition: any deal is an investment too."""
    kinds = [claim.kind for claim in claims if claim.kind]
    return bool(kinds) and kinds.count("acquisition") * 3 >= len(kinds)


def _is_same_sum(one: _Fact, other: _Fact) -> bool:
    """Whether two values in one currency can be one, and are as good as equal."""
    if one.unit != other.unit:
        return False
    (low, high), (least, most) = _interval(one), _interval(other)
    near = abs(one.value - other.value) <= _ROUNDED * max(abs(one.value), abs(other.value))
    return near and low <= most and least <= high


def _interval(fact: _Fact) -> tuple[float, float]:
    """The consensus as far as its digits go."""
    value, margin = fact.value, fact.margin or 0.0
    return value - margin, value + margin


# --- the row ------------------------------------------------------------------------------------------------


def _row(operation: _Operation, stakes: list[_Fact], valuations: list[_Fact]) -> dict[str, Any]:
    main, claims = operation.main, operation.claims
    announced = min(filter(_dates, operation.facts), key=_when, default=None)
    day = _when(announced)[0] if announced else None
    ours = [fact for fact in stakes if fact.actor == main.actor and main.actor is not None]
    stake = _nearest(ours, day)
    valuation = _nearest([fact for fact in valuations if fact.unit == main.unit], day)
    implied = quotient(_interval(main), main.value, _interval(stake), stake.value, 100) if stake else None
    verdict = agreement(implied, _interval(valuation), valuation.value) if implied and valuation else None
    together = [*operation.facts, *([stake] if stake else [])]
    documents = sorted({name for fact in together for name in fact.documents})
    closed, abandoned = (
        _earliest(claim.closed for claim in claims),
        _earliest(claim.abandoned for claim in claims),
    )
    return {
        "deal_id": main.fact_id,
        "acquirer": main.actor,
        "target": main.subject,
        "kind": "funding" if main.measure == "funding" else _kind(claims, stake),
        "status": min((fact.status for fact in operation.facts), key=FIRMNESS.index),
        "period": announced.period if announced else None,
        "announced": announced.period if announced else None,
        "closed": None if abandoned else closed,
        "abandoned": abandoned,
        "unit": main.unit,
        "value": main.value,
        "low": main.low,
        "high": main.high,
        "stake": stake.value if stake else None,
        "implied_valuation": implied.value if implied else None,
        "implied_low": implied.low if implied else None,
        "implied_high": implied.high if implied else None,
        "stated_valuation": valuation.value if valuation else None,
        "valuation": valuation.fact_id if valuation else None,
        "check": verdict.check if verdict else None,
        "excess": verdict.excess if verdict else None,
        "n_documents": len(documents),
        "independent_sources": main.independent_sources,
        "documents": documents,
        "facts": [fact.fact_id for fact in together],
        "timeline": main.timeline,
    }


def _nearest(facts: list[_Fact], day: int | None) -> _Fact | None:
    """The fact of that season that most documents state; `None` where several are equal, or none is there."""
    near = [fact for fact in facts if day is not None and _is_near(fact, day)]
    if not near:
        return None
    best = max(len(fact.documents) for fact in near)
    chosen = [fact for fact in near if len(fact.documents) == best]
    return chosen[0] if len(chosen) == 1 else None


def _is_near(fact: _Fact, day: int) -> bool:
    dates = _dates(fact)
    return dates is not None and dates.first[0] - _SEASON <= day <= dates.first[1] + _SEASON


def _kind(claims: Iterable[_Claim], stake: _Fact | None) -> str | None:
    """The kind that most figures tell; `None` where two are equal, or none is told. Less than half buys no company."""
    claims = list(claims)
    ranked = Counter(claim.kind for claim in claims if claim.kind).most_common(2)
    kind = ranked[0][0] if ranked and (len(ranked) == 1 or ranked[1][1] < ranked[0][1]) else None
    if kind != "licence" and _is_bought(claims):
        kind = "acquisition"
    minority = stake is not None and stake.value < _HALF
    return "investment" if kind == "acquisition" and minority else kind


def _earliest(periods: Iterable[str | None]) -> str | None:
    return min((period for period in periods if period), default=None)

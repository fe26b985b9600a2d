"""Facts that follow from others: implied valuations, pre- and post-money, multiples, growth; and whether they agree.

A derived fact is never mixed with a stated one. It has the interval that the printed digits of its inputs leave,
and names its formula and its inputs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from etl.periods import parse_period
from etl.table import DERIVED, frame


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


def derive(facts: pd.DataFrame, figures: pd.DataFrame, deals: pd.DataFrame | None = None) -> pd.DataFrame:
    """What follows from the facts, one row for each derivation that the table of `DERIVED` names.

    `deals` are those of the same facts and figures, where they have been made already.

    - `implied_valuation`: what a company is worth if the value of a deal pays for the stake that it brings.
    - `post_money`, `pre_money`: a stated valuation before (after) a round plus (minus) the money raised, where its
      sentence says which of the two it is: `pre-money`, `avant l'opération`; nothing is derived where no word says so.
    - `revenue_multiple`: a valuation over the revenue of the same year.
    - `valuation_growth`: from one valuation of a company to the next in the same currency, in percent.

    Where a fact states what is derived, `stated` names it, and `check` says whether the two can be one.

    >>> from etl.facts import reconcile
    >>> from etl.pipeline import parse
    >>> text = "Scale AI est valorisé 29 milliards de dollars en juin 2025, contre 14 milliards de dollars en mai 2024."
    >>> figures = parse(text)
    >>> [growth] = derive(reconcile(figures), figures).to_dict("records")
    >>> growth["measure"], round(growth["value"]), growth["formula"]
    ('valuation_growth', 107, '29e9 / 14e9 - 1')
    """
    if deals is None:
        from etl.operations import deals as deals_of  # noqa: PLC0415, which needs the arithmetic above

        deals = deals_of(facts, figures)
    known = {fact["fact_id"]: fact for fact in _records(facts)}
    rows = [
        *_implied(deals, known),
        *_around_rounds(known.values(), figures),
        *_multiples(known.values()),
        *_growth(known.values()),
    ]
    rows.sort(key=lambda row: (row["measure"], row["subject"], row["period"] or "", row["derived_id"]))
    return frame(rows, DERIVED)


_Cells: TypeAlias = dict[str, Any]


def _records(table: pd.DataFrame) -> list[_Cells]:
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]


def _row(measure: str, inputs: list[_Cells], derived: Derived, unit: str, formula: str) -> _Cells:
    names = [fact["fact_id"] for fact in inputs]
    return {
        "derived_id": sha256("\x1f".join((measure, *names)).encode()).hexdigest()[:16],
        "measure": measure,
        "subject": inputs[0]["subject"],
        "actor": next((fact["actor"] for fact in inputs if fact["actor"]), None),
        "unit": unit,
        "period": max((fact["period"] for fact in inputs if fact["period"]), default=None),
        "value": derived.value,
        "low": derived.low,
        "high": derived.high,
        "formula": formula,
        "inputs": names,
    }


def interval(fact: Mapping[str, Any]) -> tuple[float, float]:
    """The consensus of a fact, as far as its digits go."""
    margin = fact["margin"] or 0.0
    return fact["value"] - margin, fact["value"] + margin


def _number(value: float) -> str:
    """A number as formulas write it.

    >>> [_number(value) for value in (14.3e9, 49.0, 250e6, 1200.0)]
    ['14.3e9', '49', '250e6', '1200']
    """
    power = next((power for power in (9, 6) if abs(value) >= 10**power), 0)
    return f"{value / 10**power:.6g}" + (f"e{power}" if power else "")


def _implied(operations: pd.DataFrame, known: Mapping[str, _Cells]) -> Iterator[_Cells]:
    for deal in _records(operations):
        if deal["implied_valuation"] is None:
            continue
        value, stake = known[deal["deal_id"]], known[deal["facts"][-1]]
        formula = f"{_number(value['value'])} / {_number(stake['value'])} %"
        derived = Derived(deal["implied_valuation"], deal["implied_low"], deal["implied_high"])
        row = _row("implied_valuation", [value, stake], derived, deal["unit"], formula)
        yield row | {"stated": deal["valuation"], "check": deal["check"], "excess": deal["excess"]}


def _valuations(facts: Iterable[_Cells]) -> dict[tuple[str, str], list[_Cells]]:
    """The dated valuations with a margin, by subject and currency, in the order of time."""
    found: dict[tuple[str, str], list[_Cells]] = defaultdict(list)
    for fact in facts:
        usable = fact["margin"] is not None and fact["subject"] and _begins(fact) is not None
        if fact["measure"] == "valuation" and usable and "/" not in fact["unit"] and fact["unit"].isupper():
            found[fact["subject"], fact["unit"]].append(fact)
    for points in found.values():
        points.sort(key=lambda fact: (_begins(fact), fact["fact_id"]))
    return found


def _begins(fact: Mapping[str, Any]) -> int | None:
    dates = parse_period(fact["period"]) if fact["period"] else None
    return dates.first[0] if dates and dates.first[0] > 0 else None


def main_points(points: Iterable[_Cells]) -> list[_Cells]:
    """Of several valuations of one period the one that most documents state; none where they are equal."""
    by_period: dict[str, list[_Cells]] = defaultdict(list)
    for fact in points:
        by_period[fact["period"]].append(fact)
    chosen = []
    for rivals in by_period.values():
        best = max(fact["n_documents"] for fact in rivals)
        most = [fact for fact in rivals if fact["n_documents"] == best]
        chosen += most if len(most) == 1 else []
    return chosen


def _growth(facts: Iterable[_Cells]) -> Iterator[_Cells]:
    for points in _valuations(facts).values():
        for before, after in pairwise(main_points(points)):
            ratio = quotient(interval(after), after["value"], interval(before), before["value"], 100)
            if ratio and before["value"] != after["value"]:
                derived = Derived(*(number - 100 for number in ratio))
                formula = f"{_number(after['value'])} / {_number(before['value'])} - 1"
                yield _row("valuation_growth", [after, before], derived, "percent", formula)


def _multiples(facts: Iterable[_Cells]) -> Iterator[_Cells]:
    facts = list(facts)
    revenues: dict[tuple[str, str, str], list[_Cells]] = defaultdict(list)
    for fact in facts:
        if fact["measure"] == "revenue" and fact["margin"] is not None and fact["subject"] and fact["period"]:
            unit = fact["unit"].removesuffix("/year")
            if re.fullmatch(r"\d{4}~?", fact["period"]):
                revenues[fact["subject"], unit, fact["period"][:4]].append(fact)
    for (subject, unit), points in _valuations(facts).items():
        for point in main_points(points):
            yearly = main_points(revenues[subject, unit, point["period"][:4]])
            if len(yearly) == 1:
                revenue = yearly[0]
                ratio = quotient(interval(point), point["value"], interval(revenue), revenue["value"])
                if ratio:
                    formula = f"{_number(point['value'])} / {_number(revenue['value'])}"
                    yield _row("revenue_multiple", [point, revenue], ratio, "dimensionless", formula)


_AFTER = re.compile(r"post[- ]money|après (?:l'opération|la levée|le tour|cette levée|argent frais)")
_BEFORE = re.compile(r"pr[eé][- ]money|avant (?:l'opération|la levée|le tour|cette levée|argent frais)")


def _around_rounds(facts: Iterable[_Cells], figures: pd.DataFrame) -> Iterator[_Cells]:
    facts = list(facts)
    sentences = dict(zip(figures["figure_id"], figures["sentence"], strict=True))
    rounds: dict[tuple[str, str, str], list[_Cells]] = defaultdict(list)
    for fact in facts:
        if fact["measure"] == "funding" and fact["margin"] is not None and fact["subject"] and fact["period"]:
            rounds[fact["subject"], fact["unit"], fact["period"]].append(fact)
    for (subject, unit), points in _valuations(facts).items():
        for point in points:
            words = (
                " ".join(sentences.get(name, "") for name in point["figures"]).casefold().replace("’", "'")
            )
            after, before = _AFTER.search(words), _BEFORE.search(words)
            raised = main_points(rounds[subject, unit, point["period"]])
            if len(raised) != 1 or bool(after) == bool(before):
                continue
            sign, measure = (-1, "pre_money") if after else (1, "post_money")
            value, money = interval(point), interval(raised[0])
            low, high = sorted(money, reverse=sign < 0)
            derived = Derived(
                point["value"] + sign * raised[0]["value"], value[0] + sign * low, value[1] + sign * high
            )
            formula = f"{_number(point['value'])} {'+' if sign > 0 else '-'} {_number(raised[0]['value'])}"
            yield _row(measure, [point, raised[0]], derived, unit, formula)

"""Which figures state one fact, and what they say together.

The tables write a figure as `document: amount @period by actor`, in billions of dollars, with `~` about, `>` over,
`<` at most, `a-b` between, `a..b` magnitude; and a fact as `value [low, high] documents @period by actor`.
"""

import hashlib
import json
import math
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from etl.errors import UnitError
from etl.facts import reconcile
from etl.intervals import Interval, interval_of
from etl.periods import parse_period
from etl.table import check, frame

QUALIFIERS = {"": "exact", "~": "about", ">": "over", "<": "at_most", "-": "between", "..": "magnitude"}
FIGURE = re.compile(r"(\w+): ([~<>]?)([\d,]+)(?:(-|\.\.)([\d,]+))?(?: @(\S+))?(?: by (.+))?")


def figure(line: str, start: int = 0, **cells: Any) -> dict[str, Any]:
    """A row of the table of figures; `cells` are those that the notation leaves out."""
    match = FIGURE.fullmatch(line.strip())
    assert match, line
    document, sign, first, join, last, period, actor = match.groups()
    qualifier = QUALIFIERS[sign or join or ""]
    ends = [float(Decimal(n.replace(",", ".")) * 10**9) for n in (first, last) if n]
    value = None if qualifier == "magnitude" else sum(ends) / len(ends)
    low = ends[0] if qualifier not in ("about", "at_most") else None
    high = ends[-1] if qualifier not in ("about", "over") else None
    quote = f"{first}{f' à {last}' if last else ''} milliards de dollars"
    return {
        "figure_id": f"{document}:{start}",
        "document_id": hashlib.sha256(document.encode()).hexdigest()[:16],
        "source": document,
        "zone": "body",
        "start": start,
        "end": start + len(quote),
        "quote": quote,
        "sentence": quote,
        "sentence_start": start,
        "kind": "money",
        "value": value,
        "low": low,
        "high": high,
        "qualifier": qualifier,
        "unit": "USD",
        "unit_inferred": False,
        "measure": "deal_value",
        "subject": "Scale AI",
        "actor": actor,
        "period": period,
        "status": "actual",
        "evidence": "{}",
    } | cells


def figures(lines: str, **cells: Any) -> pd.DataFrame:
    return frame([figure(line, n * 100, **cells) for n, line in enumerate(lines.split("|"))])


def told(facts: pd.DataFrame) -> list[str]:
    """The facts in the notation of the tables."""
    check(facts)
    return sorted(map(_told, facts.to_dict(orient="records")))


def _told(fact: Any) -> str:
    value, low, high = (_billions(fact[name]) for name in ("value", "low", "high"))
    period = "" if pd.isna(fact["period"]) else f" @{fact['period']}"
    actor = "" if pd.isna(fact["actor"]) else f" by {fact['actor']}"
    return f"{value} [{low}, {high}] {''.join(fact['documents'])}{period}{actor}"


def _billions(value: float) -> str:
    return "?" if math.isnan(value) else f"{value / 1e9:g}".replace(".", ",")


# --- intervals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "value", "qualifier", "low", "high"),
    [
        ("14 milliards de dollars", 14e9, "exact", 13.5e9, 14.5e9),
        ("14,3 milliards de dollars", 14.3e9, "exact", 14.25e9, 14.35e9),
        ("14,0 milliards de dollars", 14e9, "exact", 13.95e9, 14.05e9),
        ("10 milliards de dollars", 10e9, "exact", 9.5e9, 10.5e9),
        ("$14 billion", 14e9, "exact", 13.5e9, 14.5e9),
        ("$US 12,5 M", 12.5e6, "exact", 12.45e6, 12.55e6),
        ("14", 14e9, "exact", 13.5e9, 14.5e9),  # of a list, its scale printed elsewhere
        ("2.202 millions", 2.202e6, "exact", 2_201_500, 2_202_500),
        ("1280€", 1280, "exact", 1279.5, 1280.5),
        ("1 280,50 €", 1280.5, "exact", 1280.495, 1280.505),
        ("400000", 400000, "exact", 399999.5, 400000.5),
        ("50 centimes", 0.5, "exact", 0.495, 0.505),
        ("49 %", 49, "exact", 48.5, 49.5),
        ("-2,5 %", -2.5, "exact", -2.55, -2.45),
        ("0,0 %", 0, "exact", -0.05, 0.05),
        ("deux millions d'euros", 2e6, "exact", 1.5e6, 2.5e6),
        ("deux cents millions d'euros", 200e6, "exact", 199.5e6, 200.5e6),
        ("un milliard et demi de dollars", 1.5e9, "exact", 1.45e9, 1.55e9),
        ("1 milliard 200 millions d'euros", 1.2e9, "exact", 1.15e9, 1.25e9),
        ("doublé", 2, "exact", 1.5, 2.5),
        ("15 milliards de dollars", 15e9, "about", 14e9, 16e9),
        ("14,3 milliards de dollars", 14.3e9, "about", 14.2e9, 14.4e9),
        ("10 milliards de dollars", 10e9, "about", 0, 20e9),
        ("16 722 m²", 16722, "about", 16721, 16723),
        ("une dizaine de milliards", 10e9, "about", 0, 20e9),
        ("10 milliards de dollars", 10e9, "over", 10e9, "Infinity"),
        ("10 milliards de dollars", 10e9, "at_least", 10e9, "Infinity"),
        ("72 milliards de dollars", 72e9, "under", "-Infinity", 72e9),
        ("72 milliards de dollars", 72e9, "at_most", "-Infinity", 72e9),
    ],
)
def test_the_interval_of_a_figure(
    quote: str, value: float, qualifier: str, low: float | str, high: float | str
) -> None:
    interval = interval_of(quote, value, None, None, qualifier)
    assert interval is not None
    assert (interval.low, interval.high) == (Decimal(str(low)), Decimal(str(high)))


def test_ranges_and_magnitudes_are_as_stated() -> None:
    between = interval_of("10 à 15 milliards", 12.5e9, 10e9, 15e9, "between")
    assert between == Interval(Decimal("1.0e10"), Decimal("1.5e10"), Decimal("1.25e10"))
    magnitude = interval_of("des milliards", None, 2e9, 1e12, "magnitude")
    assert magnitude is not None
    assert magnitude.holds(Decimal(2 * 10**9))
    assert not magnitude.holds(Decimal(10**12))


def test_what_has_no_number_has_no_interval() -> None:
    assert interval_of("des milliards", None, None, None, "magnitude") is None
    assert interval_of("?", None, None, None, "exact") is None


# --- periods --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fine", "coarse"),
    [
        ("2025-06-12", "2025-06"),
        ("2025-06", "2025"),
        ("2025-06", "2025-34"),
        ("2025-34", "2025-40"),
        ("2025-40", "2025"),
        ("2024-06~", "2024"),
        ("2024-06~", "2024-06"),
        ("2020-01/2020-03", "2020-33"),
        ("2020-01-01/2020-12-31", "2020"),
        ("2020-02/2020-05", "2020"),
        ("2016-04/2017-03", "2016/2017"),
        ("../2015-01", "../2015"),
    ],
)
def test_equal_at_the_coarser_precision(fine: str, coarse: str) -> None:
    a, b = parse_period(fine), parse_period(coarse)
    assert a is not None
    assert b is not None
    assert a.within(b)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2025-06", "2025-07"),
        ("2025-06-12", "2025-06-13"),
        ("2025-06", "2025-33"),
        ("2019", "2018/2020"),
        ("2019", "2019/2020"),
        ("../2015", "2015"),
        ("2015/..", "../2015"),
    ],
)
def test_not_equal_at_any_precision(one: str, other: str) -> None:
    a, b = parse_period(one), parse_period(other)
    assert a is not None
    assert b is not None
    assert not a.within(b)
    assert not b.within(a)


@pytest.mark.parametrize(
    "text", ["", "jeudi", "2025-13", "2025-02-30", "25-06", "2025/2026/2027", "2025-33-01"]
)
def test_no_period(text: str) -> None:
    assert parse_period(text) is None


# --- values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        # The seeds' deal: a fact grows from its most precise value.
        ("A: 14,3 | B: 14 | C: ~14 | D: >10 | E: ~15", ["14,3 [10, 15] ABCDE"]),
        ("A: 14,3 | B: 14 | C: 29", ["14,3 [14, 14,3] AB", "29 [29, 29] C"]),
        # One figure alone.
        ("A: 14", ["14 [14, 14] A"]),
        ("A: ~14", ["14 [14, 14] A"]),
        ("A: <72", ["72 [?, 72] A"]),
        ("A: >1", ["1 [1, ?] A"]),
        ("A: 10-15", ["12,5 [10, 15] A"]),
        ("A: 2..1000", ["? [2, 1000] A"]),
        # An open side counts only where no figure closes it.
        ("A: >29 | B: 29", ["29 [29, 29] AB"]),
        ("A: >10 | B: <20", ["10 [10, 20] AB"]),
        ("A: >10 | B: >12", ["12 [10, ?] AB"]),
        # A magnitude counts only where there is nothing else, and no bound is a value that it could be.
        ("A: 2..1000 | B: 14", ["14 [14, 14] AB"]),
        ("A: 2..1000 | B: 200..1000", ["? [2, 1000] AB"]),
        ("A: 2..1000 | B: <14", ["14 [?, 14] B", "? [2, 1000] A"]),
        ("A: 2..10 | B: 10", ["10 [10, 10] B", "? [2, 10] A"]),
        # What is compatible with two values that are not with each other.
        ("A: 13,7 | B: 14,3 | C: 14,3 | D: 14", ["13,7 [13,7, 13,7] A", "14,3 [14, 14,3] BCD"]),
        ("A: 14,38 | B: 14,3 | C: 14,3 | D: 14", ["14,3 [14, 14,3] BCD", "14,38 [14,38, 14,38] A"]),
        ("A: >10 | B: 14 | C: 29 | D: 29", ["14 [10, 14] AB", "29 [29, 29] CD"]),
        ("A: <25 | B: 7 | C: 14 | D: 7", ["14 [14, 25] AC", "7 [7, 7] BD"]),
        # Of values as precise as each other, the one that more documents are compatible with, then print.
        ("A: ~14 | B: ~15 | C: ~16", ["15 [14, 16] ABC"]),
        ("A: ~14 | B: ~15 | C: ~15", ["15 [14, 15] ABC"]),
        # A document that says it often is one document.
        ("A: ~14 | A: ~14 | A: ~14 | B: ~15 | C: ~15", ["15 [14, 15] ABC"]),
    ],
)
def test_compatible_values(stated: str, expected: list[str]) -> None:
    assert told(reconcile(figures(stated))) == sorted(expected)


def test_dissent_is_every_other_printed_value() -> None:
    fact = reconcile(figures("A: 14,3 | B: 14 | C: >10 | D: 2..1000 | E: 14,3")).iloc[0]
    assert fact["figures"] == ["A:0", "B:100", "C:200", "D:300", "E:400"]
    assert fact["dissent"] == ["B:100", "C:200"]


def test_magnitudes_alone_have_no_consensus_and_no_dissent() -> None:
    fact = reconcile(figures("A: 2..1000 | B: 2..1000")).iloc[0]
    assert fact["dissent"] == []


# --- what else must agree -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cells",
    [
        {"measure": "valuation"},
        {"subject": "OpenAI"},
        {"actor": "OpenAI"},
        {"unit": "EUR"},
        {"unit": "USD/year"},
        {"kind": "count"},
        {"direction": "up"},
        {"period": "2025-07"},
        {"value": 29e9, "low": 29e9, "high": 29e9, "quote": "29 milliards de dollars"},
    ],
    ids=str,
)
def test_figures_that_differ_in_one_of_these_state_two_facts(cells: dict[str, Any]) -> None:
    one, other = figure("A: 14 @2025-06 by Meta"), figure("B: 14 @2025-06 by Meta", **cells)
    assert len(reconcile(frame([one, other]))) == 2


@pytest.mark.parametrize(
    "cells",
    [{"status": "planned"}, {"attribution": "Bloomberg"}, {"zone": "title"}, {"base": "capital"}],
    ids=str,
)
def test_figures_may_differ_in_these(cells: dict[str, Any]) -> None:
    one, other = figure("A: 14 @2025-06 by Meta"), figure("B: 14 @2025-06 by Meta", **cells)
    assert len(reconcile(frame([one, other]))) == 1


def test_units_agree_as_pint_reads_them() -> None:
    one, other = figure("A: 14", unit="km/hour"), figure("B: 14", unit="km/h")
    assert len(reconcile(frame([one, other]))) == 1
    with pytest.raises(UnitError, match="'Md€' is not a unit"):
        reconcile(figures("A: 14", unit="Md€"))


@pytest.mark.parametrize(("measure", "n"), [("change", 2), ("valuation", 1)])
def test_a_change_of_sales_is_no_change_of_prices(measure: str, n: int) -> None:
    sales, prices = (
        figure(f"{d}: 3", measure=measure, base=base) for d, base in (("A", "revenue"), ("B", "price"))
    )
    assert len(reconcile(frame([sales, prices]))) == n


def test_the_firmest_status() -> None:
    rows = [
        figure("A: 14", status="denied"),
        figure("B: 14", status="possible"),
        figure("C: 14", status="planned"),
        figure("D: 14", status="reported"),
    ]
    assert reconcile(frame(rows))["status"].tolist() == ["planned"]
    assert reconcile(frame([*rows, figure("E: 14")]))["status"].tolist() == ["actual"]


@pytest.mark.parametrize(
    "cells", [{"measure": None}, {"subject": None, "actor": None}, {"value": None}], ids=str
)
def test_left_out(cells: dict[str, Any]) -> None:
    assert reconcile(frame([figure("A: 14") | cells])).empty


def test_a_null_subject_agrees_with_null_where_the_actor_does() -> None:
    assert told(reconcile(figures("A: 14 by Meta | B: 14 by Meta", measure="capex", subject=None))) == [
        "14 [14, 14] AB by Meta"
    ]


def test_no_figures_no_facts() -> None:
    assert told(reconcile(frame([]))) == []


# --- what a figure leaves open --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        # One deal is rumoured, announced and told on different days of a month.
        ("A: 14,3 @2025-06-08 | B: 14 @2025-06-12 | C: 14 @2025-06", ["14,3 [14, 14,3] ABC @2025-06"]),
        ("A: 14 @2025-06 | B: 14 @2025-07", ["14 [14, 14] A @2025-06", "14 [14, 14] B @2025-07"]),
        # The coarser precision; the period as most figures give it, then as the finest.
        ("A: 14 @2025 | B: 14 @2025-06", ["14 [14, 14] AB @2025-06"]),
        ("A: 14 @2025 | B: 14 @2025-06 | C: 14 @2025", ["14 [14, 14] ABC @2025"]),
        ("A: 14 @2024-06~ | B: 14 @2024-06~", ["14 [14, 14] AB @2024-06~"]),
        ("A: 14 @2024-06~ | B: 14 @2024-06", ["14 [14, 14] AB @2024-06"]),
        ("A: 14 @2020-01/2020-03 | B: 14 @2020-33", ["14 [14, 14] AB @2020-33"]),
        ("A: 14 @2018/2020 | B: 14 @2019", ["14 [14, 14] A @2018/2020", "14 [14, 14] B @2019"]),
        # A year with two such months belongs to neither.
        (
            "A: 14 @2025 | B: 14 @2025-06 | C: 14 @2025-01",
            ["14 [14, 14] A @2025", "14 [14, 14] B @2025-06", "14 [14, 14] C @2025-01"],
        ),
        # No period: exactly one fact is left, by its value.
        (
            "A: 14,3 @2025-06 | B: 29 @2025-06 | C: 14",
            ["14,3 [14, 14,3] AC @2025-06", "29 [29, 29] B @2025-06"],
        ),
        (
            "A: 14 @2025-06 | B: 14 @2014 | C: ~14",
            ["14 [14, 14] A @2025-06", "14 [14, 14] B @2014", "14 [14, 14] C"],
        ),
        ("A: 14 | B: 14", ["14 [14, 14] AB"]),
        # No actor: the same, and the period decides too.
        ("A: 14 @2025-06 by Meta | B: 14 @2025-06", ["14 [14, 14] AB @2025-06 by Meta"]),
        (
            "A: 14 @2025-06 by Meta | B: 14 @2025-06 by X | C: 14 @2025-06",
            ["14 [14, 14] A @2025-06 by Meta", "14 [14, 14] B @2025-06 by X", "14 [14, 14] C @2025-06"],
        ),
        (
            "A: 14 @2025-06 by Meta | B: 14 @2014 by X | C: 14 @2025",
            ["14 [14, 14] AC @2025-06 by Meta", "14 [14, 14] B @2014 by X"],
        ),
        ("A: 19 @2014 by Meta | B: 19 @2014-02", ["19 [19, 19] AB @2014-02 by Meta"]),
        ("A: 19 by Meta | B: 19 @2014-02", ["19 [19, 19] AB @2014-02 by Meta"]),
        (
            "A: 19 @2014 by Meta | B: 19 @2014-02 | C: 19 @2014-10",
            ["19 [19, 19] A @2014 by Meta", "19 [19, 19] B @2014-02", "19 [19, 19] C @2014-10"],
        ),
        # Neither.
        ("A: 14 @2025-06 by Meta | B: 14", ["14 [14, 14] AB @2025-06 by Meta"]),
        # A fact that says it more precisely, but not when or by whom.
        ("A: 14 @2025-06 by Meta | B: 14,3 by Meta", ["14,3 [14, 14,3] AB @2025-06 by Meta"]),
        ("A: 14 @2025-06 by Meta | B: 14,3 @2025-06", ["14,3 [14, 14,3] AB @2025-06 by Meta"]),
        (
            "A: 14 @2025-06 | B: 14,3 | C: 13,7",
            ["13,7 [13,7, 13,7] C", "14 [14, 14] A @2025-06", "14,3 [14,3, 14,3] B"],
        ),
        ("A: >10 @2025-06 | B: 29", ["10 [10, ?] A @2025-06", "29 [29, 29] B"]),
    ],
)
def test_periods_and_actors(stated: str, expected: list[str]) -> None:
    assert told(reconcile(figures(stated))) == sorted(expected)


@pytest.mark.parametrize(
    ("measure", "n"),
    [("price", 2), ("rate", 2), ("change", 2), ("deal_value", 1), ("valuation", 1), ("users", 1)],
)
def test_days_of_a_month_are_told_apart_where_the_measure_moves_by_the_day(measure: str, n: int) -> None:
    assert len(reconcile(figures("A: 14 @2025-06-12 | B: 14 @2025-06-13", measure=measure))) == n


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        # A story over a month's end, told within a week, is one; it takes what leaves its date open.
        ("A: 14 @2025-05-31 | B: 14,3 @2025-06-02", ["14,3 [14, 14,3] AB @2025-06"]),
        ("A: 14 @2025-05-31 | B: 14,3 @2025-06-02 | C: 14", ["14,3 [14, 14,3] ABC @2025-06"]),
        ("A: 14 @2025-05-20 | B: 14 @2025-06-02", ["14 [14, 14] A @2025-05", "14 [14, 14] B @2025-06"]),
        ("A: 14 @2025-05-31 | B: 29 @2025-06-02", ["14 [14, 14] A @2025-05", "29 [29, 29] B @2025-06"]),
        # Which of two it is, nobody knows.
        (
            "A: 14 @2025-05-31 | B: 14,3 @2025-06-02 | C: 13,7 @2025-06-02",
            ["13,7 [13,7, 13,7] C @2025-06", "14 [14, 14] A @2025-05", "14,3 [14,3, 14,3] B @2025-06"],
        ),
        # A month that is roughly given may be its neighbour.
        ("A: 14 @2024-06~ | B: 14 @2024-05", ["14 [14, 14] AB @2024-05"]),
        ("A: 14 @2024-06~ | B: 14 @2024-03", ["14 [14, 14] A @2024-06~", "14 [14, 14] B @2024-03"]),
        (
            "A: 14 @2024-06~ | B: 14 @2024-05 | C: 14 @2024-07",
            ["14 [14, 14] A @2024-06~", "14 [14, 14] B @2024-05", "14 [14, 14] C @2024-07"],
        ),
    ],
)
def test_months_that_are_near(stated: str, expected: list[str]) -> None:
    assert told(reconcile(figures(stated))) == sorted(expected)


@pytest.mark.parametrize(("measure", "n"), [("deal_value", 2), ("stake", 2), ("other", 2), ("capex", 1)])
def test_what_names_nothing_agrees_within_one_text_only(measure: str, n: int) -> None:
    assert (
        len(
            reconcile(
                figures("A: 14 @2025-06 by Meta | B: 14 @2025-06 by Meta", measure=measure, subject=None)
            )
        )
        == n
    )


def test_what_no_measure_measures_agrees_within_one_text_only() -> None:
    assert len(reconcile(figures("A: 14 @2025-06 | B: 14 @2025-06 | A: 14 @2025-06", measure="other"))) == 2


def test_a_bound_is_no_claim_about_a_part_that_stands_beside_it() -> None:
    whole, part = figure("A: <4"), figure("A: 2,75", 100, sentence_start=0)
    assert told(reconcile(frame([whole, part]))) == ["2,75 [2,75, 2,75] A", "4 [?, 4] A"]
    assert told(reconcile(figures("A: <4 | B: 2,75"))) == ["2,75 [2,75, 4] AB"]


# --- who says so, and when ------------------------------------------------------------------------------------

DISPATCH = "Meta mettrait 14 milliards de dollars dans Scale AI, selon nos informations."


@pytest.mark.parametrize(
    ("cells", "n"),
    [
        ([{}, {}, {}], 3),
        ([{"publisher": "Le Temps"}, {"publisher": "Le Temps"}, {}], 2),
        ([{"sentence": DISPATCH}, {"sentence": DISPATCH}, {}], 2),  # a reprint
        ([{"attribution": "Bloomberg"}, {"attribution": "Bloomberg"}, {}], 2),  # quotations
        ([{"attribution": "Bloomberg"}, {"publisher": "Bloomberg"}, {}], 2),
        ([{"attribution": "une source proche"}, {"attribution": "une source proche"}, {}], 3),
    ],
    ids=str,
)
def test_independent_sources(cells: list[dict[str, Any]], n: int) -> None:
    fact = reconcile(
        frame([figure(f"{name}: 14", **cell) for name, cell in zip("ABC", cells, strict=True)])
    ).iloc[0]
    assert (fact["n_documents"], fact["independent_sources"]) == (3, n)


def test_the_timeline_tells_when_each_status_was_first_stated() -> None:
    rows = [
        figure("A: 14", status="reported", published="2025-06-08"),
        figure("B: 14", status="reported", published="2025-06-07"),
        figure("C: 14", published="2025-06-13"),
        figure("D: 14", status="planned", published="2025-06-10"),
        figure("E: 14", status="denied"),
    ]
    expected = ["2025-06-07 reported", "2025-06-10 planned", "2025-06-13 actual", "denied"]
    assert reconcile(frame(rows)).iloc[0]["timeline"] == expected


def test_the_margin_is_half_of_the_last_digit() -> None:
    assert reconcile(figures("A: 14,3 | B: 14"))["margin"].tolist() == [0.05e9]
    assert reconcile(figures("A: <14"))["margin"].isna().all()


# --- conversions ----------------------------------------------------------------------------------------------


def test_a_conversion_belongs_to_the_fact_of_what_it_converts_and_decides_nothing() -> None:
    rows = [
        figure("A: 14 @2025-06 by Meta", 0),
        figure("A: 12 @2025-06 by Meta", 40, unit="EUR", equivalent_of="A:0"),
        figure("A: 9 @2025-06 by Meta", 80, unit="GBP", equivalent_of="A:40"),
        figure("B: 12 @2025-06 by Meta", 0, unit="EUR"),
    ]
    dollars, euros = (
        fact for _, fact in reconcile(frame(rows)).sort_values("unit", ascending=False).iterrows()
    )
    assert dollars["figures"] == ["A:0", "A:40", "A:80"]
    assert (dollars["value"], dollars["low"], dollars["high"], dollars["dissent"]) == (14e9, 14e9, 14e9, [])
    assert (euros["figures"], euros["documents"]) == (["B:0"], ["B"])


@pytest.mark.parametrize("original", ["A:0", "A:100", "gone"])
def test_a_conversion_of_nothing_here_stands_for_itself(original: str) -> None:
    rows = [
        figure("A: 14", 0, equivalent_of="A:100"),
        figure("A: 12", 100, unit="EUR", equivalent_of=original),
    ]
    named = [fact for ids in reconcile(frame(rows))["figures"] for fact in ids]
    assert sorted(named) == ["A:0", "A:100"]


# --- identity -------------------------------------------------------------------------------------------------


def test_a_fact_keeps_its_id_when_a_later_document_joins_it() -> None:
    before = reconcile(figures("A: 14,3 @2025-06 | B: 29 @2025-06"))
    after = reconcile(figures("A: 14,3 @2025-06 | B: 29 @2025-06 | C: 14 @2025-06"))
    assert before["fact_id"].tolist() == after["fact_id"].tolist()
    assert before["fact_id"].is_unique


def test_a_document_under_two_paths_counts_once() -> None:
    once = figures("A: 14,3 | B: 14")
    copy = once[once["source"] == "A"].assign(source="Z/A")
    assert_frame_equal(reconcile(pd.concat([copy, once], ignore_index=True)), reconcile(once))


patient = settings(deadline=None)  # the first example makes the pint registry

amounts = st.one_of(
    st.decimals(1, 40, places=1).map(lambda n: f"{n}".replace(".", ",")),
    st.integers(1, 40).map(str),
    st.integers(1, 40).map("~{}".format),
    st.integers(1, 40).map(">{}".format),
    st.integers(1, 40).map("<{}".format),
    st.tuples(st.integers(1, 20), st.integers(21, 40)).map(lambda ends: f"{ends[0]}-{ends[1]}"),
    st.sampled_from(["2..10", "2..1000", "20..100"]),
)
lines = st.builds(
    lambda document, amount, period, actor: f"{document}: {amount}{period}{actor}",
    st.sampled_from("ABCDE"),
    amounts,
    st.sampled_from(
        ["", " @2025", " @2025-34", " @2025-06", " @2025-06-12", " @2025-01", " @2024/2025", " @../2025"]
    ),
    st.sampled_from(["", " by Meta", " by X"]),
)
tables = st.lists(lines, max_size=14).map(
    lambda texts: frame([figure(text, n * 100) for n, text in enumerate(texts)])
)


@patient
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_figures_changes_nothing(table: pd.DataFrame, random: Any) -> None:
    order = list(range(len(table)))
    random.shuffle(order)
    assert_frame_equal(reconcile(table.iloc[order]), reconcile(table))


@patient
@given(tables, st.sampled_from("ABCDE"))
def test_a_document_read_twice_changes_nothing(table: pd.DataFrame, document: str) -> None:
    again = table[table["source"] == document]
    assert_frame_equal(reconcile(pd.concat([again, table])), reconcile(table))


@patient
@given(tables, st.integers(0, 14))
def test_batches_merged_later_are_the_whole(table: pd.DataFrame, cut: int) -> None:
    batches = [table.iloc[cut:], table.iloc[:cut]]
    assert_frame_equal(reconcile(pd.concat(batches)), reconcile(table))


@patient
@given(tables, st.sampled_from("ABCDE"))
def test_a_document_withdrawn_changes_no_fact_of_another_subject(table: pd.DataFrame, document: str) -> None:
    others = pd.concat([table, table.assign(subject="OpenAI", figure_id=table["figure_id"] + "'")])
    left = others[(others["source"] != document) | (others["subject"] == "OpenAI")]
    one, other = [
        reconcile(rows).query("subject == 'OpenAI'").reset_index(drop=True) for rows in (others, left)
    ]
    assert_frame_equal(one, other)


@patient
@given(tables)
def test_each_figure_states_one_fact_and_can_stand_for_its_value(table: pd.DataFrame) -> None:
    facts = reconcile(table)
    check(facts)
    assert sorted(name for names in facts["figures"] for name in names) == sorted(table["figure_id"])
    rows: dict[str, Any] = {row["figure_id"]: row for row in table.to_dict(orient="records")}
    for fact in facts.to_dict(orient="records"):
        for name in fact["figures"]:
            row = {k: None if v is None or v != v else v for k, v in rows[name].items()}  # noqa: PLR0124, NaN
            interval = interval_of(row["quote"], row["value"], row["low"], row["high"], row["qualifier"])
            assert interval is not None
            assert pd.isna(fact["value"]) or interval.holds(Decimal(str(fact["value"])))
            assert row["actor"] in (None, fact["actor"])


@given(amounts)
def test_an_interval_holds_what_it_stands_by(amount: str) -> None:
    row = figure(f"A: {amount}")
    interval = interval_of(row["quote"], row["value"], row["low"], row["high"], row["qualifier"])
    assert interval is not None
    assert interval.holds(interval.point)
    if row["value"] is not None:
        assert interval.point == Decimal(str(row["value"]))


# --- the five texts -------------------------------------------------------------------------------------------


def test_the_facts_of_the_five_seeds(shared: Path) -> None:
    texts = (shared / "gold" / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
    gold = [{name: _first(cell) for name, cell in json.loads(text).items()} for text in texts]
    table = frame({**figure(f"{_name(g)}: 1"), **_cells(g)} for g in gold)
    facts = reconcile(table).to_dict(orient="records")
    wanted = [
        json.loads(text) for text in (shared / "gold" / "seeds-facts.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(wanted) == 14
    for gold_fact in wanted:
        assert any(_agrees(gold_fact, fact) for fact in facts), gold_fact


def _first(cell: Any) -> Any:
    return cell[0] if isinstance(cell, list) else cell


def _name(row: dict[str, Any]) -> str:
    return str(row["file"]).removesuffix(".txt")


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    cells = {name: cell for name, cell in row.items() if name not in ("file", "optional")}
    return cells | {"figure_id": f"{row['file']}:{row['start']}", "source": row["file"]}


def _agrees(gold: dict[str, Any], fact: Any) -> bool:
    """Whether a fact is the gold's to the last cell, its period at the gold's precision."""

    def same(name: str) -> bool:
        found = None if isinstance(fact[name], float) and pd.isna(fact[name]) else fact[name]
        answers = gold[name] if isinstance(gold[name], list) else [gold[name]]
        if name == "period":
            return any(found == a or (found and a and found.startswith(a)) for a in answers)
        return found in answers

    names = ("measure", "subject", "actor", "unit", "period", "value", "low", "high")
    return all(map(same, names)) and fact["documents"] == gold["documents"]

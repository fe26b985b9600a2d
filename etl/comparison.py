"""Deals and valuations side by side: in one money, as a multiple of one of them, or along the years of an entity."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pandas as pd

from etl.derived import main_points
from etl.errors import ComparisonError
from etl.money import restate
from etl.periods import parse_period


def compare(
    table: pd.DataFrame, to: str, currency: str | None = "USD", prices: int | None = None
) -> pd.DataFrame:
    """The deals or facts beside one of them, largest first, in one money.

    `to` is an entity (`WhatsApp`), a pair of them (`Microsoft–OpenAI`: who pays, then what for) or an id. Where it has
    several rows, the reference is the one that most documents tell of, then the largest; of facts, the value of a deal.
    The table is restated (see `restate`); to it come `is_reference`, `ratio` (a multiple of the reference),
    `difference` (from it, in the same money) and `rank` (1 is the largest). They are null where the amount is.
    Raises `ComparisonError` where nothing of that name has an amount in this money.

    >>> table = pd.DataFrame({"deal_id": ["a", "b"], "acquirer": ["Meta", "Meta"], "target": ["WhatsApp", "Scale AI"],
    ...     "unit": "USD", "period": ["2014-02", "2025-06"], "value": [19e9, 14.3e9], "low": None, "high": None,
    ...     "n_documents": 1})
    >>> compare(table, "WhatsApp", prices=2025)[["target", "rank", "ratio"]].round(2).values.tolist()
    [['WhatsApp', 1.0, 1.0], ['Scale AI', 2.0, 0.55]]
    """
    restated = restate(table, currency, prices)
    amounts = restated["value_restated"]
    if currency is None:  # one's own currency compares with itself only
        amounts = amounts.where(restated["unit"] == _reference(restated, amounts, to)["unit"])
    reference = _reference(restated, amounts, to)
    amount = reference["value_restated"]
    order = [*_names(table), _key(table)]
    compared = restated.assign(
        is_reference=restated[_key(table)] == reference[_key(table)],
        ratio=amounts / amount if amount else np.nan,
        difference=amounts - amount,
        rank=amounts.rank(ascending=False, method="min"),
    )
    return compared.sort_values(["rank", *order], na_position="last", ignore_index=True)


def _key(table: pd.DataFrame) -> str:
    return "deal_id" if "deal_id" in table else "fact_id"


def _names(table: pd.DataFrame) -> tuple[str, str]:
    return ("acquirer", "target") if "deal_id" in table else ("actor", "subject")


_BETWEEN = re.compile(r"\s*(?:–|—|→|\s-\s)\s*")


def _reference(table: pd.DataFrame, amounts: pd.Series[float], to: str) -> pd.Series[float]:
    """The row that everything is compared with."""
    payer, target = _names(table)
    named = (table[target] == to) | (table[_key(table)] == to)
    pair = _BETWEEN.split(to)
    if len(pair) == 2:
        named |= (table[payer] == pair[0]) & (table[target] == pair[1])
    rows = table[named & amounts.notna()]
    if "measure" in table and (rows["measure"] == "deal_value").any():
        rows = rows[rows["measure"] == "deal_value"]
    if not len(rows):
        raise ComparisonError(
            f"to {to!r}: no amount of it is here in that money; name an entity of the table"
        )
    ranked = rows.sort_values(["n_documents", "value", _key(table)], ascending=[False, False, True])
    return ranked.iloc[0]


def history(facts: pd.DataFrame, subject: str, derived: pd.DataFrame | None = None) -> pd.DataFrame:
    """What an entity was worth along the years, oldest first, one row a point.

    A point is a fact of the measure `valuation` with a value in money and a period; with `derived`, the valuations
    implied by deals are points too, of `basis` `implied`. Columns: `subject`, `period`, `unit`, `value`, `low`, `high`,
    `basis`, `status`, `n_documents`, `independent_sources`, `documents`, `figures`, `id` (of the fact or derived fact),
    `growth` (in percent, over the last point of the same unit and basis) and `break`: why no line may be drawn from the
    point before to this one. `unit`: another currency; `basis`: stated there and implied here, or the other way round;
    `dissent`: several values in one period, of which another has more documents, or as many.

    >>> facts = pd.DataFrame({"fact_id": ["a", "b"], "measure": "valuation", "subject": "Scale AI", "unit": "USD",
    ...     "period": ["2024-05", "2025-06"], "value": [14e9, 29e9], "low": None, "high": None, "status": "actual",
    ...     "n_documents": 1, "independent_sources": 1, "documents": [["A"], ["B"]], "figures": [["1"], ["2"]]})
    >>> history(facts, "Scale AI")[["period", "value", "growth"]].round(1).values.tolist()
    [['2024-05', 14000000000.0, nan], ['2025-06', 29000000000.0, 107.1]]
    """
    is_point = (facts["measure"] == "valuation") & (facts["subject"] == subject)
    stated = facts[is_point & facts["unit"].str.fullmatch("[A-Z]{3}")].assign(basis="stated")
    points = stated.rename(columns={"fact_id": "id"})
    if derived is not None:
        theirs = derived[(derived["measure"] == "implied_valuation") & (derived["subject"] == subject)]
        implied = theirs.rename(columns={"derived_id": "id"}).assign(basis="implied", status="actual")
        points = pd.concat([points, implied], ignore_index=True)
    points = points.reindex(columns=_POINT)
    begins = points["period"].map(_begins, na_action="ignore")
    points = points[points["value"].notna() & begins.notna()].assign(begins=begins)
    points = points.sort_values(["begins", "basis", "value", "id"], ignore_index=True)
    rows = [{str(name): cell for name, cell in row.items()} for row in points.to_dict("records")]
    told_by = stated.set_index("fact_id")["n_documents"].to_dict()  # an implied valuation is told by nobody
    chosen = {
        row["id"]
        for basis in ("stated", "implied")
        for row in main_points(
            [{**row, "n_documents": told_by.get(row["id"], 0)} for row in rows if row["basis"] == basis]
        )
    }
    breaks: list[str | None] = [None if row["id"] in chosen else "dissent" for row in rows]
    growth = [np.nan] * len(rows)
    last: dict[tuple[str, str], float] = {}
    for place, row in enumerate(rows):
        if breaks[place] is None:
            line = (row["unit"], row["basis"])
            if before := last.get(line):
                growth[place] = (row["value"] / before - 1) * 100
            last[line] = row["value"]
    kept = [place for place, why in enumerate(breaks) if why is None]
    for one, other in pairwise(kept):
        if rows[one]["unit"] != rows[other]["unit"]:
            breaks[other] = "unit"
        elif rows[one]["basis"] != rows[other]["basis"]:
            breaks[other] = "basis"
    points["growth"] = growth
    points["break"] = pd.Series(breaks, points.index, "str")
    return points.drop(columns="begins")


_POINT = ["subject", "period", "unit", "value", "low", "high", "basis", "status", "n_documents"]
_POINT += ["independent_sources", "documents", "figures", "id"]


def _begins(period: str) -> int | None:
    dates = parse_period(period)
    return dates.first[0] if dates and dates.first[0] > 0 else None

"""How many amounts a tool gets right: value and unit, on gold. Spans need only overlap, and bounds are left aside."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]
KINDS = ("money", "percent")


def amount_f1(gold: Iterable[Row], found: Iterable[Row]) -> float:
    """F1 of the money and percents; a figure that the gold leaves open is neither missed nor wrong.

    >>> fourteen = {"file": "a", "start": 0, "end": 9, "kind": "money", "value": 14e9, "unit": ["USD", "CAD"]}
    >>> nine = {"file": "a", "start": 20, "end": 23, "kind": "percent", "value": 9, "unit": "percent"}
    >>> amount_f1([fourteen, nine], [{**fourteen, "id": "a", "start": 3, "unit": "USD"}])
    0.6666666666666666
    """
    wanted, given = defaultdict(list), defaultdict(list)
    for row in gold:
        wanted[row["file"]].append(row)
    for row in found:
        if row["kind"] in KINDS:
            given[row["id"]].append(row)
    hits = n_wanted = n_given = 0
    for document in wanted.keys() | given.keys():
        firm = [row for row in wanted[document] if row["kind"] in KINDS and not row.get("optional")]
        free = [row for row in wanted[document] if row.get("optional")]
        pairs = pair(firm, given[document])
        paired = {id(row) for _, row in pairs}
        spare = [row for row in given[document] if id(row) not in paired]
        hits += sum(same_amount(*two) for two in pairs)
        n_wanted += len(firm)
        n_given += len(pairs) + sum(not any(overlap(row, open_) > 0 for open_ in free) for row in spare)
    return 2 * hits / (n_wanted + n_given) if n_wanted + n_given else 0.0


def pair(gold: list[Row], found: list[Row]) -> list[tuple[Row, Row]]:
    """Each figure of the gold with at most one that overlaps it, those that share most before the others."""
    both = [(g, f) for g in gold for f in found if g["kind"] == f["kind"] and overlap(g, f) > 0]
    both.sort(key=lambda two: (-overlap(*two), abs(two[0]["start"] - two[1]["start"])))
    taken: set[int] = set()
    pairs = []
    for g, f in both:
        if not taken & {id(g), id(f)}:
            taken |= {id(g), id(f)}
            pairs.append((g, f))
    return pairs


def overlap(a: Row, b: Row) -> int:
    return int(min(a["end"], b["end"]) - max(a["start"], b["start"]))


def same_amount(gold: Row, found: Row) -> bool:
    a, b = gold.get("value"), found["value"]
    if a is None or b is None or math.isnan(b):
        same = a is None and (b is None or math.isnan(b))
    else:
        same = math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)
    units = gold["unit"] if isinstance(gold["unit"], list) else [gold["unit"]]
    return same and str(found["unit"]).casefold() in {unit.casefold() for unit in units}

"""What one table has that another has not: figures and facts gained, lost and changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from etl.errors import TableError
from etl.table import columns_of


def diff(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """What changed between two tables of one kind: one row for each row gained or lost, and each cell changed.

    Columns: `change` (`gained`, `lost`, `changed`), `id`, `column`, `old`, `new`, cells as text; in the order of ids.
    A row gained or lost is summed up in `new` or `old`. Facts whose ids differ, as the document that they are named
    after went, but that share a figure and their key, are one fact that changed. Raises `TableError` for two kinds of
    tables.

    >>> from etl.pipeline import parse
    >>> old, new = (parse("Meta paie " + amount, published="2025-06-01") for amount in ("14 M€.", "14 M€ et 3 M€."))
    >>> diff(old.assign(figure_id="a"), new.assign(figure_id=["a", "b"])).query("change == 'gained'")["id"].tolist()
    ['b']
    """
    contract = columns_of(old)
    if columns_of(new) is not contract:
        raise TableError("these are two kinds of tables; give two of figures, two of facts or two of deals")
    key = contract[0].name
    names = [
        column.name for column in contract if column.name in old and column.name in new and column.name != key
    ]
    before, after = _by_id(old, key, names), _by_id(new, key, names)
    same = {name: name for name in before if name in after} | _renamed(before, after)
    rows: list[dict[str, Any]] = [
        *({"change": "lost", "id": n, "old": _summary(row)} for n, row in before.items() if n not in same),
        *({"change": "gained", "id": n, "new": _summary(after[n])} for n in {*after} - {*same.values()}),
    ]
    for name, now in same.items():
        for column in names:
            was, is_ = before[name][column], after[now][column]
            if was != is_:
                rows.append(
                    {"change": "changed", "id": now, "column": column, "old": _text(was), "new": _text(is_)}
                )
    table = pd.DataFrame(rows, columns=["change", "id", "column", "old", "new"]).astype("str")
    return table.sort_values(["change", "id", "column"], ignore_index=True)


def _by_id(table: pd.DataFrame, key: str, names: list[str]) -> dict[str, dict[str, Any]]:
    cells = table[[key, *names]].astype(object)
    rows = cells.where(cells.notna(), None).to_dict("records")
    return {row.pop(key): {str(name): _plain(cell) for name, cell in row.items()} for row in rows}


def _plain(cell: object) -> object:
    return tuple(cell) if isinstance(cell, Iterable) and not isinstance(cell, str) else cell


def _renamed(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The facts that go on under another id, with that."""
    owners = {
        (figure, *_identity(row)): name
        for name, row in after.items()
        if name not in before
        for figure in row.get("figures", ())
    }
    found: dict[str, str] = {}
    for name, row in before.items():
        if name in after:
            continue
        heirs = {
            owners[link] for figure in row.get("figures", ()) if (link := (figure, *_identity(row))) in owners
        }
        if len(heirs) == 1 and not heirs & {*found.values()}:
            found[name] = heirs.pop()
    return found


def _identity(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in ("measure", "subject", "unit"))


def _summary(row: dict[str, Any]) -> str:
    names = ("quote", "measure", "acquirer", "actor", "subject", "target", "period", "value", "unit")
    return " · ".join(filter(None, (_text(row.get(name)) for name in names)))


def _text(cell: object) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, tuple):
        return ", ".join(map(str, cell))
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)

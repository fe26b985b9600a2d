"""The grid of all figures: its columns, and the rows that it asks for, sorted and filtered by the server.

Only what is seen is sent, so that a table of any size opens as fast as a small one.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dash_ag_grid as dag
import pandas as pd

from dashboard import format as fr
from dashboard import labels
from dashboard.data import records
from dashboard.filters import Cells

ASSETS = Path(__file__).parent / "assets"
_THEME = """themeQuartz.withParams({
    backgroundColor: "var(--paper)", foregroundColor: "var(--ink)", accentColor: "var(--accent)",
    borderColor: "var(--rule)", headerBackgroundColor: "var(--ground)", browserColorScheme: "inherit",
    fontFamily: "inherit", fontSize: 14, rowHeight: 38, headerHeight: 40
})"""  # the page's own colours, which turn dark with it
_NUMBERS = {"value", "low", "high", "start", "end"}
_WIDTHS = {
    "value": 190,
    "measure": 200,
    "period": 165,
    "quote": 200,
    "sentence": 420,
    "title": 260,
    "source": 220,
}


_BLOCK = 100  # rows that the grid asks for at once


@functools.cache
def locale(name: str) -> dict[str, Any]:
    """The French words of a library, from the assets."""
    words: dict[str, Any] = json.loads((ASSETS / f"{name}.fr.json").read_text(encoding="utf-8"))
    return words


def component() -> dag.AgGrid:
    """The grid, without a row yet."""
    return dag.AgGrid(
        id="grid",
        rowModelType="infinite",
        columnDefs=[_column(name, label) for name, label in labels.HEADERS.items()],
        defaultColDef={"resizable": True, "sortable": True, "filter": True, "minWidth": 90, "width": 140},
        getRowId="params.data.figure_id",
        style={"display": "none"},
        dashGridOptions={
            "theme": {"function": _THEME},
            "localeText": locale("ag-grid"),
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
            "cacheBlockSize": _BLOCK,
            "maxBlocksInCache": 20,
            "rowBuffer": 10,
            "tooltipShowDelay": 300,
        },
    )


def _column(name: str, label: str) -> dict[str, Any]:
    column = {
        "field": name,
        "headerName": label,
        "headerTooltip": f"{labels.MEANINGS[name]} (colonne {name} du fichier)",
        "width": _WIDTHS.get(name, 140),
        "filterParams": {"maxNumConditions": 1, "buttons": ["reset"], "debounceMs": 400},
    }
    if name in _NUMBERS:
        column |= {"type": "rightAligned", "filter": "agNumberColumnFilter"}
    if name in ("value", "low", "high", "period", "published"):
        column["valueFormatter"] = {"function": f"params.data ? params.data.{name}_text : ''"}
    return column


def answer(figures: pd.DataFrame, request: Mapping[str, Any]) -> dict[str, Any]:
    """The rows that the grid asks for (`startRow` to `endRow`), sorted and filtered as it says, and how many there are.

    What it asks of a column that is none of its own is left aside.

    >>> from etl import parse
    >>> figures = parse("Meta vaut 3 milliards d'euros. Danone vaut 2 milliards d'euros.")
    >>> asked = {"startRow": 0, "endRow": 1, "sortModel": [{"colId": "value", "sort": "asc"}]}
    >>> [row["subject"] for row in answer(figures, asked)["rowData"]]
    ['Danone']
    """
    left = figures[list(labels.HEADERS)]
    for name, condition in (request.get("filterModel") or {}).items():
        if name in left:
            left = left[_meets(left[name], name, condition)]
    order = [rule for rule in request.get("sortModel") or [] if rule["colId"] in left]
    if order:
        ascending = [rule["sort"] == "asc" for rule in order]
        by = [rule["colId"] for rule in order]
        left = left.sort_values(by, ascending=ascending, kind="stable", key=_as_words)
    shown = left.iloc[int(request.get("startRow") or 0) : int(request.get("endRow") or _BLOCK)]
    return {"rowData": rows(figures.loc[shown.index]), "rowCount": len(left)}


def _as_words(cells: Cells) -> Cells:
    return cells.map(labels.WORDS[str(cells.name)]) if cells.name in labels.WORDS else cells


def _meets(cells: Cells, name: str, condition: Mapping[str, Any]) -> Cells:
    """Which cells meet a condition of the grid."""
    kind, wanted = condition.get("type", ""), condition.get("filter")
    if kind in ("blank", "notBlank"):
        return cells.isna() if kind == "blank" else cells.notna()
    if name in _NUMBERS:
        met = _compared(cells.astype(float), kind, wanted, condition.get("filterTo"))
    else:
        met = _matched(_as_words(cells).astype("str").str.casefold(), kind, str(wanted or "").casefold())
    return met.fillna(value=False).astype(bool)


def _compared(cells: Cells, kind: str, wanted: Any, until: Any) -> Cells:  # noqa: ANN401, a cell of JSON
    met: dict[str, Cells] = {
        "equals": cells == wanted,
        "notEqual": cells != wanted,
        "greaterThan": cells > wanted,
        "greaterThanOrEqual": cells >= wanted,
        "lessThan": cells < wanted,
        "lessThanOrEqual": cells <= wanted,
    }
    return cells.between(wanted, until) if kind == "inRange" else met.get(kind, cells.notna())


def _matched(cells: Cells, kind: str, wanted: str) -> Cells:
    found: Cells
    if kind in ("equals", "notEqual"):
        found = cells == wanted
    elif kind in ("startsWith", "endsWith"):
        found = getattr(cells.str, kind.lower())(wanted)
    else:
        found = cells.str.contains(wanted, regex=False)
    return ~found.fillna(value=False).astype(bool) if kind.startswith("not") else found


def rows(figures: pd.DataFrame) -> list[dict[str, Any]]:
    """The grid's rows: codes in French, beside each number and date the text that shows it."""
    read = records(figures)
    shown = figures[list(labels.HEADERS)].copy()
    for name, translation in labels.WORDS.items():
        shown[name] = shown[name].map(translation)
    for name in ("low", "high"):
        shown[f"{name}_text"] = [
            "" if figure[name] is None else fr.amount(figure[name], figure["unit"]) for figure in read
        ]
    shown["value_text"] = [fr.reading(figure) for figure in read]
    for name in ("period", "published"):
        shown[f"{name}_text"] = figures[name].map(fr.date, na_action="ignore")
    cells: list[dict[str, Any]] = json.loads(shown.to_json(orient="records"))
    return cells

"""The grid of all figures: its columns, and the rows that it asks for, sorted and filtered by the server.

Only what is seen is sent, so that a table of any size opens as fast as a small one.
"""

import functools
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import dash_ag_grid as dag

from dashboard import data, filters, labels
from dashboard import format as fr
from dashboard.filters import Condition, State
from dashboard.library import Library, Row

ASSETS = Path(__file__).parent / "assets"
_THEME = """themeQuartz.withParams({
    backgroundColor: "var(--paper)", foregroundColor: "var(--ink)", accentColor: "var(--accent)",
    borderColor: "var(--rule)", headerBackgroundColor: "var(--ground)", browserColorScheme: "inherit",
    fontFamily: "inherit", fontSize: 14, rowHeight: 38, headerHeight: 40
})"""  # the page's own colours, which turn dark with it
_NUMBERS = {"value", "low", "high", "start", "end"}
_WIDTH = 135
_WIDTHS = {
    "value": 165,
    "measure": 195,
    "period": 150,
    "quote": 200,
    "sentence": 420,
    "title": 260,
    "source": 220,
}


_BLOCK = 100  # rows that the grid asks for at once
_COLUMNS = ", ".join(f'"{name}"' for name in labels.HEADERS)


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
        defaultColDef={"resizable": True, "sortable": True, "filter": True, "minWidth": 90, "width": _WIDTH},
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
        "width": _WIDTHS.get(name, _WIDTH),
        "filterParams": {"maxNumConditions": 1, "buttons": ["reset"], "debounceMs": 400},
    }
    if name in _NUMBERS:
        column |= {"type": "rightAligned", "filter": "agNumberColumnFilter"}
    if name in ("value", "low", "high", "period", "published"):
        column["valueFormatter"] = {"function": f"params.data ? params.data.{name}_text : ''"}
    return column


def answer(library: Library, state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """The rows that the grid asks for (`startRow` to `endRow`), sorted and filtered as it says, and how many there are.

    What it asks of a column that is none of its own is left aside.

    >>> from dashboard.library import open_library
    >>> from etl import parse
    >>> library = open_library(parse("Meta vaut 3 milliards d'euros. Danone vaut 2 milliards d'euros."))
    >>> asked = {"startRow": 0, "endRow": 1, "sortModel": [{"colId": "value", "sort": "asc"}]}
    >>> answered = answer(library, filters.parse("?page=chiffres"), asked)
    >>> [row["subject"] for row in answered["rowData"]], answered["rowCount"]
    (['Danone'], 2)
    """
    asked = request.get("filterModel") or {}
    conditions = [
        filters.condition(state),
        *(_condition(name, rule) for name, rule in asked.items() if name in labels.HEADERS),
    ]
    where = " AND ".join(condition.sql for condition in conditions)
    values = {name: value for condition in conditions for name, value in condition.values.items()}
    sorts = [
        f"{_shown(rule['colId'])} {'ASC' if rule['sort'] == 'asc' else 'DESC'} NULLS LAST"
        for rule in request.get("sortModel") or []
        if rule["colId"] in labels.HEADERS
    ]
    order = ", ".join([*sorts, "rowid"])
    first = int(request.get("startRow") or 0)
    many = int(request.get("endRow") or _BLOCK) - first
    # The places first, then the rows of these alone: what is sorted is narrow.
    places = f"SELECT rowid FROM figures WHERE {where} ORDER BY {order} LIMIT {many} OFFSET {first}"
    asked = f"SELECT {_COLUMNS}, rowid AS place FROM figures WHERE rowid IN ({places})"
    found = library.rows(f"{asked} ORDER BY {order}" if sorts else asked, **values)
    if not sorts:  # the order of the table, which the engine would take longer to plan
        found.sort(key=lambda row: int(row["place"]))
    if not conditions[1:]:  # then it is what the page itself counts
        return {"rowData": rows(found), "rowCount": data.count(library, state).many}
    [total] = library.rows(f"SELECT count(*) AS figures FROM figures WHERE {where}", **values)
    return {"rowData": rows(found), "rowCount": total["figures"]}


def _shown(name: str) -> str:
    """The cells of a column as a reader sees them, in SQL: codes as their words."""
    if name not in labels.WORDS:
        return f'"{name}"'
    words = " ".join(f"WHEN '{code}' THEN '{word}'" for code, word in labels.WORDS[name].items())
    return f"CASE {name} {words} END"


# What the grid asks of a number, and of a text, by the names that it has for it.
_COMPARED = {
    "equals": "{cell} = {value}",
    "notEqual": "{cell} IS DISTINCT FROM {value}",
    "greaterThan": "{cell} > {value}",
    "greaterThanOrEqual": "{cell} >= {value}",
    "lessThan": "{cell} < {value}",
    "lessThanOrEqual": "{cell} <= {value}",
    "inRange": "{cell} BETWEEN {value} AND {until}",
}
_MATCHED = {
    "equals": "lower({cell}) = lower({value})",
    "notEqual": "lower({cell}) IS DISTINCT FROM lower({value})",
    "contains": "contains(lower({cell}), lower({value}))",
    "notContains": "contains(lower({cell}), lower({value})) IS NOT TRUE",
    "startsWith": "starts_with(lower({cell}), lower({value}))",
    "endsWith": "ends_with(lower({cell}), lower({value}))",
}
_BLANK = {"blank": "{cell} IS NULL", "notBlank": "{cell} IS NOT NULL"}


def _condition(name: str, rule: Mapping[str, Any]) -> Condition:
    """What the grid asks of a column; the values have names of their own. An unknown question asks for nothing."""
    is_number = name in _NUMBERS
    sql = (_BLANK | (_COMPARED if is_number else _MATCHED)).get(rule.get("type", ""), "true")
    given = {"value": rule.get("filter"), "until": rule.get("filterTo")}
    values = {
        f"{name}_{place}": value if is_number else str(value or "")
        for place, value in given.items()
        if f"{{{place}}}" in sql
    }
    return Condition(
        sql.format(cell=_shown(name), value=f"${name}_value", until=f"${name}_until"),
        values,
    )


def rows(figures: Iterable[Row]) -> list[dict[str, Any]]:
    """The grid's rows: codes in French, beside each number and date the text that shows it."""
    return [_row(figure) for figure in figures]


def _row(figure: Row) -> dict[str, Any]:
    shown = {name: figure[name] for name in labels.HEADERS}
    words = {name: words.get(shown[name]) for name, words in labels.WORDS.items()}
    bounds = {
        f"{name}_text": "" if figure[name] is None else fr.amount(figure[name], figure["unit"])
        for name in ("low", "high")
    }
    dates = {f"{name}_text": figure[name] and fr.date(figure[name]) for name in ("period", "published")}
    return {**shown, **words, **bounds, **dates, "value_text": fr.reading(figure)}

"""What happens on a click: the address changes, and the page draws what the address says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, ctx, no_update
from dash.dcc.express import send_bytes
from dash.exceptions import PreventUpdate

from dashboard import charts, data, filters, layout
from dashboard.charts import Theme
from dashboard.data import Tables
from dashboard.filters import FILTERS

PICTURES: dict[str, Callable[[Tables, Theme], Any]] = {
    "operations": lambda left, theme: charts.deals(left.facts, left.figures, theme),
    "valorisations": lambda left, theme: charts.valuations(left.facts, left.figures, theme),
    "comparaison": lambda left, theme: charts.comparison(left.facts, data.subjects(left.facts), theme),
}
SHOWN: dict[str, str] = {}
HIDDEN = {"display": "none"}


def register(app: dash.Dash, tables: Tables) -> None:
    """Ties the page to the tables."""
    _keep_address(app)
    _choose(app)
    _say(app, tables)
    _draw(app, tables)
    _show_evidence(app, tables)
    _download(app, tables)


def _keep_address(app: dash.Dash) -> None:
    @app.callback(
        Output("url", "search"),
        *[Output(row.key, "value") for row in FILTERS],
        *[Output(f"{row.key}-field", "hidden") for row in FILTERS],
        Input("url", "search"),
        *[Input(row.key, "value") for row in FILTERS],
    )
    def keep_address_and_filters_alike(search: str, *values: str | list[str] | None) -> tuple[Any, ...]:
        state = filters.parse(search)
        hidden = [state.page.key not in row.pages for row in FILTERS]
        if ctx.triggered_id in (None, "url"):
            return (no_update, *[layout.shown(row, state) for row in FILTERS], *hidden)
        chosen = {row.key: layout.chosen(value) for row, value in zip(FILTERS, values, strict=True)}
        return (filters.query(replace(state, chosen=chosen)), *[no_update] * len(FILTERS), *hidden)


def _choose(app: dash.Dash) -> None:
    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Output("chart", "clickData"),
        Input("chart", "clickData"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def choose_mark(click: dict[str, Any] | None, search: str) -> tuple[str, None]:
        # Forgetting the click lets the same mark be clicked again.
        return _with_figure(search, layout.clicked(click)), None

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("grid", "cellClicked"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def choose_row(cell: dict[str, str] | None, search: str) -> str:
        return _with_figure(search, cell["rowId"] if cell else None)


def _with_figure(search: str, figure_id: str | None) -> str:
    if figure_id is None:
        raise PreventUpdate
    return filters.query(replace(filters.parse(search), figure=figure_id))


def _say(app: dash.Dash, tables: Tables) -> None:
    @app.callback(
        Output("pages", "children"),
        Output("sentence", "children"),
        Output("empty", "hidden"),
        Input("url", "search"),
    )
    def say(search: str) -> tuple[Any, ...]:
        state = filters.parse(search)
        left = data.select(tables, state)
        count = data.count(left, state)
        return layout.tabs(state), filters.sentence(state, count, left.figures), count > 0


def _draw(app: dash.Dash, tables: Tables) -> None:
    app.clientside_callback(  # type: ignore[no-untyped-call]  # dash has no type for it
        ClientsideFunction("chiffrier", "scheme"),
        Output("provider", "forceColorScheme"),
        Input("scheme", "n_clicks"),
    )

    @app.callback(
        Output("chart", "figure"),
        Output("chart", "style"),
        Output("room", "children"),
        Output("comparison", "children"),
        Input("url", "search"),
        Input("provider", "forceColorScheme"),
    )
    def draw(search: str, scheme: str | None) -> tuple[Any, ...]:
        state = filters.parse(search)
        left = data.select(tables, state)
        theme = charts.DARK if scheme == "dark" else charts.LIGHT
        if state.page.key not in PICTURES or not data.count(left, state):
            return {}, layout.FOLDED, None, None
        drawn = data.drawn(left, state)
        chart = charts.select(PICTURES[state.page.key](drawn, theme), state.figure, theme)
        style = {
            "height": f"{chart.layout.height:.0f}px"
        }  # a chart as wide as its place keeps no height by itself
        table = layout.comparison(left.facts) if state.page.key == "comparaison" else None
        return chart, style, layout.room(state, drawn, left), table

    @app.callback(
        Output("grid", "rowData"),
        Output("grid", "selectedRows"),
        Output("grid", "style"),
        Input("url", "search"),
    )
    def fill(search: str) -> tuple[Any, ...]:
        state = filters.parse(search)
        left = data.select(tables, state)
        if state.page.key != "chiffres" or not len(left.figures):
            return [], {"ids": []}, HIDDEN
        return layout.rows(left.figures), {"ids": [state.figure] if state.figure else []}, SHOWN


def _show_evidence(app: dash.Dash, tables: Tables) -> None:
    @app.callback(Output("evidence", "children"), Output("evidence", "className"), Input("url", "search"))
    def show_evidence(search: str) -> tuple[Any, str]:
        state = filters.parse(search)
        figure = data.figure(tables, state.figure)
        if figure is None:
            return layout.invitation(state), "evidence"
        return layout.evidence(state, figure, data.fact_of(tables, figure["figure_id"])), "evidence open"


def _download(app: dash.Dash, tables: Tables) -> None:
    @app.callback(
        Output("download", "data"),
        Input("csv", "n_clicks"),
        Input("csv-fr", "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def download(_csv: int, _french: int, search: str) -> dict[str, Any]:
        state = filters.parse(search)
        write = data.french_csv_bytes if ctx.triggered_id == "csv-fr" else data.csv_bytes
        content, name = write(data.select(tables, state).figures), f"chiffrier-{state.page.key}.csv"
        sent: dict[str, Any] = send_bytes(content, name, type="text/csv")  # type: ignore[no-untyped-call]  # as above
        return sent

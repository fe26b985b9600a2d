"""What happens on a click: the address changes, and the page draws what the address says."""

import functools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

import dash
import pandas as pd
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, no_update, set_props
from dash.dcc.express import send_bytes
from dash.exceptions import PreventUpdate

import etl
from dashboard import charts, data, evidence, filters, grid, labels, layout, texts
from dashboard.charts import Chart, Theme
from dashboard.data import Drawn
from dashboard.downloads import WRITERS
from dashboard.filters import CHARTS, FILTERS, OPTIONS, PAGE
from dashboard.library import AnswerError, Library
from etl import table

SHOWN: dict[str, str] = {}
HIDDEN = {"display": "none"}
_ONE_DOWNLOAD = Lock()  # at a time in a process: the longest takes some hundred megabytes to make


def register(app: dash.Dash, library: Library, corrections: Path | None = None) -> None:
    """Ties the page to the tables, and to the file that readers' corrections go to, where there is one."""
    _keep_address(app)
    _choose(app)
    _say(app, library, corrections)
    _draw(app, library)
    _correct(app, library, corrections)
    _analyse(app)
    _download(app, library)


def say_trouble(problem: Exception) -> None:
    """Tells the reader why there is no answer; any other error is nobody's fault but ours, and is raised."""
    if not isinstance(problem, AnswerError):
        raise problem
    set_props("trouble", {"children": str(problem)})


def _keep_address(app: dash.Dash) -> None:
    rows = (*FILTERS, *OPTIONS)

    @app.callback(
        Output("url", "search"),
        *[Output(row.key, "value") for row in rows],
        *[Output(f"{row.key}-field", "hidden") for row in FILTERS],
        *[Output(f"{row.key}-option", "hidden") for row in OPTIONS],
        Input("url", "search"),
        *[Input(row.key, "value") for row in rows],
    )
    def keep_address_and_controls_alike(search: str, *values: str | list[str] | None) -> tuple[Any, ...]:
        state = filters.parse(search)
        hidden = [state.page.key not in row.pages for row in rows]
        if ctx.triggered_id in (None, "url"):
            held = [layout.shown(row, state) for row in FILTERS]
            return (no_update, *held, *[state.option(row.key) for row in OPTIONS], *hidden)
        chosen = {row.key: layout.chosen(value) for row, value in zip(FILTERS, values, strict=False)}
        wanted = zip(OPTIONS, values[len(FILTERS) :], strict=True)
        options = {row.key: str(value) for row, value in wanted if value and value != row.default(state.page)}
        now = replace(state, chosen={key: held for key, held in chosen.items() if held}, options=options)
        # What the address says wrongly stays in it, and is told, until the reader changes something.
        return (no_update if now == state else filters.query(now), *[no_update] * len(rows), *hidden)


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


def _say(app: dash.Dash, library: Library, corrections: Path | None) -> None:
    @app.callback(
        Output("pages", "children"),
        Output("sentence", "children"),
        Output("notice", "children"),
        Output("empty", "hidden"),
        Output("grid", "style"),
        Output("grid", "selectedRows"),
        Output("text", "children"),
        Output("analyse", "hidden"),
        Output("evidence-body", "children"),
        Output("evidence", "className"),
        Output("review", "hidden"),
        Output("review-said", "children"),
        Input("url", "search"),
    )
    def say(search: str) -> tuple[Any, ...]:
        state = filters.parse(search)
        said, empty = _sentence(library, state)
        notice = [dash.html.Li(problem) for problem in filters.problems(search)]
        has_grid = state.page is PAGE["chiffres"] and not empty
        selected = {"ids": [state.figure] if has_grid and state.figure else []}
        proof, is_open = _evidence(library, state)
        return (
            layout.tabs(state),
            said,
            notice,
            not empty,
            SHOWN if has_grid else HIDDEN,
            selected,
            _text(library, state),
            state.page is not PAGE["analyser"],
            proof,
            "evidence open" if is_open else "evidence",
            not is_open or corrections is None,
            None,
        )

    @app.callback(
        [Output(row.key, "data") for row in FILTERS],
        Input("url", "search"),
    )
    def offer(search: str) -> list[Any]:
        state = filters.parse(search)
        rows = [row for row in FILTERS if state.page.key in row.pages]
        offered = data.choices(library, state, rows) if rows else {}
        return [
            layout.choices(row, offered[row.key], state.values(row.key)) if row in rows else no_update
            for row in FILTERS
        ]

    for row in FILTERS:
        if row.is_open:
            _look_up(app, library, row)

    app.clientside_callback(  # type: ignore[no-untyped-call]  # dash has no type for it
        ClientsideFunction("chiffrier", "reveal"),
        Output("text", "className"),
        Input("text", "children"),
    )

    # What was wrong with the last address is forgotten at once, before anything is told of this one.
    app.clientside_callback(  # type: ignore[no-untyped-call]  # dash has no type for it
        ClientsideFunction("chiffrier", "calm"),
        Output("trouble", "children"),
        Input("url", "search"),
    )


def _look_up(app: dash.Dash, library: Library, row: filters.Filter) -> None:
    @app.callback(
        Output(row.key, "data", allow_duplicate=True),
        Input(row.key, "searchValue"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def look_up(typed: str | None, search: str) -> list[dict[str, str]]:
        if not typed:
            raise PreventUpdate
        state = filters.parse(search)
        # Beside what is offered, not instead: the control lets go of a value that it is no more offered.
        wanted = (
            *data.choices(library, state, [row])[row.key],
            *data.choices(library, state, [row], typed)[row.key],
        )
        return layout.choices(row, list(dict.fromkeys(wanted)), state.values(row.key))


def _sentence(library: Library, state: filters.State) -> tuple[str, bool]:
    """What the page says that it shows, and whether that is nothing."""
    page = state.page
    if page is PAGE["document"]:
        return texts.heading(library, state), False
    if page is PAGE["analyser"]:
        return "Vos textes, lus ici, sans rien garder", False
    if page is PAGE["sources"]:
        return texts.summary(library), not data.all_documents(library)["documents"]
    span = data.count(library, state)
    return filters.sentence(state, span), not span.many


def _text(library: Library, state: filters.State) -> Any:  # noqa: ANN401, what Dash takes for children
    """The text of the page, where it has one."""
    if state.page is PAGE["document"]:
        return texts.document(library, state)
    return texts.sources(library) if state.page is PAGE["sources"] else None


def _evidence(library: Library, state: filters.State) -> tuple[list[Any], bool]:
    """What stands in the side panel, and whether that is a figure."""
    figure = data.figure(library, state.figure)
    if figure is None:
        return evidence.invitation(state), False
    return evidence.evidence(state, figure, data.fact_of(library, figure["figure_id"])), True


def _draw(app: dash.Dash, library: Library) -> None:
    app.clientside_callback(  # type: ignore[no-untyped-call]  # dash has no type for it
        ClientsideFunction("chiffrier", "scheme"),
        Output("provider", "forceColorScheme"),
        Input("scheme", "n_clicks"),
    )

    @app.callback(
        Output("chart", "figure"),
        Output("chart", "style"),
        Output("room", "children"),
        Output("marks", "children"),
        Output("comparison", "children"),
        Input("url", "search"),
        Input("provider", "forceColorScheme"),
    )
    def draw(search: str, scheme: str | None) -> tuple[Any, ...]:
        state = filters.parse(search)
        if state.page.key not in CHARTS:
            return {}, layout.FOLDED, None, None, None
        theme = charts.DARK if scheme == "dark" else charts.LIGHT
        chart, *beside = _picture(library, filters.query(replace(state, figure=None)), theme)
        return charts.select(chart, state.figure, theme), *beside

    @app.callback(
        Output("grid", "getRowsResponse"),
        Input("grid", "getRowsRequest"),
        State("url", "search"),
    )
    def fill(request: dict[str, Any] | None, search: str) -> dict[str, Any]:
        state = filters.parse(search)
        if request is None or state.page is not PAGE["chiffres"]:
            raise PreventUpdate
        return grid.answer(library, state, request)

    # The rows that the grid has are those of the last address: it asks for them anew.
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("chiffrier", "refresh"),
        Output("grid", "className"),
        Input("url", "search"),
    )


@functools.lru_cache(maxsize=32)
def _picture(library: Library, address: str, theme: Theme) -> tuple[Any, ...]:
    """The chart of an address, its style, and what stands beside it; remembered, as the tables never change."""
    state = filters.parse(address)
    drawn = data.drawn(library, state)
    if not len(drawn.facts):
        return {"data": []}, layout.FOLDED, None, None, None
    chart = _PICTURES[state.page.key](library, drawn, state, theme)
    # A chart as wide as its place keeps no height by itself.
    style = {"height": f"{chart['layout']['height']:.0f}px"}
    compared = layout.comparison(drawn.facts) if state.page is PAGE["comparaison"] else None
    return chart, style, layout.room(state, drawn), layout.marks(state, chart), compared


def prepare(library: Library) -> None:
    """Asks what the first page asks, so that its first reader need not wait for what every reader wants."""
    first = filters.State()
    with suppress(AnswerError):
        data.count(library, first)
        data.choices(library, first, [row for row in FILTERS if first.page.key in row.pages])
        _picture(library, filters.query(first), charts.LIGHT)


def _deals(library: Library, left: Drawn, state: filters.State, theme: Theme) -> Chart:
    row = data.reference(library, state) if state.option("reference") != "aucune" else None
    reference = charts.Reference(row["subject"], row["value"], row["unit"]) if row else None
    log, order = state.option("echelle") == "log", state.option("tri")
    return charts.draw_deals(left.facts, left.figures, theme, order=order, log=log, reference=reference)


def _valuations(library: Library, left: Drawn, state: filters.State, theme: Theme) -> Chart:
    log = state.option("echelle") == "log"
    implied = data.implied(library, state, left.facts["subject"].dropna().unique().tolist())
    return charts.draw_valuations(left.facts, left.figures, theme, log=log, implied=implied)


_PICTURES: dict[str, Callable[[Library, Drawn, filters.State, Theme], Chart]] = {
    "operations": _deals,
    "valorisations": _valuations,
    "comparaison": lambda _library, left, _state, theme: charts.draw_comparison(left.facts, theme),
}


def _correct(app: dash.Dash, library: Library, corrections: Path | None) -> None:
    if corrections is None:
        return

    @app.callback(
        Output("review-value", "data"),
        Output("review-value", "disabled"),
        Input("review-column", "value"),
    )
    def offer_values(column: str) -> tuple[list[str], bool]:
        if column in labels.WORDS:
            return list(labels.WORDS[column].values()), False
        names = data.parties(library) if column in ("subject", "actor") else []
        return names, column == evidence.REJECT

    @app.callback(
        Output("review-said", "children", allow_duplicate=True),
        Input("review-save", "n_clicks"),
        State("url", "search"),
        *[State(f"review-{name}", "value") for name in ("column", "value", "reason", "author")],
        prevent_initial_call=True,
    )
    def save(_clicks: int, search: str, column: str, value: str, reason: str, author: str) -> str:
        figure = data.figure(library, filters.parse(search).figure)
        if figure is None:
            return "Choisissez d’abord un chiffre."
        return evidence.correct(corrections, figure, column, value or "", reason or "", author or "")


def _analyse(app: dash.Dash) -> None:
    @app.callback(
        Output("analysed", "children"),
        Output("found", "data"),
        Input("read", "n_clicks"),
        Input("dropped", "contents"),
        State("dropped", "filename"),
        State("pasted", "value"),
        State("pasted-date", "value"),
        prevent_initial_call=True,
        running=[(Output("read", "loading"), True, False)],
    )
    def analyse(
        _clicks: int, contents: list[str] | None, names: list[str] | None, text: str | None, date: str | None
    ) -> tuple[Any, Any]:
        if ctx.triggered_id == "dropped":
            documents, problems = texts.read_dropped(zip(names or (), contents or (), strict=False))
        else:
            documents, problems = texts.read_pasted(text or "", (date or "").strip() or None)
        figures = etl.extract(documents)
        return texts.analysed(documents, figures, problems), table.to_jsonl(figures) if len(figures) else None


def _download(app: dash.Dash, library: Library) -> None:
    @app.callback(
        Output("download", "data"),
        Input({"save": ALL, "whole": ALL}, "n_clicks"),
        State("url", "search"),
        State("found", "data"),
        prevent_initial_call=True,
    )
    def download(clicks: list[int], search: str, found: str | None) -> dict[str, Any]:
        if not any(clicks) or not isinstance(ctx.triggered_id, dict):
            raise PreventUpdate
        state, wanted = filters.parse(search), ctx.triggered_id
        writer = WRITERS[wanted["save"]]
        name = f"chiffrier-{'tout' if wanted['whole'] else state.page.key}{writer.suffix}"
        with _ONE_DOWNLOAD:
            rows = data.all_figures(library) if wanted["whole"] else _rows(library, state, found)
            sent: dict[str, Any] = send_bytes(writer.write(rows), name, type=writer.media_type)  # type: ignore[no-untyped-call]  # as above
        return sent

    for kind in ("png", "svg"):
        app.clientside_callback(  # type: ignore[no-untyped-call]
            ClientsideFunction("chiffrier", kind),
            Output(kind, "n_clicks"),
            Input(kind, "n_clicks"),
            prevent_initial_call=True,
        )


def _rows(library: Library, state: filters.State, found: str | None) -> pd.DataFrame:
    """The figures that the page shows."""
    if state.page is PAGE["analyser"]:
        return texts.found(found)
    if state.page is PAGE["document"]:
        return data.of_document(library, state.document)
    return data.figures(library, state)

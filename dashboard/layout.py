"""The page: its frame, drawn once, and the pieces that callbacks put in it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html

from dashboard import charts, evidence, grid, texts
from dashboard import format as fr
from dashboard.charts import Chart
from dashboard.data import Drawn, compare, records
from dashboard.downloads import WRITERS
from dashboard.filters import FILTERS, OPTIONS, PAGES, Choice, Filter, Option, State, query, with_figure
from dashboard.library import Row

ASSETS = Path(__file__).parent / "assets"
# A chart that is not displayed at all would not know its width; the component takes a bare 0 for no height given.
FOLDED = {"height": "0px", "overflow": "hidden", "visibility": "hidden"}


def page() -> dmc.MantineProvider:
    """The frame of every page; the address fills it."""
    body = [
        html.A("Aller au contenu", href="#sentence", className="skip"),
        dcc.Location(id="url", refresh=False),
        dcc.Download(id="download"),
        _header(),
        _main(),
    ]
    theme = {
        "primaryColor": "cyan",
        "primaryShade": {"light": 9, "dark": 4},
        "fontFamily": charts.FONT,
        "defaultRadius": "sm",
    }
    return dmc.MantineProvider(body, id="provider", theme=theme, defaultColorScheme="auto")


def _aria(**attributes: str) -> Any:  # noqa: ANN401, no signature of Dash lists these names
    """What a screen reader is told of an element, which no signature lists."""
    return {f"aria-{name}": value for name, value in attributes.items()}


def _header() -> html.Header:
    label = {"aria-label": "Passer du thème clair au sombre, ou du sombre au clair"}
    scheme = dmc.ActionIcon("◐", id="scheme", variant="subtle", color="gray", **label)
    name = html.Div(
        [
            html.Span("Chiffrier", className="name"),
            html.Span("les chiffres de la presse, et la phrase qui les dit", className="motto"),
        ]
    )
    return html.Header([name, html.Nav(id="pages", **_aria(label="Pages")), scheme])


def _main() -> html.Main:
    shown = html.Section(
        [
            html.Div([html.H1(id="sentence", tabIndex=-1), _downloads()], className="title"),
            html.Ul(id="notice", role="status"),
            html.P(id="trouble", role="alert", className="problem"),
            html.Div([_field(row) for row in FILTERS], className="filters"),
            html.Div([_option(row) for row in OPTIONS], className="options"),
            html.P(
                "Aucun chiffre ne répond à ces filtres : retirez-en un pour en voir davantage.",
                id="empty",
                role="status",
                hidden=True,
            ),
            html.P(id="room", className="caption"),
            _chart(),
            html.Div(id="marks", className="marks"),
            html.Div(id="comparison"),
            grid.component(),
            html.Div(id="text"),
            texts.form(),
        ]
    )
    panel = html.Aside(
        [html.Div(id="evidence-body", **_aria(live="polite")), evidence.review()],
        id="evidence",
        className="evidence",
        **_aria(label="La preuve"),
    )
    return html.Main([shown, panel])


def _downloads() -> html.Details:
    """Everything that can be taken away: what is shown, the whole table, the chart."""
    groups = [
        (label, [({"save": key, "whole": whole}, writer.label) for key, writer in WRITERS.items()])
        for whole, label in ((False, "Ce que montre la page"), (True, "Toute la table"))
    ]
    shown = [html.Div([html.Span(label, className="caption"), *map(_item, items)]) for label, items in groups]
    images = [_item(("png", "Image PNG")), _item(("svg", "Image SVG"))]
    chart = html.Div([html.Span("Le graphique", className="caption"), *images])
    return html.Details(
        [html.Summary("Télécharger", className="button"), html.Div([*shown, chart], className="menu")],
        id="downloads",
    )


def _item(item: tuple[Any, str]) -> html.Button:
    name, label = item
    return html.Button(label, id=name, n_clicks=0, type="button")


def _option(row: Option) -> html.Div:
    choices = [{"value": value, "label": label} for value, label in row.choices.items()]
    label = html.Span(row.label, id=f"{row.key}-label", className="caption")
    control = dmc.SegmentedControl(
        id=row.key,
        data=choices,
        value=next(iter(row.choices)),
        size="xs",
        **{"aria-labelledby": f"{row.key}-label"},
    )
    return html.Div([label, control], id=f"{row.key}-option", className="option", hidden=True)


def _field(row: Filter) -> html.Div:
    control = dmc.Select if row.single else dmc.MultiSelect
    return html.Div(
        control(
            id=row.key,
            label=row.label,
            data=[],
            value=None if row.single else [],  # else it announces its emptiness over what the address says
            placeholder=row.placeholder,
            searchable=True,
            clearable=True,
            limit=100,
            size="sm",
            nothingFoundMessage="Rien de ce nom",
        ),
        id=f"{row.key}-field",
        className=f"field {'narrow' if row.single else ''}",
        hidden=True,
    )


def choices(row: Filter, offered: list[Choice], held: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """What a filter offers, each with how many figures it leaves; what it holds stays offered."""
    missing = [Choice(value, value, 0) for value in held if value not in {choice.value for choice in offered}]
    return [
        {"value": value, "label": label if row.single else f"{label} ({fr.number(count)})"}
        for value, label, count in (*offered, *missing)
    ]


def _chart() -> dcc.Graph:
    config: Any = {
        "responsive": True,
        "locale": "fr",
        "locales": {"fr": grid.locale("plotly")},
        **charts.CONFIG,
    }
    return dcc.Graph(
        id="chart",
        responsive="auto",  # as wide as the page, as high as the chart says
        style=FOLDED,
        config=config,
    )


def tabs(state: State) -> list[dcc.Link]:
    """A link to each page, the filters kept."""
    return [
        dcc.Link(
            page.label,
            href=query(replace(state, page=page, figure=None, document=None, options={})),
            className="current" if page is state.page else "",
        )
        for page in PAGES
        if page.in_menu or page is state.page
    ]


def shown(row: Filter, state: State) -> str | list[str] | None:
    """What the filter's control holds in this state."""
    values = list(state.chosen.get(row.key, ()))
    return (values[0] if values else None) if row.single else values


def chosen(value: str | list[str] | None) -> tuple[str, ...]:
    """The values that a filter's control holds."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def clicked(click: dict[str, Any] | None) -> str | None:
    """The figure of the mark that was clicked."""
    points = (click or {}).get("points") or [{}]
    ids = points[0].get("customdata")
    return ids[0] if ids else None


def room(state: State, drawn: Drawn) -> str | None:
    """What the chart leaves out, where it has no room for all, or no rate or index for some."""
    said = []
    if drawn.is_crowded:
        what = "entités" if state.page.marked == "subject" else state.page.many
        said.append(
            f"Le graphique montre les {state.page.room}{fr.NBSP}{what} dont parlent le plus de textes ; "
            "un filtre fait voir les autres."
        )
    if drawn.unsaid:
        said.append(
            f"{fr.counted(drawn.unsaid, 'chiffre')} de plus n’y ont pas de place : chacun se lit à la page Chiffres."
        )
    if drawn.unchanged:
        said.append(
            f"{fr.counted(drawn.unchanged, 'montant')} sans taux de change ou indice à sa date, laissé de côté."
        )
    return " ".join(said) or None


def comparison(deals: pd.DataFrame) -> html.Div:
    """The deals as a table, each with its ratio to the largest deal of each reference."""
    rows = compare(deals)
    references = records(rows[rows["pinned"]].drop_duplicates("subject"))
    ratios = [f"Rapport à {reference['subject']}" for reference in references]
    heads = ["Opération", "Date", "Montant", "Part", "Valorisation impliquée", *ratios]
    body = [html.Tr([html.Td(cell) for cell in _comparison_row(deal, references)]) for deal in records(rows)]
    note = html.P(
        "Valorisation impliquée : montant ÷ part du capital. Sans taux de change ou indice à sa date, une opération "
        "n’est pas comparée.",
        className="caption",
    )
    whole = html.Table(
        [
            html.Caption("Les opérations choisies, côte à côte", className="unseen"),
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody(body),
        ]
    )
    name: Any = {"aria-label": "Opérations comparées"}
    return html.Div([whole, note], className="table", tabIndex=0, role="region", **name)


def _comparison_row(deal: Row, references: list[Row]) -> list[Any]:
    implied = deal["implied"] and fr.amount(float(f"{deal['implied']:.3g}"), deal["unit"])
    stake = deal["stake"] and fr.amount(deal["stake"], "percent")
    ratios = [
        fr.ratio(deal["value"] / reference["value"]) if reference["unit"] == deal["unit"] else ""
        for reference in references
    ]
    when = deal["period"] and fr.date(deal["period"])
    return [_deal(deal), when, fr.amount(deal["value"], deal["unit"]), stake, implied, *ratios]


def _deal(deal: Row) -> str:
    names = [name for name in (deal["actor"], deal["subject"]) if name]
    return " → ".join(names)


def marks(state: State, chart: Chart) -> html.Details | None:
    """The marks of a chart as a list of links, for the keyboard and for who does not see them."""
    listed = charts.marks(chart)
    if not listed:
        return None
    here = query(replace(state, figure=None))
    links = [html.Li(dcc.Link(mark.words, href=with_figure(here, mark.figure_id))) for mark in listed]
    count = fr.counted(len(listed), "point")
    return html.Details([html.Summary(f"Liste des points du graphique : {count}"), html.Ol(links)])

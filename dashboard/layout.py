"""The page: its frame, drawn once, and the pieces that callbacks put in it."""

import functools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html

from dashboard import charts, labels
from dashboard import format as fr
from dashboard.data import Row, Tables, compare, records, subjects
from dashboard.filters import FILTERS, PAGE, PAGES, Filter, State, query

ASSETS = Path(__file__).parent / "assets"
GRID_THEME = """themeQuartz.withParams({
    backgroundColor: "var(--paper)", foregroundColor: "var(--ink)", accentColor: "var(--accent)",
    borderColor: "var(--rule)", headerBackgroundColor: "var(--ground)", browserColorScheme: "inherit",
    fontFamily: "inherit", fontSize: 14, rowHeight: 38, headerHeight: 40
})"""  # the page's own colours, which turn dark with it
# A chart that is not displayed at all would not know its width; the component takes a bare 0 for no height given.
FOLDED = {"height": "0px", "overflow": "hidden", "visibility": "hidden"}
NUMBERS = {"value", "low", "high", "start", "end"}
WIDTHS = {
    "value": 190,
    "measure": 200,
    "period": 165,
    "quote": 200,
    "sentence": 420,
    "title": 260,
    "source": 220,
}


@functools.cache
def locale(name: str) -> dict[str, Any]:
    """The French words of a library, from the assets."""
    words: dict[str, Any] = json.loads((ASSETS / f"{name}.fr.json").read_text(encoding="utf-8"))
    return words


def page(tables: Tables) -> dmc.MantineProvider:
    """The frame of every page; the address fills it."""
    body = [dcc.Location(id="url", refresh=False), dcc.Download(id="download"), _header(), _main(tables)]
    theme = {
        "primaryColor": "cyan",
        "primaryShade": {"light": 9, "dark": 4},
        "fontFamily": charts.FONT,
        "defaultRadius": "sm",
    }
    return dmc.MantineProvider(body, id="provider", theme=theme, defaultColorScheme="auto")


def _header() -> html.Header:
    label = {"aria-label": "Passer du thème clair au sombre, ou du sombre au clair"}
    scheme = dmc.ActionIcon("◐", id="scheme", variant="subtle", color="gray", **label)
    name = html.Div(
        [
            html.Span("Chiffrier", className="name"),
            html.Span("les chiffres de la presse, et la phrase qui les dit", className="motto"),
        ]
    )
    return html.Header([name, html.Nav(id="pages", role="navigation"), scheme])


def _main(tables: Tables) -> html.Main:
    downloads = html.Div(
        [
            html.Span("Télécharger", className="caption"),
            dmc.Button("CSV", id="csv", variant="default", size="xs"),
            dmc.Button("CSV pour tableur français", id="csv-fr", variant="default", size="xs"),
        ],
        className="downloads",
    )
    shown = html.Section(
        [
            html.Div([html.H1(id="sentence"), downloads], className="title"),
            html.Div([_field(row, tables) for row in FILTERS], className="filters"),
            html.P(
                "Aucun chiffre ne répond à ces filtres : retirez-en un pour en voir davantage.",
                id="empty",
                hidden=True,
            ),
            html.P(id="room", className="caption"),
            _chart(),
            html.Div(id="comparison"),
            _grid(),
        ]
    )
    return html.Main([shown, html.Aside(id="evidence", className="evidence")])


def _field(row: Filter, tables: Tables) -> html.Div:
    control = dmc.Select if row.single else dmc.MultiSelect
    choices = [{"value": value, "label": label} for value, label in row.choices(tables.figures).items()]
    return html.Div(
        control(
            id=row.key,
            label=row.label,
            data=choices,
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


def _chart() -> dcc.Graph:
    config: Any = {
        "responsive": True,
        "locale": "fr",
        "locales": {"fr": locale("plotly")},
        **charts.CONFIG,
    }
    return dcc.Graph(
        id="chart",
        responsive="auto",  # as wide as the page, as high as the chart says
        style=FOLDED,
        config=config,
    )


def _grid() -> dag.AgGrid:
    return dag.AgGrid(
        id="grid",
        rowData=[],
        columnDefs=[_column(name, label) for name, label in labels.HEADERS.items()],
        defaultColDef={"resizable": True, "sortable": True, "filter": True, "minWidth": 90, "width": 140},
        getRowId="params.data.figure_id",
        style={"display": "none"},
        dashGridOptions={
            "theme": {"function": GRID_THEME},
            "localeText": locale("ag-grid"),
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
            "pagination": True,
            "paginationPageSize": 50,
            "paginationPageSizeSelector": [50, 100, 500],
            "tooltipShowDelay": 300,
        },
    )


def _column(name: str, label: str) -> dict[str, Any]:
    column = {
        "field": name,
        "headerName": label,
        "headerTooltip": f"{labels.MEANINGS[name]} (colonne {name} du fichier)",
        "width": WIDTHS.get(name, 140),
    }
    if name in NUMBERS:
        column |= {"type": "rightAligned", "filter": "agNumberColumnFilter"}
    if name in ("value", "low", "high", "period", "published"):
        column["valueFormatter"] = {"function": f"params.data.{name}_text"}
    return column


def rows(figures: pd.DataFrame) -> list[dict[str, Any]]:
    """The grid's rows: codes in French, beside each number and date the text that shows it."""
    read = records(figures)
    shown = figures[list(labels.HEADERS)].copy()
    words = {
        "measure": labels.MEASURES,
        "status": labels.STATUSES,
        "qualifier": labels.QUALIFIER_NAMES,
        "kind": labels.KINDS,
        "direction": labels.DIRECTIONS,
        "zone": labels.ZONES,
    }
    for name, translation in words.items():
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


def tabs(state: State) -> list[dcc.Link]:
    """A link to each page, the filters kept."""
    return [
        dcc.Link(
            page.label,
            href=query(replace(state, page=page, figure=None)),
            className="current" if page is state.page else "",
        )
        for page in PAGES
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


def room(state: State, drawn: Tables, left: Tables) -> str | None:
    """What the chart leaves out, where it has no room for all."""
    if drawn is left:
        return None
    what = "entités" if state.page.marked == "subject" else state.page.many
    return (
        f"Le graphique montre les {state.page.room}{fr.NBSP}{what} dont parlent le plus de textes ; "
        "un filtre fait voir les autres."
    )


def invitation(state: State) -> list[Any]:
    """What the side panel says while no figure is chosen, or one that is not there."""
    if state.figure:
        return [html.P("Ce chiffre n’est pas dans la table : choisissez-en un autre.")]
    what = "une ligne" if state.page is PAGE["chiffres"] else "un point"
    return [html.P(f"Cliquez sur {what} pour lire la phrase qui l’énonce.")]


def evidence(state: State, cells: Row, fact: tuple[Row, list[Row]] | None) -> list[Any]:
    """The sentence of the figure with the figure highlighted, what was read in it, and where it stands."""
    measure = labels.MEASURES.get(cells["measure"] or "", labels.NO_MEASURE)
    close = dcc.Link("✕", href=query(replace(state, figure=None)), className="close", title="Fermer")
    return [
        html.Div([html.Span(measure, className="caption"), close], className="top"),
        html.H2(fr.reading(cells)),
        html.P(_parties(cells), className="parties"),
        html.Blockquote(_highlighted(cells)),
        _list(
            ("Qui le dit", cells["attribution"] or "le texte lui-même"),
            ("Statut", f"{labels.STATUSES[cells['status']]} — {labels.STATUS_MEANINGS[cells['status']]}"),
            ("Précision", labels.QUALIFIER_NAMES[cells["qualifier"]]),
            ("Document", cells["title"]),
            ("Éditeur", cells["publisher"]),
            ("Paru", cells["published"] and fr.date(cells["published"])),
            ("Source", cells["source"]),
            ("Place", f"{labels.ZONES[cells['zone']]}, caractères {cells['start']} à {cells['end']}"),
        ),
        *_decided(cells),
        *(_same_fact(state, cells["figure_id"], *fact) if fact and len(fact[1]) > 1 else ()),
    ]


def _parties(cells: Row) -> str:
    names = " → ".join(name for name in (cells["actor"], cells["subject"]) if name)
    when = cells["period"] and fr.date(cells["period"])
    return ", ".join(word for word in (names, when) if word)


def _highlighted(cells: Row) -> list[Any]:
    """The sentence as plain text, the figure marked in it and the words that decided underlined."""
    sentence, begin = cells["sentence"], cells["sentence_start"]
    figure = (cells["start"] - begin, cells["start"] - begin + len(cells["quote"]))
    words = {(start - begin, end - begin) for start, end, _ in json.loads(cells["evidence"]).values()}
    pieces: list[Any] = []
    at = 0
    for first, last in sorted({*words, figure}, key=lambda place: (place[0], place != figure)):
        apart = last <= figure[0] or figure[1] <= first or (first, last) == figure
        if at <= first < last <= len(sentence) and apart:
            mark = html.Mark if (first, last) == figure else html.U
            pieces += [sentence[at:first], mark(sentence[first:last])]
            at = last
    return [*pieces, sentence[at:]]


def _decided(cells: Row) -> list[Any]:
    """The words of the text that decided each cell, where there are any."""
    evidence = json.loads(cells["evidence"])
    said = [
        (label, f"«{fr.THIN}{evidence[name][2]}{fr.THIN}»")
        for name, label in labels.HEADERS.items()
        if name in evidence
    ]
    return [html.H3("Les mots qui le disent"), _list(*said)] if said else []


def _list(*pairs: tuple[str, str | None]) -> html.Dl:
    return html.Dl([piece for name, text in pairs if text for piece in (html.Dt(name), html.Dd(text))])


def _same_fact(state: State, figure_id: str, fact: Row, claims: list[Row]) -> list[Any]:
    """What the other figures say that state the same fact, each a link."""
    count = fact["n_documents"]
    alike = len({claim["publisher"] for claim in claims}) == 1
    names = ["title", "publisher", "source"] if alike else ["publisher", "title", "source"]
    spread = fr.interval(fact["low"], fact["high"], fact["unit"])
    value = fact["value"] and f"consensus {fr.amount(fact['value'], fact['unit'])}"
    documents = f"dans {count}{fr.NBSP}document{'s' if count > 1 else ''}"
    summary = ", ".join([value or "pas de consensus", *([spread] if spread else []), documents])
    return [
        html.H3("Le même fait"),
        html.P(summary, className="summary"),
        html.Ul([html.Li(_claim(state, claim, names, figure_id)) for claim in claims], className="claims"),
    ]


def _claim(state: State, claim: Row, names: list[str], current: str) -> dcc.Link:
    where = next(claim[name] for name in names if claim[name])
    return dcc.Link(
        [html.Span(fr.reading(claim)), html.Small(where, title=where)],
        href=query(replace(state, figure=claim["figure_id"])),
        className="current" if claim["figure_id"] == current else "",
    )


def comparison(facts: pd.DataFrame) -> html.Div:
    """The deals among the facts as a table, each with its ratio to the largest deal of each reference."""
    deals = compare(facts, subjects(facts))
    references = records(deals[deals["pinned"]].drop_duplicates("subject"))
    ratios = [f"Rapport à {reference['subject']}" for reference in references]
    heads = ["Opération", "Date", "Montant", "Part", "Valorisation impliquée", *ratios]
    body = [html.Tr([html.Td(cell) for cell in _comparison_row(deal, references)]) for deal in records(deals)]
    note = html.P(
        "Valorisation impliquée : montant ÷ part du capital, trois chiffres gardés.", className="caption"
    )
    whole = html.Table([html.Thead(html.Tr([html.Th(head) for head in heads])), html.Tbody(body)])
    return html.Div([whole, note], className="table")


def _comparison_row(deal: Row, references: list[Row]) -> list[Any]:
    implied = deal["implied"] and fr.amount(deal["implied"], deal["unit"])
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

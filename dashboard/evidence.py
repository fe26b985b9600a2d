"""The side panel: the sentence behind a figure, what was read in it and by which words, and who else says so."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

import etl
from dashboard import format as fr
from dashboard import labels
from dashboard.downloads import citation
from dashboard.filters import PAGE, State, query
from dashboard.library import Row
from etl.corrections import (
    CORRECTABLE,
    CORRECTED,
    add_correction,
    correction_of,
    corrections_of,
    rejection_of,
)


def invitation(state: State) -> list[Any]:
    """What the side panel says while no figure is chosen, or one that is not there."""
    if state.figure:
        return [html.P("Ce chiffre n’est pas dans la table : choisissez-en un autre.")]
    if state.page is PAGE["analyser"]:
        return [html.P("Les chiffres de votre texte se lisent sous lui.")]
    what = {"chiffres": "une ligne", "document": "un chiffre surligné", "sources": "un document"}
    shown = what.get(state.page.key, "un point")
    return [html.P(f"Choisissez {shown} pour lire la phrase qui l’énonce.")]


def evidence(state: State, cells: Row, fact: tuple[Row, list[Row]] | None) -> list[Any]:
    """The sentence of the figure with the figure highlighted, what was read in it, and where it stands."""
    measure = labels.MEASURES.get(cells["measure"] or "", labels.NO_MEASURE)
    close = dcc.Link("✕", href=query(replace(state, figure=None)), className="close", title="Fermer")
    return [
        html.Div([html.Span(measure, className="caption"), close], className="top"),
        html.H2(fr.reading(cells)),
        html.P(_parties(cells), className="parties"),
        html.Blockquote(_highlighted(cells)),
        html.Div(
            [
                dcc.Link(
                    "Voir dans le texte",
                    href=query(replace(state, page=PAGE["document"], document=cells["document_id"])),
                    className="button",
                ),
                dcc.Clipboard(
                    content=citation(cells), title="Copier la citation", className="button", id="citation"
                ),
            ],
            className="actions",
        ),
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
        *_corrected(cells),
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
    words = {(start - begin, end - begin) for start, end, _ in _words(cells).values()}
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
    evidence = _words(cells)
    said = [
        (label, f"«{fr.THIN}{evidence[name][2]}{fr.THIN}»")
        for name, label in labels.HEADERS.items()
        if name in evidence
    ]
    return [html.H3("Les mots qui le disent"), _list(*said)] if said else []


def _words(cells: Row) -> dict[str, Any]:
    """The place and the words that decided each cell, but not what readers corrected."""
    told: dict[str, Any] = json.loads(cells["evidence"])
    return {name: said for name, said in told.items() if name != CORRECTED}


def _corrected(cells: Row) -> list[Any]:
    """What readers changed: what was read there, by whom, and why."""
    told = corrections_of(cells)
    pairs = [
        (
            labels.HEADERS[name],
            f"lu «{fr.THIN}{said(name, change['was'])}{fr.THIN}» ; {change['author']}{fr.NBSP}: {change['reason']}",
        )
        for name, change in told.items()
    ]
    return [html.H3("Corrigé par un lecteur"), _list(*pairs)] if pairs else []


def said(column: str, value: str | None) -> str:
    """What a cell says, in French: `deal_value` is « rachat ou investissement »."""
    return labels.WORDS.get(column, {}).get(value or "", value or "rien")


REJECT = "reject"


def review() -> html.Details:
    """Where a reader corrects the chosen figure, or says that it is none; what is written goes to one file."""
    columns = [{"value": name, "label": labels.HEADERS[name]} for name in CORRECTABLE]
    columns.append({"value": REJECT, "label": "Ce n’est pas un chiffre"})
    return html.Details(
        [
            html.Summary("Corriger ce chiffre"),
            dmc.Select(id="review-column", label="Ce qui est faux", data=columns, value="subject", size="xs"),
            dmc.Autocomplete(
                id="review-value", label="Ce qu’il faut lire (vide : rien)", value="", size="xs", limit=30
            ),
            dmc.TextInput(id="review-reason", label="Pourquoi", value="", size="xs"),
            dmc.TextInput(id="review-author", label="Votre nom", value="", size="xs"),
            dmc.Button("Enregistrer la correction", id="review-save", size="xs", variant="default"),
            html.P(id="review-said", role="status", className="caption"),
        ],
        id="review",
        className="review",
        hidden=True,
    )


def correct(path: Path, figure: Row, column: str, value: str, reason: str, author: str) -> str:
    """Writes a correction to the file, and says in French what came of it."""
    codes = {label: code for code, label in labels.WORDS.get(column, {}).items()}
    wanted = value.strip() or None
    reason, author = reason.strip(), author.strip()
    if not reason or not author:
        return "Dites pourquoi, et qui vous êtes : une correction sans raison ni auteur ne se vérifie pas."
    if column == REJECT:
        entry = rejection_of(figure, reason=reason, author=author)
    elif codes and wanted not in codes:
        return f"{labels.HEADERS[column]} : choisissez l’un des mots proposés."
    else:
        try:
            entry = correction_of(
                figure, column, codes.get(wanted or "", wanted), reason=reason, author=author
            )
        except etl.ChiffrierError:
            return f"{labels.HEADERS[column]} : cette valeur ne va pas là ; une date s’écrit 2025-06-13 ou 2025-06."
    try:
        add_correction(path, entry)
    except etl.ChiffrierError:
        return f"Rien n’a été écrit : {path.name} ne s’ouvre pas, ou dit déjà autre chose de ce chiffre."
    return f"Enregistré dans {path.name} ; la correction vaut dès la prochaine lecture des textes."


def _list(*pairs: tuple[str, str | None]) -> html.Dl:
    return html.Dl([piece for name, text in pairs if text for piece in (html.Dt(name), html.Dd(text))])


def _same_fact(state: State, figure_id: str, fact: Row, claims: list[Row]) -> list[Any]:
    """What the other figures say that state the same fact, each a link."""
    alike = len({claim["publisher"] for claim in claims}) == 1
    names = ["title", "publisher", "source"] if alike else ["publisher", "title", "source"]
    spread = fr.interval(fact["low"], fact["high"], fact["unit"])
    value = fact["value"] and f"consensus {fr.amount(fact['value'], fact['unit'])}"
    documents = f"dans {fr.counted(fact['n_documents'], 'document')}"
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

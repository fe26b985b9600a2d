"""Whole texts: a document with its figures marked, the list of all, and what a reader pastes or drops to be read."""

import base64
import binascii
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html

import etl
from dashboard import data, labels
from dashboard import format as fr
from dashboard.data import records
from dashboard.filters import PAGE, State, query
from dashboard.library import Library, Row
from etl import table
from etl.documents import Document, identify, parse_published

Marked = list[Any]


# --- a document ---------------------------------------------------------------------------------------------


def document(library: Library, state: State) -> Marked:
    """The text that the state names, its figures marked by kind and each a link to its evidence.

    Without the text itself, the sentences that state figures stand in its place, and a line says so.
    """
    rows = records(data.of_document(library, state.document))
    text = data.text_of(library, state.document)
    if text is None and not rows:
        return [
            html.P("Ce document n’est plus là : choisissez-en un autre parmi les sources.", role="status")
        ]
    if text is None:
        told = "Le texte entier n’est pas ici, ou n’y est plus : voici les phrases qui énoncent ses chiffres."
        sentences = {row["sentence_start"]: row["sentence"] for row in rows}
        marks = [html.P(marked(sentence, rows, state, start)) for start, sentence in sentences.items()]
        return [*_steps(state, rows), html.P(told), *marks]
    return [*_steps(state, rows), html.Article(_paragraphs(text, rows, state), lang="fr")]


def heading(library: Library, state: State) -> str:
    """What the page of a document shows, in words."""
    known = data.document(library, state.document)
    if known is None:
        return "Ce document n’est pas dans la table"
    count = fr.counted(known["figures"], "chiffre")
    who = ", ".join(
        word for word in (known["publisher"], known["published"] and fr.date(known["published"])) if word
    )
    return f"«{fr.THIN}{known['title'] or known['source']}{fr.THIN}» : {count}{f' ({who})' if who else ''}"


def _steps(state: State, rows: list[Row]) -> Marked:
    """The links to the figure before and after the one that is shown; the keys p and n follow them."""
    names = [row["figure_id"] for row in rows]
    here = names.index(state.figure) if state.figure in names else -1
    before = names[here - 1] if here > 0 else None
    after = names[here + 1] if here + 1 < len(names) else None
    place = f"{here + 1} sur {len(names)}" if here >= 0 else f"{len(names)} en tout"
    links = [
        dcc.Link(label, href=query(replace(state, figure=name)), id=key, className="button")
        if name
        else html.Span(label, className="button off")
        for label, name, key in (("← Précédent (p)", before, "before"), ("Suivant (n) →", after, "after"))
    ]
    return [
        html.Div([links[0], html.Span(f"Chiffre {place}", className="caption"), links[1]], className="steps")
    ]


def _paragraphs(text: str, rows: list[Row], state: State | None) -> Marked:
    """The lines of a text that hold something, each with its figures marked."""
    pieces: Marked = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        here = [row for row in rows if start <= row["start"] < end]
        if line.strip():
            pieces.append(html.P(marked(line, here, state, start)))
        start = end + 1
    return pieces


def marked(text: str, rows: Iterable[Row], state: State | None, begin: int = 0) -> Marked:
    """A passage that begins at `begin`, each of its figures a mark; with a state, a link to the figure's evidence."""
    pieces: Marked = []
    at = 0
    for row in rows:
        first, last = row["start"] - begin, row["end"] - begin
        if not at <= first < last <= len(text):
            continue
        said = f"{labels.KINDS[row['kind']]} : {fr.reading(row)}"
        here = state is not None and row["figure_id"] == state.figure
        mark = html.Mark(text[first:last], className=f"{row['kind']} {'here' if here else ''}", title=said)
        page = state and query(
            replace(state, page=PAGE["document"], document=row["document_id"], figure=row["figure_id"])
        )
        pieces += [text[at:first], dcc.Link(mark, href=page) if page else mark]
        at = last
    return [*pieces, text[at:]]


# --- all documents ------------------------------------------------------------------------------------------


def sources(library: Library) -> Marked:
    """The newest documents with date, publisher and counts, and what was not understood and why."""
    known = data.documents(library)
    heads = ("Document", "Éditeur", "Paru", "Chiffres", "Non compris")
    rows = [
        html.Tr(
            [
                html.Td(
                    dcc.Link(
                        row["title"] or row["source"],
                        href=query(State(PAGE["document"], document=row["document_id"])),
                    )
                ),
                html.Td(row["publisher"]),
                html.Td(row["published"] and fr.date(row["published"])),
                html.Td(fr.number(row["figures"])),
                html.Td(fr.number(row["open"]) if row["open"] else ""),
            ]
        )
        for row in known
    ]
    whole = html.Table(
        [
            html.Caption("Les documents lus", className="unseen"),
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody(rows),
        ],
        className="sources documents",
    )
    others = data.all_documents(library)["documents"] - len(known)
    rest = (
        f"Voici les plus récents ; {fr.number(others)} autres se trouvent par leurs chiffres : "
        f"cherchez-les à la page {PAGE['chiffres'].label}, dans les colonnes Document et Source."
    )
    return [
        html.Div(whole, className="table"),
        *([html.P(rest, className="caption")] if others else ()),
        *_not_understood(data.not_understood(library)),
    ]


def summary(library: Library) -> str:
    """How many documents there are, from when, with how many figures."""
    known = data.all_documents(library)
    first, last, figures = known["first"], known["last"], known["figures"]
    when = f", parus de {first} à {last}" if first != last else f", parus en {first}" if first else ""
    return (
        f"{fr.counted(known['documents'], 'document')}{when}, "
        f"{fr.number(figures)}{fr.NBSP}chiffre{'s' if figures > 1 else ''}"
    )


REASONS = {
    "no cue": "aucun mot ne dit ce que le chiffre mesure",
    "no subject": "rien ne dit de qui est le chiffre",
    "two candidates": "deux lectures se valent",
    "not read": "le sens n’a pas été lu",
}


def _not_understood(counts: Mapping[str, int]) -> Marked:
    if not counts:
        return []
    items = [
        html.Li(f"{REASONS.get(reason, reason)} : {fr.number(count)}") for reason, count in counts.items()
    ]
    return [html.H2("Ce que la lecture n’a pas compris"), html.Ul(items)]


# --- texts of the reader ------------------------------------------------------------------------------------

_LONGEST = 200_000  # characters that may be pasted
_MOST = 20  # files at once


def form() -> html.Div:
    """Where a reader pastes a text or drops files; nothing of it is kept."""
    return html.Div(
        [
            dmc.Textarea(
                id="pasted",
                label="Collez un texte",
                placeholder="Meta investit 14,3 milliards de dollars dans Scale AI.",
                minRows=6,
                autosize=True,
                maxRows=16,
            ),
            html.Div(
                [
                    dmc.TextInput(
                        id="pasted-date",
                        label="Paru le",
                        placeholder="2025-06-13",
                        size="sm",
                        className="date",
                    ),
                    dmc.Button("Lire ce texte", id="read", size="sm", variant="default"),
                    dcc.Upload(
                        html.Span(["Déposez des fichiers ou ", html.U("choisissez-les")]),
                        id="dropped",
                        multiple=True,
                        className="drop",
                    ),
                ],
                className="feed",
            ),
            html.P(
                "Rien n’est gardé ni envoyé ailleurs : le texte est lu par ce serveur, puis oublié.",
                className="caption",
            ),
            html.Div(id="analysed", role="status"),
            dcc.Store(id="found"),
        ],
        id="analyse",
        hidden=True,
    )


def read_pasted(text: str, published: str | None) -> tuple[list[Document], list[str]]:
    """The text that was pasted as a document, or why it is none."""
    when = parse_published(published) if published else None
    if published and when is None:
        return [], ["La date ne se lit pas : écrivez-la comme 2025-06-13, 2025-06 ou 2025."]
    text = text[:_LONGEST]
    own = text.encode(errors="replace")
    return [Document(identify(own), "Votre texte", text, published=when)] if text.strip() else [], []


def read_dropped(files: Iterable[tuple[str, str]]) -> tuple[list[Document], list[str]]:
    """The documents of files that a browser sends (name, data address), and a sentence for each that is none."""
    found: list[Document] = []
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, address) in enumerate(list(files)[:_MOST]):
            try:
                content = base64.b64decode(address.partition(",")[2], validate=True)
            except binascii.Error:
                problems.append(f"{name} : le fichier est arrivé abîmé, envoyez-le encore.")
                continue
            # Its suffix tells its format; of its name nothing else is used for a path.
            path = Path(folder, f"{number}{Path(name).suffix[:12]}")
            path.write_bytes(content)
            documents = _documents_of(path)
            found += [replace(document, source=name) for document in documents]
            if not documents:
                problems.append(f"{name} : ce fichier ne se lit pas comme un texte français.")
    return found, problems


def _documents_of(path: Path) -> list[Document]:
    """What can be read of a file; what cannot is no error here."""
    return list(etl.read(path, on_error=lambda _: None, on_skip=lambda *_: None))


def found(rows: str | None) -> pd.DataFrame:
    """The figures that the page of a reader's texts holds, as a table."""
    return table.frame([json.loads(line) for line in (rows or "").splitlines()])


def analysed(documents: Iterable[Document], figures: pd.DataFrame, problems: Iterable[str]) -> Marked:
    """The texts with their figures marked, and the figures as a table."""
    rows = records(figures)
    count = fr.counted(len(rows), "chiffre")
    said: Marked = [html.P(problem, className="problem") for problem in problems]
    for read in documents:
        here = [row for row in rows if row["document_id"] == read.document_id]
        said += [html.H2(read.source), html.Article(_paragraphs(read.text, here, None), lang="fr")]
    return (
        [html.P(count, className="summary"), *said, _table(rows)]
        if rows or said
        else [html.P("Aucun chiffre.")]
    )


_SHOWN: Mapping[str, str] = {
    name: labels.HEADERS[name]
    for name in ("value", "measure", "subject", "actor", "period", "status", "attribution")
}


def _table(rows: list[Row]) -> html.Div:
    body = [
        html.Tr(
            [
                html.Td(fr.reading(row)),
                *(
                    html.Td(
                        fr.date(row[name])
                        if name == "period" and row[name]
                        else labels.WORDS.get(name, {}).get(row[name], row[name])
                    )
                    for name in list(_SHOWN)[1:]
                ),
            ]
        )
        for row in rows
    ]
    heads = html.Thead(html.Tr([html.Th(label, scope="col") for label in _SHOWN.values()]))
    return html.Div(html.Table([heads, html.Tbody(body)], className="sources"), className="table")

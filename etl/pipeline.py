"""The straight line from documents to the table of their figures."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from itertools import chain
from time import monotonic
from typing import Any, TypeAlias

import pandas as pd

from etl.bind import bind_in_steps
from etl.clause import Figure
from etl.documents import Document, identify, parse_published
from etl.errors import DocumentError
from etl.highlight import Figures
from etl.lexicon import forget_texts
from etl.limits import time_limit
from etl.parties import parties_in_steps
from etl.quantities import Quantity, find_amounts, quantified
from etl.segments import find_sentences
from etl.steps import IN_STEP, Steps, in_step, whole
from etl.table import frame
from etl.typography import Reading, read_typography


def figures_of(document: Document) -> Iterator[dict[str, Any]]:
    """Every figure of one document as a row of the table, in the order of its text.

    >>> document = Document("4d4c7a28ca41b47e", "une.txt", "Meta investit 14 milliards de dollars.")
    >>> [(row["figure_id"], row["quote"], row["value"]) for row in figures_of(document)]
    [('4d4c7a28ca41b47e:14-37', '14 milliards de dollars', 14000000000.0)]
    """
    yield from whole(_figures_in_steps(document))
    forget_texts()


_Row: TypeAlias = dict[str, Any]


def _figures_in_steps(document: Document) -> Steps[list[_Row]]:
    reading = read_typography(document.text)
    text = reading.text
    amounts = find_amounts(text)
    if not amounts:
        return []
    yield
    # What stands behind the last amount says no more of any figure.
    sentences = find_sentences(text, range(amounts[-1].start + 1))
    yield
    quantities = quantified(text, sentences, amounts)
    if not quantities:
        return []
    yield
    cast = yield from parties_in_steps(text, sentences, document.published, quantities[-1].start)
    yield
    figures = yield from bind_in_steps(text, sentences, quantities, cast, document.published)
    yield
    return list(_rows(document, reading, quantities, figures))


def amounts_of(document: Document) -> Iterator[dict[str, Any]]:
    """Every figure of one document with what is printed of it alone, at a multiple of the speed of `figures_of`.

    Value, bounds, qualifier, unit and place are as there; what the figure says (measure, parties, period, status,
    attribution) is not read.

    >>> document = Document("4d4c7a28ca41b47e", "une.txt", "Meta investit 14 milliards de dollars.")
    >>> [(row["quote"], row["value"], row["measure"]) for row in amounts_of(document)]
    [('14 milliards de dollars', 14000000000.0, None)]
    """
    reading = read_typography(document.text)
    text = reading.text
    amounts = find_amounts(text)
    if not amounts:
        return
    sentences = find_sentences(text, [amount.start for amount in amounts])
    quantities = quantified(text, sentences, amounts)
    starts = [sentence.start for sentence in sentences]
    figures = [
        Figure(
            q, sentences[bisect_right(starts, q.start) - 1], q.evidence, measure=None, unresolved="not read"
        )
        for q in quantities
    ]
    yield from _rows(document, reading, quantities, figures)


def _amounts_at_once(document: Document) -> Steps[list[_Row]]:
    yield
    return list(amounts_of(document))


def extract(
    documents: Iterable[Document],
    progress: Callable[[Document], object] | None = None,
    *,
    meaning: bool = True,
    seconds: float | None = None,
    on_error: Callable[[DocumentError], object] | None = None,
) -> pd.DataFrame:
    """The figures of all documents in their order, each document once; `progress` is called after each.

    Without `meaning` only what is printed is read: see `amounts_of`. A document that takes longer than `seconds` is
    left out and told to `on_error`; raises `DocumentError` for it where nobody is told.

    >>> texts = ["Meta investit 14 milliards de dollars.", "Scale AI vaut 29 milliards de dollars."]
    >>> extract(Document(f"{n:016}", "demo", text) for n, text in enumerate(texts))["value"].tolist()
    [14000000000.0, 29000000000.0]
    """
    read = _figures_in_steps if meaning else _amounts_at_once
    return frame(chain.from_iterable(_each(documents, partial(_walk, read, seconds), progress, on_error)))


_Outcome: TypeAlias = list[_Row] | DocumentError


def _each(
    documents: Iterable[Document],
    walk: Callable[[Document], Steps[_Outcome]],
    progress: Callable[[Document], object] | None,
    on_error: Callable[[DocumentError], object] | None,
) -> Iterator[list[_Row]]:
    """The rows of each document, once: of two documents with one id, the figures would have one name."""
    seen: set[str] = set()
    for together in _together(documents):
        walks: dict[str, Steps[_Outcome]] = {}
        for document in together:
            if document.document_id not in seen:
                seen.add(document.document_id)
                walks[document.document_id] = walk(document)
        outcomes = dict(zip(walks, in_step(walks.values()), strict=True))
        forget_texts()
        for document in together:
            outcome = outcomes.pop(document.document_id, [])
            if not isinstance(outcome, DocumentError):
                yield outcome
                if progress:
                    progress(document)
            elif on_error is None:
                raise outcome
            else:
                on_error(outcome)


def _together(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """The documents by as many as walk in step, fewer where they are long: all that is read of them is kept."""
    together: list[Document] = []
    characters = 0
    for document in documents:
        together.append(document)
        characters += len(document.text)
        if len(together) == IN_STEP or characters > _KEPT:
            yield together
            together, characters = [], 0
    if together:
        yield together


_KEPT = 300_000  # characters


def _walk(
    read: Callable[[Document], Steps[list[_Row]]], seconds: float | None, document: Document
) -> Steps[_Outcome]:
    """The rows of a document, or what is wrong with it."""
    try:
        return (yield from read(document) if seconds is None else _in_time(read(document), seconds, document))
    except DocumentError as problem:
        return problem


def _in_time(steps: Steps[list[_Row]], seconds: float, document: Document) -> Steps[list[_Row]]:
    """The steps, as long as all together take no more than so many seconds."""
    spent = 0.0
    while True:
        begin = monotonic()
        with time_limit(seconds, document.source, document.source, spent=spent):
            try:
                next(steps)
            except StopIteration as end:
                rows: list[_Row] = end.value
                return rows
        spent += monotonic() - begin
        yield


def parse(text: str, **metadata: str | None) -> pd.DataFrame:
    """The figures of one text; their offsets index the very string given.

    `metadata` is what a `Document` tells: source, title, publisher, published (in EDTF), url, language.
    Without a source, that column holds the url, or `text`. In a notebook the table shows itself below its text, in
    which the figures are marked; of rows taken from it, those alone. Raises `DocumentError` for a date that is none.

    >>> parse("Meta a investi 14,3 milliards de dollars dans Scale AI.")[["quote", "value"]].values.tolist()
    [['14,3 milliards de dollars', 14300000000.0]]
    """
    published = metadata.get("published")
    if published is not None:
        metadata["published"] = parse_published(published)
        if metadata["published"] is None:
            raise DocumentError(f"published: {published!r} is no EDTF date; write it as 2025-06-13")
    try:
        document_id = identify(text.encode())
    except UnicodeEncodeError:
        raise DocumentError("text: it holds a lone surrogate; write the whole character") from None
    source = metadata.pop("source", None) or metadata.get("url") or "text"
    figures = Figures(extract([Document(document_id, source, text, **metadata)]))
    figures.texts = {document_id: text}
    return figures


def _rows(
    document: Document, reading: Reading, quantities: list[Quantity], figures: Iterable[Figure]
) -> Iterator[dict[str, Any]]:
    names = {}
    for quantity in quantities:
        start, end = reading.printed(quantity.start, quantity.end)
        names[quantity.start] = f"{document.document_id}:{start}-{end}"
    for figure in figures:
        yield _row(document, reading, figure, names)


def _row(document: Document, reading: Reading, figure: Figure, names: dict[int, str]) -> dict[str, Any]:
    """One row; `names` maps the start of each quantity of the document to its `figure_id`."""
    text, quantity = document.text, figure.quantity
    start, end = reading.printed(quantity.start, quantity.end)
    sentence_start, sentence_end = reading.printed(figure.sentence.start, figure.sentence.end)
    evidence = {}
    for column, span in sorted(figure.evidence.items()):
        a, b = reading.printed(*span)
        evidence[column] = [a, b, text[a:b]]
    return {
        "figure_id": names[quantity.start],
        "document_id": document.document_id,
        "source": document.source,
        "publisher": document.publisher,
        "title": document.title,
        "published": document.published,
        "zone": figure.sentence.zone,
        "start": start,
        "end": end,
        "quote": text[start:end],
        "sentence": text[sentence_start:sentence_end],
        "sentence_start": sentence_start,
        "kind": quantity.kind,
        "value": _number(quantity.value),
        "low": _number(quantity.low),
        "high": _number(quantity.high),
        "qualifier": quantity.qualifier,
        "unit": quantity.unit,
        "unit_inferred": quantity.unit_inferred,
        "direction": figure.direction,
        "measure": figure.measure,
        "subject": figure.subject,
        "actor": figure.actor,
        "period": figure.period,
        "status": figure.status,
        "attribution": figure.attribution,
        "base": figure.base,
        "equivalent_of": None if quantity.equivalent_of is None else names.get(quantity.equivalent_of),
        "unresolved": figure.unresolved,
        "evidence": _in_json(evidence),
    }


_in_json = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":")
).encode  # made once: `dumps` makes one a call


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)

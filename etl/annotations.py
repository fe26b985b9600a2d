"""Figures as Web Annotations (W3C Recommendation of 23 February 2017), which annotation tools open on the texts.

Each figure is one annotation. Its target is its place in the document, said twice: by a `TextPositionSelector`, whose
offsets are code points as ours are, and by a `TextQuoteSelector`, which finds the quote by the words around it where
the text has moved. Its bodies are the cells of its row as JSON, the same in words, and its measure as a tag.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from etl import __version__
from etl.errors import TableError
from etl.table import plain

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
AROUND = 32  # code points of the sentence before and after the quote, as annotation tools keep
# What the target says already, and what the row keeps of its document.
_PLACED = ("sentence", "sentence_start", "evidence")
_TOLD = ("measure", "subject", "actor", "period", "status", "attribution")
_NAMES = uuid5(NAMESPACE_URL, "urn:chiffrier:figure")


def to_annotations(figures: pd.DataFrame) -> dict[str, Any]:
    """The figures as an `AnnotationCollection`, in their order, with every cell that says something.

    Identifiers are UUIDs made of the `figure_id`s, so that a figure keeps its own. The source of a target is the URL of
    the document, or its path as a reference from the folder that the texts were read from. Raises `TableError` where
    the table is not one of figures.

    >>> from etl import parse
    >>> collection = to_annotations(parse("Meta paie 14 M€ à Scale AI."))
    >>> [annotation] = collection["first"]["items"]
    >>> for selector in annotation["target"]["selector"]:
    ...     print(selector)
    {'type': 'TextPositionSelector', 'start': 10, 'end': 15}
    {'type': 'TextQuoteSelector', 'exact': '14 M€', 'prefix': 'Meta paie ', 'suffix': ' à Scale AI.'}
    """
    if "figure_id" not in figures or "quote" not in figures:
        raise TableError("only figures have a place in a text to annotate; this table holds none")
    rows = figures.to_dict("records")
    items = [_annotation({str(name): plain(cell) for name, cell in row.items()}) for row in rows]
    digest = "\n".join(item["id"] for item in items)
    return {
        "@context": CONTEXT,
        "id": uuid5(_NAMES, digest).urn,
        "type": "AnnotationCollection",
        "label": "Chiffres trouvés par Chiffrier",
        "total": len(items),
        "first": {
            "id": uuid5(_NAMES, f"{digest}\n").urn,
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    }


def to_jsonld(figures: pd.DataFrame) -> str:
    """The figures as a file of JSON-LD: see `to_annotations`."""
    return json.dumps(to_annotations(figures), ensure_ascii=False, indent=1) + "\n"


def _annotation(row: Mapping[str, Any]) -> dict[str, Any]:
    cells = {name: cell for name, cell in row.items() if cell is not None and name not in _PLACED}
    said = ", ".join(str(row[name]) for name in _TOLD if row.get(name) is not None)
    bodies = [
        {
            "type": "TextualBody",
            "purpose": "commenting",
            "format": "text/plain",
            "value": f"{_value(row)} ({said})",
        },
        {
            "type": "TextualBody",
            "purpose": "describing",
            "format": "application/json",
            "value": json.dumps(cells, ensure_ascii=False),
        },
    ]
    if row.get("measure") is not None:
        bodies.insert(0, {"type": "TextualBody", "purpose": "tagging", "value": str(row["measure"])})
    return {
        "id": uuid5(_NAMES, str(row["figure_id"])).urn,
        "type": "Annotation",
        "motivation": "describing",
        "generator": {"type": "Software", "name": f"Chiffrier {__version__}"},
        "body": bodies,
        "target": {"source": _iri(str(row["source"])), "selector": [_position(row), _quote(row)]},
    }


def _position(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": row["start"], "end": row["end"]}


def _quote(row: Mapping[str, Any]) -> dict[str, Any]:
    selector = {"type": "TextQuoteSelector", "exact": row["quote"]}
    if row.get("sentence") is None:  # a table that was made to be shared
        return selector
    start, end = (row[name] - row["sentence_start"] for name in ("start", "end"))
    around = {
        "prefix": row["sentence"][max(0, start - AROUND) : start],
        "suffix": row["sentence"][end : end + AROUND],
    }
    return selector | {side: words for side, words in around.items() if words}


def _value(row: Mapping[str, Any]) -> str:
    if row.get("value") is None or row["qualifier"] == "between":
        return f"{row['low']:.15g} – {row['high']:.15g} {row['unit']}"
    return f"{row['qualifier']} {row['value']:.15g} {row['unit']}"


def _iri(source: str) -> str:
    """The source as an IRI reference: an address as it is, a path with what an IRI may not hold escaped.

    >>> _iri("https://example.org/a?b=c"), _iri("articles/un été.md")
    ('https://example.org/a?b=c', 'articles/un%20%C3%A9t%C3%A9.md')
    """
    if urlsplit(source).scheme in {"http", "https", "s3", "gs", "abfs"}:
        return source
    return Path(source).as_uri() if Path(source).is_absolute() else quote(source, safe="/!#")

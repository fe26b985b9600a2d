"""Texts with their figures marked, as HTML for a notebook; nothing that a document says reaches the page unescaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

import pandas as pd

from etl.errors import TableError

LONGEST = 20_000  # characters of a text that are shown whole; of a longer one, the sentences with figures
_NEEDED = ("document_id", "source", "start", "end", "quote", "sentence", "sentence_start", "status")
_TOLD = ("measure", "subject", "actor", "period", "status", "attribution")
_BOX = "max-height:28em;overflow:auto;white-space:pre-wrap;line-height:1.6;max-width:48em"
# Readable in a light and in a dark notebook; what a text does not affirm has a broken line below it.
_MARK = "background:#ffe08a;color:#1c2733;padding:0 .15em;border-bottom:2px {line} #9a6b00"


class Figures(pd.DataFrame):
    """The table of figures of a text that is at hand: a notebook shows the text above it, each figure marked.

    It is a `pandas.DataFrame` in all else. `texts` maps the `document_id` to its text; rows taken from the table keep
    it, and mark only themselves. Files do not hold it.
    """

    texts: Mapping[str, str] | None

    # What pandas hands on from table to table; unlike `attrs`, `to_parquet` writes none of it.
    _metadata: ClassVar[list[str]] = ["texts"]

    @property
    def _constructor(self) -> type[Figures]:
        return Figures

    def _repr_html_(self) -> str | None:
        table: str | None = super()._repr_html_()  # type: ignore[misc] # pandas-stubs know nothing of it
        texts = getattr(self, "texts", None)
        if texts is None or table is None or not len(self) or not is_shown(self):
            return table
        return f"{highlight(self, texts).html}{table}"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A page of marked text: a notebook shows it, and `html` is what it shows."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def is_shown(table: pd.DataFrame) -> bool:
    """Whether the table still has the columns that place its figures in their texts."""
    return all(name in table for name in _NEEDED)


def highlight(figures: pd.DataFrame, texts: Mapping[str, str] | None = None) -> Highlight:
    """The texts of the figures, each figure marked, with what it says where the pointer rests on it.

    `texts` maps `document_id` to the text that the offsets index. Of a document that is not there, or is longer than
    `LONGEST` code points, the sentences that hold its figures are shown. Raises `TableError` where a column is missing
    that places the figures, or where a text does not have a quote at its place.

    >>> from etl import parse
    >>> highlight(parse("Scale AI <b>vaut</b> 29 milliards de dollars.")).html.partition("vaut")[2][:31]
    '&lt;/b&gt; <mark style="backgro'
    """
    missing = [name for name in _NEEDED if name not in figures]
    if missing:
        raise TableError(
            f"column {missing[0]!r} is missing: only figures with their places can be highlighted"
        )
    parts = []
    by_document = figures.groupby("document_id", sort=False)
    for document_id, of_one in by_document:
        rows = of_one.sort_values("start").to_dict("records")
        text = (texts or {}).get(str(document_id))
        if text is not None and len(text) <= LONGEST:
            shown = _marked(text, 0, rows, str(rows[0]["source"]))
        else:
            shown = "\n".join(_sentences(rows))
        head = f"<strong>{escape(_head(rows[0]))}</strong>\n" if len(by_document) > 1 else ""
        parts.append(f'<div style="{_BOX}">{head}{shown}</div>')
    return Highlight("".join(parts))


def _head(row: Mapping[Any, Any]) -> str:
    title = row.get("title")
    return title if isinstance(title, str) else str(row["source"])


def _sentences(rows: list[dict[Any, Any]]) -> Iterator[str]:
    by_sentence: dict[int, list[dict[Any, Any]]] = {}
    for row in rows:
        by_sentence.setdefault(row["sentence_start"], []).append(row)
    for start, of_one in by_sentence.items():
        yield _marked(of_one[0]["sentence"], start, of_one, str(of_one[0]["source"]))


def _marked(text: str, begin: int, rows: Iterable[Mapping[Any, Any]], source: str) -> str:
    """The text, which begins at that offset of its document, with the rows marked that it holds whole."""
    parts, last = [], 0
    for row in rows:
        start, end = row["start"] - begin, row["end"] - begin
        if text[start:end] != row["quote"]:
            raise TableError(
                f"{source}: {row['quote']!r} does not stand at {row['start']}-{row['end']} of this text"
            )
        if start < last:  # a figure inside another is marked with it
            continue
        line = "solid" if row["status"] == "actual" else "dashed"
        mark = f'<mark style="{_MARK.format(line=line)}" title="{escape(_told(row))}">{escape(row["quote"])}</mark>'
        parts += [escape(text[last:start]), mark]
        last = end
    return "".join([*parts, escape(text[last:])])


def _told(row: Mapping[Any, Any]) -> str:
    return " · ".join(str(row[name]) for name in _TOLD if isinstance(row.get(name), str))

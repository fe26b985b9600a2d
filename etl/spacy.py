"""The spaCy component `chiffrier`: the figures of a `Doc` as spans, with the cells of the table beside each.

`pip install 'chiffrier[spacy]'` makes it known to spaCy by its entry point; nothing needs to be imported.
"""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from etl.documents import Document, identify, parse_published
from etl.errors import DocumentError
from etl.pipeline import figures_of

KEY = "chiffrier"


def _figure(span: Span) -> dict[str, Any] | None:
    figures: dict[str, dict[str, Any]] = span.doc.user_data.get(KEY, {})
    return figures.get(span.id_)


Span.set_extension("figure", getter=_figure, force=True)
Doc.set_extension("published", default=None, force=True)


@Language.component(KEY)
def find_figures(doc: Doc) -> Doc:
    """Sets `doc.spans["chiffrier"]`: a span for each figure of the text, in its order.

    A span's label is its measure, or its kind where the measure is unknown; its id is the `figure_id`; `span._.figure`
    is the row of the table as a dict, `None` in an empty cell, the same that `etl.parse(doc.text)` gives. A span covers
    whole tokens, so it can be wider than the figure: `start` and `end` of the row are exact, in characters of
    `doc.text`. `doc._.published`, set before the pipeline runs, is the date of the text in EDTF; raises
    `DocumentError` where it is none.

    >>> import spacy
    >>> nlp = spacy.blank("fr")
    >>> _ = nlp.add_pipe("chiffrier")
    >>> doc = nlp("Meta a investi 14,3 milliards de dollars dans Scale AI.")
    >>> [(span.text, span.label_, span._.figure["value"], span._.figure["subject"]) for span in doc.spans["chiffrier"]]
    [('14,3 milliards de dollars', 'deal_value', 14300000000.0, 'Scale AI')]
    """
    published = doc._.published
    if published is not None and parse_published(published) is None:
        raise DocumentError(f"published: {published!r} is no EDTF date; write it as 2025-06-13")
    document = Document(
        identify(doc.text.encode()), "text", doc.text, published=published and parse_published(published)
    )
    rows = list(figures_of(document))
    doc.user_data[KEY] = {row["figure_id"]: row for row in rows}
    doc.spans[KEY] = SpanGroup(doc, name=KEY, spans=[_span(doc, row) for row in rows])
    return doc


def _span(doc: Doc, row: dict[str, Any]) -> Span:
    label, name = row["measure"] or row["kind"], row["figure_id"]
    span = doc.char_span(row["start"], row["end"], label, alignment_mode="expand", span_id=name)
    assert span is not None  # "expand" finds tokens for any place inside the text
    return span

"""The spaCy component: the spans of a `Doc` carry the same figures as the table."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import etl
from etl.errors import DocumentError

spacy = pytest.importorskip("spacy", reason="spaCy is not installed: pip install 'chiffrier[spacy]'")

CORPUS = Path(__file__).parent.parent / "data" / "corpus"


@pytest.fixture(scope="module")
def nlp() -> Any:
    nlp = spacy.blank("fr")
    nlp.add_pipe("chiffrier")
    return nlp


def test_the_spans_carry_the_figures_of_the_table(nlp: Any) -> None:
    count = 0
    for document in etl.read(CORPUS):
        doc = nlp.make_doc(document.text)
        doc._.published = document.published
        spans = nlp(doc).spans["chiffrier"]
        table = etl.parse(document.text, published=document.published)
        told = pd.DataFrame([span._.figure for span in spans], columns=table.columns)
        pd.testing.assert_frame_equal(told.astype(table.dtypes), pd.DataFrame(table))
        count += len(spans)
    assert count > 600


def test_a_span_covers_its_figure_and_is_named_by_it(nlp: Any) -> None:
    doc = nlp("Un abonnement à 12€50/mois, puis Meta paie 14,3 milliards de dollars.")
    for span in doc.spans["chiffrier"]:
        row = span._.figure
        assert span.start_char <= row["start"] < row["end"] <= span.end_char
        assert doc.text[row["start"] : row["end"]] == row["quote"]
        assert (span.id_, span.label_) == (row["figure_id"], row["measure"] or row["kind"])


def test_the_figures_travel_with_the_doc(nlp: Any) -> None:
    doc = nlp("Meta paie 14,3 milliards de dollars.")
    again = spacy.tokens.Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [s._.figure for s in again.spans["chiffrier"]] == [s._.figure for s in doc.spans["chiffrier"]]


def test_a_text_without_figures_has_no_spans_and_other_spans_no_figure(nlp: Any) -> None:
    doc = nlp("Rien à compter.")
    assert len(doc.spans["chiffrier"]) == 0
    assert doc[0:1]._.figure is None


def test_a_date_that_is_none_is_refused(nlp: Any) -> None:
    doc = nlp.make_doc("Meta paie 14,3 milliards de dollars.")
    doc._.published = "hier"
    with pytest.raises(DocumentError, match="'hier' is no EDTF date"):
        nlp(doc)

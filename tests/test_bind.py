"""Binding: a figure gets its cells from its sentence, or a reason why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.bind import bind
from etl.clause import Figure
from etl.parties import find_parties
from etl.quantities import find_quantities
from etl.segments import find_sentences
from etl.stance import PRECEDENCE
from etl.table import MEASURES


def figures(text: str, published: str | None = None) -> list[Figure]:
    sentences = find_sentences(text)
    quantities = find_quantities(text, sentences)
    return bind(text, sentences, quantities, find_parties(text, sentences, published), published)


def test_a_figure_names_the_words_that_decided_it() -> None:
    text = "Selon Bloomberg, Meta investirait près de 14 milliards de dollars dans Scale AI en 2025."
    [figure] = figures(text)
    words = {column: text[start:end] for column, (start, end) in figure.evidence.items()}
    assert words == {
        "qualifier": "près de",
        "measure": "investirait",
        "actor": "Meta",
        "subject": "Scale AI",
        "period": "2025",
        "status": "investirait",
        "attribution": words["attribution"],
    }
    assert "Bloomberg" in words["attribution"]


def test_without_a_cue_the_measure_is_other_and_the_reason_told() -> None:
    [figure] = figures("Voici 3 millions d'euros.")
    assert (figure.measure, figure.unresolved) == ("other", "no cue")


def test_a_cue_holds_for_its_own_figure() -> None:
    text = "Renault a un chiffre d'affaires de 56 milliards d'euros, une dette de 3 milliards et une marge de 7 %."
    assert [figure.measure for figure in figures(text)] == ["revenue", "debt", "rate"]


def test_the_items_of_a_list_measure_the_same() -> None:
    told = figures("Les amendes infligées à Google atteignent 50, 100 et 150 millions d'euros.")
    assert [(figure.measure, figure.subject) for figure in told] == [("penalty", "Google")] * 3


def test_a_conversion_says_what_it_converts_says() -> None:
    told = figures(
        "En 2021, Meta a investi 599 millions de dollars (500 millions d'euros) dans Scale AI.", "2025-06-13"
    )
    assert [(f.measure, f.actor, f.subject, f.period) for f in told] == [
        ("deal_value", "Meta", "Scale AI", "2021")
    ] * 2


def test_a_heading_says_what_the_text_below_says() -> None:
    text = (
        "Le chèque du siècle : 14,3 milliards de dollars\n\n"
        "Un chèque.\n\n"
        "## Encore 14,3 milliards de dollars\n\n"
        "Meta investit 14,3 milliards de dollars dans Scale AI.\n"
    )
    _, heading, told = figures(text)
    assert (heading.measure, heading.actor, heading.subject) == (told.measure, told.actor, told.subject)
    assert (told.measure, told.actor, told.subject) == ("deal_value", "Meta", "Scale AI")


def test_a_figure_in_the_present_carries_the_date_of_the_document() -> None:
    text = "Renault vaut 12 milliards d'euros."
    assert [figures(text, published)[0].period for published in ("2025-06-13", "2025", None)] == [
        "2025-06-13",
        "2025",
        None,
    ]


def test_a_comment_carries_its_own_date() -> None:
    text = "Le groupe va mal.\n\nCommentaires\nLe 03/07/2025 à 8:02, hier ils ont perdu 3 millions d'euros."
    [figure] = figures(text, "2025-06-13")
    assert figure.period == "2025-07-02"


def test_the_entity_of_one_article_does_not_reach_the_comments() -> None:
    text = "Renault recule. Renault souffre. Renault vend.\n\nCommentaires\nMoi j'ai perdu 300 euros."
    [figure] = figures(text)
    assert figure.subject is None


def test_there_is_one_figure_for_each_quantity_in_order() -> None:
    text = "Meta paie 3 milliards de dollars. Renault perd 2 %.\n\nScale AI vaut 29 milliards de dollars."
    told = figures(text)
    assert [f.quantity for f in told] == find_quantities(text, find_sentences(text))
    assert all(f.sentence.start <= f.quantity.start < f.sentence.end for f in told)


@pytest.mark.parametrize(
    ("text", "direction", "base"),
    [
        ("Les ventes de Danone sont en hausse de 6 %.", "up", "revenue"),
        ("Le bénéfice de Danone recule de 6 %.", "down", "earnings"),
        ("La marge de Danone est de 6 %.", None, None),
    ],
)
def test_a_change_has_a_direction_and_a_base(text: str, direction: str | None, base: str | None) -> None:
    [figure] = figures(text)
    assert (figure.direction, figure.base) == (direction, base)


# fmt: off
PIECES = [
    "Meta ", "Scale AI ", "le groupe ", "il ", "investit ", "rachète ", "a perdu ", "vaut ", "dans ", "de ", "par ",
    "3 milliards de dollars ", "12 % ", "(5 millions d'euros) ", "une amende ", "sa ", "dont ", "qui ", "selon ",
    "en 2020", "en hausse ", ", ", ". ", "; ", "\n\n", "« ", " »", "## ", "Commentaires\n", "pourrait ", "+3 %",
]
# fmt: on


@given(
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.sampled_from([None, "2025", "2025-06-13"])
)
def test_any_text_gives_figures_with_cells_of_the_contract(text: str, published: str | None) -> None:
    for figure in figures(text, published):
        assert figure.measure in MEASURES
        assert figure.status in PRECEDENCE
        assert figure.direction in (None, "up", "down")
        assert "" not in (figure.subject, figure.actor, figure.period, figure.attribution)
        assert all(0 <= start < end <= len(text) for start, end in figure.evidence.values())

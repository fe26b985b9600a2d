"""Dates and periods as EDTF, against the document's own date."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.dates import find_dates

PUBLISHED = "2025-06-13"  # a Friday


def dates(text: str, published: str | None = PUBLISHED) -> list[str]:
    return [dated.edtf for dated in find_dates(text, 0, len(text), published)]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("en 2014", "2014"),
        ("le 12 juin 2020", "2020-06-12"),
        ("le 1er mars 2020", "2020-03-01"),
        ("jeudi 12 juin 2025", "2025-06-12"),
        ("en avril 2019", "2019-04"),
        ("EN FEVRIER 2019", "2019-02"),
        ("mi-2024", "2024-06~"),
        ("début 2024", "2024~"),
        ("fin mars 2024", "2024-03"),
        ("de juillet à septembre 2020", "2020-07/2020-09"),
        ("de novembre à février 2020", "2019-11/2020-02"),
        ("2014-2020", "2014/2020"),
        ("au premier trimestre 2020", "2020-33"),
        ("au 4e trimestre de 2020", "2020-36"),
        ("au second semestre 2020", "2020-41"),
        ("T3 2021", "2021-35"),
    ],
)
def test_a_whole_date_needs_no_other(text: str, edtf: str) -> None:
    assert dates(text) == dates(text, None) == [edtf]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("jeudi", "2025-06-12"),
        ("vendredi", "2025-06-13"),
        ("vendredi dernier", "2025-06-06"),
        ("lundi prochain", "2025-06-16"),
        ("hier", "2025-06-12"),
        ("avant-hier", "2025-06-11"),
        ("aujourd\u2019hui", "2025-06-13"),
        ("demain", "2025-06-14"),
        ("le 3 mars", "2025-03-03"),
        ("en mai", "2025-05"),
        ("en décembre", "2024-12"),
        ("en mars dernier", "2025-03"),
        ("l'an dernier", "2024"),
        ("l'année prochaine", "2026"),
        ("cette année", "2025"),
        ("le mois dernier", "2025-05"),
        ("le mois prochain", "2025-07"),
        ("il y a trois ans", "2022"),
        ("il y a environ un an", "2024-06~"),
        ("il y a deux mois", "2025-04"),
        ("il y a 10 jours", "2025-06-03"),
        ("trois mois plus tôt", "2025-03"),
        ("un an auparavant", "2024"),
        ("au premier trimestre", "2025-33"),
        ("au quatrième trimestre", "2024-36"),
    ],
)
def test_a_relative_date_counts_from_the_document(text: str, edtf: str) -> None:
    assert dates(text) == [edtf]
    assert dates(text, None) == []


@pytest.mark.parametrize(
    "text", ["le 31 février 2020", "2020 euros", "2020 %", "le troisième semestre 2020", "12.2020"]
)
def test_what_is_no_date_is_left_out(text: str) -> None:
    assert dates(text) == []


def test_the_precision_of_the_document_bounds_what_is_resolved() -> None:
    assert dates("hier", "2025-06") == dates("hier", "2025") == []
    assert dates("l'an dernier", "2025") == ["2024"]
    assert dates("le mois dernier", "2025-01") == ["2024-12"]


def test_dates_stand_where_they_are_printed() -> None:
    text = "Avant 2014. En mai 2015 puis jeudi."
    assert [text[d.start : d.end] for d in find_dates(text, 11, len(text), PUBLISHED)] == [
        "mai 2015",
        "jeudi",
    ]


EDTF = re.compile(r"\d{4}(-\d\d(-\d\d)?)?~?(/\d{4}(-\d\d)?)?")
# fmt: off
PIECES = [
    "le ", "12 ", "31 ", "juin ", "mars ", "2020", " à ", "il y a ", "un an ", "3 mois ", "lundi ", "dernier",
    "mi-", "T1 ",
]
# fmt: on


@given(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(),
    st.sampled_from([None, "2025", "2025-01", "2024-02-29"]),
)
def test_any_text_gives_edtf(text: str, published: str | None) -> None:
    for dated in find_dates(text, 0, len(text), published):
        assert 0 <= dated.start < dated.end <= len(text)
        assert EDTF.fullmatch(dated.edtf)


@pytest.mark.parametrize(
    ("text", "published", "edtf"),
    [
        ("du 4 au 10 mai 2020", None, ["2020-05-04/2020-05-10"]),
        ("du 30 décembre au 2 janvier 2021", None, ["2020-12-30/2021-01-02"]),
        ("du 28 avril au 3 mai", PUBLISHED, ["2025-04-28/2025-05-03"]),
        ("du 4 au 10 mai", None, []),
    ],
)
def test_days_from_one_to_another_are_an_interval(text: str, published: str | None, edtf: list[str]) -> None:
    assert dates(text, published) == edtf

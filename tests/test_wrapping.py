"""Lines cut at a width are read as the paragraphs that they were; all other lines stay as they are."""

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import etl
from etl.wrapping import unwrap

CORPUS = Path(__file__).parent.parent / "data" / "corpus"
TEXTS = [document.text for document in etl.read(CORPUS)]


def wrapped(text: str, width: int) -> str:
    """The text as a mail program would send it."""
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) if line.strip() else line
        for line in text.split("\n")
    )


@pytest.mark.parametrize("width", [60, 72, 78, 95])
def test_the_corpus_wrapped_at_a_width_says_what_it_says_in_long_lines(width: int) -> None:
    for text in TEXTS:
        said = ["quote", "value", "unit", "measure", "subject", "actor", "zone"]
        long, short = (etl.parse(kind)[said] for kind in (text, wrapped(text, width)))
        short["quote"] = short["quote"].str.replace("\n", " ")
        assert short.to_csv() == long.to_csv()


def test_a_quote_is_what_is_printed_over_two_lines() -> None:
    prose = "Le groupe lillois a longtemps négocié. " * 8 + "Il paie 12 millions d'euros comptant."
    text = next(cut for width in range(50, 90) if "12\nmillions" in (cut := wrapped(prose, width)))
    (figure,) = etl.parse(text).to_dict("records")
    assert text[figure["start"] : figure["end"]] == figure["quote"] == "12\nmillions d'euros"


OTHERS = {
    "lines": "Nordelec : 12 millions d'euros\nVoltaire : 3 millions d'euros\nArverne : 40 % du capital\nBelmont : rien",
    "items": "\n".join(
        f"- le versement numéro {n} est de {n} millions d'euros, payables" for n in range(1, 9)
    ),
    "table": "\n".join(
        f"Exercice 20{n}   {n} millions d'euros   {n} % de marge nette" for n in range(10, 19)
    ),
    "pipes": "\n".join(
        f"Exercice 20{n} | {n} millions d'euros | {n} % de marge nette" for n in range(10, 19)
    ),
    "one": "Nordelec, qui a longtemps négocié, paie douze\nmillions d'euros.",
    "long": "\n".join(["Le groupe lillois a longtemps négocié. " * 6, "Il paie 12 millions d'euros."] * 4),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_no_width_has_cut_stays(name: str) -> None:
    assert unwrap(OTHERS[name]) == OTHERS[name]


@given(st.text("aé .-\n12€", max_size=400) | st.sampled_from(TEXTS), st.integers(20, 110))
def test_nothing_but_breaks_become_spaces(text: str, width: int) -> None:
    for given_text in (text, wrapped(text, width)):
        read = unwrap(given_text)
        assert len(read) == len(given_text)
        assert all(new == old or (old, new) == ("\n", " ") for old, new in zip(given_text, read, strict=True))

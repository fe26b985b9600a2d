"""Who is named in a text, and under which one name."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.parties import Mention, find_parties
from etl.segments import find_sentences


def mentions(text: str, published: str | None = None) -> list[Mention]:
    return list(find_parties(text, find_sentences(text), published).mentions)


def names(text: str, published: str | None = None) -> list[str]:
    return [m.name for m in mentions(text, published) if m.name and m.kind != "place"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le rachat séduit Microsoft et LinkedIn.", ["Microsoft", "LinkedIn"]),
        ("Selon Reuters, le géant Alphabet recule.", ["Reuters", "Alphabet"]),
        ("Le patron de la CNIL écrit à Google.", ["CNIL", "Google"]),
        ("L'Américain eBay et xAI signent.", ["eBay", "xAI"]),
        ("La somme revient à L\u2019Oréal.", ["L'Oréal"]),
        ("Elle quitte Air France-KLM pour Saint-Gobain.", ["Air France-KLM", "Saint-Gobain"]),
    ],
)
def test_a_known_name_is_found(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Elle rejoint Soluvia à Lyon.", ["Soluvia"]),
        ("Le fonds Bastide Capital hésite.", ["Bastide Capital"]),
        ("Elle rejoint Nordelec.ai en mai.", ["Nordelec.ai"]),
        ("Soluvia grandit. Elle rejoint Soluvia.", ["Soluvia", "Soluvia"]),
    ],
)
def test_a_new_name_is_told_by_its_capitals(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Investir coûte cher. Résultat : rien.",
        "Le PDG et la TVA ont augmenté au T3.",
        "Les Français, l'Internet et la Bourse.",
        "Hier, Mme la ministre a parlé d'IA.",
        "En 2020, le groupe a vendu ses actions.",
        "3 MILLIONS D'EUROS",
    ],
)
def test_a_capital_alone_is_no_name(text: str) -> None:
    assert [m.name for m in mentions(text) if m.name] == []


def test_a_place_is_no_party() -> None:
    assert [(m.name, m.kind) for m in mentions("Le siège est à Lyon, puis à New York.")] == [
        ("Lyon", "place"),
        ("New York", "place"),
    ]


def test_a_short_form_joins_the_longer_name_of_its_text() -> None:
    assert names("Meta mise sur Scale AI. Selon Meta, Scale progresse.") == [
        "Meta",
        "Scale AI",
        "Meta",
        "Scale AI",
    ]
    assert names("Il confie à Bastide Capital la suite ; puis Bastide refuse.") == ["Bastide Capital"] * 2


def test_a_head_acts_for_the_company_and_speaks_in_person() -> None:
    [head] = [m for m in mentions("Le rachat plaît à Mark Zuckerberg.") if m.name]
    assert (head.name, head.speaker, head.form) == ("Meta", "Mark Zuckerberg", "head")
    told = mentions("Claire Novak, directrice générale de Bastide Capital, signe. Ensuite Claire Novak part.")
    assert [(m.name, m.speaker) for m in told if m.person] == [("Bastide Capital", "Claire Novak")] * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La maison mère de Facebook paie.", "Meta"),
        ("La start-up d'étiquetage de données Scale AI recrute.", "Scale AI"),
        ("Le groupe de Mark Zuckerberg paie.", "Meta"),
        ("Le géant américain Microsoft paie.", "Microsoft"),
    ],
)
def test_a_description_joins_the_name_that_it_stands_before(text: str, expected: str) -> None:
    [mention] = [m for m in mentions(text) if m.name]
    assert mention.name == expected


def test_a_description_without_a_name_waits_for_one() -> None:
    forms = [(m.form, m.name) for m in mentions("Renault souffre. Le groupe recule, puis il remonte.")]
    assert forms[1:] == [("company", ""), ("pronoun", "")]


def test_a_company_has_the_name_of_its_time() -> None:
    text = "La raffinerie appartient à Total."
    assert names(text, "2014-02-19") == ["Total"]
    assert names(text, "2025-06-13") == names(text) == ["TotalEnergies"]


def test_the_cast_counts_its_names() -> None:
    text = "Selon Meta, Scale AI gagne. Avec Meta, tout va."
    assert find_parties(text, find_sentences(text)).counts == {"Meta": 2, "Scale AI": 1}


def test_far_behind_the_last_figure_names_that_were_read_count_and_no_others() -> None:
    prose = "Le conseil se tait et personne ne sait pourquoi. " * 40
    text = f"Meta investit 14 euros. {prose}Meta attend, avec Metallica et Scale AI. Meta reste."
    sentences = find_sentences(text)
    assert find_parties(text, sentences).counts == {"Meta": 3, "Metallica": 1, "Scale AI": 1}
    assert find_parties(text, sentences, last=text.index("14")).counts == {"Meta": 3}


# fmt: off
PIECES = [
    "Meta", "Scale AI", "Scale", "le groupe", "PDG de ", "Mark ", "Wang", "d'", " ", ", ", ". ", "\n", "X", "É",
    "1", "-",
]
# fmt: on


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text())
def test_any_text_has_mentions_in_order_and_apart(text: str) -> None:
    found = mentions(text)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(m.name or m.form != "name" for m in found)

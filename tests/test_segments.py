"""Sentences and zones: cuts by layout and punctuation, offsets kept."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.segments import find_sentences


def cut(text: str) -> list[str]:
    return [text[s.start : s.end] for s in find_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Le groupe perd 3 %.", "Son rival gagne 2 %."],
        ["Est-ce cher ?", "Oui !", "Très cher\u2026", "Voilà."],
        ["Il gagne 3,5 millions.", "12 % vont à l'impôt."],
        ["« Nous avons payé. »", "Le groupe se tait."],
        ["Il l'a dit (en 2019).", "Puis il est parti."],
        ["M. Wang et Mme Dupont signent.", "Le Dr House aussi."],
        ["Character.AI et Booking.com grandissent.", "Mistral AI aussi."],
        ["Le groupe J. P. Morgan achète.", "Il vend."],
        ["Il achète, vend, prête, etc.", "Puis il paie."],
        ["La version 3.1 coûte 12.50 euros.", "C'est peu."],
    ],
)
def test_a_line_is_cut_into_its_sentences(sentences: list[str]) -> None:
    assert cut(" ".join(sentences)) == sentences


def test_sentences_glued_together_are_cut() -> None:
    assert cut("Il paie (en 2019).En mai, il vend.") == ["Il paie (en 2019).", "En mai, il vend."]


def test_a_line_never_joins_the_next_one() -> None:
    assert cut("Le groupe paie\n3 millions d'euros") == ["Le groupe paie", "3 millions d'euros"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0\u202f\n"])
def test_white_space_has_no_sentence(text: str) -> None:
    assert find_sentences(text) == []


def test_zones_are_told_by_layout() -> None:
    text = (
        "Meta investit dans Scale AI\n\n"
        "Le montant surprend tout le monde.\n\n"
        "## Une suite\n\n"
        "Abonnez-vous\n\n"
        "La fin est proche.\n\n"
        "Voir aussi : un autre article\n"
        "Un titre de plus\n"
        "Commentaires\n"
        "Bravo à eux."
    )
    assert [sentence.zone for sentence in find_sentences(text)] == [
        "title",
        "body",
        "title",
        "boilerplate",
        "body",
        "boilerplate",
        "boilerplate",
        "comment",
        "comment",
    ]


def test_paragraphs_are_counted() -> None:
    assert [s.paragraph for s in find_sentences("Un titre\n\n\nUn. Deux.\nTrois.")] == [0, 1, 1, 2]


@pytest.mark.parametrize("piece", ["3 € ", "49 % de ", "a doublé, puis ", "deux cents "])
def test_a_sentence_without_an_end_is_read_in_parts(piece: str) -> None:
    text = piece * 2_000
    sentences = find_sentences(text)
    assert max(s.end - s.start for s in sentences) <= 2_000
    assert " ".join(text[s.start : s.end] for s in sentences) == text.strip()


@given(st.text(alphabet='aZé .!?\u2026«»"()\n\u00a0\u202f3M', max_size=120) | st.text())
def test_sentences_cover_all_that_is_no_white_space(text: str) -> None:
    sentences = find_sentences(text)
    assert all(left.end <= right.start for left, right in pairwise(sentences))
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in sentences)
    covered = {place for s in sentences for place in range(s.start, s.end)}
    assert all(text[place].isspace() for place in set(range(len(text))) - covered)

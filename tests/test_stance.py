"""How far a text commits itself, and whom it credits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.lexicon import folded
from etl.parties import find_parties
from etl.segments import find_sentences
from etl.stance import PRECEDENCE, find_marks, find_quotations, find_voices, status_of


def marks(text: str) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.says) for m in find_marks(text, folded(text), 0, len(text))]


def status(text: str, figure: str = "3 euros") -> str:
    flat = folded(text)
    start = text.index(figure)
    found = find_marks(text, flat, 0, len(text))
    return status_of(flat, found, start, start + len(figure), (0, len(text)))[0]


def voices(text: str, figure: str = "3 euros") -> list[str]:
    """Who is credited with a figure: the words of each voice that reaches it."""
    flat = folded(text)
    sentences = find_sentences(text)
    cast = list(find_parties(text, sentences).mentions)
    place = text.index(figure)
    sentence = next(s for s in sentences if s.start <= place < s.end)
    found = find_voices(
        text, flat, (sentence.start, sentence.end), [m for m in cast if m.start < sentence.end]
    )
    found += find_quotations(text, flat, cast, len(text))
    return [voice.words for voice in found if voice.reach[0] <= place < voice.reach[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("il paierait", [("paierait", "reported")]),
        ("il paiera", [("paiera", "planned")]),
        ("il pourrait payer", [("pourrait", "possible")]),
        ("il dément", [("dément", "denied")]),
        ("il compte payer", [("compte", "planned")]),
        ("Meta paierait et pourrait vendre", [("paierait", "reported"), ("pourrait", "possible")]),
    ],
)
def test_a_mark_says_how_sure_the_text_is(text: str, expected: list[tuple[str, str]]) -> None:
    assert marks(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "il déclarait",
        "il montra",
        "elle espérait",
        "il paie",
        "il a payé",
        "il compte 200 salariés",
        "il doit 12 euros",
    ],
)
def test_a_plain_tense_leaves_no_mark(text: str) -> None:
    assert [says for _, says in marks(text) if says != "planned" or "espér" not in text] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il a payé 3 euros.", "actual"),
        ("Il aurait payé 3 euros.", "reported"),
        ("3 euros seraient versés.", "reported"),
        ("Il paiera 3 euros.", "planned"),
        ("Il pourrait payer 3 euros.", "possible"),
        ("Il n'a pas payé 3 euros.", "denied"),
        ("Il nie avoir payé 3 euros.", "denied"),
        ("S'il gagne, il paiera 3 euros.", "possible"),
        ("Il vendra tout, mais il a payé 3 euros.", "actual"),
        ("Il vendra tout ; il a payé 3 euros.", "actual"),
        ("Il n'a pas encore dépensé 3 euros.", "actual"),
    ],
)
def test_the_verb_that_governs_the_figure_decides(text: str, expected: str) -> None:
    assert status(text) == expected


def test_of_several_marks_the_first_in_the_contract_wins() -> None:
    assert PRECEDENCE == ("denied", "possible", "reported", "planned", "actual")
    assert status("Il devrait pouvoir, il pourrait payer 3 euros.") == "possible"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Selon Reuters, il paie 3 euros.", ["Reuters"]),
        ("Il paie 3 euros, selon Reuters.", ["Reuters"]),
        ("D'après Le Monde, il paie 3 euros.", ["Le Monde"]),
        ("Selon une source syndicale, il paie 3 euros.", ["une source syndicale"]),
        ("L'amende est de 3 euros, a indiqué la CNIL.", ["CNIL"]),
        ("La CNIL indique que l'amende est de 3 euros.", ["CNIL"]),
        ("« Je paie 3 euros », dit Vahan Petrosyan.", ["Vahan Petrosyan"]),
        ("L'amende est de 3 euros.", []),
        ("Reuters emménage. L'amende est de 3 euros.", []),
        ("Selon l'âge, il paie 3 euros.", []),
        ("Le film « Her » coûte 3 euros.", []),
    ],
)
def test_a_voice_is_credited_with_what_it_reaches(text: str, expected: list[str]) -> None:
    assert list(dict.fromkeys(voices(text))) == expected


def test_a_voice_does_not_reach_past_a_semicolon() -> None:
    assert voices("Selon Reuters, il paie 5 euros ; la CNIL en veut 3 euros.") == []


# fmt: off
PIECES = [
    "Selon ", "Reuters", "Meta ", "a dit ", "que ", "paierait ", "n'a pas ", "« ", " »", '"', "si ", ", ", ". ", "\n",
    "3 euros ", "l'",
]
# fmt: on


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text())
def test_any_text_has_voices_that_lie_in_it(text: str) -> None:
    flat = folded(text)
    sentences = find_sentences(text)
    cast = list(find_parties(text, sentences).mentions)
    found = find_quotations(text, flat, cast, len(text))
    for sentence in sentences:
        span = (sentence.start, sentence.end)
        found += find_voices(text, flat, span, [m for m in cast if m.start < sentence.end])
        assert all(0 <= m.start < m.end <= len(text) for m in find_marks(text, flat, *span))
    assert all(0 <= a <= b <= len(text) for v in found for a, b in ((v.start, v.end), v.reach))

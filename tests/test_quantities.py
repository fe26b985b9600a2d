"""The grammar of amounts, as far as the tables of `examples/` do not say it, and what holds for every text."""

from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest
from babel.numbers import format_decimal
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import etl
from etl.lexicon import Currency, lexicon
from etl.quantities import Quantity, find_quantities
from etl.segments import find_sentences
from etl.table import KINDS, QUALIFIERS, check
from etl.units import is_unit


def find(text: str) -> list[Quantity]:
    return find_quantities(text, find_sentences(text))


def quotes(text: str) -> list[str]:
    return [text[q.start : q.end] for q in find(text)]


def test_a_quantity_knows_its_place_value_and_reason() -> None:
    text = "Le rachat coûte près de 14,3 milliards de dollars."
    [found] = find(text)
    assert text[found.start : found.end] == "14,3 milliards de dollars"
    assert (found.kind, found.unit, found.value) == ("money", "USD", Decimal("14.3e9"))
    assert (found.qualifier, found.low, found.high) == ("about", None, None)
    start, end = found.evidence["qualifier"]
    assert text[start:end] == "près de"


@pytest.mark.parametrize(
    ("printed", "exponent"),
    [("14 milliards d'euros", 9), ("14,3 milliards d'euros", 8), ("1 280,50 euros", -2), ("12 %", 0)],
)
def test_a_value_keeps_the_precision_that_was_printed(printed: str, exponent: int) -> None:
    [found] = find(f"Il reste {printed}.")
    assert found.value is not None
    assert found.value.as_tuple().exponent == exponent


def test_a_conversion_points_at_the_start_of_what_it_converts() -> None:
    first, second = find("Il paie 599 millions de dollars (500 millions d'euros).")
    assert (first.equivalent_of, second.equivalent_of) == (None, first.start)


def test_quantities_stand_in_order_and_apart() -> None:
    found = find("De 2 % à 3 %, puis 12, 15 et 20 millions d'euros, soit entre 4 et 5 % du total ou 3 €-4 €.")
    assert len(found) > 4
    assert all(left.end <= right.start for left, right in pairwise(found))


def test_the_rate_of_a_heading_is_not_the_rate_of_the_text() -> None:
    assert [q.unit for q in find("Un salaire mensuel\n\nLe groupe a perdu 3 millions d'euros.")] == ["EUR"]


# --- any amount is read back -----------------------------------------------------------------------------------

SPACES = st.sampled_from([" ", "\u00a0", "\u202f"])
LONG_SCALES = {"": 0, "million": 6, "millions": 6, "milliard": 9, "milliards": 9}
SHORT_SCALES = {"": 0, "k": 3, "M": 6, "Md": 9, "Mds": 9}


@cache
def _in_one_reading() -> tuple[tuple[str, ...], tuple[str, ...], dict[str, Currency]]:
    """Names and symbols of currencies that no context reads otherwise."""
    by_form: dict[str, list[Currency]] = {}
    for currency in lexicon().of(Currency):
        for form in (*currency.names, *currency.symbols):
            by_form.setdefault(form, []).append(currency)
    sure = {form: found[0] for form, found in by_form.items() if len(found) == 1 and not found[0].context}
    names = tuple(
        form for form in sure if form in sure[form].names and " " not in form.strip() and form.endswith("s")
    )
    symbols = tuple(
        form for form in sure if form in sure[form].symbols and " " not in form and not form.endswith(".")
    )
    return names, symbols, sure


@st.composite
def numbers(draw: st.DrawFn, space: str) -> tuple[str, Decimal]:
    """A number as French prints it, and its value."""
    whole, places = draw(st.integers(1, 9_999_999)), draw(st.integers(0, 2))
    value = Decimal(whole).scaleb(-places)
    assume(value >= 1)
    style = draw(st.sampled_from(["grouped", "plain", "babel"]))
    if style == "babel":
        return format_decimal(value, locale="fr", decimal_quantization=False), value
    printed = f"{value:,f}".replace(",", space if style == "grouped" else "").replace(".", ",")
    return printed, value


@st.composite
def amounts(draw: st.DrawFn) -> tuple[str, Decimal, str]:
    """An amount as the French press prints it, its value and unit."""
    names, symbols, sure = _in_one_reading()
    space = draw(SPACES)
    number, value = draw(numbers(space))
    manner = draw(st.sampled_from(["named", "symbol behind", "symbol before"]))
    if manner == "named":
        name, scale = draw(st.sampled_from(names)), draw(st.sampled_from(sorted(LONG_SCALES)))
        link = (
            ("d'" if name[0] in "aeiouéy" and name[:2] != "yu" and name[:2] != "ye" else f"de{space}")
            if scale
            else ""
        )
        printed = space.join(part for part in (number, scale, link + name) if part)
        power, currency = LONG_SCALES[scale], sure[name]
    else:
        symbol, scale = draw(st.sampled_from(symbols)), draw(st.sampled_from(sorted(SHORT_SCALES)))
        assume(not scale or sure[symbol].per == 1)  # nobody writes `3 Mcts`
        gap = draw(st.sampled_from(["", space]))
        if manner == "symbol behind":
            printed = f"{number}{gap}{scale}{symbol}"
        else:
            printed = f"{symbol}{space if symbol[-1].isalpha() else gap}{number}{gap if scale else ''}{scale}"
        power, currency = SHORT_SCALES[scale], sure[symbol]
    return printed, value.scaleb(power) / currency.per, currency.code


FRAMES = st.sampled_from(
    [
        "La facture est de {}.",
        "Il a fallu {} pour finir.",
        "{} sont partis en fumée.",
        "Le coût ({}) surprend.",
        "Reste « {} » !",
    ]
)


@given(FRAMES, amounts())
def test_an_amount_in_a_sentence_is_read_back(frame: str, amount: tuple[str, Decimal, str]) -> None:
    printed, value, unit = amount
    text = frame.format(printed)
    found = [(text[q.start : q.end], q.value, q.unit, q.qualifier) for q in find(text)]
    assert found == [(printed, value, unit, "exact")]


def test_a_code_that_begins_like_a_scale_is_read_behind_a_digit() -> None:
    assert [(q.value, q.unit) for q in find("Il paie 12KRW.")] == [(Decimal(12), "KRW")]


PERCENTS = {
    "%": "percent",
    "pour cent": "percent",
    "points de base": "basis_point",
    "points de pourcentage": "percentage_point",
}


@given(st.data(), SPACES, st.sampled_from(sorted(PERCENTS)), FRAMES)
def test_a_percentage_in_a_sentence_is_read_back(
    data: st.DataObject, space: str, sign: str, frame: str
) -> None:
    number, value = data.draw(numbers(space))
    printed = f"{number}{space}{sign}"
    text = frame.format(printed)
    assert [(text[q.start : q.end], q.value, q.unit) for q in find(text)] == [
        (printed, value, PERCENTS[sign])
    ]


@given(
    st.integers(2, 900),
    st.integers(2, 900),
    st.sampled_from(["entre {} et {}", "de {} à {}", "{} à {}", "{}-{}"]),
)
def test_a_range_in_a_sentence_is_read_back(a: int, b: int, form: str) -> None:
    assume(a < b)
    text = f"Il faudra {form.format(a, b)} millions d'euros."
    [found] = find(text)
    assert (found.low, found.high, found.qualifier) == (Decimal(a * 10**6), Decimal(b * 10**6), "between")
    assert found.value == Decimal(a + b) / 2 * 10**6


COUNTED = {
    "salariés": "person",
    "abonnés": "person",
    "magasins": "dimensionless",
    "véhicules": "dimensionless",
}
PHYSICAL = {"m²": "m**2", "kilomètres": "km", "mégawatts": "MW", "tonnes": "t", "km/h": "km/hour"}


@given(st.integers(10, 9_999_999), SPACES, st.sampled_from(sorted(COUNTED)), FRAMES)
def test_a_count_in_a_sentence_is_read_back(number: int, space: str, noun: str, frame: str) -> None:
    assume(not 1900 <= number < 2100)  # "2020 magasins" may be those of a year
    printed = f"{number:,}".replace(",", space) + f"{space}{noun}"
    text = frame.format(printed)
    found = [(text[q.start : q.end], q.kind, q.value, q.unit) for q in find(text)]
    assert found == [(printed, "count", Decimal(number), COUNTED[noun])]


@given(st.data(), SPACES, st.sampled_from(sorted(PHYSICAL)), FRAMES)
def test_a_physical_quantity_in_a_sentence_is_read_back(
    data: st.DataObject, space: str, unit: str, frame: str
) -> None:
    number, value = data.draw(numbers(space))
    printed = f"{number}{space}{unit}"
    text = frame.format(printed)
    found = [(text[q.start : q.end], q.kind, q.value, q.unit) for q in find(text)]
    assert found == [(printed, "quantity", value, PHYSICAL[unit])]


@given(st.integers(2, 900), st.sampled_from(["le prix", "son chiffre d'affaires", "plus"]))
def test_a_multiple_in_a_sentence_is_read_back(times: int, of: str) -> None:
    text = f"Il en coûte {times} fois {of}."
    assert [(text[q.start : q.end], q.kind, q.value) for q in find(text)] == [
        (f"{times} fois", "multiple", Decimal(times))
    ]


# --- any text at all -------------------------------------------------------------------------------------------

# fmt: off
PIECES = [
    "Meta ", "Scale AI ", "investit ", "dans ", "a perdu ", "près de ", "plus de ", "jusqu'à ", "entre ", "et ",
    "14,3", "1 280", "2020", "12", "-2,5", "deux ", "cent ", "mille ", "une dizaine de ", "plusieurs ", "demi",
    " millions", " milliards", " Md", "k", " d'euros", " de dollars", " francs", " livres", " €", "$", "%",
    " points", "à ", "-", ", ", ". ", " (", ") ", "« ", " »", "\n", "\n\n", "/mois", " par an", " contre ",
    " salariés", " de foyers", " m²", " fois le prix", " a doublé", "divisé par ", "x10", "&nbsp;", " sur ", "dont ",
    "selon Reuters", "pourrait ", "n'a pas ", "en mai ", "jeudi ", "Suisse ", "Londres ", "± ", " chiffres", "\u00ad",
]
# fmt: on
PROSE = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@settings(deadline=None)  # the first text also pays for the words and the registry of units
@given(st.text() | PROSE | st.text(alphabet="0123456789 .,-+%€$kMd\u00a0\u202f'\u2019\u00b1\u2212()\n"))
@example("\ufffd\u0660\u0661 €")
@example("² %")
@example("1" * 400 + " milliards d'euros")
@example("Jusqu'à " * 50)
def test_any_text_gives_figures_that_keep_the_contract(text: str) -> None:
    figures = etl.parse(text, published="2025-06-13")
    check(figures)
    for row in figures.to_dict("records"):
        assert text[row["start"] : row["end"]] == row["quote"] != ""
        assert row["kind"] in KINDS
        assert row["qualifier"] in QUALIFIERS
        assert is_unit(row["unit"])
        assert not row["low"] > row["high"]
        assert (row["value"] != row["value"]) is (row["qualifier"] == "magnitude")  # null


@given(PROSE | st.text(), PROSE | st.text())
def test_a_paragraph_behind_a_blank_line_changes_no_figure_before_it(text: str, more: str) -> None:
    def told(whole: str) -> set[tuple[object, ...]]:
        return {(q.start, q.end, q.value, q.low, q.high) for q in find(whole) if q.end <= len(text)}

    # A heading may take a unit from the text below, so figures may join; none may go or change.
    assert told(text) <= told(f"{text}\n\n{more}")


@given(PROSE)
def test_a_text_is_read_alike_wherever_it_begins(text: str) -> None:
    lead = "Tout a commencé ainsi.\n\n"
    alone = [(q.start, q.end, q.value) for q in find(f"Un mot.\n\n{text}")]
    moved = [(q.start, q.end, q.value) for q in find(f"{lead}{text}")]
    shift = len(lead) - len("Un mot.\n\n")
    assert [(a + shift, b + shift, value) for a, b, value in alone] == moved


# --- what figures take from each other -------------------------------------------------------------------------------


def told(text: str) -> list[tuple[str, str, str, str | None, str | None]]:
    """Each figure of the text as its quote, qualifier and unit, with the words that decided these two."""
    found = []
    for q in find(text):
        words = {column: text[start:end] for column, (start, end) in q.evidence.items()}
        found.append((text[q.start : q.end], q.qualifier, q.unit, words.get("qualifier"), words.get("unit")))
    return found


@pytest.mark.parametrize(
    ("hedge", "qualifier", "bound"),
    [
        ("environ", "about", None),
        ("plus de", "over", "low"),
        ("au moins", "at_least", "low"),
        ("moins de", "under", "high"),
        ("jusqu'à", "at_most", "high"),
    ],
)
def test_a_hedge_holds_the_list_behind_it_and_the_conversion(
    hedge: str, qualifier: str, bound: str | None
) -> None:
    for text in (
        f"Il paie {hedge} 3, 4 ou 5 millions d'euros.",
        f"Il paie {hedge} 599 millions de dollars (500 millions d'euros).",
    ):
        found = find(text)
        assert len(found) in (2, 3)
        assert [(q.qualifier, q.low, q.high) for q in found] == [
            (qualifier, q.value if bound == "low" else None, q.value if bound == "high" else None)
            for q in found
        ]
        assert {words for _, _, _, words, _ in told(text)} == {hedge}


def test_a_hedge_holds_no_figure_that_has_its_own_or_another_unit() -> None:
    text = "Il paie environ 3 ou 4 millions d'euros et 5 millions de dollars."
    assert [qualifier for _, qualifier, *_ in told(text)] == ["about", "about", "exact"]
    later = "Elle a 3 % du capital, puis environ 3 ou 4 millions d'euros."
    assert [qualifier for _, qualifier, *_ in told(later)] == ["exact", "about", "about"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Des loyers de 900, 950 ou 1 050 euros par mois, et 3 % de plus.", "par mois"),
        ("Un loyer mensuel de 900, 950 ou 1 050 euros, et 3 % de plus.", "mensuel"),
    ],
)
def test_a_rate_holds_the_whole_list(text: str, words: str) -> None:
    assert told(text) == [
        ("900", "exact", "EUR/month", None, words),
        ("950", "exact", "EUR/month", None, words),
        ("1 050 euros", "exact", "EUR/month", None, words),
        ("3 %", "exact", "percent", None, None),
    ]


def test_a_rate_holds_no_figure_behind_the_next() -> None:
    assert [q.unit for q in find("Un salaire mensuel de 400 euros et une prime de 370 euros.")] == [
        "EUR/month",
        "EUR",
    ]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Il paie 599 millions de dollars, soit environ 500 millions d'euros.", True),
        ("Il paie 599 millions de dollars, soit un total de 500 millions d'euros.", False),
        ("Il paie 400 euros par mois (370 euros).", False),
    ],
)
def test_a_conversion_has_another_currency_and_nothing_but_its_hedge_before_it(
    *, text: str, is_one: bool
) -> None:
    first, second = find(text)
    assert second.equivalent_of == (first.start if is_one else None)


@pytest.mark.parametrize(
    ("text", "unit", "inferred"),
    [
        pytest.param("Un loyer de 400 dollars par mois (370 euros).", "EUR/month", False, id="a conversion"),
        pytest.param(
            "Un abonnement de 19,90 euros par mois, ou 25,90 euros.", "EUR/month", False, id="another offer"
        ),
        pytest.param(
            "Il gagne 1 280 euros par mois et peut gagner 1 900 euros.", "EUR/month", False, id="the next pay"
        ),
        pytest.param(
            "Il gagne 1 280 euros par mois. Elle gagne 1 900 euros.", "EUR/month", True, id="of a sentence"
        ),
        pytest.param(
            "Il gagne 1 280 euros par mois.\nElle gagne 1 900 euros.", "EUR/month", True, id="of a line"
        ),
        pytest.param(
            "Il gagne 1 280 euros par mois.\n\nElle gagne 1 900 euros.", "EUR", False, id="of no paragraph"
        ),
        pytest.param(
            f"Il gagne 1 280 euros par mois{' bien' * 45} et gagne 1 900 euros.", "EUR", False, id="far off"
        ),
        pytest.param(
            "Il gagne 1 280 euros par mois et gagne 1 900 dollars.", "USD", False, id="another currency"
        ),
        pytest.param("Un abonnement à 12 euros par mois et un vélo à 900 euros.", "EUR", False, id="no pay"),
        pytest.param(
            "Il a 1 280 euros par mois. Ces 1 280 euros sont peu.", "EUR/month", True, id="the same again"
        ),
        pytest.param(
            "Il a 1 000 euros par mois. Ces 1 000 euros sont peu.", "EUR", False, id="a round sum again"
        ),
    ],
)
def test_the_rate_of_the_figure_before_holds_where_the_text_goes_on_with_it(
    *, text: str, unit: str, inferred: bool
) -> None:
    first, second = find(text)
    assert (second.unit, second.unit_inferred) == (unit, inferred)
    assert first.unit.endswith("/month")
    assert told(text)[1][4] == ("par mois" if "/" in unit else None)


def test_of_a_sum_told_at_two_rates_the_last_goes_on() -> None:
    text = "Il a 1 280 euros par mois, puis 1 280 euros par an. Ces 1 280 euros sont peu."
    assert [q.unit for q in find(text)] == ["EUR/month", "EUR/year", "EUR/year"]


def test_an_inferred_rate_goes_on_to_the_end_of_its_sentence() -> None:
    text = "Il a 1 280 euros par mois. Ces 1 280 euros font 900 euros de moins. Il doit 700 euros."
    assert [q.unit for q in find(text)] == ["EUR/month", "EUR/month", "EUR/month", "EUR"]


def test_a_quantity_is_per_a_time_too() -> None:
    assert told("Il parcourt 12 km par jour.") == [("12 km", "exact", "km/day", None, "par jour")]


@pytest.mark.parametrize(
    "text",
    [
        "Le Covid-19 et 20 millions d'euros.",
        "X-19 et 20 millions d'euros.",
        "En 2019 et 20 millions d'euros.",
        "Lire https://exemple.fr/14€ et 20 millions d'euros.",
        "Lire https://exemple.fr/3x12€ et 20 millions d'euros.",
        "Lire www.exemple.fr/14€ et 20 millions d'euros.",
    ],
)
def test_a_number_in_a_name_a_date_or_an_address_is_none(text: str) -> None:
    assert quotes(text) == ["20 millions d'euros"]


def test_the_counter_of_a_page_is_no_figure_but_its_money_is() -> None:
    text = "Meta paie 3 millions d'euros.\n\nCommentaires\n\n129 personnes\n\nAbonnez-vous pour 5 €"
    everywhere = find_quantities(text, [s._replace(zone="body") for s in find_sentences(text)])
    outside = find_quantities(text, [s._replace(zone="boilerplate") for s in find_sentences(text)])
    assert [q.kind for q in everywhere] == ["money", "count", "money"]
    assert [q.kind for q in outside] == ["money", "money"]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Chaque année, le musée accueille 40 000 visiteurs.", ["person/year"]),
        ("Le musée accueille 40 000 visiteurs tous les ans.", ["person/year"]),
        ("Le musée accueille 40 000 visiteurs, mais chaque année il en perd.", ["person"]),
        ("Le moteur émet 12 kg par km.", ["kg/km"]),
    ],
)
def test_what_is_counted_is_per_what_the_sentence_says(text: str, units: list[str]) -> None:
    assert [q.unit for q in find(text)] == units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Un prêt de 1,3 million à 2,5 %.", ["1,3 million", "2,5 %"], id="a sum and its rate"),
        pytest.param(
            "Ils donnent 38 % à 1 464 et 12 % à 6 236 euros.",
            ["38 %", "12 %", "6 236 euros"],
            id="what is counted there",
        ),
        pytest.param("De 1 464 à 12 %.", ["12 %"], id="no percents in thousands"),
        pytest.param("Entre -20 % et -25 %.", ["-20 % et -25 %"], id="two falls"),
        pytest.param(
            "De 1 500 à 3 millions d'euros.", ["1 500 à 3 millions d'euros"], id="from thousands to millions"
        ),
    ],
)
def test_units_are_shared_where_the_numbers_are_of_one_kind(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected

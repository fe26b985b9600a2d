"""Numbers at a place of a text: what begins there, how far it goes, and its exact value."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from etl.numerals import as_decimal_point, number_words, parse_digits, parse_fraction, parse_numeral

# fmt: off
UNITS = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize",
]
# fmt: on
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
BELGIAN = {**TENS, 70: "septante", 90: "nonante"}
SWISS = {**BELGIAN, 80: "huitante"}


def in_words(number: int, tens: dict[int, str] = TENS) -> str:
    """A number below a million as it is spelled, in the tradition of the country whose tens are given.

    >>> in_words(280_071), in_words(97, SWISS)
    ('deux cent quatre-vingt mille soixante et onze', 'nonante-sept')
    """
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        lead = "" if thousands == 1 else in_words(thousands, tens).removesuffix("s") + " "
        lead = lead.replace("troi ", "trois ").replace("si ", "six ")
        return f"{lead}mille {in_words(rest, tens)}".removesuffix(" zéro")
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        lead = "" if hundreds == 1 else UNITS[hundreds] + " "
        return f"{lead}cent {in_words(rest, tens)}" if rest else f"{lead}cent" + "s" * (hundreds > 1)
    return _below_a_hundred(number, tens)


def _below_a_hundred(number: int, tens: dict[int, str]) -> str:
    if number < 17:
        return UNITS[number]
    if number < 20:
        return f"dix-{UNITS[number - 10]}"
    base = max((ten for ten in tens if ten <= number), default=60)
    if number >= 80 and base < 80:
        rest = number - 80
        return f"quatre-vingt-{_below_a_hundred(rest, tens)}" if rest else "quatre-vingts"
    rest = number - base
    if rest == 0:
        return tens[base]
    return f"{tens[base]}{' et ' if rest in (1, 11) else '-'}{_below_a_hundred(rest, tens)}"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (21, "vingt et un"),
        (71, "soixante et onze"),
        (80, "quatre-vingts"),
        (81, "quatre-vingt-un"),
        (99, "quatre-vingt-dix-neuf"),
        (200, "deux cents"),
        (3016, "trois mille seize"),
        (200_000, "deux cent mille"),
    ],
)
def test_the_speller_of_these_tests_spells(number: int, words: str) -> None:
    assert in_words(number) == words


@given(
    st.integers(1, 999_999),
    st.sampled_from([TENS, BELGIAN, SWISS]),
    st.sampled_from(["plain", "1990", "capitals"]),
)
def test_a_number_in_words_is_read_whole(number: int, tens: dict[int, str], style: str) -> None:
    assume(number < 1000 or number // 100 % 10 != 1)  # `mille cent`: see the failures below
    words = in_words(number, tens)
    words = {"plain": words, "1990": words.replace(" ", "-"), "capitals": words.upper()}[style]
    found = parse_numeral(words, 0)
    assert found is not None
    assert (found.start, found.end, found.value, found.in_words) == (0, len(words), Decimal(number), True)


@given(
    st.integers(0, 10**15),
    st.integers(0, 4),
    st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", "'", "\u2019", ""]),
)
def test_a_number_in_digits_is_read_whole_and_exactly(number: int, places: int, group: str) -> None:
    value = Decimal(number).scaleb(-places)
    assume(value >= 1000 or places != 3 or "\u2019" != group != "'")  # `1.125` alone is a group of thousands
    mark = "." if group in ("'", "\u2019") else ","
    printed = f"{value:,f}".replace(",", "\0").replace(".", mark).replace("\0", group)
    found = parse_digits(printed, 0)
    assert found is not None
    assert (found.end, found.value) == (len(printed), value)
    if not group:
        assert found.value.as_tuple().exponent == -places


@pytest.mark.parametrize(
    ("text", "printed", "value"),
    [
        ("14,3 milliards", "14,3", "14.3"),
        ("-2,5 %", "-2,5", "-2.5"),
        ("\u22122,5 %", "\u22122,5", "-2.5"),
        ("+2,5 %", "+2,5", "2.5"),
        ("1.234.567", "1.234.567", "1234567"),
        ("1.234,56", "1.234,56", "1234.56"),
        ("1,234,567", "1,234,567", "1234567"),
        ("3.600 euros", "3.600", "3600"),
        ("3.60 euros", "3.60", "3.60"),
        ("12 34", "12", "12"),
        ("1 280 50", "1 280", "1280"),
        ("1 2800", "1", "1"),
        ("3,", "3", "3"),
        ("3.", "3", "3"),
        ("quatre-vingts ans", "quatre-vingts", "80"),
        ("deux trois", "deux", "2"),
        ("vingt et trois", "vingt", "20"),
        ("cent et une nuits", "cent", "100"),
        ("mille deux cents", "mille deux cents", "1200"),
        ("une dizaine", "une dizaine", "10"),
        ("deux douzaines", "deux douzaines", "24"),
    ],
)
def test_a_number_ends_where_it_ends(text: str, printed: str, value: str) -> None:
    found = parse_numeral(text, 0)
    assert found is not None
    assert (text[: found.end], found.value) == (printed, Decimal(value))


@pytest.mark.parametrize(
    ("text", "value"), [("cinq mille cent", 5100), ("mille cent dix", 1110), ("MILLE CENT", 1100)]
)
def test_a_hundred_may_follow_a_thousand(text: str, value: int) -> None:
    found = parse_numeral(text, 0)
    assert found is not None
    assert (found.end, found.value) == (len(text), Decimal(value))


@pytest.mark.parametrize(("text", "value"), [("0.125", "0.125"), ("0.001", "0.001"), ("-0.250", "-0.25")])
def test_no_group_follows_a_zero(text: str, value: str) -> None:
    found = parse_numeral(text, 0)
    assert found is not None
    assert found.value == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "euros", "XIV", "unité", "centre", "dizaine", "septembre", ",5", "-", "- a", "²"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_numeral(text, 0) is None


def test_a_collective_is_about_its_value() -> None:
    assert [found.about for text in ("une dizaine", "dix") if (found := parse_numeral(text, 0))] == [
        True,
        False,
    ]


def test_a_point_before_three_digits_may_turn_out_decimal() -> None:
    text = "2.202"
    found = parse_numeral(text, 0)
    assert found is not None
    assert found.point_group
    assert (found.value, as_decimal_point(found, text).value) == (Decimal(2202), Decimal("2.202"))


@pytest.mark.parametrize(
    ("text", "value"), [("demi", "0.5"), ("-demi", "0.5"), (" quarts", "0.25"), ("Demie", "0.5")]
)
def test_a_fraction_word_is_read(text: str, value: str) -> None:
    assert parse_fraction(text, 0) == (Decimal(value), len(text))


def test_a_word_that_begins_like_a_fraction_is_none() -> None:
    assert parse_fraction("quartier", 0) is None


def test_every_number_word_begins_a_number_or_stands_for_many() -> None:
    assert {"deux", "mille", "nonante", "dizaines"} <= set(number_words())
    assert all(parse_numeral(word, 0) or parse_numeral(f"une {word}", 0) for word in number_words())


@given(st.text(), st.integers(0, 20))
def test_any_place_of_any_text_is_a_number_or_none(text: str, start: int) -> None:
    found = parse_numeral(text, start)
    if found is not None:
        assert found.start == start
        assert start < found.end <= len(text)
        assert found.value.is_finite()


@pytest.mark.parametrize(
    ("text", "printed", "value"),
    [
        ("mille mille", "mille", 1000),
        ("cinq mille mille", "cinq mille", 5000),
        ("un mille", "un mille", 1000),
        ("mille deux mille", "mille deux", 1002),
        ("un cent", "un", 1),
        ("dix cents", "dix", 10),
        ("neuf cents", "neuf cents", 900),
        ("mille un cent", "mille un", 1001),
        ("trois cent cents", "trois cent", 300),
        ("mille et un", "mille et un", 1001),
        ("mille cent et un", "mille cent", 1100),
        ("un et un", "un", 1),
        ("un et onze", "un", 1),
        ("vingt et onze", "vingt et onze", 31),
        ("quatre vingt", "quatre vingt", 80),
        ("quatre trois", "quatre", 4),
        ("trois vingt", "trois", 3),
        ("un deux", "un", 1),
        ("dix dix", "dix", 10),
        ("dix six", "dix", 10),
        ("vingt dix", "vingt", 20),
        ("soixante vingt", "soixante", 60),
        ("quatre-vingt vingt", "quatre-vingt", 80),
        ("neuf cent quatre-vingt-dix-neuf mille", "neuf cent quatre-vingt-dix-neuf mille", 999_000),
    ],
)
def test_words_that_make_no_number_together_are_not_joined(text: str, printed: str, value: int) -> None:
    found = parse_numeral(text, 0)
    assert found is not None
    assert (text[: found.end], found.value) == (printed, Decimal(value))


@pytest.mark.parametrize("text", ["-un", "et un", " un"])
def test_a_number_in_words_begins_with_its_word(text: str) -> None:
    assert parse_numeral(text, 0) is None


@pytest.mark.parametrize("sign", ["-", "- ", "-\u00a0", "-\u202f", "\u2212\u202f", "\u2013 "])
def test_a_space_may_stand_between_sign_and_digits(sign: str) -> None:
    found = parse_digits(f"{sign}14", 0)
    assert found is not None
    assert (found.start, found.end, found.value) == (0, len(sign) + 2, Decimal(-14))


@pytest.mark.parametrize(
    ("text", "is_group"), [("1.5", False), ("1.500", True), ("1.500.000", False), ("1 500", False)]
)
def test_one_group_behind_a_point_may_be_decimals(*, text: str, is_group: bool) -> None:
    found = parse_digits(text, 0)
    assert found is not None
    assert found.point_group is is_group


@pytest.mark.parametrize("sign", ["-", "\u2212", "\u2013"])
def test_a_point_that_turns_out_decimal_keeps_sign_and_place(sign: str) -> None:
    text = f"{sign}2.202 millions"
    found = parse_digits(text, 0)
    assert found is not None
    assert as_decimal_point(found, text)[:3] == (0, 6, Decimal("-2.202"))

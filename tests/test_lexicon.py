"""Every entry of the words proves itself by its own example; a wrong one is refused by file, table and entry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import etl
from etl.errors import LexiconError
from etl.lexicon import (
    TABLES,
    WORDS,
    Calendar,
    Cardinal,
    Collective,
    Cue,
    Currency,
    Entity,
    FractionWord,
    Group,
    Multiplier,
    PhysicalUnit,
    Qualifier,
    Rate,
    Scale,
    Source,
    Stance,
    alternation,
    conjugated,
    find_phrases,
    folded,
    lexicon,
    pattern_of,
    phrases_of,
    read_words,
)
from etl.units import is_unit

NAMES = {table: name for name, table in TABLES.items()}
PUBLISHED = "2025-06-13"


@cache
def rows(text: str) -> list[dict[str, Any]]:
    figures = etl.parse(text, published=PUBLISHED).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in figures]


def entries(*tables: type[Any]) -> list[Any]:
    """The entries of the tables as parameters, each named by its table, its place there and its first word."""
    return [
        pytest.param(entry, id=f"{NAMES[table]} {number}: {_label(entry)}")
        for table in tables
        for number, entry in enumerate(lexicon().of(table), 1)
    ]


def _label(entry: Any) -> str:
    cells = (
        getattr(entry, name, None)
        for name in ("name", "code", "use", "forms", "measure", "qualifier", "status")
    )
    label = next((cell for cell in cells if cell), entry.example)
    return str(label[0] if isinstance(label, tuple) else label)


def has(text: str, forms: Iterable[str]) -> bool:
    """Whether a text has one of the forms, as a word or, of abbreviations, behind a digit."""
    return bool(re.search(rf"(?:(?<!\w)|(?<=\d)){alternation(forms)}(?!\w)", text, re.IGNORECASE))


# --- every example ---------------------------------------------------------------------------------------------

# A group whose words end or pass over text shows itself by giving no figure.
WITHOUT_FIGURE = {"comments begin"}
# Groups of stems, which words begin with.
STEMS = {"money context", "no infinitive"}


@pytest.mark.parametrize("entry", entries(Cardinal, Collective, Scale, FractionWord))
def test_a_number_word_builds_a_figure(entry: Cardinal | Collective | Scale | FractionWord) -> None:
    forms = (*entry.forms, *getattr(entry, "abbreviations", ()))
    assert any(has(row["quote"], forms) for row in rows(entry.example)), rows(entry.example)


@pytest.mark.parametrize("entry", entries(Currency))
def test_a_currency_is_the_unit_of_its_example(entry: Currency) -> None:
    found = [row["unit"] for row in rows(entry.example) if has(row["quote"], entry.names) or not entry.names]
    assert [unit.split("/")[0] for unit in found] == [entry.code]


@pytest.mark.parametrize("entry", entries(Currency))
def test_a_currency_is_read_in_each_way_of_writing(entry: Currency) -> None:
    where = f"{entry.context[0]} : " if entry.context else ""
    printed = [f"12,5 {name}" for name in entry.names if name.endswith("s") or name not in plurals(entry)]
    printed += [text for symbol in entry.symbols for text in (f"12,5 {symbol}", f"{symbol} 12,5")]
    shared = {name for other in lexicon().of(Currency) if other.context for name in other.names}
    for amount in printed:
        if not entry.context and amount.removeprefix("12,5 ") in shared:
            continue
        found = [(row["quote"], row["unit"], row["value"]) for row in rows(f"{where}il paie {amount}.")]
        assert found == [(amount, entry.code, 12.5 / entry.per)]


def plurals(entry: Currency) -> set[str]:
    """The singular names that stand beside their plural: nobody writes `12,5 euro`."""
    return {name for name in entry.names if f"{name}s" in entry.names}


@pytest.mark.parametrize("entry", entries(Qualifier))
def test_a_qualifier_holds_the_figure_of_its_example(entry: Qualifier) -> None:
    assert entry.qualifier in [row["qualifier"] for row in rows(entry.example)]


@pytest.mark.parametrize("entry", entries(Rate))
def test_a_rate_divides_the_unit_of_its_example(entry: Rate) -> None:
    assert [row["unit"].split("/")[1:] for row in rows(entry.example)] == [[entry.per]]


@pytest.mark.parametrize("entry", entries(PhysicalUnit))
def test_a_physical_unit_is_one_of_the_registry(entry: PhysicalUnit) -> None:
    assert is_unit(entry.unit)
    assert entry.unit in [row["unit"] for row in rows(entry.example)]


@pytest.mark.parametrize("entry", entries(Multiplier))
def test_a_multiplier_is_the_multiple_of_its_example(entry: Multiplier) -> None:
    assert [(row["kind"], row["value"]) for row in rows(entry.example)] == [("multiple", entry.value)]


@pytest.mark.parametrize("entry", entries(Cue))
def test_a_cue_decides_what_its_example_measures(entry: Cue) -> None:
    found = [(row["measure"], row["direction"]) for row in rows(entry.example)]
    assert entry.measure in [measure for measure, _ in found]
    if entry.direction:
        assert (entry.measure, entry.direction) in found
    words = [
        json.loads(row["evidence"])["measure"][2]
        for row in rows(entry.example)
        if row["measure"] == entry.measure
    ]
    verbs = [form for verb in entry.verbs for form in conjugated(verb)]
    assert any(has(word, (*entry.nouns, *entry.phrases, *entry.after, *verbs)) for word in words)


@pytest.mark.parametrize("entry", entries(Stance))
def test_a_stance_decides_the_status_of_its_example(entry: Stance) -> None:
    assert [row["status"] for row in rows(entry.example)] == [entry.status]


@pytest.mark.parametrize("entry", entries(Source))
def test_a_source_is_credited_in_its_example(entry: Source) -> None:
    assert all(isinstance(row["attribution"], str) for row in rows(entry.example))
    assert rows(entry.example)


@pytest.mark.parametrize("entry", entries(Entity))
def test_an_entity_has_a_part_in_its_example(entry: Entity) -> None:
    parts = [row[column] for row in rows(entry.example) for column in ("subject", "actor", "attribution")]
    assert {entry.name, *entry.heads} & {part for part in parts if isinstance(part, str)}, parts


@pytest.mark.parametrize("entry", entries(Group))
def test_a_group_stands_in_an_example_that_is_read(entry: Group) -> None:
    assert bool(rows(entry.example)) is (entry.use not in WITHOUT_FIGURE)
    verbs = [form for word in entry.words if re.fullmatch(r"[\w-]+er", word) for form in conjugated(word)]
    stem = entry.use in STEMS and any(word in folded(entry.example) for word in entry.words)
    assert stem or has(entry.example, (*entry.words, *verbs))


@pytest.mark.parametrize("entry", entries(Calendar))
def test_a_word_of_the_calendar_dates_its_example(entry: Calendar) -> None:
    [row] = rows(entry.example)
    assert isinstance(row["period"], str)
    assert has(json.loads(row["evidence"])["period"][2], entry.forms)


def test_every_table_of_the_words_is_proved_here() -> None:
    proved = {
        Cardinal,
        Collective,
        Scale,
        FractionWord,
        Currency,
        Multiplier,
        Qualifier,
        Rate,
        PhysicalUnit,
        Cue,
        Stance,
        Source,
    }
    assert set(TABLES.values()) == {*proved, Entity, Group, Calendar}


def test_every_currency_is_a_unit_of_the_registry() -> None:
    assert [entry.code for entry in lexicon().of(Currency) if not is_unit(entry.code)] == []


# --- what is refused -------------------------------------------------------------------------------------------

GOOD = '[[cardinal]]\nforms = ["deux"]\nvalue = 2\nexample = "Deux euros."\n'


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(
            GOOD.replace("value", "valeur"),
            "mots.toml, cardinal 1: unknown key 'valeur'; the keys are forms, value, example",
            id="unknown key",
        ),
        pytest.param(
            '[[cardinal]]\nforms = ["deux"]\nvalue = 2\n',
            "mots.toml, cardinal 1: 'example' is missing",
            id="no example",
        ),
        pytest.param(
            GOOD.replace('"Deux euros."', '""'),
            "mots.toml, cardinal 1: 'example' is missing",
            id="empty example",
        ),
        pytest.param(
            GOOD.replace("value = 2\n", ""),
            "mots.toml, cardinal 1: 'value' is missing",
            id="required key missing",
        ),
        pytest.param(
            GOOD + GOOD,
            "mots.toml, cardinal 2: 'deux' stands already in mots.toml, cardinal 1",
            id="duplicate",
        ),
        pytest.param(
            GOOD.replace("cardinal", "cardinaux"),
            "mots.toml: no table is called 'cardinaux'; they are",
            id="table",
        ),
        pytest.param(
            GOOD.replace("[[cardinal]]", "[cardinal]"), "mots.toml: no table is called", id="no list"
        ),
        pytest.param(GOOD + "[[", "mots.toml: ", id="no TOML"),
    ],
)
def test_a_wrong_entry_is_refused_in_one_line(tmp_path: Path, words: str, message: str) -> None:
    path = tmp_path / "mots.toml"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(LexiconError) as refused:
        read_words([path])
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_a_word_may_not_stand_in_two_files(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(
        LexiconError, match=r"^b.toml, cardinal 1: 'deux' stands already in a.toml, cardinal 1$"
    ):
        read_words(sorted(tmp_path.glob("*.toml")))


def test_no_name_belongs_to_two_entities(tmp_path: Path) -> None:
    entity = (
        '[[entity]]\nname = "{}"\nkind = "company"\naliases = ["Petite"]\nexample = "Elle paie 3 euros."\n'
    )
    path = tmp_path / "noms.toml"
    path.write_text(entity.format("Grande") + entity.format("Moyenne"), encoding="utf-8")
    with pytest.raises(
        LexiconError, match=r"^noms.toml, entity 2: 'Petite' stands already in noms.toml, entity 1$"
    ):
        read_words([path])


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"^rien.toml: "):
        read_words([tmp_path / "rien.toml"])


def test_the_words_are_read_in_the_order_of_their_files(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.toml").write_text(GOOD.replace("deux", "trois").replace("2", "3"), encoding="utf-8")
    found = read_words(sorted(tmp_path.glob("*.toml")))
    assert [entry.value for entry in found.of(Cardinal)] == [2, 3]
    assert found.of(Currency) == ()


# --- patterns and phrases --------------------------------------------------------------------------------------


def test_the_shipped_words_stand_in_the_package() -> None:
    assert {path.suffix for path in WORDS.iterdir() if path.is_file()} == {".toml"}


def test_the_longest_phrase_is_found() -> None:
    pattern = re.compile(alternation(["plus de", "plus de la moitié", "plus"]))
    assert [match[0] for match in pattern.finditer("plus de la moitié, plus de rien, plus")] == [
        "plus de la moitié",
        "plus de",
        "plus",
    ]
    assert re.search(alternation([]), "tout") is None


@pytest.mark.parametrize("printed", ["l'État", "l\u2019État", "l'Etat"])
def test_a_phrase_is_found_as_the_press_prints_it(printed: str) -> None:
    assert re.fullmatch(pattern_of("l'État"), printed)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("lever", ["lève", "levait", "leva", "lèvera", "levé", "levée"]),
        ("appeler", ["appelle", "appelait", "appelé"]),
        ("annoncer", ["annonce", "annonçait", "annonça"]),
        ("juger", ["juge", "jugeait", "jugeant"]),
        ("bondir", ["bondit", "bondissait", "bondi"]),
        ("vendre", ["vend", "vendait", "vendu", "vendra"]),
        ("essuyer", ["essuie", "essuyait", "essuiera"]),
        ("s'établir à", ["s'établit à", "s'établira à"]),
    ],
)
def test_a_verb_is_conjugated(verb: str, forms: list[str]) -> None:
    assert set(forms) <= set(conjugated(verb))


def test_what_is_no_infinitive_is_refused() -> None:
    with pytest.raises(LexiconError, match="'hausse' is no infinitive"):
        conjugated("hausse")


def test_folding_keeps_every_offset() -> None:
    for text in ("L’ÉTAT\u00a0FRANÇAIS", "İstanbul", "ß ﬁ Ǆ", ""):
        assert len(folded(text)) == len(text)


def test_phrases_are_found_left_to_right_without_overlap() -> None:
    phrases = phrases_of([("chiffre d'affaires", "revenue"), ("chiffre", "number"), ("affaires", "business")])
    text = folded("Le chiffre d’affaires, un chiffre, des affaires, un chiffreur")
    assert [(text[a:b], *what) for a, b, what in find_phrases(phrases, text)] == [
        ("chiffre d'affaires", "revenue"),
        ("chiffre", "number"),
        ("affaires", "business"),
    ]


def test_one_phrase_may_stand_for_several_things() -> None:
    phrases = phrases_of([("perdre", "loss"), ("perdre", "change")])
    assert [what for _, _, what in find_phrases(phrases, "perdre")] == [("loss", "change")]

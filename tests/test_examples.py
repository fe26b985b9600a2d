"""The tables of `examples/`: phrases of the press, and the figures that a careful reader takes from them.

A file is a theme, a table in it a rule: `helps` holds what the rule is for, `spares` what looks like it and is
something else. In a text, brackets mark its figures, every one of them; a text without brackets has none. The
other keys are columns of the contract: one cell for all figures of the text, or a list with one cell for each;
`"null"` is null, and `equivalent_of` counts the figures of the text from 1. `published` is the document's date,
and `xfail` says why the program does not read the phrase yet.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import etl
from etl.table import FIGURES

FOLDER = Path(__file__).parent / "examples"
COLUMNS = {column.name for column in FIGURES} - {"start", "end", "quote", "published"}
_BRACKET = re.compile(r"[\[\]]")


@dataclass(frozen=True)
class Example:
    """A marked text of one theme and rule, and the cells that it is about."""

    theme: str
    rule: str
    helps: bool
    marked: str
    published: str | None
    xfail: str | None
    cells: dict[str, Any]

    @property
    def name(self) -> str:
        """A test's id: pytest escapes what is not ASCII, so accents go and rare spaces show."""
        bare = "".join(c for c in unicodedata.normalize("NFD", self.marked) if not unicodedata.combining(c))
        return f"{self.theme}.{self.rule}: {bare.replace(chr(10), ' ')}"

    @property
    def text(self) -> str:
        """The text without its marks."""
        return _BRACKET.sub("", self.marked)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where the marked figures stand in `text`."""
        places = [match.start() - number for number, match in enumerate(_BRACKET.finditer(self.marked))]
        return list(zip(places[::2], places[1::2], strict=True))

    def expected(self, column: str, number: int) -> Any:
        """What the column of the figure with that number should hold; `None` is null."""
        cell = self.cells[column]
        if isinstance(cell, list):
            assert len(cell) == len(self.spans), f"{column}: a list has one cell for each figure"
            cell = cell[number]
        return None if cell == "null" else cell


@cache
def examples() -> tuple[Example, ...]:
    """Every example of every table, in order."""
    return tuple(example for path in sorted(FOLDER.glob("*.toml")) for example in _read(path))


def _read(path: Path) -> Iterator[Example]:
    for rule, sides in tomllib.loads(path.read_text(encoding="utf-8")).items():
        assert set(sides) <= {"helps", "spares"}, f"{path.name}, {rule}: a rule has `helps` and `spares`"
        for side, rows in sides.items():
            for row in rows:
                cells = {key: cell for key, cell in row.items() if key not in ("text", "published", "xfail")}
                assert set(cells) <= COLUMNS, f"{path.name}, {rule}: no such columns: {set(cells) - COLUMNS}"
                yield Example(
                    path.stem,
                    rule,
                    side == "helps",
                    row["text"],
                    row.get("published"),
                    row.get("xfail"),
                    cells,
                )


def _as_parameter(example: Example) -> Any:
    marks = [pytest.mark.xfail(reason=example.xfail, strict=True)] if example.xfail else []
    return pytest.param(example, id=example.name, marks=marks)


@pytest.mark.parametrize("example", [_as_parameter(example) for example in examples()])
def test_a_phrase_gives_the_figures_that_it_states(example: Example) -> None:
    rows = etl.parse(example.text, published=example.published).to_dict("records")
    assert [example.text[start:end] for start, end in example.spans] == [row["quote"] for row in rows]
    assert example.spans == [(row["start"], row["end"]) for row in rows]
    names = [row["figure_id"] for row in rows]
    wrong = []
    for number, row in enumerate(rows):
        for column in example.cells:
            expected, got = example.expected(column, number), row[column]
            if got != got:  # noqa: PLR0124 - a null cell is the one that differs from itself
                got = None
            if column == "equivalent_of" and expected is not None:
                expected = names[expected - 1]
            same = got == pytest.approx(expected) if isinstance(got, float) else got == expected
            if not same:
                wrong.append(f"{row['quote']}: {column} is {got!r}, should be {expected!r}")
    assert not wrong, "\n".join(wrong)


def test_each_rule_has_phrases_that_it_helps_and_phrases_that_it_spares() -> None:
    rules = {(example.theme, example.rule) for example in examples()}
    for rule in sorted(rules):
        for helps in (True, False):
            found = [e for e in examples() if (e.theme, e.rule) == rule and e.helps is helps]
            assert len(found) >= 3, f"{rule} has {len(found)} phrases under {'helps' if helps else 'spares'}"


def test_the_tables_are_large() -> None:
    assert len(examples()) >= 250

"""Lines that a mail program or an editor has broken at a width: which breaks within a paragraph are but spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Mail is wrapped at 72 or 78 characters, files at 80 or less than 100; a paragraph in one line is nearly always longer.
_NARROWEST, _WIDEST = 40, 100
_FEWEST = 3  # breaks, so that two short lines are no wrapped text
_ITEM = re.compile(r"\s*(?:[-*•–—>#+]|\d{1,2}[.)]|[a-z]\))\s")
_TABLE = re.compile(r"\S(?: {2,}|\t| ?\| ?)\S")


def unwrap(text: str) -> str:
    r"""The text, as long as it was, with a space for each break that a width has made and not its writer.

    Only a text whose paragraphs are filled to one width is changed: no line could hold the first word of the next.

    >>> unwrap("Nordelec : 12 millions\nVoltaire : 3 millions")
    'Nordelec : 12 millions\nVoltaire : 3 millions'
    >>> unwrap("Nordelec achète Voltaire, de Rennes, pour 12\nmillions d'euros, soit deux fois le chiffre\n"
    ...     "d'affaires que celle-ci a réalisé en 2024, à\nquoi s'ajoutent des dettes.").count("\n")
    0
    """
    lines = text.split("\n")
    width = max((len(line) for line in lines if " " in line), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return text
    breaks = 0
    filled: list[int] = []  # lines that go on in the next
    for begin, end in _blocks(lines):
        breaks += end - begin - 1
        if all(_is_full(lines[n], lines[n + 1], width) for n in range(begin, end - 1)):
            filled += range(begin, end - 1)
    if len(filled) < _FEWEST or 2 * len(filled) < breaks:
        return text
    joined = {*filled}
    return "".join(line + (" " if number in joined else "\n") for number, line in enumerate(lines))[
        : len(text)
    ]


def _blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Where lines stand together without a blank one, none of them the beginning of an item or a row of a table."""
    begin = 0
    for number, line in enumerate([*lines, ""]):
        if not line.strip() or _ITEM.match(line) or _TABLE.search(line):
            if number - begin > 1:
                yield begin, number
            begin = number + (not line.strip() or bool(_TABLE.search(line)))


def _is_full(line: str, below: str, width: int) -> bool:
    return len(line.rstrip()) + 1 + len(below.lstrip().partition(" ")[0]) > width

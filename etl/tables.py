"""Tables flattened into text: a header that names the unit, `(en millions d'euros)`, holds for the rows below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from etl.amounts import Amount, parse_amounts, times
from etl.lexicon import SPACE, Scan, alternation, compile_scan, find_places, folded_text, words_of


class Rows(NamedTuple):
    """The rows at `start:end` of a text, and the unit that their header gives to each bare number."""

    start: int
    end: int
    unit: Amount


HEADER_PATTERN = (
    r"\ben +(?:milli\w+|[a-z]?[a-z]?[€$£%]|euros|dollars)"  # what a scan finds where a header can stand
)


@cache
def _units() -> Scan:
    return compile_scan(HEADER_PATTERN)


_HEADER = re.compile(
    rf"en{SPACE}+(?P<unit>%|[^\W\d_]+(?:{SPACE}+(?:de{SPACE}+|d['\u2019])[^\W\d_]+(?:{SPACE}[^\W\d_]+)?)?|[kMG]?d?s?[€$£])"
    rf"{SPACE}*(?:\)|:?{SPACE}*$)",
    re.IGNORECASE | re.MULTILINE,
)
_LINE = re.compile(r"[^\n]*\n?")
# A label, then nothing but numbers and what separates them; a line of years heads columns.
_ROW = re.compile(
    r"\s*(?P<label>[^\n\d|;]{0,80}?)[\s|;:]*(?P<numbers>(?:[-+\u2212(]?\d[\d ., \u00a0\u202f]*[)%]?[\s|;/]*)+)"
)
_LONGEST_LABEL = 60  # characters of a line without numbers that may head a part of a table


def find_rows(text: str) -> Iterator[Rows]:
    r"""The rows that stand under each header with a unit; they end at the first line of prose.

    >>> text = "Comptes (en millions d'euros)\nVentes 1 280\nPerte 35\nLe siège est à Paris."
    >>> [(text[r.start : r.end], r.unit.unit, r.unit.value) for r in find_rows(text)]
    [('Ventes 1 280\nPerte 35\n', 'EUR', Decimal('1E+6'))]
    """
    for place, _ in find_places(_units(), folded_text(text)):
        header = _HEADER.match(text, place)
        unit = _unit(header["unit"]) if header else None
        if header is None or unit is None:
            continue
        start = end = text.find("\n", header.end()) + 1 or len(text)
        for line in _LINE.finditer(text, start):
            if not line[0] or not _is_of_table(line[0]):
                break
            end = line.end()
        if end > start:
            yield Rows(start, end, unit)


def _unit(printed: str) -> Amount | None:
    amount = next(parse_amounts(f"1 {printed}"), None)
    return amount if amount and amount.unit and amount.kind in ("money", "percent") else None


@cache
def _no_row() -> re.Pattern[str]:
    return re.compile(rf"\s*{alternation(words_of('no table row'))}(?!\w)", re.IGNORECASE)


def _is_of_table(line: str) -> bool:
    bare = line.strip()
    if not bare or not any(c.isdigit() for c in bare):
        return len(bare) <= _LONGEST_LABEL and not bare.endswith((".", "!", "?", "…"))
    return bool(_ROW.fullmatch(line)) and not _no_row().match(line)


def with_header_units(text: str, amounts: Iterable[Amount]) -> list[Amount]:
    """The amounts with scale and unit of the header above, where they stand bare in a row of its table."""
    if not (rows := list(find_rows(text))):
        return list(amounts)
    return [_under_header(amount, rows) for amount in amounts]


def _under_header(amount: Amount, rows: list[Rows]) -> Amount:
    if amount.unit is not None or amount.scale is not None or amount.value is None:
        return amount
    unit = next((r.unit for r in reversed(rows) if r.start <= amount.start < r.end), None)
    if unit is None:
        return amount
    value = times(amount.value, unit.scale) if unit.scale else amount.value
    return amount._replace(value=value, kind=unit.kind, unit=unit.unit, scale=unit.scale, inferred=True)

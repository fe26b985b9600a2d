"""What a table of figures does not know: the cells that were left open, by their reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

COLUMNS = ("measure", "subject", "actor")


class Unknown(NamedTuple):
    """How many figures leave a column open for one reason, with the first of them."""

    reason: str
    column: str
    figures: int
    quote: str
    source: str


def unknown_of(figures: pd.DataFrame) -> list[Unknown]:
    """What a table of figures leaves open, by reason and column, the most first.

    A reason that names a column (`no subject`) is about that one, any other about all that are open; a measure is
    where it is `other`. A figure without a reason is whole: its text has no more to say.

    >>> from etl import parse
    >>> [unknown[:4] for unknown in unknown_of(parse("Meta paie 3 euros."))]
    [('no subject', 'subject', 1, '3 euros')]
    """
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for row in figures[figures["unresolved"].notna()].to_dict(orient="records"):
        reason = str(row["unresolved"])
        for column in [name for name in COLUMNS if name in reason.split()] or COLUMNS:
            if pd.isna(row[column]) or row[column] == "other":
                counts[reason, column] += 1
                first.setdefault((reason, column), (row["quote"], row["source"]))
    return [Unknown(*key, number, *first[key]) for key, number in counts.most_common()]


def lines_of(figures: pd.DataFrame) -> Iterator[str]:
    """The same as lines for a reader, with shares of all figures.

    >>> from etl import parse
    >>> for line in lines_of(parse("Meta paie 3 euros, puis Meta perd 5 euros.", source="a.txt")):
    ...     print(line)
    1 of 2 figures leave something open (50.0 %)
    reason      column   figures   share  such as
    no subject  subject        1  50.0 %  3 euros (a.txt)
    """
    total, left = len(figures), int(figures["unresolved"].notna().sum())
    yield f"{left} of {total} figures leave something open{f' ({_share(left, total)})' if total else ''}"
    unknowns = unknown_of(figures)
    if unknowns:
        width = max(len("reason"), *(len(unknown.reason) for unknown in unknowns))
        yield f"{'reason':{width}}  column   figures   share  such as"
    for reason, column, number, quote, source in unknowns:
        yield f"{reason:{width}}  {column:7}  {number:7}  {_share(number, total):>6}  {quote} ({source})"


def _share(number: int, total: int) -> str:
    return f"{100 * number / total:.1f} %"

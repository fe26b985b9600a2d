"""Questions to the library: what a page shows of it, and what stands behind one mark.

A page fetches what it shows and no more: a chart the facts that it has room for, with their claims, a filter its
choices, a document its text. What is counted and ranked, the engine counts and ranks.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pyarrow.parquet as pq

import etl
from dashboard import filters
from dashboard.filters import IS_REFERENCE, PAGE, REFERENCES, Choice, Filter, Span, State, Value
from dashboard.library import AnswerError, Library, Row
from etl import money, table

Cells: TypeAlias = "pd.Series[Any]"

LARGEST = 6  # deals compared where the reader has chosen none
OFFERED = 200  # values of a filter; the others are found by typing
_CLAIMS = 12  # marks of one fact, as many as its row has room for: those that say the same last
_FACTS = 60  # of one entity's history, those that most documents tell first
_DOCUMENTS = 500  # of the list of sources, the newest
_DOWNLOADED = 50_000  # rows

# Of a claim, what its mark and the words beside it tell.
_CLAIMED = ", ".join(
    f"figures.{name}"
    for name in (
        *("figure_id", "publisher", "published", "quote", "kind", "value", "low", "high", "qualifier"),
        *("unit", "subject", "actor", "period", "status"),
    )
)
_COLUMNS = ", ".join(f'"{column.name}"' for column in table.FIGURES)
_IS_MONEY = "regexp_full_match(facts.unit, '[A-Z]{3}')"


# --- what the filters leave ---------------------------------------------------------------------------------


def choices(
    library: Library, state: State, rows: Sequence[Filter], typed: str = ""
) -> dict[str, list[Choice]]:
    """What each of the filters offers among the figures that the others leave, each value with how many have it.

    These are the values that it holds, and of those that have what was typed the most frequent, at most `OFFERED`.
    """
    counts: dict[str, dict[str, int]] = {}
    alike: dict[str, list[Filter]] = {}  # those of few values that count the same figures
    for row in rows:
        if row.is_open:
            counts[row.key] = _most_frequent(library, state, row, typed)
        else:
            alike.setdefault(filters.condition(state, but=row.key).sql, []).append(row)
    for few in alike.values():
        counts |= _all_values(library, state, few)
    return {row.key: list(row.choices(counts[row.key])) for row in rows}


def _most_frequent(library: Library, state: State, row: Filter, typed: str) -> dict[str, int]:
    left = filters.condition(state, but=row.key, by_party=True)
    contains = "contains(lower(value), lower($typed))" if typed else "true"
    asked = f"""
        SELECT {row.counted} AS value, sum(figures)::BIGINT AS figures FROM tallies
        WHERE {left.sql} AND value IS NOT NULL AND {contains} GROUP BY value
        ORDER BY figures DESC, value LIMIT {OFFERED}
    """
    found = library.rows(asked, **left.values, **({"typed": typed} if typed else {}))
    counts: dict[str, int] = {choice["value"]: choice["figures"] for choice in found}
    # What it holds is counted apart, so that what is offered to all is asked but once.
    held = {
        value: _having(library, state, row, value) for value in state.values(row.key) if value not in counts
    }
    return counts | {value: many for value, many in held.items() if many}


def _having(library: Library, state: State, row: Filter, value: str) -> int:
    """How many of the figures that the other filters leave have a value of this one."""
    if row.by_party:  # as many as are left where it alone is chosen, which the page has asked already
        alone = replace(state, chosen={**state.chosen, row.key: (value,)})
        return sum(tally["figures"] for tally in _tallies(library, alone))
    left = filters.condition(state, but=row.key, by_party=True)
    asked = f"SELECT figures FROM tallies WHERE {left.sql} AND {row.counted} = $value"
    return sum(tally["figures"] for tally in library.rows(asked, **left.values, value=value))


def _all_values(library: Library, state: State, rows: Sequence[Filter]) -> dict[str, dict[str, int]]:
    """Of filters that count the same figures: every value, with how many have it."""
    counts: dict[str, dict[str, int]] = {row.key: {} for row in rows}
    for tally in _tallies(library, state, but=rows[0].key):
        for row in rows:
            if (value := tally[row.counted]) is not None:
                counts[row.key][value] = counts[row.key].get(value, 0) + tally["figures"]
    return counts


def _tallies(library: Library, state: State, but: str | None = None) -> list[Row]:
    """How many figures of each measure, year and status the filters leave, or would leave without one.

    That was counted beforehand. But a figure may have two of several parties, whose tallies both count it: there the
    figures themselves are counted, and so they are for the deals that are compared.
    """
    parties = state.values("entite")
    if len(parties) > 1 or state.values("operation"):
        left = filters.condition(state, but=but)
        asked = (
            f"SELECT measure, year, status, count(*) AS figures FROM figures WHERE {left.sql} GROUP BY ALL"
        )
        return library.rows(asked, **left.values)
    left = filters.condition(state, but=but, by_party=True)
    whose = "" if parties else "name IS NULL AND "
    asked = f"SELECT measure, year, status, figures FROM tallies WHERE {whose}{left.sql}"
    return library.rows(asked, **left.values)


def count(library: Library, state: State) -> Span:
    """How many of what the page counts there are: figures, deals compared, or facts with a value in money."""
    if state.page is PAGE["chiffres"]:
        tallies = _tallies(library, state)
        years = [tally["year"] for tally in tallies if tally["year"] is not None]
        many = sum(tally["figures"] for tally in tallies)
        return Span(many, min(years, default=None), max(years, default=None))
    told = _extent(library, state)
    return Span(told["many"], told["first"], told["last"])


def figures(library: Library, state: State) -> pd.DataFrame:
    """The figures that the page shows, all of them; raises `AnswerError` where they are too many to be sent."""
    left = filters.condition(state)
    if state.page is not PAGE["comparaison"]:
        return _figures(library, left.sql, **left.values)
    shown = library.rows(*_of_facts(library, state, "SELECT fact_id FROM shown"), **left.values)
    compared = [deal["fact_id"] for deal in shown]
    return _figures(library, f"{left.sql} AND deal IN $compared", **left.values, compared=compared)


def all_figures(library: Library) -> pd.DataFrame:
    """The whole table; raises `AnswerError` where it is too long to be sent."""
    return _figures(library, "true")


def of_document(library: Library, document_id: str | None) -> pd.DataFrame:
    """The figures of a document, in their order."""
    return _figures(library, "document_id = $name", name=document_id or "").sort_values("start")


def _figures(library: Library, where: str, **values: Value) -> pd.DataFrame:
    [(rows,)] = [
        row.values() for row in library.rows(f"SELECT count(*) FROM figures WHERE {where}", **values)
    ]
    if rows > _DOWNLOADED:
        raise AnswerError(
            f"Ce seraient {rows} lignes, et une page en envoie {_DOWNLOADED} au plus : filtrez-les, ou prenez "
            "la table entière par la commande « chiffrier extract »."
        )
    return library.frame(f"SELECT {_COLUMNS} FROM figures WHERE {where} ORDER BY rowid", **values)


# --- what a chart shows -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a chart has room for, in the state's money: facts (or deals), and the figures that state them.

    Besides: whether there were more of what it marks than it has room for, how many amounts have no rate or index, and
    how many claims have no room.
    """

    facts: pd.DataFrame
    figures: pd.DataFrame
    is_crowded: bool = False
    unchanged: int = 0
    unsaid: int = 0


NOTHING = Drawn(table.frame([], table.FACTS), table.frame([]))


def drawn(library: Library, state: State) -> Drawn:
    """What the page's chart has room for: of the deals, or the entities, those that most documents tell."""
    page, owner, extent = state.page, _owner(state), _extent(library, state)
    if not extent["marks"]:
        return NOTHING
    room = f"LIMIT {page.room}" if page.room else ""
    chosen = (_FIRST if page.marked == "fact_id" else _FIRST_BY_MARK).format(mark=page.marked, room=room)
    asked = f"""
        , chosen AS ({chosen})
        SELECT facts.* EXCLUDE (documents, timeline, figures, dissent)
        FROM {_table(state)} AS facts SEMI JOIN chosen USING (fact_id) ORDER BY facts.rowid
    """
    left = filters.condition(state)
    facts = library.frame(*_of_facts(library, state, asked), **left.values)
    said = library.frame(
        f"""
        WITH alike AS (
            SELECT {owner} AS owner, min(rowid, {_CLAIMS}) AS places, count(*) AS many
            FROM figures WHERE {_stating(state)} GROUP BY owner, value, qualifier, status
        ), each AS (
            SELECT owner, unnest(places) AS place, generate_subscripts(places, 1) AS nth FROM alike
        ), first AS (
            FROM each QUALIFY row_number() OVER (PARTITION BY owner ORDER BY nth, place) <= {_CLAIMS}
        )
        SELECT {_CLAIMED}, owner, {owner}_dissents AS dissents, (SELECT sum(many)::BIGINT FROM alike) AS claims
        FROM figures JOIN first ON figures.rowid = place ORDER BY place
        """,
        **left.values,
        facts=facts["fact_id"].tolist(),
    )
    named = {
        "figures": said.groupby("owner")["figure_id"].agg(list),
        "dissent": said[said["dissents"]].groupby("owner")["figure_id"].agg(list),
    }
    lists = {
        name: pd.Series([of.get(fact, []) for fact in facts["fact_id"]], facts.index, dtype=object)
        for name, of in named.items()
    }
    return Drawn(
        _restated(facts.assign(**lists), state),
        _restated(said.drop(columns=["owner", "dissents", "claims"]), state),
        is_crowded=0 < page.room < extent["marks"],
        unchanged=extent["unchanged"],
        unsaid=int(said["claims"].max()) - len(said),
    )


# The facts that a chart has room for: those that most documents tell, or of each of the first marks so many.
_FIRST = "SELECT fact_id FROM shown ORDER BY n_documents DESC, value DESC, fact_id {room}"
_FIRST_BY_MARK = f"""
    SELECT shown.fact_id FROM shown JOIN (
        SELECT {{mark}} AS mark FROM shown WHERE mark IS NOT NULL GROUP BY mark
        ORDER BY sum(n_documents) DESC, max(value) DESC, mark {{room}}
    ) ON mark = {{mark}}
    QUALIFY row_number() OVER (PARTITION BY mark ORDER BY n_documents DESC, value DESC, fact_id) <= {_FACTS}
"""


def _extent(library: Library, state: State) -> Row:
    """How much the page shows.

    It is how many facts (`many`), from which year (`first`) to which (`last`), how many `marks` they are for a chart;
    and how many amounts are left out for want of a rate or an index (`unchanged`).
    """
    marks = "count(*)" if state.page.marked == "fact_id" else f"count(DISTINCT {state.page.marked})"
    unchanged = "(SELECT count(*) FROM about WHERE value IS NULL)" if state.is_restated else "0"
    asked = f"""
        SELECT count(*) AS many, min(first) AS first, max(last) AS last, {marks} AS marks, {unchanged} AS unchanged
        FROM shown
    """
    return library.rows(*_of_facts(library, state, asked), **filters.condition(state).values)[0]


def _stating(state: State) -> str:
    """Which figures that the filters leave state one of `$facts`."""
    stated = f"{_owner(state)} IN $facts"
    if not state.values("entite"):
        return f"{filters.condition(state).sql} AND {stated}"
    # The figures of a party lie together in its own table.
    left = filters.condition(state, by_party=True)
    return f"rowid IN (SELECT place FROM parties WHERE {left.sql} AND {stated})"


def _table(state: State) -> str:
    """The table of what the page marks: deals, or facts."""
    return "operations" if state.page.key in ("operations", "comparaison") else "facts"


def _owner(state: State) -> str:
    """The column of a figure that names what it tells of there."""
    return "deal" if _table(state) == "operations" else "fact"


def _of_facts(library: Library, state: State, question: str) -> tuple[str, pd.DataFrame | None]:
    """A question about the facts that the page's figures state, whole, and the table that it is asked with.

    It may ask `about`, those that the page is about and that have a value in money, in the state's money, null where
    there is no rate or index for it; and `shown`, those that have one. Both have the first and last year of their
    figures.
    """
    by_party = bool(state.values("entite"))
    left, ways = filters.condition(state, by_party=by_party), _ways(library, state)
    stated = (
        "facts.unit, facts.value"
        if ways is None
        else "given.changed AS unit, facts.value * given.factor AS value"
    )
    way = "LEFT JOIN given ON given.unit = facts.unit AND given.period IS NOT DISTINCT FROM facts.period"
    return (
        f"""
        WITH told AS (
            SELECT {_owner(state)} AS fact_id, min(year) AS first, max(year) AS last
            FROM {"parties" if by_party else "figures"}
            WHERE {left.sql} AND {_owner(state)} IS NOT NULL GROUP BY {_owner(state)}
        ), sums AS (
            SELECT fact_id, measure, subject, actor, status, n_documents, first, last, {stated}
            FROM {_table(state)} AS facts JOIN told USING (fact_id) {"" if ways is None else way}
            WHERE facts.value IS NOT NULL AND {_IS_MONEY}
        ), {_COMPARED.format(_compared(state)) if state.page is PAGE["comparaison"] else _ALL}
        {question}
        """,
        ways,
    )


_ALL = "about AS (FROM sums), shown AS (FROM about WHERE value IS NOT NULL)"
# Of the deals of one pair of parties in one currency, the one that most documents tell.
_COMPARED = f"""
    about AS (FROM sums WHERE subject IN {{}} OR {IS_REFERENCE}),
    shown AS (
        SELECT DISTINCT ON (subject, actor, unit) * FROM about WHERE value IS NOT NULL
        ORDER BY n_documents DESC, value DESC, fact_id
    )
"""


def _compared(state: State) -> str:
    """The subjects that are compared: those that the reader has chosen, else those of the largest deals done."""
    if state.values("operation"):
        return "$operation"
    done = "measure = 'deal_value' AND status = 'actual' AND value IS NOT NULL AND subject IS NOT NULL"
    return f"(SELECT subject FROM sums WHERE {done} GROUP BY subject ORDER BY max(value) DESC, subject LIMIT {LARGEST})"


def _ways(library: Library, state: State) -> pd.DataFrame | None:
    """How each amount of a unit and a period becomes one in the state's money; `None` where all stay as they are."""
    return _all_ways(library, _table(state), state.currency, state.prices) if state.is_restated else None


@functools.lru_cache(maxsize=16)  # as many as there are, for one library
def _all_ways(library: Library, facts: str, currency: str | None, prices: int | None) -> pd.DataFrame:
    asked = f"SELECT DISTINCT unit, period FROM {facts} AS facts WHERE value IS NOT NULL AND {_IS_MONEY}"
    pairs = library.frame(asked).assign(factor=1.0)
    ways = money.restate(pairs, currency, prices, ["factor"])
    return ways[["unit", "period"]].assign(changed=ways["unit_restated"], factor=ways["factor_restated"])


def _restated(frame: pd.DataFrame, state: State) -> pd.DataFrame:
    if not state.is_restated:
        return frame
    columns = [name for name in ("value", "low", "high", "implied") if name in frame]
    restated = money.in_money(frame, state.currency, state.prices, columns)
    return restated.assign(**{name: restated[name].map(_three_digits) for name in columns})


def _three_digits(amount: float) -> float:
    """A converted amount to three digits: no text gives many more, and no rate is that of the very hour."""
    return float(f"{amount:.3g}")


def implied(library: Library, state: State, subjects: list[str]) -> pd.DataFrame:
    """The valuations that deals imply, in the state's money, each with the figure that states its deal's value."""
    which = f"implied_valuation IS NOT NULL AND target IN $subjects ORDER BY n_documents DESC, rowid LIMIT {_FACTS}"
    deals = library.frame(f"SELECT * FROM deals WHERE {which}", subjects=subjects)
    named = [name for facts in deals["facts"] for name in facts]
    facts = library.frame("SELECT * FROM facts WHERE fact_id IN $named", named=named)
    rows = etl.derive(facts, table.frame([]), deals)
    rows = rows[rows["measure"] == "implied_valuation"]
    values = rows["inputs"].str[0].astype("str")  # the fact of the deal's value, as the formula has it
    speaks = {fact["fact_id"]: spokesman(fact) for fact in records(facts)}
    return _restated(rows.assign(fact_id=values, figure_id=values.map(speaks).astype("str")), state)


def reference(library: Library, state: State) -> Row | None:
    """The deal that the state measures the others by, in its money: the one that most documents tell."""
    ranked = "value IS NOT NULL ORDER BY n_documents DESC, value DESC LIMIT 50"
    asked = f"SELECT * FROM operations WHERE {IS_REFERENCE} AND subject = $name AND {ranked}"
    told = _restated(library.frame(asked, name=state.option("reference")), state)
    return next(iter(records(told.head(1))), None)


def compare(deals: pd.DataFrame) -> pd.DataFrame:
    """The deals side by side, largest first; `pinned` is true for the references."""
    pairs = zip(deals["subject"], deals["actor"], strict=True)
    pinned = pd.Series([pair in REFERENCES for pair in pairs], deals.index, dtype=bool)
    return deals.assign(pinned=pinned).sort_values(
        ["value", "fact_id"], ascending=[False, True], ignore_index=True
    )


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of the frame, each cell by its column's name, `None` where it is null."""
    cells = [[None if table.is_null(cell) else cell for cell in frame[name].tolist()] for name in frame]
    names = [str(name) for name in frame]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def spokesman(fact: Row) -> str:
    """The figure that best speaks for a fact: the first that does not dissent from the consensus."""
    figures: list[str] = fact["figures"]
    return next((name for name in figures if name not in fact["dissent"]), figures[0])


# --- what stands behind one mark ----------------------------------------------------------------------------


def figure(library: Library, figure_id: str | None) -> Row | None:
    """The figure of that name, or `None` where the table has none."""
    if figure_id is None:
        return None
    found = library.rows(f"SELECT {_COLUMNS} FROM figures WHERE figure_id = $name", name=figure_id)
    return next(iter(found), None)


def fact_of(library: Library, figure_id: str) -> tuple[Row, list[Row]] | None:
    """The fact that the figure states, with the figures that state it; `None` where it states none."""
    owner = "(SELECT fact FROM figures WHERE figure_id = $name)"
    facts = library.rows(f"SELECT * FROM facts WHERE fact_id = {owner}", name=figure_id)
    stating = f"SELECT {_COLUMNS} FROM figures WHERE fact = {owner} ORDER BY rowid LIMIT {_CLAIMS}"
    return (facts[0], library.rows(stating, name=figure_id)) if facts else None


def parties(library: Library) -> list[str]:
    """The names of those whom most figures are about, in their order."""
    ranked = "SELECT name FROM tallies WHERE name IS NOT NULL GROUP BY name ORDER BY sum(figures) DESC, name"
    return [row["name"] for row in library.rows(f"FROM ({ranked} LIMIT {OFFERED}) ORDER BY name")]


# --- documents ----------------------------------------------------------------------------------------------


def documents(library: Library) -> list[Row]:
    """The newest documents: what is known of each, how many figures it has, how many of them are not understood."""
    return library.rows(f"SELECT * FROM documents ORDER BY rowid LIMIT {_DOCUMENTS}")


def document(library: Library, document_id: str | None) -> Row | None:
    """What is known of a document, or `None` where it is not here."""
    found = library.rows("SELECT * FROM documents WHERE document_id = $name", name=document_id or "")
    return next(iter(found), None)


def all_documents(library: Library) -> Row:
    """How many `documents` there are, with how many `figures`, and from which year (`first`) to which (`last`)."""
    year = "left(published, 4)"
    return library.rows(
        f"""
        SELECT count(*) AS documents, coalesce(sum(figures), 0)::BIGINT AS figures,
               min({year}) AS first, max({year}) AS last
        FROM documents
        """
    )[0]


def not_understood(library: Library) -> dict[str, int]:
    """How many figures were not understood, by the reason, the most frequent first."""
    asked = """
        SELECT unresolved AS reason, count(*) AS figures FROM figures WHERE unresolved IS NOT NULL
        GROUP BY reason ORDER BY figures DESC, reason
    """
    return {row["reason"]: row["figures"] for row in library.rows(asked)}


def text_of(library: Library, document_id: str | None) -> str | None:
    """The text of a document, where it is here; it is read from the file that has it."""
    known = document(library, document_id)
    if known is None or known["part"] is None or not Path(known["part"]).is_file():
        return None
    found = pq.read_table(known["part"], columns=["text"], filters=[("document_id", "=", document_id)])
    return next(iter(found["text"].to_pylist()), None)

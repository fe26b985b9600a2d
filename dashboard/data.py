"""Queries over the tables: what a page shows of them, and what stands behind one mark."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

import etl
from dashboard import filters
from dashboard import format as fr
from dashboard.filters import PAGE, State
from etl import money, table
from etl.documents import Document

Row: TypeAlias = dict[str, Any]

LARGEST = 6  # deals compared where the reader has chosen none


@dataclass(frozen=True, slots=True)
class Tables:
    """Figures, the facts that they state, and which figure states which fact."""

    figures: pd.DataFrame
    facts: pd.DataFrame
    links: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Library(Tables):
    """All that the dashboard shows: besides the tables, deals as facts, what follows from the facts, and the texts."""

    deals: Tables
    derived: pd.DataFrame
    documents: tuple[Document, ...]  # without them, a document is known by its figures' sentences alone


def open_library(source: pd.DataFrame | str | Path, documents: Iterable[Document] = ()) -> Library:
    """What stands in a table of figures, in a saved one or in a store, with the texts that they were read in."""
    figures = source if isinstance(source, pd.DataFrame) else etl.load(source)
    facts = etl.reconcile(figures)
    deals = etl.deals(facts, figures)
    told = operations(deals, facts)
    return Library(
        figures,
        facts,
        links(facts),
        Tables(figures, told, links(told)),
        etl.derive(facts, figures, deals),
        tuple(documents),
    )


def links(facts: pd.DataFrame) -> pd.DataFrame:
    """One row for each figure of each fact: `fact_id`, `figure_id`."""
    pairs = facts[["fact_id", "figures"]].explode("figures").rename(columns={"figures": "figure_id"})
    return pairs.dropna().reset_index(drop=True)


def operations(deals: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """The deals of the facts in the columns of facts, one row each, with the claims of all that is told of its value.

    `subject` is the target, `actor` who buys; `low` and `high` are the least and the most that any text says. Besides:
    `stake` in percent, `implied` (the value of the whole that value and stake imply), `kind`, `announced`.
    """
    known = {row["fact_id"]: row for row in records(facts)}
    rows = [_operation(deal, known) for deal in records(deals)]
    extra = {name: [row.pop(name) for row in rows] for name in ("stake", "implied", "kind")}
    numbers = {name: pd.Series(extra[name], dtype="float64") for name in ("stake", "implied")}
    return table.frame(rows, table.FACTS).assign(**numbers, kind=pd.Series(extra["kind"], dtype="str"))


def _operation(deal: Row, known: dict[str, Row]) -> Row:
    parts = [
        fact for name in deal["facts"] if (fact := known[name])["measure"] in PAGE["operations"].measures
    ]
    main = known[deal["deal_id"]]
    said = [name for fact in parts for name in fact["figures"]]
    dissent = {*main["dissent"], *said} - set(main["figures"])
    ends = [fact[end] for fact in parts for end in ("low", "high") if fact[end] is not None]
    cells = {name: deal[name] for name in ("unit", "value", "status", "n_documents", "documents", "timeline")}
    return {
        **cells,
        "fact_id": deal["deal_id"],
        "measure": main["measure"],
        "subject": deal["target"],
        "actor": deal["acquirer"],
        "period": deal["period"],
        "low": min(ends, default=None),
        "high": max(ends, default=None),
        "figures": said,
        "dissent": [name for name in said if name in dissent],
        "margin": main["margin"],
        "independent_sources": deal["independent_sources"],
        "stake": deal["stake"],
        "implied": deal["implied_valuation"],
        "kind": deal["kind"],
    }


def select(library: Library, state: State) -> Tables:
    """The figures that the state leaves, and the facts (or deals) that at least one of them states."""
    whole = library.deals if state.page.key in ("operations", "comparaison") else library
    figures = filters.keep(library.figures, state)
    left = whole.links[whole.links["figure_id"].isin(figures["figure_id"])]
    facts = whole.facts[whole.facts["fact_id"].isin(left["fact_id"])]
    if state.page.key == "comparaison":
        facts = _about(facts, state.values("operation") or largest(facts))
        left = left[left["fact_id"].isin(facts["fact_id"])]
        figures = figures[figures["figure_id"].isin(left["figure_id"])]
    return Tables(figures, facts, left)


def in_money(left: Tables, state: State) -> Tables:
    """The tables with all amounts in the money that the state asks for; what has no rate or index is left out."""
    return replace(left, facts=_restated(left.facts, state), figures=_restated(left.figures, state))


def _restated(frame: pd.DataFrame, state: State) -> pd.DataFrame:
    if state.currency is None and state.prices is None:
        return frame
    columns = [name for name in ("value", "low", "high", "implied") if name in frame]
    restated = money.in_money(frame, state.currency, state.prices, columns)
    return restated.assign(**{name: restated[name].map(_three_digits) for name in columns})


def _three_digits(amount: float) -> float:
    """A converted amount to three digits: no text gives many more, and no rate is that of the very hour."""
    return float(f"{amount:.3g}")


def count(left: Tables, state: State) -> int:
    """How many of what the page counts there are: figures, deals compared, or facts with a value in money."""
    if state.page.key == "chiffres":
        return len(left.figures)
    if state.page.key == "comparaison":
        return len(compare(left.facts))
    return len(_sums(left.facts))


def drawn(left: Tables, state: State) -> Tables:
    """What the page's chart has room for: of the deals, or the entities, those that most documents tell."""
    facts, page = _sums(left.facts), state.page
    if not page.room or facts[page.marked].nunique() <= page.room:
        return left
    told = facts.groupby(page.marked).agg(documents=("n_documents", "sum"), largest=("value", "max"))
    first = told.sort_values(["documents", "largest"], ascending=False).head(page.room)
    return replace(left, facts=facts[facts[page.marked].isin(first.index)])


def _sums(facts: pd.DataFrame) -> pd.DataFrame:
    """The facts that have a value in money."""
    return facts[facts["value"].notna() & facts["unit"].map(fr.is_currency).astype(bool)]


def implied(library: Library, state: State) -> pd.DataFrame:
    """The valuations that deals imply, in the state's money, each with the figure that states its deal's value."""
    rows = library.derived[library.derived["measure"] == "implied_valuation"]
    values = rows["inputs"].str[0].astype("str")  # the fact of the deal's value, as the formula has it
    facts = library.facts[library.facts["fact_id"].isin(values)]
    speaks = {fact["fact_id"]: spokesman(fact) for fact in records(facts)}
    return _restated(rows.assign(fact_id=values, figure_id=values.map(speaks).astype("str")), state)


def reference(library: Library, state: State) -> Row | None:
    """The deal that the state measures the others by, in its money: the one that most documents tell."""
    name = state.option("reference")
    deals = library.deals.facts[filters.is_reference(library.deals.facts)]
    deals = deals[deals["subject"] == name]
    told = in_money(replace(library.deals, facts=deals), state).facts
    ranked = told.sort_values(["n_documents", "value"], ascending=False)
    return next(iter(records(ranked.head(1))), None)


def largest(facts: pd.DataFrame) -> tuple[str, ...]:
    """The subjects of the largest deals that were done."""
    deals = facts[(facts["measure"] == "deal_value") & (facts["status"] == "actual") & facts["value"].notna()]
    names = deals.sort_values("value", ascending=False)["subject"].dropna().drop_duplicates()
    return tuple(names.head(LARGEST))


def _about(facts: pd.DataFrame, subjects: tuple[str, ...]) -> pd.DataFrame:
    return facts[facts["subject"].isin(subjects) | filters.is_reference(facts)]


def compare(deals: pd.DataFrame) -> pd.DataFrame:
    """The deals side by side, largest first; of those of one pair of parties in one currency, the most told.

    `deals` are in the columns of `operations`; `pinned` is true for the references.
    """
    pair = ["subject", "actor", "unit"]
    order = ["n_documents", "value", "fact_id"]
    ranked = _sums(deals).sort_values(order, ascending=[False, False, True]).drop_duplicates(pair)
    ranked = ranked.assign(pinned=filters.is_reference(ranked))
    return ranked.sort_values(["value", "fact_id"], ascending=[False, True], ignore_index=True)


def claims(facts: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that state the facts, each with its `fact_id`, in the facts' order."""
    return links(facts).merge(figures, on="figure_id")


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of the frame, each cell by its column's name, `None` where it is null."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]


def spokesman(fact: Row) -> str:
    """The figure that best speaks for a fact: the first that does not dissent from the consensus."""
    figures: list[str] = fact["figures"]
    return next((name for name in figures if name not in fact["dissent"]), figures[0])


def figure(tables: Tables, figure_id: str | None) -> Row | None:
    """The figure of that name, or `None` where the table has none."""
    return next(iter(records(tables.figures[tables.figures["figure_id"] == figure_id])), None)


def fact_of(tables: Tables, figure_id: str) -> tuple[Row, list[Row]] | None:
    """The fact that the figure states, with all figures that state it; `None` where it states none."""
    owners = tables.links.loc[tables.links["figure_id"] == figure_id, "fact_id"]
    facts = tables.facts[tables.facts["fact_id"].isin(owners.head(1))]
    return (records(facts)[0], records(claims(facts, tables.figures))) if len(facts) else None


def texts(library: Library) -> pd.DataFrame:
    """The documents, one row each, newest first: what is known of them, how many figures, how many not understood."""
    known = library.figures.assign(open=library.figures["unresolved"].notna())
    found = known.groupby("document_id", sort=False).agg(figures=("figure_id", "size"), open=("open", "sum"))
    rows = [{name: getattr(document, name) for name in _ABOUT} for document in library.documents] or records(
        library.figures.drop_duplicates("document_id")[list(_ABOUT)]
    )
    frame = pd.DataFrame(rows, columns=list(_ABOUT), dtype="str").set_index("document_id").join(found)
    counts = frame[["figures", "open"]].fillna(0).astype(int)
    return frame.assign(**counts).sort_values(["published", "source"], ascending=[False, True]).reset_index()


_ABOUT = ("document_id", "source", "publisher", "title", "published")


def text_of(library: Library, document_id: str | None) -> str | None:
    """The text of a document, where it is here."""
    return next((d.text for d in library.documents if d.document_id == document_id), None)

"""Queries over the two tables: what a page shows of them, and what stands behind one mark."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

import etl
from dashboard import downloads, filters
from dashboard import format as fr
from dashboard.filters import State

Row: TypeAlias = dict[str, Any]

csv_bytes, french_csv_bytes = downloads.csv_bytes, downloads.french_csv_bytes

LARGEST = 6  # deals compared where the reader has chosen none


@dataclass(frozen=True, slots=True)
class Tables:
    """Figures, the facts that they state, and which figure states which fact."""

    figures: pd.DataFrame
    facts: pd.DataFrame
    links: pd.DataFrame


def open_tables(source: pd.DataFrame | str | Path) -> Tables:
    """The figures of a frame or of a saved table, with their facts."""
    figures = source if isinstance(source, pd.DataFrame) else etl.load(source)
    facts = etl.reconcile(figures)
    return Tables(figures, facts, links(facts))


def links(facts: pd.DataFrame) -> pd.DataFrame:
    """One row for each figure of each fact: `fact_id`, `figure_id`."""
    pairs = facts[["fact_id", "figures"]].explode("figures").rename(columns={"figures": "figure_id"})
    return pairs.dropna().reset_index(drop=True)


def select(tables: Tables, state: State) -> Tables:
    """The figures that the state leaves, and the facts that at least one of them states."""
    figures = filters.keep(tables.figures, state)
    left = tables.links[tables.links["figure_id"].isin(figures["figure_id"])]
    facts = tables.facts[tables.facts["fact_id"].isin(left["fact_id"])]
    if state.page.key == "comparaison":
        facts = _about(facts, state.values("operation") or largest(facts))
        left = left[left["fact_id"].isin(facts["fact_id"])]
        figures = figures[figures["figure_id"].isin(left["figure_id"])]
    return Tables(figures, facts, left)


def count(left: Tables, state: State) -> int:
    """How many of what the page counts there are: figures, deals compared, or facts with a value in money."""
    if state.page.key == "chiffres":
        return len(left.figures)
    if state.page.key == "comparaison":
        return len(compare(left.facts, subjects(left.facts)))
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


def subjects(facts: pd.DataFrame) -> tuple[str, ...]:
    """Every entity that the facts are about."""
    return tuple(facts["subject"].dropna().unique())


def largest(facts: pd.DataFrame) -> tuple[str, ...]:
    """The subjects of the largest deals that were done."""
    deals = facts[(facts["measure"] == "deal_value") & (facts["status"] == "actual") & facts["value"].notna()]
    names = deals.sort_values("value", ascending=False)["subject"].dropna().drop_duplicates()
    return tuple(names.head(LARGEST))


def _about(facts: pd.DataFrame, subjects: tuple[str, ...]) -> pd.DataFrame:
    return facts[facts["subject"].isin(subjects) | filters.is_reference(facts)]


def compare(facts: pd.DataFrame, subjects: tuple[str, ...]) -> pd.DataFrame:
    """The deals of the subjects and the references, largest first, with `stake`, `implied` and `pinned`.

    Of the sums that one actor put into one subject, it is the one that most documents state, then the largest.
    `stake` is the percentage that the same actor is said to take of the same subject in the same year, where
    there is exactly one; `implied`, the value of the whole that deal and stake imply, to three digits.
    """
    deals = _about(facts, subjects)
    deals = _main_sums(_sums(deals[deals["measure"] == "deal_value"]))
    stakes = facts[(facts["measure"] == "stake") & facts["value"].notna()]
    key = ["subject", "actor", "year"]
    single = stakes.assign(year=filters.years(stakes)).drop_duplicates(key, keep=False)
    whole = single[[*key, "value"]].dropna().rename(columns={"value": "stake"})
    deals = deals.assign(year=filters.years(deals), pinned=filters.is_reference(deals)).merge(
        whole, "left", key
    )
    implied = (deals["value"] / deals["stake"] * 100).where(deals["stake"] > 0)
    deals["implied"] = implied.map(lambda value: float(f"{value:.3g}"), na_action="ignore")
    return deals.sort_values(["value", "fact_id"], ascending=[False, True], ignore_index=True)


def _main_sums(deals: pd.DataFrame) -> pd.DataFrame:
    """One deal for each actor, subject and currency."""
    pair = ["subject", "actor", "unit"]
    told = deals.groupby([*pair, "value"], dropna=False)["n_documents"].transform("sum")
    order = ["told", "value", "n_documents", "fact_id"]
    ranked = deals.assign(told=told).sort_values(order, ascending=[False, False, False, True])
    return ranked.drop_duplicates(pair).drop(columns="told")


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

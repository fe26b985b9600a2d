"""What is served, as one DuckDB file: made once, before the server's processes part, and then only read by them.

A frame, a saved table and a store become the same tables, so that every page asks in one way:

    figures      the contract's columns; besides, `year`, the `counterpart` (the actor, where it is not the subject),
                 the `fact` and the `deal` that the figure tells of, and whether it dissents from their consensus
    parties      the `name` of each subject and counterpart, by name, with the `place` (rowid) of its figure and those
                 cells of the figure that filters and charts ask for; `is_subject` is false for counterparts
    tallies      how many `figures` of each party have a measure, a year and a status; of all together, `name` is null
    facts        the contract's columns
    operations   the deals in the columns of facts, with the claims of all that is told of their value; besides,
                 `stake` in percent, `implied` (the value of the whole that value and stake imply), `kind`
    deals        the contract's columns
    documents    what is known of each, newest first; `figures` and `open`, how many it has and how many were not
                 understood; `part`, the Parquet file that has its text, null where nobody has it

Rows keep the order in which they were given. The texts stay where they are.
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import etl
from dashboard.filters import PAGE, Value
from etl.documents import Document
from etl.errors import TableError
from etl.store import current, documents_of, is_store
from etl.table import DEALS, FACTS, FIGURES
from etl.work import arrow_of

Row: TypeAlias = dict[str, Any]

PATIENCE = 10.0  # seconds that a reader waits for one answer
_LOOK = 0.2  # seconds from one look at who waits for too long to the next
_MEMORY = "256MB"  # of each process, for its questions; what needs more is sorted on the disk
_THREADS = 1  # of each question: what keeps the other cores busy is the other questions, of this process and of others
_MAKING = "1GB"  # of the one that makes the file
_QUIET = "SET enable_progress_bar = false"
_ABOUT = ("document_id", "source", "publisher", "title", "published")

_TABLES = f"""
CREATE TABLE facts AS FROM given_facts;
CREATE TABLE deals AS FROM given_deals;

CREATE TABLE parts AS
SELECT deal_id, nth, facts.*
FROM (SELECT deal_id, unnest(facts) AS fact_id, generate_subscripts(facts, 1) AS nth FROM deals)
JOIN facts USING (fact_id)
WHERE measure IN {PAGE["operations"].measures};

CREATE TABLE operations AS
WITH told AS (
    SELECT deal_id, least(min(low), min(high)) AS low, greatest(max(low), max(high)) AS high,
           flatten(list(figures ORDER BY nth)) AS figures
    FROM parts GROUP BY deal_id
)
SELECT deal_id AS fact_id, main.measure, target AS subject, acquirer AS actor, deals.unit, deals.period,
       deals.value, told.low, told.high, deals.status, deals.n_documents, deals.documents, told.figures,
       list_filter(told.figures, lambda name:
           NOT list_contains(main.figures, name) OR list_contains(main.dissent, name)) AS dissent,
       main.margin, deals.independent_sources, deals.timeline,
       deals.stake, deals.implied_valuation AS implied, deals.kind
FROM deals JOIN told USING (deal_id) JOIN facts AS main ON main.fact_id = deal_id
ORDER BY deals.rowid;

CREATE TABLE figures AS
WITH numbered AS (SELECT *, row_number() OVER () AS place FROM given_figures),
stated AS (
    SELECT figure_id, any_value(fact_id) AS fact
    FROM (SELECT unnest(figures) AS figure_id, fact_id FROM facts) GROUP BY figure_id
),
told AS (
    SELECT figure_id, any_value(deal_id) AS deal
    FROM (SELECT unnest(figures) AS figure_id, deal_id FROM parts) GROUP BY figure_id
)
SELECT numbered.* EXCLUDE (place), nullif(regexp_extract(period, '^[0-9]{{4}}'), '') AS year,
       nullif(actor, subject) AS counterpart, fact, deal,
       coalesce(fact_dissents, false) AS fact_dissents, coalesce(deal_dissents, false) AS deal_dissents
FROM numbered LEFT JOIN stated USING (figure_id) LEFT JOIN told USING (figure_id)
LEFT JOIN (SELECT DISTINCT unnest(dissent) AS figure_id, fact_id AS fact, true AS fact_dissents FROM facts)
    USING (figure_id, fact)
LEFT JOIN (SELECT DISTINCT unnest(dissent) AS figure_id, fact_id AS deal, true AS deal_dissents FROM operations)
    USING (figure_id, deal)
ORDER BY place;

DROP TABLE parts;

CREATE TABLE parties AS
FROM (
    SELECT subject AS name, true AS is_subject, rowid AS place, measure, year, status, fact, deal FROM figures
    UNION ALL SELECT counterpart, false, rowid, measure, year, status, fact, deal FROM figures
) WHERE name IS NOT NULL ORDER BY name, place;

CREATE TABLE tallies AS
FROM (
    SELECT name, is_subject, measure, year, status, count(*) AS figures FROM parties GROUP BY ALL
    UNION ALL SELECT NULL, NULL, measure, year, status, count(*) FROM figures GROUP BY ALL
) ORDER BY ALL;

CREATE TABLE documents AS
WITH counted AS (
    SELECT document_id, count(*) AS figures, count(unresolved) AS open FROM figures GROUP BY document_id
)
SELECT {", ".join(_ABOUT)}, part, coalesce(figures, 0) AS figures, coalesce(open, 0) AS open
FROM given_documents LEFT JOIN counted USING (document_id)
ORDER BY published DESC NULLS LAST, source, document_id;

DROP VIEW given_figures; DROP VIEW given_facts; DROP VIEW given_deals; DROP VIEW given_documents;
"""
# Where nobody has the texts, a document is known by its figures alone.
_SEEN = """
CREATE TEMP VIEW given_documents AS SELECT DISTINCT ON (document_id) *, NULL::VARCHAR AS part FROM given_figures
"""


class AnswerError(Exception):
    """There is no answer; the message is a French sentence that says why, and what to do."""


class Library:
    """The tables that are served. Any process and thread may ask; nothing is open before its first question."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "library.duckdb"
        self.figures = 0  # how many there are
        weakref.finalize(self, _remove, folder, os.getpid())

    def rows(self, question: str, given: pd.DataFrame | None = None, /, **values: Value) -> list[Row]:
        """The answer to a question in SQL, each row by its columns' names, `None` where a cell is null.

        `values` are those of the question's `$parameters`; `given` is a table that it may name. Raises `AnswerError`
        where it takes longer than `PATIENCE`. The tables never change, so that an answer once given is given again.
        """
        if given is not None:
            names, answer = _ask(self.path, question, values, _cells, given)
        else:
            frozen = ((name, tuple(v) if isinstance(v, list) else v) for name, v in values.items())
            names, answer = _remembered(self.path, question, tuple(frozen))
        return [dict(zip(names, row, strict=True)) for row in answer]

    def frame(self, question: str, given: pd.DataFrame | None = None, /, **values: Value) -> pd.DataFrame:
        """The answer as a table with the dtypes of the contract, which may be long: it is not remembered."""
        answer = _ask(self.path, question, values, _arrow, given)
        found: pd.DataFrame = answer.to_pandas()
        lists = [field.name for field in answer.schema if pa.types.is_list(field.type)]
        return found.assign(**{name: found[name].map(list, na_action="ignore") for name in lists})


# A table that is asked for few rows: the names of its columns, and the cells of each row.
_Cells: TypeAlias = tuple[list[str], list[tuple[Any, ...]]]
_Answer = TypeVar("_Answer")


@functools.lru_cache(maxsize=256)
def _remembered(path: Path, question: str, values: tuple[tuple[str, Any], ...]) -> _Cells:
    lists = {name: list(v) if isinstance(v, tuple) else v for name, v in values}
    return _ask(path, question, lists, _cells)


def _cells(cursor: duckdb.DuckDBPyConnection, question: str, values: dict[str, Value]) -> _Cells:
    """What few rows are fetched by: it plans the question once, where a relation does so twice."""
    found = cursor.execute(question, values)
    return [name for name, *_ in found.description or ()], found.fetchall()


def _arrow(cursor: duckdb.DuckDBPyConnection, question: str, values: dict[str, Value]) -> pa.Table:
    answer: pa.Table = cursor.sql(question, params=values).to_arrow_table()
    return answer


def _ask(
    path: Path,
    question: str,
    values: Mapping[str, Value],
    fetch: Callable[[duckdb.DuckDBPyConnection, str, dict[str, Value]], _Answer],
    given: pd.DataFrame | None = None,
) -> _Answer:
    try:
        cursor = _opened(path, os.getpid()).cursor()
        cursor.execute(_QUIET)
        if given is not None:
            cursor.register("given", given)
        ends = _ends(os.getpid())
        ends[cursor] = time.monotonic() + PATIENCE
        try:
            return fetch(cursor, question, dict(values))
        finally:
            del ends[cursor]
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        raise AnswerError(
            "Cette recherche est trop longue et a été arrêtée : ajoutez un filtre, une entité ou une année."
        ) from None
    except duckdb.IOException:
        raise AnswerError("Les données ne sont plus à leur place : relancez Chiffrier.") from None


@functools.lru_cache(maxsize=4)
def _opened(path: Path, _process: int) -> duckdb.DuckDBPyConnection:
    """The file as this process has it open: the threads of an engine do not follow into a process that is forked."""
    room = str(path.parent / f"room-{_process}")
    own: dict[str, Any] = {"memory_limit": _MEMORY, "temp_directory": room, "threads": _THREADS}
    return duckdb.connect(str(path), read_only=True, config=own)


@functools.lru_cache(maxsize=4)
def _ends(_process: int) -> dict[duckdb.DuckDBPyConnection, float]:
    """When patience with each question of this process ends; a thread of its own sees to it, for all of them.

    A thread for each question would cost a fifth of what most of them take.
    """
    ends: dict[duckdb.DuckDBPyConnection, float] = {}
    threading.Thread(target=_interrupt_late, args=[ends], daemon=True).start()
    return ends


def _interrupt_late(ends: dict[duckdb.DuckDBPyConnection, float]) -> None:
    while True:
        time.sleep(_LOOK)
        now = time.monotonic()
        for cursor, end in ends.copy().items():
            if end < now:
                with suppress(duckdb.Error):  # it has ended in the meantime
                    cursor.interrupt()


def _remove(folder: Path, maker: int) -> None:
    """Removes the folder when who made it ends; a process that was forked from it ends, too, and leaves it."""
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)


# --- how it is made -----------------------------------------------------------------------------------------


def open_library(source: pd.DataFrame | str | Path, documents: Iterable[Document] = ()) -> Library:
    """What stands in a table of figures, in a saved one or in a store, with the texts that they were read in.

    A store brings its own facts, deals and texts; those of anything else are made here.
    """
    if not isinstance(source, pd.DataFrame) and is_store(source):
        version = current(source)
        names = ("figures", "facts", "deals", "documents")
        parts = {name: sorted(map(str, (version / name).glob("*.parquet"))) for name in names}
        if all(parts.values()):
            return _make(_folder(), parts)
        documents = documents_of(source)  # a version on the way to the next has no facts
    figures = source if isinstance(source, pd.DataFrame) else etl.load(source)
    facts = etl.reconcile(figures)
    return make_library(figures, facts, etl.deals(facts, figures), documents)


def make_library(
    figures: pd.DataFrame, facts: pd.DataFrame, deals: pd.DataFrame, documents: Iterable[Document] = ()
) -> Library:
    """The library of tables in memory: figures, the facts and deals that they state, and perhaps the texts."""
    folder = _folder()
    frames = (("figures", figures, FIGURES), ("facts", facts, FACTS), ("deals", deals, DEALS))
    given: dict[str, pa.Table | list[str]] = {name: arrow_of(rows, columns) for name, rows, columns in frames}
    texts = [{name: getattr(document, name) for name in (*_ABOUT, "text")} for document in documents]
    if texts:
        schema = pa.schema([(name, pa.string()) for name in (*_ABOUT, "text")])
        pq.write_table(pa.Table.from_pylist(texts, schema), folder / "texts.parquet", compression="zstd")
        given["documents"] = [str(folder / "texts.parquet")]
    return _make(folder, given)


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="chiffrier-"))


def _make(folder: Path, given: Mapping[str, pa.Table | list[str]]) -> Library:
    """The library of the given tables, each an Arrow table or the Parquet files of one.

    Raises `TableError` where a file cannot be read, or the folder has no room.
    """
    library = Library(folder)
    try:
        _fill(library, given)
    except duckdb.Error as problem:
        raise TableError(f"what is to be served cannot be read: {str(problem).splitlines()[0]}") from None
    return library


def _fill(library: Library, given: Mapping[str, pa.Table | list[str]]) -> None:
    with duckdb.connect(str(library.path), config={"memory_limit": _MAKING}) as database:
        for name, rows in given.items():
            if isinstance(rows, pa.Table):
                database.register(f"given_{name}", rows)
            elif name == "documents":
                texts = database.read_parquet(rows, filename=True).filter("text IS NOT NULL")
                texts.project("*, filename AS part").create_view("given_documents")
            else:
                database.read_parquet(rows).create_view(f"given_{name}")
        if "documents" not in given:
            database.execute(_SEEN)
        database.execute(_QUIET)
        database.execute(_TABLES)
        [(library.figures,)] = database.execute("SELECT count(*) FROM figures").fetchall()

"""The dashboard on a million figures, beside Datasette on the same rows, into this folder's README.

`python -m benchmarks.dashboard` measures; it is a part of `make bench`. The figures are those of the demo corpus over
and over: each edition is the whole corpus in texts of its own, four editions in a row tell the same, and every other
four give its companies other names. They are served as a store by `chiffrier serve`, and as a SQLite database with an
index on each facet by Datasette, its limits of time raised so that it answers in full, and its suggestions left out.

A page of the dashboard is all that a browser asks the server for: the page itself, its layout, and each callback, one
after the other; a change of a filter is all callbacks that follow from it. A page of Datasette is one request. Files
that browsers keep are left out of both. Both are told by the time of the processor, which is the same however busy the
machine is, and by the time that passes. The two take turns, in rounds of which each asks for other values, so that
nobody answers from memory; the first view is the same for every reader.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import etl
from benchmarks.__main__ import PEERS, computer, put, short, versions
from benchmarks.processes import memory_of, processor_of
from benchmarks.texts import CORPUS
from etl.table import DEALS, FACTS, FIGURES
from etl.work import arrow_of

SIZE = 1_000_000  # figures
ROUNDS = 9
READERS = 20
DATASETTE = PEERS / "python" / "bin" / "datasette"
FACETS = ("entity", "measure", "year")


# --- the figures --------------------------------------------------------------------------------------------


def made_up(size: int) -> pd.DataFrame:
    """So many figures: the demo corpus in editions."""
    own = etl.extract(etl.read(CORPUS))
    figures = own.loc[np.tile(own.index, -(-size // len(own)))[:size]].reset_index(drop=True)
    edition = pd.Series(figures.index // len(own))
    prefix = edition.map("{:05}".format)
    story = edition // 4
    other = pd.Series(np.where(story % 2, (" " + story.astype(str)), ""), dtype="str")
    document = prefix + figures["document_id"].str[5:]
    return figures.assign(
        document_id=document,
        figure_id=document + figures["figure_id"].str[16:],
        equivalent_of=prefix + figures["equivalent_of"].str[5:],
        source=prefix + "/" + figures["source"],
        publisher="Journal " + (edition % 50).astype(str),
        subject=figures["subject"] + other,
        actor=figures["actor"] + other,
    )


def write_store(figures: pd.DataFrame, folder: Path) -> Path:
    """The store of the figures, as `chiffrier extract --store` would leave it, with the texts of the demo corpus."""
    facts = etl.reconcile(figures)
    tables = (
        ("figures", figures, FIGURES),
        ("facts", facts, FACTS),
        ("deals", etl.deals(facts, figures), DEALS),
    )
    version = folder / "versions" / "000001"
    for name, rows, columns in tables:
        _write(arrow_of(rows, columns), version / name)
    own = {document.document_id[5:]: document.text for document in etl.read(CORPUS)}
    known = figures.drop_duplicates("document_id")[
        ["document_id", "source", "publisher", "title", "published"]
    ]
    texts = known["document_id"].str[5:].map(own)
    _write(pa.Table.from_pandas(known.assign(text=texts), preserve_index=False), version / "documents")
    (version / "version.json").write_text('{"schema": 1}')
    (folder / "current").write_text(version.name)
    return folder


def _write(rows: pa.Table, folder: Path) -> None:
    folder.mkdir(parents=True)
    for number, begin in enumerate(range(0, len(rows), 50_000)):
        part = folder / f"part-{number:05}.parquet"
        pq.write_table(rows.slice(begin, 50_000), part, compression="zstd")


def write_database(figures: pd.DataFrame, path: Path) -> Path:
    """The same rows in SQLite, with an index on each facet."""
    rows = figures.assign(year=figures["period"].str[:4]).rename(columns={"subject": "entity"})
    database = sqlite3.connect(path)
    rows.to_sql("figures", database, index=False, chunksize=50_000)
    for name in FACETS:
        database.execute(f"CREATE INDEX by_{name} ON figures ({name})")
    database.execute("ANALYZE")
    database.commit()
    database.close()
    return path


# --- the servers --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Reader:
    """One who asks a server, from an address of their own, as the rates of requests are told apart by it."""

    address: str
    own: str = "127.0.0.1"
    _connection: http.client.HTTPConnection | None = None

    def ask(self, path: str, asked: Any = None) -> tuple[int, bytes, float]:
        """The status and the body of the answer, and the seconds until it had come."""
        place = urlsplit(self.address)
        connection = self._connection or http.client.HTTPConnection(
            place.hostname or "", place.port, timeout=120, source_address=(self.own, 0)
        )
        self._connection = connection
        begin = time.perf_counter()
        if asked is None:
            connection.request("GET", path)
        else:
            headers = {"Content-Type": "application/json", "Origin": self.address}
            connection.request("POST", path, json.dumps(asked), headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.will_close:
            connection.close()
        return answer.status, body, time.perf_counter() - begin


@dataclass(slots=True)
class Browser:
    """What a browser asks of the dashboard, one request after the other; each page gives the seconds they took."""

    reader: Reader
    props: dict[str, Any] = field(default_factory=dict)
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)

    def open(self, search: str) -> float:
        """A first view: the page, its layout, and the callbacks that run when it is opened."""
        self.seconds = 0.0
        self._ask(f"/{search}")
        self.props = dict(_props(json.loads(self._ask("/_dash-layout")))) | {"url.search": search}
        found = json.loads(self._ask("/_dash-dependencies"))
        self.callbacks = [callback for callback in found if not callback["clientside_function"]]
        for callback in self.callbacks:
            if not callback["prevent_initial_call"] and callback["output"] != _GRID:
                self._call(callback, [])
        self._fill()
        return self.seconds

    def choose(self, name: str, value: str) -> float:
        """A change of a filter: the address, then all callbacks that hear of it."""
        self.seconds = 0.0
        single = not isinstance(self.props[f"{name}.value"], list)
        self.props[f"{name}.value"] = value if single else [value]
        [keep] = [c for c in self.callbacks if c["output"].startswith("..url.search...")]
        self._call(keep, [f"{name}.value"])
        for callback in self.callbacks:
            inputs = [f"{given['id']}.{given['property']}" for given in callback["inputs"]]
            if "url.search" in inputs and callback is not keep:
                self._call(callback, ["url.search"])
        self._fill()
        return self.seconds

    def _fill(self) -> None:
        """The grid asks for its first rows, where the page has one."""
        if "page=chiffres" in self.props["url.search"]:
            self.props["grid.getRowsRequest"] = {
                "startRow": 0,
                "endRow": 100,
                "sortModel": [],
                "filterModel": {},
            }
            [fill] = [callback for callback in self.callbacks if callback["output"] == _GRID]
            self._call(fill, ["grid.getRowsRequest"])

    def _call(self, callback: dict[str, Any], changed: list[str]) -> None:
        names = callback["output"].strip(".").split("...")
        outputs = [dict(zip(("id", "property"), name.split("."), strict=True)) for name in names]
        given = {
            kind: [
                {**one, "value": self.props.get(f"{one['id']}.{one['property']}")} for one in callback[kind]
            ]
            for kind in ("inputs", "state")
        }
        asked = {
            "output": callback["output"],
            "outputs": outputs if callback["output"].startswith("..") else outputs[0],
            "changedPropIds": changed,
            **given,
        }
        body = self._ask("/_dash-update-component", asked)
        for name, cells in json.loads(body)["response"].items() if body else ():
            self.props |= {f"{name}.{cell}": value for cell, value in cells.items()}

    def _ask(self, path: str, asked: Any = None) -> bytes:
        status, body, seconds = self.reader.ask(path, asked)
        self.seconds += seconds
        if status not in (200, 204) or b'"trouble"' in body[:200] + body[-500:]:
            self.errors.append(f"{status} {path} {body[:200]!r}")
        return body


_GRID = "grid.getRowsResponse"


def _props(component: Any) -> Iterator[tuple[str, Any]]:
    """Every property of every component of a layout that has a name."""
    if isinstance(component, list):
        for one in component:
            yield from _props(one)
    elif isinstance(component, dict) and "props" in component:
        props = component["props"]
        if isinstance(props.get("id"), str):
            yield from ((f"{props['id']}.{name}", cell) for name, cell in props.items())
        yield from _props(props.get("children"))


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, int, float]]:
    """The address of `chiffrier serve` with the store, its process, and the seconds until it was ready."""
    command = [sys.executable, "-m", "etl", "serve", str(folder), "--port", "0", "--workers", "2"]
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        try:
            yield address, process.pid, time.perf_counter() - begin
        finally:
            process.terminate()


@contextmanager
def datasette(database: Path) -> Iterator[tuple[str, int]]:
    """The address of Datasette and its process, with the database, which it may take to be immutable: its fastest."""
    settings = {
        "sql_time_limit_ms": 120_000,
        "facet_time_limit_ms": 120_000,
        "suggest_facets": "off",
        "default_page_size": 100,
    }
    options = [word for name, value in settings.items() for word in ("--setting", name, str(value))]
    command: list[str | Path] = [DATASETTE, "serve", "--immutable", database, "--port", "8098", *options]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        address = "http://127.0.0.1:8098"
        for _ in range(600):
            try:
                Reader(address).ask("/-/versions.json")
                break
            except OSError:
                time.sleep(0.1)
        try:
            yield address, process.pid
        finally:
            process.terminate()


def workers(server: int) -> list[int]:
    return [int(name) for name in Path(f"/proc/{server}/task/{server}/children").read_text("ascii").split()]


def processor(processes: list[int]) -> float:
    """Seconds of the processor that the processes have had."""
    return sum(map(processor_of, processes))


# --- what is measured ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class View:
    """What a reader asks for: in words, our filter and its value, and Datasette's column."""

    label: str
    key: str | None = None
    value: str = ""
    column: str = ""


def views(figures: pd.DataFrame, rounds: int) -> list[list[View]]:
    """For each round the first view, and filters by frequent values, each time others; and by rare entities."""
    entities = figures["subject"].value_counts()
    measures = figures["measure"].value_counts().index
    years = figures["period"].str[:4].value_counts().index
    rare = entities[entities <= 20].index
    return [
        [
            View("first view"),
            View("entity, frequent", "entite", str(entities.index[nth]), "entity"),
            View("entity, rare", "entite", str(rare[nth]), "entity"),
            View("measure", "mesure", str(measures[nth]), "measure"),
            View("year", "depuis", str(years[nth]), "year"),
        ]
        for nth in range(rounds)
    ]


class Spent(NamedTuple):
    """Seconds of the processor in the server's processes, and seconds that passed."""

    processor: float
    passed: float


def ours(reader: Reader, server: int, page: str, view: View) -> Spent:
    """What a view of the dashboard takes."""
    browser = Browser(reader)
    if view.key:
        browser.open(f"?page={page}")
    if view.key == "depuis":  # one year is two filters here: the second is the change that is measured
        browser.choose("jusque", view.value)
    begin = processor(workers(server))
    passed = browser.choose(view.key, view.value) if view.key else browser.open(f"?page={page}")
    if browser.errors:
        raise RuntimeError(browser.errors[0])
    return Spent(processor(workers(server)) - begin, passed)


def theirs(reader: Reader, server: int, view: View) -> Spent:
    """What a view of Datasette's page with its facets takes."""
    asked = [("_facet", name) for name in FACETS]
    asked += [(f"{view.column}__exact", view.value)] if view.column else []
    begin = processor([server])
    status, body, passed = reader.ask(f"/figures/figures?{urlencode(asked)}")
    if status != 200 or b"timed out" in body or b"facet-results" not in body:
        raise RuntimeError(f"Datasette answered {status}, and not in full")
    return Spent(processor([server]) - begin, passed)


def crowd(address: str, server: int, chosen: list[View]) -> tuple[list[str], float, float]:
    """Readers all at once, each with every view of two pages: errors, seconds, the most bytes that a worker held."""
    errors: list[str] = []
    most = 0.0

    def read(number: int) -> None:
        for page in ("operations", "chiffres"):
            browser = Browser(Reader(address, f"127.0.1.{number + 1}"))
            browser.open(f"?page={page}")
            for view in chosen:
                if view.key:
                    browser.choose(view.key, view.value)
            errors.extend(browser.errors)

    threads = [threading.Thread(target=read, args=[number]) for number in range(READERS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        most = max(most, *map(memory_of, workers(server)))
        time.sleep(0.2)
    return errors, time.perf_counter() - begin, most


def measure(size: int, rounds: int, folder: Path) -> Iterator[str]:
    """The tables, as lines of Markdown."""
    figures = made_up(size)
    chosen = views(figures, rounds)
    database = write_database(figures, folder / "figures.db")
    kept = write_store(figures, folder / "store")
    facts = sum(
        pq.read_metadata(part).num_rows for part in (kept / "versions" / "000001" / "facts").iterdir()
    )
    del figures
    times: dict[str, dict[str, list[Spent]]] = {}
    with serving(kept) as (address, server, start), datasette(database) as (other, their_server):
        for number, those in enumerate([chosen[0][:1], *chosen]):  # once uncounted: files come into memory
            for view in those:
                reader = Reader(address, f"127.0.2.{number + 1}")
                now = {
                    "datasette": theirs(Reader(other), their_server, view),
                    "chiffres": ours(reader, server, "chiffres", view),
                    "operations": ours(reader, server, "operations", view),
                }
                for name, spent in now.items() if number else ():
                    times.setdefault(view.label, {}).setdefault(name, []).append(spent)
        quiet = max(map(memory_of, workers(server)))
        errors, seconds, most = crowd(address, server, chosen[0])
    yield (
        f"{os.cpu_count()} cores of {computer()}, {datetime.now(UTC):%-d %B %Y}. "
        f"{size} figures, {facts} facts; Datasette {versions().get('datasette', '')}."
    )
    for what, of in (("processor", 0), ("passed", 1)):
        yield ""
        yield from _table(
            f"server time, {what}", {label: _means(spent, of) for label, spent in times.items()}
        )
    yield ""
    yield (
        f"Ready {start:.0f} s after its start. {READERS} readers at once, each with every view of both pages: "
        f"{len(errors)} errors, {seconds:.0f} s. "
        f"A worker held {quiet / 1e6:.0f} MB before them and {most / 1e6:.0f} MB at most."
    )
    for error in errors[:5]:
        print(error, file=sys.stderr)


def _means(spent: dict[str, list[Spent]], of: int) -> dict[str, float]:
    return {name: statistics.mean(one[of] for one in each) for name, each in spent.items()}


def _table(head: str, means: dict[str, dict[str, float]]) -> Iterator[str]:
    yield f"| {head} | Datasette | Chiffrier, *Chiffres* | | Chiffrier, *Opérations* | |"
    yield f"|---|{'---:|' * 5}"
    for label, mean in means.items():
        cells = [f"{mean['datasette'] * 1000:.0f} ms"]
        for name in ("chiffres", "operations"):
            cells += [f"{mean[name] * 1000:.0f} ms", f"{short(mean[name] / mean['datasette'])} ×"]
        yield f"| {label} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboard", description=__doc__)
    parser.add_argument("--figures", type=int, default=SIZE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    if not DATASETTE.exists():
        sys.exit("Datasette is not installed: make peers")
    with tempfile.TemporaryDirectory() as folder:
        text = "".join(f"{line}\n" for line in measure(arguments.figures, arguments.rounds, Path(folder)))
    print(text, end="")
    if arguments.figures == SIZE:
        put("dashboard", text)


if __name__ == "__main__":
    main()

"""The command `chiffrier`: the public calls of `etl`, with progress, and with errors as lines."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

import etl
from etl.corrections import ALREADY, Correction, Problem, adopt, corrections_beside, read_corrections
from etl.corrections import lines_of as lines_of_problems
from etl.documents import FRENCH, Document, find_placed, is_table
from etl.errors import ChiffrierError
from etl.lexicon import words_beside
from etl.limits import LIMITS, Limits
from etl.readers import digest
from etl.report import lines_of
from etl.store import add as add_to
from etl.store import check as check_store
from etl.store import current, documents_of, is_store, load_table, open_store
from etl.store import share as share_figures
from etl.table import (
    DEALS,
    FACTS,
    FIGURES,
    Column,
    check_printed,
    check_target,
    columns_of,
    frame,
    to_csv,
    to_text,
)
from etl.work import Options, Tables, Task, input_of, run, without_copies


def main(arguments: list[str] | None = None) -> None:
    """The whole command; it ends with `SystemExit`, and of bad input it says one line on standard error."""
    try:
        app(arguments, prog_name="chiffrier")
    except ChiffrierError as problem:
        _complain(problem)
    except OSError as problem:  # a full disk behind standard output, say
        _complain(f"cannot go on: {problem.strerror or problem}")
        # What standard output still holds would fail once more as Python ends, with a traceback.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)


def _columns(contract: tuple[Column, ...]) -> str:
    # A paragraph that begins with \b keeps its lines.
    width = max(len(column.name) for column in contract)
    lines = (f"{column.name:{width}}  {column.meaning}" for column in contract)
    return "\n".join(["\b", "Columns:", *lines])


app = typer.Typer(
    help="Reads French prose and gives back its financial figures as a tidy table.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain text, in a pipe too
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH", help="Files and folders of French texts, archives, or - for standard input."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="OUT", help="Write there: .csv, .jsonl, .parquet or .xlsx."),
]
Format = Annotated[
    str | None,
    typer.Option(metavar="FORMAT", help="Write it as csv, jsonl, parquet, xlsx or webannotation (JSON-LD)."),
]
Languages = Annotated[
    str, typer.Option(metavar="CODES", help="The languages read, as in fr,en; `all` reads any.")
]
Fetch = Annotated[bool, typer.Option("--fetch", help="Fetch the pages of PATHs that are addresses.")]
Metadata = Annotated[
    Path | None,
    typer.Option(metavar="CSV", help="What is known of the texts, instead of the documents.csv beside them."),
]
Words = Annotated[
    list[Path] | None,
    typer.Option(metavar="TOML", help="Words of your own, besides those of a words.toml beside the texts."),
]
Corrections = Annotated[
    list[Path] | None,
    typer.Option(metavar="TOML", help="Corrections, besides those of a corrections.toml beside the texts."),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chiffrier {etl.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Say the version and end."),
    ] = False,
) -> None:
    pass


# --- the commands -------------------------------------------------------------------------------------------


@app.command(epilog=_columns(FIGURES))
def extract(
    sources: Sources,
    out: Out = None,
    metadata: Metadata = None,
    store: Annotated[
        str | None, typer.Option(metavar="STORE", help="Add to this store what is new or changed.")
    ] = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="How many processes read at once.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler whose workers read instead.")
    ] = None,
    languages: Languages = "fr",
    fetch: Fetch = False,
    seconds: Annotated[
        float, typer.Option("--time-limit", min=0.1, help="Seconds a document may take.")
    ] = 60,
    share: Annotated[
        bool, typer.Option("--share", help="Write what may be passed on: no sentences, no texts.")
    ] = False,
    words: Words = None,
    corrections: Corrections = None,
    report: Annotated[bool, typer.Option("--report", help="Sum up what the table does not know.")] = False,
    format: Format = None,
) -> None:
    """Find the figures of French texts: one row for each place where one is stated.

    Without OUT, prints a table on a terminal and CSV in a pipe; with FORMAT, that. With STORE, adds to it instead. The
    report goes to standard error.
    """
    if out:
        check_target(out, format)
    elif format:
        check_printed(format)
    _use_words(words, sources)
    asked = None if languages == "all" else tuple(languages.lower().split(","))
    how = _How(asked, Limits(seconds=seconds), jobs, scheduler, fetch, tuple(corrections or ()))
    if store and "://" in store:
        if ignored := [*(corrections or ()), *corrections_beside(sources)]:
            raise ChiffrierError(f"{store}: the workers of a cluster do not correct; leave out {ignored[0]}")
        errors = _write_on(store, sources, how)
    elif store:
        errors = _add(Path(store), sources, metadata, how)
        if report:
            _report(etl.load(store))
        if out or share or format:
            _put(
                _shared(load_table(store, "figures"), Path(store)) if share else etl.load(store), out, format
            )
    else:
        hashes: dict[str, str] = {}
        figures, errors = _extract(sources, metadata, how, hashes)
        _put(share_figures(figures, hashes) if share else figures, out, format)
        if report:
            _report(figures)
    raise typer.Exit(1 if errors else 0)


@app.command()
def check(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="A store that `extract --store` made.")],
) -> None:
    """Verify a store: every file against its hash, every quote against its text."""
    wrong = 0
    for line in check_store(store):
        wrong += 1
        _complain(line)
    if not wrong:
        documents = load_table(store, "documents", ["status"])["status"].value_counts().to_dict()
        told = ", ".join(f"{count} {status}" for status, count in sorted(documents.items())) or "empty"
        _say(f"{store}: every quote stands in its text; documents: {told}")
    raise typer.Exit(1 if wrong else 0)


@app.command()
def withdraw(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="A store that `extract --store` made.")],
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE", help="Files or folders, as given to `extract`.")
    ],
) -> None:
    """Take documents out of a store, with their figures."""
    current(store)
    errors = 0
    with open_store(store) as writer:
        for source in sources:
            count = writer.withdraw(source)
            errors += not count
            _say(f"{source}: {_count(count, 'document')} withdrawn")
        if errors < len(sources):
            writer.commit()
    _tell_problems(writer.problems)
    raise typer.Exit(1 if errors else 0)


@app.command(epilog=_columns(FACTS))
def facts(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A table that `extract` wrote.")],
    out: Out = None,
    words: Words = None,
) -> None:
    """Bring the figures of a table together as facts: what several texts say of one thing.

    Without OUT, prints a table on a terminal and CSV in a pipe.
    """
    if out:
        check_target(out)
    _use_words(words, [str(table)])
    figures = _load_figures(table)
    _put(etl.reconcile(figures), out)


@app.command(epilog=_columns(DEALS))
def deals(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A table that `extract` wrote.")],
    out: Out = None,
) -> None:
    """Bring the facts of a table together as deals: who bought what, when, for how much, and what that implies.

    Without OUT, prints a table on a terminal and CSV in a pipe.
    """
    if out:
        check_target(out)
    _use_words(None, [str(table)])
    figures = _load_figures(table)
    _put(etl.deals(etl.reconcile(figures), figures), out)


@app.command()
def compare(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A table that `extract` wrote.")],
    to: Annotated[str, typer.Option(metavar="NAME", help="An entity, or a pair of them: Microsoft–OpenAI.")],
    currency: Annotated[str, typer.Option(metavar="CODE", help="The currency of all amounts.")] = "USD",
    prices: Annotated[
        int | None,
        typer.Option(metavar="YEAR", help="In the prices of this year; else in those of its time."),
    ] = None,
) -> None:
    """Compare the deals of a table with one of them, in one currency: ratio, difference, rank, largest first.

    On a terminal the amounts that cannot be converted are left out; in a pipe each says why.
    """
    _use_words(None, [str(table)])
    figures = _load_figures(table)
    compared = etl.compare(etl.deals(etl.reconcile(figures), figures), to, currency, prices)
    if sys.stdout.isatty():
        Console().print(_compared(compared))
    else:
        typer.echo(to_csv(compared).encode(), nl=False)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A table of figures, or of facts.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The same kind of table, of another day.")],
) -> None:
    """Say what one table has that another has not: rows gained and lost, and cells changed.

    Of two tables of figures, the facts that they state are told too. Ends with status 1 where anything changed.
    """
    _use_words(None, [str(old), str(new)])
    before, after = etl.load(old), etl.load(new)
    changes = {"": etl.diff(before, after)}
    if columns_of(before) is FIGURES:
        changes = {"figure ": changes[""], "fact ": etl.diff(etl.reconcile(before), etl.reconcile(after))}
    for kind, table in changes.items():
        for row in _rows(table):
            typer.echo(_printable(_change(kind, row)))
    counts = Counter(change for table in changes.values() for change in table["change"])
    _say(", ".join(f"{counts[change]} {change}" for change in ("gained", "lost", "changed")))
    raise typer.Exit(1 if counts else 0)


@app.command()
def serve(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH|TABLE", help="Texts, or a table of figures; else the demo corpus."),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8050,
    workers: Annotated[int, typer.Option(min=1, help="How many processes answer.")] = 2,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="Another name that browsers reach it by."),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(metavar="PEM", help="A certificate, to serve https.")
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="PEM", help="The certificate's key.")] = None,
    words: Words = None,
    corrections: Annotated[
        Path | None,
        typer.Option(metavar="TOML", help="Where readers may correct figures; without it they only read."),
    ] = None,
) -> None:
    """Show the figures in a browser: on this machine alone, or to those who have the token."""
    if (certificate is None) != (key is None):
        raise ChiffrierError("--certificate and --key: one needs the other")
    try:
        from dashboard.app import create_app  # noqa: PLC0415, an extra that need not be installed
        from dashboard.callbacks import prepare  # noqa: PLC0415
        from dashboard.library import open_library  # noqa: PLC0415
        from dashboard.server import is_loopback, names_of, secure  # noqa: PLC0415
        from dashboard.server import run as serve_by_gunicorn  # noqa: PLC0415
    except ModuleNotFoundError as problem:
        hint = f"the dashboard needs {problem.name}; run: pip install 'chiffrier[dashboard]'"
        raise ChiffrierError(hint) from None
    _use_words(words, sources or [])
    with _listen(host, port) as listener:
        source, documents, errors = _figures_of(sources or [str(_demo())], corrections)
        library = open_library(source, documents)
        del source, documents  # the workers, which share our memory, have all of it in the library
        address, port = listener.getsockname()[:2]
        token = None if is_loopback(address) else secrets.token_urlsafe(32)
        server = secure(create_app(library, corrections=corrections), names_of(address, names or ()), token)
        shown = f"[{address}]" if ":" in address else address

        def ready() -> None:
            typer.echo(f"http{'s' if key else ''}://{shown}:{port}{f'/?token={token}' if token else ''}")
            if token and not key:
                _say("browsers keep the token only over https: use a proxy, or give --certificate and --key")
            named = " ".join(sources) if sources else "the demo corpus"
            _say(f"{_count(library.figures, 'figure')} of {named}; Ctrl-C ends it")

        parent = os.getpid()
        try:
            tls = (str(certificate), str(key)) if key else None
            serve_by_gunicorn(server, listener, workers, ready, lambda: prepare(library), tls)
        except SystemExit as end:
            if os.getpid() != parent:  # a worker ends, too
                raise
            errors = errors or int(end.code or 0)
    raise typer.Exit(1 if errors else 0)


@app.command()
def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A sentence or more, in French.")],
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="When it was published: 2025-06-13, 2025-06 or 2025.")
    ] = None,
    words: Words = None,
) -> None:
    """Say, for each figure of a text, what it says and which words decided that."""
    _use_words(words, [])
    figures = etl.parse(text, published=published)
    if not len(figures):
        typer.echo("No figure in this text.")
    for number, row in enumerate(_rows(figures)):
        if number:
            typer.echo()
        _explain(row)


# --- work ---------------------------------------------------------------------------------------------------


def _use_words(words: list[Path] | None, sources: list[str]) -> None:
    """Reads with the words that were given, and with those that lie beside what is read."""
    files = {path.absolute(): path for path in (*(words or ()), *words_beside(sources))}
    etl.use_words(*files)
    if files:
        _say(f"with the words of {', '.join(map(str, files.values()))}")


def _corrections(given: Iterable[Path], sources: list[str]) -> tuple[Correction, ...]:
    """The corrections that were given, and those that lie beside what is read."""
    files = {path.absolute(): path for path in (*given, *corrections_beside(sources))}
    if files:
        _say(f"with the corrections of {', '.join(map(str, files.values()))}")
    return read_corrections(*files.values())


def _tell_problems(problems: Iterable[Problem]) -> None:
    for line in lines_of_problems(problems):
        _complain(line)


def _report(figures: pd.DataFrame) -> None:
    for line in lines_of(figures):
        _say(line)


class _How(NamedTuple):
    """How to read: languages, limits, and by whom."""

    languages: tuple[str, ...] | None = FRENCH
    limits: Limits = LIMITS
    jobs: int = 1
    scheduler: str | None = None
    fetch: bool = False
    corrections: tuple[Path, ...] = ()

    def run(self, tasks: Iterable[Task]) -> Iterator[Tables]:
        options = Options(self.languages, self.limits)
        if self.scheduler:
            from etl.cluster import run_on  # noqa: PLC0415, an extra that need not be installed

            return run_on(self.scheduler, tasks, options)
        return run(tasks, options, self.jobs)


def _add(store: Path, sources: list[str], metadata: Path | None, how: _How) -> int:
    """Adds the texts to a store, and returns how many errors there were: each is told as it comes."""
    told: Counter[str] = Counter()
    corrections = _corrections(how.corrections, sources)
    with open_store(store) as writer, _progress(told) as progress:
        adopt(store, corrections)
        placed = find_placed(*sources, metadata=metadata, fetch=how.fetch, limits=how.limits)
        for tables in add_to(writer, placed, how.run, lambda item: input_of(item, how.languages)):
            _tell(tables, told, progress)
        version = writer.commit()
    _tell_problems(writer.problems)
    figures = sum(pq.read_metadata(part).num_rows for part in (version / "figures").glob("*.parquet"))
    _say(
        f"{_count(told['document'], 'document')} read, {told['passed']} passed over, {told['error']} refused"
    )
    _say(f"{_count(figures, 'figure')} in {store}, version {version.name}")
    return told["error"]


def _write_on(out: str, sources: list[str], how: _How) -> int:
    """Has the workers of a cluster write the tables to a storage of theirs; returns how many errors there were."""
    if not how.scheduler:
        raise ChiffrierError(f"{out}: only the workers of a cluster write to an address; add --scheduler")
    from etl.cluster import write_on  # noqa: PLC0415, an extra that need not be installed

    done = write_on(how.scheduler, sources, out, Options(how.languages, how.limits))
    _say(f"{_count(done.documents, 'document')} read, {done.refused} refused")
    _say(f"{_count(done.figures, 'figure')} in {out}")
    return done.refused


def _tell(tables: Tables, told: Counter[str], progress: Callable[[str], None]) -> None:
    for row in tables.documents.select(["source", "status", "reason"]).to_pylist():
        if row["status"] == "refused":
            told["error"] += 1
            _complain(row["reason"])
        elif row["status"] == "read":
            progress(row["source"])
        else:
            told["passed"] += 1
            told[row["reason"]] += 1


def _extract_with_many(
    sources: list[str], metadata: Path | None, how: _How, hashes: dict[str, str]
) -> tuple[pd.DataFrame, int]:
    told: Counter[str] = Counter()
    ids: set[str] = set()
    found: list[pa.Table] = []
    corrections = _corrections(how.corrections, sources)
    with _progress(told) as progress:
        placed = find_placed(*sources, metadata=metadata, fetch=how.fetch, limits=how.limits)
        for tables in how.run(Task(origin, "", item) for origin, item in placed):
            tables = without_copies(tables, ids)
            _tell(tables, told, progress)
            found.append(tables.figures)
            hashes.update(
                zip(
                    *(tables.documents[name].to_pylist() for name in ("document_id", "text_sha256")),
                    strict=True,
                )
            )
    figures = frame([row for table in found for row in table.to_pylist()])
    if told["error"] and not told["document"]:
        raise typer.Exit(1)
    figures, problems = etl.correct(figures, corrections)
    _tell_problems(problems)
    passed = f", {told['passed']} passed over" if told["passed"] else ""
    _say(f"{_count(told['document'], 'document')}{passed}, {_count(len(figures), 'figure')}")
    return figures, told["error"]


def _shared(figures: pd.DataFrame, store: Path) -> pd.DataFrame:
    documents = load_table(store, "documents", ["document_id", "text_sha256", "status"])
    read = documents[documents["status"] == "read"]
    return share_figures(figures, dict(zip(read["document_id"], read["text_sha256"], strict=True)))


def _extract(
    sources: list[str],
    metadata: Path | None = None,
    how: _How | None = None,
    hashes: dict[str, str] | None = None,
    kept: list[Document] | None = None,
) -> tuple[pd.DataFrame, int]:
    """The figures of the texts, and how many errors there were: each is told as it comes.

    `kept` is given the documents themselves, where their texts are wanted. Where errors left no document at all the
    command ends, so that an empty table replaces no good one.
    """
    how = how or _How()
    if how.jobs > 1 or how.scheduler:
        return _extract_with_many(sources, metadata, how, {} if hashes is None else hashes)
    told: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    corrections = _corrections(how.corrections, sources)

    def complain(problem: ChiffrierError) -> None:
        told["error"] += 1
        _complain(problem)

    def passed_over(_source: str, reason: str) -> None:
        passed[reason] += 1

    with _progress(told) as progress:
        documents = etl.read(
            *sources,
            metadata=metadata,
            on_error=complain,
            on_skip=passed_over,
            languages=how.languages,
            fetch=how.fetch,
            limits=how.limits,
        )

        def done(document: Document) -> None:
            if hashes is not None:
                hashes[document.document_id] = digest(document.text.encode())
            if kept is not None:
                kept.append(document)
            progress(document.source)

        figures = etl.extract(documents, done, seconds=how.limits.seconds, on_error=complain)
    if passed:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in passed.most_common())
        _say(f"{_count(passed.total(), 'file')} passed over: {reasons}")
    if told["error"] and not told["document"]:
        raise typer.Exit(1)
    figures, problems = etl.correct(figures, corrections)
    _tell_problems(problems)
    _say(f"{_count(told['document'], 'document')}, {_count(len(figures), 'figure')}")
    return figures, told["error"]


_PATIENCE = 5.0  # seconds between two lines of progress, where there is no terminal


@contextmanager
def _progress(told: Counter[str]) -> Iterator[Callable[[str], None]]:
    """Counts the documents done, and says so on standard error: live on a terminal, else by lines."""
    if sys.stderr.isatty():
        columns = (SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("reading")

            def show(source: str) -> None:
                told["document"] += 1
                done = _count(told["document"], "document")
                bar.update(task, description=f"{done}  {_printable(source)}")

            yield show
    else:
        last = time.monotonic()

        def say(_source: str) -> None:
            nonlocal last
            told["document"] += 1
            if time.monotonic() - last > _PATIENCE:
                last = time.monotonic()
                _say(f"{_count(told['document'], 'document')} so far")

        yield say


def _load_figures(path: Path, corrections: tuple[Path, ...] = ()) -> pd.DataFrame:
    figures = etl.load(path)
    if columns_of(figures) is not FIGURES:
        raise ChiffrierError(f"{path}: a table of facts; give the table of figures that it was made from")
    figures, problems = etl.correct(figures, _corrections(corrections, [str(path)]))
    # The table may have been corrected as it was made: what it says already is no news.
    _tell_problems(problem for problem in problems if problem.kind != ALREADY)
    return figures


def _figures_of(
    sources: list[str], corrections: Path | None = None
) -> tuple[pd.DataFrame | str, list[Document], int]:
    """The figures of one saved table, or those found in the texts, with the texts, and the number of errors.

    A store, which has its texts beside its figures, stays where it is.
    """
    given = (corrections,) if corrections and corrections.exists() else ()
    tables = [
        source
        for source in sources
        if Path(source).suffix in (".csv", ".parquet") or is_table(Path(source)) or is_store(source)
    ]
    kept: list[Document] = []
    if not tables:
        figures, errors = _extract(sources, how=_How(corrections=given), kept=kept)
        return figures, kept, errors
    if len(sources) > 1:
        raise ChiffrierError(f"{tables[0]}: a table is served alone; leave out the other paths")
    if is_store(tables[0]):
        if not given:
            return tables[0], [], 0
        kept = [*documents_of(tables[0])]
    return _load_figures(Path(tables[0]), given), kept, 0


def _demo() -> Path:
    """The demo corpus: inside an installed wheel, or in the checkout that an editable install points to."""
    package = Path(__file__).parent
    places = (package / "demo" / "corpus", package.parent / "data" / "corpus")
    for place in places:
        if place.is_dir():
            return place
    raise ChiffrierError(f"{places[0]}: the demo corpus is missing; name a file or folder of texts")


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens, before any work is done in vain."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as problem:
        reason = str(problem.strerror).partition(" (")[0]
        hint = "choose another --port or --host"
        raise ChiffrierError(f"{host}:{port}: cannot listen there ({reason}); {hint}") from None


# --- what is printed ----------------------------------------------------------------------------------------


def _complain(problem: ChiffrierError | str) -> None:
    typer.echo(_printable(str(problem)), err=True)


def _say(line: str) -> None:
    typer.echo(_printable(line), err=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _printable(text: str) -> str:
    r"""The text in one line of the same length, without what would steer a terminal.

    >>> _printable("une\nligne \x1b[31m")
    'une ligne \ufffd[31m'
    """
    spaces = "\u00a0\u202f\u2009"
    shown = (c if c.isprintable() or c in spaces else " " if c.isspace() else "\ufffd" for c in text)
    return "".join(shown)


def _put(table: pd.DataFrame, out: Path | None, format: str | None = None) -> None:
    if out:
        _say(f"{_count(len(table), 'row')} in {etl.save(table, out, format)}")
    elif format is None and sys.stdout.isatty():
        Console().print(_table(table))
    else:
        typer.echo(to_text(table, format or "csv").encode(), nl=False)


_SHOWN_FIGURES = ("quote", "kind", "value", "measure", "subject", "actor", "period", "status", "source")
_SHOWN_DEALS = (
    "acquirer",
    "target",
    "kind",
    "announced",
    "closed",
    "value",
    "stake",
    "implied_valuation",
    "check",
)
_SHOWN_FACTS = ("measure", "subject", "actor", "period", "value", "low", "high", "status", "n_documents")


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows with `None` for null."""
    rows = table.astype(object).where(table.notna(), None).to_dict(orient="records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]


def _table(table: pd.DataFrame) -> Table:
    """The columns that a reader looks at first on a terminal, numbers as the French print them."""
    are_figures = columns_of(table) is FIGURES
    names = _SHOWN_FIGURES if are_figures else _SHOWN_DEALS if columns_of(table) is DEALS else _SHOWN_FACTS
    shown = Table()
    for name in names:
        is_number = name in (*_AMOUNTS, "stake", "n_documents")
        shown.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in _rows(table):
        if are_figures:
            cells = row | {"value": _reading(row)}
        else:
            cells = row | {name: _amount(row[name], row["unit"]) for name in _AMOUNTS if name in row}
            cells |= {"stake": _amount(row["stake"], "percent")} if "stake" in row else {}
        texts = ("" if cells[name] is None else str(cells[name]) for name in names)
        shown.add_row(*(Text(_printable(text)) for text in texts))
    return shown


_AMOUNTS = ("value", "low", "high", "implied_valuation")


def _compared(table: pd.DataFrame) -> Table:
    """The deals that could be compared, numbers as the French print them."""
    shown = Table("acquirer", "target", "announced")
    for name in ("amount", "ratio", "difference"):
        shown.add_column(name, justify="right")
    for row in _rows(table[table["rank"].notna()]):
        amounts = (
            _amount(float(f"{row[name]:.4g}"), row["unit_restated"])
            for name in ("value_restated", "difference")
        )
        amount, difference = amounts
        cells = (
            row["acquirer"],
            row["target"],
            row["announced"],
            amount,
            f"× {_number(round(row['ratio'], 2))}",
            difference,
        )
        style = "bold" if row["is_reference"] else None
        shown.add_row(*(Text(_printable(cell or "")) for cell in cells), style=style)
    return shown


def _change(kind: str, row: dict[str, Any]) -> str:
    """A change in one line.

    >>> _change("fact ", {"change": "changed", "id": "4d4c", "column": "high", "old": "14", "new": "15"})
    'changed fact 4d4c high: 14 → 15'
    """
    head = f"{row['change']} {kind}{row['id']}"
    if row["change"] == "changed":
        return f"{head} {row['column']}: {row['old'] or 'null'} → {row['new'] or 'null'}"
    return f"{head}: {row['new'] or row['old']}"


_HEDGES = {
    "about": "environ ",
    "over": "plus de ",
    "at_least": "au moins ",
    "under": "moins de ",
    "at_most": "au plus ",
}


def _reading(row: dict[str, Any]) -> str:
    """The value as the text holds it.

    >>> _reading({"qualifier": "about", "value": 14.3e9, "unit": "USD"})
    'environ 14,3 Md USD'
    """
    if row["qualifier"] in ("between", "magnitude"):
        return f"de {_number(row['low'])} à {_amount(row['high'], row['unit'])}"
    return _HEDGES.get(row["qualifier"], "") + _amount(row["value"], row["unit"])


def _amount(value: float | None, unit: str) -> str:
    """The number with its unit; empty for null.

    >>> _amount(1280.5, "EUR/month"), _amount(49.0, "percent"), _amount(-2.5e9, "USD")
    ('1 280,5 EUR/month', '49 %', '-2,5 Md USD')
    """
    return "" if value is None else f"{_number(value)} {'%' if unit == 'percent' else unit}"


def _number(value: float) -> str:
    """The number in French, millions as M and thousands of millions as Md."""
    scale, suffix = next((s for s in ((1e9, " Md"), (1e6, " M")) if abs(value) >= s[0]), (1.0, ""))
    return f"{value / scale:,.10g}".translate({ord(","): " ", ord("."): ","}) + suffix


class _Reason(NamedTuple):
    """Why a column of a row says what it says: its value, the words that decided it, and their place."""

    column: str
    value: str
    words: str
    place: str


def _reasons(row: dict[str, Any]) -> Iterator[_Reason]:
    quote = [row["start"], row["end"], row["quote"]]
    printed = {name: quote for name in ("kind", "value", "low", "high") if row[name] is not None}
    if not row["unit_inferred"]:
        printed["unit"] = quote
    places = printed | json.loads(row["evidence"])
    for column in _DECIDED:
        cell = row[column]
        value = "" if cell is None else f"{cell:.15g}" if isinstance(cell, float) else str(cell)
        if column in places:
            start, end, words = places[column]
            yield _Reason(column, value, words, f"{start}-{end}")
        else:
            yield _Reason(column, value, "", "")


# What the text decides: all that stands between its place and the evidence.
_NAMES = [column.name for column in FIGURES]
_DECIDED = ("zone", *_NAMES[_NAMES.index("kind") : _NAMES.index("evidence")])


def _explain(row: dict[str, Any]) -> None:
    """Prints a figure in its sentence and its reasons: in colours on a terminal, else in plain lines."""
    start = row["start"] - row["sentence_start"]
    end = row["end"] - row["sentence_start"]
    sentence = _printable(row["sentence"])
    if sys.stdout.isatty():
        console = Console()
        shown = Text(sentence)
        shown.stylize("bold reverse", start, end)
        table = Table("column", "value", "words", "place")
        for reason in _reasons(row):
            table.add_row(*(Text(_printable(cell)) for cell in reason))
        console.print(shown)
        console.print(table)
    else:
        typer.echo(f"{sentence[:start]}[{sentence[start:end]}]{sentence[end:]}")
        for reason in _reasons(row):
            typer.echo("\t".join(_printable(cell) for cell in reason).rstrip())

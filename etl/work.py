"""Items to tables, by the handful: the one function that a process, a pool of them and a cluster all run.

`run` streams: it holds a few handfuls at a time, whatever the input's size, and gives their tables in the order of the
input. A document that takes a process down with it (a crash, too much memory, code that never comes back) is found by
reading its handful again one by one, and is refused; the others go on.
"""

from __future__ import annotations

import faulthandler
import hashlib
import json
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pandas as pd
import pyarrow as pa

from etl.documents import COPY, FRENCH, Document, read_item
from etl.errors import DocumentError
from etl.lexicon import Words, use_words, words_in_use
from etl.limits import LIMITS, Limits, time_limit
from etl.pipeline import figures_of
from etl.readers import Blob, Item, Skipped, digest
from etl.reprints import signature
from etl.table import FIGURES, Column

_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "list": pa.list_(pa.string()),
}


def schema_of(columns: tuple[Column, ...]) -> pa.Schema:
    """The Arrow schema of a table that keeps the contract."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in columns])


def arrow_of(rows: pd.DataFrame, columns: tuple[Column, ...]) -> pa.Table:
    """A table of the contract as Arrow has it, and Parquet keeps it."""
    return pa.Table.from_pandas(rows, schema_of(columns), preserve_index=False)


FIGURES_SCHEMA = schema_of(FIGURES)
# One row for each document read, and for each thing refused or passed over, which then has no text.
DOCUMENTS_SCHEMA = pa.schema(
    [
        ("document_id", pa.string()),
        ("source", pa.string()),
        ("origin", pa.string()),  # the file that holds it
        ("input", pa.string()),  # the hash of its bytes and of what was known of it
        ("rules", pa.string()),  # the version of the rules that read it
        ("status", pa.string()),  # read, refused, passed over
        ("reason", pa.string()),
        ("format", pa.string()),
        ("encoding", pa.string()),
        *((name, pa.string()) for name in ("title", "publisher", "published", "url", "language", "author")),
        ("characters", pa.int64()),
        ("text", pa.string()),
        ("text_sha256", pa.string()),
        ("signature", pa.binary()),
    ]
)
READ, REFUSED, PASSED = "read", "refused", "passed over"


class Task(NamedTuple):
    """One item to be read, and the file and the bytes that it came from."""

    origin: str
    input: str
    item: Item


class Tables(NamedTuple):
    """What was read of some items: rows of `DOCUMENTS_SCHEMA` and of `FIGURES_SCHEMA`, in the items' order."""

    documents: pa.Table
    figures: pa.Table


@dataclass(frozen=True, slots=True)
class Options:
    """How to read, the same for every item."""

    languages: tuple[str, ...] | None = FRENCH
    limits: Limits = LIMITS
    words: tuple[Words, ...] = field(default_factory=words_in_use)  # the reader's own


def input_of(item: Item, languages: Collection[str] | None = FRENCH) -> str:
    """The hash of an item's bytes, of what its container knows of it, and of the languages asked for."""
    if isinstance(item, Blob):
        if item.data is not None:
            own = digest(item.data)
        else:
            with item.open() as stream:
                own = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
        told: Any = [own, item.format, item.encoding, dict(item.about), dict(item.known)]
    elif isinstance(item, Document):
        told = asdict(item)
    else:
        told = str(item)
    asked = None if languages is None else sorted(languages)
    return digest(json.dumps([told, asked], sort_keys=True, default=str).encode())[:32]


# What does not decide what is read of a text.
_NO_RULES = ("cli", "cluster", "corrections", "errors", "facts", "fetch", "limits", "report", "store", "work")


@cache
def rules_version() -> str:
    """The hash of the code and the words by which documents are read: other rules, another version."""
    here = Path(__file__).parent
    files = (path for pattern in ("*.py", "readers/*.py", "words/*.toml") for path in here.glob(pattern))
    every = hashlib.sha256()
    for path in sorted(files):
        if path.stem not in _NO_RULES:
            every.update(path.name.encode() + b"\0" + path.read_bytes())
    for words in words_in_use():
        every.update(words.name.encode() + b"\0" + words.toml.encode())
    return every.hexdigest()[:16]


def read_tasks(tasks: Iterable[Task], options: Options) -> Tables:
    """The tables of some items; whatever an item holds, it becomes rows and never an error."""
    use_words(*options.words)
    documents: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    for task in tasks:
        where = {"origin": task.origin, "input": task.input, "rules": rules_version()}
        with _guarded(options.limits):
            for found in read_item(task.item, options.languages, options.limits):
                row, own = _rows(found, options.limits)
                documents.append(where | row)
                figures += own
    return Tables(
        pa.Table.from_pylist(documents, DOCUMENTS_SCHEMA), pa.Table.from_pylist(figures, FIGURES_SCHEMA)
    )


def _rows(
    found: Document | DocumentError | Skipped, limits: Limits
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if isinstance(found, Skipped):
        return {"source": found.source, "status": PASSED, "reason": found.reason}, []
    if isinstance(found, DocumentError):
        return {"source": found.source or "", "status": REFUSED, "reason": str(found)}, []
    try:
        with time_limit(limits.seconds, found.source, found.source):
            figures = list(figures_of(found))
    except DocumentError as problem:
        return {"source": found.source, "status": REFUSED, "reason": str(problem)}, []
    text = found.text.encode()
    told = asdict(found) | {
        "status": READ,
        "characters": len(found.text),
        "text_sha256": digest(text),
        "signature": signature(found.text),
    }
    return told, figures


class _guarded:  # noqa: N801, a `with` of its own: generators cannot be told from inside
    """Ends the process where a document keeps it far beyond its time in code that is not Python's."""

    def __init__(self, limits: Limits) -> None:
        self.seconds = 2 * limits.seconds + 5

    def __enter__(self) -> None:
        if _is_worker:
            faulthandler.dump_traceback_later(self.seconds, exit=True, file=_nowhere())

    def __exit__(self, *_: object) -> None:
        if _is_worker:
            faulthandler.cancel_dump_traceback_later()


_is_worker = False


@cache
def _nowhere() -> BinaryIO:
    return Path(os.devnull).open("wb")  # as long as the process lives


def _begin(memory: int, words: tuple[Words, ...]) -> None:
    """A worker's first steps: Ctrl-C is its parent's affair, and memory has an end."""
    global _is_worker  # noqa: PLW0603, which process this is
    _is_worker = True
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415, not on every system

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory, most))
    use_words(*words)
    list(figures_of(Document("0" * 16, "", "Meta paie 3 euros.")))  # no document's time pays for the words


def without_copies(tables: Tables, ids: set[str]) -> Tables:
    """The tables without the figures of documents whose names are among the `ids`, to which the others are added."""
    copies: list[int] = []
    for number, name in enumerate(tables.documents["document_id"].to_pylist()):
        if name in ids:
            copies.append(number)
        elif name is not None:
            ids.add(name)
    if not copies:
        return tables
    rows = tables.documents.to_pylist()
    emptied = dict.fromkeys(("text", "text_sha256", "signature", "characters"))
    for number in copies:
        rows[number] |= {"status": PASSED, "reason": COPY, **emptied}
    read = {row["document_id"] for row in rows if row["status"] == READ}
    # A document twice among them has its figures twice, too: the first of each is enough.
    kept: dict[str, int] = {}
    names = zip(
        tables.figures["document_id"].to_pylist(), tables.figures["figure_id"].to_pylist(), strict=True
    )
    for number, (document, figure) in enumerate(names):
        if document in read:
            kept.setdefault(figure, number)
    figures = tables.figures.take(pa.array(kept.values(), pa.int64()))
    return Tables(pa.Table.from_pylist(rows, DOCUMENTS_SCHEMA), figures)


# --- handfuls -----------------------------------------------------------------------------------------------

_HANDFUL, _HANDFUL_BYTES = 32, 300_000
_AHEAD = 3  # handfuls a worker waits for


def handfuls(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """The tasks by the few, so that sending them costs little beside reading them."""
    some: list[Task] = []
    size = 0
    for task in tasks:
        some.append(task)
        size += _size(task.item)
        if len(some) >= _HANDFUL or size >= _HANDFUL_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def _size(item: Item) -> int:
    if isinstance(item, Blob):
        with suppress(OSError):
            return item.size()
    return len(item.text) if isinstance(item, Document) else 0


def run(tasks: Iterable[Task], options: Options, jobs: int = 1) -> Iterator[Tables]:
    """The tables of the tasks, a handful at a time and in their order, read by so many processes at once."""
    if jobs == 1:
        yield from (read_tasks(some, options) for some in handfuls(tasks))
        return
    pool = _pool(jobs, options)
    waiting: deque[tuple[list[Task], Future[Tables]]] = deque()
    supply = handfuls(tasks)
    try:
        while True:
            while len(waiting) < _AHEAD * jobs and (some := next(supply, None)) is not None:
                waiting.append((some, pool.submit(read_tasks, some, options)))
            if not waiting:
                return
            some, done = waiting.popleft()
            try:
                yield done.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False, cancel_futures=True)
                yield from _one_by_one(some, options)
                pool = _pool(jobs, options)
                again = [(later, pool.submit(read_tasks, later, options)) for later, _ in waiting]
                waiting = deque(again)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool(jobs: int, options: Options) -> ProcessPoolExecutor:
    # A forked copy of a program with threads may hang: workers start from a clean server instead.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["etl.work"])
    return ProcessPoolExecutor(
        jobs, context, initializer=_begin, initargs=(options.limits.memory, options.words)
    )


def _one_by_one(tasks: list[Task], options: Options) -> Iterator[Tables]:
    """The tables of a handful in which one took its process down, which is refused."""
    pool = _pool(1, options)
    try:
        for task in tasks:
            try:
                yield pool.submit(read_tasks, [task], options).result()
            except BrokenProcessPool:
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _pool(1, options)
                source = getattr(task.item, "source", None) or task.origin
                reason = f"{source}: ended the process that read it, by time, memory or a crash; not read"
                yield read_tasks([task._replace(item=DocumentError(reason, source))], options)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)

"""The same work on a Dask cluster: the only code that knows of one, in the extra `[cluster]`.

`run_on` has handfuls read by the workers and gives their tables back, for a store on this machine. `write_on` has whole
files read by the workers, which write what they find themselves: for archives of terabytes, on any storage that fsspec
knows (`s3://`, `gs://`, `abfs://`, a shared folder). A worker that dies has its task done again by another; since a
task always writes the same files, nothing is lost and nothing is there twice.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from etl.documents import Document, find_blobs
from etl.errors import ChiffrierError, DocumentError
from etl.readers import Blob, Item, digest, unpack
from etl.work import (
    READ,
    Options,
    Tables,
    Task,
    handfuls,
    input_of,
    read_tasks,
    without_copies,
)

_AHEAD = 3  # handfuls that wait for each thread of a worker
_RETRIES = 5  # a task that kills so many workers is given up
_PART = 2_000  # documents a file


def _connect(scheduler: str) -> Any:
    try:
        from distributed import Client  # noqa: PLC0415, an extra that need not be installed
    except ModuleNotFoundError as problem:
        hint = f"a cluster needs {problem.name}; run: pip install 'chiffrier[cluster]'"
        raise ChiffrierError(hint) from None
    try:
        return Client(scheduler, timeout="10s", set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as problem:
        raise ChiffrierError(f"{scheduler}: no Dask scheduler answers there; check the address") from problem


def run_on(scheduler: str, tasks: Iterable[Task], options: Options) -> Iterator[Tables]:
    """The tables of the tasks, a handful at a time and in their order, as `etl.work.run` gives them.

    Raises `ChiffrierError` where no scheduler answers at the address.
    """
    with _connect(scheduler) as client:
        waiting: deque[Any] = deque()
        supply = handfuls(tasks)
        while True:
            room = _AHEAD * max(1, sum(client.nthreads().values()))
            while len(waiting) < room and (some := next(supply, None)) is not None:
                some = [_with_bytes(task, options) for task in some]
                waiting.append((some, client.submit(read_tasks, some, options, pure=False, retries=_RETRIES)))
            if not waiting:
                return
            some, future = waiting.popleft()
            yield _result(future, some, options)


def _with_bytes(task: Task, options: Options) -> Task:
    """The task with its file's bytes in it, since a worker need not see this machine's disk."""
    item = task.item
    if not isinstance(item, Blob) or item.data is not None:
        return task
    try:
        return task._replace(
            item=Blob(
                item.source,
                item.place,
                item.format,
                data=item.read(options.limits),
                encoding=item.encoding,
                about=item.about,
                known=item.known,
            )
        )
    except DocumentError as problem:
        return task._replace(item=problem)
    except OSError as problem:
        reason = f"{item.place}: cannot be read ({problem.strerror}); check its permissions"
        return task._replace(item=DocumentError(reason, item.source))


def _result(future: Any, tasks: list[Task], options: Options) -> Tables:
    from distributed import KilledWorker  # noqa: PLC0415

    try:
        tables: Tables = future.result()
    except KilledWorker:
        refused = [
            task._replace(
                item=DocumentError(
                    f"{task.origin}: read with others, one of which ended every worker; read it with --jobs",
                    task.origin,
                )
            )
            for task in tasks
        ]
        return read_tasks(refused, options)
    return tables


# --- workers that write -------------------------------------------------------------------------------------


class Written(NamedTuple):
    """What a task wrote: the names of its parts with the documents read in each, and how many figures."""

    parts: dict[str, list[str]]
    documents: int
    refused: int
    figures: int


def write_on(
    scheduler: str,
    paths: Iterable[str | os.PathLike[str]],
    out: str,
    options: Options,
    storage: dict[str, Any] | None = None,
) -> Written:
    """Reads the files with the workers of a cluster, which write `documents` and `figures` as Parquet below `out`.

    `out` and the files must be where every worker sees them: a shared folder or an address of fsspec, with
    `storage` as its options. A file is a task. A document that stands in several files is kept once. Ends by
    writing `out/_SUCCESS`, a JSON object with the counts: without it, a run has not ended.
    """
    with _connect(scheduler) as client:
        futures = [
            client.submit(write_file, item, out, options, storage, pure=False, retries=_RETRIES)
            for item in find_blobs(*paths, storage=storage)
        ]
        done: list[Written] = client.gather(futures)
    total = _drop_copies(done, out, storage)
    system, root = _system(out, storage)
    with system.open(f"{root}/_SUCCESS", "wb") as file:
        about = total._asdict() | {"parts": sorted(total.parts)}
        file.write(json.dumps(about).encode())
    return total


def write_file(
    item: Blob | DocumentError, out: str, options: Options, storage: dict[str, Any] | None = None
) -> Written:
    """The work of one task: a file's documents and figures, streamed into parts that are named after the file."""
    system, root = _system(out, storage)
    source = item.source or str(item)
    stem = f"{PurePosixPath(source).name[:40]}-{digest(source.encode())[:12]}".replace(" ", "_")
    items = unpack(item, options.limits) if isinstance(item, Blob) else [item]
    known = item.known if isinstance(item, Blob) else {}
    tasks = (Task(source, input_of(part, options.languages), _with(part, known)) for part in items)
    ids: set[str] = set()
    waiting: list[Tables] = []
    written = Written({}, 0, 0, 0)

    def flush(written: Written) -> Written:
        if not waiting:
            return written
        name = f"{stem}-{len(written.parts):05}.parquet"
        documents, figures = (pa.concat_tables([tables[number] for tables in waiting]) for number in (0, 1))
        waiting.clear()
        for folder, table in (("documents", documents), ("figures", figures)):
            _write(table, system, f"{root}/{folder}/{name}")
        status = documents["status"].to_pylist()
        read = [
            own for own, how in zip(documents["document_id"].to_pylist(), status, strict=True) if how == READ
        ]
        return Written(
            written.parts | {name: read},
            written.documents + len(read),
            written.refused + status.count("refused"),
            written.figures + len(figures),
        )

    for some in handfuls(tasks):
        waiting.append(without_copies(read_tasks(some, options), ids))
        if sum(len(tables.documents) for tables in waiting) >= _PART:
            written = flush(written)
    return flush(written)


def _with(item: Item, known: Mapping[str, str]) -> Item:
    if isinstance(item, Blob):
        return replace(item, known={**known, **item.known})
    return replace(item, **known) if isinstance(item, Document) else item


def _system(out: str, storage: dict[str, Any] | None) -> tuple[Any, str]:
    import fsspec  # noqa: PLC0415, comes with Dask

    system, root = fsspec.core.url_to_fs(out, **(storage or {}))
    for folder in ("documents", "figures"):
        system.makedirs(f"{root}/{folder}", exist_ok=True)
    return system, root


def _write(table: pa.Table, system: Any, path: str) -> None:
    """Writes the file beside its place and moves it there, so that a worker that dies leaves no half of one."""
    folder, _, name = path.rpartition("/")
    draft = f"{folder}/.{name}.{os.getpid()}"
    with system.open(draft, "wb") as file:
        pq.write_table(table, file, compression="zstd")
    system.mv(draft, path)


def _drop_copies(done: list[Written], out: str, storage: dict[str, Any] | None) -> Written:
    """Rewrites the parts that hold a document which an earlier part has, too."""
    system, root = _system(out, storage)
    seen: set[str] = set()
    documents = figures = 0
    parts: dict[str, list[str]] = {}
    for written in done:
        figures += written.figures
        for name, ids in written.parts.items():
            before = seen & {*ids}
            if before:
                pair = []
                for folder in ("documents", "figures"):
                    with system.open(f"{root}/{folder}/{name}", "rb") as file:
                        pair.append(pq.read_table(file))
                kept = without_copies(Tables(*pair), {*before})
                figures -= len(pair[1]) - len(kept.figures)
                for folder, table in zip(("documents", "figures"), kept, strict=True):
                    _write(table, system, f"{root}/{folder}/{name}")
            seen.update(ids)
            parts[name] = [own for own in ids if own not in before]
            documents += len(parts[name])
    return Written(parts, documents, sum(written.refused for written in done), figures)

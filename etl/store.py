"""The store: a folder of Parquet tables in versions, to which documents are added and from which they are withdrawn.

    STORE/current                          the number of the version that counts, in one line
    STORE/versions/000002/documents/       what was read, refused or passed over, with the texts
                         /figures/         the figures of those documents, in files of the same names
                         /readings/        the same as they were read, where corrections have changed a file
                         /reprints/        which document nearly repeats which
                         /facts/, /deals/  what the figures state together
                         /version.json     the schema, and the hash of every file

A version is written beside the others, moved to its name, and only then named by `current`: at whatever moment a writer
is killed or the disk fills, the store is the old one or the new one. Files that a new version shares with the old one
are links to the same bytes. Each folder is read as it is by pandas, DuckDB, Polars and Spark.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from etl.corrections import UNREAD, Correction, Problem, correct, read_corrections
from etl.documents import COPY, CORRECTIONS_FILE, Document
from etl.errors import DocumentError, StoreError
from etl.readers import Item, digest
from etl.reprints import group
from etl.table import DEALS, FACTS, FIGURES, frame
from etl.work import READ, REFUSED, Tables, Task, arrow_of, rules_version, without_copies

SCHEMA = 1
TABLES = ("documents", "figures", "readings", "reprints", "facts", "deals")
_KEPT = 3  # versions, so that who reads the last one is not disturbed
_PART = 2_000  # documents a file
CHECKPOINT = 10_000  # documents a version, so that a long run that ends early has not run in vain
_MANIFEST = "version.json"
_KEYS = ["document_id", "origin", "input", "rules", "status", "reason"]


def is_store(path: str | os.PathLike[str]) -> bool:
    """Whether there is a store in this folder."""
    return (Path(path) / "current").is_file()


def current(store: str | os.PathLike[str]) -> Path:
    """The folder of the version that counts; raises `StoreError` where there is none."""
    store = Path(store)
    try:
        name = (store / "current").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise StoreError(
            f"{store}: no store; make one with `chiffrier extract PATH --store {store}`"
        ) from None
    version = store / "versions" / name
    if not name.isdigit() or not (version / _MANIFEST).is_file():
        raise StoreError(f"{store}: its current version {name!r} is missing; check the folder's copy")
    return version


def load_table(store: str | os.PathLike[str], table: str, columns: list[str] | None = None) -> pd.DataFrame:
    """One table of the store's current version, all of it."""
    read = _read_table(current(store), table, columns)
    contract = {"figures": FIGURES, "facts": FACTS, "deals": DEALS}.get(table)
    if contract is None or columns is not None:
        table_of_pandas: pd.DataFrame = read.to_pandas()
        return table_of_pandas
    return frame(read.to_pylist(), contract)


def documents_of(store: str | os.PathLike[str]) -> Iterator[Document]:
    """The documents that were read into the store, with their texts."""
    kept = ["document_id", "source", "text", "title", "publisher", "published"]
    for row in _read_table(current(store), "documents", kept).to_pylist():
        if row["text"] is not None:
            yield Document(**row)


def _read_table(version: Path, table: str, columns: list[str] | None = None) -> pa.Table:
    parts = [pq.read_table(path, columns=columns) for path in _parts(version, table)]
    return pa.concat_tables(parts) if parts else pa.table({name: [] for name in columns or ()})


def _parts(version: Path, table: str) -> list[Path]:
    return sorted((version / table).glob("*.parquet"))


# --- writing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store holds of one input: the name of its file in the store and what became of it."""

    part: str
    document_ids: tuple[str, ...]


@dataclass(slots=True)
class Writer:
    """Adds to one store and withdraws from it; nothing counts before `commit`. Made by `open_store`."""

    store: Path
    base: Path | None
    number: int
    draft: Path
    known: dict[tuple[str, str], _Known]  # by origin and input
    retried: dict[
        tuple[str, str], _Known
    ]  # what to read again: refusals, other rules, copies of what is gone
    ids: set[str]
    owners: dict[str, tuple[str, str]]  # which input each document came from
    seen: set[tuple[str, str]] = field(default_factory=set)
    gone: dict[str, set[tuple[str, str]]] = field(default_factory=dict)  # inputs by the file that they leave
    waiting: list[Tables] = field(default_factory=list)
    rows: int = 0
    written: int = 0
    since: int = 0
    problems: list[Problem] = field(default_factory=list)  # corrections that the last commit could not apply

    def is_known(self, task: Task) -> bool:
        """Whether the store holds this input, read by these rules, from this file."""
        key = (task.origin, task.input)
        if key in self.seen:  # the same file twice
            return True
        self.seen.add(key)
        return key in self.known

    def _leave(self, key: tuple[str, str], known: _Known) -> None:
        self.gone.setdefault(known.part, set()).add(key)
        self.ids.difference_update(known.document_ids)

    def end_of(self, origin: str) -> None:
        """All of a file was seen: what the store held of it before, and saw no more, is withdrawn."""
        for held in (self.known, self.retried):
            for key in [key for key in held if key[0] == origin and key not in self.seen]:
                self._leave(key, held.pop(key))

    def withdraw(self, source: str) -> int:
        """Withdraws every document of a file or a folder; returns how many inputs that were."""
        below = source.rstrip("/") + "/"
        origins = {key[0] for held in (self.known, self.retried) for key in held}
        chosen = {origin for origin in origins if origin == source or origin.startswith(below)}
        count = sum(key[0] in chosen for held in (self.known, self.retried) for key in held)
        for origin in chosen:
            self.end_of(origin)
        return count

    def add(self, tables: Tables) -> Tables:
        """Adds what was read; returns it without the figures of documents that the store already has."""
        origins, inputs = (tables.documents[name].to_pylist() for name in ("origin", "input"))
        keys = [*zip(origins, inputs, strict=True)]
        for key in {*keys} & self.retried.keys():
            self._leave(key, self.retried.pop(key))
        for name, key in zip(tables.documents["document_id"].to_pylist(), keys, strict=True):
            held = self.owners.get(name or "", key)
            if held != key and held[0] == key[0] and held not in self.seen and held in self.known:
                self._leave(
                    held, self.known.pop(held)
                )  # the same bytes, of which something else is known now
        tables = without_copies(tables, self.ids)
        self.waiting.append(tables)
        self.rows += len(tables.documents)
        self.since += len(tables.documents)
        if self.rows >= _PART:
            self._flush()
        if self.since >= CHECKPOINT:
            self.commit(final=False)
        return tables

    def _flush(self) -> None:
        if not self.rows:
            return
        name = f"part-{self.number:06}-{self.written:05}.parquet"
        for table, tables in (("documents", 0), ("figures", 1)):
            _write(pa.concat_tables([waiting[tables] for waiting in self.waiting]), self.draft / table / name)
        self.waiting, self.rows = [], 0
        self.written += 1

    def commit(self, *, final: bool = True) -> Path:
        """Makes what was added and withdrawn the store's current version, and returns its folder.

        A version on the way to the final one has no reprints, facts and deals, which are of all documents.
        """
        corrections, digest_of_them = _corrections(self.store)
        before: dict[str, Any] = _manifest(self.base) if self.base else {"files": {}}
        is_new = self.rows or self.written or self.gone or before.get("corrections") != digest_of_them
        if self.base and not is_new and _parts(self.base, "facts"):
            self.problems = _correct(self.base, corrections, writes=False)
            return self.base
        self._flush()
        for part in _parts(self.base, "documents") if self.base else ():
            self._carry(part)
        self.problems = _correct(self.draft, corrections)
        # A file of figures that was corrected, or no more is, has another hash under its name.
        corrected = bool(_parts(self.draft, "readings") or (self.base and _parts(self.base, "readings")))
        hashes = {} if corrected else before["files"]
        if final:
            _write_reprints(self.draft)
            _write_facts(self.draft)
        files: dict[str, str] = {}
        for table in TABLES:
            for path in _parts(self.draft, table):
                name = path.relative_to(self.draft).as_posix()
                is_old = table in ("documents", "figures") and name in hashes
                files[name] = hashes[name] if is_old else digest(path.read_bytes())
        about = {
            "schema": SCHEMA,
            "rules": rules_version(),
            "corrections": digest_of_them,
            "files": files,
        }
        _put(self.draft / _MANIFEST, json.dumps(about, indent=1).encode())
        for folder in (*(self.draft / table for table in TABLES), self.draft):
            _sync_folder(folder)
        version = self.store / "versions" / f"{self.number:06}"
        self.draft.rename(version)
        _sync_folder(version.parent)
        _put(self.store / ".current", version.name.encode() + b"\n")
        (self.store / ".current").replace(self.store / "current")
        _sync_folder(self.store)
        _prune(self.store, self.number)
        self.base, self.number = version, self.number + 1
        self.draft = _draft(self.store, self.number)
        self.gone, self.written, self.since = {}, 0, 0
        return version

    def _carry(self, part: Path) -> None:
        """A file of the old version into the new one: linked, or written again without what left it."""
        assert self.base is not None
        gone = self.gone.get(part.name)
        read = self.base / "readings" / part.name  # the corrections are applied anew
        pair = {"documents": part, "figures": read if read.exists() else self.base / "figures" / part.name}
        if not gone:
            for table, path in pair.items():
                _link(path, self.draft / table / part.name)
            return
        documents = pq.read_table(pair["documents"])
        keys = zip(documents["origin"].to_pylist(), documents["input"].to_pylist(), strict=True)
        kept = documents.filter(pa.array([key not in gone for key in keys], pa.bool_()))
        if not len(kept):
            return
        figures = pq.read_table(pair["figures"])
        ids = kept["document_id"].filter(pc.equal(kept["status"], READ))
        name = f"part-{self.number:06}-{self.written:05}.parquet"
        self.written += 1
        for held in (self.known, self.retried):
            for key, known in held.items():
                if known.part == part.name:
                    held[key] = _Known(name, known.document_ids)
        _write(kept, self.draft / "documents" / name)
        _write(figures.filter(pc.is_in(figures["document_id"], ids)), self.draft / "figures" / name)


@contextmanager
def open_store(path: str | os.PathLike[str]) -> Iterator[Writer]:
    """A writer of the store, which is made where there is none; what is not committed leaves no trace.

    Raises `StoreError` where another writer is at work, or where the disk is full.
    """
    store = Path(path)
    try:
        (store / "versions").mkdir(parents=True, exist_ok=True)
        with (store / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # let go by the system, however we end
            except OSError:
                raise StoreError(f"{store}: another writer is at work; wait until it has ended") from None
            for left in (store / "versions").glob(".draft-*"):
                shutil.rmtree(left, ignore_errors=True)
            writer = _open(store)
            try:
                yield writer
            finally:
                shutil.rmtree(writer.draft, ignore_errors=True)
    except OSError as problem:
        reason = f"cannot be written ({problem.strerror or problem}); it is as it was"
        raise StoreError(f"{store}: {reason}") from None


def _open(store: Path) -> Writer:
    base = current(store) if is_store(store) else None
    if base is not None and (schema := _manifest(base).get("schema")) != SCHEMA:
        raise StoreError(f"{store}: its schema is {schema}, not {SCHEMA}; make a new store")
    known: dict[tuple[str, str], _Known] = {}
    retried: dict[tuple[str, str], _Known] = {}
    ids: set[str] = set()
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for part in _parts(base, "documents") if base else ():
        for row in pq.read_table(part, columns=_KEYS).to_pylist():
            found.setdefault((row["origin"], row["input"]), []).append(row | {"part": part.name})
            if row["status"] == READ:
                ids.add(row["document_id"])
    for key, rows in found.items():
        own = tuple(row["document_id"] for row in rows if row["status"] == READ)
        is_final = all(
            row["rules"] == rules_version()
            and row["status"] != REFUSED
            and (row["reason"] != COPY or row["document_id"] in ids)
            for row in rows
        )
        (known if is_final else retried)[key] = _Known(rows[0]["part"], own)
    taken = [int(folder.name) for folder in (store / "versions").iterdir() if folder.name.isdigit()]
    number = max(taken, default=0) + 1
    owners = {
        name: key for held in (known, retried) for key, own in held.items() for name in own.document_ids
    }
    return Writer(store, base, number, _draft(store, number), known, retried, ids, owners)


def _draft(store: Path, number: int) -> Path:
    draft = store / "versions" / f".draft-{number:06}"
    for table in TABLES:
        (draft / table).mkdir(parents=True, exist_ok=True)
    return draft


def _manifest(version: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads((version / _MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        raise StoreError(f"{version}: its {_MANIFEST} cannot be read; the version is not whole") from None
    return about


def _write(table: pa.Table, path: Path) -> None:
    about = {"chiffrier.schema": str(SCHEMA)}
    pq.write_table(table.replace_schema_metadata(about), path, compression="zstd")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _put(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # a file system without links
        shutil.copyfile(path, target)


def _prune(store: Path, number: int) -> None:
    for folder in (store / "versions").iterdir():
        if folder.name.isdigit() and int(folder.name) <= number - _KEPT:
            shutil.rmtree(folder, ignore_errors=True)


def _corrections(store: Path) -> tuple[tuple[Correction, ...], str | None]:
    """The store's corrections, and the hash of their file."""
    path = store / CORRECTIONS_FILE
    return (read_corrections(path), digest(path.read_bytes())) if path.exists() else ((), None)


def _correct(version: Path, corrections: tuple[Correction, ...], *, writes: bool = True) -> list[Problem]:
    """Corrects the figures of a version, and gives what could not be corrected.

    A file that is corrected keeps what was read in it as one of `readings`.
    """
    waiting: dict[Correction, Problem | None] = dict.fromkeys(corrections)
    for part in _parts(version, "documents") if corrections else ():
        about = pq.read_table(part, columns=["document_id", "source"])
        ids, sources = ({*about[name].to_pylist()} for name in ("document_id", "source"))
        own = [entry for entry in waiting if entry.document_id in ids or entry.source in sources]
        if not own:
            continue
        path, read = version / "figures" / part.name, version / "readings" / part.name
        figures = frame(pq.read_table(read if read.exists() else path).to_pylist(), FIGURES)
        corrected, problems = correct(figures, own)
        waiting |= {problem.correction: problem for problem in problems if problem.kind != UNREAD}
        applied = {*own} - {problem.correction for problem in problems}
        for entry in applied:
            del waiting[entry]
        if applied and writes:
            path.rename(read)  # a link that other versions share: it is not written over
            _write(arrow_of(corrected, FIGURES), path)
    unread = correct(frame([]), [entry for entry, problem in waiting.items() if problem is None]).problems
    return [*(problem for problem in waiting.values() if problem), *unread]


def _write_reprints(version: Path) -> None:
    documents = _read_table(version, "documents", ["document_id", "signature", "status"])
    read = documents.filter(pc.equal(documents["status"], READ))
    pairs = zip(read["document_id"].to_pylist(), read["signature"].to_pylist(), strict=True)
    found = [{"document_id": name, "reprint_of": first} for name, first in group(pairs)]
    schema = pa.schema([("document_id", pa.string()), ("reprint_of", pa.string())])
    _write(pa.Table.from_pylist(found, schema), version / "reprints" / "part-000000.parquet")


def _write_facts(version: Path) -> None:
    from etl.facts import reconcile  # noqa: PLC0415, for those who want facts
    from etl.operations import deals  # noqa: PLC0415, likewise

    figures = frame(_read_table(version, "figures").to_pylist(), FIGURES)
    facts = reconcile(figures)
    for table, rows, columns in (("facts", facts, FACTS), ("deals", deals(facts, figures), DEALS)):
        _write(arrow_of(rows, columns), version / table / "part-000000.parquet")


# --- adding and checking ------------------------------------------------------------------------------------


def add(
    writer: Writer,
    placed: Iterable[tuple[str, Item]],
    run: Callable[[Iterable[Task]], Iterator[Tables]],
    input_of: Callable[[Item], str],
) -> Iterator[Tables]:
    """Adds the items that the store does not hold, and gives the tables of each handful as it is read.

    `placed` are items with the file that holds them; `run` reads them. What the store held of a file that was
    seen to its end, and that is no more in it, is withdrawn; not where the file itself could not be read.
    """
    origins: set[str] = set()
    broken: set[str] = set()

    def fresh() -> Iterator[Task]:
        for origin, item in placed:
            origins.add(origin)
            if isinstance(item, DocumentError) and item.source == origin:
                broken.add(origin)
            task = Task(origin, _input(item, input_of), item)
            if not writer.is_known(task):
                yield task

    for tables in run(fresh()):
        yield writer.add(tables)
    for origin in origins - broken:
        writer.end_of(origin)


def _input(item: Item, input_of: Callable[[Item], str]) -> str:
    try:
        return input_of(item)
    except OSError as problem:  # told when the item is read, which then fails in the same way
        return digest(str(problem).encode())[:32]


def check(store: str | os.PathLike[str]) -> Iterator[str]:
    """What is wrong with the store's current version, a line each; nothing where all is well.

    Every file is what its hash says, every text what its own says; every figure is of a document that was read,
    and its quote and sentence stand in that document's text where it says; every name is given once.
    """
    version = current(store)
    manifest = _manifest(version)
    present = {
        path.relative_to(version).as_posix(): path for table in TABLES for path in _parts(version, table)
    }
    for name in sorted(present.keys() ^ manifest["files"].keys()):
        yield f"{name}: {'not in' if name in present else 'only in'} {_MANIFEST}"
    for name, path in present.items():
        if manifest["files"].get(name) not in (None, digest(path.read_bytes())):
            yield f"{name}: its bytes are not those that were written"
            return
    documents: set[str] = set()
    figures: set[str] = set()
    for part in _parts(version, "documents"):
        yield from _check_part(part, version / "figures" / part.name, documents, figures)
    for path in _parts(version, "facts"):
        for row in pq.read_table(path, columns=["fact_id", "figures"]).to_pylist():
            if missing := set(row["figures"]) - figures:
                yield f"facts: {row['fact_id']} names the figure {min(missing)}, which is not there"


def _check_part(part: Path, beside: Path, documents: set[str], figures: set[str]) -> Iterator[str]:
    texts: dict[str, str] = {}
    for row in pq.read_table(part, columns=["document_id", "status", "text", "text_sha256"]).to_pylist():
        if row["status"] != READ:
            continue
        name = row["document_id"]
        if name in documents:
            yield f"documents: {name} is there twice"
        documents.add(name)
        texts[name] = row["text"]
        if digest(row["text"].encode()) != row["text_sha256"]:
            yield f"documents: the text of {name} is not that of its hash"
    columns = ["figure_id", "document_id", "start", "end", "quote", "sentence", "sentence_start"]
    for row in pq.read_table(beside, columns=columns).to_pylist():
        name, text = row["figure_id"], texts.get(row["document_id"])
        if name in figures:
            yield f"figures: {name} is there twice"
        figures.add(name)
        if text is None:
            yield f"figures: {name} is of a document that is not there"
        elif text[row["start"] : row["end"]] != row["quote"]:
            yield f"figures: the quote of {name} does not stand in its text"
        elif not text.startswith(row["sentence"], row["sentence_start"]):
            yield f"figures: the sentence of {name} does not stand in its text"


# --- what may be passed on ----------------------------------------------------------------------------------

_WITHHELD = ("sentence", "sentence_start", "evidence", "title")


def share(figures: pd.DataFrame, hashes: dict[str, str]) -> pd.DataFrame:
    """The figures without the articles: places, the quotes alone, and the SHA-256 of the texts that they index.

    Who has an article can check its figures against it; who has not cannot read it here.
    """
    shown = figures.drop(columns=list(_WITHHELD))
    shown.insert(2, "text_sha256", shown["document_id"].map(hashes))
    return shown

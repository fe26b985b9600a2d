"""The same work in several processes: on this machine, and on a Dask cluster of which a worker is killed."""

import gzip
import io
import json
import os
import signal
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import pandas as pd
import pytest
from distributed import LocalCluster
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.spec import AbstractBufferedFile

import etl
from etl import store
from etl.cluster import run_on, write_on
from etl.documents import find_placed
from etl.errors import ChiffrierError, DocumentError
from etl.limits import Limits
from etl.readers import Blob
from etl.work import Options, Task, input_of, read_tasks, run

CORPUS = Path(__file__).parent.parent / "data" / "corpus"


def tasks(*paths: Path) -> Iterator[Task]:
    return (Task(origin, input_of(item), item) for origin, item in find_placed(*paths))


def quotes(tables: Any) -> list[str]:
    return [quote for part in tables for quote in part.figures["quote"].to_pylist()]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough texts that a worker can be killed amid them: each of the corpus, a few times over, told apart."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(6):
        lines = (
            json.dumps({"id": f"{number}/{document.source}", "text": f"{document.text}\n\nÉdition {number}."})
            for document in etl.read(CORPUS)
        )
        (folder / f"{number}.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


@pytest.fixture(scope="module")
def expected(many: Path) -> list[str]:
    return etl.extract(etl.read(many))["quote"].tolist()


# --- processes ----------------------------------------------------------------------------------------------


def test_two_processes_give_what_one_gives_in_the_same_order(many: Path, expected: list[str]) -> None:
    assert quotes(run(tasks(many), Options(), jobs=2)) == expected


def test_what_is_read_ahead_is_a_few_handfuls_whatever_the_input(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Meta paie 3 euros.", "utf-8")
    asked = 0

    def endless() -> Iterator[Task]:
        nonlocal asked
        while True:
            asked += 1
            yield Task("a", "", Blob(f"{asked}", "a", ".txt", path))

    running = run(endless(), Options(), jobs=2)
    for _ in range(5):
        next(running)
    running.close()  # type: ignore[attr-defined]
    assert asked <= (5 + 3 * 2 + 1) * 32


class Spell(dict[str, str]):
    """Unpickled in a worker, it spoils the reader there, as a mistake in a library would."""

    def __init__(self, deed: str) -> None:
        super().__init__()
        self.code = f"""
import os, signal, time
from etl.readers import prose
old = prose.parse_text
def spoilt(blob, limits):
    if blob.source.endswith("d.txt"):
        {deed}
    yield from old(blob, limits)
prose.parse_text = spoilt
"""

    def __reduce__(self) -> Any:
        return eval, (f"(exec({self.code!r}, {{}}), {{}})[1]",)


@pytest.mark.slow
@pytest.mark.parametrize(
    "deed",
    [
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", id="a crash"),
        pytest.param(
            "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM}); time.sleep(3600)",
            id="code that never comes back and cannot be interrupted",
        ),
    ],
)
def test_a_document_that_takes_its_process_down_is_refused_and_the_others_are_read(
    tmp_path: Path, deed: str
) -> None:
    for name in "abcdefgh":
        (tmp_path / f"{name}.txt").write_text(f"Meta paie {ord(name)} euros.", "utf-8")

    def spoilt() -> Iterator[Task]:
        for task in tasks(tmp_path):
            assert isinstance(task.item, Blob)
            is_bad = task.origin.endswith("d.txt")
            yield task._replace(item=replace(task.item, about=Spell(deed))) if is_bad else task

    tables = list(run(spoilt(), Options(limits=Limits(seconds=1)), jobs=2))
    rows = [row for part in tables for row in part.documents.to_pylist()]
    assert [row["status"] for row in rows] == ["read"] * 3 + ["refused"] + ["read"] * 4
    assert rows[3]["source"] == str(tmp_path / "d.txt")
    assert "ended the process that read it" in rows[3]["reason"]
    assert len(quotes(tables)) == 7


def test_memory_has_an_end_in_a_worker(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"Meta paie. " * 30_000_000)
    limits = Limits(document_bytes=2_000_000_000, characters=10**9, memory=1_000_000_000)
    (tables,) = run(tasks(path), Options(limits=limits), jobs=2)
    assert tables.documents["status"].to_pylist() == ["refused"]


# --- a cluster ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as running:
        yield running


def kill_a_worker(running: LocalCluster, after: float) -> threading.Thread:
    def wait_and_kill() -> None:
        time.sleep(after)
        os.kill(next(iter(running.workers.values())).pid, signal.SIGKILL)

    thread = threading.Thread(target=wait_and_kill)
    thread.start()
    return thread


@pytest.mark.slow
def test_a_cluster_gives_what_one_process_gives_though_a_worker_is_killed(
    cluster: LocalCluster, many: Path, expected: list[str]
) -> None:
    running = run_on(cluster.scheduler_address, tasks(many), Options())
    first = next(running)
    killer = kill_a_worker(cluster, 0)
    found = quotes([first, *running])
    killer.join()
    assert found == expected


@pytest.mark.slow
def test_workers_write_parquet_themselves_and_a_killed_one_loses_and_doubles_nothing(
    cluster: LocalCluster, many: Path, expected: list[str], tmp_path: Path
) -> None:
    (many / "copie.jsonl").write_bytes((many / "0.jsonl").read_bytes())
    out = f"file://{tmp_path}/out"
    killer = kill_a_worker(cluster, 1.0)
    done = write_on(cluster.scheduler_address, [f"file://{many}"], out, Options())
    killer.join()
    (many / "copie.jsonl").unlink()
    figures = pd.read_parquet(tmp_path / "out" / "figures")
    documents = pd.read_parquet(tmp_path / "out" / "documents")
    assert sorted(figures["quote"]) == sorted(expected)
    assert figures["figure_id"].is_unique
    assert documents.loc[documents["status"] == "read", "document_id"].is_unique
    assert (done.figures, done.documents) == (len(expected), documents["status"].eq("read").sum())
    assert json.loads((tmp_path / "out" / "_SUCCESS").read_text("utf-8"))["figures"] == len(expected)


@pytest.mark.slow
def test_a_store_is_filled_by_a_cluster(
    cluster: LocalCluster, many: Path, expected: list[str], tmp_path: Path
) -> None:
    with store.open_store(tmp_path / "store") as writer:
        placed = find_placed(many)
        reading = store.add(
            writer, placed, lambda given: run_on(cluster.scheduler_address, given, Options()), input_of
        )
        for _ in reading:
            pass
        writer.commit()
    assert list(store.check(tmp_path / "store")) == []
    assert store.load_table(tmp_path / "store", "figures")["quote"].tolist() == expected


def test_a_scheduler_that_does_not_answer_is_told(many: Path) -> None:
    with pytest.raises(ChiffrierError, match="no Dask scheduler answers there"):
        list(run_on("tcp://127.0.0.1:9", tasks(many), Options()))


def test_an_address_without_files_is_told() -> None:
    with pytest.raises(DocumentError, match="no such file or folder"):
        list(etl.read("memory://rien"))
    assert read_tasks([Task("", "", DocumentError("mal"))], Options()).documents["reason"].to_pylist() == [
        "mal"
    ]


# --- storages -----------------------------------------------------------------------------------------------


class Plain(AbstractBufferedFile):  # type: ignore[misc]
    """An open file of which fsspec promises no more than of those in a cloud."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        return bytes(self.fs.store[self.path].getvalue()[start:end])


class Cloud(MemoryFileSystem):  # type: ignore[misc]
    """A storage as those of a cloud are: what is read of it is fetched by ranges of bytes."""

    protocol = "memory"
    cachable = False

    def _open(self, path: str, mode: str = "rb", **options: Any) -> Any:
        if mode == "rb":
            path = self._strip_protocol(path)
            return Plain(self, path, mode, size=self.store[path].getbuffer().nbytes)
        return super()._open(path, mode, **options)


@pytest.fixture
def cloud() -> Iterator[MemoryFileSystem]:
    fsspec.register_implementation("memory", Cloud, clobber=True)
    system = Cloud()
    yield system
    fsspec.register_implementation("memory", MemoryFileSystem, clobber=True)
    system.store.clear()


def test_every_format_is_read_from_a_storage_as_from_a_disk(cloud: MemoryFileSystem, tmp_path: Path) -> None:
    record = json.dumps({"id": "a", "text": "Nordelec paie 3 millions d'euros."}).encode()
    article = b"Belmont paie 4 millions d'euros."
    contents = {
        "a.jsonl": record + b"\n" + record.replace(b"3", b"5"),
        "b.jsonl.gz": gzip.compress(record.replace(b"3", b"6")),
        "c.txt": article,
        "sous/d.zip": zipped({"e.txt": article.replace(b"4", b"7")}),
        "f.parquet": parquet("Nordelec paie 8 millions d'euros."),
    }
    for name, content in contents.items():
        cloud.pipe_file(f"/presse/{name}", content)
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    problems: list[Any] = []
    stored = list(etl.read("memory://presse", on_error=problems.append))
    assert problems == []
    assert [document.document_id for document in stored] == [d.document_id for d in etl.read(tmp_path)]
    assert sorted(etl.extract(stored)["value"] / 1e6) == [3, 4, 5, 6, 7, 8]


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def parquet(text: str) -> bytes:
    out = io.BytesIO()
    pd.DataFrame({"text": [text]}).to_parquet(out)
    return out.getvalue()


def test_workers_write_to_a_storage_what_is_read_there(cloud: MemoryFileSystem) -> None:
    for number in range(3):
        text = f"Nordelec paie {number + 2} millions d'euros."
        cloud.pipe_file(f"/presse/{number}.jsonl", json.dumps({"id": f"{number}", "text": text}).encode())
    cloud.pipe_file("/presse/copie.jsonl", cloud.cat_file("/presse/0.jsonl"))
    with LocalCluster(processes=False, dashboard_address=":0") as running:  # type: ignore[no-untyped-call]
        done = write_on(running.scheduler_address, ["memory://presse"], "memory://tables", Options())
    assert (done.documents, done.refused, done.figures) == (3, 0, 3)
    assert json.loads(cloud.cat_file("/tables/_SUCCESS"))["documents"] == 3
    parts = [cloud.cat_file(path) for path in cloud.find("/tables/figures")]
    figures = pd.concat(pd.read_parquet(io.BytesIO(part)) for part in parts)
    assert sorted(figures["value"] / 1e6) == [2, 3, 4]


def test_what_an_address_says_of_the_account_stays_with_its_files() -> None:
    class Account(Cloud):
        protocol = "abfs"

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return "/" + path.removeprefix("abfs://").replace("@compte.dfs.core.windows.net", "").strip("/")

    fsspec.register_implementation("abfs", Account, clobber=True)
    Account.store.clear()
    Account().pipe_file("/presse/une.txt", b"Nordelec paie 3 millions d'euros.")
    (document,) = etl.read("abfs://presse@compte.dfs.core.windows.net/")
    assert document.source == "abfs://presse@compte.dfs.core.windows.net/une.txt"
    Account.store.clear()

"""Scale: many documents through one process, two, and a Dask cluster, into the README.

`make bench` runs it with 5,000 documents, `make scale` in full; `TEXTS="folder …"` says which texts are varied. Each
way has processes of its own. The machine may be shared, so the time of its processors is told beside the clock's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import etl
from benchmarks.__main__ import computer, put
from benchmarks.processes import memory_of, processor_of
from benchmarks.texts import CORPUS, varied
from etl import store
from etl.documents import find_placed
from etl.work import Options, Tables, Task, input_of, run

FULL = 100_000  # documents


def write_records(path: Path, texts: Iterable[str]) -> None:
    """A JSONL file of the texts."""
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            file.write(json.dumps({"id": f"n{number}", "text": text}, ensure_ascii=False) + "\n")


@dataclass(frozen=True)
class Run:
    """What is measured of one way to fill a store; seconds, and megabytes of memory each half second."""

    how: str  # a number of processes, or `dask`
    documents: int
    size: int  # bytes of their texts
    figures: int
    seconds: float
    processor: float  # of all its processes
    parent: float  # of the process that writes
    memory: list[float]

    @property
    def label(self) -> str:
        if self.how == "dask":
            return "Dask, 2 workers"
        return f"{self.how} process{'es' if self.how != '1' else ''}"

    def quarters(self) -> list[float]:
        """The mean memory of each quarter of the run: flat where they are alike."""
        quarter = max(1, len(self.memory) // 4)
        parts = [self.memory[n : n + quarter] for n in range(0, 4 * quarter, quarter)]
        return [sum(part) / len(part) for part in parts if part]


class Watch:
    """Resident memory and processor time of this process and of those below it, while the block runs."""

    def __init__(self) -> None:
        self.memory: list[float] = []
        self.processor: dict[int, float] = {}  # by process, those that ended too
        self._before = _alive(processor_of, os.getpid())
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
        self.processor[os.getpid()] = _alive(processor_of, os.getpid()) - self._before

    def _sample(self) -> None:
        while not self._end.wait(0.5):
            family = _family(os.getpid())
            self.memory.append(sum(_alive(memory_of, process) for process in family) / 1e6)
            for process in family:
                self.processor[process] = max(_alive(processor_of, process), self.processor.get(process, 0.0))


def _family(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    family = [root]
    for process in family:
        family += parents.get(process, [])
    return family


def _alive(read: Callable[[int], float], process: int) -> float:
    """What is read of a process; 0 where it is gone, or the system does not say."""
    try:
        return read(process)
    except OSError:
        return 0.0


def fill(path: Path, target: Path, how: str) -> Run:
    """Fills a store with the records by `how`, and measures that."""
    documents = size = 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            documents, size = documents + 1, size + len(json.loads(line)["text"].encode())
    begin = time.perf_counter()
    figures = 0
    with Watch() as watch:
        with store.open_store(target) as writer:
            for tables in _adding(writer, path, how):
                figures += len(tables.figures)
            writer.commit(final=False)
        seconds = time.perf_counter() - begin
    processor = sum(watch.processor.values())
    parent = watch.processor[os.getpid()]
    return Run(how, documents, size, figures, seconds, processor, parent, watch.memory)


def fill_apart(path: Path, target: Path, how: str) -> Run:
    """The same in a process of its own, whose memory is that of this way alone."""
    command = [sys.executable, "-m", "benchmarks.scale", "--fill", str(path), str(target), how]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, encoding="utf-8", cwd=CORPUS.parent.parent
    )
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def told(runs: list[Run]) -> Iterator[str]:
    """The table of the runs, as lines of Markdown."""
    first = runs[0]
    size = f"{first.size / 1e6:.1f} MB, {first.figures:,} figures"
    yield (
        f"{first.documents:,} documents ({size}), {os.cpu_count()} cores of {computer()}, "
        f"Python {platform.python_version()}, {datetime.now(UTC):%-d %B %Y}."
    )
    yield ""
    yield (
        "| by | documents/s | to one process | cores had | documents/s a core | MB/s a core | the parent's share "
        "| memory, peak | by quarters | last to first |"
    )
    yield f"|---|{'---:|' * 9}"
    for each in runs:
        quarters = each.quarters()
        cells = [
            f"{each.documents / each.seconds:.0f}",
            f"{first.seconds / each.seconds:.2f} ×",
            f"{each.processor / each.seconds:.2f}",
            f"{each.documents / each.processor:.0f}",
            f"{each.size / each.processor / 1e6:.2f}",
            f"{each.parent / each.processor:.0%}",
            f"{max(each.memory, default=0):.0f} MB",
            f"{', '.join(f'{mean:.0f}' for mean in quarters)} MB",
            f"{quarters[-1] / quarters[0]:.2f} ×" if quarters else "–",
        ]
        yield f"| {each.label} | {' | '.join(cells)} |"


def _adding(writer: store.Writer, path: Path, how: str) -> Iterator[Tables]:
    if how != "dask":
        jobs = int(how)
        yield from store.add(writer, find_placed(path), lambda tasks: run(tasks, Options(), jobs), input_of)
        return
    from distributed import LocalCluster

    from etl.cluster import run_on

    def reading(tasks: Iterable[Task]) -> Iterator[Tables]:
        with LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster:
            yield from run_on(cluster.scheduler_address, tasks, Options())

    yield from store.add(writer, find_placed(path), reading, input_of)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("texts", nargs="*", default=[CORPUS], help="files and folders; else the demo corpus")
    parser.add_argument("--documents", type=int, default=FULL, help="how many documents")
    parser.add_argument("--by", nargs="+", default=["1", "2", "dask"], help="processes, or dask")
    parser.add_argument(
        "--fill", nargs=3, help="a file of records, a store to fill, by what; measured, as JSON"
    )
    arguments = parser.parse_args()
    if arguments.fill:
        path, target, how = arguments.fill
        print(json.dumps(asdict(fill(Path(path), Path(target), how))))
        return
    texts = [document.text for document in etl.read(*arguments.texts)]
    with tempfile.TemporaryDirectory(prefix="chiffrier-") as folder:
        path = Path(folder, "records.jsonl")
        write_records(path, varied(texts, arguments.documents))
        runs = [fill_apart(path, Path(folder, f"store-{how}"), how) for how in arguments.by]
    text = "".join(f"{line}\n" for line in told(runs))
    print(text, end="")
    put("scale in full" if arguments.documents >= FULL else "scale", text)


if __name__ == "__main__":
    main()

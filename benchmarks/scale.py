"""Scale: a hundred thousand documents through one process, two, and a Dask cluster; a web archive, step by step.

`make scale` runs all of it on this machine; `--documents` says how many, `TEXTS="folder …"` which texts are varied.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import etl
from etl import store
from etl.documents import Document, find_placed, read_item
from etl.languages import language_of
from etl.limits import LIMITS
from etl.pipeline import figures_of
from etl.readers import Blob, unpack
from etl.work import Options, Tables, Task, input_of, run

CORPUS = Path(__file__).parent.parent / "data" / "corpus"
_NUMBER = re.compile(r"(?<![\d,.])[1-9]\d?(?![\d,.])")
_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{4,}\b")
_NAMES = ("Altoria", "Belmont", "Cantal", "Dorval", "Estienne", "Fontanes", "Gervais", "Hautmont", "Iseran")


def varied(texts: list[str], count: int) -> Iterator[str]:
    """So many texts, each one of those given with other numbers and some other names: no two are the same."""
    chance = random.Random(2025)
    for number in range(count):
        text = texts[number % len(texts)]
        text = _NUMBER.sub(lambda _: str(chance.randint(2, 98)), text)
        text = _NAME.sub(lambda m: chance.choice(_NAMES) if chance.random() < 0.3 else m[0], text)
        yield f"{text}\n\nÉdition {number}.\n"


def write_records(path: Path, texts: Iterable[str]) -> int:
    """A JSONL file of the texts; returns the bytes of the texts in it."""
    size = 0
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            size += len(text.encode())
            file.write(json.dumps({"id": f"n{number}", "text": text}, ensure_ascii=False) + "\n")
    return size


class Memory:
    """Resident memory of this process and of those below it, sampled while the block runs."""

    def __init__(self) -> None:
        self.samples: list[float] = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._end.wait(0.5):
            self.samples.append(sum(map(_resident, _family(os.getpid()))) / 1e6)

    def told(self) -> str:
        """The peak, and the mean of each quarter of the run: flat where they are alike."""
        quarter = max(1, len(self.samples) // 4)
        means = [self.samples[n : n + quarter] for n in range(0, 4 * quarter, quarter)]
        shown = ", ".join(f"{sum(part) / len(part):.0f}" for part in means if part)
        return f"peak {max(self.samples, default=0):.0f} MB; by quarters {shown} MB"


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


def _resident(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def fill(path: Path, target: Path, how: str) -> tuple[int, float]:
    """Fills a store with the records by `how` (a number of processes, or `dask`); returns figures and seconds."""
    begin = time.perf_counter()
    figures = 0
    with store.open_store(target) as writer:
        for tables in _adding(writer, path, how):
            figures += len(tables.figures)
        writer.commit(final=False)
    return figures, time.perf_counter() - begin


def _adding(writer: store.Writer, path: Path, how: str) -> Iterator[Tables]:
    if how != "dask":
        jobs = int(how)
        yield from store.add(writer, find_placed(path), lambda tasks: run(tasks, Options(), jobs), input_of)
        return
    from distributed import LocalCluster

    from etl.cluster import run_on

    def reading(tasks: Iterable[Task]) -> Iterator[Tables]:
        with LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster:
            yield from run_on(cluster.scheduler_address, tasks, Options())

    yield from store.add(writer, find_placed(path), reading, input_of)


# --- a web archive ------------------------------------------------------------------------------------------

_FURNITURE = "".join(
    f'<li class="menu-{n}"><a href="/rubrique/{n}" data-track="menu">Rubrique {n}</a></li>'
    for n in range(120)
)
_SCRIPT = (
    "<script>"
    + "window.dataLayer=window.dataLayer||[];function track(e){dataLayer.push(e)};" * 700
    + "</script>"
)


def page(text: str, number: int) -> bytes:
    """A page as newspapers serve them: the article within a hundred kilobytes of menus and scripts."""
    title, _, body = text.strip().partition("\n")
    paragraphs = "".join(f"<p>{line}</p>" for line in body.split("\n") if line.strip())
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="2025-06-13T08:00:00Z">{_SCRIPT}</head><body><nav><ul>'
        f"{_FURNITURE}</ul></nav><main><article><h1>{title}</h1>{paragraphs}</article></main>"
        f"<aside><ul>{_FURNITURE}</ul></aside><footer>Édition {number}</footer>{_SCRIPT}</body></html>"
    ).encode()


def write_warc(path: Path, pages: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        for number, body in enumerate(pages):
            http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032x}>\r\n"
                f"WARC-Target-URI: https://journal.example/{number}\r\nWARC-Date: 2025-06-14T00:00:00Z\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + http + b"\r\n\r\n"))


def steps(texts: list[str], count: int, folder: Path) -> Iterator[tuple[str, float]]:
    """Milliseconds that a page takes of one core, by each step from the archive to its figures."""
    path = folder / "a.warc.gz"
    write_warc(path, (page(text, number) for number, text in enumerate(varied(texts, count))))
    etl.parse("Meta paie 14 milliards de dollars.")
    begin = time.perf_counter()
    blobs = [item for item in unpack(Blob("a", "a", ".warc.gz", path), LIMITS) if isinstance(item, Blob)]
    yield "WARC reading", (time.perf_counter() - begin) / count * 1000
    read_item(blobs[0], None)
    begin = time.perf_counter()
    documents = [found for blob in blobs for found in read_item(blob, None) if isinstance(found, Document)]
    yield "HTML extraction", (time.perf_counter() - begin) / count * 1000
    language_of(documents[0].text)
    begin = time.perf_counter()
    for document in documents:
        language_of(document.text)
    yield "language filter", (time.perf_counter() - begin) / count * 1000
    begin = time.perf_counter()
    for document in documents:
        list(figures_of(replace(document)))
    yield "figures", (time.perf_counter() - begin) / count * 1000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("texts", nargs="*", default=[CORPUS], help="files and folders; else the demo corpus")
    parser.add_argument("--documents", type=int, default=100_000, help="how many documents")
    parser.add_argument("--by", nargs="*", default=["1", "2", "dask"], help="processes, or dask")
    parser.add_argument("--pages", type=int, default=300, help="how many pages of a web archive; 0 for none")
    arguments = parser.parse_args()
    texts = [document.text for document in etl.read(*arguments.texts)]
    print("| measured | result |\n|---|---|")
    with tempfile.TemporaryDirectory(prefix="chiffrier-") as name:
        folder = Path(name)
        if arguments.pages:
            for step, milliseconds in steps(texts, arguments.pages, folder):
                print(f"| {step}, a page | {milliseconds:.2f} ms |", flush=True)
        path = folder / "records.jsonl"
        size = write_records(path, varied(texts, arguments.documents)) if arguments.by else 0
        for how in arguments.by:
            with Memory() as memory:
                figures, seconds = fill(path, folder / f"store-{how}", how)
            rate = f"{arguments.documents / seconds:.0f} documents/s, {size / seconds / 1e6:.2f} MB/s"
            by = "Dask, 2 workers" if how == "dask" else f"{how} process{'es' if how != '1' else ''}"
            print(f"| {by} | {rate}, {figures} figures; {memory.told()} |", flush=True)


if __name__ == "__main__":
    main()

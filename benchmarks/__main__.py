"""Speed: how fast texts are read, beside one plain scan of them; start-up; how the cost of facts grows.

`make bench` measures on the demo corpus, repeated until it is large enough; `make bench TEXTS="folder …"` on others.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import etl
from benchmarks import facts
from etl.documents import Document
from etl.pipeline import figures_of
from etl.quantities import find_quantities
from etl.segments import find_sentences

CORPUS = Path(__file__).parent.parent / "data" / "corpus"

LENGTHS = (2_000, 20_000, 200_000, 2_000_000)  # characters

# What one would write at first: a number, a scale, a currency or a percent sign. It finds, and reads nothing.
PLAIN = re.compile(
    r"[€$£]\s?\d[\d.,\s]*\d?(?:\s?(?:milliers?|millions?|milliards?|Md|M|k)\b)?"
    r"|\b\d[\d.,\s]*(?:(?:milliers?|millions?|milliards?|Mds?|M|k)\s?(?:de |d['’])?)?"
    r"(?:[€$£%]|euros?\b|dollars?\b|livres?\b|francs?\b|yens?\b|pour cent\b)"
)


def texts_of(paths: Iterable[str | Path], megabytes: float) -> list[Document]:
    """The documents of the paths, over and over, until they hold so many megabytes of UTF-8."""
    documents = list(etl.read(*paths))
    chosen: list[Document] = []
    size = 0.0
    for number in count():
        for document in documents:
            if size >= megabytes * 1e6:
                return chosen
            chosen.append(replace(document, document_id=f"{document.document_id}-{number}"))
            size += len(document.text.encode())
    return chosen


def found_in(text: str) -> int:
    """How many figures a text has, found with value, bounds and unit, and nothing else."""
    return len(find_quantities(text, find_sentences(text)))


def read_each(texts: list[str]) -> int:
    """How many figures the texts have, read with all that they say."""
    return sum(len(list(figures_of(Document("0" * 16, "text", text)))) for text in texts)


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def start_up(statement: str) -> float:
    """Seconds from the start of Python to the end of the statement, the best of five."""
    command = [sys.executable, "-c", statement]
    return min(timed(lambda: subprocess.run(command, check=True)) for _ in range(5))


def rows(documents: list[Document]) -> Iterator[tuple[str, str]]:
    size = sum(len(document.text.encode()) for document in documents) / 1e6
    etl.parse("Meta investit 14,3 milliards de dollars dans Scale AI.")  # words are read once
    begin = time.perf_counter()
    figures = etl.extract(documents)
    seconds = time.perf_counter() - begin
    yield "texts", f"{len(documents)}, {size:.1f} MB, {len(figures) / size / 1000:.1f} figures a KB"
    yield "figures read, with all that they say", f"{size / seconds:.2f} MB/s"
    seconds = timed(lambda: [found_in(document.text) for document in documents])
    yield "figures found, with value, bounds and unit", f"{size / seconds:.2f} MB/s"
    seconds = timed(lambda: [PLAIN.findall(document.text) for document in documents])
    yield "one plain `re` scan for money and percents", f"{size / seconds:.1f} MB/s"
    prose = "\n\n".join(document.text for document in documents)
    for length in LENGTHS:
        texts = [prose[i : i + length] for i in range(0, min(len(prose), LENGTHS[-1]), length)]
        amount = sum(len(text.encode()) for text in texts) / 1e6
        seconds = timed(partial(read_each, texts))
        yield f"in texts of {length // 1000} KB", f"{amount / seconds:.2f} MB/s"
    for name, statement in (
        ("python alone", "pass"),
        ("import etl", "import etl"),
        ("import pandas", "import pandas"),
        ("the first text", "import etl; etl.parse('Meta paie 14 milliards de dollars.')"),
    ):
        yield f"start-up: {name}", f"{start_up(statement):.2f} s"
    yield from facts.rows()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("texts", nargs="*", default=[CORPUS], help="files and folders; else the demo corpus")
    parser.add_argument("--megabytes", type=float, default=10.0, help="how much to read, repeating the texts")
    arguments = parser.parse_args()
    print("| measured | result |\n|---|---|")
    for name, result in rows(texts_of(arguments.texts, arguments.megabytes)):
        print(f"| {name} | {result} |", flush=True)


if __name__ == "__main__":
    main()

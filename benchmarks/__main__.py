"""Speed, and accuracy beside it: this program and others on the same texts, in one run, into this folder's README.

`make bench` reads the demo corpus among ordinary prose; `make bench TEXTS="folder …"` reads others, repeated to 10 MB
where they are less. Every tool runs on the same core in a process of its own. They take turns, for several rounds, and
each is told by its best: the machine may be shared.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import etl
from benchmarks.amounts import amount_f1
from benchmarks.texts import CORPUS, articles, cut, megabytes_of, repeated, sample, take, write
from benchmarks.tools import recognized
from etl.documents import Document

HERE = Path(__file__).parent
README = HERE / "README.md"
SHARED = os.environ.get("CHIFFRIER_SHARED")
PEERS = HERE / ".peers"  # `make peers` fills it
PYTHON, NODE_MODULES = PEERS / "python" / "bin" / "python", PEERS / "js" / "node_modules"
OURS = "chiffrier"
MEGABYTES = 10.0
LENGTHS = (2_000, 20_000, 200_000, 2_000_000)  # characters


@dataclass(frozen=True)
class Tool:
    """A tool, what it is called in the table, and how much it is given to read: enough for some seconds a round."""

    name: str
    label: str
    python: str | Path = sys.executable
    megabytes: float = MEGABYTES
    package: str | None = None  # whose version is told

    @property
    def command(self) -> list[str | Path]:
        if self.name == "recognizers.js":
            return ["node", HERE / self.name]
        return [self.python, HERE / "tools.py", self.name]

    @property
    def is_installed(self) -> bool:
        if self.name == "recognizers.js":
            return NODE_MODULES.is_dir() and shutil.which("node") is not None
        return Path(self.python).exists()


TOOLS = (
    Tool(OURS, "**Chiffrier**, all that figures say"),
    Tool("finding", "**Chiffrier**, figures alone: value, bounds, unit"),
    Tool("edsnlp", "EDS-NLP", PYTHON, 2.0, "edsnlp"),
    Tool("duckling", "Duckling", PYTHON, 1.0, "pyduckling-native-phihos"),
    Tool("quantulum3", "quantulum3", PYTHON, 0.2, "quantulum3"),
    Tool("recognizers", "Recognizers-Text, Python", PYTHON, 0.2, "recognizers-text-number-with-unit"),
    Tool(
        "recognizers.js",
        "Recognizers-Text, JavaScript",
        megabytes=0.03,
        package="@microsoft/recognizers-text-number-with-unit",
    ),
)
FLOOR = Path(SHARED, "bench", "floor.py") if SHARED else None


class Runner:
    """A tool at work in a process of its own; `first` is the seconds from its start to its first figure."""

    def __init__(self, tool: Tool, log: Path) -> None:
        environment = {**os.environ, "NODE_PATH": str(NODE_MODULES), "PYTHONPATH": "", "OMP_NUM_THREADS": "1"}
        begin = time.perf_counter()
        self.log = log
        with log.open("w") as errors:
            self.process = subprocess.Popen(
                tool.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
                env=environment,
            )
        self._answer()
        self.first = time.perf_counter() - begin

    def ask(self, what: str, file: Path) -> dict[str, Any]:
        assert self.process.stdin
        print(json.dumps({what: str(file)}), file=self.process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a tool stopped: {self.log.read_text().strip() or 'it says nothing'}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def memory(self) -> int:
        """The most that it held so far, in bytes; 0 where the system does not say."""
        status = Path(f"/proc/{self.process.pid}/status")
        peak = re.search(r"^VmHWM:\s*(\d+) kB", status.read_text(), re.MULTILINE) if status.exists() else None
        return int(peak[1]) * 1024 if peak else 0

    def close(self) -> None:
        self.process.communicate()


@dataclass
class Result:
    """What is measured of one tool: the best of the rounds, in MB/s and s, and bytes."""

    size: float  # MB
    speed: float = 0.0
    figures: int = 0
    first: float = float("inf")
    memory: int = 0
    f1: dict[str, float] = field(default_factory=dict)


def measure(
    tools: Iterable[Tool], documents: list[Document], rounds: int, folder: Path
) -> tuple[dict[str, Result], float, dict[int, float]]:
    """Of each tool its result; the speed of the plain scan; and of ours the speed for each length of document."""
    files: dict[float, tuple[Path, float]] = {}
    for size in {tool.megabytes for tool in tools} | {MEGABYTES}:
        chosen = documents if size >= MEGABYTES else sample(documents, size)
        files[size] = write(chosen, folder / f"{size}.jsonl"), megabytes_of(chosen)
    cuts = {length: cut(documents, length) for length in LENGTHS}
    lengths = {length: (write(d, folder / f"{length}.jsonl"), megabytes_of(d)) for length, d in cuts.items()}
    results = {tool.name: Result(files[tool.megabytes][1]) for tool in tools}
    for tool in tools:  # once without being asked for more, so that what is read at the start is in memory
        Runner(tool, folder / "log").close()
    runners = {tool.name: Runner(tool, folder / f"{tool.name}.log") for tool in tools}
    plain = Runner(Tool("plain", ""), folder / "plain.log")
    floor, by_length = 0.0, dict.fromkeys(LENGTHS, 0.0)
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
        for tool in tools:
            file, size = files[tool.megabytes]
            answer = runners[tool.name].ask("read", file)
            result = results[tool.name]
            result.speed = max(result.speed, size / answer["seconds"])
            result.figures = answer["figures"]
            result.memory = result.memory or runners[tool.name].memory()
            result.first = runners[tool.name].first
        file, size = files[MEGABYTES]
        floor = max(floor, scan(file) if FLOOR else size / plain.ask("read", file)["seconds"])
        for length, (file, size) in lengths.items():
            speed = size / runners[OURS].ask("read", file)["seconds"]
            by_length[length] = max(by_length[length], speed)
    for name, gold_texts, gold in gold_sets():
        file = write(gold_texts, folder / f"{name}-gold.jsonl")
        rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
        for tool in tools:
            found = runners[tool.name].ask("list", file)["figures"]
            results[tool.name].f1[name] = amount_f1(rows, map(in_words_of_the_table, found))
    for runner in (*runners.values(), plain):
        runner.close()
    return results, floor, by_length


def scan(file: Path) -> float:
    """The speed of the plain scan that the issue's floors are ratios of, MB/s."""
    assert FLOOR
    done = subprocess.run(
        [sys.executable, FLOOR, "re", file], check=True, capture_output=True, encoding="utf-8"
    )
    return float(done.stdout.split()[0])


def gold_sets() -> Iterator[tuple[str, list[Document], Path]]:
    """Texts, by the name of their file as in their gold: the demo corpus; where they are, the seeds and the press."""
    sets = [("corpus", CORPUS, CORPUS.parent / "gold" / "corpus.jsonl")]
    if SHARED:
        sets += [
            (name, Path(SHARED, name), Path(SHARED, "gold", f"{name}.jsonl")) for name in ("seeds", "press")
        ]
    for name, texts, gold in sets:
        yield name, [Document(Path(d.source).name, d.source, d.text) for d in etl.read(texts)], gold


def in_words_of_the_table(figure: dict[str, Any]) -> dict[str, Any]:
    if "resolution" not in figure:
        return figure
    kind, value, unit = recognized(figure["name"], figure["resolution"] or {})
    return {**figure, "kind": kind, "value": value, "unit": unit}


def start_up() -> dict[str, float]:
    """Seconds from the start of Python to the end of each statement, the best of seven, by turns."""
    best: dict[str, float] = {}
    for statement in ("import etl", "import pandas") * 7:
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        best[statement] = min(best.get(statement, float("inf")), time.perf_counter() - begin)
    return best


def versions() -> dict[str, str]:
    """The version of each package that `make peers` installs."""
    lock = (HERE / "peers" / "requirements.lock").read_text(encoding="utf-8")
    found = dict(re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE))
    package: dict[str, dict[str, str]] = json.loads(
        (HERE / "peers" / "package.json").read_text(encoding="utf-8")
    )
    return found | package["dependencies"]


def computer() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    named = (
        re.search(r"^model name\s*: (.*)", cpuinfo.read_text(), re.MULTILINE) if cpuinfo.exists() else None
    )
    cpu = named[1] if named else platform.machine()
    return f"a {platform.system()} machine with {cpu}"


def report(
    documents: list[Document],
    tools: Iterable[Tool],
    results: dict[str, Result],
    floor: float,
    by_length: dict[int, float],
) -> Iterator[str]:
    """The tables, as lines of Markdown."""
    ours, finding = results[OURS], results["finding"]
    size = megabytes_of(documents)
    python = f"Python {platform.python_version()}"
    node = ""
    if "recognizers.js" in results:
        done = subprocess.run(["node", "--version"], check=True, capture_output=True, encoding="utf-8")  # noqa: S607
        node = f", Node.js {done.stdout.strip().removeprefix('v')}"
    yield (
        f"One core of {os.cpu_count()} of {computer()}, {python}{node}, {datetime.now(UTC):%-d %B %Y}. "
        f"{len(documents)} texts, {size:.1f} MB, {ours.figures / size / 1000:.1f} figures a KB."
    )
    yield ""
    sets = list(ours.f1)
    yield (
        "| tool | MB/s | Chiffrier is, in full | figures alone | read | figures a KB | "
        + "".join(f"amount F1, {name} | " for name in sets)
        + "first figure | memory |"
    )
    yield f"|---|{'---:|' * (7 + len(sets))}"
    version = versions()
    for tool in tools:
        result = results[tool.name]
        label = f"{tool.label} {version[tool.package]}" if tool.package else tool.label
        times = [f"{short(other.speed / result.speed)} ×" for other in (ours, finding)]
        cells = [
            short(result.speed),
            *times,
            f"{short(result.size)} MB",
            f"{result.figures / result.size / 1000:.1f}",
            *(f"{result.f1[name]:.3f}" for name in sets),
            f"{result.first:.1f} s",
            f"{result.memory / 1e6:.0f} MB",
        ]
        yield f"| {label} | {' | '.join(cells)} |"
    blank = " | ".join(["–"] * (len(sets) + 3))
    times = [f"{short(other.speed / floor)} ×" for other in (ours, finding)]
    yield f"| one plain `re` scan, reads nothing | {short(floor)} | {' | '.join(times)} | {short(size)} MB | {blank} |"
    yield ""
    yield (
        "| documents of | "
        + " | ".join(f"{length // 1000} KB" for length in LENGTHS)
        + " | slowest to fastest |"
    )
    yield f"|---|{'---:|' * (len(LENGTHS) + 1)}"
    seconds = [1 / by_length[length] for length in LENGTHS]
    cells = [*(f"{s:.2f} s/MB" for s in seconds), f"{max(seconds) / min(seconds):.2f} ×"]
    yield f"| **Chiffrier**, all that figures say | {' | '.join(cells)} |"
    yield ""
    starts = start_up()
    yield (
        f"`import etl` takes {starts['import etl']:.2f} s, `import pandas` {starts['import pandas']:.2f} s: "
        f"{starts['import etl'] / starts['import pandas']:.2f} ×."
    )


def short(number: float) -> str:
    """Two digits that count, and no power of ten."""
    return f"{number:.{max(0, 1 - math.floor(math.log10(number)))}f}"


def put(section: str, text: str) -> None:
    """Between the section's marks in the README."""
    begin, end = f"<!-- {section} -->\n", f"<!-- end of {section} -->\n"
    before, _, rest = README.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    README.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "texts", nargs="*", help="files and folders; else the demo corpus among ordinary prose"
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each tool reads, by turns")
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core, for us and all that we start
    given = list(etl.read(*arguments.texts))
    whole = megabytes_of(given) >= MEGABYTES
    documents = given if whole else take(repeated(given) if given else articles(), MEGABYTES)
    tools = [tool for tool in TOOLS if tool.is_installed]
    for tool in set(TOOLS) - set(tools):
        print(f"{tool.label} is not installed, and left out: make peers", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        results, floor, by_length = measure(tools, documents, arguments.rounds, Path(folder))
    text = "".join(f"{line}\n" for line in report(documents, tools, results, floor, by_length))
    print(text, end="")
    put("speed on texts named" if given else "speed", text)


if __name__ == "__main__":
    main()

"""Adds documents to a store over and over, each time killed at some moment; prints what `check` found after each.

A program of its own, since it forks: `python tests/kills.py FOLDER STORE TIMES`.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from etl import store
from etl.documents import find_placed
from etl.work import Options, input_of, run

store.CHECKPOINT, store._PART = 12, 4  # noqa: SLF001, many moments in little work


def add(folder: str, target: str) -> None:
    with store.open_store(target) as writer:
        for _ in store.add(writer, find_placed(folder), lambda tasks: run(tasks, Options()), input_of):
            pass
        writer.commit()


def check(target: str) -> None:
    problems = list(store.check(target)) if store.is_store(target) else []
    print(*problems, sep="\n", end="", flush=True)
    os._exit(bool(problems))


def fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(1 if sys.exc_info()[0] else 0)
    return child


def main(folder: str, target: str, times: str) -> None:
    random.seed(2025)
    begin = time.monotonic()
    os.waitpid(fork(lambda: add(folder, f"{target}-whole")), 0)
    whole = time.monotonic() - begin
    for number in range(int(times)):
        # A document changes, so that something is always there to add and to withdraw.
        Path(folder, f"{number % 7}.txt").write_text(
            f"Meta investit {number + 2} milliards d'euros.", "utf-8"
        )
        child = fork(lambda: add(folder, target))
        time.sleep(random.uniform(0, whole))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        _, status = os.waitpid(fork(lambda: check(target)), 0)
        if status:
            sys.exit(f"after kill {number}: not clean")
    os.waitpid(fork(lambda: add(folder, target)), 0)
    _, status = os.waitpid(fork(lambda: check(target)), 0)
    sys.exit(1 if status else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])

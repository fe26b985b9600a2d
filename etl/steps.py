"""Texts that walk in step: each takes one step before any takes the next.

A step knows thousands of words, and a processor keeps near at hand what it has just used. The text that takes the same
step next finds it there, where it would find the words of the step before: a third of the time is spent on waiting for
them otherwise.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeAlias, TypeVar

Result = TypeVar("Result")
Steps: TypeAlias = Generator[None, None, Result]  # a bare `yield` ends a step

IN_STEP = 64  # texts that walk together


def whole(steps: Steps[Result]) -> Result:
    """The result of all steps, one after the other.

    >>> def counted(words):
    ...     number = len(words)
    ...     yield
    ...     return number
    >>> whole(counted(["un", "euro"]))
    2
    """
    return in_step([steps])[0]


def in_step(walks: Iterable[Steps[Result]]) -> list[Result]:
    """The result of each walk in their order; an error of one ends all.

    >>> def told(number):
    ...     print("first step of", number)
    ...     yield
    ...     print("second step of", number)
    >>> in_step([told(1), told(2)])
    first step of 1
    first step of 2
    second step of 1
    second step of 2
    [None, None]
    """
    results: dict[int, Result] = {}
    on_their_way = dict(enumerate(walks))
    with _uncollected():
        while on_their_way:
            for number, steps in list(on_their_way.items()):
                try:
                    next(steps)
                except StopIteration as end:
                    results[number] = end.value
                    del on_their_way[number]
    return [results[number] for number in sorted(results)]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leaves garbage alone for a while: what walks make has no cycles, and is gone when they end."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()

"""What one input may cost: past a limit it is refused in a clear line, and the others go on."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from etl.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes of what is unpacked, not of what its header promises; time in seconds."""

    document_bytes: int = 50_000_000
    characters: int = 5_000_000
    archive_bytes: int = 50_000_000_000
    archive_members: int = 2_000_000
    archive_ratio: int = 250  # honest text shrinks to a tenth at best; a bomb to a thousandth
    archive_depth: int = 3
    pdf_pages: int = 2_000
    html_depth: int = 500
    seconds: float = 60.0
    memory: int = 4_000_000_000  # of a worker process


LIMITS = Limits()

# Below it, a high ratio is but a file of blanks.
_SMALL = 10_000_000


def check_size(size: int, place: str, limits: Limits) -> None:
    """Raises `DocumentError` for a document of more bytes than the limit."""
    if size > limits.document_bytes:
        raise DocumentError(f"{place}: more than {_megabytes(limits.document_bytes)}; split it")


def check_text(text: str, place: str, limits: Limits) -> str:
    """The text; raises `DocumentError` where it has more characters than the limit."""
    if len(text) > limits.characters:
        raise DocumentError(f"{place}: more than {limits.characters:,} characters of text; split it")
    return text


def check_expansion(unpacked: int, packed: int, place: str, limits: Limits) -> None:
    """Raises `DocumentError` where an archive unpacks to far more than its own size, as a bomb does."""
    if unpacked > limits.archive_bytes:
        raise DocumentError(f"{place}: unpacks to more than {_megabytes(limits.archive_bytes)}; split it")
    if unpacked > _SMALL and unpacked > packed * limits.archive_ratio:
        raise DocumentError(
            f"{place}: unpacks to more than {limits.archive_ratio} times its size; not read on"
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.10g} MB"


class _OutOfTime(BaseException):
    """Not an `Exception`, so that no library takes it for one of its own mishaps."""


_LEAST = 1e-3  # seconds: none at all would stop the clock


@contextmanager
def time_limit(
    seconds: float, place: str, source: str | None = None, *, spent: float = 0.0
) -> Iterator[None]:
    """Raises `DocumentError` where the block takes longer; sees it between two steps of Python.

    Of the time, so much may be `spent` already.
    Only the main thread of a process can be interrupted; elsewhere, and where the system knows no such alarm,
    the block runs to its end. A worker of `etl.pipeline` has a second guard, for code that is not Python's.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, max(seconds - spent, _LEAST))
    try:
        yield
    except _OutOfTime:
        raise DocumentError(f"{place}: takes longer than {seconds:g} seconds; not read", source) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

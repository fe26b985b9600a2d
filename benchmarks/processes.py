"""What a process holds and has had, as Linux tells it; raises `OSError` where the process is gone."""

from __future__ import annotations

import os
from pathlib import Path


def memory_of(process: int) -> int:
    """The proportional set size in bytes: what it has for itself, and its share of what it shares with others."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def processor_of(process: int) -> float:
    """Seconds that it has had of a processor, its ended threads among them."""
    times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")

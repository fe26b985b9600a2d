"""How the cost of reconciling grows: made-up figures, fifty thousand and a million, each in a process of its own.

`python -m benchmarks.facts` measures; it is a part of `make bench`. Four sources in a row tell of the same deals, so
that each fact has several figures, and no size has larger facts than another.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

import etl

SIZES = (50_000, 1_000_000)  # figures
A_DOCUMENT = 20  # figures


def made_up(size: int) -> pd.DataFrame:
    """So many figures, of documents that tell in turn of a few hundred entities' values, stakes and worth."""
    draw = np.random.default_rng(size)
    number = np.arange(size)
    document = number // A_DOCUMENT
    story = document // 4 * A_DOCUMENT + number % A_DOCUMENT  # what it tells: the same in four documents
    measure = np.array(["deal_value", "valuation", "stake", "revenue", "capex"])[story % 5]
    amount = np.random.default_rng(0).permutation(size)[story] % 997 + 1  # milliards, the same wherever told
    qualifier = np.array(["exact", "exact", "about", "over", "at_most"])[draw.integers(0, 5, size)]
    value = amount * 1e9
    month = story // A_DOCUMENT % 240
    period = np.char.add(
        np.char.add((2005 + month // 12).astype(str), "-"), np.char.zfill((month % 12 + 1).astype(str), 2)
    )
    sentence = np.char.add(np.char.add("Phrase ", number.astype(str)), ".")
    text = {
        name: pd.Series(cells, dtype="str")
        for name, cells in {
            "figure_id": np.char.add(
                document.astype(str), np.char.add(":", (number % A_DOCUMENT).astype(str))
            ),
            "document_id": document.astype(str),
            "source": np.char.add(np.char.add("texte-", document.astype(str)), ".txt"),
            "publisher": np.char.add("Journal ", (document % 50).astype(str)),
            "published": np.char.add(period, "-12"),
            "quote": np.char.add(amount.astype(str), " milliards de dollars"),
            "sentence": sentence,
            "qualifier": qualifier,
            "measure": measure,
            "subject": np.char.add("Société ", (story // 7).astype(str)),
            "actor": np.char.add("Groupe ", (story // 11).astype(str)),
            "period": np.where(draw.random(size) < 0.9, period, ""),
        }.items()
    }
    text["period"] = text["period"].replace("", None)
    text["actor"] = text["actor"].where(pd.Series(draw.random(size) < 0.9))
    constant = {
        "title": None,
        "zone": "body",
        "kind": "money",
        "unit": "USD",
        "direction": None,
        "status": "actual",
        "attribution": None,
        "base": None,
        "equivalent_of": None,
        "unresolved": None,
        "evidence": "{}",
    }
    return pd.DataFrame(
        text | {name: pd.Series([cell] * size, dtype="str") for name, cell in constant.items()}
    ).assign(
        start=number % A_DOCUMENT * 60,
        end=lambda table: table["start"] + table["quote"].str.len(),
        sentence_start=number % A_DOCUMENT * 60,
        unit_inferred=False,
        value=value,
        low=np.where(np.isin(qualifier, ["exact", "over"]), value, np.nan),
        high=np.where(np.isin(qualifier, ["exact", "at_most"]), value, np.nan),
    )


def measure(size: int) -> None:
    """Prints seconds, peak of the memory in GB and number of facts."""
    figures = made_up(size)
    begin = time.process_time()
    facts = etl.reconcile(figures)
    seconds = time.process_time() - begin
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, len(facts))


def rows() -> Iterator[tuple[str, str]]:
    """What was measured, and the result."""
    spent = []
    for size in SIZES:
        command = [sys.executable, "-m", "benchmarks.facts", str(size)]
        said = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
        seconds, memory, facts = map(float, said.split())
        spent.append(seconds)
        yield f"{size} figures reconciled", f"{seconds:.1f} s, {memory:.2f} GB, {facts:.0f} facts"
    yield (
        f"which is {SIZES[-1] // SIZES[0]} times as many figures, in",
        f"{spent[-1] / spent[0]:.1f} times the time",
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        for name, result in rows():
            print(f"| {name} | {result} |", flush=True)

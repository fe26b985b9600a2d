"""What the benchmark measures by: its texts have the figures that they are said to have, its F1 is the scorer's."""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import etl
from benchmarks.amounts import amount_f1
from benchmarks.texts import articles, megabytes_of, prose, sample, take
from etl.documents import Document

PEERS = Path(__file__).parent.parent / "benchmarks" / "peers"


def test_the_prose_has_no_figure() -> None:
    text = prose(random.Random(2), 100_000)
    assert len(text) >= 100_000
    assert etl.parse(text)["quote"].tolist() == []


def test_the_articles_have_about_one_figure_a_kilobyte() -> None:
    documents = take(articles(), 0.3)
    assert 0.7 < len(etl.extract(documents)) / megabytes_of(documents) / 1000 < 1.4


def test_a_sample_is_of_all_documents_and_in_their_order() -> None:
    documents = [Document(f"{n:016}", "demo", "x" * 1000) for n in range(1000)]
    names = [document.document_id for document in sample(documents, 0.1)]
    assert len(names) == 100
    assert names == sorted(set(names))
    assert names[0] < f"{200:016}" < f"{800:016}" < names[-1]


def test_the_amounts_are_scored_as_the_scorer_does(shared: Path, tmp_path: Path) -> None:
    gold = [json.loads(line) for line in (shared / "gold" / "press.jsonl").read_text("utf-8").splitlines()]
    chance = random.Random(3)
    found = [spoilt(row, chance) for row in gold if chance.random() < 0.9]
    path = tmp_path / "found.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in found), "utf-8")
    command: list[str | Path] = [sys.executable, shared / "score.py", shared / "gold" / "press.jsonl", path]
    command += ["--kinds", "money,percent", "--json"]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    assert 0.3 < amount_f1(gold, found) < 0.9
    assert abs(amount_f1(gold, found) - json.loads(done.stdout)["amount"]["f1"]) < 1e-12


def spoilt(row: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A figure of the gold as a tool may give it: somewhat elsewhere, in another unit, or without a value."""
    cells = {key: cell[0] if isinstance(cell, list) else cell for key, cell in row.items()}
    return {
        "id": row["file"],
        "kind": cells["kind"],
        "start": cells["start"] + chance.choice([0, 0, 0, 3, -9, 200]),
        "end": cells["end"] + chance.choice([0, 0, 0, 9, 30, 200]),
        "value": chance.choice([cells["value"]] * 9 + [None]),
        "unit": chance.choice([cells["unit"]] * 9 + ["GBP"]),
    }


def test_the_locks_of_the_other_tools_name_no_address() -> None:
    locks = [PEERS / name for name in ("requirements.lock", "package-lock.json")]
    assert [lock.name for lock in locks if "://" in lock.read_text("utf-8")] == []

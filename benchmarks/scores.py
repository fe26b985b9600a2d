"""Accuracy: the scores of today's rules on the gold, printed and put into this folder's README.

`make scores` runs it. It needs the scorer and the development gold, in the folder that `CHIFFRIER_SHARED` names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import etl

ROOT = Path(__file__).parent.parent
README = ROOT / "benchmarks" / "README.md"
BEGIN, END = "<!-- scores -->\n", "<!-- end of scores -->\n"
COLUMNS = ("qualifier", "measure", "subject", "actor", "period", "status", "attribution")


def score(shared: Path, gold: Path, found: Path, *flags: str) -> dict[str, Any]:
    command: list[str | Path] = [sys.executable, shared / "score.py", *flags, gold, found, "--json"]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def table(shared: Path) -> str:
    """The scores of money and percents, then of the other kinds, as Markdown."""
    sets = {
        "corpus": (ROOT / "data" / "corpus", ROOT / "data" / "gold" / "corpus.jsonl"),
        "seeds": (shared / "seeds", shared / "gold" / "seeds.jsonl"),
        "press": (shared / "press", shared / "gold" / "press.jsonl"),
    }
    lines = [
        f"| texts | figures | exact F1 | {' | '.join(COLUMNS)} |",
        f"|---{'|---:' * (2 + len(COLUMNS))}|",
    ]
    others: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (texts, gold) in sets.items():
            figures = etl.extract(etl.read(texts))
            found = etl.save(figures, Path(folder) / f"{name}.jsonl")
            for kinds, rows in (("money,percent", lines), ("count,quantity,multiple", others)):
                result = score(shared, gold, found, "--kinds", kinds)
                ratios = [result["exact"]["f1"], *(result["columns"][column] for column in COLUMNS)]
                kind = "" if rows is lines else ", other kinds"
                rows.append(f"| {name}{kind} | {result['gold']} | {' | '.join(f'{r:.3f}' for r in ratios)} |")
            if name == "seeds":
                facts = etl.save(etl.reconcile(figures), Path(folder) / "facts.jsonl")
                told = score(shared, shared / "gold" / "seeds-facts.jsonl", facts, "--facts")
    lines += others
    key, whole = told["key"]["recall"], told["facts"]["recall"]
    lines.append(
        f"\nOf the {told['gold']} key facts that the seeds together state, {key:.0%} are found by their key, "
        f"{whole:.0%} with value, bounds and documents right."
    )
    return "\n".join(lines) + "\n"


def main() -> None:
    shared = os.environ.get("CHIFFRIER_SHARED")
    if not shared or not Path(shared, "score.py").is_file():
        sys.exit("CHIFFRIER_SHARED names no folder with score.py and its gold: no scores")
    scores = table(Path(shared))
    print(scores, end="")
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n{scores}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Builds the tables of the demo corpus: its figures, the facts they state, and what describes both.

`make data` writes them beside this script; `python data/build.py FOLDER` writes them there instead.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

import etl
from etl.table import FACTS, FIGURES, data_package

HERE = Path(__file__).resolve().parent


def build(folder: Path) -> None:
    """Writes the two tables and their data package into the folder."""
    with contextlib.chdir(HERE):  # each source is then a path beside the tables, wherever these lie
        figures = etl.extract(etl.read("corpus"))
    facts = etl.reconcile(figures)
    for name, table in (("figures.csv", figures), ("facts.csv", facts)):
        etl.save(table, folder / name)
        print(f"{len(table)} rows in {folder / name}")
    package = data_package(
        {"figures.csv": FIGURES, "facts.csv": FACTS},
        name="chiffrier-demo",
        title="The financial figures of Chiffrier's demo corpus, and the facts that they state",
        description="Figures found in the French texts of corpus/, each with its place in its text",
    )
    package["licenses"] = [{"name": "MIT", "path": "https://opensource.org/license/mit"}]
    text = json.dumps(package, ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE)

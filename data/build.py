"""Builds the tables of the demo corpus: its figures, the facts they state, and what describes both.

`make data` writes them beside this script, and the columns of all tables into docs/table.md; `python data/build.py
FOLDER` writes the tables there instead.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
from pathlib import Path

import etl
from etl.table import DEALS, DERIVED, FACTS, FIGURES, Column, data_package

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


def describe(page: Path) -> None:
    """Writes the columns of each table below the comment that names it."""
    text = page.read_text(encoding="utf-8")
    for name, columns in {"figures": FIGURES, "facts": FACTS, "deals": DEALS, "derived": DERIVED}.items():
        head, comment, rest = text.partition(f"<!-- columns of {name} -->")
        before, old = rest.split("| column |", 1)[0], re.search(r"(?:^\|.*\n)+", rest, re.MULTILINE)
        assert old is not None, f"{page}: no table of {name}"
        text = head + comment + before + rows_of(columns) + rest[old.end() :]
    page.write_text(text, encoding="utf-8")


def rows_of(columns: tuple[Column, ...]) -> str:
    """The columns as a table of Markdown."""
    rows = [f"| `{column.name}` | {column.meaning} |" for column in columns]
    return "\n".join(["| column | is |", "|---|---|", *rows, ""])


if __name__ == "__main__":
    if len(sys.argv) == 1:
        describe(HERE.parent / "docs" / "table.md")
    build(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE)

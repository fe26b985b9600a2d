"""The documents say what the program says: columns, commands, and what these print. Their Python runs as doctests."""

import doctest
import os
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import typer

import etl
from etl.accessor import FiguresAccessor
from etl.cli import app
from etl.lexicon import read_words
from etl.table import DEALS, DERIVED, FACTS, FIGURES, Column

ROOT = Path(__file__).parent.parent
NAMES = (
    "README.md",
    "CONTRIBUTING.md",
    "benchmarks/README.md",
    "docs/commands.md",
    "docs/python.md",
    "docs/table.md",
)
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMES}


def rows_below(name: str, head: str) -> list[str]:
    """The rows of the first Markdown table of a document that begins with this line."""
    _, found, rest = TEXTS[name].partition(f"{head}\n")
    assert found, f"no table in {name} begins with {head}"
    _rule, *lines = rest.splitlines()
    return lines[: next(n for n, line in enumerate(lines) if not line.startswith("|"))]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        pytest.param("figures", FIGURES, id="figures"),
        pytest.param("facts", FACTS, id="facts"),
        pytest.param("deals", DEALS, id="deals"),
        pytest.param("derived", DERIVED, id="derived"),
    ],
)
def test_the_columns_are_those_of_the_contract(name: str, columns: tuple[Column, ...]) -> None:
    text = TEXTS["docs/table.md"]
    table = text[text.index(f"<!-- columns of {name} -->") :].partition("|---|---|\n")[2].partition("\n\n")[0]
    assert table.splitlines() == [f"| `{column.name}` | {column.meaning} |" for column in columns]


def usage(name: str, command: Any) -> str:
    """The command with its arguments and options, as the documents write it."""
    words = ["chiffrier", name]
    for parameter in command.params:
        metavar = parameter.metavar or parameter.name.upper()
        if parameter.param_type_name == "argument":
            word = f"{metavar}..." if parameter.nargs == -1 else metavar
            words.append(word if parameter.required else f"[{word}]")
        else:
            word = parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {metavar}"
            words.append(word if parameter.required else f"[{word}]")
    return " ".join(words).replace("|", r"\|")


def test_the_commands_are_those_of_the_program() -> None:
    group: Any = typer.main.get_command(app)
    expected = [
        f"| `{usage(name, command)}` | {command.help.partition(chr(10))[0].removesuffix('.')} |"
        for name, command in group.commands.items()
    ]
    assert rows_below("docs/commands.md", "| command | does |") == expected


def test_the_python_calls_are_those_of_the_package() -> None:
    told = set(re.findall(r"`etl\.(\w+)\(", "\n".join(rows_below("docs/python.md", "| call | gives |"))))
    assert told == set(etl.__all__) - {"ChiffrierError", "__version__"}


def test_the_methods_of_a_table_are_those_of_its_accessor() -> None:
    rows = rows_below("docs/python.md", "| method | gives |")
    told = [name for row in rows for name in re.findall(r"^\| `\.(\w+)", row)]
    assert sorted(told) == sorted(name for name in vars(FiguresAccessor) if not name.startswith("_"))


CONSOLES = [
    pytest.param(console, id=f"{name}: {console.partition(chr(10))[0][2:50]}")
    for name, text in TEXTS.items()
    for console in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
]


@pytest.mark.slow
@pytest.mark.parametrize("console", CONSOLES)
def test_the_commands_print_what_the_documents_show(console: str, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    checker = doctest.OutputChecker()
    commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", console, re.MULTILINE)
    assert commands
    for command, expected in commands:
        done = subprocess.run(
            ["/bin/bash", "-euc", f'chiffrier() {{ {shlex.quote(sys.executable)} -m etl "$@"; }}; {command}'],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        printed = re.sub(
            r"^\d+ documents? so far\n", "", done.stdout, flags=re.MULTILINE
        )  # on a slow machine
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        assert checker.check_output(expected, printed, flags), done.stdout


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_words_that_are_added_are_good_entries(name: str, tmp_path: Path) -> None:
    text = TEXTS[name]
    entries = re.findall(r"^ *```toml\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    assert entries
    (tmp_path / "words.toml").write_text(textwrap.dedent("".join(entries)), encoding="utf-8")
    read_words([tmp_path / "words.toml"])


@pytest.mark.parametrize("name", NAMES)
def test_what_the_documents_name_is_there(name: str) -> None:
    text = TEXTS[name]
    targets = set(
        re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert set(re.findall(r"(?:`|^    )make ([a-z]+)", text, re.MULTILINE)) <= targets
    paths = re.findall(r"`((?:etl|dashboard|data|docs|tests|notebooks|benchmarks)/[\w./-]*)`", text)
    paths += re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []

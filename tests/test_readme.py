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
from etl.cli import app
from etl.lexicon import read_words
from etl.table import DEALS, DERIVED, FACTS, FIGURES, Column

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def rows_below(head: str) -> list[str]:
    """The rows of the first Markdown table that begins with this line."""
    _, found, rest = README.partition(f"{head}\n")
    assert found, f"no table in the README begins with {head}"
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
    place = README.index(f"<!-- columns of {name} -->")
    table = README[place:].partition("|---|---|\n")[2].partition("\n\n")[0]
    assert table.splitlines() == [f"| `{column.name}` | {column.meaning} |" for column in columns]


def usage(name: str, command: Any) -> str:
    """The command with its arguments and options, as the README writes it."""
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
    assert rows_below("| command | does |") == expected


def test_the_python_calls_are_those_of_the_package() -> None:
    told = set(re.findall(r"`etl\.(\w+)\(", "\n".join(rows_below("| call | gives |"))))
    assert told == set(etl.__all__) - {"ChiffrierError", "__version__"}


CONSOLES = re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
@pytest.mark.parametrize("console", CONSOLES, ids=lambda console: console.split("\n")[0][:60])
def test_the_commands_print_what_the_readme_shows(console: str, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    checker = doctest.OutputChecker()
    commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", console, re.MULTILINE)
    assert commands
    for command, expected in commands:
        name, *arguments = shlex.split(command)
        assert name == "chiffrier"
        done = subprocess.run(
            [sys.executable, "-m", "etl", *arguments],
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
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.findall(r"^ *```toml\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    assert entries
    (tmp_path / "words.toml").write_text(textwrap.dedent("".join(entries)), encoding="utf-8")
    read_words([tmp_path / "words.toml"])


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "benchmarks/README.md"])
def test_what_the_documents_name_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = set(
        re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert set(re.findall(r"(?:`|^    )make ([a-z]+)", text, re.MULTILINE)) <= targets
    paths = re.findall(r"`((?:etl|dashboard|data|tests|notebooks|benchmarks)/[\w./-]*)`", text)
    paths += re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []

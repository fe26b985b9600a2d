"""Notebooks are committed without outputs, so that a diff shows what somebody wrote. nbmake runs them."""

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_cleared(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_from_a_folder_to_a_table_it_takes_ten_cells() -> None:
    (path,) = (path for path in NOTEBOOKS if path.stem == "your-own-texts")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert len([cell for cell in cells if cell["cell_type"] == "code"]) == 10


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_is_asked_of_the_network(path: Path) -> None:
    assert "://" not in path.read_text(encoding="utf-8")

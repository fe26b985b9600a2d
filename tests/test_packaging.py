"""The wheel holds what it should, and works where there is no checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import etl

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT], check=True)
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_is_named_after_the_version(wheel: Path) -> None:
    assert wheel.name == f"chiffrier-{etl.__version__}-py3-none-any.whl"


def test_nothing_is_installed_beside_the_two_packages(names: set[str]) -> None:
    info = f"chiffrier-{etl.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"etl", "dashboard", info}


@pytest.mark.parametrize(
    ("inside", "checkout"),
    [
        pytest.param("etl/words/", ROOT / "etl" / "words", id="words"),
        pytest.param("etl/series/", ROOT / "etl" / "series", id="series"),
        pytest.param("etl/demo/corpus/", ROOT / "data" / "corpus", id="corpus"),
        pytest.param("dashboard/assets/", ROOT / "dashboard" / "assets", id="assets"),
    ],
)
def test_whole_folders_travel(names: set[str], inside: str, checkout: Path) -> None:
    expected = {path.relative_to(checkout).as_posix() for path in checkout.rglob("*") if path.is_file()}
    assert expected
    assert {name.removeprefix(inside) for name in names if name.startswith(inside)} == expected


def test_of_the_data_only_the_demo_travels(names: set[str]) -> None:
    top = {name.split("/")[2] for name in names if name.startswith("etl/demo/")}
    assert top == {"corpus", "figures.csv", "facts.csv", "datapackage.json"}


def test_the_wheel_names_the_component_of_spacy(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        points = archive.read(name).decode()
    assert "[spacy_factories]\nchiffrier = etl.spacy:find_figures" in points
    assert "[console_scripts]\nchiffrier = etl.cli:main" in points


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it lies installed."""
    folder = tmp_path_factory.mktemp("installed") / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("name", ["README.md", "docs/python.md"])
def test_the_documents_run_from_the_wheel_in_an_empty_environment(
    site: Path, tmp_path: Path, name: str
) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(site)}
    options = ["-o", "ELLIPSIS", "-o", "NORMALIZE_WHITESPACE"]
    doctest = [sys.executable, "-m", "doctest", *options, str(ROOT / name)]
    done = subprocess.run(
        doctest, cwd=tmp_path, env=environment, check=False, capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_ends_as_a_plain_user() -> None:
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    (user,) = (line for line in lines if line.startswith("USER"))
    assert user == "USER reader"
    assert lines.index(user) < next(n for n, line in enumerate(lines) if line.startswith("ENTRYPOINT"))
    copied = [
        word
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    ]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_wheel_works_outside_the_checkout(site: Path, tmp_path: Path) -> None:
    # The site folder comes before the checkout that an editable install puts at the end of the path.
    program = (
        "import sys, etl, dashboard, etl.cli\n"
        f"assert all(module.__file__.startswith({str(site)!r}) for module in (etl, dashboard, etl.cli))\n"
        f"sys.argv = ['chiffrier', 'extract', {str(site / 'etl' / 'demo' / 'corpus')!r}]\n"
        "sys.exit(etl.cli.main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 1

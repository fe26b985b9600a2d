"""The store: only what is new is read, what is gone goes, and whatever happens it is the old one or the new one."""

import errno
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

import etl
from etl import cli, store, work
from etl.documents import find_placed
from etl.errors import StoreError
from etl.readers import digest
from etl.work import Options, input_of, run

CORPUS = Path(__file__).parent.parent / "data" / "corpus"
META = "Meta investit 14,3 milliards de dollars dans Scale AI."
GOOGLE = "Google a payé 2,7 milliards de dollars pour Character.AI."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "textes"
    folder.mkdir()
    (folder / "meta.txt").write_text(META, "utf-8")
    (folder / "google.txt").write_text(GOOGLE, "utf-8")
    (folder / "faux.pdf").write_bytes(b"rien")
    (folder / "mille.jsonl").write_text(
        "".join(json.dumps({"id": f"n{n}", "text": f"Meta paie {n} euros."}) + "\n" for n in range(3, 9)),
        "utf-8",
    )
    return folder


def add(target: Path, *paths: Path) -> list[str]:
    """Adds the paths to the store and returns the sources that had to be read for that."""
    sources: list[str] = []
    with store.open_store(target) as writer:
        for tables in store.add(writer, find_placed(*paths), lambda tasks: run(tasks, Options()), input_of):
            sources += tables.documents["source"].to_pylist()
        writer.commit()
    assert list(store.check(target)) == []
    return sources


def quotes(target: Path) -> list[str]:
    return sorted(store.load_table(target, "figures")["quote"])


def test_a_store_holds_what_extract_gives(tmp_path: Path) -> None:
    add(tmp_path / "store", CORPUS)
    expected = etl.extract(etl.read(CORPUS))
    pd.testing.assert_frame_equal(etl.load(tmp_path / "store"), expected)
    facts = store.load_table(tmp_path / "store", "facts")
    pd.testing.assert_frame_equal(facts, etl.reconcile(expected))


def test_only_what_is_new_or_changed_is_read(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "store"
    assert len(add(target, folder)) == 9
    assert add(target, folder) == [str(folder / "faux.pdf")]  # a refusal is tried again
    (folder / "faux.pdf").unlink()
    (folder / "meta.txt").write_text(META.replace("14,3", "15"), "utf-8")
    (folder / "neuf.txt").write_text("Apple vaut 3 000 milliards de dollars.", "utf-8")
    assert add(target, folder) == [str(folder / "meta.txt"), str(folder / "neuf.txt")]
    assert "14,3 milliards de dollars" not in quotes(target)
    assert "15 milliards de dollars" in quotes(target)
    before = store.current(target)
    assert add(target, folder) == []
    assert store.current(target) == before


def test_what_is_known_of_a_document_counts_as_a_change(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "store"
    add(target, folder / "meta.txt")
    (folder / "documents.csv").write_text("file,published\nmeta.txt,2025-06-13\n", "utf-8")
    assert add(target, folder / "meta.txt") == [str(folder / "meta.txt")]
    assert store.load_table(target, "figures")["published"].tolist() == ["2025-06-13"]


def test_a_record_that_left_its_file_leaves_the_store(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "store"
    add(target, folder)
    lines = (folder / "mille.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "mille.jsonl").write_text("".join(lines[1:]), "utf-8")
    add(target, folder)
    assert "3 euros" not in quotes(target)
    assert "4 euros" in quotes(target)


def test_other_rules_read_everything_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "store"
    add(target, folder)
    before = quotes(target)
    monkeypatch.setattr(work, "rules_version", lambda: "others")
    monkeypatch.setattr(store, "rules_version", lambda: "others")
    assert len(add(target, folder)) == 9
    assert quotes(target) == before


def test_a_withdrawn_document_goes_with_its_figures(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "store"
    add(target, folder)
    with store.open_store(target) as writer:
        assert writer.withdraw(str(folder / "meta.txt")) == 1
        assert writer.withdraw("ailleurs") == 0
        writer.commit()
    assert list(store.check(target)) == []
    assert "14,3 milliards de dollars" not in quotes(target)
    assert "2,7 milliards de dollars" in quotes(target)
    with store.open_store(target) as writer:
        writer.withdraw(str(folder))
        writer.commit()
    assert quotes(target) == []
    assert len(add(target, folder)) == 9


def test_a_copy_takes_the_place_of_what_is_withdrawn(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "store"
    (folder / "copie.txt").write_text(META, "utf-8")
    add(target, folder)
    assert quotes(target).count("14,3 milliards de dollars") == 1
    with store.open_store(target) as writer:
        writer.withdraw(str(folder / "copie.txt"))  # read first: names are sorted
        writer.commit()
    add(target, folder / "meta.txt")
    assert quotes(target).count("14,3 milliards de dollars") == 1


def test_refusals_and_what_is_passed_over_are_rows_with_their_reasons(folder: Path, tmp_path: Path) -> None:
    (folder / "photo.jpg").touch()
    add(tmp_path / "store", folder)
    documents = store.load_table(tmp_path / "store", "documents")
    documents = documents.astype(object).where(documents.notna(), None)
    told = {Path(str(row.source)).name: (row.status, row.reason) for row in documents.itertuples()}
    assert told["faux.pdf"][0] == "refused"
    assert "not a sound PDF" in str(told["faux.pdf"][1])
    assert told["photo.jpg"] == ("passed over", ".jpg is not read")
    assert told["meta.txt"] == ("read", None)


def test_reprints_are_grouped(folder: Path, tmp_path: Path) -> None:
    text = next(iter(etl.read(CORPUS))).text
    (folder / "a.txt").write_text(text, "utf-8")
    (folder / "b.txt").write_text(text + "\n(avec AFP)", "utf-8")
    add(tmp_path / "store", folder)
    documents = store.load_table(tmp_path / "store", "documents").set_index("document_id")["source"]
    (row,) = store.load_table(tmp_path / "store", "reprints").to_dict("records")
    names = {key: Path(str(documents[name])).name for key, name in row.items()}
    assert names == {"document_id": "b.txt", "reprint_of": "a.txt"}


def test_other_programs_read_a_version_as_it_is(folder: Path, tmp_path: Path) -> None:
    add(tmp_path / "store", folder)
    version = store.current(tmp_path / "store")
    assert len(pd.read_parquet(version / "figures")) == 8
    query = f"select count(*) from '{version}/figures/*.parquet'"  # noqa: S608, a path of our own
    found = duckdb.sql(query)
    assert found is not None
    assert found.fetchall() == [(8,)]


def test_a_second_writer_is_told_to_wait(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "store"
    with store.open_store(target), pytest.raises(StoreError, match="another writer is at work"):
        add(target, folder)
    add(target, folder)


@pytest.mark.parametrize("step", range(6))
def test_a_full_disk_leaves_the_store_as_it_was(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    target = tmp_path / "store"
    add(target, folder / "meta.txt")
    before, version = quotes(target), store.current(target)
    written = store._write  # noqa: SLF001, where the disk is met
    count = 0

    def write(table: Any, path: Path) -> None:
        nonlocal count
        count += 1
        if count > step:
            path.write_bytes(b"PAR1")
            raise OSError(errno.ENOSPC, "No space left on device")
        written(table, path)

    monkeypatch.setattr(store, "_write", write)
    if step < 5:
        with pytest.raises(StoreError, match="No space left on device"):
            add(target, folder)
        assert (quotes(target), store.current(target)) == (before, version)
    else:
        add(target, folder)
    assert list(store.check(target)) == []
    assert not list((target / "versions").glob(".draft-*"))


@pytest.mark.slow
def test_killed_at_fifty_random_moments_the_store_is_always_whole_and_a_rerun_completes(
    tmp_path: Path,
) -> None:
    folder, target = tmp_path / "corpus", tmp_path / "store"
    folder.mkdir()
    for path in sorted(CORPUS.glob("*.md"))[:16]:
        shutil.copy(path, folder)
    script = Path(__file__).parent / "kills.py"
    done = subprocess.run(
        [sys.executable, script, folder, target, "50"], check=False, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    expected = etl.extract(etl.read(folder))
    assert quotes(target) == sorted(expected["quote"])
    assert list(store.check(target)) == []


@pytest.mark.parametrize("table", ["documents", "figures"])
def test_check_finds_a_byte_that_changed(folder: Path, tmp_path: Path, table: str) -> None:
    target = tmp_path / "store"
    add(target, folder)
    (part,) = (store.current(target) / table).glob("*.parquet")
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data)
    assert [line for line in store.check(target) if "not those that were written" in line]


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("quote", "15 milliards de dollars!", "does not stand in its text"),
        ("sentence", "Autre chose.", "does not stand in its text"),
        ("document_id", "0" * 16, "a document that is not there"),
        ("figure_id", "twice", "is there twice"),
    ],
)
def test_check_finds_a_quote_that_is_not_in_its_text(
    folder: Path, tmp_path: Path, column: str, cell: str, message: str
) -> None:
    target = tmp_path / "store"
    add(target, folder)
    version = store.current(target)
    (part,) = (version / "figures").glob("*.parquet")
    pd.read_parquet(part).assign(**{column: cell}).to_parquet(part)
    about = json.loads((version / "version.json").read_text("utf-8"))
    about["files"][f"figures/{part.name}"] = digest(part.read_bytes())
    (version / "version.json").write_text(json.dumps(about), "utf-8")
    assert any(message in line for line in store.check(target))


def test_a_store_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store; make one with"):
        store.current(tmp_path)
    (tmp_path / "current").write_text("../../ailleurs", "ascii")
    with pytest.raises(StoreError, match="is missing"):
        list(store.check(tmp_path))


def test_what_is_shared_has_quotes_and_hashes_and_no_sentence(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for options in ([], ["--store", str(tmp_path / "store")], ["--jobs", "2"]):
        out = tmp_path / "partage.csv"
        with pytest.raises(SystemExit):
            cli.main(["extract", str(folder), "--share", "-o", str(out), *options])
        shared = pd.read_csv(out)
        assert "sentence" not in shared
        assert "evidence" not in shared
        row = shared[shared["quote"] == "14,3 milliards de dollars"].iloc[0]
        assert row["text_sha256"] == digest(META.encode())
        assert META[row["start"] : row["end"]] == row["quote"]
        assert "investit" not in out.read_text("utf-8")
    capfd.readouterr()


def test_the_commands_add_check_and_withdraw(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    target = str(tmp_path / "store")

    def run_command(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as end:
            cli.main(list(arguments))
        return int(end.value.code or 0), capfd.readouterr().err

    status, told = run_command("extract", str(folder), "--store", target)
    assert (status, told.splitlines()[-2:]) == (
        1,
        ["8 documents read, 0 passed over, 1 refused", f"8 figures in {target}, version 000001"],
    )
    assert run_command("check", target)[0] == 0
    assert run_command("withdraw", target, str(folder / "meta.txt"))[0] == 0
    assert run_command("withdraw", target, "absent")[0] == 1
    assert run_command("facts", target)[0] == 0
    (Path(target) / "current").unlink()
    status, told = run_command("check", target)
    assert (status, "no store" in told) == (1, True)

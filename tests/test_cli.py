"""The command: what it prints and writes, and how it ends."""

import csv
import io
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import etl
from etl import cli, pipeline
from etl.quantities import find_amounts
from etl.readers import TYPES
from etl.table import FIGURES

COMMAND = [sys.executable, "-m", "etl"]
META = "Meta investit 14,3 milliards de dollars dans Scale AI.\n"
GOOGLE = "Google a payé 2,7 milliards de dollars pour Character.AI.\n"


class Done(NamedTuple):
    status: int
    out: str
    err: list[str]


Run = Callable[..., Done]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process, both outputs in pipes."""

    def run(*arguments: object) -> Done:
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert isinstance(end.value.code, int)
        return Done(end.value.code, out, err.splitlines())

    return run


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "meta.txt").write_text(META, encoding="utf-8")
    (folder / "google.md").write_text(f"---\ndate: 2024-08-02\n---\n{GOOGLE}", encoding="utf-8")
    return folder


def expected(folder: Path) -> pd.DataFrame:
    return etl.extract(etl.read(folder))


def from_csv(text: str) -> list[str]:
    return pd.read_csv(io.StringIO(text))["quote"].tolist()


# --- extract ----------------------------------------------------------------------------------------------


def test_in_a_pipe_extract_prints_csv_and_tells_what_it_did(run: Run, corpus: Path) -> None:
    done = run("extract", corpus)
    assert done.status == 0
    assert done.out.splitlines()[0] == ",".join(column.name for column in FIGURES)
    assert from_csv(done.out) == ["2,7 milliards de dollars", "14,3 milliards de dollars"]
    assert done.err == ["2 documents, 2 figures"]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_what_extract_writes_loads_back_equal(run: Run, corpus: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"figures{suffix}"
    done = run("extract", corpus, "-o", out)
    assert (done.status, done.out) == (0, "")
    assert done.err == ["2 documents, 2 figures", f"2 rows in {out}"]
    assert_frame_equal(etl.load(out), expected(corpus))


def test_a_format_is_printed_or_written_whatever_the_suffix(run: Run, corpus: Path, tmp_path: Path) -> None:
    printed = json.loads(run("extract", corpus, "--format", "webannotation").out)
    assert run("extract", corpus, "--format", "webannotation", "-o", tmp_path / "out.json").status == 0
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == printed
    assert printed["total"] == len(expected(corpus))


@pytest.mark.parametrize(
    ("format_", "message"),
    [
        ("xml", "format 'xml': use csv, jsonl, parquet, xlsx, webannotation"),
        ("parquet", "format 'parquet' is no text; name a file to write it to, with -o"),
    ],
)
def test_a_format_that_cannot_be_printed_is_one_line(
    run: Run, corpus: Path, format_: str, message: str
) -> None:
    done = run("extract", corpus, "--format", format_)
    assert (done.status, done.out, done.err) == (1, "", [message])


def test_metadata_can_be_given(run: Run, corpus: Path, tmp_path: Path) -> None:
    table = tmp_path / "known.csv"
    table.write_text("file,publisher\nmeta.txt,Le Monde\n", encoding="utf-8")
    out = tmp_path / "figures.csv"
    assert run("extract", corpus / "meta.txt", "--metadata", table, "-o", out).status == 0
    assert etl.load(out)["publisher"].tolist() == ["Le Monde"]


def test_texts_without_figures_give_an_empty_table(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Scale AI change de patron.", encoding="utf-8")
    done = run("extract", tmp_path)
    assert (done.status, done.err) == (0, ["1 document, 0 figures"])
    assert done.out.splitlines() == [",".join(column.name for column in FIGURES)]


def test_files_of_other_types_are_counted(run: Run, corpus: Path) -> None:
    for name in ("a.jpg", "b.jpg", "c.mp3"):
        (corpus / name).touch()
    (corpus / "copie.txt").write_text(META, encoding="utf-8")
    done = run("extract", corpus)
    assert done.status == 0
    assert done.err == [
        "4 files passed over: .jpg is not read (2), .mp3 is not read (1), a copy of an earlier document (1)",
        "2 documents, 2 figures",
    ]


# --- errors -----------------------------------------------------------------------------------------------


@pytest.fixture
def bad(tmp_path: Path) -> dict[str, Path]:
    """One of each thing that cannot be read."""
    paths = {
        name: tmp_path / name
        for name in ("absent.txt", "vide", "image.txt", "lien.txt", "lignes.jsonl", "a.jpg")
    }
    paths["vide"].mkdir()
    paths["image.txt"].write_bytes(b"\x89PNG\r\n\x1a\n\0")
    paths["lien.txt"].symlink_to(tmp_path / "nulle part")  # unreadable even for root
    paths["lignes.jsonl"].write_text('{"id": 1}\n', encoding="utf-8")
    paths["a.jpg"].touch()
    return paths


def test_each_bad_file_is_one_line_and_the_others_are_processed(
    run: Run, corpus: Path, bad: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "figures.jsonl"
    done = run("extract", *bad.values(), corpus, "-o", out)
    assert done.status == 1
    assert done.err == [
        f"{bad['absent.txt']}: no such file or folder; check the path",
        f"{bad['vide']}: no document in this folder; what is read is {TYPES}",
        f"{bad['image.txt']}: not text, but binary data; name it by its type",
        f"{bad['lien.txt']}: cannot be read (No such file or directory); check its permissions",
        f"{bad['lignes.jsonl']}, line 1: no 'text'; a document needs an id and a text",
        f"{bad['a.jpg']}: cannot read .jpg; what is read is {TYPES}",
        "2 documents, 2 figures",
        f"2 rows in {out}",
    ]
    assert_frame_equal(etl.load(out), expected(corpus))


def test_a_text_that_takes_too_long_is_one_line_and_the_others_are_processed(
    run: Run, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = find_amounts

    def without_end(text: str) -> Any:
        while "sans fin" in text:
            pass
        return find(text)

    monkeypatch.setattr(pipeline, "find_amounts", without_end)
    (corpus / "a.txt").write_text("Un texte sans fin à 3 euros.", encoding="utf-8")
    out = tmp_path / "figures.jsonl"
    done = run("extract", corpus, "-o", out, "--time-limit", 3)
    assert (done.status, len(etl.load(out))) == (1, 2)
    assert done.err[0] == f"{corpus / 'a.txt'}: takes longer than 3 seconds; not read"


def test_where_nothing_could_be_read_nothing_is_written(
    run: Run, bad: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "figures.csv"
    out.write_text("the table of yesterday", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    done = run("extract", *bad.values(), "-o", out)
    assert (done.status, done.out, len(done.err)) == (1, "", len(bad))
    assert out.read_text(encoding="utf-8") == "the table of yesterday"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("out", "message"),
    [
        pytest.param("figures.txt", "cannot write .txt; use .csv, .jsonl, .parquet", id="another type"),
        pytest.param("figures", "cannot write a file without suffix", id="no type"),
        pytest.param("absent/figures.csv", "there is no folder", id="no folder"),
        pytest.param("dossier.csv", "cannot write there", id="a folder"),
    ],
)
def test_what_cannot_be_written_is_one_line(
    run: Run, corpus: Path, tmp_path: Path, out: str, message: str
) -> None:
    (tmp_path / "dossier.csv").mkdir()
    before = sorted(tmp_path.iterdir())
    done = run("extract", corpus, "-o", tmp_path / out)
    assert (done.status, done.out) == (1, "")
    assert done.err[-1].startswith(f"{tmp_path / out}: {message}")
    assert sorted(tmp_path.iterdir()) == before


def test_a_writer_that_is_missing_is_named(
    run: Run, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    out = tmp_path / "figures.xlsx"
    assert run("extract", corpus, "-o", out) == (
        1,
        "",
        [f"{out}: XlsxWriter is not installed; run: pip install XlsxWriter"],
    )


def test_an_error_is_one_line_whatever_the_name(run: Run, tmp_path: Path) -> None:
    done = run("extract", tmp_path / "une\nligne\x1b[31m.txt")
    assert done.err == [f"{tmp_path}/une ligne\ufffd[31m.txt: no such file or folder; check the path"]


def test_wrong_arguments_end_with_their_own_status(run: Run) -> None:
    assert run("extract").status == 2
    assert run("extrait", "a.txt").status == 2


# --- facts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_facts_reconciles_a_saved_table(run: Run, corpus: Path, tmp_path: Path, suffix: str) -> None:
    figures = etl.save(expected(corpus), tmp_path / "figures.csv")
    out = tmp_path / f"facts{suffix}"
    done = run("facts", figures, "-o", out)
    facts = etl.reconcile(expected(corpus))
    assert (done.status, done.err) == (0, [f"{len(facts)} rows in {out}"])
    assert_frame_equal(etl.load(out), facts)


def test_in_a_pipe_facts_prints_csv(run: Run, corpus: Path, tmp_path: Path) -> None:
    done = run("facts", etl.save(expected(corpus), tmp_path / "figures.parquet"))
    assert done.status == 0
    assert done.out.startswith("fact_id,")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("absent.csv", None, "No such file or directory"),
        ("a.txt", META, "cannot read this kind of file; use .csv, .jsonl or .parquet"),
        ("a.csv", "nom,prix\nMeta,14\n", "not a table of ours"),
        ("a.jsonl", "pas du JSON\n", "not a table that Chiffrier wrote"),
    ],
)
def test_facts_of_no_table_is_one_line(
    run: Run, tmp_path: Path, name: str, content: str | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    done = run("facts", path)
    assert (done.status, done.out, len(done.err)) == (1, "", 1)
    assert done.err[0].startswith(f"{path}: {message}")


# --- explain ----------------------------------------------------------------------------------------------


def test_explain_marks_the_figure_and_names_the_deciding_words(run: Run) -> None:
    text = "Mercredi, Meta a investi près de 14,3 milliards de dollars dans Scale AI."
    done = run("explain", text, "--published", "2025-06-13")
    sentence, *lines = done.out.splitlines()
    assert (done.status, done.err) == (0, [])
    assert sentence == text.replace("14,3 milliards de dollars", "[14,3 milliards de dollars]")
    reasons = {line.split("\t")[0]: line.split("\t")[1:] for line in lines}
    assert set(reasons) == {"zone", *(column.name for column in FIGURES[12:-1])}
    assert reasons["value"] == ["14300000000", "14,3 milliards de dollars", "33-58"]
    assert reasons["qualifier"] == ["about", "près de", "25-32"]
    assert reasons["measure"] == ["deal_value", "investi", "17-24"]
    assert reasons["actor"] == ["Meta", "Meta", "10-14"]
    assert reasons["period"] == ["2025-06-11", "Mercredi", "0-8"]
    assert reasons["low"] == []


def test_explain_says_where_there_is_nothing_to_explain(run: Run) -> None:
    assert run("explain", "Scale AI change de patron.") == (0, "No figure in this text.\n", [])
    assert run("explain", META, "--published", "hier") == (
        1,
        "",
        ["published: 'hier' is no EDTF date; write it as 2025-06-13"],
    )


# --- help -------------------------------------------------------------------------------------------------


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version") == (0, f"chiffrier {etl.__version__}\n", [])


def test_help_tells_every_column(run: Run) -> None:
    out = run("extract", "--help").out
    for column in FIGURES:
        assert f"{column.name}  " in out
        assert column.meaning in out


# --- terminals, pipes, signals ----------------------------------------------------------------------------


def on_a_terminal(*arguments: object) -> str:
    """What a reader sees on a terminal of 160 columns."""
    mine, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "160", "TERM": "xterm", "NO_COLOR": "1"}
    command = [*COMMAND, *map(str, arguments)]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(mine, 65536):
                shown += piece
        except OSError:  # how Linux says that the other end has closed
            pass
    os.close(mine)
    assert process.returncode == 0, shown
    return shown.decode()


@pytest.mark.slow
def test_on_a_terminal_extract_prints_a_table_in_french(corpus: Path) -> None:
    shown = on_a_terminal("extract", corpus)
    assert "14,3 Md USD" in shown
    assert "deal_value" in shown
    assert "figure_id" not in shown


@pytest.mark.slow
def test_on_a_terminal_explain_prints_a_table() -> None:
    shown = on_a_terminal("explain", META)
    assert "│ 14,3 milliards de dollars │ 14-39 │" in shown


@pytest.mark.slow
def test_a_closed_pipe_is_quiet(corpus: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*COMMAND, "extract", corpus], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert done.stderr.decode() == "2 documents, 2 figures\n"
    assert done.returncode != 0


@pytest.mark.slow
def test_a_full_disk_is_one_line(corpus: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*COMMAND, "extract", corpus], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.stderr.decode().splitlines()[-1] == "cannot go on: No space left on device"
    assert done.returncode == 1


@pytest.mark.slow
def test_an_interrupt_is_quiet_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    records = (f'{{"id": "{n}", "text": "{META.strip()} {n}"}}\n' for n in range(100_000))
    (tmp_path / "long.jsonl").write_text("".join(records), encoding="utf-8")
    out = tmp_path / "figures.csv"
    command = [*COMMAND, "extract", str(tmp_path / "long.jsonl"), "-o", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert [line for line in err.splitlines() if b" so far" not in line] == []  # how far, where it took long
    assert [path.name for path in tmp_path.iterdir()] == ["long.jsonl"]


# --- serve ------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("what", ["demo", "texts", "table"])
def test_serve_prints_its_address_and_answers_there(what: str, corpus: Path, tmp_path: Path) -> None:
    table = etl.save(expected(corpus), tmp_path / "figures.jsonl")
    sources = {"demo": [], "texts": [str(corpus)], "table": [str(table)]}[what]
    command = [*COMMAND, "serve", *sources, "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        try:
            assert address.startswith("http://127.0.0.1:")
            with urllib.request.urlopen(address, timeout=30) as page:  # noqa: S310, it is our own
                assert "Chiffrier" in page.read().decode()
        finally:
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    served = " ".join(sources) or "the demo corpus"
    assert err.splitlines()[-1].endswith(f" of {served}; Ctrl-C ends it")


def test_serve_says_what_is_wrong_in_one_line(run: Run, corpus: Path, tmp_path: Path) -> None:
    table = etl.save(expected(corpus), tmp_path / "figures.csv")
    assert run("serve", table, corpus, "--port", "0").err == [
        f"{table}: a table is served alone; leave out the other paths"
    ]
    assert run("serve", tmp_path / "absent.csv", "--port", "0").err == [
        f"{tmp_path / 'absent.csv'}: No such file or directory"
    ]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run("serve", corpus, "--port", port).err == [
            f"127.0.0.1:{port}: cannot listen there (Address already in use); choose another --port or --host"
        ]


def test_without_the_extra_serve_says_how_to_get_it(
    run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dashboard.app", None)
    done = run("serve", corpus)
    assert (done.status, done.err) == (
        1,
        ["the dashboard needs dashboard.app; run: pip install 'chiffrier[dashboard]'"],
    )


# --- deals, comparisons, differences ------------------------------------------------------------------------


@pytest.fixture
def told(tmp_path: Path, run: Run) -> Path:
    """The figures of two deals, as a table."""
    texts = {
        "whatsapp": ("2014-02-20", "Facebook rachète WhatsApp pour 19 milliards de dollars."),
        "scale": (
            "2025-06-13",
            "Meta investit 14,3 milliards de dollars dans Scale AI, dont il détient 49 %.",
        ),
    }
    lines = (
        json.dumps({"id": name, "text": text, "published": day}, ensure_ascii=False)
        for name, (day, text) in texts.items()
    )
    (tmp_path / "texts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert run("extract", tmp_path / "texts.jsonl", "-o", tmp_path / "figures.csv").status == 0
    return tmp_path / "figures.csv"


def test_deals_and_how_they_compare(run: Run, told: Path) -> None:
    done = run("deals", told, "-o", told.parent / "deals.csv")
    assert (done.status, len(etl.load(told.parent / "deals.csv"))) == (0, 2)
    done = run("compare", told, "--to", "WhatsApp", "--currency", "EUR")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["target"], row["unit_restated"], row["rank"]) for row in rows] == [
        ("WhatsApp", "EUR", "1.0"),
        ("Scale AI", "EUR", "2.0"),
    ]


@pytest.mark.slow
def test_on_a_terminal_deals_and_comparisons_are_tables_in_french(told: Path) -> None:
    assert "14,3 Md USD" in on_a_terminal("deals", told)
    assert "49 %" in on_a_terminal("deals", told)
    assert "19 Md USD" in on_a_terminal("facts", told)
    assert "× 0,75" in on_a_terminal("compare", told, "--to", "WhatsApp")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "Figma"], "to 'Figma': no amount of it is here in that money; name an entity of the table"),
        (["--to", "WhatsApp", "--currency", "ABC"], "currency 'ABC': there is no rate"),
        (["--to", "WhatsApp", "--prices", "1492"], "prices of 1492: the US CPI-U has 1913 to 2025"),
    ],
)
def test_what_cannot_be_compared_is_one_line(
    run: Run, told: Path, arguments: list[str], message: str
) -> None:
    done = run("compare", told, *arguments)
    assert done.status == 1
    assert len(done.err) == 1
    assert done.err[0].startswith(message)


def test_what_changed_from_one_table_to_the_next(run: Run, told: Path) -> None:
    figures = etl.load(told)
    etl.save(figures[figures["subject"] != "WhatsApp"], told.parent / "old.csv")
    same, more = run("diff", told, told), run("diff", told.parent / "old.csv", told)
    assert (same.status, same.out) == (0, "")
    assert more.status == 1
    assert [line.split()[:2] for line in more.out.splitlines()] == [
        ["gained", "figure"],
        ["gained", "fact"],
    ]
    assert more.err == ["2 gained, 0 lost, 0 changed"]

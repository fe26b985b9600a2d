"""Corrections: a reader is heard after every reading, by one checked file, and told where it no longer fits."""

import json
import re
import tempfile
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import etl
from etl import cli, store
from etl import corrections as corrections_module
from etl.corrections import (
    ALREADY,
    CORRECTABLE,
    GONE,
    MOVED,
    UNREAD,
    Correction,
    add_correction,
    adopt,
    correct,
    correction_of,
    corrections_of,
    lines_of,
    read_corrections,
    rejection_of,
)
from etl.errors import CorrectionError, TableError
from etl.table import MEASURES, STATUSES, check

META = (
    "Meta investit 14,3 milliards de dollars (12,4 milliards d'euros) dans Scale AI. Elle perd 2 milliards."
)
GOOGLE = "Google a payé 2,7 milliards de dollars pour Character.AI."
DAY = date(2025, 6, 14)
WHO = {"reason": "Le journal s’est trompé\u00a0: c’est écrit plus bas", "author": "Léa Martin", "date": DAY}


def read(text: str, source: str) -> pd.DataFrame:
    return pd.DataFrame(etl.parse(text, published="2025-06-13", source=source))


FIGURES = pd.concat(
    [read(META, "meta.txt"), read(GOOGLE, "google.txt"), read("Meta paie 3 euros.", "trois.txt")],
    ignore_index=True,
)
DEAL = FIGURES.iloc[0]


def change(column: str, value: str | None, row: int = 0) -> Correction:
    return correction_of(FIGURES.iloc[row], column, value, **WHO)  # type: ignore[arg-type]


def reject(row: int) -> Correction:
    return rejection_of(FIGURES.iloc[row], **WHO)  # type: ignore[arg-type]


# --- applying -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("measure", "funding"),
        ("subject", "OpenAI"),
        ("actor", None),
        ("period", "2025-05"),
        ("status", "planned"),
    ],
)
def test_a_corrected_cell_is_as_the_reader_says_and_says_so(column: str, value: str | None) -> None:
    corrected, problems = correct(FIGURES, [change(column, value)])
    assert problems == []
    check(corrected)
    row = corrected.iloc[0]
    assert (None if pd.isna(row[column]) else row[column]) == value
    was = {name: str(cell) for name, cell in WHO.items()} | {"was": DEAL[column]}
    assert corrections_of(row) == {column: was}
    assert column not in json.loads(row["evidence"])
    others = [name for name in FIGURES if name not in (column, "evidence")]
    assert_frame_equal(corrected[others], FIGURES[others])
    assert_frame_equal(corrected.iloc[1:], FIGURES.iloc[1:])


def test_evidence_keeps_its_form() -> None:
    corrected, _ = correct(FIGURES, [change("subject", "OpenAI"), change("status", "denied")])
    for row in corrected.to_dict(orient="records"):
        for start, end, _ in json.loads(row["evidence"]).values():
            assert 0 <= start < end


def test_what_is_decided_is_open_no_more() -> None:
    row = FIGURES.index[FIGURES["unresolved"] == "no subject"][0]
    corrected, _ = correct(FIGURES, [change("subject", "Meta", row)])
    assert pd.isna(corrected["unresolved"][row])
    other, _ = correct(FIGURES, [change("status", "denied", row)])
    assert other["unresolved"][row] == "no subject"


def test_a_rejected_figure_is_in_no_table_and_no_fact() -> None:
    corrected, problems = correct(FIGURES, [reject(0)])
    assert problems == []
    check(corrected)
    assert corrected["quote"].tolist() == FIGURES["quote"].tolist()[1:]
    assert FIGURES["equivalent_of"].tolist()[1] == DEAL["figure_id"]
    assert corrected["equivalent_of"].isna().all()
    facts = etl.reconcile(corrected)
    assert DEAL["figure_id"] not in set(facts["figures"].explode())


def test_facts_follow_corrections() -> None:
    facts = etl.reconcile(
        etl.correct(FIGURES, [change("subject", "OpenAI"), change("subject", "OpenAI", 1)])[0]
    )
    assert set(facts.loc[facts["measure"] == "deal_value", "subject"]) == {"OpenAI", "Character.AI"}


def test_the_table_given_stays_as_it_is() -> None:
    before = FIGURES.copy()
    correct(FIGURES, [change("subject", "OpenAI"), reject(3)])
    assert_frame_equal(FIGURES, before)


def test_a_text_at_hand_stays_with_its_figures() -> None:
    figures = etl.parse(META)
    corrected, _ = correct(figures, [rejection_of(figures.iloc[0], reason="non", author="Léa")])
    assert META.split(maxsplit=1)[0] in corrected._repr_html_()  # type: ignore[operator]


@pytest.mark.parametrize("table", [pd.DataFrame({"a": [1]}), etl.reconcile(FIGURES)], ids=["any", "facts"])
def test_only_figures_are_corrected(table: pd.DataFrame) -> None:
    with pytest.raises(TableError):
        correct(table, [])


# --- properties ---------------------------------------------------------------------------------------------


VALUES: dict[str, st.SearchStrategy[str | None]] = {
    "measure": st.sampled_from((*MEASURES, None)),
    "status": st.sampled_from(STATUSES),
    "period": st.sampled_from(("2024", "2025-06", "2024-06~", "2025-01/2025-03", None)),
    "subject": st.sampled_from(("OpenAI", "L’Oréal\u00a0SA", '"=1+1"', "a\\b", None)),
    "actor": st.sampled_from(("Nvidia", "État français", None)),
}


@st.composite
def corrections(draw: st.DrawFn) -> list[Correction]:
    """Corrections of different cells, and rejections of other figures."""
    found: list[Correction] = []
    for row in draw(st.lists(st.sampled_from(range(len(FIGURES))), unique=True)):
        if draw(st.booleans()):
            found.append(reject(row))
            continue
        for column in draw(st.lists(st.sampled_from(CORRECTABLE), unique=True)):
            was = FIGURES[column][row]
            value = draw(VALUES[column])
            if value != (None if pd.isna(was) else was):
                found.append(change(column, value, row))
    return found


@settings(deadline=None)
@given(corrections())
def test_twice_is_once(entries: list[Correction]) -> None:
    once, problems = correct(FIGURES, entries)
    assert problems == []
    check(once)
    twice, _ = correct(once, entries)
    assert_frame_equal(twice, once)


@settings(deadline=None)
@given(st.data())
def test_order_does_not_matter(data: st.DataObject) -> None:
    entries = data.draw(corrections())
    other = data.draw(st.permutations(entries))
    assert_frame_equal(correct(FIGURES, other)[0], correct(FIGURES, entries)[0])


@settings(deadline=None)
@given(corrections())
def test_one_by_one_is_all_at_once(entries: list[Correction]) -> None:
    table = FIGURES
    for entry in entries:
        table, problems = correct(table, [entry])
        assert problems == []
    assert_frame_equal(table, correct(FIGURES, entries)[0])


@settings(deadline=None)
@given(corrections())
def test_rejected_figures_are_gone_from_figures_and_facts(entries: list[Correction]) -> None:
    corrected, _ = correct(FIGURES, entries)
    gone = {entry.figure_id for entry in entries if entry.reject}
    assert set(corrected["figure_id"]) == set(FIGURES["figure_id"]) - gone
    named = set(etl.reconcile(corrected)["figures"].explode().dropna())
    assert not named & gone
    assert not set(corrected["equivalent_of"].dropna()) & gone


@settings(deadline=None)
@given(corrections())
def test_what_is_written_is_read_again(entries: list[Correction]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "corrections.toml")
        for entry in entries:
            add_correction(path, entry)
        if entries:
            assert read_corrections(path) == tuple(entries)
            assert_frame_equal(correct(FIGURES, path)[0], correct(FIGURES, entries)[0])
        assert [file.name for file in Path(folder).iterdir()] == (["corrections.toml"] if entries else [])


# --- what has moved -----------------------------------------------------------------------------------------


def test_another_reading_than_expected_stays_and_is_told() -> None:
    now = FIGURES.assign(subject="Nvidia")
    corrected, [problem] = correct(now, [change("subject", "OpenAI")])
    assert_frame_equal(corrected, now)
    assert problem.kind == MOVED
    assert problem.line == (
        "correction: subject of '14,3 milliards de dollars' is 'Nvidia' now, not 'Scale AI'; look at it again"
    )


def test_what_the_rules_have_learnt_since_is_told() -> None:
    now = FIGURES.assign(subject="OpenAI")
    corrected, [problem] = correct(now, [change("subject", "OpenAI")])
    assert_frame_equal(corrected, now)
    assert (problem.kind, problem.line) == (
        ALREADY,
        "correction: subject of '14,3 milliards de dollars' is 'OpenAI' already; the entry can go",
    )
    _, [problem] = correct(FIGURES.drop(index=3), [reject(3), reject(2)])
    assert (problem.kind, problem.correction) == (UNREAD, reject(3))


def test_a_figure_that_is_found_no_more_is_told_with_its_neighbour() -> None:
    start, end = DEAL["start"], DEAL["end"]
    wider = FIGURES.assign(
        start=FIGURES["start"].where(FIGURES.index != 0, start - 3),
        figure_id=FIGURES["figure_id"].where(FIGURES.index != 0, "wider"),
        quote=FIGURES["quote"].where(FIGURES.index != 0, META[start - 3 : end]),
    )
    corrected, problems = correct(wider, [change("subject", "OpenAI")])
    assert_frame_equal(corrected, wider)
    assert [problem.kind for problem in problems] == [GONE]
    assert problems[0].line == (
        f"correction: no figure '14,3 milliards de dollars' stands at {start}-{end} of {DEAL['document_id']} any more; "
        f"'it 14,3 milliards de dollars' stands at {start - 3}-{end}: mend the entry"
    )


def test_a_text_that_has_changed_is_told_with_the_new_place() -> None:
    now = read(f"Enfin. {META}", "meta.txt")
    corrected, [problem] = correct(now, [change("subject", "OpenAI")])
    assert_frame_equal(corrected, now)
    assert problem.kind == GONE
    assert problem.line == (
        f"correction: meta.txt has changed, and is document {now['document_id'][0]} now; "
        f"'14,3 milliards de dollars' stands at {DEAL['start'] + 7}-{DEAL['end'] + 7}: mend the entry"
    )


def test_a_message_is_one_line_whose_typography_stays() -> None:
    figures = read("Meta paie 14\u00a0milliards d'euros pour Scale AI.", "meta.txt")
    entry = correction_of(figures.iloc[0], "subject", "OpenAI", **WHO)  # type: ignore[arg-type]
    [problem] = correct(figures.assign(subject="Nvidia"), [entry]).problems
    assert "subject of '14\u00a0milliards d'euros' is 'Nvidia' now" in problem.line


def test_what_was_not_read_is_counted_in_one_line() -> None:
    problems = correct(read(GOOGLE, "google.txt"), [change("subject", "OpenAI"), reject(1)]).problems
    assert {problem.kind for problem in problems} == {UNREAD}
    assert [*lines_of(problems)] == ["2 corrections are of documents that were not read or have no figure"]


# --- the file -----------------------------------------------------------------------------------------------

ENTRY = """\
[[correction]]
document_id = "4d4c7a28ca41b47e"
start = 15
end = 20
quote = "14 M€"
column = "subject"
expected = ""
value = "Scale AI"
reason = "C’est dit plus haut"
author = "Léa"
date = 2025-06-14
"""
REJECTION = "".join(
    line
    for line in ENTRY.replace("reason", "reject = true\nreason").splitlines(keepends=True)
    if line.split(" ")[0] not in ("column", "expected", "value")
)


def test_the_entries_of_the_documents_are_good(tmp_path: Path) -> None:
    told = (Path(__file__).parent.parent / "docs" / "commands.md").read_text("utf-8")
    path = tmp_path / "corrections.toml"
    for text in (told, corrections_module.__doc__ or ""):
        [entry] = re.findall(r"^    \[\[correction\]\]\n(?:    .*\n)+", text, re.MULTILINE)
        path.write_text(textwrap.dedent(entry), "utf-8")
        assert len(read_corrections(path)) == 1


def test_a_file_of_hand_is_read(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(f"# relu le 14 juin\n{ENTRY.replace('2025-06-14', repr('2025-06-14'))}", "utf-8")
    [entry] = read_corrections(path)
    assert entry == Correction(
        document_id="4d4c7a28ca41b47e",
        start=15,
        end=20,
        quote="14 M€",
        column="subject",
        expected=None,
        value="Scale AI",
        reason="C’est dit plus haut",
        author="Léa",
        date=DAY,
    )
    assert entry.place == f"{path}, correction 1"
    path.write_text(REJECTION, "utf-8")
    assert [entry.reject for entry in read_corrections(path)] == [True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            ENTRY.replace("author", "auteur"),
            ", correction 1: unknown key 'auteur'; the keys are document_id, start, end, quote, reason, author",
            id="unknown key",
        ),
        pytest.param(ENTRY.replace("reason", "#"), ", correction 1: 'reason' is missing", id="no reason"),
        pytest.param(
            ENTRY.replace("expected", "#"), ", correction 1: 'expected' is missing", id="nothing expected"
        ),
        pytest.param(ENTRY.replace("value", "#"), ", correction 1: 'value' is missing", id="no value"),
        pytest.param(
            ENTRY.replace('"Léa"', '""'),
            ", correction 1: 'author' must be a text in one line, not ''",
            id="empty author",
        ),
        pytest.param(
            ENTRY.replace('"Scale AI"', '"Scale\\nAI"'),
            r", correction 1: 'value' must be a text in one line, not 'Scale\nAI'",
            id="two lines",
        ),
        pytest.param(
            ENTRY.replace("15", '"15"'),
            ", correction 1: 'start' must be a whole number, not '15'",
            id="start",
        ),
        pytest.param(
            ENTRY.replace("2025-06-14", '"hier"'),
            ", correction 1: 'date' must be a date: 2025-06-14, not 'hier'",
            id="date",
        ),
        pytest.param(
            ENTRY.replace("2025-06-14", "2025-06-14T10:00:00"),
            ", correction 1: 'date' must be a date",
            id="time",
        ),
        pytest.param(
            ENTRY.replace("20\n", "21\n"),
            ", correction 1: '14 M€' is not 6 characters long, as end - start is",
            id="quote",
        ),
        pytest.param(
            ENTRY.replace("20\n", "15\n"),
            ", correction 1: no text stands at 15-15; start is below end",
            id="no text",
        ),
        pytest.param(
            ENTRY.replace('"subject"', '"value"'),
            ", correction 1: column 'value' cannot be corrected; they are measure, subject, actor, period, status",
            id="column",
        ),
        pytest.param(
            ENTRY.replace('"subject"', '"measure"'),
            ", correction 1: no measure is called 'Scale AI'; they are deal_value, funding",
            id="measure",
        ),
        pytest.param(
            ENTRY.replace('"subject"', '"status"').replace("Scale AI", "actual"),
            ", correction 1: 'expected' is empty, but every figure has a status",
            id="no status",
        ),
        pytest.param(
            ENTRY.replace('"subject"', '"period"'),
            ", correction 1: 'Scale AI' is no EDTF date; write it as 2025-06-13, 2025-06 or 2025",
            id="period",
        ),
        pytest.param(
            ENTRY.replace('""', '"Scale AI"'),
            ", correction 1: subject is to be 'Scale AI' instead of the same",
            id="same",
        ),
        pytest.param(
            REJECTION + 'column = "subject"\n',
            ", correction 1: 'column' says nothing of a figure that is rejected; take it out",
            id="rejected and corrected in one",
        ),
        pytest.param(
            ENTRY + ENTRY, ", correction 2: '14 M€' is corrected already in FILE, correction 1", id="twice"
        ),
        pytest.param(
            REJECTION + ENTRY,
            ", correction 2: '14 M€' is rejected already in FILE, correction 1",
            id="rejected and corrected",
        ),
        pytest.param(
            ENTRY + REJECTION,
            ", correction 2: '14 M€' is corrected already in FILE, correction 1",
            id="corrected and rejected",
        ),
        pytest.param(
            ENTRY.replace("correction", "mot"),
            ": no table is called 'mot'; write [[correction]] above each entry",
            id="table",
        ),
        pytest.param(ENTRY.replace("[[correction]]", "[correction]"), ": no table is called", id="no list"),
        pytest.param(
            "correction = [1]", ", correction 1: an entry is a table; write [[correction]]", id="no table"
        ),
        pytest.param(ENTRY + "[[", ": ", id="no TOML"),
    ],
)
def test_a_wrong_entry_is_refused_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(text, "utf-8")
    for refuses in (read_corrections, lambda path: add_correction(path, change("subject", "OpenAI"))):
        with pytest.raises(CorrectionError) as refused:
            refuses(path)
        assert str(refused.value).startswith(f"{path}{message.replace('FILE', str(path))}")
        assert "\n" not in str(refused.value)
        assert path.read_text("utf-8") == text


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match=r"none\.toml: No such file or directory"):
        read_corrections(tmp_path / "none.toml")
    (tmp_path / "a.toml").write_bytes(b"\xff")
    with pytest.raises(CorrectionError, match=r"a\.toml: is not UTF-8"):
        read_corrections(tmp_path / "a.toml")
    with pytest.raises(CorrectionError, match="cannot write there"):
        add_correction(tmp_path / "no" / "corrections.toml", reject(0))


def test_no_cell_is_corrected_by_two_files(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.toml", "b.toml")]
    for path in paths:
        add_correction(path, change("subject", "OpenAI"))
    with pytest.raises(CorrectionError, match=r"b\.toml, correction 1: .* is corrected already in .*a\.toml"):
        read_corrections(*paths)


def test_what_no_table_can_hold_is_no_correction() -> None:
    for column, value in (("value", "3"), ("status", None), ("measure", "colour"), ("subject", " OpenAI")):
        with pytest.raises(CorrectionError):
            change(column, value)
    with pytest.raises(CorrectionError, match="'reason' must be a text in one line"):
        replace(reject(0), reason="")


# --- adding -------------------------------------------------------------------------------------------------


def test_the_rest_of_the_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    kept = f"# Relecture de juin\n\n{ENTRY}\n# à revoir\n{ENTRY.replace('subject', 'actor').replace('4d4c', 'aaaa')}"
    path.write_text(kept, "utf-8")
    first, second = change("subject", "OpenAI"), change("subject", "OpenAI", 1)
    add_correction(path, first, second)
    text = path.read_text("utf-8")
    assert text.startswith(kept.rstrip())
    path.write_text(text + "# fin\n", "utf-8")
    add_correction(path, replace(first, value="Nvidia"))
    assert path.read_text("utf-8") == text.replace('value = "OpenAI"', 'value = "Nvidia"', 1) + "# fin\n"
    add_correction(path, replace(first, expected="Nvidia", value="Scale AI"))
    left = path.read_text("utf-8")
    assert left.startswith(kept)
    assert left.endswith("# fin\n")
    assert [entry.place[-1] for entry in read_corrections(path)] == ["1", "2", "3"]
    assert read_corrections(path)[2] == second


def test_a_cell_is_corrected_anew(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    add_correction(path, change("subject", "OpenAI"))
    shown = correct(FIGURES, path).figures.iloc[0]
    add_correction(path, correction_of(shown, "subject", "Nvidia", reason="encore", author="Paul", date=DAY))
    [entry] = read_corrections(path)
    assert (entry.expected, entry.value, entry.author) == ("Scale AI", "Nvidia", "Paul")
    shown = correct(FIGURES, path).figures.iloc[0]
    add_correction(path, correction_of(shown, "subject", "Scale AI", reason="non", author="Paul", date=DAY))
    assert read_corrections(path) == ()


@settings(deadline=None)
@given(
    said=st.lists(
        st.sampled_from(
            [("subject", "OpenAI"), ("subject", "Scale AI"), ("subject", None), ("actor", "Nvidia")]
        )
    ),
    at_once=st.booleans(),
)
def test_whoever_corrects_what_is_shown_sees_it_corrected(
    *, said: list[tuple[str, str | None]], at_once: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "corrections.toml")
        path.write_text(f"# tête\n{ENTRY}# fin\n", "utf-8")
        shown = {"subject": "Scale AI", "actor": "Meta"}
        entries: list[Correction] = []
        for column, value in said:
            if shown[column] == value:
                continue
            entry = replace(change("subject", "x"), column=column, expected=shown[column], value=value)
            shown[column] = value  # type: ignore[assignment]
            if at_once:
                entries.append(entry)
            else:
                add_correction(path, entry)
        add_correction(path, *entries)
        row = correct(FIGURES, path).figures.iloc[0]
        assert {name: None if pd.isna(row[name]) else row[name] for name in shown} == shown
        text = path.read_text("utf-8")
        assert text.startswith(f"# tête\n{ENTRY}# fin\n")
        assert len(read_corrections(path)) == 1 + sum(shown[name] != DEAL[name] for name in shown)


def test_another_cell_than_the_file_knows_is_not_corrected(tmp_path: Path) -> None:
    path = add_correction(tmp_path / "corrections.toml", change("subject", "OpenAI"))
    before = path.read_bytes()
    with pytest.raises(
        CorrectionError, match=r"makes subject of .* 'OpenAI', not 'Nvidia'; look at it again"
    ):
        add_correction(path, replace(change("subject", "Apple"), expected="Nvidia"))
    assert path.read_bytes() == before


def test_a_rejection_takes_the_place_of_corrections(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    add_correction(path, change("subject", "OpenAI"), change("actor", None), change("actor", None, 1))
    add_correction(path, reject(0))
    assert read_corrections(path) == (reject(0), change("actor", None, 1))
    before = path.read_bytes()
    with pytest.raises(
        CorrectionError, match=r"correction 1: rejects .*; take that out before it is corrected"
    ):
        add_correction(path, change("subject", "OpenAI"))
    assert path.read_bytes() == before


def test_a_form_that_is_too_free_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    inline = ", ".join(line for line in ENTRY.splitlines()[1:])
    path.write_text(f"correction = [{{{inline}}}]\n", "utf-8")
    before = path.read_bytes()
    assert len(read_corrections(path)) == 1
    with pytest.raises(CorrectionError, match=r"corrections\.toml"):
        add_correction(path, change("subject", "OpenAI"))
    assert path.read_bytes() == before


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = add_correction(tmp_path / "corrections.toml", change("subject", "OpenAI"))
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CorrectionError, match=r"cannot write there \(No space left on device\)"):
        add_correction(path, reject(1))
    assert path.read_bytes() == before
    assert [*tmp_path.iterdir()] == [path]


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    entries = [change("subject", f"Société {n}", row) for n, row in enumerate(range(len(FIGURES)))]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda entry: add_correction(path, entry), entries))
    assert {*read_corrections(path)} == {*entries}


# --- rebuilding ---------------------------------------------------------------------------------------------

Run = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process; gives its status and what it said on standard error."""

    def run(*arguments: object) -> tuple[int, list[str]]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main([str(argument) for argument in arguments])
        assert isinstance(end.value.code, int)
        told = capfd.readouterr().err.splitlines()
        return end.value.code, [line for line in told if not line.endswith(" so far")]  # on a slow machine

    return run


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "textes"
    folder.mkdir()
    (folder / "meta.txt").write_text(META, "utf-8")
    (folder / "google.txt").write_text(GOOGLE, "utf-8")
    return folder


def figure(texts: Path, quote: str) -> dict[str, Any]:
    [row] = [row for row in etl.extract(etl.read(texts)).to_dict(orient="records") if row["quote"] == quote]
    return {str(name): cell for name, cell in row.items()}


def write(path: Path, texts: Path) -> Path:
    """A correction of one figure and a rejection of another."""
    return add_correction(
        path,
        correction_of(figure(texts, "14,3 milliards de dollars"), "subject", "OpenAI", **WHO),  # type: ignore[arg-type]
        rejection_of(figure(texts, "2,7 milliards de dollars"), **WHO),  # type: ignore[arg-type]
    )


def are_corrected(figures: pd.DataFrame) -> bool:
    subjects = dict(zip(figures["quote"], figures["subject"], strict=True))
    return subjects["14,3 milliards de dollars"] == "OpenAI" and "2,7 milliards de dollars" not in subjects


@pytest.mark.parametrize("jobs", [1, 2])
def test_corrections_beside_the_texts_are_applied(run: Run, texts: Path, tmp_path: Path, jobs: int) -> None:
    path = write(texts / "corrections.toml", texts)
    out = tmp_path / "figures.csv"
    status, told = run("extract", texts, "-o", out, "-j", jobs)
    assert status == 0
    assert told == [f"with the corrections of {path}", "2 documents, 3 figures", f"3 rows in {out}"]
    assert are_corrected(etl.load(out))


def test_corrections_can_be_given(run: Run, texts: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "autres.toml", texts)
    out = tmp_path / "figures.parquet"
    assert run("extract", texts / "meta.txt", "--corrections", path, "-o", out) == (
        0,
        [
            f"with the corrections of {path}",
            "1 correction is of documents that were not read or have no figure",
            "1 document, 3 figures",
            f"3 rows in {out}",
        ],
    )
    assert etl.load(out)["subject"].tolist()[0] == "OpenAI"


def test_a_wrong_file_ends_the_command_before_it_reads(run: Run, texts: Path, tmp_path: Path) -> None:
    path = tmp_path / "autres.toml"
    path.write_text(ENTRY.replace("subject", "sujet"), "utf-8")
    status, told = run("extract", texts, "--corrections", path, "-o", tmp_path / "figures.csv")
    assert status == 1
    assert told[-1].startswith(f"{path}, correction 1: column 'sujet' cannot be corrected; they are measure")
    assert not (tmp_path / "figures.csv").exists()


def test_what_has_moved_is_told_on_standard_error(run: Run, texts: Path, tmp_path: Path) -> None:
    path = write(texts / "corrections.toml", texts)
    (texts / "meta.txt").write_text(f"Enfin. {META}", "utf-8")
    path.write_text(path.read_text("utf-8").replace('"14,3 milliards', '"15,3 milliards'), "utf-8")
    status, told = run("extract", texts, "-o", tmp_path / "figures.csv")
    assert status == 0
    assert told[1].startswith(f"{path}, correction 1: {texts / 'meta.txt'} has changed, and is document ")
    assert told[1].endswith("; take the entry out or mend it") or "mend the entry" in told[1]


def test_a_table_is_corrected_by_what_lies_beside_it(run: Run, texts: Path, tmp_path: Path) -> None:
    table = etl.save(etl.extract(etl.read(texts)), tmp_path / "figures.csv")
    path = write(tmp_path / "corrections.toml", texts)
    out = tmp_path / "facts.jsonl"
    status, told = run("facts", table, "-o", out)
    assert (status, told[0]) == (0, f"with the corrections of {path}")
    assert "OpenAI" in set(etl.load(out)["subject"])


def test_the_file_is_no_document(run: Run, texts: Path, tmp_path: Path) -> None:
    path = write(texts / "corrections.toml", texts)
    _, told = run("extract", texts / "meta.txt", path, "-o", tmp_path / "figures.csv")
    assert "1 file passed over: a list of corrections is no document (1)" in told
    below = texts / "plus-bas"
    below.mkdir()
    path.rename(below / "corrections.toml")
    _, told = run("extract", texts, "-o", tmp_path / "figures.csv")
    assert told[0].endswith("corrections are taken from the folder that is named, not from one below (1)")


def test_a_store_keeps_its_corrections_through_every_rebuilding(
    run: Run, texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "store"
    path = write(texts / "corrections.toml", texts)
    assert run("extract", texts, "--store", kept)[0] == 0
    assert are_corrected(etl.load(kept))
    assert run("check", kept)[0] == 0
    facts = store.load_table(kept, "facts")
    assert_frame_equal(facts, etl.reconcile(etl.load(kept)))
    first = store.current(kept)
    path.unlink()  # the store has taken them over
    run("extract", texts, "--store", kept)
    assert store.current(kept) == first
    (texts / "neuf.txt").write_text("Apple vaut 3 000 milliards de dollars.", "utf-8")
    run("extract", texts, "--store", kept)
    assert store.current(kept) != first
    assert are_corrected(etl.load(kept))
    from etl import work

    for module in (work, store):
        monkeypatch.setattr(module, "rules_version", lambda: "others")
    run("extract", texts, "--store", kept)
    assert are_corrected(etl.load(kept))
    run("withdraw", kept, texts / "neuf.txt")
    assert are_corrected(etl.load(kept))
    assert run("check", kept)[0] == 0


def test_a_correction_is_taken_back_from_a_store(run: Run, texts: Path, tmp_path: Path) -> None:
    kept = tmp_path / "store"
    run("extract", texts, "--store", kept)
    read = etl.load(kept)
    old = store.current(kept)
    path = write(kept / "corrections.toml", texts)
    run("extract", texts, "--store", kept)
    assert are_corrected(etl.load(kept))
    assert [*store.check(kept)] == []
    was = pd.concat(pd.read_parquet(part) for part in sorted((old / "figures").glob("*.parquet")))
    assert len(was) == len(read)  # the old version is as it was
    path.write_text("", "utf-8")
    run("extract", texts, "--store", kept)
    assert_frame_equal(etl.load(kept), read)
    assert [*store.check(kept)] == []


def test_a_store_tells_what_no_more_fits_at_every_run(run: Run, texts: Path, tmp_path: Path) -> None:
    kept = tmp_path / "store"
    write(texts / "corrections.toml", texts)
    run("extract", texts, "--store", kept)
    (texts / "meta.txt").write_text(f"Enfin. {META}", "utf-8")
    lines = []
    for _ in range(2):
        _, told = run("extract", texts, "--store", kept)
        lines.append([line for line in told if "has changed" in line])
    assert len(lines[0]) == 1
    assert lines[0] == lines[1]
    assert lines[0][0].startswith(f"{kept / 'corrections.toml'}, correction 1: ")


def test_what_lies_beside_the_texts_prevails_over_the_store(texts: Path, tmp_path: Path) -> None:
    row = figure(texts, "14,3 milliards de dollars")
    first = correction_of(row, "subject", "OpenAI", **WHO)  # type: ignore[arg-type]
    adopt(tmp_path, [first])
    adopt(tmp_path, [replace(first, expected="Apple", value="Nvidia")])
    [entry] = read_corrections(tmp_path / "corrections.toml")
    assert (entry.expected, entry.value) == ("Apple", "Nvidia")
    adopt(tmp_path, [rejection_of(row, **WHO)])  # type: ignore[arg-type]
    adopt(tmp_path, [first])
    assert read_corrections(tmp_path / "corrections.toml") == (first,)


def test_workers_that_write_by_themselves_do_not_correct(run: Run, texts: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "autres.toml", texts)
    for options in (["--corrections", path], []):
        status, told = run("extract", texts, "--store", "s3://bucket/figures", *options)
        assert status == 1
        assert told == [f"s3://bucket/figures: the workers of a cluster do not correct; leave out {path}"]
        path = path.rename(texts / "corrections.toml")

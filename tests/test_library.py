"""What is served: one library, whatever it was made of, that every process opens for itself and asks in good time."""

import gc
import multiprocessing
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import etl
from dashboard import data, filters, grid, library, texts
from dashboard.app import create_app
from dashboard.callbacks import prepare
from dashboard.library import AnswerError, Library, open_library
from dashboard.server import names_of, secure
from etl import store
from etl.documents import Document, find_placed
from etl.errors import TableError
from etl.work import Options, input_of, run

CORPUS = Path(__file__).parent.parent / "data" / "corpus"
ADDRESSES = (
    "?page=chiffres",
    "?page=chiffres&entite=Meta&depuis=2014&statut=actual",
    "?page=operations",
    "?page=operations&monnaie=EUR&prix=2025",
    "?page=valorisations&entite=OpenAI",
    "?page=comparaison",
    "?page=comparaison&operation=GitHub",
)


@cache
def corpus() -> tuple[Library, pd.DataFrame]:
    """The demo corpus as a library, and its figures."""
    documents = list(etl.read(CORPUS))
    figures = etl.extract(documents)
    return open_library(figures, documents), figures


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The demo corpus as a store."""
    folder = tmp_path / "store"
    with store.open_store(folder) as writer:
        list(store.add(writer, find_placed(CORPUS), lambda tasks: run(tasks, Options()), input_of))
        writer.commit()
    return folder


def shown(of: Library, address: str) -> list[Any]:
    """All that the page of an address shows, as plain values."""
    state = filters.parse(address)
    said: list[Any] = [filters.sentence(state, data.count(of, state))]
    said.append(data.choices(of, state, [row for row in filters.FILTERS if state.page.key in row.pages]))
    said.append(data.records(data.figures(of, state)))
    if state.page.key in filters.CHARTS:
        drawn = data.drawn(of, state)
        said += [data.records(drawn.facts), data.records(drawn.figures), drawn.is_crowded, drawn.unchanged]
    else:
        said.append(grid.answer(of, state, {"sortModel": [{"colId": "value", "sort": "desc"}]}))
    return said


def test_a_store_a_saved_table_and_a_frame_show_the_same(kept: Path, tmp_path: Path) -> None:
    frame, figures = corpus()
    saved = open_library(etl.save(figures, tmp_path / "figures.parquet"))
    stored = open_library(kept)
    for address in ADDRESSES:
        assert shown(saved, address) == shown(frame, address)
        assert shown(stored, address) == shown(frame, address)
    assert stored.figures == saved.figures == len(figures)
    known = [row | {"part": None} for row in data.documents(frame)]
    assert [row | {"part": None} for row in data.documents(stored)] == known
    name = known[0]["document_id"]
    assert data.text_of(stored, name) == data.text_of(frame, name) != data.text_of(saved, name)


def test_a_store_on_the_way_to_its_facts_is_served_too(tmp_path: Path) -> None:
    with store.open_store(tmp_path / "store") as writer:
        list(store.add(writer, find_placed(CORPUS), lambda tasks: run(tasks, Options()), input_of))
        writer.commit(final=False)
    assert shown(open_library(tmp_path / "store"), "?page=operations") == shown(
        corpus()[0], "?page=operations"
    )


def test_a_store_that_cannot_be_read_says_so_in_one_line(kept: Path) -> None:
    for part in (store.current(kept) / "figures").glob("*.parquet"):
        part.write_bytes(b"PAR1")
    with pytest.raises(TableError, match=r"cannot be read: .*figures.*parquet"):
        open_library(kept)


def test_an_empty_table_is_a_library_with_nothing_in_it() -> None:
    nothing = open_library(etl.parse("Rien."))
    assert shown(nothing, "?page=chiffres")[0].startswith("0\u00a0chiffre")
    assert data.drawn(nothing, filters.State()).facts.empty
    assert texts.summary(nothing) == "0\u00a0document, 0\u00a0chiffre"


# --- filters ------------------------------------------------------------------------------------------------


def chosen_from(column: str) -> st.SearchStrategy[tuple[str, ...]]:
    values = sorted({*corpus()[1][column].dropna(), "l'un; DROP TABLE figures"})
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple)


years = st.lists(st.integers(2010, 2026).map(str), max_size=1).map(tuple)
choices = st.fixed_dictionaries(
    {
        "mesure": st.deferred(lambda: chosen_from("measure")),
        "entite": st.deferred(lambda: st.one_of(chosen_from("subject"), chosen_from("actor"))),
        "statut": st.deferred(lambda: chosen_from("status")),
        "depuis": years,
        "jusque": years,
    }
)
RULES: dict[str, Callable[[dict[str, Any], tuple[str, ...]], bool]] = {
    "mesure": lambda row, values: row["measure"] in values,
    "entite": lambda row, values: row["subject"] in values or row["actor"] in values,
    "statut": lambda row, values: row["status"] in values,
    "depuis": lambda row, values: (row["period"] or "")[:4] >= values[0],
    "jusque": lambda row, values: bool(row["period"]) and row["period"][:4] <= values[0],
}


def left_of(chosen: dict[str, tuple[str, ...]], but: str | None = None) -> list[dict[str, Any]]:
    """The figures that the filters leave, found the long way."""
    held = {key: values for key, values in chosen.items() if values and key != but}
    rows = data.records(corpus()[1])
    return [row for row in rows if all(RULES[key](row, values) for key, values in held.items())]


@settings(deadline=None)  # the first question opens the library
@given(choices)
def test_filters_leave_the_rows_that_they_say(chosen: dict[str, tuple[str, ...]]) -> None:
    state = filters.State(filters.PAGE["chiffres"], chosen)
    names = [row["figure_id"] for row in left_of(chosen)]
    assert data.figures(corpus()[0], state)["figure_id"].tolist() == names
    assert data.count(corpus()[0], state).many == len(names)


@settings(deadline=None)  # the first question opens the library
@given(choices)
def test_a_filter_counts_what_the_others_leave(chosen: dict[str, tuple[str, ...]]) -> None:
    state = filters.State(filters.PAGE["chiffres"], chosen)
    for key, cells in (("entite", ("subject", "actor")), ("statut", ("status",))):
        counts: dict[str, int] = {}
        for row in left_of(chosen, but=key):
            for name in {row[cell] for cell in cells} - {None}:
                counts[name] = counts.get(name, 0) + 1
        offered = data.choices(corpus()[0], state, [filters.FILTER[key]])[key]
        assert {choice.value: choice.figures for choice in offered} == counts


def test_what_a_list_has_no_room_for_is_found_by_typing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "OFFERED", 3)
    state = filters.parse("?page=chiffres&entite=Character.AI")

    def offered_for(typed: str) -> list[str]:
        offered = data.choices(corpus()[0], state, [filters.FILTER["entite"]], typed)
        return [choice.value for choice in offered["entite"]]

    offered = offered_for("")
    assert len(offered) == 3 + 1
    assert "Character.AI" in offered  # what it holds is always offered, with its count
    assert "GitHub" not in offered
    assert "GitHub" in offered_for("github")


def test_what_is_held_is_counted_beyond_what_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "OFFERED", 1)
    chosen = {"entite": ("Skype", "GitHub"), "statut": ("actual",)}
    state = filters.State(filters.PAGE["chiffres"], chosen)
    offered = data.choices(corpus()[0], state, [filters.FILTER["entite"]])["entite"]
    counts = {choice.value: choice.figures for choice in offered}
    for name in chosen["entite"]:
        assert counts[name] == len(left_of({**chosen, "entite": (name,)})) > 0


# --- processes, patience, and what is not there --------------------------------------------------------------


def test_nothing_is_open_before_the_workers_part() -> None:
    library._opened.cache_clear()  # noqa: SLF001, what is open is looked at
    secure(create_app(open_library(corpus()[1].head(20))), names_of("127.0.0.1"))
    assert library._opened.cache_info().currsize == 0  # noqa: SLF001


def ask_in_another_process(of: Library) -> None:
    assert data.count(of, filters.parse("?page=chiffres")).many == 20


def test_every_worker_opens_the_library_for_itself() -> None:
    of = open_library(corpus()[1].head(20))
    library._opened.cache_clear()  # noqa: SLF001
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=ask_in_another_process, args=[of]) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert [worker.exitcode for worker in workers] == [0, 0]
    ask_in_another_process(of)  # a worker that ends takes nothing away


def test_a_library_that_nobody_needs_leaves_nothing_behind() -> None:
    of = open_library(corpus()[1].head(20))
    folder = of.path.parent
    library._remove(folder, os.getpid() + 1)  # noqa: SLF001, as a worker would that ends
    assert folder.is_dir()
    del of
    gc.collect()
    assert not folder.exists()


ENDLESS = "SELECT count(*) AS many FROM range(1000000) a, range(1000000) b WHERE a.range < b.range + 1"


def answer_of(of: Library, address: str) -> tuple[int, str]:
    """The status and the answer of the server to who opens the address, as it goes to the browser."""
    with create_app(of).server.test_client() as client:
        client.get("/")
        known = [callback["output"] for callback in client.get("/_dash-dependencies").get_json()]
        says = next(output for output in known if "sentence.children" in output)
        names = says.strip(".").split("...")
        asked = {
            "output": says,
            "outputs": [dict(zip(("id", "property"), name.split("."), strict=True)) for name in names],
            "inputs": [{"id": "url", "property": "search", "value": address}],
            "changedPropIds": ["url.search"],
        }
        answer = client.post("/_dash-update-component", json=asked)
        return answer.status_code, str(answer.get_json(silent=True))


def test_what_takes_too_long_is_stopped_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "PATIENCE", 0.3)
    of = open_library(corpus()[1].head(20))
    with pytest.raises(AnswerError, match="trop longue"):
        of.rows(ENDLESS)
    ask_in_another_process(of)  # and the next question is answered
    monkeypatch.setattr(data, "count", lambda library, _state: library.rows(ENDLESS))
    status, said = answer_of(of, "?page=chiffres")
    assert status == 200
    assert "trouble" in said
    assert "ajoutez un filtre" in said


def test_data_that_are_gone_are_told() -> None:
    of = open_library(corpus()[1].head(20))
    shutil.rmtree(of.path.parent)
    assert "relancez Chiffrier" in answer_of(of, "?page=chiffres")[1]


def test_an_error_that_is_ours_is_no_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "count", lambda *_: 1 / 0)
    assert answer_of(corpus()[0], "?page=chiffres")[0] == 500


def test_a_text_that_has_gone_leaves_its_sentences() -> None:
    text = "Meta investit 14,3 milliards de dollars dans Scale AI."
    document = Document(f"{1:016}", "un.txt", text)
    of = open_library(etl.extract([document]), [document])
    state = filters.parse(f"?page=document&document={1:016}")
    assert data.text_of(of, state.document) == text
    (of.path.parent / "texts.parquet").unlink()
    assert data.text_of(of, state.document) is None
    assert "n’y est plus" in str(texts.document(of, state))


def test_a_table_too_long_to_be_sent_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "_DOWNLOADED", 10)
    with pytest.raises(AnswerError, match="filtrez-les"):
        data.all_figures(corpus()[0])
    assert len(data.figures(corpus()[0], filters.parse("?page=chiffres&entite=Skype"))) <= 10


def test_what_every_reader_asks_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    of = corpus()[0]
    prepare(of)
    asked: list[str] = []
    monkeypatch.setattr(library, "_ask", lambda _path, question, *_: asked.append(question))
    status, said = answer_of(of, "?page=operations")
    assert status == 200
    assert "opérations de 2011 à" in said
    assert asked == []


def test_a_chart_draws_what_differs_before_what_says_the_same() -> None:
    texts = ["Meta rachète Scale AI pour 14 milliards de dollars."] * 40
    texts.append("Meta rachèterait Scale AI pour 15 milliards de dollars.")
    documents = [Document(f"{n:016}", f"{n}.txt", text, published="2025-06") for n, text in enumerate(texts)]
    drawn = data.drawn(open_library(etl.extract(documents)), filters.State())
    assert sorted(drawn.figures["value"].unique()) == [14e9, 15e9]
    assert len(drawn.figures) + drawn.unsaid == 41
    assert sum(map(len, drawn.facts["figures"])) == len(drawn.figures)

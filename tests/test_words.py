"""Words of the reader's own: what they add, what is refused, and where they are taken from."""

import io
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import etl
from etl import cli
from etl.errors import LexiconError
from etl.lexicon import words_beside, words_in_use
from etl.report import lines_of, unknown_of

Write = Callable[[str], Path]


@pytest.fixture(autouse=True)
def _own_words_alone() -> Iterator[None]:
    yield
    etl.use_words()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(words: str) -> Path:
        path = tmp_path / "my.toml"
        path.write_text(words, encoding="utf-8")
        return path

    return write


def cells(text: str, *columns: str) -> list[tuple[Any, ...]]:
    figures = etl.parse(text)[list(columns)].astype(object)
    return list(figures.where(figures.notna(), None).itertuples(index=False, name=None))


ENTITY = """
[[entity]]
name = "Brumeval"
kind = "company"
descriptions = ["l'horloger des montagnes"]
heads = ["Odile Ferrandin"]
example = "L'horloger des montagnes a perdu 3 millions d'euros."
"""


# --- what they add ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "text", "column", "before", "after"),
    [
        pytest.param(
            ENTITY,
            "L'horloger des montagnes a perdu 3 millions d'euros.",
            "subject",
            None,
            "Brumeval",
            id="an entity",
        ),
        pytest.param(
            '[[entity]]\nname = "Renault"\nkind = "company"\naliases = ["Vieuxlosange"]\n'
            'example = "Vieuxlosange a perdu 3 euros."\n',
            "Vieuxlosange a perdu 3 millions d'euros.",
            "subject",
            "Vieuxlosange",
            "Renault",
            id="an alias of an entity that is known",
        ),
        pytest.param(
            '[[currency]]\ncode = "EUR"\nnames = ["picaillons", "picaillon"]\nexample = "Elle paie 3 picaillons."\n',
            "Renault a payé 300 millions de picaillons.",
            "unit",
            None,
            "EUR",
            id="a name of a currency",
        ),
        pytest.param(
            '[[currency]]\ncode = "QQZ"\nnames = ["florette", "florettes"]\nexample = "Elle paie 3 florettes."\n',
            "Renault a payé 300 millions de florettes.",
            "unit",
            None,
            "QQZ",
            id="a currency",
        ),
        pytest.param(
            '[[cue]]\nmeasure = "debt"\nnouns = ["drapeau"]\nsubject = ["de"]\n'
            'example = "Le drapeau de Meta atteint 3 euros."\n',
            "Le drapeau de Renault est de 3 millions d'euros.",
            "measure",
            "other",
            "debt",
            id="a cue",
        ),
        pytest.param(
            '[[qualifier]]\nqualifier = "about"\nbefore = ["à la louche"]\n'
            'example = "Elle paie à la louche 3 euros."\n',
            "Renault a perdu à la louche 3 millions d'euros.",
            "qualifier",
            "exact",
            "about",
            id="a hedge",
        ),
        pytest.param(
            '[[group]]\nuse = "company description"\nwords = ["la fromagerie"]\n'
            'example = "Renault souffre. La fromagerie a perdu 3 euros."\n',
            "Renault souffre. La fromagerie a perdu 3 millions d'euros.",
            "subject",
            None,
            "Renault",
            id="a word of a group",
        ),
    ],
)
def test_words_are_read_once_they_are_in_use(
    write: Write, words: str, text: str, column: str, before: str | None, after: str
) -> None:
    def found() -> list[Any]:
        return [cell for (cell,) in cells(text, column)]

    assert after not in found()
    own = found()
    etl.use_words(write(words))
    assert found() == [after]
    etl.use_words()
    assert found() == own
    assert before is None or own == [before]


def test_a_head_who_is_added_acts_for_the_company(write: Write) -> None:
    etl.use_words(write(ENTITY))
    assert cells("Odile Ferrandin a investi 3 millions d'euros dans Soluvia.", "actor") == [("Brumeval",)]


def test_what_the_program_knows_of_an_entity_stays(write: Write) -> None:
    etl.use_words(
        write(
            '[[entity]]\nname = "Meta"\nkind = "company"\naliases = ["Metanco"]\nexample = "Metanco paie 3 euros."\n'
        )
    )
    text = "{} a perdu 3 millions d'euros."
    for name in ("Metanco", "Facebook", "La maison mère de Facebook"):
        assert cells(text.format(name), "subject") == [("Meta",)]


def test_later_words_take_the_place_of_earlier_ones(write: Write, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(ENTITY.replace("Brumeval", "Autreval"), encoding="utf-8")
    text = "L'horloger des montagnes a perdu 3 millions d'euros."
    etl.use_words(write(ENTITY))
    assert cells(text, "subject") == [("Brumeval",)]
    etl.use_words(other)
    assert cells(text, "subject") == [("Autreval",)]
    assert words_in_use() == ((other.name, other.read_text(encoding="utf-8")),)


def subjects(text: str) -> list[str]:
    return etl.parse(text)["subject"].tolist()


@pytest.mark.slow
@pytest.mark.parametrize("start", ["forkserver", "spawn"])
def test_a_worker_reads_with_the_words_in_use(write: Write, start: str) -> None:
    etl.use_words(write(ENTITY))
    pool = ProcessPoolExecutor(
        1,
        mp_context=multiprocessing.get_context(start),
        initializer=etl.use_words,
        initargs=words_in_use(),
    )
    with pool:
        done = pool.submit(subjects, "L'horloger des montagnes a perdu 3 millions d'euros.")
        assert done.result(timeout=60) == ["Brumeval"]


# --- what is refused -------------------------------------------------------------------------------------------

TWICE = '[[entity]]\nname = "{}"\nkind = "{}"\naliases = ["{}"]\nexample = "Elle paie 3 euros."\n'


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(
            ENTITY.replace("heads", "chefs"), "my.toml, entity 1: unknown key 'chefs'; ", id="unknown key"
        ),
        pytest.param(
            ENTITY.replace("example", "# "), "my.toml, entity 1: 'example' is missing", id="no example"
        ),
        pytest.param(
            ENTITY + ENTITY, "my.toml, entity 2: 'Brumeval' stands already in my.toml, entity 1", id="twice"
        ),
        pytest.param(
            TWICE.format("Meta", "company", "A1") + TWICE.format("Meta", "company", "A2"),
            "my.toml, entity 2: 'Meta' stands already in my.toml, entity 1",
            id="a known entity twice",
        ),
        pytest.param(
            TWICE.format("Brumeval", "company", "Facebook"),
            "my.toml, entity 1: 'Facebook' stands already in entities.toml, entity ",
            id="a name of another",
        ),
        pytest.param(
            TWICE.format("Facebook", "company", "FB"),
            "my.toml, entity 1: 'Facebook' stands already in entities.toml, entity ",
            id="an alias as a name",
        ),
        pytest.param(
            TWICE.format("Meta", "state", "FB"),
            "my.toml, entity 1: the kind of 'Meta' is 'company' already, not 'state'",
            id="another kind",
        ),
        pytest.param(
            ENTITY.replace('"company"', '"compagnie"'),
            "my.toml, entity 1: no kind is called 'compagnie'; they are company, ",
            id="no such kind",
        ),
        pytest.param(
            ENTITY.replace('["Odile Ferrandin"]', '"Odile Ferrandin"'),
            "my.toml, entity 1: 'heads' must be a list of phrases",
            id="no list",
        ),
        pytest.param(
            ENTITY.replace('"Odile Ferrandin"', '""'),
            "my.toml, entity 1: 'heads' must be a list of phrases",
            id="empty phrase",
        ),
        pytest.param(
            ENTITY.replace("heads = [", 'ambiguous = "oui"\nheads = ['),
            "my.toml, entity 1: 'ambiguous' must be true or false",
            id="no truth value",
        ),
        pytest.param("entity = [3]\n", "my.toml, entity 1: an entry is a table", id="no table"),
        pytest.param(
            '[[cue]]\nmeasure = "dette"\nnouns = ["drapeau"]\nexample = "Le drapeau."\n',
            "my.toml, cue 1: no measure is called 'dette'; they are assets, ",
            id="no such measure",
        ),
        pytest.param(
            '[[cue]]\nmeasure = "debt"\nverbs = ["pavoisions"]\nexample = "Elle pavoise."\n',
            "my.toml, cue 1: 'pavoisions' is no infinitive",
            id="no infinitive",
        ),
        pytest.param(
            '[[group]]\nuse = "entreprise"\nwords = ["la coopérative"]\nexample = "La coopérative."\n',
            "my.toml, group 1: no use is called 'entreprise'; they are ",
            id="no such use",
        ),
        pytest.param(
            '[[currency]]\ncode = "picaillon"\nnames = ["picaillons"]\nexample = "3 picaillons."\n',
            "my.toml, currency 1: 'picaillon' is no code of a currency; write it as EUR",
            id="no code",
        ),
        pytest.param(
            '[[currency]]\ncode = "BTU"\nnames = ["picaillons"]\nexample = "3 picaillons."\n',
            "my.toml, currency 1: 'BTU' is the symbol of another unit",
            id="the code of a unit",
        ),
        pytest.param(
            '[[currency]]\ncode = "QQZ"\nnames = ["euros"]\nexample = "3 euros."\n',
            "my.toml, currency 1: 'euros' stands already in currencies.toml, currency ",
            id="the name of another currency",
        ),
        pytest.param(
            '[[physical_unit]]\nunit = "arpent carré"\nnames = ["arpents"]\nexample = "3 arpents."\n',
            "my.toml, physical_unit 1: 'arpent carré' is no unit",
            id="no unit",
        ),
        pytest.param("[[entity", "my.toml: ", id="no TOML"),
    ],
)
def test_wrong_words_are_refused_by_place_and_change_nothing(write: Write, words: str, message: str) -> None:
    with pytest.raises(LexiconError) as refused:
        etl.use_words(write(words))
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)
    assert words_in_use() == ()
    assert cells("Meta a perdu 3 millions d'euros.", "subject", "unit") == [("Meta", "EUR")]


# --- where the command takes them from -------------------------------------------------------------------------

LOSS = "L'horloger des montagnes a perdu 3 millions d'euros.\n"


class Done:
    """What a command left: its status, and what it printed."""

    def __init__(self, status: object, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err.splitlines()


Run = Callable[..., Done]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> Done:
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main([str(argument) for argument in arguments])
        return Done(end.value.code, *capfd.readouterr())

    return run


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text(LOSS, encoding="utf-8")
    return folder


def subjects_in(table: str) -> list[str]:
    return pd.read_csv(io.StringIO(table), keep_default_na=False)["subject"].tolist()


def test_extract_and_explain_take_words(run: Run, corpus: Path, write: Write) -> None:
    words = write(ENTITY)
    assert subjects_in(run("extract", corpus).out) == [""]
    done = run("extract", corpus, "--words", words)
    assert subjects_in(done.out) == ["Brumeval"]
    assert done.err == [f"with the words of {words}", "1 document, 1 figure"]
    assert "\tBrumeval" in run("explain", LOSS, "--words", words).out
    assert "Brumeval" not in run("explain", LOSS).out


def test_words_beside_the_texts_are_taken(run: Run, corpus: Path) -> None:
    (corpus / "words.toml").write_text(ENTITY, encoding="utf-8")
    for path in (corpus, corpus / "a.txt"):
        done = run("extract", path)
        assert subjects_in(done.out) == ["Brumeval"]
        assert done.err == [f"with the words of {corpus / 'words.toml'}", "1 document, 1 figure"]
    assert run("extract", *corpus.iterdir()).err[1:] == [
        "1 file passed over: a list of words is no document (1)",
        "1 document, 1 figure",
    ]


def test_words_of_a_folder_below_are_passed_over(run: Run, corpus: Path) -> None:
    (corpus / "words.toml").write_text(ENTITY, encoding="utf-8")
    done = run("extract", corpus.parent)
    assert subjects_in(done.out) == [""]
    assert done.err[0].startswith("1 file passed over: words are taken from the folder that is named")


def test_words_are_looked_for_once_in_each_folder(corpus: Path) -> None:
    (corpus / "words.toml").touch()
    paths: list[str | Path] = [
        corpus,
        corpus / "a.txt",
        corpus / "b.txt",
        "-",
        "https://example.org/a.html",
        corpus / "absent",
    ]
    assert words_beside(paths) == [corpus / "words.toml"]


def test_a_currency_of_ones_own_goes_through_all_commands(run: Run, tmp_path: Path, write: Write) -> None:
    words = write('[[currency]]\ncode = "QQZ"\nnames = ["florettes"]\nexample = "Elle paie 3 florettes."\n')
    (tmp_path / "a.txt").write_text("Renault a perdu 3 millions de florettes.", encoding="utf-8")
    table = tmp_path / "figures.csv"
    assert run("extract", tmp_path / "a.txt", "--words", words, "-o", table).status == 0
    assert "QQZ" in run("facts", table, "--words", words).out
    assert run("deals", table).status == 1
    words.rename(tmp_path / "words.toml")
    for command in (("facts", table), ("deals", table), ("diff", table, table)):
        done = run(*command)
        assert (done.status, done.err[0]) == (0, f"with the words of {tmp_path / 'words.toml'}")


@pytest.mark.parametrize(
    "command", [("extract", "."), ("facts", "a.csv"), ("serve", "."), ("explain", "3 euros")]
)
def test_wrong_words_end_the_command_in_one_line(
    run: Run, write: Write, tmp_path: Path, command: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*command, "--words", write(ENTITY.replace("heads", "chefs")))
    assert (done.status, done.out) == (1, "")
    [line] = done.err
    assert line.startswith("my.toml, entity 1: unknown key 'chefs'; the keys are name, ")


@pytest.mark.slow
def test_processes_read_with_the_words(run: Run, corpus: Path, write: Write) -> None:
    words = write(ENTITY)
    done = run("extract", corpus, "--words", words, "--jobs", 2)
    assert subjects_in(done.out) == ["Brumeval"]


@pytest.mark.slow
def test_a_store_is_read_again_where_the_words_have_changed(
    run: Run, corpus: Path, write: Write, tmp_path: Path
) -> None:
    store = tmp_path / "store"

    def read(*arguments: object) -> str:
        done = run("extract", corpus, "--store", store, *arguments)
        return next(line for line in done.err if " read, " in line)

    assert read().startswith("1 document read")
    assert read().startswith("0 documents read")
    assert read("--words", write(ENTITY)).startswith("1 document read")
    assert etl.load(store)["subject"].tolist() == ["Brumeval"]
    assert read("--words", write(ENTITY)).startswith("0 documents read")
    assert read().startswith("1 document read")


# --- what the table does not know ------------------------------------------------------------------------------


def table(*rows: tuple[str | None, str | None, str | None, str | None]) -> pd.DataFrame:
    columns = ["measure", "subject", "actor", "unresolved"]
    figures = pd.DataFrame(rows, columns=columns, dtype="str")
    return figures.assign(quote=[f"{n} euros" for n in range(len(rows))], source="a.txt")


def test_what_is_open_is_counted_by_reason_and_column() -> None:
    figures = table(
        ("price", "Meta", None, None),
        ("other", None, None, "no cue"),
        ("other", "Meta", None, "no cue"),
        ("loss", None, None, "no subject"),
        ("loss", None, "Meta", "two candidates"),
    )
    assert [unknown[:4] for unknown in unknown_of(figures)] == [
        ("no cue", "measure", 2, "1 euros"),
        ("no cue", "actor", 2, "1 euros"),
        ("no cue", "subject", 1, "1 euros"),
        ("no subject", "subject", 1, "3 euros"),
        ("two candidates", "subject", 1, "4 euros"),
    ]


def test_a_table_that_knows_all_says_so() -> None:
    assert list(lines_of(table(("price", "Meta", None, None)))) == [
        "0 of 1 figures leave something open (0.0 %)"
    ]
    assert list(lines_of(table())) == ["0 of 0 figures leave something open"]


def test_extract_reports_what_it_left_open(run: Run, corpus: Path) -> None:
    done = run("extract", corpus, "--report")
    assert subjects_in(done.out) == [""]
    assert done.err == [
        "1 document, 1 figure",
        "1 of 1 figures leave something open (100.0 %)",
        "reason      column   figures   share  such as",
        f"no subject  subject        1  100.0 %  3 millions d'euros ({corpus / 'a.txt'})",
    ]

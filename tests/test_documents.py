"""Reading documents: what becomes of each kind of file, what is known of it, what is said of a bad one."""

import csv
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from etl import read
from etl.documents import Document, parse_published
from etl.errors import DocumentError


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def write_rows(path: Path, *rows: dict[str, str], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read_one(path: Path, **options: Any) -> Document:
    (document,) = read(path, **options)
    return document


def read_all(*paths: Path | str, **options: Any) -> tuple[list[Document], list[str], dict[str, str]]:
    """The documents, the messages of the errors, and what was passed over with its reason."""
    errors: list[str] = []
    skipped: dict[str, str] = {}
    documents = list(
        read(
            *paths,
            on_error=lambda problem: errors.append(str(problem)),
            on_skip=skipped.__setitem__,
            **options,
        )
    )
    return documents, errors, skipped


def own_id(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


# --- text ---------------------------------------------------------------------------------------------------


def test_a_text_is_the_whole_file_and_its_id_is_that_of_its_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Meta paie 14 milliards.\n")
    assert read_one(path) == Document(
        document_id=own_id(b"Meta paie 14 milliards.\n"),
        source=path.as_posix(),
        text="Meta paie 14 milliards.\n",
    )


def test_the_source_is_the_path_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "corpus" / "a.txt", "un")
    monkeypatch.chdir(tmp_path)
    assert [document.source for document in read("corpus")] == ["corpus/a.txt"]


def test_a_byte_order_mark_is_no_part_of_the_text_but_of_the_id(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfMeta"
    document = read_one(write(tmp_path / "a.txt", content))
    assert (document.text, document.document_id) == ("Meta", own_id(content))


def test_every_line_end_becomes_a_line_feed(tmp_path: Path) -> None:
    assert read_one(write(tmp_path / "a.txt", "un\r\ndeux\rtrois\n")).text == "un\ndeux\ntrois\n"


def test_an_empty_file_is_a_document_without_text(tmp_path: Path) -> None:
    assert read_one(write(tmp_path / "a.txt", "")).text == ""


# --- Markdown -----------------------------------------------------------------------------------------------

ARTICLE = """\
---
title: "Meta : le prix d’un rachat"
date: 2025-06-13
publisher: 'L''Observateur'
url: https://example.org/meta
language: fr
facts_from:
  - https://example.org/source
tags: [ia, rachats]
---

# Meta paie

---
14 milliards.
"""


def test_front_matter_gives_the_metadata_and_the_text_is_what_follows_verbatim(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", ARTICLE)
    assert read_one(path) == Document(
        document_id=own_id(ARTICLE.encode()),
        source=path.as_posix(),
        text="\n# Meta paie\n\n---\n14 milliards.\n",
        title="Meta : le prix d’un rachat",
        publisher="L'Observateur",
        published="2025-06-13",
        url="https://example.org/meta",
        language="fr",
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# Meta paie\n\n14 milliards.\n", id="none"),
        pytest.param("---\ntitle: jamais fermé\n", id="never closed"),
        pytest.param("---\nUn filet, puis de la prose.\n---\nEt la suite.\n", id="a rule around prose"),
    ],
)
def test_without_front_matter_the_text_is_the_whole_file(tmp_path: Path, text: str) -> None:
    document = read_one(write(tmp_path / "a.md", text))
    assert (document.text, document.title) == (text, None)


def test_front_matter_may_be_closed_at_once_or_fold_a_long_value(tmp_path: Path) -> None:
    assert read_one(write(tmp_path / "a.md", "---\n---\nMeta")).text == "Meta"
    folded = "---\ntitle: >-\n  Un titre\n  sur deux lignes\npublisher:\n---\nMeta"
    document = read_one(write(tmp_path / "b.md", folded))
    assert (document.title, document.publisher) == ("Un titre sur deux lignes", None)


# --- JSONL --------------------------------------------------------------------------------------------------


def test_a_record_is_a_document_named_by_its_id_and_identified_by_its_own_bytes(tmp_path: Path) -> None:
    first = '{"id": "dépêche-1", "text": "Meta paie.", "title": "Un rachat", "published": "2025-06"}'.encode()
    second = b'{"id": 2, "text": "", "publisher": null, "section": "tech"}'
    path = write(tmp_path / "a.jsonl", first + b"\r\n\n" + second)
    assert list(read(path)) == [
        Document(own_id(first), "dépêche-1", "Meta paie.", title="Un rachat", published="2025-06"),
        Document(own_id(second), "2", ""),
    ]


def test_a_record_keeps_its_id_wherever_it_stands(tmp_path: Path) -> None:
    record = b'{"id": "a", "text": "Meta"}'
    alone = read_one(write(tmp_path / "alone.jsonl", b"\xef\xbb\xbf" + record))
    among = list(read(write(tmp_path / "among.jsonl", b'{"id": "b", "text": ""}\n' + record + b"\n")))
    assert alone == among[1]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param(b'{"id": "a"', "not JSON (", id="no JSON"),
        pytest.param(b"[1, 2]", "not a JSON object", id="no object"),
        pytest.param(b"[" * 100_000, "not JSON (", id="too deep"),
        pytest.param(b'{"text": "Meta"}', "no 'id'", id="no id"),
        pytest.param(b'{"id": "a"}', "no 'text'", id="no text"),
        pytest.param(b'{"id": "a", "text": ["Meta"]}', "'text' is not text", id="text is a list"),
        pytest.param(b'{"id": "a", "text": "\\ud800"}', "'text' holds a lone surrogate", id="surrogate"),
        pytest.param(b'{"id": "a", "text": "\\u0000"}', "NUL character", id="NUL"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, line: bytes, message: str) -> None:
    good = b'{"id": "%d", "text": "Meta"}'
    path = write(tmp_path / "a.jsonl", b"\n".join([good % 1, line, good % 3]))
    documents, [error], _ = read_all(path)
    assert [document.source for document in documents] == ["1", "3"]
    assert error.startswith(f"{path}, line 2: ")
    assert message in error
    assert "\n" not in error


# --- folders ------------------------------------------------------------------------------------------------


def test_a_folder_is_walked_in_sorted_order_with_all_that_is_below(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "c/d/e.TXT", "a/b.jsonl"):
        write(tmp_path / name, json.dumps({"id": "record", "text": name}))
    names = [Path(document.source).name for document in read(tmp_path)]
    assert names == ["record", "z.md", "b.txt", "e.TXT"]


def test_reading_is_lazy(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        write(tmp_path / name, name)
    documents = read(tmp_path)
    next(documents)
    (tmp_path / "b.txt").unlink()
    with pytest.raises(DocumentError, match=r"b\.txt: cannot be read"):
        next(documents)


def test_files_of_other_types_are_passed_over_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "Meta")
    write(tmp_path / "b.jpg", "JFIF")
    write(tmp_path / "LISEZMOI", "")
    write(tmp_path / "figures.jsonl", '{"figure_id": "a:0-1"}\n')
    (tmp_path / "loop").symlink_to(tmp_path)
    documents, errors, skipped = read_all(tmp_path)
    assert (len(documents), errors) == (1, [])
    assert {Path(name).name: reason for name, reason in skipped.items()} == {
        "LISEZMOI": "a file without suffix is not read",
        "b.jpg": ".jpg is not read",
        "figures.jsonl": "a table of Chiffrier's is no document",
        "loop": "a link to a folder",
    }


def test_hidden_files_and_the_metadata_are_not_documents(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "Meta")
    write(tmp_path / ".git" / "b.txt", "caché")
    write(tmp_path / "._a.txt", b"\0")
    write_rows(tmp_path / "documents.csv", {"file": "a.txt"})
    documents, errors, skipped = read_all(tmp_path)
    assert (len(documents), errors, skipped) == (1, [], {})


def test_a_document_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Meta")
    copy = write(tmp_path / "b.txt", "Meta")
    documents, _, skipped = read_all(path, tmp_path)
    assert [document.source for document in documents] == [path.as_posix()]
    assert skipped[copy.as_posix()] == "a copy of an earlier document"


def test_a_name_that_is_no_text_gives_a_source_that_is(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xe9.txt")).write_text("Meta")
    assert read_one(tmp_path).source.endswith("/\ufffd.txt")


# --- metadata -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ","), ("utf-8-sig", ";")],
)
def test_a_table_beside_the_files_says_what_is_known_of_them(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = write(tmp_path / "a.txt", "Meta")
    known = {
        "publisher": "Le Télégramme",
        "published": "2025-06-13",
        "title": "Meta, Scale",
        "language": "fr",
    }
    write_rows(tmp_path / "documents.csv", {"file": "a.txt", **known}, encoding=encoding, delimiter=delimiter)
    for given in (tmp_path, path):
        document = read_one(given)
        assert {name: getattr(document, name) for name in known} == known
        assert document.url is None


def test_a_table_may_name_files_below_it(tmp_path: Path) -> None:
    write(tmp_path / "2025" / "a.txt", "Meta")
    write(tmp_path / "a.txt", "Scale")
    rows = {"file": "2025/a.txt", "title": "en bas"}, {"file": "a.txt", "title": "en haut"}
    write_rows(tmp_path / "documents.csv", *rows)
    assert [(d.text, d.title) for d in read(tmp_path)] == [("Meta", "en bas"), ("Scale", "en haut")]


def test_the_table_prevails_over_the_front_matter_where_a_cell_is_filled(tmp_path: Path) -> None:
    write(tmp_path / "a.md", ARTICLE)
    write_rows(tmp_path / "documents.csv", {"file": "a.md", "published": "2025-06-14", "publisher": ""})
    document = read_one(tmp_path)
    assert (document.published, document.publisher) == ("2025-06-14", "L'Observateur")


def test_another_table_can_be_given_in_its_place(tmp_path: Path) -> None:
    write(tmp_path / "corpus" / "a.txt", "Meta")
    write(tmp_path / "corpus" / "b.jsonl", '{"id": "dépêche-1", "text": "Scale"}')
    write_rows(tmp_path / "corpus" / "documents.csv", {"file": "a.txt", "title": "un", "language": "fr"})
    table = write_rows(
        tmp_path / "known.csv", {"file": "a.txt", "title": "deux"}, {"file": "dépêche-1", "title": "trois"}
    )
    documents = read(tmp_path / "corpus", metadata=table)
    assert [(document.title, document.language) for document in documents] == [
        ("deux", None),
        ("trois", None),
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        pytest.param(
            "name,title\na.txt,un\n", ": no column 'file'; the columns are file, title", id="no file"
        ),
        pytest.param("", ": no column 'file'", id="empty"),
        pytest.param(b"file,title\na.txt,\0\n", ": not text, but binary data", id="binary"),
        pytest.param(
            "file,title\na.txt,Meta, Scale\n", ", line 2: more cells than columns", id="a loose comma"
        ),
        pytest.param("file\na.txt\na.txt\n", ", line 3: 'a.txt' has a row above", id="a file twice"),
        pytest.param(
            "file,published\na.txt,13/06/2025\n",
            ", line 2: '13/06/2025' is no EDTF date, so it is left out; write it as 2025-06-13",
            id="no EDTF date",
        ),
    ],
)
def test_a_bad_table_or_row_is_named_and_the_texts_are_read(
    tmp_path: Path, table: str | bytes, message: str
) -> None:
    write(tmp_path / "a.txt", "Meta")
    write(tmp_path / "b.txt", "Scale")
    path = write(tmp_path / "documents.csv", table)
    documents, [error], _ = read_all(tmp_path / "a.txt", tmp_path / "b.txt")
    assert [(document.text, document.published) for document in documents] == [
        ("Meta", None),
        ("Scale", None),
    ]
    assert error.startswith(f"{path}{message}")


def test_a_wrong_date_costs_a_document_only_its_date(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", "---\ntitle: Un rachat\ndate: hier\n---\nMeta")
    [document], [error], _ = read_all(path)
    assert (document.title, document.published) == ("Un rachat", None)
    assert error == f"{path}: 'hier' is no EDTF date, so it is left out; write it as 2025-06-13"


@pytest.mark.parametrize(
    ("cell", "edtf"),
    [
        ("2025", "2025"),
        ("2025-06", "2025-06"),
        (" 2025-06-13 ", "2025-06-13"),
        ("2024-06~", "2024-06~"),
        ("2025-34", "2025-34"),
        ("2025-06-13T18:02:00+02:00", "2025-06-13"),
        ("2025-06-13 18:02", "2025-06-13"),
        ("2025-02-30", None),
        ("2025-13", None),
        ("2025-34-01", None),
        ("0000", None),
        ("13 juin 2025", None),
        ("", None),
    ],
)
def test_a_date_is_edtf_or_none(cell: str, edtf: str | None) -> None:
    assert parse_published(cell) == edtf


# --- errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("absent.txt", None, "no such file or folder", id="missing"),
        pytest.param(
            "vide/", None, "no document in this folder; what is read is .txt, .md, .html", id="empty"
        ),
        pytest.param("a.txt", bytes(range(256)), "not text, but binary data", id="binary"),
        pytest.param("a.md", b"Meta\0", "not text, but binary data", id="NUL"),
        pytest.param("a.jpg", b"JFIF", "cannot read .jpg; what is read is .txt, .md, .html", id="type"),
        pytest.param("a.jsonl", b'{"fact_id": "1"}', "a table of Chiffrier's, not documents", id="table"),
    ],
)
def test_what_cannot_be_read_is_one_line_that_names_it(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        write(path, content)
    elif name.endswith("/"):
        path.mkdir()
    good = write(tmp_path / "bon.txt", "Scale")
    documents, [error], _ = read_all(path, good)
    assert [document.text for document in documents] == ["Scale"]
    assert error.startswith(f"{path}: {message}")
    assert "\n" not in error


def test_a_file_that_the_system_refuses_is_one_line(tmp_path: Path) -> None:
    # Root may read anything, so permissions would prove nothing; a dangling link fails for everyone.
    (tmp_path / "a.txt").symlink_to(tmp_path / "absent")
    os.mkfifo(tmp_path / "b.txt")
    write(tmp_path / "c.txt", "Scale")
    documents, errors, _ = read_all(tmp_path)
    assert [document.text for document in documents] == ["Scale"]
    assert errors == [
        f"{tmp_path / 'a.txt'}: cannot be read (No such file or directory); check its permissions",
        f"{tmp_path / 'b.txt'}: not a regular file; copy what it gives into one",
    ]


def test_a_folder_that_cannot_be_listed_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a" / "a.txt", "Meta")
    write(tmp_path / "b.txt", "Scale")
    scandir = os.scandir

    def refuse(folder: Path) -> Any:
        if folder == tmp_path / "a":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    documents, errors, _ = read_all(tmp_path)
    assert [document.text for document in documents] == ["Scale"]
    assert errors == [f"{tmp_path / 'a'}: cannot be listed (Permission denied); check its permissions"]


def test_an_empty_path_is_not_the_working_folder() -> None:
    assert read_all("") == ([], ["an empty path: name a file or a folder"], {})


def test_without_a_listener_the_first_error_is_raised(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file or folder"):
        list(read(tmp_path / "absent.txt"))

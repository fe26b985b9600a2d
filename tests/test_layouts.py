"""What a document's layout says: tables, lists, quotations, line breaks and notes, in the formats that have them."""

import gzip
import io
import mailbox
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import pandas as pd
import pytest

import etl
from etl.documents import Document
from etl.limits import Limits

LONG = (
    "Le groupe annonce des résultats en hausse pour la troisième année de suite, portés par ses ventes en Europe et en "
    "Asie, et confirme ses prévisions pour l'exercice qui vient de s'ouvrir."
)


def read_one(path: Path, content: bytes) -> Document:
    path.write_bytes(content)
    (document,) = etl.read(path)
    return document


def page(body: str, head: str = "") -> bytes:
    article = f"<article><h1>Un bilan</h1><p>{LONG}</p>{body}<p>{LONG.upper()}</p></article>"
    return f'<html lang="fr"><head><title>Un bilan</title>{head}</head><body>{article}</body></html>'.encode()


def lines(document: Document) -> list[str]:
    return [line for line in document.text.split("\n") if line]


# --- pages --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "<table><tr><th>Société</th><th>Ventes</th></tr><tr><td>Danone</td><td>27 M€</td></tr></table>",
            ["Société | Ventes", "Danone | 27 M€"],
            id="a row is a line",
        ),
        pytest.param(
            "<ul><li>Danone verse 27 millions d'euros.</li><li>Orange, 3 millions.</li></ul>",
            ["- Danone verse 27 millions d'euros.", "- Orange, 3 millions."],
            id="an item is a line",
        ),
        pytest.param(
            "<blockquote><p>Nous versons 27 millions d'euros.</p><p>Et rien de plus.</p></blockquote>",
            ["Nous versons 27 millions d'euros.", "Et rien de plus."],
            id="a quotation keeps its paragraphs",
        ),
        pytest.param(
            "<p>Danone verse<br>27 millions d'euros.</p>",
            ["Danone verse", "27 millions d'euros."],
            id="a line break",
        ),
    ],
)
def test_a_page_keeps_its_layout(tmp_path: Path, body: str, expected: list[str]) -> None:
    told = lines(read_one(tmp_path / "page.html", page(body)))
    begin = told.index(expected[0])
    assert told[begin : begin + len(expected)] == expected
    assert told[0] == "Un bilan"


@pytest.mark.parametrize(
    "content",
    [b"<html><body></body></html>", b" \n", b"<!-- rien -->"],
    ids=["no article", "blank", "a comment"],
)
def test_a_page_without_text_is_passed_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "page.html").write_bytes(content)
    passed: dict[str, str] = {}
    assert list(etl.read(tmp_path, on_skip=passed.__setitem__)) == []
    assert [reason.partition(" ")[0] for reason in passed.values()] == ["a"]


# --- word processors ----------------------------------------------------------------------------------------


def test_the_tables_and_properties_of_a_word_document_are_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = "Un bilan", "Jeanne Durand"
    document.add_paragraph("En 2025 :")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Société", "Ventes\nnettes", "Danone", "27 M€"), strict=True):  # noqa: SLF001
        cell.text = text
    out = io.BytesIO()
    document.save(out)
    read = read_one(tmp_path / "bilan.docx", out.getvalue())
    assert lines(read) == ["En 2025 :", "Société | Ventes nettes", "Danone | 27 M€"]
    assert (read.title, read.author) == ("Un bilan", "Jeanne Durand")


NAMES = ("office", "text", "table", "meta")
ODF = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in NAMES)
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def odt(body: str, meta: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        content = f"<office:body><office:text>{body}</office:text></office:body>"
        archive.writestr("content.xml", f"<office:document-content {ODF}>{content}</office:document-content>")
        if meta:
            about = f"<office:meta>{meta}</office:meta>"
            archive.writestr("meta.xml", f"<office:document-meta {ODF} {DC}>{about}</office:document-meta>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "<table:table><table:table-row><table:table-cell><text:p>Danone</text:p></table:table-cell>"
            "<table:table-cell><text:p>27 M€</text:p></table:table-cell></table:table-row></table:table>",
            ["Danone | 27 M€"],
            id="a row",
        ),
        pytest.param(
            "<text:p>Danone<text:line-break/>27 M€</text:p>", ["Danone", "27 M€"], id="a line break"
        ),
        pytest.param(
            "<text:p>Danone<text:tab/>27<text:s/>M€</text:p>", ["Danone 27 M€"], id="tabs and spaces"
        ),
        pytest.param(
            "<text:p>Danone <text:span>verse</text:span> 27 M€</text:p>", ["Danone verse 27 M€"], id="a span"
        ),
        pytest.param(
            "<text:p>Danone<text:note><text:p>ex-BSN</text:p></text:note> verse 27 M€</text:p>",
            ["Danone verse 27 M€", "ex-BSN"],
            id="a note leaves its sentence",
        ),
        pytest.param(
            "<text:tracked-changes><text:p>Danone verse 26 M€</text:p></text:tracked-changes><text:p>27 M€</text:p>",
            ["27 M€"],
            id="what was deleted is not read",
        ),
    ],
)
def test_an_open_document_keeps_its_layout(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert lines(read_one(tmp_path / "bilan.odt", odt(body))) == expected


@pytest.mark.parametrize(
    "author", ["<meta:initial-creator>J. Durand</meta:initial-creator>", "<dc:creator>J. Durand</dc:creator>"]
)
def test_an_open_document_says_who_wrote_it(tmp_path: Path, author: str) -> None:
    meta = f"<dc:title>Un bilan</dc:title>{author}<dc:language>fr-FR</dc:language>"
    document = read_one(tmp_path / "bilan.odt", odt("<text:p>27 M€</text:p>", meta))
    assert (document.title, document.author, document.language) == ("Un bilan", "J. Durand", "fr")


# --- mail ---------------------------------------------------------------------------------------------------


def mail(
    content: str, subtype: str = "plain", sender: str = "Le Quotidien <a@quotidien.example>"
) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["Date"] = (
        "La lettre",
        sender,
        "Fri, 13 Jun 2025 18:02:00 +0200",
    )
    message.set_content(content, subtype=subtype)
    return message


def test_a_newsletter_is_read_without_its_style_and_scripts(tmp_path: Path) -> None:
    head, body = "<style>p{color:red}</style>", "<h1>La lettre</h1><p>Danone <b>verse</b> 27 M€</p>"
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    document = read_one(tmp_path / "lettre.eml", bytes(mail(html, "html")))
    assert lines(document) == ["La lettre", "Danone verse 27 M€"]


def test_a_sender_without_a_name_is_the_publisher_by_his_address(tmp_path: Path) -> None:
    document = read_one(tmp_path / "lettre.eml", bytes(mail("27 M€", sender="a@quotidien.example")))
    assert (document.publisher, document.published) == ("a@quotidien.example", "2025-06-13")


def test_a_message_of_attachments_alone_is_told(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Le bilan"
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png")
    (tmp_path / "lettre.eml").write_bytes(bytes(message))
    errors: list[str] = []
    assert list(etl.read(tmp_path, on_error=lambda problem: errors.append(str(problem)))) == []
    assert "a message without a text" in errors[0]


def test_a_mailbox_is_as_many_documents_and_one_too_large_is_told(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "lettres.mbox")
    for text in ("Danone verse 27 M€.\n\nFrom there, nothing.", "0" * 50_000, "Orange verse 3 M€."):
        box.add(mail(text).as_bytes())
    box.close()
    errors: list[str] = []
    small = Limits(document_bytes=40_000)
    found = list(etl.read(tmp_path, on_error=lambda problem: errors.append(str(problem)), limits=small))
    assert ["27 M€" in found[0].text, "3 M€" in found[1].text, len(found)] == [True, True, 2]
    assert "From there, nothing." in found[0].text
    assert [error.partition(": ")[2] for error in errors] == ["more than 0.04 MB; split it"]


# --- archives -----------------------------------------------------------------------------------------------


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_an_archive_says_what_it_passes_over(tmp_path: Path) -> None:
    members = {
        "presse/une.txt": b"Danone verse 27 millions d'euros.",
        "presse/.cache/une.txt": b"rien",
        "__MACOSX/une.txt": b"rien",
        "documents.csv": b"file\n",
        "photo.png": b"\x89PNG",
    }
    (tmp_path / "presse.zip").write_bytes(zipped(members))
    passed: dict[str, str] = {}
    (document,) = etl.read(tmp_path, on_skip=passed.__setitem__)
    assert document.source.endswith("presse.zip/presse/une.txt")
    assert {source.rpartition("/")[2]: reason for source, reason in passed.items()} == {
        "documents.csv": "metadata within an archive is not read",
        "photo.png": "a member of a type that is not read",
    }


def test_an_archive_of_too_many_members_is_refused(tmp_path: Path) -> None:
    (tmp_path / "presse.zip").write_bytes(zipped({f"{n}.txt": f"{n} M€".encode() for n in range(5)}))
    errors: list[str] = []
    small = Limits(archive_members=3)
    found = list(etl.read(tmp_path, on_error=lambda problem: errors.append(str(problem)), limits=small))
    assert len(found) == 3
    assert "more than 3 members; split it" in errors[0]


def test_a_member_too_large_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    members = {"a.txt": b"Danone verse 27 M" + bytes(range(48, 58)) * 200, "b.txt": b"Orange verse 3 M"}
    (tmp_path / "presse.zip").write_bytes(zipped(members))
    errors: list[str] = []
    small = Limits(document_bytes=1_000)
    found = list(etl.read(tmp_path, on_error=lambda problem: errors.append(str(problem)), limits=small))
    assert [document.text for document in found] == ["Orange verse 3 M"]
    assert "member a.txt: more than 0.001 MB; unpack it" in errors[0]


# --- tables of documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "message"),
    [
        pytest.param({"body": ["Danone"]}, "no column 'text'; its columns are body", id="no text"),
        pytest.param({"figure_id": ["a"]}, "a table of Chiffrier's, not documents", id="ours"),
        pytest.param({"text": [None]}, "row 1: its text is empty", id="empty"),
        pytest.param({"text": [3]}, "row 1", id="no string"),
    ],
)
def test_a_parquet_file_that_holds_no_documents_is_told(
    tmp_path: Path, table: dict[str, list[object]], message: str
) -> None:
    pd.DataFrame(table).to_parquet(tmp_path / "presse.parquet")
    errors: list[str] = []
    assert list(etl.read(tmp_path, on_error=lambda problem: errors.append(str(problem)))) == []
    assert len(errors) == 1
    assert message in errors[0]


def test_what_ends_in_the_middle_of_its_gzip_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"Danone verse 27 M. " * 500)[:-20])
    errors: list[str] = []
    assert list(etl.read(tmp_path, on_error=lambda problem: errors.append(str(problem)))) == []
    assert len(errors) == 1
    assert "a.txt.gz" in errors[0]

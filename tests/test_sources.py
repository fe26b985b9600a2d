"""Real files of every format and encoding, made here: one article gives the same figures through each of them."""

import bz2
import gzip
import io
import json
import lzma
import socket
import tarfile
import threading
import tracemalloc
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

import etl
from etl import fetch as fetching
from etl.documents import Document
from etl.encodings import decode
from etl.errors import DocumentError
from etl.languages import language_of
from etl.limits import Limits
from etl.pipeline import extract
from etl.reprints import group, signature

TITLE = "Meta s’offre la moitié de Scale AI"
ARTICLE = """\
Le groupe américain Meta a investi 14,3 milliards de dollars dans la société Scale AI, dont il détient désormais
49 % du capital, a-t-il annoncé vendredi après plusieurs semaines de négociations.

La jeune pousse de San Francisco est valorisée plus de 29 milliards de dollars, soit le double de ce qu’elle valait
il y a un an, lorsqu’elle avait levé 1 milliard de dollars auprès de ses actionnaires.

Selon des sources proches du dossier, Google prévoyait de lui verser environ 200 millions de dollars cette année. Le
géant français Mistral AI, lui, a réalisé 30 millions d’euros de chiffre d’affaires.
"""
PARAGRAPHS = [" ".join(paragraph.split()) for paragraph in ARTICLE.split("\n\n")]
TEXT = "\n\n".join((TITLE, *PARAGRAPHS))
SAID = (
    "kind",
    "value",
    "low",
    "high",
    "qualifier",
    "unit",
    "measure",
    "subject",
    "actor",
    "status",
    "zone",
    "quote",
)


def said(documents: list[Document]) -> list[tuple[Any, ...]]:
    """What the figures say, leaving out where they stand; typographic spaces and apostrophes made plain."""
    figures = extract(documents)[list(SAID)]
    rows = figures.astype(object).where(figures.notna(), None).itertuples(index=False, name=None)
    return [tuple(plain(cell) if isinstance(cell, str) else cell for cell in row) for row in rows]


def plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split())


def read_all(path: Path, **options: Any) -> tuple[list[Document], list[str], dict[str, str]]:
    errors: list[str] = []
    skipped: dict[str, str] = {}
    found = etl.read(
        path,
        on_error=lambda problem: errors.append(str(problem)),
        on_skip=skipped.__setitem__,
        **options,
    )
    return list(found), errors, skipped


EXPECTED = said([Document("0" * 16, "article", TEXT, published="2025-06-13")])


# --- files, each made by what makes such files --------------------------------------------------------------

PAGE = f"""<!DOCTYPE html><html lang="fr"><head><title>{TITLE} | Le Quotidien</title>
<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="Le Quotidien">
<meta property="article:published_time" content="2025-06-13T18:02:00+02:00"><meta name="author" content="Jeanne Durand">
</head><body><nav><ul><li><a href="/">Accueil</a></li>
<li><a href="/abo">Abonnez-vous pour 5 € par mois</a></li></ul></nav>
<main><article><h1>{TITLE}</h1>{"".join(f"<p>{line}</p>" for line in PARAGRAPHS)}</article></main>
<footer><p>Le Quotidien, société au capital de 3 000 000 €. <a href="/mentions">Mentions légales</a></p></footer>
</body></html>"""


def html_file(_: Path) -> bytes:
    return PAGE.encode()


def markdown_file(_: Path) -> bytes:
    return f"---\ntitle: {TITLE}\ndate: 2025-06-13\npublisher: Le Quotidien\n---\n{TEXT}".encode()


def pdf_file(path: Path) -> bytes:
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    canvas.setTitle(TITLE)
    y = 800
    canvas.drawString(60, y, TITLE)
    for paragraph in PARAGRAPHS:
        y -= 30
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) > 78:
                canvas.drawString(60, y, line)
                y, line = y - 14, ""
            line = f"{line} {word}".strip()
        canvas.drawString(60, y, line)
    canvas.drawString(290, 30, "1")
    canvas.save()
    return path.read_bytes()


def columns_pdf(path: Path) -> bytes:
    """Two narrow columns, as newspapers print them, with words cut at the ends of lines."""
    style = getSampleStyleSheet()["BodyText"]
    style.hyphenationLang, style.embeddedHyphenation = "", 1
    template = BaseDocTemplate(str(path), pagesize=A4, invariant=1)
    frames = [Frame(40, 500, 160, 300, id="left"), Frame(220, 500, 160, 300, id="right")]
    template.addPageTemplates(PageTemplate(frames=frames))
    blocks = [TITLE, *(line.replace("négociations", "négo\u00adciations") for line in PARAGRAPHS)]
    template.build([Paragraph(block, style) for block in blocks])
    return path.read_bytes()


def docx_file(_: Path) -> bytes:
    document = docx.Document()
    document.add_heading(TITLE, 1)
    for line in PARAGRAPHS:
        document.add_paragraph(line)
    return saved(document)


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def nexis_docx(_: Path) -> bytes:
    document = docx.Document()
    for line in (
        TITLE,
        "Le Quotidien",
        "vendredi 13 juin 2025",
        "Copyright 2025 Le Quotidien Tous droits réservés",
    ):
        document.add_paragraph(line)
    for line in ("Section: ÉCONOMIE", "Length: 103 words", "Byline: Jeanne Durand", "Body", *PARAGRAPHS):
        document.add_paragraph(line)
    for line in ("Load-Date: June 14, 2025", "End of Document"):
        document.add_paragraph(line)
    return saved(document)


ODF = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "text"))


def odt_file(_: Path) -> bytes:
    lines = "".join(f"<text:p>{line}</text:p>" for line in PARAGRAPHS)
    body = f"<text:h>{TITLE}</text:h>{lines}"
    body = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:document-content {ODF}>{body}</office:document-content>"
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def rtf(lines: list[str]) -> bytes:
    def escaped(line: str) -> str:
        return "".join(c if c < "\x80" else f"\\u{ord(c)}?" for c in line)

    return ("{\\rtf1\\ansi\\ansicpg1252 " + "\\par\n".join(map(escaped, lines)) + "\\par}").encode()


def rtf_file(_: Path) -> bytes:
    return rtf([TITLE, *PARAGRAPHS])


def factiva_rtf(_: Path) -> bytes:
    head = [TITLE, "Par Jeanne Durand", "103 mots", "13 juin 2025", "Le Quotidien", "LEQUO", "Français"]
    return rtf([*head, "Copyright 2025 Le Quotidien", *PARAGRAPHS, "Document LEQUO00020250613el6d0001x"])


def factiva_html(_: Path) -> bytes:
    fields = [("HD", TITLE), ("BY", "Jeanne Durand"), ("WC", "103 mots"), ("PD", "13 juin 2025")]
    fields += [("SN", "Le Quotidien"), ("LA", "Français")]
    rows = "".join(f"<tr><td><b>{code}</b></td><td>{cell}</td></tr>" for code, cell in fields)
    texts = f"<tr><td>LP</td><td><p>{PARAGRAPHS[0]}</p></td></tr><tr><td>TD</td><td>" + "".join(
        f"<p>{line}</p>" for line in PARAGRAPHS[1:]
    )
    table = f"<table>{rows}{texts}</td></tr></table>"
    return f'<html><body><div class="article frArticle">{table}</div></body></html>'.encode()


def europresse_html(_: Path) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    return f"""<html><body><article><header><div><span class="DocPublicationName">Le Quotidien • France</span>
    <span class="DocHeader">Économie, vendredi 13 juin 2025, p. 12</span></div>
    <div class="titreArticle"><p class="titreArticleVisu rdp__articletitle">{TITLE}</p></div></header>
    <section><div class="docOcurrContainer">{body}</div></section></article></body></html>""".encode()


def message() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = TITLE, "Le Quotidien <lettre@quotidien.example>"
    mail["Date"] = "Fri, 13 Jun 2025 18:02:00 +0200"
    return mail


def eml_file(_: Path) -> bytes:
    mail = message()
    mail.set_content("\n\n".join(PARAGRAPHS), charset="windows-1252", cte="quoted-printable")
    return bytes(mail)


def html_eml(_: Path) -> bytes:
    mail = message()
    cells = "".join(f"<tr><td><div>{line}</div></td></tr>" for line in PARAGRAPHS)
    mail.set_content(f"<html><body><table>{cells}</table></body></html>", subtype="html")
    return bytes(mail)


def mbox_file(path: Path) -> bytes:
    return b"From lettre@quotidien.example Fri Jun 13 18:02:00 2025\n" + eml_file(path) + b"\n"


def jsonl_file(_: Path) -> bytes:
    return json.dumps({"id": "a", "text": TEXT, "published": "2025-06-13"}).encode()


def parquet_file(_: Path) -> bytes:
    out = io.BytesIO()
    pd.DataFrame({"text": [TEXT], "published": [pd.Timestamp("2025-06-13").date()]}).to_parquet(out)
    return out.getvalue()


def rss_file(_: Path) -> bytes:
    body = "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in PARAGRAPHS)
    date = "<pubDate>Fri, 13 Jun 2025 18:02:00 +0200</pubDate>"
    item = f"<item><title>{TITLE}</title>{date}<description>{body}</description></item>"
    channel = f"<channel><title>Le Quotidien</title>{item}</channel>"
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'>{channel}</rss>".encode()


def atom_file(_: Path) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    content = f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{body}</div></content>"
    entry = f"<entry><title>{TITLE}</title><updated>2025-06-13T18:02:00Z</updated>{content}</entry>"
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Le Quotidien</title>{entry}</feed>".encode()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def zip_file(_: Path) -> bytes:
    return zipped({"2025/une.html": PAGE.encode()})


def tarred(members: dict[str, bytes], mode: str = "w:gz", *, links: bool = False) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        if links:
            link = tarfile.TarInfo("lien.txt")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
    return out.getvalue()


def tar_file(_: Path) -> bytes:
    return tarred({"2025/une.html": PAGE.encode()})


def warc_record(
    url: str, body: bytes, status: str = "200 OK", kind: str = "text/html; charset=utf-8"
) -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{len(url):012}>\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2025-06-14T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def warc_file(_: Path) -> bytes:
    return gzip.compress(warc_record("https://quotidien.example/une", PAGE.encode()))


def gz_file(_: Path) -> bytes:
    return gzip.compress(jsonl_file(_))


FILES: dict[str, Callable[[Path], bytes]] = {
    "page.html": html_file,
    "article.md": markdown_file,
    "article.pdf": pdf_file,
    "colonnes.pdf": columns_pdf,
    "article.docx": docx_file,
    "nexis.docx": nexis_docx,
    "article.odt": odt_file,
    "article.rtf": rtf_file,
    "factiva.rtf": factiva_rtf,
    "factiva.html": factiva_html,
    "europresse.html": europresse_html,
    "lettre.eml": eml_file,
    "lettre-html.eml": html_eml,
    "lettres.mbox": mbox_file,
    "articles.jsonl": jsonl_file,
    "articles.jsonl.gz": gz_file,
    "articles.parquet": parquet_file,
    "flux.rss": rss_file,
    "flux.atom": atom_file,
    "articles.zip": zip_file,
    "articles.tar.gz": tar_file,
    "CC-NEWS.warc.gz": warc_file,
}


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", FILES)
def test_the_same_article_gives_the_same_figures_through_every_format(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, FILES[name](tmp_path / "draft"))
    documents, errors, _ = read_all(path)
    assert (len(documents), errors) == (1, [])
    assert said([Document("0" * 16, "article", documents[0].text, published="2025-06-13")]) == EXPECTED
    assert len(EXPECTED) == 7


TELLING = [
    name
    for name in FILES
    if name not in ("article.pdf", "colonnes.pdf", "article.docx", "article.odt", "article.rtf")
]


@pytest.mark.parametrize("name", TELLING)
def test_the_date_that_a_document_tells_is_read(tmp_path: Path, name: str) -> None:
    (document,) = etl.read(write(tmp_path / name, FILES[name](tmp_path / "draft")))
    assert document.published == "2025-06-13"


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in TELLING
        if n.partition(".")[0] not in ("articles", "article") or n.endswith((".zip", ".tar.gz"))
    ],
)
def test_title_and_publisher_that_a_document_tells_are_read(tmp_path: Path, name: str) -> None:
    (document,) = etl.read(write(tmp_path / name, FILES[name](tmp_path / "draft")))
    assert document.title == TITLE
    assert document.publisher == "Le Quotidien"


@pytest.mark.parametrize("name", ["page.html", "nexis.docx", "factiva.rtf", "factiva.html"])
def test_the_author_that_a_document_tells_is_read(tmp_path: Path, name: str) -> None:
    (document,) = etl.read(write(tmp_path / name, FILES[name](tmp_path / "draft")))
    assert (document.author or "").removeprefix("Par ") == "Jeanne Durand"


def test_an_export_of_many_articles_is_as_many_documents_each_with_its_own_identity(tmp_path: Path) -> None:
    article = europresse_html(tmp_path).decode().partition("<body>")[2].partition("</body>")[0]
    other = article.replace("14,3", "15,3").replace("Quotidien", "Matin").replace("13 juin", "1er juillet")
    path = write(tmp_path / "export.html", f"<html><body>{article}{other}</body></html>".encode())
    first, second = etl.read(path)
    assert (first.publisher, second.publisher) == ("Le Quotidien", "Le Matin")
    assert (first.published, second.published) == ("2025-06-13", "2025-07-01")
    assert first.document_id != second.document_id
    assert "15,3" in second.text


def test_what_readers_say_below_an_article_is_comment(tmp_path: Path) -> None:
    comment = "Franchement, 3 milliards de dollars auraient largement suffi pour une telle société."
    page = PAGE.replace("</main>", f'</main><div id="comments" class="comments"><p>{comment}</p></div>')
    (document,) = etl.read(write(tmp_path / "a.html", page.encode()))
    figures = extract([document])
    assert figures.loc[figures["quote"] == "3 milliards de dollars", "zone"].tolist() == ["comment"]
    assert (figures["zone"] == "comment").sum() == 1


def test_a_page_is_read_without_what_stands_around_its_article(tmp_path: Path) -> None:
    (document,) = etl.read(write(tmp_path / "a.html", html_file(tmp_path)))
    assert "Abonnez-vous" not in document.text
    assert "capital de 3" not in document.text


LOOSE = f"""<html lang="fr"><head><title>{TITLE}</title></head><body>
<ul><li><a href="/">Accueil de notre journal en ligne</a></li><li><a href="/e">Toute notre actualité</a></li></ul>
<div><p>{PARAGRAPHS[0]}</p>
Le prix s'entend <b>hors dette</b> de 600 000 euros, <i>selon</i> le communiqué.<br>Il sera payé en deux fois.
<p>{PARAGRAPHS[1]}</p>À suivre<p>{PARAGRAPHS[2]} Le paiement se fera ainsi :</p>
<ul><li>10 millions d'euros à la <b>signature</b> ;</li><li>4,3 millions d'euros en 2026.</li></ul></div>
</body></html>"""


def test_what_stands_loose_beside_the_paragraphs_of_a_page_is_read_in_its_place(tmp_path: Path) -> None:
    (document,) = etl.read(write(tmp_path / "a.html", LOOSE.encode()))
    found = etl.extract([document])["quote"].tolist()
    assert {"600 000 euros", "10 millions d'euros", "4,3 millions d'euros"} <= {*found}
    assert "Accueil" not in document.text
    loose = document.text.index("Le prix s'entend hors dette de 600 000 euros, selon le communiqué.")
    assert document.text.index("14,3") < loose < document.text.index("plus de 29")


def test_notes_at_the_foot_are_read_behind_the_text(tmp_path: Path) -> None:
    note = "Hors dette de 600 000 euros."
    prefix = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    line = f"<w:p><w:r><w:t>{note}</w:t></w:r></w:p>"
    notes = (
        f'<w:footnotes {prefix}><w:footnote w:type="separator"/><w:footnote>{line}</w:footnote></w:footnotes>'
    )
    word = docx.Document()
    word.add_paragraph("Nordelec paie 12 millions d'euros, comptant.")
    part = Part(PackURI("/word/footnotes.xml"), CT.WML_FOOTNOTES, notes.encode(), word.part.package)
    word.part.relate_to(part, RT.FOOTNOTES)
    body = f"Nordelec paie 12 millions d'euros{{\\super\\chftn}}{{\\footnote {{\\super\\chftn}} {note}}}, comptant."
    for name, data in (("a.docx", saved(word)), ("a.rtf", rtf([body]))):
        (document,) = etl.read(write(tmp_path / name, data))
        assert document.text == f"Nordelec paie 12 millions d'euros, comptant.\n\n{note}"


# --- encodings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"]
)
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "macintosh", "no-such-charset"])
def test_a_text_is_read_in_its_encoding_whatever_is_declared(encoding: str, declared: str | None) -> None:
    text, found = decode(TEXT.encode(encoding), "a.txt", declared)
    assert text == TEXT
    assert found.replace("-", "_").startswith(encoding.removesuffix("-sig").replace("-", "_"))


def test_a_text_in_latin_1_is_read_and_the_euro_of_latin_9_is_one() -> None:
    assert decode("Société générale à 3 500".encode("latin-1"), "a.txt")[0] == "Société générale à 3 500"
    assert decode("une œuvre à 35 €".encode("iso8859-15"), "a.txt")[0] == "une œuvre à 35 €"


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1252"])
def test_a_page_is_read_whatever_it_says_of_its_encoding(tmp_path: Path, declared: str) -> None:
    for encoding in ("utf-8", "cp1252"):
        page = PAGE.replace("<head>", f'<head><meta charset="{declared}">').encode(encoding)
        (document,) = etl.read(write(tmp_path / f"{encoding}.html", page))
        assert (document.title, document.encoding) == (TITLE, encoding)


# --- languages ----------------------------------------------------------------------------------------------

ENGLISH = (
    "Meta invested 14.3 billion dollars in Scale AI on Friday and now holds 49% of the company, it said after weeks "
    "of talks. The start-up is worth more than twice what it was a year ago, according to people close to the deal. "
    "It had raised one billion dollars from its shareholders."
)


def test_other_languages_are_passed_over_and_told_unless_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", ENGLISH.encode())
    assert read_all(path) == ([], [], {str(path): "in another language (en)"})
    assert [d.text for d in etl.read(path, languages=None)] == [ENGLISH]
    assert [d.text for d in etl.read(path, languages=("fr", "en"))] == [ENGLISH]


def test_a_text_too_short_to_tell_is_read() -> None:
    assert language_of("Meta buys Scale AI.") is None
    assert language_of(TEXT) == "fr"


# --- reprints -----------------------------------------------------------------------------------------------


def test_reprints_are_grouped_and_other_articles_on_the_same_deal_are_not() -> None:
    reprint = TEXT.replace("a-t-il annoncé vendredi", "a annoncé vendredi le groupe") + "\n\n(avec AFP)"
    words = TEXT.split()
    other = " ".join(words[::-1])
    texts = {"une": TEXT, "deux": reprint, "autre": other, "anglais": ENGLISH, "court": TITLE}
    assert dict(group((name, signature(text)) for name, text in texts.items())) == {"deux": "une"}


# --- one wrong of each kind ---------------------------------------------------------------------------------

SMALL = Limits(document_bytes=300_000, characters=100_000, pdf_pages=2, html_depth=100, seconds=20)


def bomb() -> bytes:
    return zipped({"a.txt": b"0" * 30_000_000})


def nested(depth: int) -> bytes:
    data = PAGE.encode()
    for level in range(depth):
        data = zipped({f"{level}.zip" if level else "a.html": data})
    return data


def feed(declared: str, title: str) -> bytes:
    item = f"<item><title>{title}</title></item>"
    return f'<?xml version="1.0"?><!DOCTYPE r [{declared}]><rss><channel>{item}</channel></rss>'.encode()


def entities(_: Path) -> bytes:
    lines = [f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in ("ab", "bc", "cd")]
    return feed("".join(['<!ENTITY a "aaaaaaaaaa">', *lines]), "&d;")


def reaching(_: Path) -> bytes:
    return feed('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;")


def long_pdf(path: Path) -> bytes:
    canvas = Canvas(str(path))
    for _ in range(3):
        canvas.drawString(60, 800, "Meta paie.")
        canvas.showPage()
    canvas.save()
    return path.read_bytes()


def numbers(_: Path) -> bytes:
    out = io.BytesIO()
    pd.DataFrame({"text": [3, 4]}).to_parquet(out)
    return out.getvalue()


def repeating(_: Path) -> bytes:
    """A long text, of which a Parquet file needs but one, and a byte or so for each row that has it."""
    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000, pa.int32()), pa.array(["0" * 90_000]))
    out = io.BytesIO()
    pq.write_table(pa.table({"text": rows}), out, compression="zstd")
    return out.getvalue()


WRONG: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "grand.txt": (lambda _: b"Meta paie. " * 50_000, "more than 0.3 MB"),
    "long.txt": (lambda _: b"Meta paie. " * 10_000, "more than 100,000 characters"),
    "binaire.txt": (lambda _: bytes(range(256)) * 9, "binary data"),
    "profond.html": (lambda _: b"<div>" * 2_000 + b"Meta paie", "nested more than 100 deep"),
    "pages.pdf": (long_pdf, "more than 2 pages"),
    "faux.pdf": (lambda _: b"%PDF-1.7\nrien", "not a sound"),
    "coupe.pdf": (lambda path: pdf_file(path)[:700], "not a sound"),
    "faux.docx": (lambda _: b"PK\x03\x04rien", "not a sound .docx"),
    "vide.docx": (lambda _: zipped({"a": b""}), "not a"),
    "bombe.docx": (lambda _: bomb(), "times its size"),
    "bombe.odt": (lambda _: bomb(), "times its size"),
    "sans-contenu.odt": (lambda _: zipped({"a": b""}), "no content.xml"),
    "faux.rtf": (lambda _: b"rien", "not an RTF"),
    "faux.eml": (lambda _: b"\n\nrien", "no header"),
    "entete.eml": (lambda _: b"Subject: " + b"=?utf-8?q?a?= " * 9_000 + b"\n\nMeta", "a header of more than"),
    "faux.mbox": (lambda _: b"rien\n", "not a mailbox"),
    "faux.parquet": (lambda _: b"PAR1rienPAR1", "not a Parquet file"),
    "bombe.parquet": (repeating, "times its size"),
    "nombres.parquet": (numbers, "'text' is not text"),
    "faux.xml": (lambda _: b"<a><b/></a>", "neither an RSS nor an Atom feed"),
    "rien.xml": (lambda _: b"\0\1\2", "not a sound .xml"),
    "entites.xml": (entities, "declares XML entities"),
    "ailleurs.xml": (reaching, "declares XML entities"),
    "faux.zip": (lambda _: b"PK\x03\x04rien", "not a sound ZIP"),
    "faux.tar": (lambda _: b"rien" * 300, "not a sound tar"),
    "bombe.zip": (lambda _: zipped({f"{n}.txt": b"0" * 299_000 for n in range(40)}), "times its size"),
    "bombe.tar.gz": (lambda _: tarred({"a.txt": b"0" * 30_000_000}), "times its size"),
    "bombe.tar.bz2": (lambda _: bz2.compress(tarred({"a.txt": b"0" * 30_000_000}, "w")), "times its size"),
    "bombe.jsonl.gz": (lambda _: gzip.compress(b"0" * 30_000_000), "more than 0.3 MB"),
    "bombe.txt.gz": (lambda _: gzip.compress(b"0" * 30_000_000), "unpacks to more than"),
    "poupees.zip": (lambda _: nested(5), "an archive within 3 others"),
    "faux.warc.gz": (lambda _: gzip.compress(b"rien"), ""),
    "faux.gz.txt.gz": (lambda _: b"rien", "not a gzip file"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_in_one_line_and_the_others_go_on(tmp_path: Path, name: str) -> None:
    make, message = WRONG[name]
    path = write(tmp_path / name, make(tmp_path / ".draft"))
    write(tmp_path / "zzz.txt", b"Meta paie.")
    documents, errors, _ = read_all(tmp_path, limits=SMALL)
    assert documents[-1].text == "Meta paie."
    if message:
        assert any(message in error for error in errors), errors
    for error in errors:
        assert error.startswith(str(path))
        assert "\n" not in error


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress, gzip.compress], ids=["bzip2", "xz", "gzip"])
def test_what_a_bomb_unpacks_to_is_never_held(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = write(tmp_path / "bombe.tar", pack(tarred({"a.txt": b"0" * 200_000_000}, "w")))
    tracemalloc.start()
    _, [error], _ = read_all(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "times its size" in error
    assert peak < 30_000_000


def test_a_wrong_member_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    members = {
        "../../dehors.txt": b"Meta paie.",
        "faux.pdf": b"rien",
        "photo.jpg": b"",
        "b.txt": b"Scale paie.",
    }
    for data, name in ((zipped(members), "a.zip"), (tarred(members, links=True), "a.tar.gz")):
        path = write(tmp_path / name, data)
        documents, [error], skipped = read_all(path)
        assert [d.text for d in documents] == ["Meta paie.", "Scale paie."]
        assert error.startswith(f"{path}, member faux.pdf: not a sound")
        assert f"{path}/photo.jpg" in skipped
        assert not (tmp_path.parent / "dehors.txt").exists()
    assert skipped[f"{path}/lien.txt"] == "a link or a device in an archive"


def test_a_locked_archive_is_told(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"Meta paie."}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1  # the flag of encryption
    _, [error], _ = read_all(write(tmp_path / "a.zip", bytes(data)))
    assert "member a.txt: cannot be unpacked" in error


def test_of_a_web_archive_only_pages_that_were_answered_are_read(tmp_path: Path) -> None:
    records = [
        warc_record("https://a.example/une", PAGE.encode()),
        warc_record("https://a.example/perdu", b"perdu", status="404 Not Found"),
        warc_record("https://a.example/photo", b"JFIF", kind="image/jpeg"),
        warc_record(
            "https://a.example/latin", PAGE.replace("14,3", "15,3").encode("cp1252"), kind="text/html"
        ),
    ]
    documents, errors, skipped = read_all(write(tmp_path / "a.warc", b"".join(records)))
    assert [d.source for d in documents] == ["https://a.example/une", "https://a.example/latin"]
    assert documents[1].url == "https://a.example/latin"
    assert (errors, set(skipped)) == ([], {"https://a.example/perdu", "https://a.example/photo"})
    cut = gzip.compress(records[0]) + gzip.compress(records[3])[:900]
    documents, _, _ = read_all(write(tmp_path / "coupe.warc.gz", cut))
    assert [d.source for d in documents][:1] == ["https://a.example/une"]


def test_a_document_that_takes_too_long_is_refused_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from etl.readers import prose

    def never(*_: object) -> Any:
        while True:
            pass

    monkeypatch.setattr(prose, "parse_markdown", never)
    write(tmp_path / "a.md", b"Meta")
    write(tmp_path / "b.txt", b"Meta paie.")
    documents, [error], _ = read_all(tmp_path, limits=Limits(seconds=0.2))
    assert [d.text for d in documents] == ["Meta paie."]
    assert error == f"{tmp_path / 'a.md'}: takes longer than 0.2 seconds; not read"


# --- standard input and the web -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith((".eml", ".tar.gz"))])
def test_standard_input_is_read_by_what_it_begins_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    data = FILES[name](tmp_path / "draft")

    class Stdin:
        buffer = io.BytesIO(data)

    monkeypatch.setattr("sys.stdin", Stdin)
    (document,) = etl.read("-")
    assert document.text


def test_an_address_is_read_only_when_asked(tmp_path: Path) -> None:
    del tmp_path
    with pytest.raises(DocumentError, match="add --fetch"):
        list(etl.read("https://quotidien.example/une"))


@pytest.fixture
def server() -> Any:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers = {
                "/une": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE.encode()),
                "/loin": (302, {"Location": "/une"}, b""),
                "/fichier": (302, {"Location": "file:///etc/passwd"}, b""),
                "/ftp": (302, {"Location": "ftp://quotidien.example/une"}, b""),
                "/grand": (200, {"Content-Type": "text/html"}, b"0" * 400_000),
            }
            status, headers, body = answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, cell in headers.items():
                self.send_header(name, cell)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_no_address_within_is_ever_fetched(server: str, tmp_path: Path) -> None:
    del tmp_path
    for url in (
        f"{server}/une",
        server.replace("127.0.0.1", "localhost"),
        "http://[::1]/",
        "http://169.254.169.254/",
    ):
        with pytest.raises(DocumentError, match=r"private network|cannot be fetched"):
            list(etl.read(url, fetch=True))
    with pytest.raises(DocumentError, match="only http and https"):
        list(etl.read("ftp://quotidien.example/une", fetch=True))


def test_a_public_page_is_fetched_with_its_redirections_and_limits(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "is_public", lambda _: True)
    (document,) = etl.read(f"{server}/loin", fetch=True)
    assert (document.title, document.url) == (TITLE, f"{server}/une")
    for path, message in (
        ("fichier", "answers 302"),
        ("ftp", "leads to ftp"),
        ("grand", "more than 0.3 MB"),
        ("absent", "answers 404"),
    ):
        with pytest.raises(DocumentError, match=message):
            list(etl.read(f"{server}/{path}", fetch=True, limits=SMALL))


def test_a_name_that_changes_its_address_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def look_up(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(DocumentError, match="private network"):
        fetching.fetch("http://quotidien.example/", SMALL)
    assert asked == ["quotidien.example"]

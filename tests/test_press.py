"""Exports of press databases, made up in the layouts that Europresse, Factiva and Nexis have given them."""

import io
from collections.abc import Iterable
from pathlib import Path

import docx
import pytest

import etl
from etl.documents import Document

FIRST = ["Nordelec rachète Voltaire pour 12 millions d'euros.", "Le fonds Arverne détient 40 % du capital."]
SECOND = ["Belmont a perdu 3 millions d'euros en 2024.", "Son chiffre d'affaires recule de 5 %."]


def read(tmp_path: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> list[Document]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return list(etl.read(path))


def about(document: Document) -> tuple[str | None, ...]:
    return document.title, document.publisher, document.published, document.author


def texts(documents: Iterable[Document]) -> list[list[str]]:
    return [document.text.split("\n\n") for document in documents]


def paragraphs(lines: list[str], attributes: str = "") -> str:
    return "".join(f"<p{attributes}>{line}</p>" for line in lines)


# --- Europresse ---------------------------------------------------------------------------------------------


def europresse_article(publication: str, header: str, heading: str, below: str, body: str) -> str:
    return f"""<article><header><img src="logo.gif"/>
    <div class="rdp__DocPublicationName"><span class="DocPublicationName">{publication}</span></div>
    <div><span class="DocHeader">{header}</span></div><div class="titreArticle">{heading}</div>{below}</header>
    <section>{body}</section><aside><div><b>Illustration(s) :</b><p>Une usine à 9 millions d'euros</p></div></aside>
    <footer><small>© 2025 Le Quotidien. Tous droits réservés.</small>
    <p>Numéro de document : news·20250614·QU·1234</p><div id="divPubliC"><span>Date d'émission : 2025-07-04</span></div>
    </footer></article>"""


KICKER = '<p class="sm-margin-bottomNews">ENTRETIEN</p>'
TITLED = f'{KICKER}<p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">%s</p>'


def test_europresse_tells_of_each_article_in_its_header_alone(tmp_path: Path) -> None:
    body = f'<div class="DocText clearfix"><div class="docOcurrContainer">{paragraphs(FIRST)}</div></div>'
    first = europresse_article(
        "Le Quotidien, no. 43018",
        "Économie, vendredi 13 juin 2025 103 mots, p. 12",
        TITLED % "Nordelec grandit" + '<p class="sm-margin-TopNews rdp__subtitle">Un achat à crédit</p>',
        '<p class="sm-margin-bottomNews">Par Jeanne Durand</p>',
        body,
    )
    second = europresse_article(
        "Le Matin.fr (site web)",
        "Business, June 14, 2025 - 08:05 UTC +02:00",
        '<p class="titreArticleVisu">Belmont <mark>recule</mark></p>',
        "",
        paragraphs(SECOND),
    )
    documents = read(tmp_path, "export.html", f"<html><body>{first}{second}</body></html>")
    assert [about(document) for document in documents] == [
        ("Nordelec grandit", "Le Quotidien", "2025-06-13", "Jeanne Durand"),
        ("Belmont recule", "Le Matin.fr", "2025-06-14", None),
    ]
    assert texts(documents) == [
        ["Nordelec grandit", "Un achat à crédit", *FIRST],
        ["Belmont recule", *SECOND],
    ]


def test_what_nests_is_one_article_and_not_two(tmp_path: Path) -> None:
    inner = europresse_article("Le Matin", "14 juin 2025", TITLED % "Belmont recule", "", paragraphs(SECOND))
    outer = europresse_article(
        "Le Quotidien", "13 juin 2025", TITLED % "Nordelec grandit", "", paragraphs(FIRST) + inner
    )
    (document,) = read(tmp_path, "export.html", f"<html><body>{outer}</body></html>")
    assert document.title == "Nordelec grandit"
    assert all(document.text.count(line) == 1 for line in FIRST)


def test_europresse_before_2013_was_one_table_cell_an_article(tmp_path: Path) -> None:
    def cell(publication: str, dates: str, above: str, title: str, byline: str, lines: list[str]) -> str:
        return f"""<table><tr><td><table><tr><td><img src="logo.gif"><br></td></tr></table>
        <span class="DocPublicationName">{publication}</span><br>{dates}<br><br>{above}
        <span class="TitreArticleVisu">{title}</span><br><br>{byline}{"<p></p>".join(lines)}<p></p>
        <b><i>© 2012 Le Quotidien. Tous droits réservés.</i></b><p></p>Numéro de document : news·20121004·QU·1<br><br>
        <table><tr><td>Ce certificat est émis à <b>l'Université</b></td></tr></table></td></tr></table>"""

    def dates(*parts: str) -> str:
        return "".join(f'<span class="DocHeader">{part}</span>' for part in parts)

    signed = cell(
        "Le Quotidien, no. 5968",
        dates("Économie, ", "jeudi ", "4 octobre 2012", ", p. 03"),
        "Sous-titre<br>",
        'Nordelec <span style="color:red">grandit</span>',
        "Jeanne Durand<br><p></p>",
        [FIRST[0].replace("12 millions", '<font style="font-weight:bold">12 millions</font>'), FIRST[1]],
    )
    unsigned = cell("Le Matin", dates("mercredi ", "3 octobre 2012"), "", "Belmont recule", "", SECOND)
    page = f'<html><head><meta charset="ISO-8859-1"></head><body>{signed}<p><br>{unsigned}</body></html>'
    documents = read(tmp_path, "export.html", page, "latin-1")
    assert [about(document) for document in documents] == [
        ("Nordelec grandit", "Le Quotidien", "2012-10-04", "Jeanne Durand"),
        ("Belmont recule", "Le Matin", "2012-10-03", None),
    ]
    assert texts(documents) == [["Nordelec grandit", *FIRST], ["Belmont recule", *SECOND]]


# --- Factiva ------------------------------------------------------------------------------------------------

NUMBERS = ("QUOTFR0020250613el6d0001x", "matin00020250614el6e000b2")
FRENCH_HEAD = ["1 103 mots", "13 juin 2025", "18:02", "20 Minutes", "QUOTFR", "7", "Français"]
ENGLISH_HEAD = ["254 words", "14 June 2025", "Le Matin", "MATIN", "1; National", "13", "French"]


def factiva_article(
    section: str, title: str, author: str, head: list[str], lines: list[str], foot: str
) -> str:
    divs = "".join(f"<div>{line}</div>" for line in head)
    return f"""<div id="article-1" class="article"><div class="article frArticle"><p></p><div>{section}</div>
    <div id="hd"><span class="frHeadline">{title}</span></div><div class="author">{author}</div>{divs}
    <div>Copyright 2025. Tous droits réservés</div><p></p>
    {paragraphs(lines, ' class="articleParagraph frarticleParagraph"')}<p>Le Quotidien SA</p>
    <p>{foot}</p></div></div>"""


def test_factiva_pages_name_no_field_but_give_each_its_place(tmp_path: Path) -> None:
    first = factiva_article(
        "Économie; 1", "Nordelec grandit", "Par Jeanne Durand", FRENCH_HEAD, FIRST, f"Document {NUMBERS[0]}"
    )
    second = factiva_article("", "Belmont recule", "", ENGLISH_HEAD, SECOND, f"Dokument {NUMBERS[1]}")
    page = f"<html><head><title>Dow Jones Factiva</title></head><body>{first}{second}</body></html>"
    documents = read(tmp_path, "factiva.html", page)
    assert [about(document) for document in documents] == [
        ("Nordelec grandit", "20 Minutes", "2025-06-13", "Jeanne Durand"),
        ("Belmont recule", "Le Matin", "2025-06-14", None),
    ]
    assert [document.language for document in documents] == ["fr", "fr"]
    assert texts(documents) == [["Nordelec grandit", *FIRST], ["Belmont recule", *SECOND]]


def rtf(body: str) -> bytes:
    escaped = "".join(c if c < "\x80" else f"\\u{ord(c)}?" for c in body)
    head = "{\\rtf1\\ansi\\ansicpg1252{\\stylesheet{\\s1\\b\\fs24 Titre;}}{\\footer Page 1 of 3 \\'a9 2025 Factiva}"
    return f"{head}{escaped}}}".encode()


def test_factiva_rtf_prints_the_title_in_bold_below_its_section(tmp_path: Path) -> None:
    def article(section: str, title: str, byline: str, head: list[str], lines: list[str], number: str) -> str:
        above = [section, f"{{\\b {title}}}", byline]
        every = [*above, *head, "(c) 2025 Le Quotidien SA", *lines, head[3], f"Document {number}"]
        return "".join(f"{{\\pard\\plain {line}\\par}}\n" for line in every if line)

    contents = "{\\pard Nordelec grandit\\par}{\\pard Belmont recule\\par}"
    first = article("Économie; 1", "Nordelec grandit", "Par Jeanne Durand", FRENCH_HEAD, FIRST, NUMBERS[0])
    second = article("", "Belmont recule", "", ENGLISH_HEAD, SECOND, NUMBERS[1])
    documents = read(tmp_path, "factiva.rtf", rtf(contents + first + second))
    assert [about(document) for document in documents] == [
        ("Nordelec grandit", "20 Minutes", "2025-06-13", "Jeanne Durand"),
        ("Belmont recule", "Le Matin", "2025-06-14", None),
    ]
    assert texts(documents)[0] == ["Nordelec grandit", *FIRST]


def test_factiva_rtf_with_codes_is_a_table_of_fields(tmp_path: Path) -> None:
    def article(fields: list[tuple[str, list[str]]]) -> str:
        cells = ((code, "\\par ".join(lines)) for code, lines in fields)
        rows = (f"\\trowd {code}\\cell {cell}\\cell\\row" for code, cell in cells)
        return "\n".join(rows) + "\\pard\\par\n"

    first = article([
        ("SE", ["Économie"]),
        ("HD", ["Nordelec grandit"]),
        ("BY", ["Par Jeanne Durand"]),
        ("WC", ["103 mots"]),
        ("PD", ["13 juin 2025"]),
        ("SN", ["20 Minutes"]),
        ("LA", ["Français"]),
        ("CY", ["Copyright 2025"]),
        ("LP", FIRST[:1]),
        ("TD", FIRST[1:]),
        ("RE", ["fra : France"]),
        ("AN", [f"Document {NUMBERS[0]}"]),
    ])  # fmt: skip
    head = [("HD", ["Belmont recule"]), ("PD", ["14 June 2025"]), ("SN", ["Le Matin"])]
    second = article([*head, ("TD", SECOND), ("AN", [f"Document {NUMBERS[1]}"])])
    documents = read(tmp_path, "factiva.rtf", rtf(first + second))
    assert [about(document) for document in documents] == [
        ("Nordelec grandit", "20 Minutes", "2025-06-13", "Jeanne Durand"),
        ("Belmont recule", "Le Matin", "2025-06-14", None),
    ]
    assert texts(documents) == [["Nordelec grandit", *FIRST], ["Belmont recule", *SECOND]]


def test_bold_words_of_any_other_rtf_leave_no_trace(tmp_path: Path) -> None:
    (document,) = read(
        tmp_path, "note.rtf", rtf("Nordelec paie {\\b 12 millions} d'euros \\b comptant\\b0.\\par")
    )
    assert document.text == "Nordelec paie 12 millions d'euros comptant."


# --- Nexis --------------------------------------------------------------------------------------------------

COVER = [
    "User Name: Jeanne Durand",
    "Date and Time: Sunday, June 22, 2025 3:58:00 PM CEST",
    "Job Number: 90516553",
    "Documents (2)",
    "1. Nordelec grandit le 12 juin 2025",
    "Client/Matter: -None-",
    "Search Terms: millions",
    "Search Type: Natural Language",
    "Narrowed by:",
    "2. Belmont recule",
    "Client/Matter: -None-",
]


def word(lines: list[str]) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def nexis_article(title: str, publisher: str, when: str, fields: list[str], lines: list[str]) -> list[str]:
    head = [title, publisher, *filter(None, [when]), "", "\nCopyright 2025 Le Quotidien All Rights Reserved"]
    foot = ["Classification", "", "Language:\u00a0FRENCH; FRANÇAIS", "\nLoad-Date:\u00a0June 20, 2025"]
    return [*head, *fields, "Body", "", *lines, *foot, "", "\nEnd of Document", ""]


@pytest.mark.parametrize("cover", [COVER, []], ids=["cover", "no cover"])
def test_nexis_articles_begin_after_the_page_that_tells_of_the_search(
    tmp_path: Path, cover: list[str]
) -> None:
    fields = ["Section:\u00a0ÉCONOMIE; Pg. 7", "Length:\u00a0103 words", "Byline:\u00a0Par Jeanne Durand"]
    first = nexis_article("Nordelec grandit", "Le Quotidien", "June 13, 2025 Friday", fields, FIRST)
    second = nexis_article(
        "Belmont recule", "Le Matin", "samedi 14 juin 2025", ["Dateline:\u00a0LYON, 12 juin 2025"], SECOND
    )
    documents = read(tmp_path, "nexis.docx", word([*cover, *first, *second]))
    assert [about(document) for document in documents] == [
        ("Nordelec grandit", "Le Quotidien", "2025-06-13", "Jeanne Durand"),
        ("Belmont recule", "Le Matin", "2025-06-14", None),
    ]
    assert [document.language for document in documents] == ["fr", "fr"]
    assert texts(documents) == [["Nordelec grandit", *FIRST], ["Belmont recule", *SECOND]]


def test_a_nexis_article_without_a_date_has_none_of_the_search(tmp_path: Path) -> None:
    undated = nexis_article(
        "Nordelec grandit", "Le Quotidien", "", ["Dateline:\u00a0LYON, 12 juin 2025"], FIRST
    )
    (document,) = read(tmp_path, "nexis.docx", word(undated))
    assert about(document) == ("Nordelec grandit", "Le Quotidien", None, None)
    (document,) = read(tmp_path, "nexis.docx", word([*COVER, *undated]))
    assert about(document) == (None, None, None, None)
    assert texts([document]) == [FIRST]

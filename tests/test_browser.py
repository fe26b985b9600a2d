"""The dashboard in a real browser: from a mark to the sentence that says it, and to the downloaded rows."""

import csv
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote as percent_encoded

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page, expect
from werkzeug.serving import make_server

import etl
from dashboard import data, evidence, filters
from dashboard.app import create_app
from dashboard.library import AnswerError
from dashboard.server import names_of, secure
from etl import table
from etl.documents import Document

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ("operations", "valorisations", "comparaison", "chiffres", "analyser", "sources")

# Document, sentence, the figure in it, its value, qualifier, status, subject, actor, period.
CLAIMS = (
    (
        "un",
        "Alpha rachète Bêta pour 14,3 milliards de dollars.",
        "14,3 milliards de dollars",
        14.3e9,
        "exact",
        "actual",
        "Bêta",
        "Alpha",
        "2025-06",
    ),
    (
        "deux",
        "Alpha mettrait près de 15 milliards de dollars dans Bêta.",
        "15 milliards de dollars",
        15e9,
        "about",
        "reported",
        "Bêta",
        "Alpha",
        "2025-06",
    ),
    (
        "deux",
        "Meta a payé WhatsApp 19 milliards de dollars.",
        "19 milliards de dollars",
        19e9,
        "exact",
        "actual",
        "WhatsApp",
        "Meta",
        "2014",
    ),
)


FIRST, SECOND = f"{'un':0>16}:64-89", f"{'deux':0>16}:63-86"


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return table.frame(
        {
            "figure_id": f"{document:0>16}:{40 + sentence.index(quote)}-{40 + sentence.index(quote) + len(quote)}",
            "document_id": f"{document:0>16}",
            "source": f"{document}.txt",
            "publisher": "Le Journal",
            "title": f"Titre {document}",
            "published": "2025-06-13",
            "zone": "body",
            "start": 40 + sentence.index(quote),
            "end": 40 + sentence.index(quote) + len(quote),
            "quote": quote,
            "sentence": sentence,
            "sentence_start": 40,
            "kind": "money",
            "value": value,
            "low": value if qualifier == "exact" else None,
            "high": value if qualifier == "exact" else None,
            "qualifier": qualifier,
            "unit": "USD",
            "unit_inferred": False,
            "measure": "deal_value",
            "subject": subject,
            "actor": actor,
            "period": period,
            "status": status,
            "evidence": "{}",
        }
        for document, sentence, quote, value, qualifier, status, subject, actor, period in CLAIMS
    )


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """The texts: forty characters, then the sentences one after the other."""
    of = {name: [c[1] for c in CLAIMS if c[0] == name] for name, *_ in CLAIMS}
    return [
        Document(f"{name:0>16}", f"{name}.txt", f"{'Un début. ' * 4}{sentences[0]}", title=f"Titre {name}")
        for name, sentences in of.items()
    ]


@pytest.fixture(scope="module")
def corrections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readers") / "corrections.toml"


@pytest.fixture(scope="module")
def address(figures: pd.DataFrame, documents: list[Document], corrections: Path) -> Iterator[str]:
    # As it is served, with its content policy, which the browser enforces.
    app = secure(create_app(figures, documents, corrections), names_of("127.0.0.1"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def click_mark(page: Page, quote: str) -> None:
    """Clicks, with the mouse, the middle of the mark whose claim has the quote."""
    place = page.locator("#chart .js-plotly-plot").evaluate(
        """(plot, quote) => {
            for (const trace of plot.data) {
                const nth = (trace.hovertext || []).findIndex(text => text.includes(quote));
                if (nth < 0) continue;
                const box = plot.getBoundingClientRect(), {xaxis, yaxis} = plot._fullLayout;
                return [box.left + xaxis._offset + xaxis.d2p(trace.x[nth]),
                        box.top + yaxis._offset + yaxis.d2p(trace.y[nth])];
            }
        }""",
        quote,
    )
    page.mouse.move(*place)
    page.mouse.click(*place)


@pytest.fixture(autouse=True)
def quiet(page: Page, address: str) -> Iterator[None]:
    """No page asks anything of another machine, and none says an error."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: said.append(asked.url) if not is_ours(asked.url, address) else None)
    yield
    assert said == []


def is_ours(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


def download(page: Page, item: str) -> bytes:
    page.locator("#downloads summary").click()
    with page.expect_download() as waiting:
        page.locator("#downloads").get_by_role("button", name=item).first.click()
    return Path(waiting.value.path()).read_bytes()


def test_from_a_mark_to_its_sentence_and_its_row(page: Page, address: str, figures: pd.DataFrame) -> None:
    page.goto(address)
    expect(page.locator("#sentence")).to_contain_text("de 2014 à 2025")
    expect(page.locator("#statut-field")).to_be_visible()
    expect(page.locator("#chart .scatterlayer .point").last).to_be_visible()

    click_mark(page, "14,3 milliards")

    expect(page.locator("#evidence mark")).to_have_text("14,3 milliards de dollars")
    expect(page.locator("#evidence blockquote")).to_have_text(
        "Alpha rachète Bêta pour 14,3 milliards de dollars."
    )
    assert f"chiffre={percent_encoded(FIRST)}" in page.url

    rows = list(csv.DictReader(io.StringIO(download(page, "CSV international").decode(), newline="")))
    assert [row["figure_id"] for row in rows] == figures["figure_id"].tolist()
    assert [float(row["value"]) for row in rows] == figures["value"].tolist()
    assert rows[0]["sentence"] == page.locator("#evidence blockquote").inner_text()


def test_the_french_download_holds_what_the_filters_leave(page: Page, address: str) -> None:
    page.goto(f"{address}?page=operations&entite=Meta")
    expect(page.locator("#sentence")).to_contain_text("1\u00a0opération en 2014, avec Meta")
    content = download(page, "CSV pour tableur français").decode()
    assert content.startswith("\ufeff")
    (row,) = csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline=""), delimiter=";")
    assert row["value"] == "19000000000"


def test_a_row_of_the_grid_shows_its_sentence(page: Page, address: str) -> None:
    page.goto(f"{address}?page=chiffres")
    page.locator(".ag-row").get_by_text("environ 15\u00a0Md$").click()
    expect(page.locator("#evidence mark")).to_have_text("15 milliards de dollars")
    expect(page.locator("#evidence")).to_contain_text("rapporté")


def test_the_grid_is_sorted_and_filtered_by_the_server(page: Page, address: str) -> None:
    page.goto(f"{address}?page=chiffres")
    expect(page.locator(".ag-row")).to_have_count(3)
    header = page.locator(".ag-header-cell", has_text="Valeur")
    header.locator(".ag-header-cell-label").click()
    expect(page.locator(".ag-row[row-index='0']")).to_contain_text("14,3\u00a0Md$")
    header.locator(".ag-header-cell-label").click()
    expect(page.locator(".ag-row[row-index='0']")).to_contain_text("19\u00a0Md$")
    page.goto(f"{address}?page=chiffres&entite=WhatsApp")
    expect(page.locator(".ag-row")).to_have_count(1)


def test_a_page_without_a_chart_leaves_no_room_for_one(page: Page, address: str) -> None:
    page.goto(f"{address}?page=chiffres")
    expect(page.locator(".ag-row").first).to_be_visible()
    grid, filters = page.locator("#grid").bounding_box(), page.locator(".filters").bounding_box()
    assert grid is not None
    assert filters is not None
    assert grid["y"] - (filters["y"] + filters["height"]) < 60


def test_the_address_restores_the_page(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#entite").click()
    page.get_by_role("option", name="WhatsApp").click()
    expect(page.locator("#sentence")).to_contain_text("avec WhatsApp")
    page.reload()
    expect(page.locator("#sentence")).to_contain_text("avec WhatsApp")
    expect(page.locator("#entite-field")).to_contain_text("WhatsApp")
    page.go_back()
    expect(page.locator("#sentence")).not_to_contain_text("avec WhatsApp")


def test_an_entity_that_the_list_has_no_room_for_is_found_by_typing(
    page: Page, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "OFFERED", 1)
    page.goto(address)
    page.locator("#entite").click()
    expect(page.get_by_role("option")).to_have_count(1)
    page.locator("#entite").press_sequentially("whats")
    page.get_by_role("option", name="WhatsApp").click()
    expect(page.locator("#sentence")).to_contain_text("avec WhatsApp")
    expect(page.locator("#entite-field")).to_contain_text("WhatsApp")


def test_a_question_that_takes_too_long_is_a_sentence_and_no_blank_page(
    page: Page, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_slow(*_: object) -> None:
        raise AnswerError("Cette recherche est trop longue.")

    with monkeypatch.context() as patched:
        patched.setattr(data, "choices", too_slow)
        page.goto(f"{address}?page=operations&entite=Meta")
        expect(page.get_by_role("alert")).to_have_text("Cette recherche est trop longue.")
        expect(page.locator("#sentence")).to_contain_text("avec Meta")
    page.locator("#pages").get_by_text("Valorisations").click()
    expect(page.locator("#sentence")).to_contain_text("valorisation")
    expect(page.locator("#trouble")).to_be_hidden()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_the_dark_too(page: Page, address: str, name: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}?page={name}")
    expect(page.locator("#pages .current")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_nothing_found_is_said(page: Page, address: str) -> None:
    page.goto(f"{address}?page=operations&statut=denied")
    expect(page.locator("#empty")).to_be_visible()
    expect(page.locator("#chart")).to_be_hidden()


def test_from_a_mark_to_the_text_and_back(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#chart .scatterlayer .point").last).to_be_visible()
    click_mark(page, "14,3 milliards")
    page.get_by_role("link", name="Voir dans le texte").click()
    expect(page.locator("#text mark.here")).to_have_text("14,3 milliards de dollars")
    expect(page.locator("#sentence")).to_contain_text("Titre un")
    page.go_back()
    expect(page.locator("#chart .scatterlayer .point").last).to_be_visible()
    expect(page.locator("#evidence mark")).to_have_text("14,3 milliards de dollars")


def test_the_keys_go_from_figure_to_figure(page: Page, address: str) -> None:
    page.goto(f"{address}?page=document&document={'un':0>16}")
    expect(page.locator("#text mark")).to_have_count(1)
    page.keyboard.press("n")
    expect(page.locator("#text mark.here")).to_have_text("14,3 milliards de dollars")
    assert f"chiffre={percent_encoded(FIRST)}" in page.url


def test_the_marks_of_a_chart_are_reached_by_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(address)
    listed = page.locator("#marks summary")
    expect(listed).to_contain_text("3\u00a0points")
    listed.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#evidence blockquote")).to_be_visible()
    assert "chiffre=" in page.url


def test_the_money_stands_in_the_address(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#monnaie-option").get_by_text("Euros").click()
    expect(page.locator("#sentence")).to_contain_text("en euros courants")
    assert "monnaie=EUR" in page.url
    page.reload()
    expect(page.locator("#sentence")).to_contain_text("en euros courants")
    page.go_back()
    expect(page.locator("#sentence")).not_to_contain_text("en euros")


def test_an_address_that_is_wrong_says_so(page: Page, address: str) -> None:
    page.goto(f"{address}?page=nulle-part")
    expect(page.locator("#notice")).to_contain_text("n’existe pas")
    expect(page.locator("#chart .scatterlayer .point").last).to_be_visible()


def test_a_text_that_is_pasted_is_marked_and_can_be_taken_away(page: Page, address: str) -> None:
    page.goto(f"{address}?page=analyser")
    page.locator("#pasted").fill("Danone a perdu 3 millions d'euros.")
    page.locator("#read").click()
    expect(page.locator("#analysed mark")).to_have_text("3 millions d'euros")
    rows = list(csv.DictReader(io.StringIO(download(page, "CSV international").decode(), newline="")))
    assert [(row["quote"], row["subject"]) for row in rows] == [("3 millions d'euros", "Danone")]


def test_a_file_that_is_dropped_is_read(page: Page, address: str) -> None:
    page.goto(f"{address}?page=analyser")
    text = "Danone a perdu 3 millions d'euros, a dit le groupe, qui en avait gagné quatre."
    file = FilePayload(name="un.txt", mimeType="text/plain", buffer=text.encode())
    page.locator("#dropped input").set_input_files(file)
    expect(page.locator("#analysed mark").first).to_have_text("3 millions d'euros")
    expect(page.locator("#analysed")).to_contain_text("un.txt")


@pytest.mark.parametrize("kind", ["PNG", "SVG"])
def test_a_chart_can_be_taken_away(page: Page, address: str, kind: str) -> None:
    page.goto(address)
    expect(page.locator("#chart .scatterlayer .point").last).to_be_visible()
    content = download(page, f"Image {kind}")
    assert content.startswith(b"\x89PNG") if kind == "PNG" else b"<svg" in content[:200]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(
    page: Page, address: str, name: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}?page={name}&chiffre={FIRST}")
    expect(page.locator("#evidence blockquote")).to_be_visible()
    found = Axe().run(page).response["violations"]
    serious = {
        violation["id"]: [node["html"][:120] for node in violation["nodes"]]
        for violation in found
        if violation["impact"] in ("serious", "critical")
    }
    assert serious == {}


def test_a_table_wider_than_a_telephone_is_scrolled_by_the_keyboard(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{address}?page=comparaison")
    table = page.locator("#comparison .table")
    expect(table).to_be_visible()
    assert table.evaluate("table => table.scrollWidth > table.clientWidth")
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert "scrollable-region-focusable" not in found


@pytest.mark.parametrize("width", [360, 1920])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_its_window(page: Page, address: str, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{address}?page={name}")
    expect(page.locator("#pages .current")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_correction_is_written_and_survives_a_rebuild(
    page: Page, address: str, corrections: Path, figures: pd.DataFrame
) -> None:
    page.goto(f"{address}?page=chiffres&chiffre={SECOND}")
    page.locator("#review summary").click()
    page.locator("#review-save").click()
    expect(page.locator("#review-said")).to_contain_text("Dites pourquoi")
    page.locator("#review-value").fill("Gamma")
    page.locator("#review-reason").fill("Le rectificatif du 14 juin")
    page.locator("#review-author").fill("Léa")
    page.locator("#review-save").click()
    expect(page.locator("#review-said")).to_contain_text("Enregistré dans corrections.toml")
    corrected, problems = etl.correct(figures, corrections)
    assert not problems
    told = corrected.set_index("figure_id").loc[SECOND]
    assert told["subject"] == "Gamma"
    panel = evidence.evidence(filters.State(), data.records(corrected)[1], None)
    assert "Léa" in str(panel)

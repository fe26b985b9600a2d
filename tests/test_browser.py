"""The dashboard in a real browser: from a mark to the sentence that says it, and to the downloaded rows."""

import csv
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from dashboard.app import create_app
from etl import table

pytestmark = [pytest.mark.browser, pytest.mark.slow]

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


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return table.frame(
        {
            "figure_id": f"{document}-{value:.0f}",
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
def address(figures: pd.DataFrame) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(figures).server, threaded=True)
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


def download(page: Page, button: str) -> str:
    with page.expect_download() as waiting:
        page.locator(button).click()
    return Path(waiting.value.path()).read_bytes().decode()


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
    assert "chiffre=un-14300000000" in page.url

    rows = list(csv.DictReader(io.StringIO(download(page, "#csv"), newline="")))
    assert [row["figure_id"] for row in rows] == figures["figure_id"].tolist()
    assert [float(row["value"]) for row in rows] == figures["value"].tolist()
    assert rows[0]["sentence"] == page.locator("#evidence blockquote").inner_text()


def test_the_french_download_holds_what_the_filters_leave(page: Page, address: str) -> None:
    page.goto(f"{address}?page=operations&entite=Meta")
    expect(page.locator("#sentence")).to_contain_text("1\u00a0opération en 2014, avec Meta")
    content = download(page, "#csv-fr")
    assert content.startswith("\ufeff")
    (row,) = csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline=""), delimiter=";")
    assert row["value"] == "19000000000"


def test_a_row_of_the_grid_shows_its_sentence(page: Page, address: str) -> None:
    page.goto(f"{address}?page=chiffres")
    page.locator(".ag-row").get_by_text("environ 15\u00a0Md$").click()
    expect(page.locator("#evidence mark")).to_have_text("15 milliards de dollars")
    expect(page.locator("#evidence")).to_contain_text("rapporté")


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


@pytest.mark.parametrize("name", ["operations", "valorisations", "comparaison", "chiffres"])
def test_every_page_opens_in_the_dark_too(page: Page, address: str, name: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}?page={name}")
    expect(page.locator("#pages .current")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_nothing_found_is_said(page: Page, address: str) -> None:
    page.goto(f"{address}?page=operations&statut=denied")
    expect(page.locator("#empty")).to_be_visible()
    expect(page.locator("#chart")).to_be_hidden()

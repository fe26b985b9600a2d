"""Takes the pictures of every page of the dashboard, light and dark, into `data/pictures`: `make pictures`."""

from __future__ import annotations

import logging
import shutil
import threading
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

import etl
from dashboard.app import create_app
from dashboard.filters import PAGES
from etl.documents import Document

HERE = Path(__file__).parent
FOLDER = HERE / "pictures"
WIDTH, HEIGHT = 1280, 860
TEXT = (
    "Meta investit 14,3 milliards de dollars dans Scale AI, dont il détient 49 %. "
    "La start-up serait valorisée plus de 29 milliards, selon Bloomberg."
)


def corpus() -> list[Document]:
    """The demo corpus, each text under its place in the project."""
    texts = etl.read(HERE / "corpus")
    return [replace(text, source=f"data/corpus/{Path(text.source).name}") for text in texts]


def take(page: Page, address: str, documents: list[Document]) -> None:
    """One picture a page, with a figure chosen, as a reader would have it."""
    deal = next(d for d in documents if "scale-ai-finalisation" in d.source)
    figure = etl.extract([deal])["figure_id"].iloc[0]
    for shown in PAGES:
        chosen = (
            "" if shown.key in ("analyser", "sources") else f"&document={deal.document_id}&chiffre={figure}"
        )
        page.goto(f"{address}?page={shown.key}{chosen}")
        page.locator("#pages .current").wait_for()
        if shown.key == "analyser":
            page.locator("#pasted").fill(TEXT)
            page.locator("#read").click()
            page.locator("#analysed mark").first.wait_for()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(800)  # charts and grids draw themselves after they have been sent
        scheme = page.evaluate("document.documentElement.dataset.mantineColorScheme")
        page.screenshot(path=FOLDER / f"{shown.key}-{scheme}.png")


def main() -> None:
    """Serves the demo corpus to a browser of its own and leaves a picture of each page in the folder."""
    FOLDER.mkdir(exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would tell of every request
    documents = corpus()
    app = create_app(etl.extract(documents), documents)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            page = chromium.new_page(
                viewport={"width": WIDTH, "height": HEIGHT},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            take(page, f"http://127.0.0.1:{server.server_port}/", documents)
        chromium.close()
    server.shutdown()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()

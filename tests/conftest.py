"""Fixtures that several test modules share: the development gold, and a real browser."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

CHROMIUM_FLAGS = [
    "--no-sandbox",  # Chromium refuses to start as root with it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OURS = {"127.0.0.1", "localhost", None}  # None is the host of data: and blob: addresses


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """What a shell starts in the background ignores interrupts, and so do its children: these tests send some."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the development gold."""
    folder = os.environ.get("CHIFFRIER_SHARED")
    if not folder:
        pytest.skip("CHIFFRIER_SHARED is not set: the development gold is not here")
    return Path(folder)


# For a module, not the session: while it lives, Playwright keeps an event loop running in this thread, and
# the notebooks need one of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless. On CI it must be there; elsewhere its tests skip without it."""
    executable = shutil.which("chromium")
    if executable is None:
        reason = "chromium is not installed: on Debian, apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a French reader. The test fails if it logs an error or asks another machine for anything."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []

    def check_console(line: ConsoleMessage) -> None:
        if line.type == "error":
            complaints.append(line.text)

    def check_request(request: Request) -> None:
        if urlsplit(request.url).hostname not in OURS:
            complaints.append(request.url)

    page.on("console", check_console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", check_request)
    yield page
    context.close()
    assert complaints == []

"""The server: who may ask, from where, how often, and what its answers forbid."""

import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

import etl
from dashboard import server
from dashboard.app import create_app

TOKEN = "un-jeton-secret"  # noqa: S105, of these tests alone
FIGURES = etl.parse("Meta investit 14,3 milliards de dollars dans Scale AI.", published="2025-06-13")


def client(names: str = "127.0.0.1", token: str | None = None) -> FlaskClient:
    app = server.secure(create_app(FIGURES), server.names_of(names), token)
    return app.test_client(use_cookies=True)


def test_a_page_of_its_own_name_is_shown_with_headers_that_forbid_the_rest() -> None:
    answer = client().get("/", base_url="http://127.0.0.1:8050")
    assert answer.status_code == 200
    for name, value in server.HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src 'self' 'sha256-", policy)
    assert "'unsafe-inline'" not in policy.partition("script-src")[2]


def test_a_worker_that_never_showed_the_page_knows_its_scripts() -> None:
    page = client().get("/", base_url="http://127.0.0.1").get_data(as_text=True)
    (script, *_) = re.findall(r'src="(/_dash-component-suites/[^"]+)"', page)
    assert client().get(script, base_url="http://127.0.0.1").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8050", "[", ""])
def test_another_name_is_refused_so_that_a_rebound_one_reaches_nothing(host: str) -> None:
    answer = client().get("/", headers={"Host": host})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://localhost:8050"}, 400),  # Dash's own answer to a request that asks for nothing
    ],
)
def test_a_page_of_another_site_may_not_ask(headers: dict[str, str], status: int) -> None:
    answer = client().post(
        "/_dash-update-component", base_url="http://localhost:8050", headers=headers, json={"output": "x.y"}
    )
    assert (answer.status_code == 403) == (status == 403)


def test_without_the_token_nothing_is_shown_and_with_it_a_cookie_keeps_it() -> None:
    asking = client("192.0.2.1", TOKEN)
    base = "https://192.0.2.1:8050"
    for path in ("/", "/_dash-layout", "/assets/style.css", "/?token=faux", "/?token="):
        assert asking.get(path, base_url=base).status_code == 401
    answer = asking.get(f"/?page=operations&token={TOKEN}", base_url=base)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/?page=operations")
    cookie = answer.headers["Set-Cookie"]
    for flag in ("Secure", "HttpOnly", "SameSite=Strict"):
        assert flag in cookie
    assert asking.get("/", base_url=base).status_code == 200
    assert TOKEN not in asking.get("/", base_url=base).get_data(as_text=True)


def test_the_token_leads_to_no_other_site() -> None:
    answer = client("192.0.2.1", TOKEN).get(f"//evil.example/?token={TOKEN}", base_url="https://192.0.2.1")
    assert not answer.headers.get("Location", "/").startswith(("//", "http"))


def test_too_much_and_too_often_are_refused() -> None:
    asking = client()
    big = asking.post("/_dash-update-component", base_url="http://localhost", data=b"0" * 20_000_001)
    assert big.status_code == 413
    statuses = [asking.get("/_dash-layout", base_url="http://localhost").status_code for _ in range(500)]
    assert statuses[0] == 200
    assert 429 in statuses


def test_rates_are_by_address_fill_again_and_are_forgotten() -> None:
    rates = server._Rates()  # noqa: SLF001, its clock is given
    assert [rates.allows("a", 0.0) for _ in range(301)] == [True] * 300 + [False]
    assert rates.allows("b", 0.0)
    assert rates.allows("a", 1.0)
    for number in range(20_000):
        rates.allows(str(number), 1.0)
    assert len(rates.buckets) <= 10_000


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a server of `chiffrier serve` with two workers."""
    table = etl.save(FIGURES, tmp_path / "figures.csv")
    command = [sys.executable, "-m", "etl", "serve", str(table), "--port", "0", "--workers", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "milliards" not in err  # no text of a document in a log
    assert len(err.splitlines()) == 1, err


@pytest.mark.slow
def test_several_workers_answer_and_refuse_alike(address: str) -> None:
    for _ in range(8):
        with urllib.request.urlopen(address, timeout=30) as page:  # noqa: S310, it is our own
            assert page.headers["X-Frame-Options"] == "DENY"
    asking = urllib.request.Request(address, headers={"Host": "evil.example"})  # noqa: S310
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(asking, timeout=30)  # noqa: S310


@pytest.mark.browser
@pytest.mark.slow
def test_the_pages_work_under_their_own_content_policy(address: str, page: Page) -> None:
    for name in ("operations", "valorisations", "comparaison", "chiffres"):
        page.goto(
            f"{address}/?page={name}"
        )  # what the policy stops is an error on the console, which fails the test
        page.wait_for_load_state("networkidle")
        assert "Chiffrier" in page.title()
    page.goto(address)
    page.wait_for_selector(".js-plotly-plot .main-svg")


@pytest.mark.slow
def test_any_other_address_prints_a_token(tmp_path: Path) -> None:
    table = etl.save(FIGURES, tmp_path / "figures.csv")
    command = [sys.executable, "-m", "etl", "serve", str(table), "--host", "0.0.0.0", "--port", "0"]  # noqa: S104
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout
        shown = process.stdout.readline().strip()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert re.fullmatch(r"http://0\.0\.0\.0:\d+/\?token=[\w-]{43}", shown)
    assert "only over https" in err

"""Stories in a real browser, without a network: every request that leaves this machine fails the story."""

from __future__ import annotations

import csv
import io
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (requirements.txt)")

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
FLAGS = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LOCAL = ("http://127.0.0.1:", "data:", "blob:")


def start(script: Path, folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A server of its own over an empty store; its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "inbox").mkdir()
    where = {"CONFLICT_STORE_DIR": str(folder / "store"), "CONFLICT_INBOX_DIR": str(folder / "inbox")}
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with (folder / "log").open("wb") as log:
        # the charts' library is served from beside the script, so a script elsewhere gets the app's folder
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | where, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            return server, address
        except OSError:
            time.sleep(0.2)
    server.terminate()
    raise AssertionError((folder / "log").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app over the sample tables."""
    static = ROOT / "tests" / "static"
    if not static.exists():
        static.symlink_to(ROOT / "dashboard" / "static")
    server, address = start(ROOT / "tests" / "sample_app.py", tmp_path_factory.mktemp("sample"))
    yield address
    server.terminate()
    server.wait()
    static.unlink()


@pytest.fixture
def page(browser: sync_api.Browser) -> Iterator[sync_api.Page]:
    page = browser.new_page(viewport={"width": 1500, "height": 1300}, accept_downloads=True)
    page.set_default_timeout(30_000)
    outside: list[str] = []

    def local_only(route: sync_api.Route) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    page.route("**/*", local_only)
    yield page
    page.close()
    assert outside == []


def open_page(page: sync_api.Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function("document.querySelectorAll('.chart[data-ready]').length === 2")


def figures(page: sync_api.Page, first: str) -> None:
    """Wait until the first key figure reads so."""
    page.locator(".figures b").first.get_by_text(first, exact=True).wait_for()


def downloaded(page: sync_api.Page) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these events (CSV)", exact=True).click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def drag(page: sync_api.Page, chart: int, across: tuple[float, float], down: tuple[float, float]) -> None:
    """Draw over a part of a chart, in shares of its size."""
    box = page.locator(".chart").nth(chart).bounding_box()
    assert box
    page.mouse.move(box["x"] + across[0] * box["width"], box["y"] + down[0] * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + across[1] * box["width"], box["y"] + down[1] * box["height"], steps=8)
    page.mouse.up()


def test_filter_open_the_event_and_read_the_csv(page: sync_api.Page, sample: str) -> None:
    open_page(page, sample)
    figures(page, "8")
    page.get_by_role("combobox", name="Country").first.click()
    page.get_by_role("option", name="Arnor (6)").click()
    figures(page, "6")
    page.keyboard.press("Escape")
    page.get_by_label("Killed at least").fill("16")
    page.keyboard.press("Enter")
    figures(page, "4")
    page.locator("[data-testid=stDataFrame]").first.click(position={"x": 16, "y": 38 + 2 * 35 + 17})
    page.locator("mark.fatalities", has_text="16 people").first.wait_for()
    rows = downloaded(page)
    assert [r["event_id"] for r in rows] == ["karm-2", "dol-total", "dol-part", "claim"]
    assert rows[3]["fatalities_high"] == ""


def test_a_link_restores_the_view_and_the_open_event(page: sync_api.Page, sample: str) -> None:
    open_page(page, f"{sample}/?brush=2021-03-04,2021-03-05&event=karm-2")
    figures(page, "4")
    page.locator("mark.date", has_text="4 March").first.wait_for()
    page.get_by_text("Brushed days: 2021-03-04", exact=False).first.wait_for()


def test_brushing_the_timeline_filters_everything_and_clearing_brings_it_back(page: sync_api.Page, sample: str) -> None:
    open_page(page, sample)
    for _ in range(4):  # a chart that is still being laid out loses a drag: a person would drag again
        drag(page, 0, (0.45, 0.75), (0.3, 0.3))
        page.wait_for_timeout(3000)
        if "brush=" in page.url:
            break
    page.wait_for_url("**brush=**")
    page.wait_for_function("document.querySelector('.figures b').textContent !== '8'")
    page.wait_for_timeout(1000)  # the download button is made anew after the figures
    assert len(downloaded(page)) == int(page.locator(".figures b").first.inner_text())
    page.get_by_role("button", name="Clear brush", exact=True).click()
    figures(page, "8")
    page.wait_for_url(lambda url: "brush" not in url)


def test_two_tabs_do_not_disturb_each_other(page: sync_api.Page, browser: sync_api.Browser, sample: str) -> None:
    open_page(page, f"{sample}/?kind=cumulative")
    other = browser.new_page()
    open_page(other, f"{sample}/?kind=diplomatic")
    assert [r["event_id"] for r in downloaded(page)] == ["claim"]
    other.close()


def test_first_start_reads_the_seeds_and_shows_where_thirty_comes_from(page: sync_api.Page, tmp_path: Path) -> None:
    server, address = start(ROOT / "dashboard" / "app.py", tmp_path)
    try:
        page.set_default_timeout(240_000)  # the first start also builds the list of places
        open_page(page, address)
        page.goto(f"{address}/?kind=cumulative&words=White+Helmets")
        page.wait_for_function("document.querySelectorAll('.chart[data-ready]').length === 2")
        page.locator("[data-testid=stDataFrame]").first.click(position={"x": 16, "y": 38 + 17})
        page.locator("mark.fatalities", has_text="30").first.wait_for()
        [row] = downloaded(page)
        assert (row["date_start"], row["date_end"]) == ("2018-09-01", "2018-09-12")
        assert (row["fatalities_low"], row["fatalities_best"], row["fatalities_high"]) == ("30", "30", "")
    finally:
        server.terminate()
        server.wait()

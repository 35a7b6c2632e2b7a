"""A headless Chromium over servers of our own, for the stories of test_browser*.py; nothing leaves this machine."""

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
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

try:
    from playwright import sync_api
except ImportError:  # the stories are then skipped
    sync_api = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-gpu-compositing",  # as a browser without a graphics card does: only the map is drawn by SwiftShader
    "--disable-features=LocalNetworkAccessChecks",  # a page that a story changed on its way may still ask our server
]  # fmt: skip
LOCAL = ("http://127.0.0.1:", "data:", "blob:")
# the script stands still, and for 400 ms no chart was drawn again or moved: a gesture meets what it aims at
SETTLED = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const charts = [...document.querySelectorAll('.chart')];
  const centre = (c) => c._fullLayout?.map?._subplot?.map?.getCenter(); // a map glides on after it was let go
  const state = charts.map((c) => [c.dataset.ready, c.getBoundingClientRect(), centre(c)]);
  const now = app?.dataset.testScriptState + JSON.stringify(state);
  if (window.__was !== now) { window.__was = now; window.__since = performance.now(); }
  return app?.dataset.testScriptState === 'notRunning' && charts.every((c) => c.dataset.ready)
    && performance.now() - window.__since > 400;
}"""  # noqa: E501


SERVER = """import sys
sys.path.insert(0, {root!r})
import streamlit as st
from dashboard.serving import SERVED
app = st.App({script!r}, **SERVED)
"""  # fmt: skip


def served(script: Path, folder: Path) -> Path:
    """A server as dashboard/app.py is one, over another script."""
    server = folder / "server.py"
    server.write_text(SERVER.format(root=str(ROOT), script=str(script)), encoding="utf-8")
    return server


def start(script: Path, folder: Path, **environment: str) -> tuple[subprocess.Popen[bytes], str]:
    """A server of its own over an empty store; its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "inbox").mkdir(exist_ok=True)
    where = {"CONFLICT_STORE_DIR": str(folder / "store"), "CONFLICT_INBOX_DIR": str(folder / "inbox")}
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | where | environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            return server, address
        except OSError:
            time.sleep(0.2)
    server.terminate()
    raise AssertionError((folder / "log").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser for all stories; each has a page of its own."""
    if sync_api is None or CHROMIUM is None:
        pytest.skip("no playwright or no chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the app over the sample tables keeps views and notes decisions."""
    return tmp_path_factory.mktemp("sample") / "store"


@pytest.fixture(scope="session")
def sample(browser: Any, sample_store: Path) -> Iterator[str]:
    """The address of the app over the sample tables."""
    server, address = start(served(ROOT / "tests" / "sample_app.py", sample_store.parent), sample_store.parent)
    yield address
    server.terminate()
    server.wait()


@contextmanager
def local_page(browser: Any) -> Iterator[Any]:
    """A page from which every request to elsewhere fails the story."""
    page = another(browser)
    outside: list[str] = []

    def local_only(route: Any) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    page.route("**/*", local_only)
    yield page
    page.close()
    assert outside == []


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of the story's own."""
    with local_page(browser) as page:
        yield page


@pytest.fixture(scope="module")
def window(browser: Any, sample: str) -> Iterator[Any]:
    """One page over the sample for all stories of a file, which is faster; see `fresh`."""
    with local_page(browser) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=sample)
        open_page(page, sample)
        yield page


@pytest.fixture
def fresh(window: Any) -> Any:
    """The file's page with nothing chosen and no event open."""
    close = window.get_by_role("button", name="Close", exact=True)
    if close.count():
        close.click()
        close.wait_for(state="detached")
    window.get_by_role("button", name="Reset all", exact=True).click()
    figures(window, "8")
    return window


def another(browser: Any) -> Any:
    """A second window, with a session and a clipboard of its own."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    page.set_default_timeout(100_000)  # generous: the machine may be busy, and a story waits for states
    return page


def rows_on_screen(page: Any, count: int) -> list[dict[str, str]]:
    """The list's rows, so many, as the page gives them to screen readers: its picture is a canvas."""
    rows = "document.querySelector('[data-testid=stDataFrame]')?.querySelectorAll('tbody [role=row]').length"
    page.wait_for_function(f"{rows} === {count}")
    grid = page.locator("[data-testid=stDataFrame]").first
    names = grid.locator("[role=columnheader]").all_text_contents()
    cells = [row.locator("[role=gridcell]").all_text_contents() for row in grid.locator("tbody [role=row]").all()]
    return [dict(zip(names, row, strict=False)) for row in cells]


def settle(page: Any) -> None:
    """Wait until the page stands still."""
    page.wait_for_function(SETTLED)


def open_page(page: Any, address: str) -> None:
    """The page with its two charts drawn."""
    page.goto(address)
    page.wait_for_function("document.querySelectorAll('.chart[data-ready]').length >= 2")
    settle(page)


def figures(page: Any, first: str) -> None:
    """Wait until the first key figure reads so, and all else is drawn."""
    page.locator(".figures b").first.get_by_text(first, exact=True).wait_for()
    settle(page)


def figures_other_than(page: Any, first: str) -> int:
    """Wait until the first key figure reads otherwise, and all else is drawn; what it reads then."""
    now = "document.querySelector('.figures b')?.textContent"
    page.wait_for_function(f"{now} !== undefined && {now} !== '{first}'")
    settle(page)
    return int(page.locator(".figures b").first.inner_text())


def open_row(page: Any, row: int) -> None:
    """Choose a row of the list: its event opens beside it."""
    page.locator("[data-testid=stDataFrame]").first.click(position={"x": 16, "y": 38 + row * 35 + 17})
    page.get_by_role("button", name="Copy citation", exact=True).wait_for()
    settle(page)


def downloaded(page: Any, button: str = "Download these events (CSV)") -> list[dict[str, str]]:
    """The rows of the CSV behind a button."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def drag(page: Any, chart: int, *points: tuple[float, float]) -> None:
    """Draw over a part of a chart: from point to point, in shares of its size."""
    settle(page)
    page.locator(".chart").nth(chart).scroll_into_view_if_needed()
    box = page.locator(".chart").nth(chart).bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()

"""Stories of map tiles: nobody is asked until the reader turns them on, and nothing depends on their coming."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from browser import ROOT, another, downloaded, drag, figures, figures_other_than, open_page, served, settle, start

RED = (200, 30, 30)
MAP = "[...document.querySelectorAll('.chart')].map((c) => c._fullLayout?.map?._subplot?.map).find(Boolean)"
CENTRE = f"[{MAP}.getCenter().lng, {MAP}.getCenter().lat, {MAP}.getZoom()]"


def png(red: int, green: int, blue: int, side: int = 256) -> bytes:
    """A picture of one colour."""
    rows = (b"\0" + bytes((red, green, blue)) * side) * side

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class TileServer(ThreadingHTTPServer):
    """Red tiles; what it was asked, and by which page. It may refuse, or be silent."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.refuses = False
        self.answers = Event()
        self.answers.set()
        super().__init__(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self.server_port}/{{z}}/{{x}}/{{y}}.png"


class Answer(BaseHTTPRequestHandler):
    """One tile."""

    server: TileServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("referer", "")))
        self.server.answers.wait(60)
        if self.server.refuses:
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("content-type", "image/png")
        self.send_header("access-control-allow-origin", "*")
        self.end_headers()
        self.wfile.write(png(*RED))

    def log_message(self, *words: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def tiles() -> Iterator[TileServer]:
    with TileServer() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.answers.set()
        server.shutdown()


@pytest.fixture(scope="module")
def house(browser: Any, tiles: TileServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over the sample tables in a house with a tile server of its own."""
    folder = tmp_path_factory.mktemp("house")
    own = {"CONFLICT_MAP_TILES": tiles.address, "CONFLICT_MAP_TILES_CREDIT": "© the <b>house</b>"}
    server, address = start(served(ROOT / "tests" / "sample_app.py", folder), folder, **own)
    yield address
    server.terminate()
    server.wait()


@pytest.fixture
def looked(page: Any, house: str, tiles: TileServer) -> Any:
    """A page that looks at the map; the server asked nothing yet, and willing."""
    tiles.asked.clear()
    tiles.refuses = False
    tiles.answers.set()
    open_page(page, house)
    return page


def switch(page: Any) -> None:
    page.get_by_text("which then sees the places you look at").click()


def red_share(page: Any, shot: Path) -> float:
    """How much of the map is more red than anything that we draw on an empty stretch of it."""
    from PIL import Image  # noqa: PLC0415

    page.locator(".chart").nth(1).screenshot(path=shot)
    points = [*Image.open(shot).convert("RGB").get_flattened_data()]
    return sum(r > g + 30 and abs(g - b) < 30 for r, g, b in points) / len(points)


def wait_for_tiles(page: Any) -> None:
    page.wait_for_function("[...document.querySelectorAll('.chart')].some((c) => c.__tilesCame)")
    settle(page)


def test_tiles_are_asked_for_only_while_they_are_on_and_the_view_stays(
    looked: Any, tiles: TileServer, tmp_path: Path
) -> None:
    page = looked
    drag(page, 1, (0.5, 0.5), (0.45, 0.5))
    settle(page)
    seen, plain = page.evaluate(CENTRE), red_share(page, tmp_path / "plain.png")
    assert tiles.asked == []
    switch(page)
    wait_for_tiles(page)
    assert tiles.asked
    # it learns which tiles are looked at, and that this server's page asks: no choice, no event
    assert {referer.rstrip("/").count("/") for _, referer in tiles.asked} <= {0, 2}
    assert page.evaluate(CENTRE) == pytest.approx(seen)
    assert red_share(page, tmp_path / "tiles.png") > plain + 0.5
    assert page.locator(".credit:visible").inner_text() == "© the <b>house</b>"
    assert "tiles" not in page.url
    switch(page)
    page.locator(".credit:visible").wait_for(state="detached")
    settle(page)
    asked = len(tiles.asked)
    drag(page, 1, (0.2, 0.5), (0.9, 0.5))
    settle(page)
    assert len(tiles.asked) == asked
    assert red_share(page, tmp_path / "off.png") < plain + 0.05


def test_another_theme_turns_the_tiles_dark_and_says_nothing_went_wrong(looked: Any) -> None:
    page = looked
    wrong: list[str] = []
    page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    switch(page)
    wait_for_tiles(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{MAP}.getLayer('tiles') && {MAP}.getPaintProperty('tiles', 'raster-hue-rotate') === 180")
    settle(page)
    assert page.evaluate(f"{MAP}.getStyle().layers.map((layer) => layer.id)")[:4] == ["sea", "land", "borders", "tiles"]
    assert wrong == []


def test_a_lasso_over_tiles_chooses_as_it_does_without_and_the_picture_shows_them(
    looked: Any, tiles: TileServer, tmp_path: Path
) -> None:
    from PIL import Image  # noqa: PLC0415

    page = looked
    left: list[int] = []
    for _ in range(2):  # without, with
        page.locator(".chart").nth(1).locator("[data-title='Lasso Select']").click()
        drag(page, 1, (0.02, 0.1), (0.98, 0.1), (0.98, 0.95), (0.02, 0.95), (0.02, 0.1))
        page.wait_for_url("**lasso=**")
        left.append(figures_other_than(page, "8"))
        assert left[-1] == len(downloaded(page))
        if tiles.asked:
            break
        page.get_by_role("button", name="Clear box or lasso", exact=True).click()
        figures(page, "8")
        switch(page)
        wait_for_tiles(page)
    assert left[0] == left[1]
    with page.expect_download() as download:
        page.locator(".chart").nth(1).locator("[data-title='Download as PNG']").click()
    picture = Image.open(download.value.path()).convert("RGB")
    pixels = [*picture.get_flattened_data()]
    assert sum(r > g + 30 and abs(g - b) < 30 for r, g, b in pixels) / len(pixels) > 0.2


@pytest.mark.parametrize("silent", [False, True])
def test_where_no_tile_comes_the_marks_stand_on_outlines_and_it_is_said(
    looked: Any, tiles: TileServer, silent: bool
) -> None:
    page = looked
    tiles.refuses = not silent
    if silent:
        tiles.answers.clear()
    switch(page)
    page.get_by_text("No map tiles come from 127.0.0.1").wait_for()
    # the page goes on as if nothing were missing
    page.get_by_label("Killed at least", exact=True).first.fill("16")
    page.keyboard.press("Enter")
    figures(page, "4")
    drag(page, 1, (0.5, 0.5), (0.45, 0.5))
    tiles.refuses = False
    tiles.answers.set()
    switch(page)
    page.get_by_text("No map tiles come from").wait_for(state="hidden")
    switch(page)
    wait_for_tiles(page)
    assert page.get_by_text("No map tiles come from").is_hidden()


def test_a_link_turns_no_tiles_on(looked: Any, browser: Any, house: str, tiles: TileServer) -> None:
    page = looked
    switch(page)
    wait_for_tiles(page)
    asked = len(tiles.asked)
    other = another(browser)
    open_page(other, f"{page.url}?tiles=1&f_tiles=1")
    settle(other)
    assert len(tiles.asked) == asked
    other.close()

"""Stories in a real browser, without a network: every request that leaves this machine fails the story."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import (
    ROOT,
    another,
    downloaded,
    drag,
    figures,
    figures_other_than,
    open_page,
    open_row,
    settle,
    start,
)

CENTRE = """(() => {
  const map = [...document.querySelectorAll('.chart')].map((c) => c._fullLayout?.map?._subplot?.map).find(Boolean);
  const {lng, lat} = map.getCenter();
  return [lng, lat, map.getZoom()];
})()"""


def test_filter_open_the_event_and_read_the_csv(fresh: Any) -> None:
    page = fresh
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
    assert sorted(r["event_id"] for r in rows) == ["claim", "dol-part", "dol-total", "karm-2"]
    assert next(r for r in rows if r["event_id"] == "claim")["fatalities_high"] == ""  # open above


def test_a_link_restores_the_view_and_the_open_event(page: Any, sample: str) -> None:
    open_page(page, f"{sample}/?brush=2021-03-04,2021-03-05&event=karm-2")
    figures(page, "4")
    page.locator("mark.date", has_text="4 March").first.wait_for()
    page.get_by_text("Brushed days: 2021-03-04", exact=False).first.wait_for()


def test_from_the_keyboard_alone_one_comes_from_the_top_to_an_events_card_and_on(page: Any, sample: str) -> None:
    open_page(page, sample)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to main content
    at = "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).slice(0, 4)"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(at) == "When":  # the list's head
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    page.wait_for_url("**event=**")
    page.wait_for_function("document.activeElement.textContent === 'Close'")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.st-key-card')")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "event" not in url)


def test_brushing_the_timeline_filters_everything_and_clearing_brings_it_back(fresh: Any) -> None:
    page = fresh
    drag(page, 0, (0.45, 0.3), (0.75, 0.3))
    page.wait_for_url("**brush=**")
    assert figures_other_than(page, "8") == len(downloaded(page))
    page.get_by_role("button", name="Clear brush", exact=True).click()
    figures(page, "8")
    page.wait_for_url(lambda url: "brush" not in url)


def test_a_lasso_on_the_map_filters_everything_and_clearing_brings_it_back(fresh: Any) -> None:
    page = fresh
    page.locator(".chart").nth(1).locator("[data-title='Lasso Select']").click()
    drag(page, 1, (0.02, 0.1), (0.98, 0.1), (0.98, 0.95), (0.02, 0.95), (0.02, 0.1))
    page.wait_for_url("**lasso=**")
    left = figures_other_than(page, "8")
    assert {r["place"] for r in downloaded(page)} <= {"Karm", "Dol", "", "Bree"}
    assert len(downloaded(page)) == left
    page.get_by_role("button", name="Clear box or lasso", exact=True).click()
    figures(page, "8")
    page.wait_for_url(lambda url: "lasso" not in url)


def test_a_box_on_the_map_filters_everything_and_a_link_restores_it(fresh: Any, browser: Any) -> None:
    page = fresh
    page.locator(".chart").nth(1).locator("[data-title='Box Select']").click()
    drag(page, 1, (0.05, 0.15), (0.95, 0.95))
    page.wait_for_url("**box=**")
    left = figures_other_than(page, "8")
    assert len(downloaded(page)) == left
    other = another(browser)
    open_page(other, page.url)
    figures(other, str(left))
    other.close()


def test_pictures_are_saved_as_png_and_svg(fresh: Any, tmp_path: Path) -> None:
    page = fresh
    for chart in (0, 1):
        for form, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
            with page.expect_download() as download:
                page.locator(".chart").nth(chart).locator(f"[data-title='Download as {form}']").click()
            content = Path(download.value.path()).read_bytes()
            assert content.startswith(begins)
            assert len(content) > 5_000
            if chart == 0 and form == "SVG":
                assert "at least 30 killed" in content.decode()
                assert "table sample" in content.decode()


def test_what_lies_outside_the_map_is_said_and_shown_on_request(fresh: Any) -> None:
    page = fresh
    away = page.locator(".frame", has=page.locator("canvas")).locator(".away")
    show = away.get_by_role("button", name="Show all", exact=True)
    if show.is_visible():  # the first view holds most events, not all
        show.click()
    away.wait_for(state="hidden")
    settle(page)
    page.locator(".chart").nth(1).locator("[data-title='Pan']").click()
    for _ in range(2):
        drag(page, 1, (0.05, 0.5), (0.95, 0.5))
    settle(page)
    away.get_by_text("lie outside this view").wait_for()
    show.click()
    away.wait_for(state="hidden")
    settle(page)
    seen = page.evaluate(CENTRE)
    fewer = page.get_by_label("Killed at least", exact=True).first
    fewer.fill("16")
    fewer.press("Enter")
    figures(page, "4")
    assert page.evaluate(CENTRE) == pytest.approx(seen)  # however the view came about, a filter leaves it


def test_an_open_event_outside_the_timeline_is_said_and_shown_on_request(fresh: Any) -> None:
    page = fresh
    open_row(page, 0)
    away = page.locator(".frame").filter(has=page.locator(".xaxislayer-above")).first.locator(".away")
    assert away.is_hidden()
    page.locator(".chart").first.locator("[data-title='Pan']").click()
    for _ in range(2):
        drag(page, 0, (0.15, 0.3), (0.95, 0.3))
    away.get_by_text("The open event lies outside this view.").wait_for()
    away.get_by_role("button", name="Show it", exact=True).click()
    away.wait_for(state="hidden")
    page.locator(".chart").first.locator("[data-title='Reset axes']").click()


def test_first_start_reads_the_seeds_and_shows_where_thirty_comes_from(page: Any, tmp_path: Path) -> None:
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

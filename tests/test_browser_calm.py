"""Stories of a page that answers at once and stands still."""

from typing import Any

import pytest
from browser import drag, figures, figures_other_than, open_page, settle
from streamlit.proto.BackMsg_pb2 import BackMsg

MOVED = """window.moved = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value; })
  .observe({type: 'layout-shift', buffered: true});"""
SIGN = "getComputedStyle(document.documentElement, '::before').content !== 'none'"


@pytest.fixture
def held(page: Any) -> dict[str, Any]:
    """The connection of a page, whose answers wait while `held["back"]` is a list."""
    held: dict[str, Any] = {"back": None}

    def connect(here: Any) -> None:
        there = here.connect_to_server()
        here.on_message(there.send)
        held["send"] = here.send
        there.on_message(lambda message: held["back"].append(message) if held["back"] is not None else here.send(message))

    page.route_web_socket("**/_stcore/stream", connect)
    return held


def test_a_sign_stands_as_long_as_the_servers_answer_is_held_back(page: Any, sample: str, held: Any) -> None:
    open_page(page, sample)
    page.wait_for_function(f"!({SIGN})")
    killed = page.get_by_label("Killed at least", exact=True).first

    def at_least() -> None:
        killed.fill("20")
        killed.press("Enter")

    acts = [
        page.locator(".st-key-f_disputed label").first.click, at_least,
        page.get_by_role("button", name="Reset all", exact=True).click,
        page.get_by_role("link", name="Method", exact=True).click,
    ]  # fmt: skip
    for act in acts:
        held["back"] = []
        act()
        page.wait_for_function(SIGN)
        page.wait_for_timeout(500)
        assert page.evaluate(SIGN), "it stays while nothing comes"
        waiting, held["back"] = held["back"], None
        for message in waiting:
            held["send"](message)
        page.wait_for_function(f"!({SIGN})")


def test_a_sign_stands_before_streamlit_does(page: Any, sample: str) -> None:
    page.route("**/static/js/index.*.js", lambda route: route.abort())
    page.goto(sample, wait_until="commit")
    page.wait_for_function(SIGN)


def test_nothing_moves_when_the_page_opens_or_a_choice_is_made(page: Any, sample: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.add_init_script(MOVED)
    open_page(page, sample)
    page.wait_for_timeout(500)
    # 0.9 before the side bar's and the figures' room was kept; on a busy machine other parts come late
    assert page.evaluate("window.moved") < 0.2
    page.evaluate("window.moved = 0")
    page.locator(".st-key-f_disputed label").first.click()
    figures(page, "1")
    page.get_by_role("button", name="Reset all", exact=True).click()
    figures(page, "8")
    assert page.evaluate("window.moved") < 0.1
    settle(page)


def test_a_brush_and_a_box_ask_the_server_once(page: Any, sample: str) -> None:
    asked: list[BackMsg] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: asked.append(BackMsg.FromString(frame))))
    open_page(page, sample)
    for chart, stroke in ((0, [(0.3, 0.2), (0.6, 0.2)]), (1, [(0.2, 0.2), (0.6, 0.7)])):
        if chart:
            page.locator("[data-title='Box Select']").last.click()
        settle(page)
        asked.clear()
        drag(page, chart, *stroke)
        figures_other_than(page, "8")
        page.wait_for_timeout(1000)
        settle(page)
        by_reader = [one for one in asked if one.HasField("rerun_script") and not one.rerun_script.is_auto_rerun]
        assert len(by_reader) == 1, "drawing the answer is no gesture"
        page.get_by_role("button", name="Reset all", exact=True).click()
        figures(page, "8")

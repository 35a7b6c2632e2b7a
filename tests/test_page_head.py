"""What stands in the page before Streamlit's own code: put in on the way out, and what its script takes for a choice."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.page_head import DRAWN_WITH, SCRIPTS, PutIntoHead, parts_of_frame
from dashboard.serving import SERVED, address_of

FRAME = Path(st.__file__).parent / "static" / "index.html"
PAGE = FRAME.read_text(encoding="utf-8")
MIDDLEWARE = [one for one in SERVED["middleware"] if one.cls is PutIntoHead]


async def page(request: Any) -> Response:
    if "if-none-match" in request.headers or "accept-encoding" in request.headers:
        return Response(status_code=304)
    return HTMLResponse(PAGE, headers={"etag": "streamlit's own"})


async def table(request: Any) -> Response:
    return PlainTextResponse(PAGE)


def ask(path: str, accept: str = "text/html,*/*", *, middleware: list[Middleware] = MIDDLEWARE) -> tuple[dict[str, str], str]:
    """Headers and text of an answer of a server like ours, asked as a browser does that has the page from before."""
    said: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    asked = {"accept": accept, "accept-encoding": "gzip", "if-none-match": "streamlit's own"}
    headers = [(name.encode(), value.encode()) for name, value in asked.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers, "query_string": b"", "extensions": {}}
    routes = [Route("/table", table), Route("/{rest:path}", page)]
    with ThreadPoolExecutor(1) as threads:  # after a browser test this thread has a loop that runs already
        threads.submit(asyncio.run, Starlette(routes=routes, middleware=middleware)(scope, receive, send)).result()
    told = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return told, b"".join(message.get("body", b"") for message in said[1:]).decode()


def test_each_page_begins_with_our_style_and_script_before_any_of_streamlits() -> None:
    for path in ("/", "/refresh"):
        headers, text = ask(path)
        assert int(headers["content-length"]) == len(text.encode()) and "etag" not in headers
        ours = text.index("data-working"), text.index("WebSocket.prototype.send =")
        assert max(ours) < text.index('<script type="module"') and max(ours) < text.index('rel="stylesheet"')
        assert text.index("charset") < 1024, "a browser looks for it no further"
        assert text.replace(text[text.index("<style>") : text.index("<title>")], "") == PAGE


def test_the_explorers_page_asks_for_its_parts_at_once_and_other_pages_do_not() -> None:
    early = f'<link rel="preload" as="script" href="{address_of("plotly.js")}">'
    assert early in ask("/")[1] and 'opening = "explorer"' in ask("/")[1]
    assert early not in ask("/refresh")[1] and 'opening = "page"' in ask("/refresh")[1]


def test_what_is_no_page_goes_out_as_it_is() -> None:
    assert ask("/table")[1] == PAGE
    assert ask("/", accept="*/*")[1] == "", "unchanged since the browser had it"


def test_the_parts_that_are_asked_for_early_are_there_and_are_no_others() -> None:
    parts = parts_of_frame()
    for stem in DRAWN_WITH:
        assert [name for name in parts if name.startswith(f"{stem}.")], f"Streamlit has no part {stem} any more"
    assert len(parts) == len({*parts}) > len(DRAWN_WITH) and all((SCRIPTS / name).exists() for name in parts)
    assert not [name for name in parts if name in PAGE]


@pytest.fixture(scope="module")
def blank(browser: Any) -> Iterator[Any]:
    """A page with our script over a connection that goes nowhere."""
    page = browser.new_page()
    nowhere = "window.sent = 0; window.WebSocket = class extends EventTarget { send() { window.sent++; } };"
    script = (Path(__file__).parent.parent / "dashboard" / "page_head.js").read_text(encoding="utf-8")
    page.route("http://127.0.0.1:9/", lambda route: route.fulfill(
        content_type="text/html", body=f"<script>{nowhere}\n{script}</script><div data-testid=stApp><i data-testid=stDataFrame><b>row</b></i></div>"
    ))  # fmt: skip
    page.goto("http://127.0.0.1:9/")
    page.evaluate("window.socket = new WebSocket()")
    yield page
    page.close()


def shows_sign(blank: Any, message: BackMsg) -> bool:
    """Whether sending it brings the sign, where there was none."""
    return bool(blank.evaluate(
        "(bytes) => { delete document.documentElement.dataset.working; socket.send(new Uint8Array(bytes));"
        " return 'working' in document.documentElement.dataset; }", list(message.SerializeToString())
    ))  # fmt: skip


def choice() -> BackMsg:
    """A run that a reader asks for, with all that the page sends along."""
    message = BackMsg()
    state = message.rerun_script
    state.query_string = "killed=5&words=" + "0\x01" * 90  # bytes that look like the timer's field
    for number in range(40):
        widget = state.widget_states.widgets.add()
        widget.id, widget.string_value = f"$$ID-{number}", "é" * number
    state.page_script_hash, state.context_info.timezone = "abc", "Europe/Paris"
    state.context_info.timezone_offset = -60
    return message


def test_a_choice_brings_the_sign_before_anything_is_sent(blank: Any) -> None:
    assert shows_sign(blank, choice())
    before = blank.evaluate("window.sent")
    assert shows_sign(blank, BackMsg(rerun_script=BackMsg().rerun_script)) and blank.evaluate("window.sent") == before + 1


def test_a_timer_brings_no_sign_nor_does_what_asks_for_no_run(blank: Any) -> None:
    timed = choice()
    timed.rerun_script.fragment_id, timed.rerun_script.is_auto_rerun = "watch", True
    assert not shows_sign(blank, timed)
    assert not shows_sign(blank, BackMsg(app_heartbeat=True))
    assert not shows_sign(blank, BackMsg(stop_script=True))


def test_the_sign_stays_until_the_script_stands_still(blank: Any) -> None:
    shows_sign(blank, choice())
    state = "(state) => { document.querySelector('[data-testid=stApp]').dataset.testScriptState = state; socket.dispatchEvent(new Event('message')); }"  # noqa: E501
    blank.evaluate(state, "running")
    blank.wait_for_timeout(200)
    assert blank.evaluate("'working' in document.documentElement.dataset")
    blank.evaluate(state, "notRunning")
    blank.wait_for_function("!('working' in document.documentElement.dataset)")


def test_a_click_on_the_list_brings_the_sign_at_once_and_it_goes_where_nothing_is_asked(blank: Any) -> None:
    there = "'working' in document.documentElement.dataset"
    click = """() => { document.querySelector('[data-testid=stApp]').dataset.testScriptState = 'notRunning';
      delete document.documentElement.dataset.working;
      document.querySelector('b').dispatchEvent(new Event('pointerup', {bubbles: true}));
      return 'working' in document.documentElement.dataset; }"""
    assert blank.evaluate(click)
    blank.wait_for_function(f"!({there})")
    assert blank.evaluate(click) and shows_sign(blank, choice())
    blank.wait_for_timeout(800)
    assert blank.evaluate(there), "it was asked for: the answer takes the sign away"

"""What the server gives out beside the page: the charts' library and the outlines, packed once, asked for early."""

import asyncio
import gzip
import os
import socket
import subprocess
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import plotly
import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from dashboard.charts_library import COMPILE_AHEAD, drawn_only, library
from dashboard.prompt_answers import send_without_waiting
from dashboard.serving import SERVED, address_of, give, packed

ROOT = Path(__file__).parent.parent
WHOLE = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")


def run_alone(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: after a browser test this one has a loop that runs already."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


def ask(name: str, accept: str = "") -> Any:
    scope = {"type": "http", "path_params": {"name": name}, "headers": [(b"accept-encoding", accept.encode())]}
    return run_alone(give(Request(scope)))


def sent(size: int | None, method: str = "PUT") -> int:
    """The status that an upload of that size is answered with; 404 where Streamlit would have it."""
    said: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("a byte of it was read")

    async def send(message: Any) -> None:
        said.append(message)

    headers = [] if size is None else [(b"content-length", str(size).encode())]
    scope = {"type": "http", "method": method, "path": "/_stcore/upload_file/a/b", "headers": headers, "query_string": b""}
    run_alone(Starlette(middleware=SERVED["middleware"])(scope, receive, send))
    return int(said[0]["status"])


def test_uploads_are_bounded_before_a_byte_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFLICT_STORE_DIR", str(tmp_path))
    assert sent(None) == 411 and sent(10_000_000) == 404
    assert sent(500_000_000) == 429  # in a minute, of all visitors together
    assert [sent(20_000_000) for _ in range(25)] == [404] * 24 + [429]
    assert sent(0, "GET") == 404
    monkeypatch.setenv("CONFLICT_READ_ONLY", "1")
    assert sent(10) == 403


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' C libraries have no such setting")
def test_what_is_freed_goes_back_to_the_system() -> None:
    told = """
import sys, numpy as np
from pathlib import Path
from dashboard.freed_memory import give_back_what_is_freed
def now(): return int(Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024
if sys.argv[1] == "told" and not give_back_what_is_freed(): sys.exit(3)
np.ones(3_900_000); before = now()  # freed once: from now on glibc keeps blocks of that size
many = [np.ones(450_000) for _ in range(60)]
mixed = [x for n in range(60) for x in (np.ones(450_000), bytearray(60_000))]
kept = mixed[1::2]; del many, mixed
print(now() - before)
"""
    left = {}
    for how in ("told", "not"):
        plain = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}  # Dask sets one
        run = subprocess.run([sys.executable, "-c", told, how], capture_output=True, text=True, cwd=ROOT, env=plain)
        if run.returncode == 3:
            pytest.skip("no glibc")
        left[how] = int(run.stdout)
    assert left["told"] < 40 < left["not"], left


def test_only_the_kinds_of_chart_that_we_draw_are_registered() -> None:
    cut = drawn_only(WHOLE)
    assert len(WHOLE) - 500 < len(cut) < len(WHOLE)
    [at] = [i for i in range(len(cut)) if cut[i] != WHOLE[i]][:1]
    registered = cut[cut.rindex("[", 0, at) : cut.index("]", at) + 1]
    assert registered.count("()") == 2
    for call, kind in zip(registered.strip("[]").split(","), ("bar", "scattermap"), strict=True):
        module = WHOLE.index(f"var {call[:-2]}=")
        assert f'moduleType:"trace",name:"{kind}"' in WHOLE[module - 1000 : module]


def test_a_library_that_is_written_otherwise_is_served_whole() -> None:
    strange = WHOLE.replace('name:"scattermap"', 'name:"pointmap"')
    assert drawn_only(strange) == strange
    assert drawn_only("Plotly = {}") == "Plotly = {}"


def test_a_file_is_given_packed_or_plain_and_kept_by_the_browser() -> None:
    for answer, content in ((ask("plotly.js", "br, gzip"), gzip.decompress), (ask("plotly.js"), bytes)):
        assert content(answer.body) == library()
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]
    assert library().startswith(COMPILE_AHEAD.encode())
    assert ask("../app.py").status_code == 404


def test_an_address_names_what_is_in_the_file() -> None:
    assert address_of("plotly.js").endswith(packed("plotly.js")[1])
    assert address_of("plotly.js").split("=")[1] != address_of("outlines.geojson").split("=")[1]


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_no_answer_waits_until_its_first_half_is_acknowledged(family: socket.AddressFamily) -> None:
    try:
        door = socket.create_server(("127.0.0.1" if family == socket.AF_INET else "::1", 0), family=family)
    except OSError:
        pytest.skip("no such network here")
    with door, socket.socket(family) as visitor:
        assert send_without_waiting() >= 1
        visitor.connect(door.getsockname()[:2])
        connection, _ = door.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert not visitor.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

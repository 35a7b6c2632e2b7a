"""What the server gives out beside the page, and what it does before the first visitor comes.

The page's large files are packed once, and a browser keeps them: their address names what is in them.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache, partial
from pathlib import Path
from threading import Thread
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.charts_library import library
from dashboard.freed_memory import give_back_what_is_freed
from dashboard.page_head import PutIntoHead, head
from dashboard.prompt_answers import send_without_waiting
from dashboard.upload_guard import GuardUploads

FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "plotly.js": ("text/javascript", library),
    "outlines.geojson": ("application/geo+json", (Path(__file__).parent / "static" / "outlines.geojson").read_bytes),
}
KEPT = "public, max-age=31536000, immutable"  # for a year
PREFIX = str(st.get_option("server.baseUrlPath") or "").strip("/")


@cache
def packed(name: str) -> tuple[bytes, str]:
    """A file's packed bytes, and the digest of what is in it."""
    content = FILES[name][1]()
    return gzip.compress(content, 6, mtime=0), hashlib.sha256(content).hexdigest()[:12]


def address_of(name: str) -> str:
    """Where the page finds a file, seen from the page's own address."""
    return f"large/{name}?v={packed(name)[1]}"


async def give(request: Request) -> Response:
    """One of the files."""
    name = request.path_params["name"]
    if name not in FILES:
        return Response(status_code=404)
    content, _ = packed(name)
    kept = {"cache-control": KEPT, "vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        kept["content-encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, media_type=FILES[name][0], headers=kept)


@asynccontextmanager
async def ready(app: Any) -> AsyncIterator[None]:
    """Import and open in the background what the first visitor would otherwise wait for."""
    give_back_what_is_freed()
    send_without_waiting()
    Thread(target=warm_up, daemon=True).start()
    yield


def warm_up() -> None:
    """Everything that is the same for all visitors."""
    for name in FILES:
        packed(name)
    head(True, address_of("plotly.js"))
    # it warns of a cache that is filled with no page open, which is what is wanted here
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    from dashboard import loading, pages  # noqa: F401, PLC0415

    loading.open_before_asked()


SERVED: dict[str, Any] = {
    "routes": [Route(f"/{PREFIX}/large/{{name}}" if PREFIX else "/large/{name}", give)],
    "middleware": [
        Middleware(PutIntoHead, explorer=PREFIX, early=partial(address_of, "plotly.js")),
        Middleware(GuardUploads),
    ],
    "lifespan": ready,
}

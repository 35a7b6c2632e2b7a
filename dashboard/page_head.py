"""What the page holds before Streamlit's own code runs, put into the head of the page as it leaves the server.

Streamlit sends its styles and its signs with the first answer of the script, a second after the page; until then, and
while an answer is on its way, the browser has only what stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"
# the parts of Streamlit that the explorer draws with: each would be asked for only when its first use comes
DRAWN_WITH = ("BidiComponent", "TextInput", "Checkbox", "Button", "DateInput", "Multiselect", "NumberInput", "Html",
              "ButtonGroup", "Pagination", "DataFrame", "DownloadButton")  # fmt: skip
IMPORT = re.compile(r'(?:from|import)\s*[`"]\./([\w.-]+\.js)[`"]')
PAGES_ONLY = (b"accept-encoding", b"if-none-match", b"if-modified-since")


class PutIntoHead:
    """Adds the style, the script and the early requests to each page on its way out."""

    def __init__(self, app: Any, explorer: str, early: Any) -> None:
        self.app, self.explorer, self.early = app, explorer, early

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as ever, but for pages."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _asks_for_a_page(scope):
            await self.app(scope, receive, send)
            return
        of_explorer = scope["path"].strip("/") == self.explorer
        start: Any = None
        page = b""

        async def with_head(message: Any) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start" and _is_a_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                page += message.get("body", b"")
                if not message.get("more_body"):
                    page = page.replace(b"<title>", head(of_explorer, self.early()) + b"<title>", 1)
                    await send(start | {"headers": _headers(start["headers"], len(page))})
                    await send({"type": "http.response.body", "body": page})

        # plain, whole and never "unchanged": the head changes with this program, Streamlit's file does not
        headers = [pair for pair in scope["headers"] if pair[0].lower() not in PAGES_ONLY]
        await self.app(scope | {"headers": headers, "extensions": {}}, receive, with_head)


@cache
def head(of_explorer: bool, early: str) -> bytes:
    """The lines that are added; `early` is a script that the explorer needs beside Streamlit's."""
    opening = "explorer" if of_explorer else "page"
    lines = [
        f"<style>{_text('page_head.css')}</style>",
        f'<script>document.documentElement.dataset.opening = "{opening}";\n{_text("page_head.js")}</script>',
    ]
    if of_explorer:
        lines.append(f'<link rel="preload" as="script" href="{early}">')
        lines += (f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in parts_of_frame())
    return "\n".join(lines).encode()


def parts_of_frame() -> list[str]:
    """The files of the parts that the explorer draws with, and what these import, by their names in this version."""
    waiting = [found.name for stem in DRAWN_WITH for found in SCRIPTS.glob(f"{stem}.*.js")]
    known: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name not in known and (SCRIPTS / name).exists():
            known[name] = None
            waiting += _imports(SCRIPTS / name)
    page = (SCRIPTS.parent.parent / "index.html").read_text(encoding="utf-8")
    return [name for name in known if name not in page]


def _imports(script: Path) -> Iterator[str]:
    return (found[1] for found in IMPORT.finditer(script.read_text(encoding="utf-8")))


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _asks_for_a_page(scope: Any) -> bool:
    return any(name.lower() == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _is_a_page(message: Any) -> bool:
    kind = dict(message["headers"]).get(b"content-type", b"")
    return bool(message["status"] == 200 and kind.startswith(b"text/html"))


def _headers(headers: Any, length: int) -> list[tuple[bytes, bytes]]:
    of_file = (b"content-length", b"etag", b"last-modified")
    kept = [pair for pair in headers if pair[0].lower() not in of_file]
    return [*kept, (b"content-length", str(length).encode())]

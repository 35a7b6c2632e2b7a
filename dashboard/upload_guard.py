"""Files on their way to the page: counted before a byte of them is read, refused where this server takes none in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

import pipeline

DOOR = "/_stcore/upload_file/"  # where Streamlit's page sends files, each held in memory until its visitor leaves


class GuardUploads:
    """Stands before Streamlit, which bounds a file's size, but not how many come."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let pass what is no upload, or one within the bounds of all visitors together."""
        answer = self.app
        if scope["type"] == "http" and DOOR in scope["path"] and scope["method"] in ("PUT", "POST"):
            answer = refusal(dict(scope["headers"]).get(b"content-length", b"")) or self.app
        await answer(scope, receive, send)


def refusal(length: bytes) -> Response | None:
    """What is answered instead of taking an upload of that length, None where it may come."""
    if not length.isdigit():
        return Response("how long is it?", 411)
    try:
        pipeline.admit(pipeline.Settings.from_env(), [int(length)], now=datetime.now(UTC), door="sent")
    except pipeline.ReadOnlyStore as problem:
        return Response(str(problem), 403)
    except pipeline.TooManyUploads as problem:
        return Response(str(problem), 429)
    return None

"""Uploads -> files in the inbox: a safe name, whole or not there, never over another file, only so many a minute."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.articles import READABLE
from pipeline.errors import TooManyUploads, UnreadableArticle
from pipeline.schema import refuse_if_read_only
from pipeline.settings import Settings

MINUTE = timedelta(minutes=1)
_LOCK = threading.Lock()  # sessions of one server are threads
# the last minute's files through one door into a store: when, how many bytes
_TAKEN: dict[tuple[Path, str], deque[tuple[datetime, int]]] = {}


def admit(settings: Settings, sizes: Sequence[int], *, now: datetime, door: str = "taken in") -> None:
    """Count uploads of these sizes, from all sessions of this server; TooManyUploads, with nothing counted, where a
    minute's bound would be passed. What is sent to the page and what is taken in are counted apart, by their doors."""
    refuse_if_read_only(settings)
    with _LOCK:
        taken = _TAKEN.setdefault((settings.store_dir, door), deque())
        while taken and taken[0][0] <= now - MINUTE:
            taken.popleft()
        if len(taken) + len(sizes) > settings.max_uploads_a_minute:
            most = settings.max_uploads_a_minute
            raise TooManyUploads(f"more than {most:,} files in a minute; nothing was taken in: wait, or pack a zip")
        if sum(size for _, size in taken) + sum(sizes) > settings.max_upload_bytes_a_minute:
            limit = settings.max_upload_bytes_a_minute // 1_000_000
            raise TooManyUploads(f"more than {limit:,} MB in a minute; nothing was taken in: wait a minute")
        taken.extend((now, size) for size in sizes)


def take_in(settings: Settings, name: str, content: bytes) -> Path:
    """Store an upload in the inbox and say where; UnreadableArticle where it cannot be an article."""
    refuse_if_read_only(settings)
    safe = re.sub(r"[^\w.\- ]", "_", re.split(r"[/\\]", name)[-1]).lstrip(". ")[-100:] or "upload.txt"
    suffix = Path(safe).suffix.lower()
    if suffix not in READABLE:
        raise UnreadableArticle(safe, f'"{suffix}" is not a kind of file that is read', f"use {', '.join(READABLE)}")
    if len(content) > settings.max_article_bytes:
        raise UnreadableArticle(safe, f"larger than {settings.max_article_bytes // 1_000_000} MB", "split it")
    settings.inbox_dir.mkdir(parents=True, exist_ok=True)
    target = settings.inbox_dir / safe
    if target.exists() and target.read_bytes() != content:
        target = target.with_stem(f"{target.stem}-{hashlib.sha256(content).hexdigest()[:8]}")
    aside = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    aside.write_bytes(content)
    os.replace(aside, target)
    return target

"""Uploads -> files in the inbox: a safe name, whole or not there, never over another file."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from pipeline.articles import READABLE
from pipeline.errors import UnreadableArticle
from pipeline.schema import refuse_if_read_only
from pipeline.settings import Settings


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

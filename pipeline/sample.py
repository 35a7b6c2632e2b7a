"""The dispatches that come with the project to show what it can do: told by their publishers, taken out as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pipeline import store
from pipeline.account import Edit
from pipeline.publish import Published, publish
from pipeline.schema import PUBLISHING, writing
from pipeline.settings import Settings

SAMPLE_MARK = " (sample)"  # how each invented publisher's name ends


def withdraw_sample(settings: Settings, *, why: str, now: datetime, withdrawn: bool = True) -> Published:
    """Leave the whole sample out from now on, in one run, or (withdrawn=False) let it count again."""

    def edit(connection: Connection, run_id: int) -> Edit:
        before = store.heads(connection)
        versions = store.read_versions(connection, [head.content_hash for head in before.values()])
        sample = {article.article_id for _, article in versions if article.source.endswith(SAMPLE_MARK)}
        marks: dict[str, Any] = {"withdrawn": withdrawn, "withdrawn_why": why if withdrawn else ""}
        heads = before | {article_id: replace(before[article_id], **marks) for article_id in sample}
        store.write_heads(connection, run_id, before, heads)
        word = "withdrawn" if withdrawn else "reinstated"
        return Edit(f"sample {word}: {why}", frozenset(sample), "", {word: len(sample), "why": why})

    with writing(settings, PUBLISHING) as engine:
        return publish(engine, settings, "withdraw" if withdrawn else "reinstate", edit, now=now)

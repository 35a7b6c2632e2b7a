"""The dispatches that come with the project to show what it can do: told by their publishers, taken out as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

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
        heads = store.heads(connection)
        versions = store.read_versions(connection, [head.content_hash for head in heads.values()])
        sample = {article.article_id for _, article in versions if article.source.endswith(SAMPLE_MARK)}
        for article_id in sample:
            heads[article_id] = replace(heads[article_id], withdrawn=withdrawn, withdrawn_why=why if withdrawn else "")
        store.write_heads(connection, run_id, heads)
        word = "withdrawn" if withdrawn else "reinstated"
        return Edit(f"sample {word}: {why}", frozenset(sample), "", {word: len(sample), "why": why})

    with writing(settings, PUBLISHING) as engine:
        return publish(engine, settings, "withdraw" if withdrawn else "reinstate", edit, now=now)

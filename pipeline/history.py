"""The log of runs, and taking back: a refresh as a whole, or one article."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select, update

from pipeline import schema as db
from pipeline import store
from pipeline.account import Edit
from pipeline.errors import PipelineError
from pipeline.publish import Published, publish
from pipeline.schema import PUBLISHING, REFRESHING, locked, open_store, writing
from pipeline.settings import Settings
from pipeline.store import Head

RUN_COLUMNS = ("run_id", "action", "at", "extractor_version", "summary", "snapshot_id", "undone_by")


def store_exists(settings: Settings) -> bool:
    """Whether there is anything to read; a database by URL is taken to be there."""
    return bool(settings.database_url) or (settings.store_dir / "store.sqlite").exists()


def list_runs(settings: Settings) -> pd.DataFrame:
    """All runs, the latest first; `summary` as a dict."""
    if not store_exists(settings):
        return pd.DataFrame(columns=list(RUN_COLUMNS))
    with open_store(settings).connect() as connection:
        rows: list[dict[str, Any]] = [
            {**row._mapping, "summary": json.loads(row.summary)} for row in _all_runs(connection)
        ]
    return pd.DataFrame(rows, columns=list(RUN_COLUMNS)).astype({"undone_by": "Int64"})


def run_to_undo(settings: Settings) -> int | None:
    """The run that `undo_refresh` would take back; None where there is none."""
    if not store_exists(settings):
        return None
    with open_store(settings).connect() as connection:
        done = _last_refresh(connection, _all_runs(connection))
    return int(done.run_id) if done is not None else None


def undo_refresh(settings: Settings, *, now: datetime) -> Published:
    """Take the last refresh that changed anything back whole. Corrections made since then stay.

    Its articles count as never received: those that still lie in the inbox are taken in again by the next refresh.
    """

    def edit(connection: Connection, run_id: int) -> Edit:
        runs = _all_runs(connection)
        done = _last_refresh(connection, runs)
        if done is None:
            raise PipelineError("there is no refresh to undo; nothing was changed")
        touched = store.journal_of(connection, done.run_id, "article")
        present = store.heads(connection, touched)
        heads = dict(present)
        for article_id, (before, _) in touched.items():
            withdrawn = heads.pop(article_id, None)
            if before:
                was = Head(**json.loads(before))
                # a withdrawal since then is a decision of its own
                heads[article_id] = (
                    Head(article_id, was.content_hash, withdrawn.withdrawn, withdrawn.withdrawn_why)
                    if withdrawn else was
                )  # fmt: skip
        store.write_heads(connection, run_id, present, heads)
        moved = store.journal_of(connection, done.run_id, "member")
        placed = store.members(connection, moved)
        members = dict(placed)
        for report_id, (before, after) in moved.items():
            if report_id in members and members[report_id] == store.Member(**json.loads(after)):
                members.pop(report_id)
                if before:
                    members[report_id] = store.Member(**json.loads(before))
        store.write_members(connection, run_id, placed, members)
        connection.execute(update(db.versions).where(db.versions.c.run_id == done.run_id).values(undone=True))
        connection.execute(update(db.runs).where(db.runs.c.run_id == done.run_id).values(undone_by=run_id))
        earlier = next((r for r in runs if r.run_id < done.run_id and r.extractor_version), None)
        version = earlier.extractor_version if earlier else done.extractor_version
        return Edit(f"undo of run {done.run_id}", frozenset(touched), version, {"undone": done.run_id})

    with writing(settings, REFRESHING) as engine, locked(engine, PUBLISHING):
        return publish(engine, settings, "undo", edit, now=now)


def _all_runs(connection: Connection) -> Sequence[Any]:
    """The latest first."""
    return connection.execute(select(db.runs).order_by(db.runs.c.run_id.desc())).all()


def _last_refresh(connection: Connection, runs: Sequence[Any]) -> Any | None:
    """The last one that changed anything and was not taken back."""
    return next((r for r in runs if r.action == "refresh" and r.undone_by is None and _moved(connection, r)), None)


def _moved(connection: Connection, run: Any) -> bool:
    entry = select(db.journal.c.entry_id).where(db.journal.c.run_id == run.run_id).limit(1)
    return connection.scalar(entry) is not None


def withdraw_article(
    settings: Settings, article_id: str, *, why: str, now: datetime, withdrawn: bool = True
) -> Published:
    """Leave an article's reports out from now on, or (withdrawn=False) let them count again."""

    def edit(connection: Connection, run_id: int) -> Edit:
        heads = store.heads(connection, [article_id])
        if article_id not in heads:
            raise PipelineError(f'there is no article "{article_id}"; take article_id from the table of reports')
        marked = Head(article_id, heads[article_id].content_hash, withdrawn, why if withdrawn else "")
        store.write_heads(connection, run_id, heads, {article_id: marked})
        word = "withdrawn" if withdrawn else "reinstated"
        return Edit(f"article {article_id} {word}: {why}", frozenset({article_id}), "", {word: article_id, "why": why})

    with writing(settings, PUBLISHING) as engine:
        return publish(engine, settings, "withdraw" if withdrawn else "reinstate", edit, now=now)

"""`check`: is the store what it says it is? Each fault is named, with what to do."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from pipeline import schema as db
from pipeline import store
from pipeline.account import Edit
from pipeline.corrections import cell_text
from pipeline.errors import BrokenStore
from pipeline.history import store_exists
from pipeline.publish import last_run, publish
from pipeline.reading import read_missing
from pipeline.schema import PUBLISHING, REFRESHING, locked, open_store, writing
from pipeline.settings import Settings
from pipeline.snapshots import REPAIR, load_snapshot, snapshot_token

COPY = "put back a copy of the database, or read the articles into a new store"


def check_store(settings: Settings) -> list[str]:
    """The faults found; an empty list means that database and snapshot are whole and agree."""
    if not store_exists(settings):
        return []
    faults: list[str] = []
    try:
        engine = open_store(settings)
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                found = connection.scalars(text("PRAGMA integrity_check")).all()
                faults += [f"the database is damaged ({f}); {COPY}" for f in found if f != "ok"]
            heads = store.heads(connection)
            kept = {key for key, _ in store.read_versions(connection, (h.content_hash for h in heads.values()))}
            faults += [
                f'article "{h.article_id}": its text is missing; {COPY}'
                for h in heads.values() if h.content_hash not in kept
            ]  # fmt: skip
            rows = connection.execute(select(db.events).where(db.events.c.state == "live"))
            published = {row.event_id: json.loads(row.row) for row in rows}
            run = last_run(connection)
    except (DatabaseError, ValueError) as problem:
        return [*faults, f"the database is damaged ({problem}); {COPY}"]
    except BrokenStore as problem:
        return [*faults, str(problem)]
    try:
        snapshot = load_snapshot(settings)
    except BrokenStore as problem:
        return [*faults, str(problem)]
    if run is not None and snapshot_token(settings) != run.snapshot_id:
        return [*faults, f"the snapshot in force is not that of the last run ({run.snapshot_id}); {REPAIR}"]
    if snapshot is not None:
        shown = {
            str(row["event_id"]): {str(k): cell_text(v) for k, v in row.items()}
            for row in snapshot.events.to_dict("records")
        }
        if shown != published:
            faults.append(f"the snapshot and the database do not tell the same; {REPAIR}")
    return faults


def repair_store(settings: Settings, *, now: datetime) -> str:
    """Compute the table again from articles, reports and corrections and write its snapshot; the snapshot's id."""
    with writing(settings, REFRESHING) as engine:
        version = read_missing(engine, settings, (), every=True).version
        with locked(engine, PUBLISHING):
            done = publish(
                engine, settings, "repair", lambda _c, _run: Edit("repair", version=version), now=now, anew=True
            )
    return done.snapshot_id

"""Reports and corrections -> the published event table, in one step that is done whole or not at all.

The database is committed first, the snapshot written after: a kill between the two leaves readers the old table, and
the next run sees that CURRENT is behind and writes the snapshot again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from pipeline import schema as db
from pipeline import store
from pipeline.account import Change, Edit
from pipeline.fingerprint import table_version
from pipeline.memory_files import Maker, find_memory, load_memory, write_memory
from pipeline.publication import Base, compute_tables
from pipeline.remembered import as_tables, from_tables
from pipeline.settings import Settings
from pipeline.snapshots import drop_staged, put_in_force, snapshot_is_whole, snapshot_token, stage_snapshot


@dataclass(frozen=True)
class Published:
    """A run's outcome."""

    run_id: int
    snapshot_id: str
    changes: tuple[Change, ...]


def publish(
    engine: Engine, settings: Settings, action: str, edit: Callable[[Connection, int], Edit], *, now: datetime,
    anew: bool = False,
) -> Published:  # fmt: skip
    """Make the edit, compute the table from what is then stored, and put it in force. Call it under PUBLISHING.

    What the last publication remembers is used where it is sure; `anew`: not at all.
    """
    with engine.begin() as connection:
        last = last_run(connection)
        run_id = store.start_run(connection, action, now)
        done = edit(connection, run_id)
        version = done.version or (last.extractor_version if last else "")
        connection.execute(update(db.runs).where(db.runs.c.run_id == run_id).values(extractor_version=version))
        maker = Maker(run_id, now.isoformat(), f"{table_version()} {version}")
        in_force, old_id = snapshot_token(settings), last.snapshot_id if last else ""
        remembers = not anew and _is_remembered(connection, settings, in_force, maker.program)
        if remembers and done.idle and old_id == in_force and snapshot_is_whole(settings):
            store.finish_run(connection, run_id, {**(done.summary or {}), "events": {}}, old_id)
            return Published(run_id, old_id, ())
        base = load_base(settings) if remembers else None
        made = compute_tables(connection, run_id, version, done, base)
        staged = stage_snapshot(settings, made.tables)
        snapshot_id = old_id if old_id.endswith(f"-{staged.digest}") else f"{run_id:06d}-{staged.digest}"
        counts = dict(Counter(c.what for c in {(c.event_id, c.what): c for c in made.changes}.values()))
        store.finish_run(connection, run_id, {**(done.summary or {}), "events": counts}, snapshot_id)
    if snapshot_token(settings) != snapshot_id or not snapshot_is_whole(settings):
        put_in_force(settings, staged, snapshot_id, at=now)
    else:
        drop_staged(staged)
    remembered = as_tables(made.memory, base.memory if base else None)
    write_memory(settings, maker, remembered, snapshot_id=snapshot_id)
    return Published(run_id, snapshot_id, tuple(made.changes))


def _is_remembered(connection: Connection, settings: Settings, snapshot_id: str, program: str) -> bool:
    """Whether what is remembered is of this snapshot, this program and this database."""
    maker = find_memory(settings, snapshot_id=snapshot_id)
    if maker is None or maker.program != program:
        return False
    # a database may have been put away, or an older copy of it put back
    same_run = select(db.runs.c.run_id).where(db.runs.c.run_id == maker.run_id, db.runs.c.at == maker.at)
    same_snapshot = select(db.runs.c.run_id).where(db.runs.c.snapshot_id == snapshot_id).limit(1)
    return connection.scalar(same_run) is not None and connection.scalar(same_snapshot) is not None


def last_run(connection: Connection) -> Any:
    """The latest row of the log of runs, None where there is none."""
    return connection.execute(select(db.runs).order_by(db.runs.c.run_id.desc()).limit(1)).first()


def load_base(settings: Settings) -> Base | None:
    """The publication in force, None where it is not whole."""
    token = snapshot_token(settings)
    tables = load_memory(settings, snapshot_id=token)
    if tables is None or not snapshot_is_whole(settings):
        return None
    return Base(from_tables(tables), settings.store_dir / "snapshots" / token)

"""Reports and corrections -> the published event table, in one step that is done whole or not at all.

The database is committed first, the snapshot written after: a kill between the two leaves readers the old table, and
the next run sees that CURRENT is behind and writes the snapshot again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, select, update

from pipeline import schema as db
from pipeline import store
from pipeline.account import CHANGE_COLUMNS, Change, Edit, write_events
from pipeline.article_table import article_parts
from pipeline.corrections import links, overlay
from pipeline.errors import BrokenStore
from pipeline.fingerprint import table_version
from pipeline.memory_files import Maker, find_memory, keep_memory, load_memory, write_memory
from pipeline.merging import Merged, Naming, merge_archive
from pipeline.models import Report, Status
from pipeline.near_misses import nearest_each
from pipeline.reasons import as_corrected, build_machine_table, build_near_miss_table, build_reconciliation_table
from pipeline.reconciliation import reconcile
from pipeline.remembered import Decided, Remembered, as_tables, from_tables
from pipeline.settings import Settings
from pipeline.snapshots import (
    GROUP_ROWS,
    REPAIR,
    drop_staged,
    put_in_force,
    read_parts,
    snapshot_is_whole,
    snapshot_token,
    stage_snapshot,
)
from pipeline.store import Member
from pipeline.table import EVENT_COLUMNS, REPORT_COLUMNS, build_report_table, check_event_table, with_types
from pipeline.touched import Touched, find_touched
from pipeline.whereabouts import Called, Whereabouts


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
        made = compute_tables(connection, settings, run_id, version, done, base)
        staged = stage_snapshot(settings, made.tables)
        snapshot_id = old_id if old_id.endswith(f"-{staged.digest}") else f"{run_id:06d}-{staged.digest}"
        counts = dict(Counter(c.what for c in {(c.event_id, c.what): c for c in made.changes}.values()))
        store.finish_run(connection, run_id, {**(done.summary or {}), "events": counts}, snapshot_id)
    if snapshot_token(settings) != snapshot_id or not snapshot_is_whole(settings):
        put_in_force(settings, staged, snapshot_id, at=now)
    else:
        drop_staged(staged)
    if made.memory is None:
        keep_memory(settings, snapshot_id=snapshot_id)
    else:
        write_memory(settings, maker, as_tables(made.memory), snapshot_id=snapshot_id)
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


@dataclass(frozen=True, eq=False)
class Base:
    """The last publication, to which changes are added."""

    memory: Remembered
    settings: Settings

    def table(self, name: str) -> pd.DataFrame:
        """Whole, as it was published."""
        return pd.concat(list(read_parts(self.settings, name)), ignore_index=True)

    def corrected(self) -> set[str]:
        """The events that were not as the machine made them."""
        parts = read_parts(self.settings, "events", ["event_id", "status"])
        return {e for part in parts for e in part.loc[part["status"] != Status.MACHINE, "event_id"]}


def load_base(settings: Settings) -> Base | None:
    """The publication in force, None where it is not whole."""
    tables = load_memory(settings, snapshot_id=snapshot_token(settings))
    if tables is None or not snapshot_is_whole(settings):
        return None
    return Base(from_tables(tables), settings)


@dataclass(frozen=True, eq=False)
class Made:
    """What a publication computed."""

    tables: dict[str, Any]
    memory: Remembered | None  # None: as before
    changes: list[Change]


def compute_tables(
    connection: Connection, settings: Settings, run_id: int, version: str, done: Edit, base: Base | None
) -> Made:
    """All tables of the snapshot; members, events and changes are written along the way."""
    last = base.memory if base else Remembered()
    corrections = store.read_corrections(connection)
    touched = find_touched(connection, last, corrections)
    load = partial(_load, connection, touched, version)
    fresh = load(touched.changed)
    called = Called(touched.present(fresh), touched.members)
    link = links(corrections, called.now)
    decided = Decided(link.must, link.cannot, link.moved)
    naming = Naming(called.known_ids(link.overruled), touched.received)
    merged = merge_archive(last, touched.changed, fresh, load, decided, naming)
    event_of = {report_id: e.event_id for e in merged.events for report_id in e.report_ids}
    before = {**touched.members, **store.members(connection, event_of.keys() - touched.members.keys())}
    placed = {r: before[r] for r in touched.remembered} | {
        r.report_id: Member(r.report_id, event_of[r.report_id], r.article_id, r.sentence_start, r.sentence_end)
        for r in merged.reports
    }
    # reports that are gone stay known, with their event: they find it again for corrections, and when they return
    store.write_members(connection, run_id, before, called.members(placed))
    machine = last.machine
    if machine is None or not merged.as_before:
        machine = _spliced(machine, build_machine_table(merged.events), "event_id", merged.gone_events)
        machine = machine.sort_values(["date_start", "event_id"], na_position="last", ignore_index=True)
    table = machine[list(EVENT_COLUMNS)]
    found = Whereabouts(connection, set(table["event_id"]), placed, called, link.moved)
    table, account = overlay(table, corrections, found.event_of, link.overruled)
    check_event_table(table)
    among = None
    if base is not None:
        among = {e.event_id for e in merged.events} | merged.gone_events | base.corrected() | {*account["event_id"]}
    changes = write_events(connection, run_id, table, placed, before, done, among)
    tables: dict[str, Any] = {
        "events": table, "changes": _changes(connection, base.table("changes") if base else None),
        "corrections": account, "reconciliations": build_reconciliation_table(reconcile(as_corrected(machine, table))),
    }  # fmt: skip
    if base and merged.as_before:  # a decision on values, or on nothing that was merged
        return Made(tables | dict.fromkeys(("reports", "articles", "near_misses")), None, changes)
    last_articles = read_parts(settings, "articles") if base else ()
    tables |= {
        "reports": _report_table(base, merged, event_of),
        "articles": None if base and not touched.changed else article_parts(
            connection, touched.heads, touched.changed, last_articles, GROUP_ROWS["articles"]
        ),
        "near_misses": build_near_miss_table(nearest_each(merged.near)),
    }  # fmt: skip
    told = merged.told
    memory = Remembered(run_id, told, merged.copies, merged.filed, merged.weights, machine, merged.near, decided)
    return Made(tables, memory, changes)


def _load(connection: Connection, touched: Touched, version: str, articles: Collection[str]) -> list[Report]:
    """The reports of those of the articles that count."""
    heads = [touched.heads[a] for a in articles if a in touched.heads]
    heads += store.heads(connection, {*articles} - touched.changed).values()
    found: list[Report] = []
    for chunk in store.chunks(sorted({h.content_hash for h in heads if not h.withdrawn})):
        read = store.cached(connection, chunk, version)
        if unread := len({*chunk} - {*read}):
            raise BrokenStore(f"what was read in {unread} articles is missing or damaged; {REPAIR}")
        found += store.parse_reports(read)
    return found


def _report_table(base: Base | None, merged: Merged, event_of: Mapping[str, str]) -> pd.DataFrame:
    """All reports, those of before from the last table."""
    why = {report_id: reason for e in merged.events for report_id, reason in e.reasons}
    last = with_types(base.table("reports"), REPORT_COLUMNS) if base else None
    table = _spliced(last, build_report_table(merged.reports, event_of, why), "report_id", merged.gone)
    return table.sort_values("report_id", ignore_index=True)


def _spliced(last: pd.DataFrame | None, new: pd.DataFrame, key: str, gone: Collection[str]) -> pd.DataFrame:
    """The last table without the rows that are gone, and with the new ones."""
    if last is None:
        return new
    kept = last[~last[key].isin(list(gone))]
    return pd.concat([kept, new], ignore_index=True) if len(kept) and len(new) else kept if len(kept) else new


def _changes(connection: Connection, last: pd.DataFrame | None) -> pd.DataFrame:
    """The whole log, or the last table of it with what came since."""
    query = select(*(db.changes.c[n] for n in CHANGE_COLUMNS)).order_by(db.changes.c.change_id)
    if last is not None and len(last):
        query = query.where(db.changes.c.run_id > int(last["run_id"].max()))
    frame = pd.DataFrame([tuple(r) for r in connection.execute(query)], columns=list(CHANGE_COLUMNS))
    frame = frame.astype({n: "int64" if n == "run_id" else "str" for n in CHANGE_COLUMNS})
    if last is None or not len(last):
        return frame
    return pd.concat([last, frame], ignore_index=True) if len(frame) else last

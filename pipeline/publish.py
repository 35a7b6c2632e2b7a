"""Reports and corrections -> the published event table, in one step that is done whole or not at all.

The database is committed first, the snapshot written after: a kill between the two leaves readers the old table, and
the next run sees that CURRENT is behind and writes the snapshot again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
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
from pipeline.merging import Naming, merge_archive
from pipeline.models import Report, Status
from pipeline.reasons import as_corrected, build_machine_table, build_near_miss_table, build_reconciliation_table
from pipeline.reconciliation import reconcile
from pipeline.remembered import Decided, Remembered, as_tables, from_tables
from pipeline.settings import Settings
from pipeline.snapshots import (
    GROUP_ROWS,
    REPAIR,
    drop_staged,
    load_memory,
    put_in_force,
    read_parts,
    snapshot_is_whole,
    snapshot_token,
    stage_snapshot,
)
from pipeline.store import Member
from pipeline.table import EVENT_COLUMNS, REPORT_COLUMNS, build_report_table, check_event_table, with_types
from pipeline.whereabouts import Called, Whereabouts


@dataclass(frozen=True)
class Published:
    """A run's outcome."""

    run_id: int
    snapshot_id: str
    changes: tuple[Change, ...]
    corrections: pd.DataFrame


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
        base = None
        if not anew and last and last.extractor_version == version and last.snapshot_id == snapshot_token(settings):
            base = load_base(settings)
        if base is not None and done.idle and snapshot_is_whole(settings):
            store.finish_run(connection, run_id, {**(done.summary or {}), "events": {}}, last.snapshot_id)
            return Published(run_id, last.snapshot_id, (), base.corrections)
        made = compute_tables(connection, settings, run_id, version, done, base)
        staged = stage_snapshot(settings, made.tables, as_tables(made.memory), made_by=table_version())
        old_id = last.snapshot_id if last else ""
        snapshot_id = old_id if old_id.endswith(f"-{staged.digest}") else f"{run_id:06d}-{staged.digest}"
        counts = dict(Counter(c.what for c in {(c.event_id, c.what): c for c in made.changes}.values()))
        store.finish_run(connection, run_id, {**(done.summary or {}), "events": counts}, snapshot_id)
    if snapshot_token(settings) != snapshot_id or not snapshot_is_whole(settings):
        put_in_force(settings, staged, snapshot_id, at=now)
    else:
        drop_staged(staged)
    return Published(run_id, snapshot_id, tuple(made.changes), made.tables["corrections"])


def last_run(connection: Connection) -> Any:
    """The latest row of the log of runs, None where there is none."""
    return connection.execute(select(db.runs).order_by(db.runs.c.run_id.desc()).limit(1)).first()


@dataclass(frozen=True, eq=False)
class Base:
    """The last publication, to which changes are added."""

    memory: Remembered
    reports: pd.DataFrame
    changes: pd.DataFrame
    corrections: pd.DataFrame
    corrected: frozenset[str]  # events that were not as the machine made them


def load_base(settings: Settings) -> Base | None:
    """The publication in force, None where it is not whole or was made by another program."""
    tables = load_memory(settings, table_version())
    if tables is None or not snapshot_is_whole(settings):
        return None
    reports, changes, corrections, events = (
        pd.concat(list(read_parts(settings, name)), ignore_index=True)
        for name in ("reports", "changes", "corrections", "events")
    )
    corrected = frozenset(events.loc[events["status"] != Status.MACHINE, "event_id"])
    return Base(from_tables(tables), with_types(reports, REPORT_COLUMNS), changes, corrections, corrected)


@dataclass(frozen=True, eq=False)
class Made:
    """What a publication computed."""

    tables: dict[str, Any]
    memory: Remembered
    changes: list[Change]


def compute_tables(
    connection: Connection, settings: Settings, run_id: int, version: str, done: Edit, base: Base | None
) -> Made:
    """All tables of the snapshot; members, events and changes are written along the way."""
    last = base.memory if base else Remembered()
    heads = store.heads(connection)
    before = store.members(connection)
    now = {a: (h.content_hash, h.withdrawn) for a, h in heads.items()}
    changed = {a for a in now.keys() | last.heads.keys() if now.get(a) != last.heads.get(a)}
    # what the database does not place is not what was published
    changed |= {a for r, a in zip(last.told["report_id"], last.told["article_id"], strict=True) if r not in before}

    def load(articles: Collection[str]) -> list[Report]:
        counting = {heads[a].content_hash for a in articles if a in heads and not heads[a].withdrawn}
        found: list[Report] = []
        for chunk in store.chunks(sorted(counting)):
            read = store.cached(connection, chunk, version)
            if unread := len({*chunk} - {*read}):
                raise BrokenStore(f"what was read in {unread} articles is missing or damaged; {REPAIR}")
            found += store.parse_reports(read)
        return found

    fresh = load(changed)
    kept = last.told["report_id"][~last.told["article_id"].isin(list(changed))]
    called = Called([*fresh, *(before[r] for r in kept)], before)
    corrections = store.read_corrections(connection)
    link = links(corrections, called.now)
    decided = Decided(link.must, link.cannot, link.moved)
    naming = Naming(called.known_ids(link.overruled), store.first_received(connection))
    merged = merge_archive(last, changed, fresh, load, decided, naming)
    told = merged.told
    event_of = dict(zip(told["report_id"].tolist(), told["event_id"].tolist(), strict=True))
    why = {report_id: reason for e in merged.events for report_id, reason in e.reasons}
    placed = {r: before[r] for r in event_of if r in before and before[r].event_id == event_of[r]} | {
        r.report_id: Member(r.report_id, event_of[r.report_id], r.article_id, r.sentence_start, r.sentence_end)
        for r in merged.reports
    }
    # reports that are gone stay known, with their event: they find it again for corrections, and when they return
    store.write_members(connection, run_id, called.members(placed))
    machine = _spliced(last.machine, build_machine_table(merged.events), "event_id", merged.gone_events)
    machine = machine.sort_values(["date_start", "event_id"], na_position="last", ignore_index=True)
    table = machine[list(EVENT_COLUMNS)]
    found = Whereabouts(connection, placed, called, link.moved)
    table, account = overlay(table, corrections, found.event_of, link.overruled)
    check_event_table(table)
    touched = None
    if base is not None:
        touched = {e.event_id for e in merged.events} | merged.gone_events | base.corrected | {*account["event_id"]}
    changes = write_events(connection, run_id, table, placed, before, done, touched)
    reports = _spliced(
        base.reports if base else None, build_report_table(merged.reports, event_of, why), "report_id", merged.gone
    ).sort_values("report_id", ignore_index=True)
    tables = {
        "events": table, "reports": reports,
        "articles": article_parts(
            connection, heads, changed, read_parts(settings, "articles") if base else (), GROUP_ROWS["articles"]
        ),
        "changes": _change_frame(connection) if base is None else _changes_and(base.changes, run_id, changes),
        "corrections": account, "near_misses": build_near_miss_table(merged.nearest),
        "reconciliations": build_reconciliation_table(reconcile(as_corrected(machine, table))),
    }  # fmt: skip
    memory = Remembered(now, told, merged.filed, merged.weights, machine, merged.near, decided)
    return Made(tables, memory, changes)


def _spliced(last: pd.DataFrame | None, new: pd.DataFrame, key: str, gone: Collection[str]) -> pd.DataFrame:
    """The last table without the rows that are gone, and with the new ones."""
    if last is None:
        return new
    kept = last[~last[key].isin(list(gone))]
    return pd.concat([kept, new], ignore_index=True) if len(kept) and len(new) else kept if len(kept) else new


def _change_frame(connection: Connection) -> pd.DataFrame:
    query = select(*(db.changes.c[n] for n in CHANGE_COLUMNS)).order_by(db.changes.c.change_id)
    return _typed_changes([tuple(r) for r in connection.execute(query)])


def _changes_and(last: pd.DataFrame, run_id: int, changes: Sequence[Change]) -> pd.DataFrame:
    if not changes:
        return last
    return pd.concat([last, _typed_changes([(run_id, *astuple(c)) for c in changes])], ignore_index=True)


def _typed_changes(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))
    return frame.astype({n: "int64" if n == "run_id" else "str" for n in CHANGE_COLUMNS})

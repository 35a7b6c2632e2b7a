"""Reports and corrections -> the published event table, in one step that is done whole or not at all.

The database is committed first, the snapshot written after: a kill between the two leaves readers the old table, and
the next run sees that CURRENT is behind and writes the snapshot again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, delete, insert, select, update

from pipeline import schema as db
from pipeline import store
from pipeline.account import CHANGE_COLUMNS, Change, Edit, write_events
from pipeline.corrections import links, overlay
from pipeline.errors import BrokenStore
from pipeline.event_values import founding_order
from pipeline.events import merge_reports, read_context
from pipeline.near_misses import near_misses
from pipeline.reasons import as_corrected, build_near_miss_table, build_reconciliation_table
from pipeline.reconciliation import reconcile
from pipeline.settings import Settings
from pipeline.snapshots import REPAIR, snapshot_is_whole, snapshot_token, write_snapshot
from pipeline.store import Member
from pipeline.table import (
    DAY,
    TEXT,
    build_event_table,
    build_report_table,
    check_event_table,
    with_types,
)
from pipeline.whereabouts import Called, Whereabouts


@dataclass(frozen=True)
class Published:
    """A run's outcome."""

    run_id: int
    snapshot_id: str
    changes: tuple[Change, ...]
    corrections: pd.DataFrame


def publish(
    engine: Engine, settings: Settings, action: str, edit: Callable[[Connection, int], Edit], *, now: datetime
) -> Published:
    """Make the edit, compute the table from what is then stored, and put it in force. Call it under PUBLISHING."""
    with engine.begin() as connection:
        last = last_run(connection)
        run_id = store.start_run(connection, action, now)
        done = edit(connection, run_id)
        version = done.version or (last.extractor_version if last else "")
        connection.execute(update(db.runs).where(db.runs.c.run_id == run_id).values(extractor_version=version))
        tables, changes = compute_tables(connection, run_id, version, done)
        connection.execute(delete(db.meta).where(db.meta.c.key == "published_at"))
        connection.execute(insert(db.meta).values(key="published_at", value=now.isoformat()))
        digest = tables_digest(tables)
        old_id = last.snapshot_id if last else ""
        snapshot_id = old_id if old_id.endswith(f"-{digest}") else f"{run_id:06d}-{digest}"
        counts = dict(Counter(c.what for c in {(c.event_id, c.what): c for c in changes}.values()))
        store.finish_run(connection, run_id, {**(done.summary or {}), "events": counts}, snapshot_id)
    if snapshot_token(settings) != snapshot_id or not snapshot_is_whole(settings):
        write_snapshot(settings, snapshot_id, tables, at=now)
    return Published(run_id, snapshot_id, tuple(changes), tables["corrections"])


def last_run(connection: Connection) -> Any:
    """The latest row of the log of runs, None where there is none."""
    return connection.execute(select(db.runs).order_by(db.runs.c.run_id.desc()).limit(1)).first()


def compute_tables(
    connection: Connection, run_id: int, version: str, done: Edit
) -> tuple[dict[str, pd.DataFrame], list[Change]]:
    """All tables of the snapshot; members, events and changes are written along the way."""
    heads = store.heads(connection)
    counting = [h.content_hash for h in heads.values() if not h.withdrawn]
    read = store.cached(connection, counting, version)
    if unread := len({*counting} - {*read}):
        raise BrokenStore(f"what was read in {unread} articles is missing or damaged; {REPAIR}")
    reports = store.parse_reports(read)
    before = store.members(connection)
    called = Called(reports, before)
    corrections = store.read_corrections(connection)
    link = links(corrections, called.now)
    context = read_context(sorted(reports, key=founding_order))
    events = merge_reports(
        reports, known_ids=called.known_ids(link.overruled), must_link=link.must, cannot_link=link.cannot,
        received=store.first_received(connection), moved=link.moved, context=context,
    )  # fmt: skip
    event_of = {report_id: e.event_id for e in events for report_id in e.report_ids}
    why = {report_id: reason for e in events for report_id, reason in e.reasons}
    placed = {
        r.report_id: Member(r.report_id, event_of[r.report_id], r.article_id, r.sentence_start, r.sentence_end)
        for r in reports
    }
    # reports that are gone stay known, with their event: they find it again for corrections, and when they return
    store.write_members(connection, run_id, called.members(placed))
    table = build_event_table(events)
    found = Whereabouts(connection, placed, called, link.moved)
    table, account = overlay(table, corrections, found.event_of, link.overruled)
    check_event_table(table)
    changes = write_events(connection, run_id, table, placed, before, done)
    tables = {
        "events": table, "reports": build_report_table(reports, event_of, why),
        "articles": _article_frame(connection, heads), "changes": _change_frame(connection), "corrections": account,
        "near_misses": build_near_miss_table(near_misses(reports, event_of, cannot_link=link.cannot, context=context)),
        "reconciliations": build_reconciliation_table(reconcile(as_corrected(events, table))),
    }  # fmt: skip
    return tables, changes


def _article_frame(connection: Connection, heads: Mapping[str, store.Head]) -> pd.DataFrame:
    names = ("article_id", "title", "source", "url", "published", "published_reason", "text", "origin")
    found = [a for _, a in store.read_versions(connection, [h.content_hash for h in heads.values()])]
    found.sort(key=lambda a: a.article_id)
    rows = [[*(getattr(a, n) for n in names), heads[a.article_id].withdrawn] for a in found]
    frame = pd.DataFrame(rows, columns=[*names, "withdrawn"])
    types = {n: DAY if n == "published" else TEXT for n in names}
    return with_types(frame, types).astype({"withdrawn": "bool"})


def _change_frame(connection: Connection) -> pd.DataFrame:
    query = select(*(db.changes.c[n] for n in CHANGE_COLUMNS)).order_by(db.changes.c.change_id)
    frame = pd.DataFrame([tuple(r) for r in connection.execute(query)], columns=list(CHANGE_COLUMNS))
    return frame.astype({n: "int64" if n == "run_id" else "str" for n in CHANGE_COLUMNS})


def tables_digest(tables: Mapping[str, pd.DataFrame]) -> str:
    """Twelve characters that are the same where events, reports, articles and corrections are the same."""
    digest = hashlib.sha256()
    for name in ("events", "reports", "articles", "corrections", "near_misses", "reconciliations"):
        digest.update(tables[name].to_csv(index=False, lineterminator="\n").encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:12]

"""Reports and corrections -> the published event table, in one step that is done whole or not at all.

The database is committed first, the snapshot written after: a kill between the two leaves readers the old table, and
the next run sees that CURRENT is behind and writes the snapshot again.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, delete, insert, select, update

from pipeline import schema as db
from pipeline import store
from pipeline.corrections import Action, Correction, cell_text, links, overlay
from pipeline.errors import BrokenStore
from pipeline.events import merge_reports
from pipeline.models import Article, Report
from pipeline.near_misses import near_misses
from pipeline.reasons import as_corrected, build_near_miss_table, build_reconciliation_table
from pipeline.reconciliation import reconcile
from pipeline.settings import Settings
from pipeline.snapshots import REPAIR, snapshot_is_whole, snapshot_token, write_snapshot
from pipeline.store import Member
from pipeline.table import (
    DAY,
    EVENT_COLUMNS,
    TEXT,
    build_event_table,
    build_report_table,
    check_event_table,
    with_types,
)

CHANGE_COLUMNS = ("run_id", "event_id", "what", "field", "old", "new", "because")


@dataclass(frozen=True, slots=True)
class Change:
    """What one run changed in one event. what: new | changed | merged | split | withdrawn | returned."""

    event_id: str
    what: str
    field: str = ""
    old: str = ""
    new: str = ""
    because: str = ""  # the articles, or the correction


@dataclass(frozen=True)
class Edit:
    """What a run did before publication."""

    because: str = ""  # for all changes; "" where the touched articles say it
    touched: frozenset[str] = frozenset()  # article ids
    version: str = ""  # of the extractor whose reports count from now on; "" keeps the last
    summary: Mapping[str, Any] | None = None


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
    events = merge_reports(
        reports, known_ids=called.known_ids(), must_link=link.must, cannot_link=link.cannot,
        received=store.first_received(connection), moved=link.moved,
    )  # fmt: skip
    event_of = {report_id: e.event_id for e in events for report_id in e.report_ids}
    why = {report_id: reason for e in events for report_id, reason in e.reasons}
    placed = {
        r.report_id: Member(r.report_id, event_of[r.report_id], r.article_id, r.sentence_start, r.sentence_end)
        for r in reports
    }
    # reports that are gone stay known, with their event: they find it again for corrections, and when they return
    store.write_members(connection, run_id, before | placed)
    table = build_event_table(events)
    found = Whereabouts(connection, placed, before, called)
    table, account = overlay(table, corrections, found.event_of)
    check_event_table(table)
    changes = _write_events(connection, run_id, table, placed, before, done)
    tables = {
        "events": table, "reports": build_report_table(reports, event_of, why),
        "articles": _article_frame(connection, heads), "changes": _change_frame(connection), "corrections": account,
        "near_misses": build_near_miss_table(near_misses(reports, events, cannot_link=link.cannot)),
        "reconciliations": build_reconciliation_table(reconcile(as_corrected(events, table))),
    }  # fmt: skip
    return tables, changes


class Called:
    """What each report is called now. A new extractor may find the same sentence under another report id."""

    def __init__(self, reports: Sequence[Report], before: Mapping[str, Member]) -> None:
        self._before = before
        self._now = {r.report_id: r for r in reports}
        self._by_article: dict[str, list[Report]] = {}
        for report in reports:
            self._by_article.setdefault(report.article_id, []).append(report)

    def now(self, report_id: str) -> str | None:
        """Its present id: its own, or that of the report whose sentence overlaps its own the most."""
        if report_id in self._now:
            return report_id
        old = self._before.get(report_id)
        if old is None:
            return None
        shared = [
            (min(r.sentence_end, old.sentence_end) - max(r.sentence_start, old.sentence_start), r.report_id)
            for r in self._by_article.get(old.article_id, ())
            if r.report_id not in self._before
        ]
        best = max(shared, default=(0, ""))
        return best[1] if best[0] > 0 else None

    def known_ids(self) -> dict[str, str]:
        """Report id -> the event it was in, also for reports that are called otherwise now."""
        known: dict[str, str] = {}
        for report_id, member in sorted(self._before.items()):
            now = self.now(report_id)
            if now == report_id or (now and now not in known):
                known[now] = member.event_id
        return known


class Whereabouts:
    """Where the event that a correction speaks of is now."""

    def __init__(
        self, connection: Connection, placed: Mapping[str, Member], before: Mapping[str, Member], called: Called
    ) -> None:
        self._live = {m.event_id for m in placed.values()}
        self._placed, self._called = placed, called
        gone = connection.execute(select(db.events.c.event_id, db.events.c.superseded_by))
        self._next = {row.event_id: row.superseded_by for row in gone if row.superseded_by}

    def event_of(self, c: Correction) -> str | None:
        """Its event's present id, None where nothing is left of it."""
        if c.action == Action.UNDO:
            return None
        if c.action in (Action.SPLIT, Action.MOVE):
            return self._of_report(c.target)
        event_id = c.target
        for _ in range(100):  # a chain of merges; a number, because two undone merges could make a ring
            if event_id in self._live:
                return event_id
            if event_id not in self._next:
                break
            event_id = self._next[event_id]
        return next((e for a in c.own_anchors if (e := self._of_report(a))), None)

    def _of_report(self, report_id: str) -> str | None:
        now = self._called.now(report_id)
        return self._placed[now].event_id if now else None


def _write_events(
    connection: Connection, run_id: int, table: pd.DataFrame, placed: Mapping[str, Member],
    before: Mapping[str, Member], done: Edit,
) -> list[Change]:  # fmt: skip
    old = {row.event_id: row for row in connection.execute(select(db.events))}
    articles_of: dict[str, set[str]] = {}
    for member in placed.values():
        articles_of.setdefault(member.event_id, set()).add(member.article_id)
    for member in before.values():
        if member.article_id in done.touched:
            articles_of.setdefault(member.event_id, set()).add(member.article_id)

    def because(event_id: str) -> str:
        return done.because or " | ".join(sorted(articles_of.get(event_id, set()) & done.touched))

    changes: list[Change] = []
    rows: list[dict[str, str]] = []
    live = set(table["event_id"])
    came_from = {r: before[r].event_id for r in placed if r in before and before[r].event_id != placed[r].event_id}
    split_from = {placed[r].event_id: source for r, source in sorted(came_from.items()) if source in live}
    for cells in table.to_dict("records"):
        event_id = str(cells["event_id"])
        new = {str(name): cell_text(value) for name, value in cells.items()}
        was = old.get(event_id)
        told = json.loads(was.row) if was else {}
        if was is None and event_id in split_from:
            changes.append(Change(event_id, "split", "event_id", split_from[event_id], event_id, because(event_id)))
        elif was is None:
            changes.append(Change(event_id, "new", because=because(event_id)))
        elif was.state != "live":
            changes.append(Change(event_id, "returned", "state", was.state, "live", because(event_id)))
        if was is None or was.state != "live" or told != new:
            rows.append({"event_id": event_id, "row": json.dumps(new, ensure_ascii=False), "state": "live",
                         "superseded_by": ""})  # fmt: skip
        if was is not None:
            changes += [
                Change(event_id, "changed", name, told.get(name, ""), new[name], because(event_id))
                for name in EVENT_COLUMNS if name in told and told[name] != new[name]
            ]  # fmt: skip
    for event_id, was in sorted(old.items()):
        if event_id in live or was.state != "live":
            continue
        went = Counter(placed[r].event_id for r, source in came_from.items() if source == event_id)
        # the most reports; on a tie the smaller id, so that the order of reading does not matter
        heir = min(went, key=lambda e: (-went[e], e)) if went else ""
        changes.append(Change(event_id, "merged" if heir else "withdrawn", "event_id", event_id, heir,
                              because(heir or event_id)))  # fmt: skip
        rows.append({"event_id": event_id, "row": was.row, "state": "superseded" if heir else "withdrawn",
                     "superseded_by": heir})  # fmt: skip
    for start in range(0, len(rows), store.CHUNK):
        chunk = rows[start : start + store.CHUNK]
        connection.execute(delete(db.events).where(db.events.c.event_id.in_([r["event_id"] for r in chunk])))
        connection.execute(insert(db.events), chunk)
    if changes:
        connection.execute(insert(db.changes), [{"run_id": run_id, **asdict(c)} for c in changes])
    return changes


def _article_frame(connection: Connection, heads: Mapping[str, store.Head]) -> pd.DataFrame:
    names = ("article_id", "title", "source", "url", "published", "text", "origin")
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


def storable(article: Article) -> Article:
    """The article without the two kinds of character that no database keeps; offsets stay as they are."""
    clean: dict[str, Any] = {
        name: "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in value)
        for name in ("article_id", "title", "text", "source", "url", "origin")
        if (value := getattr(article, name)) and ("\0" in value or not _encodes(value))
    }
    return replace(article, **clean) if clean else article


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True

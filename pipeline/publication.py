"""What is published: all tables from what is stored, those rows of the last ones that nothing touched taken over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from pipeline import schema as db
from pipeline import store
from pipeline.account import CHANGE_COLUMNS, Change, Edit, write_events
from pipeline.article_table import article_files
from pipeline.corrections import Action, active, links, overlay
from pipeline.merging import Naming
from pipeline.models import Kind, Status
from pipeline.reasons import (
    NEAR_MISS_COLUMNS,
    PARTS,
    PLACE_CELLS,
    as_corrected,
    build_reconciliation_table,
)
from pipeline.reconciliation import reconcile
from pipeline.remembered import Decided, Remembered
from pipeline.report_table import report_files
from pipeline.snapshot_parts import CUT_ROWS, LastTable, Spliced, count_rows, months_of, splice
from pipeline.snapshots import Files
from pipeline.store import Member
from pipeline.stored_reports import StoredReports
from pipeline.table import EVENT_COLUMNS, check_event_table, with_types
from pipeline.text_columns import holds
from pipeline.told import Told
from pipeline.touched import find_touched
from pipeline.turns import MergedRows, merge_in_turns
from pipeline.whereabouts import Called, Whereabouts

VALUES = (Action.SET, Action.CONFIRM, Action.REJECT)
MEMBER_CELLS = ("report_id", "event_id", "article_id", "sentence_start", "sentence_end")
CLAIM_COLUMNS = (
    "event_id", "kind", "date_start", "date_end", *PLACE_CELLS, *(f"fatalities_{part}" for part in PARTS), "part_of",
    "status",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Base:
    """The last publication, to which changes are added."""

    memory: Remembered
    folder: Path

    def table(self, name: str) -> LastTable:
        """One of its tables."""
        return LastTable(self.folder, name, self.memory.counts[name])


@dataclass(frozen=True, eq=False)
class Made:
    """What a publication computed."""

    tables: dict[str, Files | None]
    memory: Remembered
    changes: list[Change]


def compute_tables(connection: Connection, run_id: int, version: str, done: Edit, base: Base | None) -> Made:
    """All tables of the snapshot; members, events and changes are written along the way."""
    last = base.memory if base else Remembered()
    corrections = store.read_corrections(connection)
    touched = find_touched(connection, last, corrections)
    source = StoredReports(connection, version)
    # who is called how now is asked of reports of before and of those that corrections were made on
    asked = touched.changed if corrections else touched.changed & {m.article_id for m in touched.members.values()}
    called = Called(touched.present(source.members(asked)), touched.members)
    link = links(corrections, called.now)
    decided = Decided(link.must, link.cannot, link.moved)
    naming = Naming(called.known_ids(link.overruled))
    merged = merge_in_turns(last, touched.changed, source, decided, naming)
    rows = zip(*(merged.reports[name].tolist() for name in MEMBER_CELLS), strict=True)
    here = {report_id: Member(report_id, *cells) for report_id, *cells in rows}
    before = {**touched.members, **store.members(connection, here.keys() - touched.members.keys())}
    placed = {r: before[r] for r in touched.remembered} | here
    # reports that are gone stay known, with their event: they find it again for corrections, and when they return
    store.write_members(connection, run_id, before, called.members(placed))

    live = {*merged.memory.told.event_id.to_pylist()}
    found = Whereabouts(connection, live, placed, called, link.moved)
    valued = {e for c in active(corrections) if c.action in VALUES and (e := found.event_of(c))} & live
    machine = _splice_events(base, merged, valued)
    table, account = overlay(machine.rows[list(EVENT_COLUMNS)], corrections, found.event_of, link.overruled, live)
    check_event_table(table)
    among = None
    if base is not None:
        among = {*merged.events["event_id"]} | merged.gone_events | valued | {*last.corrected["event_id"]}
    changes = write_events(connection, run_id, table, live, placed, before, done, among)
    claims = reconcile(as_corrected(*_whole(base, machine, table)))
    tables: dict[str, Files | None] = {
        "events": machine.frames(table), "changes": _changes(connection, base),
        "corrections": [("corrections.parquet", account)],
        "reconciliations": [("reconciliations.parquet", build_reconciliation_table(claims))],
    }  # fmt: skip
    memory = replace(
        merged.memory, run_id=run_id, where=_where(last, merged, machine.rows),
        corrected=machine.rows[(table["status"] != Status.MACHINE).to_numpy(dtype=bool)].reset_index(drop=True),
        counts={**last.counts, "events": machine.counts},
    )  # fmt: skip
    if base and merged.as_before:  # a decision on values, or on nothing that was merged
        return Made(tables | dict.fromkeys(("reports", "articles", "near_misses")), memory, changes)
    reports, rows_of_reports = report_files(merged, last.told, base.table("reports") if base else None)
    tables |= {
        "reports": reports,
        "near_misses": [("near_misses.parquet", with_types(memory.near.nearest(), NEAR_MISS_COLUMNS))],
        "articles": None,
    }
    counts = {**memory.counts, "reports": rows_of_reports}
    arrived = last.arrived
    if not base or touched.changed:
        tables["articles"], counts["articles"], arrived = article_files(
            connection, touched.changed, base.table("articles") if base else None, arrived
        )
    return Made(tables, replace(memory, arrived=arrived, counts=counts), changes)


def _splice_events(base: Base | None, merged: MergedRows, valued: Collection[str]) -> Spliced:
    """The events as the machine has them, of the months of those that are new, gone, or are or were corrected."""
    new = merged.events
    touched = _months(merged.memory.told, {*new["event_id"], *valued})
    if base is not None:
        corrected = base.memory.corrected
        touched |= _months(base.memory.told, {*corrected["event_id"], *merged.gone_events})

    def edit(published: pd.DataFrame | None) -> pd.DataFrame:
        parts = [new]
        if base is not None and published is not None:
            gone = list(merged.gone_events)
            as_made = _with_where(with_types(published, EVENT_COLUMNS), base.memory.where)
            was = base.memory.corrected
            parts = [
                as_made[~as_made["event_id"].isin([*gone, *was["event_id"]])], was[~was["event_id"].isin(gone)], new,
            ]  # fmt: skip
        return _joined(parts).sort_values(["date_start", "event_id"], na_position="last", ignore_index=True)

    last = base.table("events") if base else None
    return splice("events", last, touched, edit, lambda rows: months_of(rows["date_start"]))


def _months(told: Told, events: Collection[str]) -> set[int]:
    """The months in which these events stand."""
    return {*told.month[holds(told.event_id, events)].tolist()}


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One frame of several; what is empty has no say in the types."""
    some = [part for part in parts if len(part)]
    return pd.concat(some, ignore_index=True) if len(some) > 1 else some[0] if some else parts[-1]


def _with_where(events: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    places = dict(zip(where["event_id"], where["where"], strict=True))
    several = events["event_id"].isin(list(places))  # few are told of several places
    cells = pd.Series("", index=events.index, dtype="str")
    cells[several] = [places[e] for e in events.loc[several, "event_id"]]
    return events.assign(where=cells)


def _where(last: Remembered, merged: MergedRows, machine: pd.DataFrame) -> pd.DataFrame:
    """The places of the events that are told of several."""
    if last.run_id and merged.as_before:
        return last.where
    rows = machine.loc[
        machine["event_id"].isin(merged.events["event_id"]) & machine["where"].ne(""), ["event_id", "where"]
    ]
    kept = last.where[~last.where["event_id"].isin(list(merged.gone_events))]
    return _joined([kept, rows]).sort_values("event_id", ignore_index=True)


def _whole(base: Base | None, machine: Spliced, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What claims and incidents say in all events, as the machine has them and as they are published."""
    made, shown = machine.rows[[*CLAIM_COLUMNS, "where"]], table[list(CLAIM_COLUMNS)]
    rest = {m for m in base.table("events").counts if m not in machine.months} if base else set()
    if base is None or not rest:
        return made, shown
    claimed = Kind.CUMULATIVE in {*shown["kind"], *base.table("events").read(rest, ["kind"])["kind"]}
    if not claimed:
        return made.iloc[:0], shown.iloc[:0]
    others = base.table("events").read(rest, list(CLAIM_COLUMNS))
    both = pd.concat([made, _with_where(others, base.memory.where)], ignore_index=True)
    order = both.sort_values(["date_start", "event_id"], na_position="last").index
    return both.loc[order], pd.concat([shown, others], ignore_index=True).loc[order]


def _changes(connection: Connection, base: Base | None) -> Files | None:
    """The log, to the last file of which is added what came since."""
    # what a snapshot has of it may be older than what is remembered: it stays in force while all other tables are as
    # they were
    last = LastTable(base.folder, "changes", count_rows(base.folder, "changes")) if base else None
    first = max(last.counts, default=0) if last else 0
    known = last.read([first], ["run_id"])["run_id"] if last else ()
    query = select(*(db.changes.c[n] for n in CHANGE_COLUMNS)).order_by(db.changes.c.change_id)
    if len(known):
        query = query.where(db.changes.c.run_id > int(max(known)))
    new = pd.DataFrame([tuple(r) for r in connection.execute(query)], columns=list(CHANGE_COLUMNS))
    new = new.astype({n: "int64" if n == "run_id" else "str" for n in CHANGE_COLUMNS})
    if last is not None and not len(new):
        return None
    block = CUT_ROWS["changes"]
    spliced = splice(
        "changes", last, range(first, first + (len(known) + len(new)) // block + 1),
        lambda rows: _joined([new] if rows is None else [rows, new]),
        lambda rows: first + np.arange(len(rows)) // block,
    )  # fmt: skip
    return spliced.frames(spliced.rows)

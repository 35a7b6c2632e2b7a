"""What one run did to the events: new, changed field by field, merged, split, withdrawn, returned, and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from pipeline import schema as db
from pipeline import store
from pipeline.corrections import cell_text
from pipeline.store import Member
from pipeline.table import EVENT_COLUMNS, FRAME_ROWS

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
    idle: bool = False  # nothing was edited: where the program is the same too, the tables stay as they are


def write_events(
    connection: Connection, run_id: int, table: pd.DataFrame, live: Collection[str], placed: Mapping[str, Member],
    before: Mapping[str, Member], done: Edit, among: Collection[str] | None = None,
) -> list[Change]:  # fmt: skip
    """Bring the table of events up to date and keep what changed. `among`: no other events can have changed, and the
    table holds these; `live`: all events that there are."""
    if among is not None:
        table = table[table["event_id"].isin(list(among))]
    old = _rows_of(connection, among)
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
    came_from = {r: before[r].event_id for r in placed if r in before and before[r].event_id != placed[r].event_id}
    split_from = {placed[r].event_id: source for r, source in sorted(came_from.items()) if source in live}
    for cells in _records(table):
        if len(rows) >= store.CHUNK:
            _write_rows(connection, rows)
            rows = []
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
        _write_rows(connection, rows[start : start + store.CHUNK])
    for start in range(0, len(changes), store.CHUNK):
        some = changes[start : start + store.CHUNK]
        connection.execute(insert(db.changes), [{"run_id": run_id, **asdict(c)} for c in some])
    return changes


def _write_rows(connection: Connection, rows: list[dict[str, str]]) -> None:
    connection.execute(delete(db.events).where(db.events.c.event_id.in_([row["event_id"] for row in rows])))
    connection.execute(insert(db.events), rows)


def _records(table: pd.DataFrame) -> Iterator[dict[Any, Any]]:
    """A row at a time; few of them are in memory."""
    for start in range(0, len(table), FRAME_ROWS):
        yield from table.iloc[start : start + FRAME_ROWS].to_dict("records")


def _rows_of(connection: Connection, among: Collection[str] | None) -> dict[str, Any]:
    if among is None:
        return {row.event_id: row for row in connection.execute(select(db.events))}
    found: dict[str, Any] = {}
    for chunk in store.chunks(sorted(among)):
        query = select(db.events).where(db.events.c.event_id.in_(chunk))
        found |= {row.event_id: row for row in connection.execute(query)}
    return found

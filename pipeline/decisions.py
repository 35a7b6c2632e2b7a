"""Taking a correction: is it possible, who said so and why; then it is published at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, select

from pipeline import schema as db
from pipeline import store
from pipeline.corrections import Action, Correction, cell_text, check_row, join_anchors, read_value
from pipeline.errors import BrokenTable, RefusedCorrection
from pipeline.publish import Edit, publish
from pipeline.schema import PUBLISHING, open_store, writing
from pipeline.settings import Settings
from pipeline.snapshots import load_snapshot
from pipeline.table import EVENT_COLUMNS

NEEDS_VALUE = {Action.MERGE: "event", Action.NOT_SAME: "event", Action.MOVE: "event"}


def add_correction(
    settings: Settings, action: str, target: str, field: str = "", value: str = "", why: str = "", who: str = "",
    *, now: datetime,
) -> Correction:  # fmt: skip
    """Keep a correction and publish the table with it; RefusedCorrection where it cannot be, with what to do."""
    if action not in tuple(Action):
        raise RefusedCorrection(f'"{action}" is not a correction; choose one of {", ".join(Action)}')
    if not why.strip() or not who.strip():
        raise RefusedCorrection("a correction needs who makes it and why; give both")
    made: list[Correction] = []

    def edit(connection: Connection, run_id: int) -> Edit:
        anchors = _anchors(connection, Action(action), target, field, value)
        cells = {"action": action, "target": target, "field": field if action == Action.SET else "", "value": value,
                 "anchors": anchors, "why": why.strip(), "who": who.strip(), "at": now.isoformat()}  # fmt: skip
        number = store.append_correction(connection, **cells)
        made.append(Correction(number, **cells))
        return Edit(because=f"correction {number}", summary={"correction": number, "who": who, "why": why})

    with writing(settings, PUBLISHING) as engine:
        publish(engine, settings, "correction", edit, now=now)
    return made[0]


def list_corrections(settings: Settings) -> pd.DataFrame:
    """All corrections with their state, the event each is at now, and the machine's value beside the corrected."""
    snapshot = load_snapshot(settings)
    return snapshot.corrections if snapshot else pd.DataFrame()


def _anchors(connection: Connection, action: Action, target: str, field: str, value: str) -> str:
    """The reports that the correction speaks of; raises RefusedCorrection where it speaks of nothing."""
    if action == Action.UNDO:
        known = {str(c.correction_id) for c in store.read_corrections(connection)}
        if target not in known:
            raise RefusedCorrection(f'there is no correction "{target}"; `python -m pipeline status` lists them')
        return ""
    members = store.members(connection)
    if action in (Action.SPLIT, Action.MOVE):
        if target not in members:
            raise RefusedCorrection(f'there is no report "{target}"; take report_id from the table of reports')
        own = [r for r in _reports_of(connection, members[target].event_id, members) if r != target]
        if action == Action.SPLIT and not own:
            raise RefusedCorrection(f'"{target}" is the only report of its event; there is nothing to split off')
    else:
        own = _reports_of(connection, target, members)
    other: list[str] = []
    if action in NEEDS_VALUE:
        other = _reports_of(connection, value, members)
        if value == target or target in other:
            raise RefusedCorrection(f'"{target}" and "{value}" are one and the same already')
    if action == Action.SET:
        _check_set(connection, target, field, value)
    return join_anchors(own, other)


def _reports_of(connection: Connection, event_id: str, members: dict[str, store.Member]) -> list[str]:
    """Its reports, the founding one first."""
    state = connection.scalar(select(db.events.c.state).where(db.events.c.event_id == event_id))
    if state != "live":
        gone = f" (it was {state})" if state else ""
        raise RefusedCorrection(f'there is no event "{event_id}"{gone}; take event_id from the table of events')
    ours = (m for m in members.values() if m.event_id == event_id)
    return sorted((m.report_id for m in ours), key=lambda r: (f"ev-{r}" != event_id, r))


def _check_set(connection: Connection, event_id: str, field: str, value: str) -> None:
    cell = read_value(field, value)
    row = json.loads(connection.execute(select(db.events.c.row).where(db.events.c.event_id == event_id)).scalar_one())
    cells = {name: (read_cell(name, row.get(name, ""))) for name in EVENT_COLUMNS} | {field: cell}
    if field == "place":
        cells |= {"latitude": None, "longitude": None}
    try:
        check_row(cells)
    except BrokenTable as problem:
        rule = str(problem).partition(": ")[2].partition(" (")[0]
        shown = cell_text(cell) or "unknown"
        raise RefusedCorrection(f"{field} = {shown} breaks a rule: {rule}; correct the other value first") from problem


def read_cell(name: str, text: str) -> object:
    """A stored cell in the column's type."""
    if text == "":
        return None
    dtype = EVENT_COLUMNS[name]
    if dtype == "Int64":
        return int(text)
    if dtype == "float64":
        return float(text)
    return text == "True" if dtype == "boolean" else text


def all_corrections(settings: Settings) -> list[Correction]:
    """As they stand in the database, for keeping a copy of them."""
    with open_store(settings).connect() as connection:
        return [replace(c) for c in store.read_corrections(connection)]

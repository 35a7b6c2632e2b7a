"""Taking a correction: is it possible, who said so and why; then it is published at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, select

from pipeline import schema as db
from pipeline import store
from pipeline.account import Edit
from pipeline.corrections import Action, Correction, cell_text, check_row, join_anchors, read_value
from pipeline.errors import BrokenTable, RefusedCorrection
from pipeline.publish import publish
from pipeline.schema import PUBLISHING, writing
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
    cells = {"action": action, "target": target, "field": field if action == Action.SET else "", "value": value}
    [made] = _keep(settings, [cells], why, who, now)
    return made


def correct_values(
    settings: Settings, event_id: str, values: Mapping[str, str], why: str, who: str, *, now: datetime
) -> list[Correction]:
    """Keep several values of one event in one step, held against the table's rules together: a day with its end."""
    if not values:
        raise RefusedCorrection("no value differs from what stands there; change one first")
    if not why.strip() or not who.strip():
        raise RefusedCorrection("a correction needs who makes it and why; give both")
    cells = [{"action": str(Action.SET), "target": event_id, "field": f, "value": v} for f, v in values.items()]
    return _keep(settings, cells, why, who, now)


def _keep(
    settings: Settings, wanted: Sequence[Mapping[str, str]], why: str, who: str, now: datetime
) -> list[Correction]:
    """Check the decisions together, keep them, publish once."""
    made: list[Correction] = []

    def edit(connection: Connection, run_id: int) -> Edit:
        signed = {"why": why.strip(), "who": who.strip(), "at": now.isoformat()}
        settings_of: dict[str, dict[str, str]] = {}
        for one in wanted:
            if one["action"] == Action.SET:
                settings_of.setdefault(one["target"], {})[one["field"]] = one["value"]
        for one in wanted:
            anchors = _anchors(connection, Action(one["action"]), one["target"], one["value"])
            number = store.append_correction(connection, **one, anchors=anchors, **signed)
            made.append(Correction(number, **one, anchors=anchors, **signed))
        for event_id, values in settings_of.items():
            _check_set(connection, event_id, values)
        numbers = ", ".join(str(c.correction_id) for c in made)
        word = "correction" if len(made) == 1 else "corrections"
        return Edit(because=f"{word} {numbers}", summary={word: numbers, "who": who, "why": why})

    with writing(settings, PUBLISHING) as engine:
        publish(engine, settings, "correction", edit, now=now)
    return made


def list_corrections(settings: Settings) -> pd.DataFrame:
    """All corrections with their state, the event each is at now, and the machine's value beside the corrected."""
    snapshot = load_snapshot(settings)
    return snapshot.corrections if snapshot else pd.DataFrame()


def _anchors(connection: Connection, action: Action, target: str, value: str) -> str:
    """The reports that the correction speaks of; raises RefusedCorrection where it speaks of nothing."""
    if action == Action.UNDO:
        known = {str(c.correction_id) for c in store.read_corrections(connection)}
        if target not in known:
            raise RefusedCorrection(f'there is no correction "{target}"; `python -m pipeline status` lists them')
        return ""
    if action in (Action.SPLIT, Action.MOVE):
        members = store.members(connection, [target])
        if target not in members:
            raise RefusedCorrection(f'there is no report "{target}"; take report_id from the table of reports')
        own = [r for r in _reports_of(connection, members[target].event_id) if r != target]
        if action == Action.SPLIT and not own:
            raise RefusedCorrection(f'"{target}" is the only report of its event; there is nothing to split off')
    else:
        own = _reports_of(connection, target)
    other: list[str] = []
    if action in NEEDS_VALUE:
        other = _reports_of(connection, value)
        if value == target or target in other:
            raise RefusedCorrection(f'"{target}" and "{value}" are one and the same already')
    return join_anchors(own, other)


def _reports_of(connection: Connection, event_id: str) -> list[str]:
    """Its reports, the founding one first."""
    state = connection.scalar(select(db.events.c.state).where(db.events.c.event_id == event_id))
    if state != "live":
        gone = f" (it was {state})" if state else ""
        raise RefusedCorrection(f'there is no event "{event_id}"{gone}; take event_id from the table of events')
    ours = (m for m in store.members_of_event(connection, event_id).values() if not m.successor)
    return sorted((m.report_id for m in ours), key=lambda r: (f"ev-{r}" != event_id, r))


def _check_set(connection: Connection, event_id: str, values: Mapping[str, str]) -> None:
    """Raise RefusedCorrection where the event would break a rule of the table with these values."""
    wanted = {field: read_value(field, value) for field, value in values.items()}
    row = json.loads(connection.execute(select(db.events.c.row).where(db.events.c.event_id == event_id)).scalar_one())
    cells = {name: read_cell(name, row.get(name, "")) for name in EVENT_COLUMNS}
    if "place" in wanted:
        cells |= {"latitude": None, "longitude": None}
    try:
        check_row(cells | wanted)
    except BrokenTable as problem:
        rule = str(problem).partition(": ")[2].partition(" (")[0]
        shown = ", ".join(f"{field} = {cell_text(cell) or 'unknown'}" for field, cell in wanted.items())
        raise RefusedCorrection(f"{shown} breaks a rule: {rule}; correct the other value first") from problem


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

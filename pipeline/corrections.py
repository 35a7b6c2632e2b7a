"""Corrections: an analyst's decisions, kept apart from what the machine says and laid over it at each publication.

Append-only. A correction is keyed by an event's or report's id and by anchors, the reports it was made on: when an
event was merged into another or a new extractor gave it another id, the anchors find it again. One that finds nothing
is shown as "orphaned", never dropped. Taking one back is a correction too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from pipeline.errors import BrokenTable, RefusedCorrection
from pipeline.models import Status
from pipeline.table import CLOSED, COUNT, DAY, EVENT_COLUMNS, FLAG, NUMBER, check_event_table, with_types


class Action(StrEnum):
    """What a correction does to its target; `value` is what it needs besides."""

    SET = "set"  # target: event; field and value
    CONFIRM = "confirm"  # target: event
    REJECT = "reject"  # target: event
    MERGE = "merge"  # target: event; value: the event it is the same as
    NOT_SAME = "not-same"  # target: event; value: the event it is not the same as
    SPLIT = "split"  # target: report, which becomes an event of its own
    MOVE = "move"  # target: report; value: the event it belongs to
    UNDO = "undo"  # target: the number of the correction to take back


# Ids, and what is counted from the reports, follow from the reports alone: move, merge or split them instead
NOT_SETTABLE = {
    "event_id", "places", "report_count", "source_count", "status", "first_reported", "last_updated", "evidence",
    "part_of",
}  # fmt: skip
SETTABLE = tuple(name for name in EVENT_COLUMNS if name not in NOT_SETTABLE)
POINT = ("latitude", "longitude")


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision. `anchors`: the reports of the target and, after "/", of the event named in `value`."""

    correction_id: int
    action: str
    target: str
    field: str
    value: str
    anchors: str
    why: str
    who: str
    at: str

    @property
    def own_anchors(self) -> list[str]:
        """The reports that the target had, its founding report first."""
        return [a for a in self.anchors.partition("\n/\n")[0].split("\n") if a]

    @property
    def other_anchors(self) -> list[str]:
        """The reports that the event in `value` had."""
        return [a for a in self.anchors.partition("\n/\n")[2].split("\n") if a]


def join_anchors(own: Iterable[str], other: Iterable[str]) -> str:
    """Both lists of reports as one text."""
    return "\n".join(own) + "\n/\n" + "\n".join(other)


@dataclass(frozen=True)
class Links:
    """What corrections say of which reports are of one event."""

    must: tuple[tuple[str, str], ...]
    cannot: tuple[tuple[str, str], ...]


def taken_back(corrections: Sequence[Correction]) -> set[str]:
    """The numbers of those that a later undo in force takes back. An undo can be undone."""
    undone: set[str] = set()
    for correction in reversed(corrections):
        if correction.action == Action.UNDO and str(correction.correction_id) not in undone:
            undone.add(correction.target)
    return undone


def active(corrections: Sequence[Correction]) -> list[Correction]:
    """Those in force: neither taken back nor themselves an undo."""
    undone = taken_back(corrections)
    return [c for c in corrections if c.action != Action.UNDO and str(c.correction_id) not in undone]


def links(corrections: Sequence[Correction], now_called: Callable[[str], str | None]) -> Links:
    """The pairs of reports to hold together or apart; a later correction on the same pair wins.

    `now_called` gives a report's present id (a new extractor may have moved it), None where it is gone.
    """
    wanted: dict[tuple[str, str], bool] = {}

    def say(ours: Iterable[str], theirs: Iterable[str], together: bool) -> None:
        for mine in ours:
            for other in theirs:
                a, b = now_called(mine), now_called(other)
                if a and b and a != b:
                    pair = (min(a, b), max(a, b))
                    wanted.pop(pair, None)
                    wanted[pair] = together

    for c in active(corrections):
        if c.action == Action.MERGE:
            say(c.own_anchors[:1], c.other_anchors[:1], True)
        elif c.action == Action.NOT_SAME:
            say(c.own_anchors, c.other_anchors, False)
        elif c.action == Action.SPLIT:
            say([c.target], c.own_anchors, False)
        elif c.action == Action.MOVE:
            say([c.target], c.own_anchors, False)
            say([c.target], c.other_anchors, True)
    return Links(
        tuple(sorted(pair for pair, together in wanted.items() if together)),
        tuple(sorted(pair for pair, together in wanted.items() if not together)),
    )


def read_value(field: str, value: str) -> Any:
    """A value in the column's own type; raises RefusedCorrection saying what is allowed."""
    if field not in SETTABLE:
        raise RefusedCorrection(f'"{field}" cannot be set; choose one of {", ".join(SETTABLE)}')
    value = value.strip()
    if field in CLOSED and value and value not in CLOSED[field]:
        raise RefusedCorrection(f'{field}: "{value}" is not in the list; choose one of {", ".join(CLOSED[field])}')
    if value == "":
        return None
    dtype = EVENT_COLUMNS[field]
    try:
        if dtype == COUNT:
            return int(value)
        if dtype == NUMBER:
            return float(value)
        if dtype == DAY:
            return pd.Timestamp(pd.Timestamp(value).date())
        if dtype == FLAG:
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[value.lower()]
    except (ValueError, KeyError) as problem:
        wanted = {COUNT: "a whole number", NUMBER: "a number", DAY: "a day as YYYY-MM-DD", FLAG: "yes or no"}[dtype]
        raise RefusedCorrection(f'{field}: "{value}" is not {wanted}; write {wanted}, or nothing for unknown') from (
            problem
        )
    return value


def overlay(
    table: pd.DataFrame, corrections: Sequence[Correction], event_at: Callable[[Correction], str | None]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table with corrections laid over it, and the account of them: a row a correction, machine value beside.

    state: applied | replaced (a later one says otherwise) | taken back | orphaned | against the rules (not applied).
    """
    rows: dict[str, int] = {event_id: i for i, event_id in enumerate(table["event_id"])}
    undone = taken_back(corrections)
    account: dict[int, dict[str, Any]] = {}
    by_event: dict[str, list[Correction]] = {}
    for c in corrections:
        event_id = event_at(c) or ""
        state = "taken back" if str(c.correction_id) in undone else "applied"
        if state == "applied" and c.action != Action.UNDO:
            if event_id not in rows:
                state = "orphaned"
            elif c.action in (Action.SET, Action.CONFIRM, Action.REJECT):
                by_event.setdefault(event_id, []).append(c)
        row = {k: v for k, v in asdict(c).items() if k != "anchors"}
        account[c.correction_id] = row | {"event_id": event_id, "machine_value": "", "state": state}
    if by_event:
        table = table.copy()
    for event_id, decisions in by_event.items():
        index = table.index[rows[event_id]]
        cells, states = _corrected_cells(table.loc[index].to_dict(), decisions)
        for c in decisions:
            machine = table.at[index, c.field] if c.action == Action.SET else None
            account[c.correction_id]["machine_value"] = cell_text(machine)
            account[c.correction_id]["state"] = states[c.correction_id]
        for name, value in cells.items():
            table.at[index, name] = value
    columns = [*(f for f in Correction.__dataclass_fields__ if f != "anchors"), "event_id", "machine_value", "state"]
    frame = pd.DataFrame(list(account.values()), columns=columns)
    return table, frame.astype({name: "str" for name in columns if name != "correction_id"})


def _corrected_cells(row: Mapping[Any, Any], decisions: Sequence[Correction]) -> tuple[dict[str, Any], dict[int, str]]:
    """What changes in one event, and what became of each decision."""
    last = {c.field if c.action == Action.SET else "status": c for c in decisions}
    states = {c.correction_id: "replaced" for c in decisions}
    cells: dict[str, Any] = {}
    for field, c in last.items():
        states[c.correction_id] = "applied"
        if c.action == Action.SET:
            cells[field] = read_value(field, c.value)
    if cells:
        cells["status"] = Status.CORRECTED.value
    if "place" in cells:
        cells["places"] = cells["place"]
        if not any(name in cells for name in POINT):  # never the old place's pin under the new place's name
            cells |= dict.fromkeys(POINT)
    if (judged := last.get("status")) is not None:
        cells["status"] = (Status.CONFIRMED if judged.action == Action.CONFIRM else Status.REJECTED).value
    try:
        check_row({**row, **cells})
    except BrokenTable:
        # the machine's other values changed under a correction: the table must stay right, so it waits, visibly
        states |= {c.correction_id: "against the rules" for c in last.values() if c.action == Action.SET}
        cells = {"status": cells["status"]} if judged is not None else {}
    return {name: (pd.NA if v is None and EVENT_COLUMNS[name] in (COUNT, FLAG) else v) for name, v in _empty(cells)}, (
        states
    )


def _empty(cells: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in cells.items():
        yield name, "" if value is None and EVENT_COLUMNS[name] == "str" else value


def check_row(row: Mapping[Any, Any]) -> None:
    """Raise BrokenTable where the row alone breaks a rule of the table."""
    check_event_table(with_types(pd.DataFrame([row], columns=list(EVENT_COLUMNS)), EVENT_COLUMNS))


def cell_text(value: Any) -> str:
    """A cell as it stands in a CSV: unknown is empty, a day is YYYY-MM-DD."""
    if value is None or pd.isna(value):
        return ""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)

"""Corrections: an analyst's decisions, kept apart from what the machine says and laid over it at each publication.

Append-only. A correction is keyed by an event's or report's id and by anchors, the reports it was made on: when an
event was merged into another or a new extractor gave it another id, the anchors find it again. One that finds nothing
is shown as "orphaned", never dropped. Taking one back is a correction too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from pipeline.errors import BrokenTable, RefusedCorrection
from pipeline.models import Status
from pipeline.table import CLOSED, COUNT, DAY, EVENT_COLUMNS, FLAG, NUMBER, TEXT, check_event_table, with_types


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
    moved: tuple[str, ...]  # reports that an analyst put elsewhere: they take no event's name along
    overruled: tuple[Correction, ...]  # those of which later ones have left nothing


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
    wanted: dict[tuple[str, str], tuple[bool, int]] = {}
    moved: set[str] = set()
    spoke: dict[int, Correction] = {}

    def say(c: Correction, ours: Iterable[str], theirs: Iterable[str], together: bool) -> None:
        for mine in ours:
            for other in theirs:
                a, b = now_called(mine), now_called(other)
                if a and b and a != b:
                    wanted[min(a, b), max(a, b)] = together, c.correction_id
                    spoke[c.correction_id] = c

    for c in active(corrections):
        if c.action in (Action.SPLIT, Action.MOVE) and (now := now_called(c.target)):
            moved.add(now)
        if c.action == Action.MERGE:
            say(c, c.own_anchors[:1], c.other_anchors[:1], True)
        elif c.action == Action.NOT_SAME:
            say(c, c.own_anchors, c.other_anchors, False)
        elif c.action == Action.SPLIT:
            say(c, [c.target], c.own_anchors, False)
        elif c.action == Action.MOVE:
            say(c, [c.target], c.own_anchors, False)
            say(c, [c.target], c.other_anchors, True)
    standing = {number for _, number in wanted.values()}
    return Links(
        tuple(sorted(pair for pair, (together, _) in wanted.items() if together)),
        tuple(sorted(pair for pair, (together, _) in wanted.items() if not together)),
        tuple(sorted(moved)),
        tuple(c for number, c in spoke.items() if number not in standing),
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
    table: pd.DataFrame,
    corrections: Sequence[Correction],
    event_at: Callable[[Correction], str | None],
    overruled: Iterable[Correction] = (),
    live: Collection[str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table with corrections laid over it, and the account of them: a row a correction, machine value beside.

    `live`: all events that there are, where the table is a part with those whose values are corrected.

    state: applied | replaced (a later one says otherwise) | taken back | orphaned | against the rules (not applied).
    """
    rows: dict[str, int] = {event_id: i for i, event_id in enumerate(table["event_id"])}
    undone, void = taken_back(corrections), {c.correction_id for c in overruled}
    account: dict[int, dict[str, Any]] = {}
    by_event: dict[str, list[Correction]] = {}
    for c in corrections:
        event_id = event_at(c) or ""
        state = "taken back" if str(c.correction_id) in undone else "applied"
        if state == "applied" and c.action != Action.UNDO:
            if event_id not in (rows if live is None else live):
                state = "orphaned"
            elif c.correction_id in void:
                state = "replaced"
            elif c.action in (Action.SET, Action.CONFIRM, Action.REJECT):
                by_event.setdefault(event_id, []).append(c)
        row = {k: v for k, v in asdict(c).items() if k != "anchors"}
        account[c.correction_id] = row | {"event_id": event_id, "machine_value": "", "state": state}
    corrected = _with_cells(table, rows, {e: _corrected_cells(d) for e, d in by_event.items()})
    broken = _broken_rows(corrected, {e: rows[e] for e in by_event})
    if broken:
        # the machine's other values changed under a correction: the table must stay right, so it waits, visibly
        kept = {e: _corrected_cells(d, judgement_only=e in broken) for e, d in by_event.items()}
        corrected = _with_cells(table, rows, kept)
    for event_id, decisions in by_event.items():
        last = {_decides(c): c.correction_id for c in decisions}
        for c in decisions:
            told = account[c.correction_id]
            if c.action == Action.SET:
                told["machine_value"] = cell_text(table.iat[rows[event_id], list(table.columns).index(c.field)])
            if last[_decides(c)] != c.correction_id:
                told["state"] = "replaced"
            elif c.action == Action.SET and event_id in broken:
                told["state"] = "against the rules"
    columns = [*(f for f in Correction.__dataclass_fields__ if f != "anchors"), "event_id", "machine_value", "state"]
    frame = pd.DataFrame(list(account.values()), columns=columns)
    return corrected, frame.astype({name: "str" for name in columns if name != "correction_id"})


def _decides(c: Correction) -> str:
    """What a later correction must also decide to replace this one."""
    return c.field if c.action == Action.SET else "status"


def _corrected_cells(decisions: Sequence[Correction], *, judgement_only: bool = False) -> dict[str, Any]:
    """What changes in one event; `judgement_only` leaves the values to the machine."""
    last = {_decides(c): c for c in decisions}
    cells = {
        field: read_value(field, c.value) for field, c in last.items() if c.action == Action.SET and not judgement_only
    }
    if cells:
        cells["status"] = Status.CORRECTED.value
    if "place" in cells:
        cells["places"] = cells["place"]
        if not any(name in cells for name in POINT):  # never the old place's pin under the new place's name
            cells |= dict.fromkeys(POINT)
    if (judged := last.get("status")) is not None:
        cells["status"] = (Status.CONFIRMED if judged.action == Action.CONFIRM else Status.REJECTED).value
    return cells


def _with_cells(
    table: pd.DataFrame, rows: Mapping[str, int], cells_of: Mapping[str, Mapping[str, Any]]
) -> pd.DataFrame:
    """A copy of the table with these cells."""
    if not cells_of:
        return table
    table = table.copy()
    for event_id, cells in cells_of.items():
        for name, value in cells.items():
            if value is None:
                value = "" if EVENT_COLUMNS[name] == TEXT else pd.NA if EVENT_COLUMNS[name] in (COUNT, FLAG) else None
            table.iat[rows[event_id], list(table.columns).index(name)] = value
    return table


def _broken_rows(table: pd.DataFrame, suspects: Mapping[str, int]) -> set[str]:
    """Which of these events break a rule; one look at the whole table where, as always, none does."""
    try:
        check_event_table(table)
        return set()
    except BrokenTable:
        found = set()
        for event_id, row in suspects.items():
            try:
                check_event_table(table.iloc[[row]])
            except BrokenTable:
                found.add(event_id)
        return found


def check_row(row: Mapping[Any, Any]) -> None:
    """Raise BrokenTable where the row alone breaks a rule of the table."""
    check_event_table(with_types(pd.DataFrame([row], columns=list(EVENT_COLUMNS)), EVENT_COLUMNS))


def cell_text(value: Any) -> str:
    """A cell as it stands in a CSV: unknown is empty, a day is YYYY-MM-DD."""
    if value is None or pd.isna(value):
        return ""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)

"""What a reader of the snapshot in force asks for: one table of it, or what explains one event."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.errors import BrokenStore
from pipeline.settings import Settings
from pipeline.snapshots import Snapshot, load_snapshot
from pipeline.table import SEPARATOR


def load_event_table(settings: Settings) -> pd.DataFrame:
    """The event table, with the corrections applied."""
    return _present(settings).events


def load_reports(settings: Settings) -> pd.DataFrame:
    """One row a report."""
    return _present(settings).reports


def load_articles(settings: Settings) -> pd.DataFrame:
    """One row an article, with its text."""
    return _present(settings).articles


def near_misses_of(snapshot: Snapshot, event_id: str) -> pd.DataFrame:
    """The events that were nearly the same as this one, the nearest first: other_event_id, report_id (of this event),
    other_report_id, points, why (what speaks for one event, and what kept them apart, in words)."""
    table = snapshot.near_misses
    mine = table[table["event_id"] == event_id]
    theirs = table[table["other_event_id"] == event_id].rename(
        columns={"event_id": "other_event_id", "other_event_id": "event_id", "report_id": "other_report_id",
                 "other_report_id": "report_id"}
    )  # fmt: skip
    both = pd.concat([mine, theirs[mine.columns]]).sort_values(["points", "other_event_id"], ascending=[False, True])
    return both.drop(columns="event_id").reset_index(drop=True)


def reconciliation_of(snapshot: Snapshot, event_id: str) -> dict[str, Any] | None:
    """A cumulative claim beside the incidents of its place and period, None for any other event:

    claimed_low, _best, _high; incidents (how many), without_figure (of these, how many state no number);
    summed_low, _best, _high; difference (claimed best less summed best); incident_ids (a list, the first 200).
    A count is None where it is not known or open.
    """
    found = snapshot.reconciliations[snapshot.reconciliations["event_id"] == event_id]
    if found.empty:
        return None
    row: dict[Any, Any] = found.iloc[0].to_dict()
    ids = row.pop("incident_ids")
    cells = {str(k): None if pd.isna(v) else v if isinstance(v, str) else int(v) for k, v in row.items()}
    return cells | {"incident_ids": ids.split(SEPARATOR) if ids else []}


def _present(settings: Settings) -> Snapshot:
    snapshot = load_snapshot(settings)
    if snapshot is None:
        raise BrokenStore("the store is empty; run `python -m pipeline refresh`")
    return snapshot

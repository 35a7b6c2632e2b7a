"""The tables that explain: near misses between events, and cumulative claims beside the sum of their incidents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.models import Count, Event, GeoPrecision, Kind, Place, Status
from pipeline.near_misses import NearMiss
from pipeline.reconciliation import Reconciliation
from pipeline.table import COUNT, NUMBER, SEPARATOR, TEXT, event_row, with_types

NEAR_MISS_COLUMNS: dict[str, str] = {
    "event_id": TEXT, "other_event_id": TEXT, "report_id": TEXT, "other_report_id": TEXT, "points": NUMBER,
    "why": TEXT,
}  # fmt: skip
RECONCILIATION_COLUMNS: dict[str, str] = {
    "event_id": TEXT, "claimed_low": COUNT, "claimed_best": COUNT, "claimed_high": COUNT, "incidents": COUNT,
    "without_figure": COUNT, "summed_low": COUNT, "summed_best": COUNT, "summed_high": COUNT, "difference": COUNT,
    "incident_ids": TEXT,
}  # fmt: skip
# A war's toll has more incidents than anybody opens one by one; the filter of the dashboard finds them all
MOST_IDS = 200
PARTS = ("low", "best", "high")


def build_near_miss_table(misses: Iterable[NearMiss]) -> pd.DataFrame:
    """One row for two events, the nearest first."""
    rows = [[getattr(m, name) for name in NEAR_MISS_COLUMNS] for m in misses]
    return with_types(pd.DataFrame(rows, columns=list(NEAR_MISS_COLUMNS)), NEAR_MISS_COLUMNS)


def build_reconciliation_table(found: Iterable[Reconciliation]) -> pd.DataFrame:
    """One row a cumulative claim."""
    rows = [
        [r.event_id, *_bounds(r.claimed), r.incidents, r.without_figure, *_bounds(r.summed), r.difference,
         SEPARATOR.join(r.incident_ids[:MOST_IDS])] for r in found
    ]  # fmt: skip
    return with_types(pd.DataFrame(rows, columns=list(RECONCILIATION_COLUMNS)), RECONCILIATION_COLUMNS)


def _bounds(count: Count) -> tuple[int | None, int | None, int | None]:
    return count.low, count.best, count.high


def as_corrected(events: Sequence[Event], table: pd.DataFrame) -> list[Event]:
    """The events with the values that an analyst gave them, and without those rejected."""
    judged = table[table["status"].isin([Status.CORRECTED, Status.REJECTED, Status.CONFIRMED])]
    rows: dict[str, dict[Any, Any]] = {str(row["event_id"]): row for row in judged.to_dict("records")}
    found = []
    for event in events:
        row = rows.get(event.event_id)
        if row is None:
            found.append(event)
        elif row["status"] != Status.REJECTED:
            found.append(_with_row(event, row))
    return found


def _with_row(event: Event, row: dict[Any, Any]) -> Event:
    def known(name: str) -> Any:
        return None if pd.isna(row[name]) else row[name]

    def day(name: str) -> Any:
        return None if pd.isna(row[name]) else row[name].date()

    places = event.places
    where = ("place", "admin1", "country", "iso3", "latitude", "longitude", "geo_precision")
    machine = event_row(event)
    if any((known(name) or "") != (machine[name] or "") for name in where):
        level = GeoPrecision(known("geo_precision") or "none")
        text = {name: row[name] for name in ("place", "admin1", "country", "iso3")}
        places = (Place(text["place"], text["admin1"], text["country"], text["iso3"], known("latitude"),
                        known("longitude"), level),)  # fmt: skip
    low, best, high = (None if (n := known(f"fatalities_{part}")) is None else int(n) for part in PARTS)
    return replace(
        event, kind=Kind(row["kind"]), date_start=day("date_start"), date_end=day("date_end"), places=places,
        killed=Count(low, best, high),
    )  # fmt: skip

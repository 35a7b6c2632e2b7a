"""The tables that explain: near misses between events, and cumulative claims beside the sum of their incidents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from pipeline.models import UNKNOWN, Count, DateBasis, Event, GeoPrecision, Kind, Place, Status
from pipeline.near_misses import NearMiss
from pipeline.reconciliation import Reconciliation
from pipeline.table import COUNT, NUMBER, SEPARATOR, TEXT, build_event_table, with_types

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
PLACE_CELLS = ("place", "admin1", "country", "iso3", "latitude", "longitude", "geo_precision")

# what of an event as_corrected looks at
COUNTED = (
    "event_id", "kind", "date_start", "date_end", *PLACE_CELLS, *(f"fatalities_{part}" for part in PARTS), "part_of",
    "status", "where",
)  # fmt: skip


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


def build_machine_table(events: Sequence[Event]) -> pd.DataFrame:
    """The events as the machine has them, and in `where`, as JSON, the places of those that are told of several."""
    where = [json.dumps([_place_cells(p) for p in e.places]) if len(e.places) > 1 else "" for e in events]
    return build_event_table(events).assign(where=pd.array(where, dtype="str"))


def as_corrected(machine: pd.DataFrame, table: pd.DataFrame) -> list[Event]:
    """The claims, and the incidents of their countries, with the values an analyst gave them and without those
    rejected; of the rest of an event nothing. Both tables in the same order."""
    claimed = table["kind"].eq(Kind.CUMULATIVE) & table["date_start"].notna()
    countries = {iso3 for cell in table.loc[claimed, "iso3"] for iso3 in cell.split(SEPARATOR)}
    near = table["iso3"].isin(countries) | table["iso3"].str.contains(SEPARATOR, regex=False)
    wanted = claimed | (near & table["kind"].eq(Kind.INCIDENT) & bool(countries))
    wanted = (wanted & table["status"].ne(Status.REJECTED)).to_numpy(dtype=bool)
    rows = zip(machine[wanted].to_dict("records"), table[wanted].to_dict("records"), strict=True)
    return [_event(was, row) for was, row in rows]


def _event(was: dict[Any, Any], row: dict[Any, Any]) -> Event:
    def day(name: str) -> Any:
        return None if pd.isna(row[name]) else row[name].date()

    moved = any(_known(row[name]) != _known(was[name]) for name in PLACE_CELLS)
    places = _places(row, "") if moved else _places(was, was["where"])
    low, best, high = (None if (n := _known(row[f"fatalities_{part}"])) is None else int(n) for part in PARTS)
    return Event(
        row["event_id"], Kind(row["kind"]), "", "", day("date_start"), day("date_end"), None, DateBasis.NONE, places,
        (), None, Count(low, best, high), UNKNOWN, 0, 0, (), False, row["part_of"], Status(row["status"]), None, None,
        "", (),
    )  # fmt: skip


def _places(row: dict[Any, Any], where: str) -> tuple[Place, ...]:
    if where:
        return tuple(map(_place, json.loads(where)))
    place = _place([_known(row[name]) for name in PLACE_CELLS])
    return (place,) if place.name or place.country or place.geo_precision is not GeoPrecision.NONE else ()


def _place(cells: Sequence[Any]) -> Place:
    name, admin1, country, iso3, latitude, longitude, level = cells
    return Place(
        name or "", admin1 or "", country or "", iso3 or "", latitude, longitude, GeoPrecision(level or "none")
    )  # fmt: skip


def _place_cells(place: Place) -> list[Any]:
    return [place.name, place.admin1, place.country, place.iso3, place.latitude, place.longitude, place.geo_precision]


def _known(cell: Any) -> Any:
    return None if pd.isna(cell) or cell == "" else cell

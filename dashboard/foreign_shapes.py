"""Incidents under the column names and precision codes of ACLED and UCDP GED. What has no counterpart stays empty."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from dashboard.wording import split_cell

ACLED = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1",
    "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting", "iso",
    "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source",
    "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip
GED = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id",
    "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a",
    "side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office", "source_date",
    "source_headline", "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region", "event_clarity",
    "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best",
    "high", "low", "gwnoa", "gwnob",
)  # fmt: skip
ACLED_GEO = {"place": 1, "area": 2, "admin1": 3}  # a country has no code there
GED_GEO = {"place": 1, "area": 2, "admin1": 4, "country": 6}
DISORDER = {
    "Battles": "Political violence", "Explosions/Remote violence": "Political violence",
    "Violence against civilians": "Political violence", "Protests": "Demonstrations",
    "Strategic developments": "Strategic developments",
}  # fmt: skip


def as_acled(shown: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """ACLED's columns. Its fatalities are one number: our best, empty where nothing is stated."""
    events = _incidents(shown)
    days = _days(events)
    sides = [_sides(cell) for cell in events["actors"]]
    told = _publishers(events, reports)
    cells = {
        "event_id_cnty": events["event_id"],
        "event_date": events["date_start"],
        "year": events["date_start"].dt.year.astype("Int64"),
        "time_precision": _codes(_acled_day(n) for n in days),
        "disorder_type": events["event_type"].astype(str).map(DISORDER),
        "event_type": events["event_type"],
        "sub_event_type": events["sub_event_type"],
        "actor1": [a for a, _ in sides],
        "actor2": [b for _, b in sides],
        "civilian_targeting": events["civilians_targeted"].map(lambda v: "Civilian targeting" if v is True else None),
        "country": events["country"],
        "admin1": events["admin1"],
        "location": events["place"],
        "latitude": events["latitude"],
        "longitude": events["longitude"],
        "geo_precision": _codes(ACLED_GEO.get(str(g)) for g in events["geo_precision"]),
        "source": ["; ".join(names) for names in told],
        "notes": events["evidence"],
        "fatalities": events["fatalities_best"],
    }
    return _shape(cells, ACLED, events)


def as_ged(shown: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """UCDP GED's columns; deaths by side are not known and stay empty."""
    events = _incidents(shown)
    days = _days(events)
    sides = [_sides(cell) for cell in events["actors"]]
    told = _publishers(events, reports)
    cells = {
        "id": events["event_id"],
        "year": events["date_start"].dt.year.astype("Int64"),
        "side_a": [a for a, _ in sides],
        "side_b": [b for _, b in sides],
        "number_of_sources": events["source_count"],
        "source_office": ["; ".join(names) for names in told],
        "source_date": events["first_reported"],
        "source_original": events["attributions"],
        "where_prec": _codes(GED_GEO.get(str(g)) for g in events["geo_precision"]),
        "where_coordinates": events["place"],
        "adm_1": events["admin1"],
        "latitude": events["latitude"],
        "longitude": events["longitude"],
        "country": events["country"],
        "date_prec": _codes(_ged_day(n) for n in days),
        "date_start": events["date_start"],
        "date_end": events["date_end"],
        "best": events["fatalities_best"],
        "high": events["fatalities_high"],
        "low": events["fatalities_low"],
    }
    return _shape(cells, GED, events)


def _incidents(shown: pd.DataFrame) -> pd.DataFrame:
    """Incidents that a sum may hold: neither dataset knows claims over a period, talks, or parts of totals."""
    incidents = shown[(shown["kind"] == "incident") & (shown["status"] != "rejected")]
    return incidents[~incidents["part_of"].isin(incidents["event_id"])].reset_index(drop=True)


def _days(events: pd.DataFrame) -> list[int]:
    """How many days the event may lie on; 0 where no day is claimed."""
    claimed = events["date_basis"].isin(["explicit", "relative"])
    return ((events["date_end"] - events["date_start"]).dt.days + 1).where(claimed).fillna(0).astype(int).tolist()


def _acled_day(days: int) -> int | None:
    if days <= 0 or days > 31:
        return None
    return next(code for code, most in ((1, 1), (2, 7), (3, 31)) if days <= most)


def _ged_day(days: int) -> int | None:
    if days <= 0 or days > 366:
        return None
    return next(code for code, most in ((1, 1), (2, 6), (3, 7), (4, 31), (5, 366)) if days <= most)


def _codes(values: Iterable[int | None]) -> pd.Series:
    return pd.Series(list(values), dtype="Int64")


def _sides(cell: str) -> tuple[str, str]:
    """The perpetrator or first party, and the target or second; only where the sentence says so."""
    roles = ("perpetrator", "target", "party")
    named: dict[str, list[str]] = {role: [] for role in roles}
    for actor in split_cell(cell):
        for role in roles:
            if actor.endswith(f" ({role})"):
                named[role].append(actor.removesuffix(f" ({role})"))
    first, second = named["perpetrator"], named["target"]
    if not first and not second:
        first, second = named["party"][:1], named["party"][1:]
    return "; ".join(first), "; ".join(second)


def _publishers(events: pd.DataFrame, reports: pd.DataFrame) -> list[list[str]]:
    told = reports[reports["source"] != ""].groupby("event_id")["source"].unique()
    return [sorted(told.get(event_id, [])) for event_id in events["event_id"]]


def _shape(cells: dict[str, object], columns: tuple[str, ...], events: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({name: cells.get(name, pd.NA) for name in columns}, index=events.index)
    for name in table.columns:
        if table[name].dtype == object:
            table[name] = table[name].astype("str").where(table[name].notna(), "")
    return table

"""A published version in the form in which millions of rows are searched: only what is searched, in the cheapest cells.

Ordinary frames whose index is the row in the file. Texts that repeat are categories, counts are floats (unknown is
NaN), and a few columns of ours hold what every view asks of each row. Sentences, and all that one reads of a single
event, stay in the files: see archive.py.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

import pipeline

REPEATING = ("place", "admin1", "country", "places", "actors")
COUNTS = tuple(f"{harm}_{part}" for harm in ("fatalities", "injured") for part in ("low", "best", "high"))
SEARCHED = (
    "event_id", "kind", "date_start", "date_end", "time_precision", "date_basis", *REPEATING, "latitude", "longitude",
    "geo_precision", "event_type", "sub_event_type", *COUNTS, "disputed", "status", "last_updated",
)  # fmt: skip
FIRST_DAY, LAST_DAY = "first_day", "last_day"
NO_DAY = np.iinfo(np.int32).min  # of a day that is not there: far in the past
# the row of the total that an event is part of, or -1; whether it may be drawn on the map; its place there, or -1;
# whether the last refresh touched it
WHOLE, LOCATED, MARK, FRESH = "whole_row", "located", "mark", "fresh"
# whether a report says when it happened; whether to the day; whether the place itself is known
DATED, EXACT_DAY, EXACT_PLACE = "dated", "exact_day", "exact_place"
STATED = ("explicit", "relative")  # what a day rests on where a text claims one
EVENT_ROW = "event_row"  # of a report: the row of its event, or -1
LAST = np.iinfo(np.int64).max


def lean_events(files: Any) -> pd.DataFrame:
    """The searched columns of all events in the order of the file, and those of ours."""
    with ThreadPoolExecutor(2) as threads:
        cells = threads.map(lambda name: _searched(files, name), SEARCHED)
        lean = pd.DataFrame(dict(zip(SEARCHED, cells, strict=True)), copy=False)
    lean[FIRST_DAY], lean[LAST_DAY] = days_of(lean["date_start"]), days_of(lean["date_end"])
    lean[WHOLE] = _rows_of_totals(files.columns("events", ["part_of"]).column(0), lean["event_id"])
    lean[LOCATED] = has_point(lean)
    lean[MARK] = _marks(lean)
    stated = lean["date_basis"].isin(STATED)
    lean[DATED] = stated & lean["date_start"].notna()
    lean[EXACT_DAY] = stated & (lean["time_precision"] == "day")
    lean[EXACT_PLACE] = (lean["geo_precision"] == "place").to_numpy()
    touched = files.columns("changes", ["event_id"]).column(0) if "event_id" in files.names("changes") else []
    lean[FRESH] = is_among(lean["event_id"], pa.chunked_array([touched]) if isinstance(touched, list) else touched)
    return lean


def lean_reports(files: Any, event_ids: pd.Series) -> pd.DataFrame:
    """The publisher of each report and the row of its event."""
    ids = files.columns("reports", ["event_id"]).column(0)
    source = _category(files.columns("reports", ["source"], ["source"]).column(0))
    return pd.DataFrame({"source": source, EVENT_ROW: rows_of(ids, event_ids)}, copy=False)


def lean_articles(files: Any) -> pd.DataFrame:
    """Publisher and day of the articles that count."""
    read = files.columns("articles", ["source", "published", "withdrawn"], ["source"])
    read = read.filter(pc.invert(read["withdrawn"]))
    return pd.DataFrame({"source": _category(read["source"]), "published": read["published"].to_pandas()}, copy=False)


def days_of(cells: pd.Series) -> np.ndarray:
    """Days since 1970 as numbers; a day that is not there lies far in the past."""
    return cells.to_numpy().astype("datetime64[D]").astype(np.int64).clip(NO_DAY).astype(np.int32)


def rows_of(ids: Any, table_ids: Any) -> np.ndarray:
    """Where each id stands in the table's ids, -1 where nowhere or where there is none."""
    found = pc.index_in(texts_of(ids), value_set=texts_of(table_ids))
    return pc.fill_null(found, -1).to_numpy(zero_copy_only=False)


def _rows_of_totals(part_of: pa.ChunkedArray, ids: pd.Series) -> np.ndarray:
    rows = np.full(len(ids), -1, dtype=np.int32)
    texts = texts_of(part_of)
    parts = np.flatnonzero(pc.not_equal(texts, "").to_numpy(zero_copy_only=False))
    if len(parts):
        totals = texts.take(pa.array(parts))
        # the totals are few: found among the ids, not the ids among them
        among = ids[is_among(ids, totals)]
        found = rows_of(totals, among)
        rows[parts] = np.where(found < 0, -1, among.index.to_numpy()[found])
    return rows


def is_among(ids: Any, wanted: Any) -> np.ndarray:
    """Which of the ids are among the wanted."""
    return pc.is_in(texts_of(ids), value_set=texts_of(wanted)).to_numpy(zero_copy_only=False)


def has_point(events: pd.DataFrame) -> np.ndarray:
    """Whether an event may be drawn on the map: a country's middle is not a place."""
    coarse = events["geo_precision"].isin(["country", "none"]) | events["geo_precision"].isna()
    return (events["latitude"].notna() & ~coarse).to_numpy()


def latest_first(events: pd.DataFrame) -> np.ndarray:
    """Rows by day, the latest first, ids upwards within a day, undated at the end."""
    days = events["date_start"].to_numpy().astype("int64")
    by_day = np.where(days == np.iinfo(np.int64).min, LAST, -days)  # the least number is a day that is not there
    order = np.argsort(by_day, kind="stable")
    ids = texts_of(events["event_id"]).combine_chunks().take(pa.array(order))
    downwards = pc.greater(ids[:-1], ids[1:]).to_numpy(zero_copy_only=False)
    if (downwards & (by_day[order[:-1]] == by_day[order[1:]])).any():  # as published they stand by day and id
        rank = np.empty(len(order), dtype=np.int64)
        rank[pc.sort_indices(texts_of(events["event_id"])).to_numpy()] = np.arange(len(order))
        order = np.lexsort((rank, by_day))
    return order.astype(np.int32)


def with_a_report(events: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """Which events are among these rows, -1 being none."""
    marks = np.zeros(len(events) + 1, dtype=bool)
    marks[rows] = True
    return marks[:-1]


def _searched(files: Any, name: str) -> Any:
    cells = files.columns("events", [name], [name] if name in REPEATING else []).column(0)
    if name in REPEATING:
        return _category(cells)
    if name in pipeline.CLOSED:
        return _closed(cells, name)
    if name in COUNTS:
        return cells.cast(pa.float64()).to_numpy()
    if name == "disputed":
        return cells.fill_null(False).to_numpy()
    return cells.to_pandas()


def _category(cells: pa.ChunkedArray) -> pd.Categorical:
    if not pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_encode()
    return cells.combine_chunks().to_pandas().array if cells.num_chunks else pd.Categorical([])


def _closed(cells: pa.ChunkedArray, name: str) -> pd.Categorical:
    found = _category(cells)
    return found.set_categories([str(value) for value in pipeline.CLOSED[name]])


def _marks(events: pd.DataFrame) -> np.ndarray:
    """A number for each place on the map: events of the same point, as closely known, share one."""
    located = events[LOCATED].to_numpy()
    at = events.loc[located, ["latitude", "longitude"]].to_numpy(dtype=float)
    how = events["geo_precision"].cat.codes.to_numpy()[located]
    marks = np.full(len(events), -1, dtype=np.int32)
    marks[located] = same_numbers(at[:, 0] * 1e5, at[:, 1] * 1e5, how)
    return marks


def same_numbers(*columns: np.ndarray) -> np.ndarray:
    """For each row the number of its group: rows with the same whole numbers."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        whole = np.round(column).astype(np.int64)
        low = int(whole.min(initial=0))
        key = key * (int(whole.max(initial=0)) - low + 1) + (whole - low)
    return pd.factorize(key)[0]


def texts_of(ids: Any) -> pa.ChunkedArray:
    """Ids in the one form in which they are compared."""
    found = ids if isinstance(ids, pa.ChunkedArray | pa.Array) else pa.array(ids, pa.large_string())
    if pa.types.is_dictionary(found.type):
        found = pc.cast(found, pa.large_string())
    found = found.cast(pa.large_string())
    return pa.chunked_array([found]) if isinstance(found, pa.Array) else found

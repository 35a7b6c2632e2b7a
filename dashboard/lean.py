"""The published tables in the form in which millions of rows are searched quickly: the same columns, cheaper cells.

Cells that repeat become categories, the rows of reports know the row of their event, and a part knows its total's row.
The tables stay ordinary frames whose index is the row: every function of the page takes them or small plain ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

REPEATING = ("place", "admin1", "country", "iso3", "places", "actors", "attributions", "source")
LAST = np.iinfo(np.int64).max
WHOLE, EVENT_ROW = "whole_row", "event_row"  # columns that stand in no export


def lean_events(events: pd.DataFrame) -> pd.DataFrame:
    """Events with repeating cells as categories, the row as index, and the row of the total each is part of, or -1."""
    lean = _repeating_as_categories(_by_day_and_id(events).reset_index(drop=True))
    lean[WHOLE] = rows_of(lean["part_of"], lean["event_id"])
    return lean


def lean_reports(reports: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Reports with repeating cells as categories, and the row of the event of each, or -1."""
    lean = _repeating_as_categories(reports.reset_index(drop=True))
    lean[EVENT_ROW] = rows_of(lean["event_id"], events["event_id"])
    return lean


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """The table as the codebook has it, for files: texts as texts, and no column of ours."""
    texts = {name: table[name].astype("str") for name in REPEATING if name in table}
    return table.drop(columns=[WHOLE, EVENT_ROW], errors="ignore").assign(**texts)


def rows_of(ids: pd.Series, table_ids: pd.Series) -> np.ndarray:
    """Where each id stands in the table's ids, -1 where nowhere. (Some forty times faster than `Series.isin`.)"""
    if not len(ids) or not len(table_ids):
        return np.full(len(ids), -1, dtype=np.int32)
    found = pc.index_in(pa.array(ids, pa.large_string()), value_set=pa.array(table_ids, pa.large_string()))
    return found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)


def is_among(ids: pd.Series, wanted: pd.Series) -> np.ndarray:
    """Which of the ids are among the wanted."""
    return rows_of(ids, wanted) >= 0


def told_of(reports: pd.DataFrame, shown: pd.DataFrame) -> np.ndarray:
    """Which reports belong to the shown events."""
    if EVENT_ROW not in reports:
        return is_among(reports["event_id"], shown["event_id"])
    return _marked(reports[EVENT_ROW].to_numpy(), shown.index.to_numpy())


def with_a_report(events: pd.DataFrame, reports: pd.DataFrame) -> np.ndarray:
    """Which events have one of these reports."""
    if EVENT_ROW not in reports:
        return is_among(events["event_id"], reports["event_id"])
    return _marked(events.index.to_numpy(), reports[EVENT_ROW].to_numpy())


def within_a_total(events: pd.DataFrame) -> np.ndarray:
    """Which events are part of another one of these."""
    if WHOLE not in events:
        return (events["part_of"] != "").to_numpy() & is_among(events["part_of"], events["event_id"])
    return _marked(events[WHOLE].to_numpy(), events.index.to_numpy())


def latest_first(events: pd.DataFrame) -> np.ndarray:
    """Positions by day, the latest first, ids upwards within a day, undated at the end."""
    days = _undated_last(events)
    by_day = np.where(days == LAST, LAST, -days)
    order = np.argsort(by_day, kind="stable")
    if WHOLE in events:  # lean tables stand by day and id
        return order
    return np.lexsort((rank_of(events["event_id"]), by_day))


def _by_day_and_id(events: pd.DataFrame) -> pd.DataFrame:
    """As published, and then nothing is to do; else sorted."""
    days = _undated_last(events)
    ids = pa.array(events["event_id"], pa.large_string())
    later = days[1:] > days[:-1]
    same = (days[1:] == days[:-1]) & pc.less_equal(ids[:-1], ids[1:]).to_numpy(zero_copy_only=False)
    return events if (later | same).all() else events.sort_values(["date_start", "event_id"], na_position="last")


def _undated_last(events: pd.DataFrame) -> np.ndarray:
    days = events["date_start"].to_numpy().astype("int64")
    return np.where(days == np.iinfo(np.int64).min, LAST, days)  # how numpy writes a day that is not there


def rank_of(ids: pd.Series) -> np.ndarray:
    """The place of each id in their alphabetical order."""
    order = pc.sort_indices(pa.array(ids, pa.large_string())).to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _marked(rows: np.ndarray, among: Sequence[int] | np.ndarray) -> np.ndarray:
    size = int(max(rows.max(initial=-1), np.max(among, initial=-1))) + 2
    marks = np.zeros(size, dtype=bool)
    marks[np.asarray(among)] = True
    marks[-1] = False  # where -1, "nowhere", points to
    return marks[rows]


def _repeating_as_categories(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**{name: table[name].astype("category") for name in REPEATING if name in table})

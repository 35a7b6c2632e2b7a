"""The events as rows: what an analyst wants first. A chosen row opens the event."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.lean import COUNTS
from dashboard.wording import day_words, harm_words, place_words, rejected_lead

PAGE_ROWS = 100  # more rows than this nobody scrolls; the filters and the export have all of them

# by what the whole list is ordered, not only the page that is shown; the first is the usual one
ORDERS = {"latest": "latest", "fatalities": "most killed", "injured": "most injured"}

READ = ("event_id", "kind", "date_start", "date_end", "time_precision", "date_basis", "place", "admin1", "country",
        "geo_precision", "sub_event_type", *COUNTS, "actors", "source_count", "disputed", "part_of", "status",
        "evidence")  # fmt: skip


def list_rows(events: pd.DataFrame) -> pd.DataFrame:
    """Readable cells, one row an event."""
    rows = [
        {
            "event_id": row["event_id"],
            "When": day_words(row),
            "Killed": harm_words(row, "fatalities"),
            "Where": place_words(row),
            "What": _what(row),
            "Injured": harm_words(row, "injured"),
            "Who": row["actors"],
            "Publishers": row["source_count"],
            "Disputed": bool(row["disputed"]) if pd.notna(row["disputed"]) else False,
            "Part of a total": row["part_of"] != "",
            "Status": row["status"],
            "Evidence": row["evidence"],
        }
        for row in events.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _what(row: Any) -> str:
    return f"{rejected_lead(row)}{row['sub_event_type']}" + (" (cumulative)" if row["kind"] == "cumulative" else "")


def faded(rows: pd.DataFrame) -> Any:
    """The rows, those that an analyst rejected in grey: they are in no sum."""
    rejected = (rows["Status"] == "rejected").to_numpy()
    if not rejected.any():
        return rows
    grey = [["color: #8c8c8c" if gone else ""] * rows.shape[1] for gone in rejected]
    return rows.style.apply(lambda table: pd.DataFrame(grey, index=table.index, columns=table.columns), axis=None)


def in_order(archive: Any, keep: np.ndarray, by: str) -> np.ndarray:
    """The rows of the kept events in an order of ORDERS; those without a number come last, of one number the latest
    first."""
    latest: np.ndarray = archive.order[keep[archive.order]]
    if by == "latest":
        return latest
    best = archive.events[f"{by}_best"].to_numpy(dtype=float, na_value=np.nan)[latest]
    return latest[np.argsort(-best, kind="stable")]


def show_list(archive: Any, keep: np.ndarray, shown: int) -> None:
    """The table of the kept events, so many; choosing a row sets the open event. Only a page of it is read."""
    pages = max(1, -(-shown // PAGE_ROWS))
    by = st.session_state.get("list_order") or "latest"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="pages"):
        words = st.empty()
        # another key for other events: a new choice begins at its first page
        chosen = hashlib.sha1(keep.tobytes() + by.encode()).hexdigest()[:12]
        if pages > 1:  # the head of a column orders a single page
            st.segmented_control(
                "Order of the list", list(ORDERS), format_func=ORDERS.__getitem__, key="list_order",
                label_visibility="collapsed", required=True, persist_state="session",
            )  # fmt: skip
        page = st.pagination(pages, key=f"page {chosen}") if pages > 1 else 1
    first, last = (page - 1) * PAGE_ROWS + 1, min(page * PAGE_ROWS, shown)
    which = f"Events {first:,}–{last:,} of {shown:,}, the {ORDERS[by]} first. " if pages > 1 else ""
    words.caption(which + "Choose a row (from the keyboard: Shift and Space), a mark on the map or a claim on "
                  "the timeline to read where it comes from.")  # fmt: skip
    ordered = in_order(archive, keep, by)
    rows = list_rows(archive.rows(ordered[(page - 1) * PAGE_ROWS : page * PAGE_ROWS], READ))
    # another key for other rows: a selection is a row number and must not slide to another event
    key = "list " + hashlib.sha1(" ".join(rows["event_id"]).encode()).hexdigest()[:12]

    def choose() -> None:
        chosen = st.session_state[key]["selection"]["rows"]
        st.session_state["event"] = rows["event_id"].iloc[chosen[0]] if chosen else ""

    st.dataframe(
        faded(rows.drop(columns="event_id")), key=key, hide_index=True, on_select=choose, selection_mode="single-row",
        height=min(420, 38 + 35 * len(rows)), width="stretch", alt="List of events",
        column_config={
            # the first two stand in the first view of a telephone
            "When": st.column_config.TextColumn(width=165), "Killed": st.column_config.TextColumn(width=110),
            "Where": st.column_config.TextColumn(width=190), "What": st.column_config.TextColumn(width=170),
            "Injured": st.column_config.TextColumn(width=100), "Publishers": st.column_config.NumberColumn(width=70),
            "Disputed": st.column_config.CheckboxColumn(width=70, help="Reports that cannot all be true."),
            "Evidence": st.column_config.TextColumn(width=420),
            "Part of a total": st.column_config.CheckboxColumn(help="Already in another count; not added again."),
        },
    )  # fmt: skip

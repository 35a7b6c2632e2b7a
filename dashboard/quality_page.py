"""How sure the table is: shares that are exact, what is not stated, what analysts corrected."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.loading import load


def quality_table(events: pd.DataFrame) -> pd.DataFrame:
    """For each kind: events, and of them how many are known exactly, disputed, corrected."""
    stated = events["date_basis"].isin(["explicit", "relative"])
    flags = pd.DataFrame({
        "Kind": events["kind"].astype(str),
        "Events": True,
        "Exact day": stated & (events["time_precision"] == "day"),
        "A span of days": stated & (events["time_precision"] != "day"),
        "No day stated": ~stated,
        "Exact place": events["geo_precision"] == "place",
        "Near or region": events["geo_precision"].isin(["area", "admin1"]),
        "Country or none": ~events["geo_precision"].isin(["place", "area", "admin1"]),
        "Killed stated": events[["fatalities_low", "fatalities_best", "fatalities_high"]].notna().any(axis=1),
        "Several publishers": events["source_count"] > 1,
        "Disputed": events["disputed"].fillna(False),
        "By an analyst": events["status"] != "machine",
    })  # fmt: skip
    return flags.groupby("Kind").sum().astype(int).reset_index()


def show_quality() -> None:
    """The page."""
    snapshot = load()
    if snapshot is None or snapshot.events.empty:
        st.info("No event has been read yet.")
        return
    st.subheader("How closely the events are known")
    st.dataframe(quality_table(snapshot.events), hide_index=True)
    st.subheader("What each publisher contributes")
    sources = snapshot.reports["source"].astype("str").replace("", "not stated")
    told = snapshot.reports.assign(source=sources).groupby("source")
    st.dataframe(
        told.agg(Reports=("report_id", "size"), Articles=("article_id", "nunique"), Events=("event_id", "nunique"))
        .sort_values("Reports", ascending=False).reset_index(names="Publisher"),
        hide_index=True,
    )  # fmt: skip
    st.subheader("Corrections")
    if snapshot.corrections.empty:
        st.text("None yet. Open an event and choose “Correct this event”.")
    else:
        st.dataframe(snapshot.corrections, hide_index=True)

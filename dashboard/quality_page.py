"""How sure the table is, and what would make it surer."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

import pipeline
from dashboard.gazetteer_panel import show_unresolved
from dashboard.loading import load, settings

MOST_ROWS = 1000


def quality_table(events: pd.DataFrame) -> pd.DataFrame:
    """For each kind: events, and of them how many are known exactly, told by one publisher, disputed, corrected."""
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
        "One publisher": events["source_count"] <= 1,
        "Disputed": events["disputed"].fillna(False),
        "By an analyst": events["status"] != "machine",
    })  # fmt: skip
    return flags.groupby("Kind").sum().astype(int).reset_index()


def with_shares(table: pd.DataFrame) -> pd.DataFrame:
    """The counts of `quality_table` with their share of the kind's events."""
    shown = table.copy().astype(dict.fromkeys(table.columns, object))
    for name in table.columns[2:]:
        shown[name] = [f"{n:,} ({n / of:.0%})" for n, of in zip(table[name], table["Events"], strict=True)]
    return shown


def without_event(snapshot: Any) -> pd.DataFrame:
    """The articles in which no event was read."""
    counting = snapshot.articles[~snapshot.articles["withdrawn"]]
    return counting[~counting["article_id"].isin(snapshot.reports["article_id"])]


def refused_files(runs: pd.DataFrame) -> pd.DataFrame:
    """What refreshes refused, the latest first, each once."""
    rows = [
        {"When": str(run["at"])[:16].replace("T", " "), "Refused": problem}
        for run in runs.to_dict("records") for problem in run["summary"].get("refused") or ()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["When", "Refused"]).drop_duplicates("Refused")


def show_quality() -> None:
    """The page."""
    snapshot = load()
    if snapshot is None or snapshot.events.empty:
        st.info("No event has been read yet.")
        return
    st.subheader("How closely the events are known")
    st.dataframe(with_shares(quality_table(snapshot.events)), hide_index=True, key="q_shares")
    _show_publishers(snapshot)
    show_unresolved(snapshot)
    _show_articles(snapshot)
    _show_refused()
    st.subheader("Corrections")
    if snapshot.corrections.empty:
        st.text("None yet. Open an event and choose “Correct this event”, or go through the page “Review”.")
    else:
        st.dataframe(snapshot.corrections, hide_index=True)
    _show_scores()


def _show_publishers(snapshot: Any) -> None:
    st.subheader("What each publisher contributes")
    reports = snapshot.reports.assign(source=snapshot.reports["source"].astype("str").replace("", "not stated"))
    alone = set(snapshot.events.loc[snapshot.events["source_count"] <= 1, "event_id"])
    told = reports.assign(alone=reports["event_id"].where(reports["event_id"].isin(alone))).groupby("source")
    st.dataframe(
        told.agg(Reports=("report_id", "size"), Articles=("article_id", "nunique"), Events=("event_id", "nunique"),
                 Alone=("alone", "nunique"))
        .sort_values("Reports", ascending=False).reset_index(names="Publisher")
        .rename(columns={"Alone": "Events told by nobody else"}),
        hide_index=True, key="q_publishers",
    )  # fmt: skip


def _show_articles(snapshot: Any) -> None:
    empty = without_event(snapshot)
    st.subheader(f"Articles without an event: {len(empty):,} of {len(snapshot.articles):,}")
    if empty.empty:
        return
    st.text("Nothing was read in them: no violence, no talks, or a wording that the rules do not know.")
    shown = empty.head(MOST_ROWS).assign(begins=empty["text"].str.slice(0, 120),
                                         link="article?article=" + empty["article_id"])  # fmt: skip
    st.dataframe(
        shown[["link", "published", "source", "title", "begins"]], hide_index=True, height=240, key="q_empty",
        column_config={"link": st.column_config.LinkColumn("Open", display_text="read"),
                       "published": st.column_config.DateColumn("Published")},
    )  # fmt: skip


def _show_refused() -> None:
    refused = refused_files(pipeline.list_runs(settings()))
    st.subheader(f"Refused files: {len(refused):,}")
    if not refused.empty:
        st.dataframe(refused.head(MOST_ROWS), hide_index=True, key="q_refused")


def _show_scores() -> None:
    st.subheader("How well this version reads")
    path = settings().data_dir / "scores.csv"
    if not path.exists():
        return
    st.text("Measured on real articles with hand-made gold; rules were developed on them, so expect less elsewhere.")
    st.dataframe(pd.read_csv(path, dtype=str), hide_index=True, key="q_scores")

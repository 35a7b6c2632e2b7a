"""How sure the table is, and what would make it surer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

import pipeline
from dashboard.archive import Archive
from dashboard.gazetteer_panel import show_unresolved
from dashboard.lean import EVENT_ROW, rows_of
from dashboard.loading import latest, settings

MOST_ROWS = 1000


def quality_table(archive: Archive) -> pd.DataFrame:
    """For each kind: events, and of them how many are known exactly, told by one publisher, disputed, corrected."""
    events = archive.events
    stated = events["date_basis"].isin(["explicit", "relative"])
    several = publishers_of(archive) > 1
    flags = pd.DataFrame({
        "Kind": events["kind"],
        "Events": True,
        "Exact day": stated & (events["time_precision"] == "day"),
        "A span of days": stated & (events["time_precision"] != "day"),
        "No day stated": ~stated,
        "Exact place": events["geo_precision"] == "place",
        "Near or region": events["geo_precision"].isin(["area", "admin1"]),
        "Country or none": ~events["geo_precision"].isin(["place", "area", "admin1"]),
        "Killed stated": events[["fatalities_low", "fatalities_best", "fatalities_high"]].notna().any(axis=1),
        "Several publishers": several,
        "One publisher": ~several,
        "Disputed": events["disputed"],
        "By an analyst": events["status"] != "machine",
    }, index=events.index)  # fmt: skip
    table = flags.groupby("Kind", observed=True).sum().astype(int).reset_index()
    return table.astype({"Kind": "str"}).sort_values("Kind", ignore_index=True)


def with_shares(table: pd.DataFrame) -> pd.DataFrame:
    """The counts of `quality_table` with their share of the kind's events."""
    shown = table.copy().astype(dict.fromkeys(table.columns, object))
    for name in table.columns[2:]:
        shown[name] = [f"{n:,} ({n / of:.0%})" for n, of in zip(table[name], table["Events"], strict=True)]
    return shown


def articles_of_reports(archive: Archive) -> np.ndarray:
    """Of each report the row of its article, -1 where it is not there."""

    def rows() -> np.ndarray:
        ids = (archive.files.columns(table, ["article_id"]).column(0) for table in ("reports", "articles"))
        return rows_of(*ids)

    return archive.once("articles of reports", rows)


def without_event(archive: Archive) -> np.ndarray:
    """The rows of the articles that count and in which no event was read."""
    withdrawn = archive.files.columns("articles", ["withdrawn"]).column(0).fill_null(False).to_numpy()
    told = np.zeros(len(withdrawn) + 1, dtype=bool)  # the last for a report of no article
    told[articles_of_reports(archive)] = True
    return np.flatnonzero(~told[:-1] & ~withdrawn)


def publisher_table(archive: Archive) -> pd.DataFrame:
    """For each publisher: reports, articles, events, and events that nobody else tells of; the most reports first."""
    source = archive.reports["source"].cat
    names = [str(name) or "not stated" for name in source.categories]
    publisher, event = source.codes.to_numpy().astype(np.int64), archive.reports[EVENT_ROW].to_numpy()
    article = articles_of_reports(archive)
    alone = np.append(publishers_of(archive) <= 1, False)  # the last for a report of no event

    def different(of_each: np.ndarray, which: np.ndarray) -> np.ndarray:
        """How many different ones each publisher has."""
        size = int(of_each.max(initial=0)) + 1
        pairs = pd.unique(publisher[which] * size + of_each[which])
        return np.bincount(pairs // size, minlength=len(names))

    table = pd.DataFrame({
        "Publisher": names, "Reports": np.bincount(publisher[publisher >= 0], minlength=len(names)),
        "Articles": different(article, article >= 0), "Events": different(event, event >= 0),
        "Events told by nobody else": different(event, (event >= 0) & alone[event]),
    })  # fmt: skip
    return table.sort_values(["Reports", "Publisher"], ascending=[False, True], ignore_index=True)


def publishers_of(archive: Archive) -> np.ndarray:
    """Of each event how many publishers tell of it."""
    return archive.files.columns("events", ["source_count"]).column(0).fill_null(0).to_numpy()


def refused_files(runs: pd.DataFrame) -> pd.DataFrame:
    """What refreshes refused, the latest first, each once."""
    rows = [
        {"When": str(run["at"])[:16].replace("T", " "), "Refused": problem}
        for run in runs.to_dict("records") for problem in run["summary"].get("refused") or ()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["When", "Refused"]).drop_duplicates("Refused")


def show_quality() -> None:
    """The page."""
    archive = latest()
    if archive is None or archive.events.empty:
        st.info("No event has been read yet. Put articles in on the page “Refresh”.")
        return
    st.subheader("How closely the events are known")
    table = archive.once("quality", lambda: quality_table(archive))
    st.dataframe(with_shares(table), hide_index=True, key="q_shares")
    st.subheader("What each publisher contributes")
    publishers = archive.once("publishers", lambda: publisher_table(archive))
    st.dataframe(publishers.head(MOST_ROWS), hide_index=True, key="q_publishers")
    if len(publishers) > MOST_ROWS:
        st.text(f"The {MOST_ROWS:,} with the most reports, of {len(publishers):,}.")
    show_unresolved(archive)
    _show_articles(archive)
    _show_refused()
    st.subheader("Corrections")
    corrections = archive.files.whole("corrections")
    if corrections.empty:
        st.text("None yet. Open an event and choose “Correct this event”, or go through the page “Review”.")
    else:
        st.dataframe(corrections, hide_index=True)
    _show_scores()


def _show_articles(archive: Archive) -> None:
    rows = archive.once("articles without an event", lambda: without_event(archive))
    st.subheader(f"Articles without an event: {len(rows):,} of {archive.files.count('articles'):,}")
    if not len(rows):
        return
    st.text("Nothing was read in them: no violence, no talks, or a wording that the rules do not know.")
    shown = archive.files.rows("articles", rows[:MOST_ROWS], ["article_id", "published", "source", "title", "text"])
    shown = shown.assign(begins=shown["text"].str.slice(0, 120), link="article?article=" + shown["article_id"])
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

"""Names that the gazetteer lacks, and the click that adds one: kept as data, read again at the next refresh."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

import pipeline
from dashboard.archive import Archive
from dashboard.article_page import as_article, latest_articles
from dashboard.loading import settings
from dashboard.wording import label_text

MOST_NAMES = 1000
MOST_SEARCHED = 5_000  # articles: about a minute of reading; what is missing now is missing in the latest


@st.cache_resource(max_entries=2, show_spinner=False)
def _names(token: str, where: str, _archive: Archive) -> list[Any]:
    bar = st.progress(0.0, "Looking for names …")
    articles = _archive.files.rows("articles", latest_articles(_archive)[:MOST_SEARCHED])
    rows = articles[~articles["withdrawn"]].to_dict("records")

    def progress(done: int) -> None:
        if done % 20 == 0:
            bar.progress(done / max(1, len(rows)), f"Looking for names: {done:,} of {len(rows):,} articles")

    try:
        return pipeline.unresolved_names(settings(), map(as_article, rows), progress)
    finally:
        bar.empty()


def show_unresolved(archive: Archive) -> None:
    """The table of names on demand; one chosen is given a point."""
    st.subheader("Names that the gazetteer lacks")
    st.text("Events there stand at the region or nowhere. Not every name is a place: you decide.")
    some = f"the latest {MOST_SEARCHED:,}" if archive.files.count("articles") > MOST_SEARCHED else "all"
    if not st.toggle(f"Look for them in {some} articles", key="q_look"):
        return
    names = _names(archive.snapshot_id, str(settings()), archive)
    if not names:
        st.text("None was found.")
        return
    st.dataframe(
        [{"Name": n.name, "Articles": len(n.articles), "Events there stand at": n.stands_at or "nowhere",
          "Country of these articles": n.country, "Example": n.example[:300]} for n in names[:MOST_NAMES]],
        hide_index=True, height=300, key="q_names",
    )  # fmt: skip
    if not settings().read_only:
        _ask_point({n.name: n for n in names[:MOST_NAMES]})


def _ask_point(names: dict[str, Any]) -> None:
    """A point for one name: that of a place known under another spelling, or one given by hand."""
    name = st.selectbox("Add to the gazetteer", list(names), None, key="q_name", placeholder="Choose a name")
    if name is not None:
        one = names[name]
        st.text(f"“{one.example}”")
        left, right = st.columns(2)
        spelt = left.text_input("It is another spelling of", key=f"q_spelt_{name}", max_chars=100)
        choices = {c.label: dict(c.cells) for c in pipeline.places_named(settings(), spelt, one.country)}
        label = right.selectbox("Which", list(choices), key=f"q_which_{name}_{spelt}", disabled=not choices)
        cells = choices.get(label or "", {})
        columns = st.columns(4)
        latitude = columns[0].number_input("Latitude", -90.0, 90.0, _number(cells.get("latitude")), format="%.4f",
                                           key=f"q_lat_{name}_{label}")  # fmt: skip
        longitude = columns[1].number_input("Longitude", -180.0, 180.0, _number(cells.get("longitude")), format="%.4f",
                                            key=f"q_lon_{name}_{label}")  # fmt: skip
        country = columns[2].text_input("Country", cells.get("country") or one.country, key=f"q_country_{name}_{label}")
        admin1 = columns[3].text_input("First-level region", cells.get("admin1", ""), key=f"q_admin1_{name}_{label}")
        known = latitude is not None and longitude is not None
        pressed = st.button(f"Add {label_text(name)}", key="q_add", disabled=not known)
        if pressed and latitude is not None and longitude is not None:
            _add(name, latitude, longitude, country, admin1)
    if added := st.session_state.get("q_added"):
        st.success(f"Added: {label_text(', '.join(added))}. The articles are read again with it at the next refresh.")
        if st.button("Read the articles again now", key="q_refresh", type="primary"):
            _refresh()


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def _add(name: str, latitude: float, longitude: float, country: str, admin1: str) -> None:
    try:
        with st.spinner("Adding the place; the list of places is built anew …"):
            done = pipeline.add_place(settings(), name, latitude, longitude, country, admin1)
    except pipeline.PipelineError as problem:
        st.error("The place was not added.")
        st.text(str(problem))
        return
    if done.refused:
        st.error("The place was not added.")
        st.text(done.refused[0])
        return
    st.session_state.setdefault("q_added", []).append(name)
    st.rerun()


def _refresh() -> None:
    bar = st.progress(0.0, "Reading the articles again …")

    def progress(done: int, of: int) -> None:
        bar.progress(done / max(1, of), f"Reading articles: {done:,} of {of:,}")

    try:
        account = pipeline.refresh(settings(), (), now=datetime.now(UTC), progress=progress)
    except pipeline.PipelineError as problem:
        st.error("The refresh did not go through; the table is as it was.")
        st.text(str(problem))
        return
    finally:
        bar.empty()
    st.session_state.pop("q_added", None)
    st.session_state["account"] = account
    st.toast(f"{len(account.events('changed')):,} events changed; the page Refresh tells which.")
    st.rerun()

"""The published tables, read once a version and shared by all visitors. Nobody may change them.

A visitor's explorer stays with the version it began with until its reader asks for the newer one: see `newer`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

import pipeline
from dashboard.lean import lean_events, lean_reports

PINNED = "pinned snapshot"


def settings() -> Any:
    """Where the store is."""
    return pipeline.Settings.from_env()


def load() -> Any | None:
    """The latest snapshot, None before the first one; from now on also the explorer's."""
    token = pipeline.snapshot_token(settings())
    try:
        snapshot = _load(str(token), str(settings())) if token else None
    except pipeline.BrokenStore as problem:
        _offer_repair(problem)
        st.stop()
    st.session_state[PINNED] = (token, snapshot)
    return snapshot


def load_pinned() -> Any | None:
    """The snapshot that this visitor looks at: a refresh elsewhere changes nothing under the reader's eyes."""
    _, snapshot = st.session_state.get(PINNED, ("", None))
    return snapshot if snapshot is not None else load()


def newer() -> bool:
    """Whether a refresh or a correction has published another version than the one looked at."""
    token, snapshot = st.session_state.get(PINNED, ("", None))
    return snapshot is not None and pipeline.snapshot_token(settings()) != token


def unpin() -> None:
    """Look at the latest version from now on."""
    st.session_state.pop(PINNED, None)


def _offer_repair(problem: Exception) -> None:
    """A damaged table, or one of an older version of this program, is made again with one click."""
    st.error("The published table cannot be read. The articles and corrections in the database are not touched.")
    st.text(str(problem))
    if not settings().read_only and st.button("Make the table again from articles and corrections", key="repair"):
        with st.spinner("Reading what is missing and publishing the table …"):
            try:
                pipeline.repair_store(settings(), now=datetime.now(UTC))
            except pipeline.PipelineError as again:
                st.text(str(again))
                return
        st.rerun()


@st.cache_resource(max_entries=2, show_spinner="Reading the events …")
def _load(token: str, where: str) -> Any:
    # both arguments are the key of the cache: a newly published version is read anew
    snapshot = pipeline.load_snapshot(settings())
    if snapshot is None:
        return None
    events = lean_events(snapshot.events)
    return replace(snapshot, events=events, reports=lean_reports(snapshot.reports, events))

"""The published tables, read once a version and shared by all visitors. Nobody may change them.

A visitor's explorer stays with the version it began with until its reader asks for the newer one: see `newer`.
"""

from __future__ import annotations

from dataclasses import replace
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
    snapshot = _load(str(token), str(settings())) if token else None
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


@st.cache_resource(max_entries=2, show_spinner="Reading the events …")
def _load(token: str, where: str) -> Any:
    # both arguments are the key of the cache: a newly published version is read anew
    snapshot = pipeline.load_snapshot(settings())
    if snapshot is None:
        return None
    events = lean_events(snapshot.events)
    return replace(snapshot, events=events, reports=lean_reports(snapshot.reports, events))

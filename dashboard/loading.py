"""The published tables, read once a version and shared by all visitors. Nobody may change them.

A visitor's explorer stays with the version it began with until its reader asks for the newer one: see `newer`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import streamlit as st

import pipeline
from dashboard.archive import open_archive

PINNED = "pinned archive"


def settings() -> Any:
    """Where the store is."""
    return pipeline.Settings.from_env()


def latest() -> Any | None:
    """The latest version, None before the first one; the explorer, too, goes on with it."""
    unpin()
    return _latest()


def load_archive() -> Any | None:
    """The version that this visitor's explorer looks at: no refresh elsewhere changes it under the reader's eyes."""
    if PINNED not in st.session_state:
        archive = _latest()
        if archive is None:
            return None
        st.session_state[PINNED] = archive
    return st.session_state[PINNED]


def _latest() -> Any | None:
    token = pipeline.snapshot_token(settings())
    try:
        return _open(str(token), str(settings())) if token else None
    except pipeline.BrokenStore as problem:
        offer_repair(problem)
        st.stop()


def open_before_asked() -> None:
    """Open the latest version, so that the first visitor finds it open; a damaged one is named when one comes."""
    if token := pipeline.snapshot_token(settings()):
        with suppress(pipeline.BrokenStore):
            _open(str(token), str(settings()))


def newer() -> bool:
    """Whether a refresh or a correction has published another version than the one looked at."""
    archive = st.session_state.get(PINNED)
    return archive is not None and pipeline.snapshot_token(settings()) != archive.snapshot_id


def unpin() -> None:
    """Look at the latest version from now on."""
    st.session_state.pop(PINNED, None)


def offer_repair(problem: Exception) -> None:
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
        _open.clear()  # the version made again may bear the same name
        unpin()
        st.rerun()


# both arguments are the keys of the caches: a newly published version is read anew
@st.cache_resource(max_entries=1, show_spinner="Reading the events …")
def _open(token: str, where: str) -> Any:
    return open_archive(settings())

"""The first start: the list of places is built and the project's own articles are read; a bar says how far."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from math import exp
from typing import Any

import streamlit as st

import pipeline
from dashboard.loading import load_archive, settings

USUAL_SECONDS = 20  # of building the list of places, on an idle machine
PLACES = "Step 1 of 2: building the list of 230,000 places (once, about half a minute) …"


def read_seeds() -> Any | None:
    """Show the progress in the page's place; then the first table, None where it did not come about."""
    if settings().read_only:
        return None
    with st.container(key="first_start"):
        st.subheader("First start")
        st.text("The articles that come with the project are being read. Timeline and map follow by themselves.")
        bar = st.progress(0.0, PLACES)
        try:
            _build_places(bar)
            _read(bar)
        except pipeline.PipelineError as problem:
            st.error("The first table could not be made.")
            st.text(str(problem))
            st.stop()
    st.rerun()
    return load_archive()


@st.cache_resource(show_spinner=False)
def _places(store: str) -> Future[Any]:
    """One building for all windows that are open."""
    pool = ThreadPoolExecutor(1)
    future = pool.submit(pipeline.load_gazetteer, settings())
    pool.shutdown(wait=False)
    return future


def _build_places(bar: Any) -> None:
    store = str(settings().store_dir)
    started, future = time.monotonic(), _places(store)
    while not future.done():
        passed = time.monotonic() - started
        bar.progress(0.6 * (1 - exp(-passed / USUAL_SECONDS)), PLACES)
        time.sleep(0.3)
    try:
        future.result()
    finally:
        _places.clear()


def _read(bar: Any) -> None:
    def progress(done: int, of: int) -> None:
        share = done / max(1, of)
        bar.progress(0.6 + 0.4 * share, f"Step 2 of 2: reading articles, {done:,} of {of:,}")

    bar.progress(0.6, "Step 2 of 2: reading articles")
    try:
        pipeline.refresh(settings(), [], now=datetime.now(UTC), progress=progress)
    except pipeline.StoreBusy:
        # another window reads them at this moment: what it publishes is ours, too
        while not pipeline.snapshot_token(settings()):
            bar.progress(0.8, "Another window is reading the articles …")
            time.sleep(0.5)

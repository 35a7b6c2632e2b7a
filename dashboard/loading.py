"""The published tables, read once a version and shared by all visitors. Nobody may change them."""

from __future__ import annotations

from typing import Any

import streamlit as st

import pipeline


def settings() -> Any:
    """Where the store is."""
    return pipeline.Settings.from_env()


def load() -> Any | None:
    """The latest snapshot, None before the first one."""
    token = pipeline.snapshot_token(settings())
    return _load(str(token), str(settings())) if token else None


@st.cache_resource(max_entries=2, show_spinner="Reading the events …")
def _load(token: str, where: str) -> Any:
    # both arguments are the key of the cache: a newly published version is read anew
    return pipeline.load_snapshot(settings())

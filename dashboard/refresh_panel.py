"""Put articles in, refresh, and read the account: new, changed, refused; take the last refresh back."""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

import pipeline
from dashboard.history_panel import show_history
from dashboard.intake_panel import Files, ask_feeds, ask_files, ask_text, fetch_feeds
from dashboard.loading import latest, settings
from dashboard.sample_notice import sample_dispatches

WAYS = ("Files", "Paste a text", "Feeds", "The inbox folder")


def show_refresh() -> None:
    """The page: put in, see what is read in it, take it in, see what came of it, look back."""
    st.subheader("Refresh")
    if settings().read_only:
        st.info("This page is read-only here: articles are put in by whoever runs it.")
        return
    latest()  # a table that cannot be read is said first
    way = st.segmented_control("Put articles in", WAYS, default=WAYS[0], key="way", required=True)
    files: Files = []
    if way == "Files":
        files = ask_files()
    elif way == "Paste a text":
        files = ask_text()
    elif way == "Feeds":
        ask_feeds()
    else:
        st.text(f"Files laid into {settings().inbox_dir} are taken in with every refresh.")
    label = "Ask the feeds and refresh" if way == "Feeds" else "Take in and refresh"
    if st.button(label, type="primary", key="take_in"):
        _take_in(files, feeds=way == "Feeds")
    if account := st.session_state.get("account"):
        _show_account(account)
    for problem in st.session_state.get("feed_problems", ()):
        st.text(f"Feed: {problem}")
    _offer_to_drop_the_sample()
    show_history()


def _take_in(files: Files, *, feeds: bool) -> None:
    """Feeds if asked for, then one refresh; afterwards the form is empty and the account is shown."""
    st.session_state["feed_problems"] = ()
    if feeds:
        _, st.session_state["feed_problems"] = fetch_feeds()
    try:
        pipeline.admit(settings(), [len(content) for _, content in files], now=datetime.now(UTC))
    except pipeline.PipelineError as problem:
        st.error("The refresh did not go through; the table is as it was.")
        st.text(str(problem))
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = [_keep(Path(folder), n, name, content) for n, (name, content) in enumerate(files)]
        account = _refresh(paths)
    if account is None:
        return
    st.session_state["account"] = account
    st.session_state["emptied"] = st.session_state.get("emptied", 0) + 1
    st.rerun()


def _keep(folder: Path, position: int, name: str, content: bytes) -> Path:
    """Lay a file aside under a harmless name; each in its own folder, so that two of one name stay two."""
    safe = re.sub(r"[^A-Za-z0-9._ -]", "_", Path(name).name)[-100:].lstrip(".") or "upload.txt"
    path = folder / str(position) / safe
    path.parent.mkdir()
    path.write_bytes(content)
    return path


def _refresh(paths: list[Path]) -> Any | None:
    """Run a refresh with a progress bar; what goes wrong is said, and the last table stays."""
    bar = st.progress(0.0, "Preparing: the first time the list of places is built, which takes about half a minute …")

    def progress(done: int, of: int) -> None:
        bar.progress(done / max(1, of), f"Reading articles: {done:,} of {of:,}")

    try:
        return pipeline.refresh(settings(), paths, now=datetime.now(UTC), progress=progress)
    except pipeline.PipelineError as problem:
        st.error("The refresh did not go through; the table is as it was.")
        st.text(str(problem))
        return None
    finally:
        bar.empty()


def _show_account(account: Any) -> None:
    kinds = ("new", "changed", "merged", "split", "withdrawn", "returned")
    events = {what: len(account.events(what)) for what in kinds}
    st.success(
        f"Articles: {account.articles_new:,} new, {account.articles_changed:,} changed, "
        f"{account.articles_known:,} already known, {len(account.refused):,} refused. "
        "Events: " + ", ".join(f"{n:,} {what}" for what, n in events.items() if n or what in ("new", "changed")) + "."
    )
    if account.refused:
        st.warning("Refused; the others went in:")
        st.text("\n".join(f"• {refused}" for refused in account.refused[:100]))
    if account.warnings:
        st.warning("Taken in, but look at the day of these:")
        more = "\n… the others stand under “What a run changed”" if len(account.warnings) > 20 else ""
        st.text("\n".join(f"• {warning}" for warning in account.warnings[:20]) + more)
    if changes := [c for c in account.changes if c.what == "changed"]:
        with st.expander("What changed, value by value"):
            st.dataframe([vars_of(c) for c in changes[:1000]], hide_index=True)


def vars_of(record: Any) -> dict[str, str]:
    """A record's fields as a row."""
    return {name: str(getattr(record, name)) for name in record.__dataclass_fields__}


def _offer_to_drop_the_sample() -> None:
    """One click takes the sample out; its articles stay in the store, marked as withdrawn."""
    archive = latest()
    dispatches = sample_dispatches(archive) if archive is not None else 0
    if dispatches and st.button(f"Take out the sample ({dispatches} dispatches)", key="drop_sample"):
        try:
            pipeline.withdraw_sample(settings(), why="taken out on the page", now=datetime.now(UTC))
        except pipeline.PipelineError as problem:
            st.error("The sample could not be taken out.")
            st.text(str(problem))
        else:
            st.rerun()

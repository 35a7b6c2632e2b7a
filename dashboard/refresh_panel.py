"""Put articles in, refresh, and read the account: new, changed, refused; take the last refresh back."""

from __future__ import annotations

import json
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

import pipeline
from dashboard.loading import load, settings

FORMATS = ["txt", "jsonl", "json", "csv", "md", "html", "zip"]


def read_seeds() -> Any | None:
    """The first start: read the articles that come with the project, then show what they say."""
    if settings().read_only:
        return None
    words = st.empty()
    words.text("First start: reading the articles that come with the project.")
    _refresh([])
    words.empty()
    return load()


def show_refresh() -> None:
    """The page: put in, see what came of it, look back."""
    st.subheader("Refresh")
    if settings().read_only:
        st.info("This page is read-only here: articles are put in by whoever runs it.")
        return
    with st.form("put_in", clear_on_submit=True):
        files = st.file_uploader("Articles as files", FORMATS, accept_multiple_files=True, key="files")
        st.text("or one article as text")
        text = st.text_area("Text", key="pasted", height=140, max_chars=200_000)
        left, middle, right = st.columns(3)
        day = left.date_input("Published", None, key="pasted_day", format="YYYY-MM-DD",
                              help="Relative days (“on Tuesday”) count from here; without it they stay unresolved.")
        source = middle.text_input("Publisher", key="pasted_source", max_chars=200)
        title = right.text_input("Title", key="pasted_title", max_chars=500)
        sent = st.form_submit_button("Take in and refresh", type="primary")
    if sent:
        with tempfile.TemporaryDirectory() as folder:
            paths = [_keep(Path(folder), n, f.name, f.getvalue()) for n, f in enumerate(files or ())]
            if text.strip():
                record = {"published": day.isoformat() if day else "", "source": source, "title": title, "text": text}
                paths.append(_keep(Path(folder), len(paths), "pasted.jsonl", json.dumps(record).encode()))
            st.session_state["account"] = _refresh(paths)
    if account := st.session_state.get("account"):
        _show_account(account)
    _offer_to_drop_the_sample()
    _show_history()


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
        for refused in account.refused[:100]:
            st.text(f"• {refused}")
    if changes := [c for c in account.changes if c.what == "changed"]:
        with st.expander("What changed, value by value"):
            st.dataframe([vars_of(c) for c in changes[:1000]], hide_index=True)


def vars_of(record: Any) -> dict[str, str]:
    """A record's fields as a row."""
    return {name: str(getattr(record, name)) for name in record.__dataclass_fields__}


def _offer_to_drop_the_sample() -> None:
    """One click takes the sample out; its articles stay in the store, marked as withdrawn."""
    snapshot = load()
    if snapshot is None:
        return
    counting = snapshot.articles[~snapshot.articles["withdrawn"]]
    dispatches = int(counting["source"].str.endswith(pipeline.SAMPLE_MARK).sum())
    if dispatches and st.button(f"Take out the sample ({dispatches} dispatches)", key="drop_sample"):
        try:
            pipeline.withdraw_sample(settings(), why="taken out on the page", now=datetime.now(UTC))
        except pipeline.PipelineError as problem:
            st.error("The sample could not be taken out.")
            st.text(str(problem))
        else:
            st.rerun()


def _run_words(run: Any) -> dict[str, Any]:
    """One run as a row that explains itself."""
    summary = run["summary"]
    events = {what: int(n) for what, n in (summary.get("events") or {}).items() if n}
    return {
        "When": str(run["at"])[:16].replace("T", " "),
        "What": run["action"],
        "Articles new": summary.get("articles_new"),
        "Articles changed": summary.get("articles_changed"),
        "Refused": len(summary.get("refused") or ()),
        "Events": ", ".join(f"{n:,} {what}" for what, n in events.items()),
        "Taken back": pd.notna(run["undone_by"]),
    }


def _show_history() -> None:
    runs = pipeline.list_runs(settings())
    if not len(runs):
        return
    st.subheader("Earlier refreshes")
    st.dataframe([_run_words(run) for _, run in runs.head(200).iterrows()], hide_index=True, key="runs")
    sure = st.checkbox("I want to take the last refresh back", key="sure")
    if st.button("Take back the last refresh", disabled=not sure, key="undo"):
        try:
            pipeline.undo_refresh(settings(), now=datetime.now(UTC))
        except pipeline.PipelineError as problem:
            st.error("It could not be taken back.")
            st.text(str(problem))
        else:
            st.session_state.pop("account", None)
            st.rerun()

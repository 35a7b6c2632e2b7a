"""Earlier runs, what each changed, and taking the last refresh back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

import pipeline
from dashboard.loading import latest, settings

MOST_CHANGES = 5000


def show_history() -> None:
    """All runs; one of them opened, value by value; undo."""
    runs = pipeline.list_runs(settings())
    if not len(runs):
        return
    st.subheader("Earlier refreshes")
    st.dataframe([run_words(run) for _, run in runs.head(200).iterrows()], hide_index=True, key="runs")
    _show_run(runs)
    last = pipeline.run_to_undo(settings())
    if last is None:
        return
    sure = st.checkbox(f"I want to take the last refresh back: run {last}, with all that it took in", key="sure")
    if st.button(f"Take back run {last}", disabled=not sure, key="undo"):
        try:
            pipeline.undo_refresh(settings(), now=datetime.now(UTC))
        except pipeline.PipelineError as problem:
            st.error("It could not be taken back.")
            st.text(str(problem))
        else:
            st.session_state.pop("account", None)
            st.rerun()


def run_words(run: Any) -> dict[str, Any]:
    """One run as a row that explains itself."""
    summary = run["summary"]
    events = {what: int(n) for what, n in (summary.get("events") or {}).items() if n}
    return {
        "Run": run["run_id"],
        "When": str(run["at"])[:16].replace("T", " "),
        "What": run["action"],
        "Articles new": summary.get("articles_new", 0),
        "Articles changed": summary.get("articles_changed", 0),
        "Refused": len(summary.get("refused") or ()),
        "Doubtful days": len(summary.get("warnings") or ()),
        "Events": ", ".join(f"{n:,} {what}" for what, n in events.items()),
        "Who, why": ": ".join(filter(None, (summary.get("who"), summary.get("why")))),
        "Taken back": pd.notna(run["undone_by"]),
    }


def _show_run(runs: pd.DataFrame) -> None:
    archive = latest()
    names = {int(r["run_id"]): f"{r['run_id']} · {str(r['at'])[:16].replace('T', ' ')} · {r['action']}"
             for _, r in runs.head(200).iterrows()}  # fmt: skip
    chosen = st.selectbox("What a run changed", list(names), None, format_func=names.__getitem__, key="run")
    if chosen is None or archive is None:
        return
    summary: dict[str, Any] = runs.loc[runs["run_id"] == chosen, "summary"].iloc[0]
    for word in ("refused", "warnings"):
        if problems := (summary.get(word) or ())[:500]:
            label = "Refused" if word == "refused" else "Doubtful"
            st.text("\n".join(f"{label}: {problem}" for problem in problems))
    at = archive.changes_of(chosen)
    if not len(at):
        st.text("No event changed.")
        return
    st.text(f"{len(at):,} changes" + (f", the first {MOST_CHANGES:,}" if len(at) > MOST_CHANGES else ""))
    changes = archive.files.rows("changes", at[:MOST_CHANGES]).drop(columns="run_id")
    st.dataframe(changes, hide_index=True, key="run_changes")

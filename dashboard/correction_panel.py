"""Correct what the machine got wrong, once: kept apart from its values, and alive through every later refresh."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

import pipeline
from dashboard.loading import settings

LABELS = {
    "confirm": "Confirm: it is right as it stands",
    "reject": "Reject: this is no event",
    "set": "Correct a value",
    "merge": "It is the same as another event",
    "not-same": "It is not the same as another event",
    "split": "One report belongs to an event of its own",
}


def show_corrections(event_id: str, event: pd.Series, reports: pd.DataFrame, others: pd.DataFrame) -> None:
    """The form under an open event. Who and why are asked for, because a colleague will ask."""
    if settings().read_only:
        return
    with st.expander("Correct this event"):
        action = st.selectbox("What is wrong", list(LABELS), format_func=LABELS.__getitem__, key="c_action")
        target, field, value = event_id, "", ""
        if action == "set":
            field = st.selectbox("Column", pipeline.SETTABLE, key="c_field")
            now = event[field]
            st.text(f"Now: {'not stated' if pd.isna(now) or now == '' else now}")
            value = st.text_input("Right value", key="c_value", max_chars=500, help="Leave empty for: not stated.")
        elif action in ("merge", "not-same"):
            near = others[others["event_id"] != event_id].head(2000)
            named = dict(zip(near["event_id"], near["evidence"].str.slice(0, 80), strict=True))
            value = st.selectbox("The other", list(named), format_func=lambda i: f"{i}: {named[i]}", key="c_other")
        elif action == "split":
            words = reports["source"] + ": " + reports["evidence"].str.slice(0, 80)
            said = dict(zip(reports["report_id"], words, strict=True))
            target = st.selectbox("The report", list(said), format_func=said.__getitem__, key="c_report") or event_id
        left, right = st.columns(2)
        who = left.text_input("Who", key="c_who", max_chars=100)
        why = right.text_input("Why", key="c_why", max_chars=500)
        if st.button("Keep this correction", key="c_keep", disabled=not (who.strip() and why.strip())):
            keep(action, target, field, value or "", why, who)


def keep(action: str, target: str, field: str, value: str, why: str, who: str) -> None:
    """Store one decision and show the table with it; a refusal says what to do."""
    try:
        pipeline.add_correction(settings(), action, target, field, value, why, who, now=datetime.now(UTC))
    except pipeline.PipelineError as problem:
        st.error("This correction was not kept.")
        st.text(str(problem))
    else:
        st.toast("Kept. It stays through every later refresh.")
        st.rerun()

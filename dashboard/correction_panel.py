"""Correct what the machine got wrong, once: kept apart from its values, and alive through every later refresh."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import pipeline
from dashboard.deciding import analyst, correct, decide
from dashboard.event_reasons import other_words
from dashboard.loading import settings, unpin
from dashboard.neighbours import nearest_first
from dashboard.value_form import ask_values

MOST_OTHERS = 500
LABELS = {
    "confirm": "Confirm: it is right as it stands",
    "reject": "Reject: this is no event",
    "set": "Correct a value",
    "merge": "It is the same as another event",
    "not-same": "It is not the same as another event",
    "split": "One report belongs to an event of its own",
    "move": "One report belongs to another event",
    "undo": "Take a correction back",
}


def show_corrections(event_id: str, event: pd.Series, reports: pd.DataFrame, others: pd.DataFrame) -> None:
    """The form under an open event. Who and why are asked for, because a colleague will ask."""
    if settings().read_only:
        return
    with st.expander("Correct this event"):
        action = st.selectbox("What is wrong", list(LABELS), format_func=LABELS.__getitem__, key=f"c_action_{event_id}")
        target, value, values = event_id, "", {}
        if action == "set":
            values = ask_values(event, f"c_{event_id}")
        if action in ("merge", "not-same", "move"):
            near = nearest_first(event, others).head(MOST_OTHERS)
            named = {e["event_id"]: f"{other_words(e)}: {e['evidence'][:80]}" for e in near.to_dict("records")}
            value = st.selectbox(
                "The other, the nearest in time and place first", list(named), format_func=named.__getitem__,
                key=f"c_other_{event_id}",
            ) or ""  # fmt: skip
        if action in ("split", "move"):
            words = reports["source"].astype("str") + ": " + reports["evidence"].str.slice(0, 80)
            said = dict(zip(reports["report_id"], words, strict=True))
            target = st.selectbox("The report", list(said), format_func=said.__getitem__,
                                  key=f"c_report_{event_id}") or event_id  # fmt: skip
        if action == "undo":
            target = _ask_correction(event_id)
        left, right = st.columns(2)
        with left:
            who = analyst(f"c_{event_id}")
        why = right.text_input("Why", key=f"c_why_{event_id}", max_chars=500)
        ready = bool(who.strip() and why.strip() and target) and (action != "set" or bool(values))
        if st.button("Keep this correction", key=f"c_keep_{event_id}", disabled=not ready):
            kept = correct(event_id, values, why, who) if action == "set" else decide(action, target, value, why, who)
            if kept:
                unpin()
                st.rerun()


def _ask_correction(event_id: str) -> str:
    """Which of this event's corrections to take back, the last first; "" where there is none in force."""
    made = pipeline.list_corrections(settings())
    here = made[(made["event_id"] == event_id) & ~made["state"].isin(["taken back"])] if len(made) else made
    said = {
        str(c["correction_id"]): f"{c['action']} {c['field']} {c['value']}, by {c['who']}: {c['why']}"[:120]
        for c in reversed(here.to_dict("records"))
    }
    if not said:
        st.text("No correction of this event is in force.")
        return ""
    return st.selectbox("The correction", list(said), format_func=said.__getitem__, key=f"c_made_{event_id}") or ""

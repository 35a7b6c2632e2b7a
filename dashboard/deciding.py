"""An analyst's decision on its way to the store: kept and published at once, or refused with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

import pipeline
from dashboard.loading import settings
from dashboard.sign_in import visitor
from dashboard.wording import label_text

REASONS = {
    "confirm": ["Read in the article; it says so", "A second source agrees"],
    "reject": ["A threat, a plan or a denial", "Told again of an older happening", "Not violence, not talks",
               "Counted in another event"],
    "correct": ["The article says otherwise", "A later report revises it"],
    "merge": ["Same place, day and victims", "One text, copied"],
    "not-same": ["Two places or two days", "Other victims"],
    "split": ["The article tells of another happening"],
}  # fmt: skip


def analyst(key: str) -> str:
    """Who decides: who signed in, else asked once a session."""
    if name := visitor():
        st.caption(f"Kept as a decision of {label_text(name)}.")
        return name
    name = st.text_input("Your name", st.session_state.get("analyst", ""), key=f"{key}_who", max_chars=100,
                         help="Stands beside each of your decisions, because a colleague will ask.")  # fmt: skip
    st.session_state["analyst"] = name
    return name


def decide(action: str, target: str, value: str, why: str, who: str) -> bool:
    """Keep one decision; False, with the reason on the page, where it cannot be."""
    return _kept(lambda now: pipeline.add_correction(settings(), action, target, "", value, why, who, now=now))


def correct(event_id: str, values: Mapping[str, str], why: str, who: str) -> bool:
    """Keep several values of one event in one step."""
    return _kept(lambda now: pipeline.correct_values(settings(), event_id, values, why, who, now=now))


def _kept(act: object) -> bool:
    try:
        act(datetime.now(UTC))  # type: ignore[operator]
    except pipeline.PipelineError as problem:
        st.error("This was not kept.")
        st.text(str(problem))
        return False
    st.toast("Kept. It stays through every later refresh.")
    return True

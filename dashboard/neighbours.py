"""Under an open event: the events that were nearly the same, and the cumulative claims around it, each to be opened."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

import pipeline
from dashboard.event_reasons import MOST, claims_around, other_words


def show_neighbours(event_id: str, snapshot: Any) -> None:
    """Near misses with what kept them apart; claims whose place and period hold this event."""
    events = snapshot.events.set_index("event_id", drop=False)
    if len(snapshot.near_misses):
        misses = pipeline.near_misses_of(snapshot, event_id)
        misses = misses[misses["other_event_id"].isin(events.index)]
        if len(misses):
            with st.expander(f"Nearly the same event, kept apart ({len(misses)})"):
                for miss in misses.head(MOST).to_dict("records"):
                    _row(events.loc[miss["other_event_id"]], f"near {miss['other_event_id']}", miss["why"])
                _rest(misses)
    claims = claims_around(event_id, snapshot)
    if len(claims):
        with st.expander(f"Cumulative claims around it ({len(claims)}; in no sum)"):
            for claim in claims.head(MOST).to_dict("records"):
                _row(claim, f"claim {claim['event_id']}", "")
            _rest(claims)


def nearest_first(event: Any, others: pd.DataFrame) -> pd.DataFrame:
    """The other events by how far they are from this one: in days, then in place, then in the number killed."""
    rest = others[others["event_id"] != event["event_id"]]
    order = pd.DataFrame({
        "days": (rest["date_start"] - event["date_start"]).abs(),
        "elsewhere": (rest["places"].astype("str") != str(event["places"])).astype(int)
        + (rest["admin1"].astype("str") != str(event["admin1"])).astype(int),
        "killed": (rest["fatalities_best"] - event["fatalities_best"]).abs().astype("Float64"),
        "id": rest["event_id"],
    })  # fmt: skip
    return rest.loc[order.sort_values(["days", "elsewhere", "killed", "id"]).index]


def _row(event: Any, key: str, why: str) -> None:
    words, button = st.columns([5, 1], vertical_alignment="center")
    # st.text: what articles say is never markup
    words.text(other_words(event) + (f"\n{why}" if why else ""))
    button.button("Open", key=key, on_click=_open, args=(event["event_id"],), width="stretch")


def _rest(rows: pd.DataFrame) -> None:
    if len(rows) > MOST:
        st.text(f"… and {len(rows) - MOST} more")


def _open(event_id: str) -> None:
    st.session_state["event"] = event_id

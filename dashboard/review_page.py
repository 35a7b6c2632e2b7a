"""One doubtful case after the other: read the sentences, decide, and the table says so at once everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.deciding import REASONS, analyst, correct, decide
from dashboard.event_card import card_html, reports_of
from dashboard.loading import load, settings
from dashboard.review_queue import DOUBTS, Case, build_queue
from dashboard.value_form import ask_values
from dashboard.wording import day_words, harm_words, place_words

# Letter on the keyboard for each decision; Streamlit keeps C and R for itself
KEYS = {"confirm": "Y", "correct": "E", "merge": "M", "not-same": "D", "split": "S", "reject": "X", "skip": "N"}
LABELS = {"confirm": "Confirm", "correct": "Correct …", "merge": "Merge …", "not-same": "Two events",
          "split": "Split …", "reject": "Reject", "skip": "Skip"}  # fmt: skip


def show_review() -> None:
    """Choose the doubts -> the next case -> decide."""
    snapshot = load()
    if snapshot is None or snapshot.events.empty:
        st.info("No event has been read yet. Put articles in on the page “Refresh”.")
        return
    wanted = st.pills("What to look at", list(DOUBTS), format_func=DOUBTS.__getitem__, selection_mode="multi",
                      default=list(DOUBTS), key="r_wanted")  # fmt: skip
    queue = build_queue(snapshot, wanted)
    skipped = st.session_state.setdefault("r_skipped", [])
    waiting = [case for case in queue if case.key not in skipped]
    if not waiting:
        _show_end(queue)
        return
    _show_progress(queue, waiting)
    case = waiting[0]
    for words in case.words:
        st.text(f"• {words}")
    if not settings().read_only:
        with st.container(border=True, key="r_decision"):  # above the sentences: they may be many
            _show_decisions(case, snapshot)
    _show_sentences(case, snapshot)


def _show_progress(queue: list[Case], waiting: list[Case]) -> None:
    decided, seen = st.session_state.get("r_decided", 0), len(queue) - len(waiting)
    # those decided are no longer in the queue: the case's place in what there was to do
    position, of = decided + seen + 1, decided + len(queue)
    st.progress((position - 1) / of, f"{position:,} of {of:,} · decided {decided:,}, skipped {seen:,}")


def _show_end(queue: list[Case]) -> None:
    if not queue:
        st.success("Nothing is waiting: every case of these kinds has been decided.")
    elif st.button(f"All seen. Look again at the {len(queue):,} skipped", key="r_again", type="primary"):
        st.session_state["r_skipped"] = []
        st.rerun()


def _show_sentences(case: Case, snapshot: Any) -> None:
    for column, event_id in zip(st.columns(2 if case.other_id else 1), filter(None, (case.event_id, case.other_id)),
                                strict=True):  # fmt: skip
        event = _event(snapshot, event_id)
        column.html(card_html(event, reports_of(event_id, snapshot), snapshot.articles))


def _event(snapshot: Any, event_id: str) -> pd.Series:
    return snapshot.events[snapshot.events["event_id"] == event_id].iloc[0]


def _show_decisions(case: Case, snapshot: Any) -> None:
    """Buttons with a letter each; those that need more to be said open a form below."""
    reports = reports_of(case.event_id, snapshot)
    if case.other_id:
        choices = ["merge", "not-same", "skip"]
    else:
        choices = ["confirm", "correct", "merge", *(["split"] if len(reports) > 1 else []), "reject", "skip"]
    left, right = st.columns([1, 3])
    with left:
        who = analyst("r")
    opened = st.session_state.get("r_open", ("", ""))
    form = opened[1] if opened[0] == case.key else ""
    known = dict.fromkeys(reason for choice in ([form] if form else choices) for reason in REASONS.get(choice, ()))
    why = right.selectbox("Why", list(known), None, accept_new_options=True, key=f"r_why_{case.key}_{form}",
                          placeholder="Choose or write a reason; for Confirm it may stay empty") or ""  # fmt: skip
    with st.container(horizontal=True):
        for choice in choices:
            label = "One event" if choice == "merge" and case.other_id else LABELS[choice]
            pressed = st.button(label, key=f"r_{choice}", shortcut=KEYS[choice],
                                type="primary" if choice in ("confirm", form) else "secondary")  # fmt: skip
            if pressed:
                _press(choice, case, who, why)
    forms: dict[str, Callable[[], None]] = {
        "correct": lambda: _ask_correction(case, snapshot, who, why),
        "merge": lambda: _ask_other(case, snapshot, who, why),
        "split": lambda: _ask_report(case, reports, who, why),
    }
    if form in forms:
        forms[form]()


def _press(choice: str, case: Case, who: str, why: str) -> None:
    if choice == "skip":
        st.session_state["r_skipped"].append(case.key)
        st.rerun()
    if choice in ("correct", "split") or choice == "merge" and not case.other_id:
        st.session_state["r_open"] = (case.key, choice)
        st.rerun()
    if choice == "confirm":
        why = why or REASONS["confirm"][0]
    if _said(who, why) and decide(choice, case.event_id, case.other_id, why, who):
        _next()


def _said(who: str, why: str) -> bool:
    if who.strip() and why.strip():
        return True
    st.warning("Say who you are and why first: both stand beside the decision.")
    return False


def _next() -> None:
    st.session_state["r_decided"] = st.session_state.get("r_decided", 0) + 1
    st.session_state["r_open"] = ("", "")
    st.rerun()


def _ask_correction(case: Case, snapshot: Any, who: str, why: str) -> None:
    values = ask_values(_event(snapshot, case.event_id), f"r_{case.event_id}", case.subject)
    pressed = st.button("Keep the correction", key="r_keep", disabled=not values, shortcut="Ctrl+Enter")
    if pressed and _said(who, why) and correct(case.event_id, values, why, who):
        _next()


def _ask_other(case: Case, snapshot: Any, who: str, why: str) -> None:
    others = nearest(snapshot.events, _event(snapshot, case.event_id))
    named = {e["event_id"]: f"{day_words(e)} · {place_words(e)} · killed {harm_words(e, 'fatalities')} · "
             f"{e['evidence'][:80]}" for e in others.to_dict("records")}  # fmt: skip
    other = st.selectbox("The same as", list(named), format_func=named.__getitem__, key=f"r_other_{case.event_id}")
    pressed = st.button("Keep: one event", key="r_keep", disabled=not other, shortcut="Ctrl+Enter")
    if pressed and _said(who, why) and decide("merge", case.event_id, str(other), why, who):
        _next()


def nearest(events: pd.DataFrame, event: pd.Series, most: int = 50) -> pd.DataFrame:
    """Other events of its kind that it could be the same as: of its country first, then by days apart."""
    others = events[(events["event_id"] != event["event_id"]) & (events["kind"] == event["kind"])
                    & (events["status"] != "rejected")]  # fmt: skip
    apart = (others["date_start"] - event["date_start"]).abs()
    return (
        others.assign(_abroad=others["country"] != event["country"], _apart=apart,
                      _place=others["place"] != event["place"])
        .sort_values(["_abroad", "_apart", "_place", "event_id"], na_position="last").head(most)
    )  # fmt: skip


def _ask_report(case: Case, reports: pd.DataFrame, who: str, why: str) -> None:
    said = {r["report_id"]: f"{r['source'] or 'publisher not stated'}: {r['evidence'][:120]}"
            for r in reports.to_dict("records")}  # fmt: skip
    report = st.selectbox("The report that is an event of its own", list(said), format_func=said.__getitem__,
                          key=f"r_report_{case.event_id}")  # fmt: skip
    pressed = st.button("Keep: an event of its own", key="r_keep", shortcut="Ctrl+Enter")
    if pressed and _said(who, why) and decide("split", str(report), "", why, who):
        _next()

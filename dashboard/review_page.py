"""One doubtful case after the other: read the sentences, decide, and the table says so at once everywhere."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.archive import Archive
from dashboard.deciding import REASONS, analyst, correct, decide
from dashboard.doubts import DOUBTS
from dashboard.event_card import card_html, reports_of
from dashboard.loading import latest, settings
from dashboard.review_queue import Case, Queue, build_queue, nearest
from dashboard.value_form import ask_values
from dashboard.wording import day_words, harm_words, place_words

# Letter on the keyboard for each decision; Streamlit keeps C and R for itself
KEYS = {"confirm": "Y", "correct": "E", "merge": "M", "not-same": "D", "split": "S", "reject": "X", "skip": "N"}
LABELS = {"confirm": "Confirm", "correct": "Correct …", "merge": "Merge …", "not-same": "Two events",
          "split": "Split …", "reject": "Reject", "skip": "Skip"}  # fmt: skip


def show_review() -> None:
    """Choose the doubts -> the next case -> decide."""
    archive = latest()
    if archive is None or archive.events.empty:
        st.info("No event has been read yet. Put articles in on the page “Refresh”.")
        return
    wanted = st.pills("What to look at", list(DOUBTS), format_func=DOUBTS.__getitem__, selection_mode="multi",
                      default=list(DOUBTS), key="r_wanted")  # fmt: skip
    with st.spinner("Looking for what is doubtful …"):
        queue = build_queue(archive, wanted)
    skipped = queue.among(st.session_state.setdefault("r_skipped", []))
    if skipped.all():
        _show_end(queue)
        return
    _show_progress(queue, int(skipped.sum()))
    case = queue.case(int(skipped.argmin()))
    for words in case.words:
        st.text(f"• {words}")
    if not settings().read_only:
        with st.container(border=True, key="r_decision"):  # above the sentences: they may be many
            _show_decisions(case, archive)
    _show_sentences(case)


def _show_progress(queue: Queue, seen: int) -> None:
    decided = st.session_state.get("r_decided", 0)
    # those decided are no longer in the queue: the case's place in what there was to do
    position, of = decided + seen + 1, decided + len(queue)
    st.progress((position - 1) / of, f"{position:,} of {of:,} · decided {decided:,}, skipped {seen:,}")


def _show_end(queue: Queue) -> None:
    if not len(queue):
        st.success("Nothing is waiting: every case of these kinds has been decided.")
    elif st.button(f"All seen. Look again at the {len(queue):,} skipped", key="r_again", type="primary"):
        st.session_state["r_skipped"] = []
        st.rerun()


def _show_sentences(case: Case) -> None:
    events = case.around.events
    for column, (_, event) in zip(st.columns(len(events)), events.iterrows(), strict=True):
        column.html(card_html(event, reports_of(event["event_id"], case.around), case.around.articles))


def _show_decisions(case: Case, archive: Archive) -> None:
    """Buttons with a letter each; those that need more to be said open a form below."""
    reports = reports_of(case.event_id, case.around)
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
    why = right.selectbox("Why", list(known), None, accept_new_options=True, key=f"r_why_{case.name}_{form}",
                          placeholder="Choose or write a reason; for Confirm it may stay empty") or ""  # fmt: skip
    with st.container(horizontal=True):
        for choice in choices:
            label = "One event" if choice == "merge" and case.other_id else LABELS[choice]
            pressed = st.button(label, key=f"r_{choice}", shortcut=KEYS[choice],
                                type="primary" if choice in ("confirm", form) else "secondary")  # fmt: skip
            if pressed:
                _press(choice, case, who, why)
    forms: dict[str, Callable[[], None]] = {
        "correct": lambda: _ask_correction(case, who, why),
        "merge": lambda: _ask_other(case, archive, who, why),
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


def _ask_correction(case: Case, who: str, why: str) -> None:
    values = ask_values(case.around.events.iloc[0], f"r_{case.event_id}", case.subject)
    pressed = st.button("Keep the correction", key="r_keep", disabled=not values, shortcut="Ctrl+Enter")
    if pressed and _said(who, why) and correct(case.event_id, values, why, who):
        _next()


def _ask_other(case: Case, archive: Archive, who: str, why: str) -> None:
    others = nearest(archive, case.event_id)
    named = {e["event_id"]: f"{day_words(e)} · {place_words(e)} · killed {harm_words(e, 'fatalities')} · "
             f"{e['evidence'][:80]}" for e in others.to_dict("records")}  # fmt: skip
    other = st.selectbox("The same as", list(named), format_func=named.__getitem__, key=f"r_other_{case.event_id}")
    pressed = st.button("Keep: one event", key="r_keep", disabled=not other, shortcut="Ctrl+Enter")
    if pressed and _said(who, why) and decide("merge", case.event_id, str(other), why, who):
        _next()


def _ask_report(case: Case, reports: pd.DataFrame, who: str, why: str) -> None:
    said = {r["report_id"]: f"{r['source'] or 'publisher not stated'}: {r['evidence'][:120]}"
            for r in reports.to_dict("records")}  # fmt: skip
    report = st.selectbox("The report that is an event of its own", list(said), format_func=said.__getitem__,
                          key=f"r_report_{case.event_id}")  # fmt: skip
    pressed = st.button("Keep: an event of its own", key="r_keep", shortcut="Ctrl+Enter")
    if pressed and _said(who, why) and decide("split", str(report), "", why, who):
        _next()

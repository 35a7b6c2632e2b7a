"""The page's address is the view: choices, open event, looks. The widgets' state is the truth, the address its mirror.

Each change of the view is a step that the browser's Back takes back and Forward takes again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.event_list import ORDERS
from dashboard.filter_panel import put, reset
from dashboard.filters import Filters, from_query, to_query
from dashboard.timeline import MEASURES, STACKS

# the first of each is the usual one
LOOKS: Mapping[str, Collection[str]] = {"measure": MEASURES, "stack": STACKS, "list_order": ORDERS}


def restore_from_link() -> None:
    """Once a session, and where the reader went back or forward: the address becomes the widgets' state."""
    if "restored" in st.session_state:
        if not _went_back():
            return
        reset()
    st.session_state["restored"] = True
    take_over({name: st.query_params.get_all(name) for name in st.query_params})


def take_over(query: Mapping[str, Sequence[str]]) -> None:
    """A link's view, or a kept one, becomes the widgets' state, with a notice of what could not be read."""
    filters, problems = from_query(query)
    for name, value in filters.chosen.items():
        put(name, value)
    for name, known in LOOKS.items():
        asked = (query.get(name) or [""])[-1]
        st.session_state[name] = asked if asked in known else next(iter(known))
        if asked not in (*known, ""):
            problems.append(f"{name}={asked[:40]}")
    st.session_state["event"] = (query.get("event") or [""])[-1]
    st.session_state["link_problems"] = problems


def query_of(filters: Filters) -> dict[str, str | list[str]]:
    """The parameters of a link to this view, the open event included."""
    query = to_query(filters)
    looks = {name: st.session_state.get(name) or next(iter(known)) for name, known in LOOKS.items()}
    query |= {name: chosen for name, chosen in looks.items() if chosen != next(iter(LOOKS[name]))}
    if st.session_state.get("event"):
        query["event"] = st.session_state["event"]
    return query


def mirror_in_link(filters: Filters) -> None:
    """Make the address what a colleague needs to see the same."""
    st.query_params.from_dict(query_of(filters))


def _went_back() -> bool:
    # not told apart by the address: it also lags behind when two changes follow each other quickly
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation

"""Keep what is chosen under a name, open what was kept, and copy the link to it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import filter_panel
from dashboard.copy_button import copy_button
from dashboard.loading import settings
from dashboard.saved_views import MAX_NAME, Query, delete_view, load_views, save_view
from dashboard.view_link import query_of, take_over


def show_views() -> None:
    """The list of views and the form to keep one; the link of what is on screen."""
    kept = load_views(settings().store_dir)
    with st.popover(f"Saved views ({len(kept)})", width="stretch"):
        if not kept:
            st.text("No view has been kept yet.")
        for name, query in kept.items():
            words, take_out = st.columns([5, 1])
            # a name is the reader's text: st.button would read it as Markdown
            words.button(_plain(name), key=f"view {name}", on_click=_opener(query), width="stretch")
            if not settings().read_only:
                take_out.button(
                    "✕", key=f"forget {name}", help="Forget this view", on_click=delete_view,
                    args=(settings().store_dir, name),
                )  # fmt: skip
        if not settings().read_only:
            with st.form("keep_view", border=False, clear_on_submit=True):
                name = st.text_input("Name of this view", key="view_name", max_chars=MAX_NAME).strip()
                if st.form_submit_button("Keep what is chosen now") and name:
                    save_view(settings().store_dir, name, _now())
                    st.rerun()
    copy_button("Copy link to this view", key="copy_view")


def _now() -> Query:
    query = query_of(filter_panel.current())
    return {name: value if isinstance(value, list) else [value] for name, value in query.items()}


def _opener(query: Query) -> Callable[[], None]:
    def open_view() -> None:
        filter_panel.reset()
        take_over(query)

    return open_view


def _plain(name: str) -> str:
    return "".join(f"\\{c}" if c in r"\`*_{}[]()<>#+-.!|:$~" else c for c in name)

"""A refresh in the background: a notice at the foot of the window, never a jump."""

from __future__ import annotations

import streamlit as st

from dashboard.loading import newer, unpin

SECONDS = 10  # between two looks at the store: reading a name of 20 letters
STYLE = """<style>
.st-key-newer { position: fixed; bottom: 1rem; right: 1rem; z-index: 1000; width: auto; max-width: calc(100vw - 2rem);
  background: var(--st-background-color); border: 1px solid var(--st-primary-color, #0072B2); border-radius: .5rem;
  padding: .6rem .9rem; box-shadow: 0 2px 12px rgba(0,0,0,.25); }
</style>"""


@st.fragment(run_every=SECONDS)
def watch_for_newer() -> None:
    """Offer the newer table once there is one; what is on screen stays until it is asked for."""
    if not newer():
        return
    with st.container(key="newer", horizontal=True, vertical_alignment="center"):
        st.html(f"{STYLE}<span role='status'>A newer table has been published.</span>")
        if st.button("Show it", type="primary", key="show_newer"):
            unpin()
            st.rerun()

"""Who looks: nobody is asked where no sign-in is set up; with [auth] in .streamlit/secrets.toml only who signed in."""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from dashboard.wording import label_text


def sign_in_is_set_up() -> bool:
    """Whether the server's owner named an OIDC provider (Streamlit's own sign-in; see README, "For a team")."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def ask_to_sign_in() -> bool:
    """Whether the visitor may go on; else the page holds a button and nothing of the table."""
    if not sign_in_is_set_up() or st.user.get("is_logged_in", False):
        return True
    st.title("Conflict event timeline")
    st.write("This server asks who you are.")
    st.button("Sign in", on_click=st.login, type="primary")
    return False


def visitor() -> str:
    """The name that corrections carry: who signed in; "" where nobody did, and then the form asks."""
    if not sign_in_is_set_up() or not st.user.get("is_logged_in", False):
        return ""
    return str(st.user.get("email") or st.user.get("name") or st.user.get("sub") or "")


def offer_sign_out() -> None:
    """In the side bar, for who signed in."""
    if name := visitor():
        st.sidebar.caption(f"Signed in as {label_text(name)}")
        st.sidebar.button("Sign out", on_click=st.logout)

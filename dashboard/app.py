"""The page as its own table of contents. Start: python -m streamlit run dashboard/app.py"""

from __future__ import annotations

import sys
from pathlib import Path

# streamlit puts this folder first on the path, not the project
ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

import streamlit as st  # noqa: E402

import pipeline  # noqa: E402
from dashboard.article_page import show_article  # noqa: E402
from dashboard.explorer import show_explorer  # noqa: E402
from dashboard.first_start import read_seeds  # noqa: E402
from dashboard.loading import load_archive, offer_repair  # noqa: E402
from dashboard.method_page import show_method  # noqa: E402
from dashboard.quality_page import show_quality  # noqa: E402
from dashboard.refresh_panel import show_refresh  # noqa: E402
from dashboard.review_page import show_review  # noqa: E402
from dashboard.sign_in import ask_to_sign_in, offer_sign_out  # noqa: E402


def explorer() -> None:
    """Timeline, map, list."""
    archive = load_archive() or read_seeds()
    if archive is None or archive.events.empty:
        st.info("No event has been read yet. Put articles in on the page “Refresh”.")
        st.stop()
    try:
        show_explorer(archive)
    except pipeline.BrokenStore as problem:  # a file was damaged after it had been opened
        offer_repair(problem)


def main() -> None:
    """Choose a page and show it."""
    st.set_page_config(page_title="Conflict event timeline", layout="wide")
    if not ask_to_sign_in():
        return
    pages = [
        st.Page(explorer, title="Explorer", default=True),
        st.Page(show_refresh, title="Refresh", url_path="refresh"),
        st.Page(show_review, title="Review", url_path="review"),
        st.Page(show_article, title="Article", url_path="article"),
        st.Page(show_quality, title="Quality", url_path="quality"),
        st.Page(show_method, title="Method", url_path="method"),
    ]
    st.navigation(pages, position="top").run()
    offer_sign_out()


main()

"""The page as its own table of contents: run for each visitor at each change; app.py serves it."""

from __future__ import annotations

import streamlit as st

import pipeline
from dashboard.article_page import show_article
from dashboard.explorer import show_explorer
from dashboard.first_start import read_seeds
from dashboard.loading import latest, load_archive, offer_repair
from dashboard.method_page import show_method
from dashboard.quality_page import show_quality
from dashboard.refresh_panel import show_refresh
from dashboard.review_page import show_review
from dashboard.sample_notice import show_sample_notice
from dashboard.sign_in import ask_to_sign_in, offer_sign_out


def explorer() -> None:
    """Timeline, map, list."""
    archive = load_archive() or read_seeds()
    if archive is None or archive.events.empty:
        st.info("No event has been read yet. Put articles in on the page “Refresh”.")
        st.stop()
    show_sample_notice(archive)
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
    page = st.navigation(pages, position="top")
    if page.url_path in ("refresh", "review", "article", "quality"):  # the explorer says it of the version it shows
        show_sample_notice(latest())
    page.run()
    offer_sign_out()


if __name__ == "__main__":
    main()

"""What says, on each page that shows events, that they are of the sample that comes with the project."""

from __future__ import annotations

from typing import Any

import streamlit as st

import pipeline


def sample_dispatches(archive: Any) -> int:
    """How many articles of the sample count."""
    return int(archive.once("dispatches of the sample", lambda: _count(archive)))


def show_sample_notice(archive: Any | None) -> None:
    """A line above the page, nothing where the sample was taken out."""
    if archive is not None and (dispatches := sample_dispatches(archive)):
        st.caption(
            f"**Sample**: {dispatches:,} of {len(archive.articles):,} articles came with the project, written for it "
            "from facts of UCDP GED; their publishers end in “(sample)”. One click on the page Refresh takes them out."
        )


def _count(archive: Any) -> int:
    publishers = archive.articles["source"].value_counts()
    return sum(int(n) for name, n in publishers.items() if str(name).endswith(pipeline.SAMPLE_MARK))

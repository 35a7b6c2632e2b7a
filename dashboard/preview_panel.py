"""What the pipeline reads in articles that are not taken in yet."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

import pipeline
from dashboard.loading import latest, settings
from dashboard.marked_text import mention_table, report_rows, text_html

MOST_SHOWN = 500  # articles in the preview's list; all are taken in


@st.cache_resource(max_entries=32, show_spinner="Reading the article …")
def read(article: Any, _where: str = "") -> Any:
    """What is read in one article; the first time the list of places is built."""
    return pipeline.extract(article, pipeline.load_gazetteer(settings()))


def show_preview(preview: Any, key: str) -> None:
    """The articles found and refused; one of them marked up, with the reports that would come of it."""
    for refused in preview.refused[:50]:
        st.text(f"Refused: {refused}")
    if len(preview.refused) > 50:
        st.text(f"… and {len(preview.refused) - 50:,} more refused")
    if not preview.articles:
        return
    table = _article_table(preview)
    doubtful = int((table["Doubt"] != "").sum())
    undated = int((table["Published"] == "").sum())
    st.text(f"Articles: {len(preview.articles):,}; with a doubtful day: {doubtful:,}, without a day: {undated:,}, "
            f"already here: {int(table['Here'].sum()):,}")  # fmt: skip
    if len(preview.articles) > 1:
        st.dataframe(table.head(MOST_SHOWN), hide_index=True, height=220, key=f"{key}_list")
    names = [f"{n + 1}. {row['Published'] or 'no day'} · {row['Title'][:90] or row['Begins']}"
             for n, row in enumerate(table.head(MOST_SHOWN).to_dict("records"))]  # fmt: skip
    position = st.selectbox("Read one before it is taken in", range(len(names)), format_func=names.__getitem__,
                            key=f"{key}_one") or 0  # fmt: skip
    show_reading(read(preview.articles[position], str(settings())), key)


def show_reading(extraction: Any, key: str) -> None:
    """The text marked up beside what was read in it."""
    left, right = st.columns([3, 2], gap="medium")
    left.html(text_html(extraction))
    with right:
        st.text(f"Counted from: {extraction.document.dct or 'no day'} ({extraction.document.dct_reason})")
        reports = report_rows(extraction)
        if reports.empty:
            st.info("No event is read in this article.")
        else:
            st.dataframe(reports, hide_index=True, key=f"{key}_reports")
    with st.expander("Every mention, what it was resolved to, and why"):
        st.dataframe(mention_table(extraction), hide_index=True, key=f"{key}_mentions")


def _article_table(preview: Any) -> pd.DataFrame:
    archive = latest()
    ids = sorted({a.article_id for a in preview.articles})
    here = set(archive.files.where("articles", "article_id", ids)["article_id"]) if archive is not None else set()
    return pd.DataFrame([
        {"Published": str(day or ""), "Publisher": a.source, "Title": a.title, "Begins": a.text[:80].strip(),
         "Characters": len(a.text), "Day from": where.partition(pipeline.DOUBT)[0] if day else "", "Doubt": doubt,
         "Here": a.article_id in here, "File": a.origin}
        for a, doubt in zip(preview.articles, preview.doubts, strict=True) for day, where in [pipeline.find_dct(a)]
    ])  # fmt: skip

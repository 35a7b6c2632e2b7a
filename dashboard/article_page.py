"""One article as it was received, with every span marked from which a value was read."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st

from dashboard.event_card import MARKS, STYLE, mark_evidence
from dashboard.loading import load
from dashboard.wording import day_words, harm_words, number, place_words


def show_article() -> None:
    """Choose an article and read it."""
    snapshot = load()
    if snapshot is None or snapshot.articles.empty:
        st.info("No article has been read yet. Put articles in on the page “Refresh”.")
        return
    articles = snapshot.articles.sort_values(["published", "article_id"], ascending=[False, True])
    names = {row["article_id"]: _name(row) for _, row in articles.iterrows()}
    asked = st.query_params.get("article", "")
    start = list(names).index(asked) if asked in names else 0
    chosen = st.selectbox("Article", list(names), start, format_func=names.__getitem__, key="article")
    st.query_params["article"] = chosen
    article = articles[articles["article_id"] == chosen].iloc[0]
    told = snapshot.reports[snapshot.reports["article_id"] == chosen].sort_values("rank")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.html(article_html(article, told))
    with right:
        st.html(reports_html(told))


def _name(article: pd.Series) -> str:
    day = "no day" if pd.isna(article["published"]) else f"{article['published']:%Y-%m-%d}"
    return f"{day} · {article['source'] or 'publisher not stated'} · {article['title'][:90]}"


def article_html(article: pd.Series, reports: pd.DataFrame) -> str:
    """Title and text, marked; everything escaped."""
    marked = {}
    for where in ("title", "text"):
        spans = {
            (start, end, name)
            for _, report in reports.iterrows()
            for name in MARKS
            if report[f"{name}_span_field"] == where
            and (start := number(report[f"{name}_span_start"])) is not None
            and (end := number(report[f"{name}_span_end"])) is not None
        }
        marked[where] = mark_evidence(str(article[where]), sorted(spans))
    legend = " ".join(f'<mark class="{name}">{word}</mark>' for name, word in MARKS.items())
    return (
        f'{STYLE}<div class="ev"><h4>{marked["title"]}</h4><div class="small">marked: {legend}</div>'
        f'<blockquote>{marked["text"]}</blockquote></div>'
    )


def reports_html(reports: pd.DataFrame) -> str:
    """What was read in it, a line a report."""
    if reports.empty:
        return "<div>No event was read in this article.</div>"
    parts = [STYLE, '<div class="ev">']
    for _, report in reports.iterrows():
        words = f"{day_words(report)}; {place_words(report)}; killed {harm_words(report, 'fatalities')}; " + (
            f"injured {harm_words(report, 'injured')}"
        )
        head = html.escape(f"{report['rank']}. {report['sub_event_type']} ({report['kind']})")
        parts.append(f"<h4>{head}</h4><div>{html.escape(words)}</div>")
    return "".join([*parts, "</div>"])

"""One article: its text with every mention marked, what each was resolved to and why, the reports built from it, and
the way to correct them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import streamlit as st

import pipeline
from dashboard.correction_panel import show_corrections
from dashboard.event_card import reports_of
from dashboard.lean import LAST
from dashboard.loading import latest, settings
from dashboard.marked_text import mention_table, text_html
from dashboard.preview_panel import read
from dashboard.wording import STATUS_WORDS, day_words, harm_words, label_text, place_words, split_cell

MOST_NAMED = 2000  # in the list; any other opens by its link


def show_article() -> None:
    """Choose an article, read it, correct what was read wrongly."""
    archive = latest()
    if archive is None or not archive.files.count("articles"):
        st.info("No article has been read yet. Put articles in on the page “Refresh”.")
        return
    names = dict(archive.once("names of articles", lambda: _names(archive)))
    asked = st.query_params.get("article", "")
    if asked not in names:  # an older one, opened from its event
        older = archive.files.where("articles", "article_id", [asked])
        names |= {row["article_id"]: _name(row) for row in older.to_dict("records")}
    start = list(names).index(asked) if asked in names else 0
    chosen = st.selectbox("Article", list(names), start, format_func=names.__getitem__, key="article")
    st.query_params["article"] = chosen
    article = archive.files.where("articles", "article_id", [chosen]).iloc[0]
    extraction = read(as_article(article), str(settings()))
    told = archive.files.where("reports", "article_id", [chosen]).sort_values("rank")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.text(f"Days counted from {extraction.document.dct or 'no day'}: {extraction.document.dct_reason}")
        st.html(text_html(extraction))
    with right:
        _show_reports(told, archive)
        _show_withdrawal(article)
    with st.expander("Every mention, what it was resolved to, and why"):
        st.dataframe(mention_table(extraction), hide_index=True, key="mentions")


def latest_articles(archive: Any) -> np.ndarray:
    """The rows of the articles, the latest first, those without a day at the end."""
    days = archive.files.columns("articles", ["published"]).column(0).to_numpy().astype("int64")
    return np.argsort(-days.clip(-LAST), kind="stable")


def _names(archive: Any) -> dict[str, str]:
    """The articles by id, the latest first; of very many only the latest."""
    at = latest_articles(archive)[:MOST_NAMED]
    rows = archive.files.rows("articles", at, ["article_id", "title", "source", "published", "withdrawn"])
    rows = rows.sort_values(["published", "article_id"], ascending=[False, True])
    return {row["article_id"]: _name(row) for row in rows.to_dict("records")}


def _name(article: Any) -> str:
    day = "no day" if pd.isna(article["published"]) else f"{article['published']:%Y-%m-%d}"
    out = " · left out" if article["withdrawn"] else ""
    return f"{day} · {article['source'] or 'publisher not stated'} · {article['title'][:90]}{out}"


def as_article(row: Any) -> Any:
    """A row of the table of articles -> the record that is read."""
    day = None if pd.isna(row["published"]) else row["published"].date()
    reason = str(row.get("published_reason", "")) or ("its record" if day else "")
    return pipeline.Article(row["article_id"], row["title"], row["text"], row["source"], row["url"], day, reason,
                            row["origin"])  # fmt: skip


def _show_reports(told: pd.DataFrame, archive: Any) -> None:
    if told.empty:
        st.info("No event was read in this article.")
        return
    names = {
        r["report_id"]: f"{r['rank']}. {r['sub_event_type'] or r['event_type']} · {day_words(r)} · {place_words(r)}"
        for r in told.to_dict("records")
    }
    chosen = st.radio("Reports built from it", list(names), format_func=lambda i: label_text(names[i]),
                      key="a_report")  # fmt: skip
    report = told[told["report_id"] == chosen].iloc[0]
    why = "".join(f"\n• {pipeline.plain_reason(reason)}" for reason in split_cell(report["reasons"]))
    numbers = f"killed {harm_words(report, 'fatalities')}; injured {harm_words(report, 'injured')}"
    st.text(f"“{report['evidence']}”\n\n{numbers}{why}")
    snapshot = archive.around(report["event_id"])
    found = snapshot.events[snapshot.events["event_id"] == report["event_id"]]
    if found.empty:
        return
    event = found.iloc[0]
    st.html(
        f'<a href="./?event={quote(str(event["event_id"]))}" target="_blank">The event it is part of</a>: '
        f"reports: {event['report_count']}; {STATUS_WORDS[str(event['status'])]}"
    )
    show_corrections(str(event["event_id"]), event, reports_of(str(event["event_id"]), snapshot), snapshot.events)


def _show_withdrawal(article: pd.Series) -> None:
    """Leave the whole article out, or let it count again."""
    if settings().read_only:
        return
    out = bool(article["withdrawn"])
    with st.expander("Let this article count again" if out else "Leave this article out"):
        why = st.text_input("Why", key="a_why", max_chars=500)
        if not st.button("Let it count again" if out else "Leave it out", key="a_withdraw", disabled=not why.strip()):
            return
        try:
            pipeline.withdraw_article(settings(), article["article_id"], why=why, now=datetime.now(UTC),
                                      withdrawn=not out)  # fmt: skip
        except pipeline.PipelineError as problem:
            st.error("Nothing was changed.")
            st.text(str(problem))
        else:
            st.rerun()

"""An event as a citation: what is claimed, on whose word, in which version of the table, and where to see it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.wording import day_words, harm_words, place_words

MOST_SOURCES = 5


def cite(event: Any, reports: pd.DataFrame, articles: pd.DataFrame, snapshot: Any) -> str:
    """Plain text; "{link}" stands where the page's address goes."""
    what = f"{event['sub_event_type']}, {place_words(event)}, {day_words(event)}"
    harm = f"killed: {harm_words(event, 'fatalities')}; injured: {harm_words(event, 'injured')}"
    told = reports.drop_duplicates("article_id").sort_values(["published", "report_id"])
    named = told.merge(articles[["article_id", "title", "url"]], on="article_id", how="left")
    sources = [_source(row) for row in named.head(MOST_SOURCES).to_dict("records")]
    if len(named) > MOST_SOURCES:
        sources.append(f"and {len(named) - MOST_SOURCES} more")
    version = f"table {snapshot.snapshot_id} of {snapshot.published_at:%Y-%m-%d}"
    return (
        f"{what}; {harm}. Event {event['event_id']}, {event['status']}, in: Conflict event timeline, {version}. "
        f"On the word of: {'; '.join(sources)}. {{link}}"
    )


def _source(row: dict[Any, Any]) -> str:
    day = "" if pd.isna(row["published"]) else f", {row['published']:%Y-%m-%d}"
    title = f", “{row['title']}”" if isinstance(row["title"], str) and row["title"] else ""
    url = f", {row['url']}" if isinstance(row["url"], str) and row["url"] else ""
    return f"{row['source'] or 'publisher not stated'}{title}{day}{url}"

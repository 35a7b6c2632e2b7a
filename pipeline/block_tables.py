"""Tables of an archive that is merged in blocks: each block leaves its rows by year, each year's are made one part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from pipeline.models import Article, Event, Report
from pipeline.reasons import build_machine_table
from pipeline.table import DAY, TEXT, build_report_table, check_event_table, with_types
from pipeline.workspace import Workspace

NO_YEAR = "none"  # sorts behind the years, as undated events do
ARTICLE_COLUMNS = {name: DAY if name == "published" else TEXT for name in (
    "article_id", "title", "source", "url", "published", "published_reason", "text", "origin")}  # fmt: skip
IN_ORDER = 8_192  # reports that stand together where the order of reading counts, not the year
_NUMBER = "number"


def year_of(day: date | None) -> str:
    """The part of a table that a day belongs to."""
    return f"{day.year:04}" if day else NO_YEAR


def leave_articles(workspace: Workspace, piece: str, articles: Sequence[Article]) -> None:
    """Leave the articles of a piece by their year, each with its place in the piece."""
    found: defaultdict[str, list[tuple[int, Article]]] = defaultdict(list)
    for n, article in enumerate(articles):
        found[year_of(article.published)].append((n, article))
    for year, some in found.items():
        workspace.put(f"articles/{year}/{piece}", some)


def articles_of(
    workspace: Workspace, year: str, pieces: Iterable[tuple[str, Collection[int]]], rows: int
) -> Iterator[pd.DataFrame]:
    """The articles of a year in the order of reading, so many rows at a time; at least once, also of none."""
    waiting: list[list[Any]] = []
    for piece, absent in pieces:
        told = workspace.get(f"articles/{year}/{piece}")
        waiting += [[getattr(a, name) for name in ARTICLE_COLUMNS] for n, a in told if n not in absent]
        while len(waiting) > rows:
            yield _article_frame(waiting[:rows])
            waiting = waiting[rows:]
    yield _article_frame(waiting)


def _article_frame(rows: list[list[Any]]) -> pd.DataFrame:
    frame = with_types(pd.DataFrame(rows, columns=list(ARTICLE_COLUMNS)), ARTICLE_COLUMNS)
    return frame.assign(withdrawn=False)


def shelve_events(workspace: Workspace, block: int, events: Sequence[Event]) -> tuple[str, ...]:
    """Leave the events of a block; of which years there are some."""
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        found[year_of(event.date_start)].append(event)
    for year, some in found.items():
        workspace.put(f"events/{year}/{block}", build_machine_table(some))
    return tuple(sorted(found))


def shelve_reports(
    workspace: Workspace, block: int, reports: Sequence[Report], number_of: Mapping[str, int],
    events: Sequence[Event], *, by_year: bool,
) -> tuple[str, ...]:  # fmt: skip
    """Leave the reports of a block by their year, or by some thousand in the order of reading; which these are."""
    event_of = {report_id: event.event_id for event in events for report_id in event.report_ids}
    why = {report_id: reason for event in events for report_id, reason in event.reasons}
    found: defaultdict[str, list[Report]] = defaultdict(list)
    for report in reports:
        shelf = year_of(report.published) if by_year else f"{number_of[report.report_id] // IN_ORDER:09}"
        found[shelf].append(report)
    for shelf, some in found.items():
        table = build_report_table(some, event_of, why)
        workspace.put(f"reports/{shelf}/{block}", table.assign(**{_NUMBER: [number_of[r.report_id] for r in some]}))
    return tuple(sorted(found))


def events_of(workspace: Workspace, year: str, blocks: Iterable[int]) -> pd.DataFrame:
    """The events of a year as build_machine_table has them, in order, checked."""
    table = _joined(workspace, [f"events/{year}/{block}" for block in blocks])
    table = table.sort_values(["date_start", "event_id"], na_position="last", ignore_index=True)
    check_event_table(table)
    return table


def reports_of(workspace: Workspace, shelf: str, blocks: Iterable[int]) -> pd.DataFrame:
    """The reports of a shelf, in the order of reading."""
    table = _joined(workspace, [f"reports/{shelf}/{block}" for block in blocks])
    return table.sort_values(_NUMBER, ignore_index=True).drop(columns=_NUMBER)


def _joined(workspace: Workspace, names: Iterable[str]) -> pd.DataFrame:
    frames: list[Any] = [workspace.get(name) for name in names]
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]

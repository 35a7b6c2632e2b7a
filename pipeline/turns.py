"""Merge much that is new in turns, some seasons at a time: the records of one turn are in memory, of the rest rows.

Each turn merges what is new with what the turns before it left, as a refresh does with an archive. So the last one
leaves what merging all at once would; names follow from those that events had before the publication.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.merging import Merged, Naming, ReportSource, merge_archive
from pipeline.reasons import build_machine_table
from pipeline.remembered import Decided, Remembered
from pipeline.table import build_report_table
from pipeline.text_columns import take

# Articles from which a turn is full: their reports take some 0.1 GB. A season is never cut
TURN_ARTICLES = 10_000


@dataclass(frozen=True, eq=False)
class MergedRows:
    """An archive merged, as it is remembered, and the rows of what of it is new."""

    memory: Remembered
    events: pd.DataFrame  # as build_machine_table
    reports: pd.DataFrame  # REPORT_COLUMNS
    gone: set[str]  # reports of before, and
    gone_events: set[str]  # events that are no more, or are among the rows
    as_before: bool  # nothing is new


def merge_in_turns(
    last: Remembered, changed: Collection[str], source: ReportSource, decided: Decided, naming: Naming
) -> MergedRows:
    """As merge_archive, of these articles."""
    memory, rows = last, MergedRows(last, build_machine_table(()), build_report_table((), {}), set(), set(), True)
    leaving: Collection[str] = changed
    for turn in _turns(source.seasons(changed)):
        merged = merge_archive(memory, leaving, source.reports(turn), source, decided, naming)
        memory = replace(
            memory, told=merged.told, copies=merged.copies, filed=merged.filed, weights=merged.weights,
            near=merged.near, decided=_applied(decided, merged),
        )  # fmt: skip
        rows = _with_turn(rows, last, memory, merged)
        leaving, naming = (), replace(naming, anew=False)
    return replace(rows, memory=replace(memory, decided=decided))


def _turns(seasons: Mapping[str, int]) -> list[list[str]]:
    """The articles of whole seasons, until a turn is full; one turn at least."""
    found: list[list[str]] = [[]]
    by_season: defaultdict[int, list[str]] = defaultdict(list)
    for article_id, season in seasons.items():
        by_season[season].append(article_id)
    for season in sorted(by_season):
        if len(found[-1]) >= TURN_ARTICLES:
            found.append([])
        found[-1] += sorted(by_season[season])
    return found


def _applied(decided: Decided, merged: Merged) -> Decided:
    """The decisions on reports that are there: those on others are still to come."""
    told = merged.told
    asked = {r for pair in (*decided.must, *decided.cannot) for r in pair} | {*decided.moved}
    there = {*take(told.report_id, told.rows_of(asked)).to_pylist()}

    def both(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(pair for pair in pairs if there.issuperset(pair))

    return Decided(both(decided.must), both(decided.cannot), tuple(r for r in decided.moved if r in there))


def _with_turn(rows: MergedRows, last: Remembered, memory: Remembered, merged: Merged) -> MergedRows:
    gone = {*take(last.told.report_id, last.told.rows_of(merged.gone)).to_pylist()}
    event_of = {report_id: e.event_id for e in merged.events for report_id in e.report_ids}
    why = {report_id: reason for e in merged.events for report_id, reason in e.reasons}
    return MergedRows(
        memory,
        _replaced(rows.events, "event_id", merged.gone_events, build_machine_table(merged.events)),
        _replaced(rows.reports, "report_id", merged.gone, build_report_table(merged.reports, event_of, why)),
        rows.gone | gone, rows.gone_events | merged.gone_events, rows.as_before and merged.as_before,
    )  # fmt: skip


def _replaced(rows: pd.DataFrame, key: str, gone: Collection[str], new: pd.DataFrame) -> pd.DataFrame:
    kept = rows[~rows[key].isin(list(gone))] if len(rows) else rows
    return pd.concat([kept, new], ignore_index=True) if len(kept) and len(new) else kept if len(kept) else new

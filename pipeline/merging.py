"""Merge an archive of which a part has changed: the same events as merging the whole, at the cost of the part.

A report's event depends on the reports it may be one with, and these on the articles of its season (which words are
rare) and on copies of its text. So it is enough to find the reports for which anything of this is new (`stirred`),
those they are tied to, directly or by others (`tie`), and to merge these anew. With nothing remembered all are new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.blocking import Ints, Marks, Shelves, file_reports, name_numbers, pairs_on
from pipeline.copies import Copies, compare_texts
from pipeline.events import Context, Same, find_same, make_facets, merge_reports
from pipeline.facets import Facet, Weights
from pipeline.models import Event, Report
from pipeline.near_misses import REACH_DAYS, nearly_one
from pipeline.remembered import NEAR, Decided, Remembered
from pipeline.snapshot_parts import month_of
from pipeline.stirring import decided_anew, file_anew, sharing, tell, voiced_anew, weigh, weighed_anew
from pipeline.ties import Archive, Ties, find_tied, tie_rows


@dataclass(frozen=True)
class Naming:
    """What gives events their names, as far as it is not as remembered."""

    known: Mapping[str, str]  # report id -> the event it was in
    received: Mapping[str, int]  # article id -> the run that took it in


@dataclass(frozen=True)
class Merged:
    """The archive merged, and what of it is new."""

    told: pd.DataFrame
    copies: Copies
    filed: Shelves
    weights: Weights
    reports: list[Report]  # those merged anew
    events: list[Event]  # of these
    gone: set[str]  # reports and
    gone_events: set[str]  # events of before that are no more, or are among those merged anew
    near: pd.DataFrame  # before the nearest of each event are chosen
    as_before: bool = False  # nothing is new


def merge_archive(
    last: Remembered, changed: Collection[str], fresh: Sequence[Report],
    load: Callable[[Collection[str]], Iterable[Report]], decided: Decided, naming: Naming,
) -> Merged:  # fmt: skip
    """The archive of before without what `changed` articles told then, and with `fresh`, what they tell now."""
    if not changed and decided == last.decided and not _renamed(last.told, naming.known):
        return Merged(last.told, last.copies, last.filed, last.weights, [], [], set(), set(), last.near, as_before=True)
    now = _stir(last, changed, fresh, load, decided, naming)
    archive, told, gone = now.archive, now.archive.told, now.gone
    tied = find_tied(archive, now.marks, gone, now.filed, now.names, naming.known, now.context)
    rows = np.flatnonzero(tied)
    reports = archive.reports(rows)
    events, ties = _merge_rows(now, rows, reports, decided, naming)

    event_before = told["event_id"].to_numpy(dtype=object)
    event_now = event_before.copy()
    for event in events:
        event_now[archive.rows(event.report_ids)] = event.event_id
    gone_events = {*event_before[tied], *gone["event_id"]} - {""}
    settled = _unchanged(last.told, tied & ~now.marks, event_before, event_now)
    told["event_id"] = pd.array(event_now, dtype="str")
    told["tie"] = _number_ties(told["tie"].to_numpy(), rows, ties)
    month = {e.event_id: month_of(e.date_start) for e in events}
    months = told["month"].to_numpy(copy=True)
    months[rows] = [month[e] for e in event_now[rows].tolist()]
    told["month"] = months
    new = month.keys() - settled
    near = _near(last.near, (gone_events - settled) | new, now, event_now, decided, new)
    return Merged(
        told, now.copies, now.filed, now.context.weights, reports, events,
        {*gone["report_id"], *(r.report_id for r in reports)}, gone_events, near,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Stirred:
    """The archive as it is now, not yet merged, and the rows for which anything is new."""

    archive: Archive
    gone: pd.DataFrame  # rows of before
    copies: Copies
    context: Context
    filed: Shelves
    names: Ints
    marks: Marks


def _stir(
    last: Remembered, changed: Collection[str], fresh: Sequence[Report],
    load: Callable[[Collection[str]], Iterable[Report]], decided: Decided, naming: Naming,
) -> _Stirred:  # fmt: skip
    was_there = last.told["article_id"].isin(list(changed)).to_numpy()
    gone = last.told[was_there]
    archive = Archive(tell(last.told[~was_there], fresh, naming.received), load)
    archive.keep(fresh)
    told = archive.told
    is_new = told["event_id"].eq("").to_numpy()
    before = np.full(len(last.told), -1)  # row of before -> row now
    before[np.flatnonzero(~was_there)] = np.flatnonzero(~is_new)

    copies = compare_texts(last.copies, changed, fresh)
    seasons = {*told.loc[is_new, "season"], *gone["season"]}
    context = Context(copies.voices(), weigh(told, seasons, last.weights))
    marks: Marks = is_new | voiced_anew(archive.articles, last.copies.voices(), context.voices)
    marks |= weighed_anew(told, seasons, last.weights, context.weights)
    marks[archive.rows(decided_anew(last.decided, decided))] = True
    marks[archive.rows(_renamed(told, naming.known))] = True

    anew = np.flatnonzero(marks)
    fresh_keys = file_reports(make_facets(archive.reports(anew), context), context.weights)
    filed, touched = file_anew(last.filed, before, marks, fresh_keys, anew)
    crowd = before[sharing(last.filed, touched)]
    marks[np.concatenate((crowd[crowd >= 0], sharing(filed, touched)))] = True
    return _Stirred(archive, gone, copies, context, filed, name_numbers(archive.ids), marks)


def _merge_rows(
    now: _Stirred, rows: Ints, reports: Sequence[Report], decided: Decided, naming: Naming
) -> tuple[list[Event], Ties]:
    """The events of these rows, and which of the rows have to do with each other."""
    ties = Ties(len(reports))

    def find(facets: Sequence[Facet], weights: Weights) -> Same:
        same = find_same(facets, weights)
        ties.tie_all(same.pairs.tolist())
        return same

    here = now.archive.told.iloc[rows]
    known = {r: naming.known.get(r, e) for r, e in zip(here["report_id"], here["event_id"], strict=True)}
    events = merge_reports(
        reports, known_ids={r: e for r, e in known.items() if e}, must_link=decided.must, cannot_link=decided.cannot,
        received=dict(zip(here["article_id"], here["received"], strict=True)), moved=decided.moved,
        context=now.context, find=find,
    )  # fmt: skip
    tie_rows(ties, reports, events, decided, rows, now.filed)
    return events, ties


def _number_ties(before: Ints, rows: Ints, ties: Ties) -> Ints:
    """One number for rows that are tied; those merged now get numbers that none had before."""
    numbers = before.copy()
    first = int(before.max(initial=0)) + 1
    numbers[rows] = [first + ties.find(n) for n in range(len(rows))]
    return numbers


def _renamed(told: pd.DataFrame, known: Mapping[str, str]) -> list[str]:
    """Reports that were in another event than is remembered."""
    here = told[told["report_id"].isin(list(known))]
    return [r for r, e in zip(here["report_id"].tolist(), here["event_id"].tolist(), strict=True) if known[r] != e]


def _unchanged(last: pd.DataFrame, quiet: Marks, event_before: np.ndarray, event_now: np.ndarray) -> set[str]:
    """Events of the same reports as before, none of them stirred."""
    had = last["event_id"].value_counts()
    same = pd.Series(event_now[quiet & (event_before == event_now)], dtype="str").value_counts()
    has = pd.Series(event_now, dtype="str").value_counts()
    return {e for e, n in same.items() if had.get(e) == n == has.get(e)}


def _near(
    before: pd.DataFrame, moved: Collection[str], now: _Stirred, event_now: np.ndarray, decided: Decided,
    new: Collection[str],
) -> pd.DataFrame:  # fmt: skip
    """Near misses of before, with those of the events that are new or have changed computed anew."""
    archive = now.archive
    kept = before[~(before["event_id"].isin(list(moved)) | before["other_event_id"].isin(list(moved)))]
    pairs = pairs_on(now.filed, now.names, REACH_DAYS, pd.Series(event_now, dtype="str").isin(list(new)).to_numpy())
    rows, where = np.unique(pairs, return_inverse=True)
    event_of = dict(zip(archive.ids, event_now.tolist(), strict=True))
    parted = {frozenset((event_of.get(a, ""), event_of.get(b, ""))) for a, b in decided.cannot}
    articles: defaultdict[str, list[str]] = defaultdict(list)
    for article_id, event_id in zip(archive.articles, event_of.values(), strict=True):
        articles[event_id].append(article_id)
    facets = make_facets(archive.reports(rows), now.context)
    found = nearly_one(facets, now.context.weights, where.reshape(-1, 2), event_of, articles, parted)
    fresh = pd.DataFrame([[getattr(m, name) for name in NEAR] for m in found], columns=list(NEAR)).astype(dict(NEAR))
    both = pd.concat([kept, fresh]) if len(kept) and len(fresh) else kept if len(kept) else fresh
    return both.sort_values(["event_id", "other_event_id"], ignore_index=True)

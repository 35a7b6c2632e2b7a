"""Merge an archive of which a part has changed: the same events as merging the whole, at the cost of the part.

A report's event depends on the reports it may be one with, and these on the articles of its season (which words are
rare) and on copies of its text. So it is enough to find the reports for which anything of this is new (`stirred`),
those they are tied to, directly or by others (`tie`), and to merge these anew. With nothing remembered all are new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from pipeline.blocking import Ints, Marks, Shelves, file_reports, pairs_on
from pipeline.copies import Copies, compare_texts
from pipeline.events import Context, Same, find_same, make_facets, merge_reports
from pipeline.facets import Facet, Weights
from pipeline.models import Event, Report
from pipeline.near_misses import REACH_DAYS, NearMiss, nearly_one
from pipeline.near_table import NearTable
from pipeline.remembered import Decided, Remembered
from pipeline.snapshot_parts import month_of
from pipeline.stirring import decided_anew, file_anew, sharing, voiced_anew, weigh, weighed_anew
from pipeline.text_columns import holds, take
from pipeline.ties import Archive, Ties, find_tied, tie_rows
from pipeline.told import Told, tell


class ReportSource(Protocol):
    """Where reports come from that are not remembered."""

    def reports(self, articles: Collection[str]) -> list[Report]:
        """All reports of these articles."""

    def received(self, articles: Collection[str]) -> Mapping[str, int]:
        """The run that took in each of these articles."""

    def seasons(self, articles: Collection[str]) -> Mapping[str, int]:
        """Of those of these articles that tell of something the season of their news."""

    def voices(self, articles: Collection[str]) -> Mapping[str, str]:
        """The sketch of the text of those of these articles that have one (voices.py)."""


@dataclass(frozen=True)
class Naming:
    """What gives events their names, as far as it is not as remembered."""

    known: Mapping[str, str]  # report id -> the event it was in
    anew: bool = True  # whether `known` has not been regarded yet

    def renamed(self, told: Told) -> set[str]:
        """Reports that were in another event than is remembered."""
        if not self.anew:
            return set()
        rows = told.rows_of(self.known)
        was = zip(take(told.report_id, rows).to_pylist(), take(told.was, rows).to_pylist(), strict=True)
        return {report_id for report_id, event_id in was if self.known[report_id] != event_id}


@dataclass(frozen=True)
class Merged:
    """The archive merged, and what of it is new."""

    told: Told
    copies: Copies
    filed: Shelves
    weights: Weights
    reports: list[Report]  # those merged anew
    events: list[Event]  # of these
    gone: set[str]  # reports and
    gone_events: set[str]  # events of before that are no more, or are among those merged anew
    near: NearTable
    as_before: bool = False  # nothing is new


def merge_archive(
    last: Remembered, changed: Collection[str], fresh: Sequence[Report],
    source: ReportSource, decided: Decided, naming: Naming,
) -> Merged:  # fmt: skip
    """The archive of before without what `changed` articles told then, and with `fresh`, what they tell now."""
    if not (changed or fresh) and decided == last.decided and not naming.renamed(last.told):
        return Merged(last.told, last.copies, last.filed, last.weights, [], [], set(), set(), last.near, as_before=True)
    now = _stir(last, changed, fresh, source, decided, naming)
    archive, gone = now.archive, now.gone
    rows = np.flatnonzero(find_tied(archive, now.marks, gone, now.filed, naming.known, now.context))
    reports = archive.reports(rows)
    events, ties = _merge_rows(now, rows, reports, decided, naming)

    event_of = {report_id: e for e in events for report_id in e.report_ids}
    before = take(archive.told.event_id, rows).to_pylist()
    after = [event_of[r.report_id].event_id for r in reports]
    gone_before = gone.event_id.to_pylist()
    settled = _unchanged(before, after, gone_before, now.marks[rows].tolist())
    told = archive.told.merged(
        rows, after, _number_ties(archive.told.tie, ties), [month_of(event_of[r.report_id].date_start) for r in reports]
    )
    gone_events = {*before, *gone_before} - {""}
    new = {*after} - settled
    near = last.near.with_anew((gone_events - settled) | new, _find_near(now, told, decided, new))
    return Merged(
        told, now.copies, now.filed, now.context.weights, reports, events,
        {*gone.report_id.to_pylist(), *(r.report_id for r in reports)}, gone_events, near,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Stirred:
    """The archive as it is now, not yet merged, and the rows for which anything is new."""

    archive: Archive
    gone: Told  # rows of before
    copies: Copies
    context: Context
    filed: Shelves
    marks: Marks


def _stir(
    last: Remembered, changed: Collection[str], fresh: Sequence[Report],
    source: ReportSource, decided: Decided, naming: Naming,
) -> _Stirred:  # fmt: skip
    was_there = holds(last.told.article_id, changed)
    gone = last.told.take(np.flatnonzero(was_there))
    told, is_new = last.told.take(np.flatnonzero(~was_there)).joined(
        tell(fresh, source.received({r.article_id for r in fresh}))
    )
    archive = Archive(told, source.reports)
    archive.keep(fresh)
    before = np.full(len(last.told), -1)  # row of before -> row now
    before[~was_there] = np.flatnonzero(~is_new)

    copies = compare_texts(last.copies, changed, fresh, source.voices)
    seasons = {*told.season[is_new].tolist(), *gone.season.tolist()}
    context = Context(copies.voices(), weigh(told, seasons, last.weights))
    marks: Marks = is_new | voiced_anew(told, last.copies.voices(), context.voices)
    marks |= weighed_anew(told, seasons, last.weights, context.weights)
    marks[told.rows_of(decided_anew(last.decided, decided) | naming.renamed(told))] = True

    anew = np.flatnonzero(marks)
    fresh_keys = file_reports(make_facets(archive.reports(anew), context), context.weights)
    filed, touched = file_anew(last.filed, before, marks, fresh_keys, anew)
    crowd = before[sharing(last.filed, touched)]
    marks[np.concatenate((crowd[crowd >= 0], sharing(filed, touched)))] = True
    return _Stirred(archive, gone, copies, context, filed, marks)


def _merge_rows(
    now: _Stirred, rows: Ints, reports: Sequence[Report], decided: Decided, naming: Naming
) -> tuple[list[Event], Ties]:
    """The events of these rows, and which of the rows have to do with each other."""
    ties = Ties(len(reports))

    def find(facets: Sequence[Facet], weights: Weights) -> Same:
        same = find_same(facets, weights)
        ties.tie_all(same.pairs.tolist())
        return same

    here = now.archive.told.take(rows)
    known = {r.report_id: naming.known.get(r.report_id, e) for r, e in zip(reports, here.was.to_pylist(), strict=True)}
    events = merge_reports(
        reports, known_ids={r: e for r, e in known.items() if e}, must_link=decided.must, cannot_link=decided.cannot,
        received=dict(zip(here.article_id.to_pylist(), here.received.tolist(), strict=True)), moved=decided.moved,
        context=now.context, find=find,
    )  # fmt: skip
    tie_rows(ties, reports, events, decided, rows, now.filed)
    return events, ties


def _number_ties(before: Ints, ties: Ties) -> Ints:
    """One number for rows that are tied; those merged now get numbers that none had before."""
    first = int(before.max(initial=0)) + 1
    return first + np.array([ties.find(n) for n in range(len(ties))], dtype=np.int64)


def _unchanged(
    before: Sequence[str], after: Sequence[str], gone: Sequence[str], stirred: Sequence[bool]
) -> set[str]:  # fmt: skip
    """Events of the same reports as before, none of them stirred."""
    had, has = Counter((*before, *gone)), Counter(after)
    same = Counter(b for b, a, new in zip(before, after, stirred, strict=True) if b == a and not new)
    return {e for e, n in same.items() if had[e] == n == has[e]}


def _find_near(now: _Stirred, told: Told, decided: Decided, new: Collection[str]) -> list[NearMiss]:
    """The near misses of the events that are new or have changed."""
    pairs = pairs_on(now.filed, told.name, REACH_DAYS, holds(told.event_id, new))
    rows, where = np.unique(pairs, return_inverse=True)
    reports = now.archive.reports(rows)
    event_of = dict(zip((r.report_id for r in reports), take(told.event_id, rows).to_pylist(), strict=True))
    here = told.take(np.flatnonzero(holds(told.event_id, {*event_of.values()})))
    articles: defaultdict[str, list[str]] = defaultdict(list)
    for article_id, event_id in zip(here.article_id.to_pylist(), here.event_id.to_pylist(), strict=True):
        articles[event_id].append(article_id)
    facets = make_facets(reports, now.context)
    pairs = where.reshape(-1, 2)
    return nearly_one(facets, now.context.weights, pairs, event_of, articles, _parted(told, decided))


def _parted(told: Told, decided: Decided) -> set[frozenset[str]]:
    """Events that an analyst keeps apart."""
    here = told.take(told.rows_of({report_id for pair in decided.cannot for report_id in pair}))
    event_of = dict(zip(here.report_id.to_pylist(), here.event_id.to_pylist(), strict=True))
    return {frozenset((event_of.get(a, ""), event_of.get(b, ""))) for a, b in decided.cannot}

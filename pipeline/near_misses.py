"""Events that were nearly one: which two reports came closest, what spoke for it, and what kept them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.blocking import candidate_pairs
from pipeline.event_values import founding_order
from pipeline.events import Pair, judge_pairs, merge_reports, prepare
from pipeline.models import Event, Report

# Points from which a pair kept apart is worth showing: one town and one sub-type give 3
WORTH_SHOWING = 3.0
REACH_DAYS = 3
MOST_EACH = 5  # near misses of one event: where a city is shelled daily, the nearest five


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Two reports of different events that much speaks for one happening, and why they are kept apart."""

    event_id: str
    other_event_id: str
    report_id: str  # of the first event
    other_report_id: str
    points: float
    why: str


def near_misses(
    reports: Sequence[Report], events: Sequence[Event] | None = None, *, cannot_link: Collection[Pair] = ()
) -> list[NearMiss]:
    """Pairs of different events that were nearly joined, one pair of reports for two events, the nearest first."""
    ordered = sorted(reports, key=founding_order)
    known = merge_reports(reports, cannot_link=cannot_link) if events is None else events
    _, facets, weights = prepare(ordered)
    event_of = {i: e.event_id for e in known for i in e.report_ids}
    parted = {frozenset((event_of.get(a, ""), event_of.get(b, ""))) for a, b in cannot_link}
    articles = {e.event_id: {i.rpartition("#")[0] for i in e.report_ids} for e in known}
    best: dict[Pair, NearMiss] = {}
    numbers = {event_id: n for n, event_id in enumerate(dict.fromkeys(event_of.values()))}
    event = np.array([numbers[event_of[r.report_id]] for r in ordered], dtype=np.int64)
    pairs = candidate_pairs(facets, weights, reach_days=REACH_DAYS)
    apart = pairs[event[pairs[:, 0]] != event[pairs[:, 1]]]  # most pairs are in one event, and need no decision
    for i, j, verdict in judge_pairs(facets, weights, apart):
        if verdict.points < WORTH_SHOWING or ordered[i].article_id == ordered[j].article_id:
            continue
        (here, a), (there, b) = sorted((event_of[r.report_id], r.report_id) for r in (ordered[i], ordered[j]))
        if here == there or ((here, there) in best and best[here, there].points >= verdict.points):
            continue
        why = verdict.why
        if frozenset((here, there)) in parted:
            why += "; but an analyst keeps them apart"
        elif verdict.same:
            # the two reports alone would have met: what their events hold besides kept them apart
            both = articles[here] & articles[there]
            why += "; but " + ("one article tells of both" if both else "the other reports of the two do not fit")
        elif not verdict.barred:
            why += "; but that is too little to call them one"
        best[here, there] = NearMiss(here, there, a, b, round(verdict.points, 1), why)
    return _nearest_each(sorted(best.values(), key=lambda m: (-m.points, m.event_id, m.other_event_id)))


def _nearest_each(misses: Sequence[NearMiss]) -> list[NearMiss]:
    """Without those that are beyond the nearest few of both their events."""
    shown: Counter[str] = Counter()
    kept = []
    for miss in misses:
        if min(shown[miss.event_id], shown[miss.other_event_id]) < MOST_EACH:
            shown.update((miss.event_id, miss.other_event_id))
            kept.append(miss)
    return kept

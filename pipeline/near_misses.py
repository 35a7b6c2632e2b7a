"""Events that were nearly one: which two reports came closest, what spoke for it, and what kept them apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.blocking import Ints, candidate_pairs
from pipeline.event_values import founding_order
from pipeline.events import Context, Pair, judge_pairs, make_facets, read_context
from pipeline.facets import Facet, Weights
from pipeline.models import Report

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
    reports: Sequence[Report], event_of: Mapping[str, str], *, cannot_link: Collection[Pair] = (),
    context: Context | None = None,
) -> list[NearMiss]:  # fmt: skip
    """Pairs of different events that were nearly joined, one pair of reports for two events, the nearest first.

    event_of: report id -> its event. context: given where the reports are a part of the archive.
    """
    ordered = sorted(reports, key=founding_order)
    context = context or read_context(ordered)
    facets = make_facets(ordered, context)
    pairs = candidate_pairs(facets, context.weights, reach_days=REACH_DAYS)
    articles: defaultdict[str, set[str]] = defaultdict(set)
    for report in ordered:
        articles[event_of[report.report_id]].add(report.article_id)
    parted = {frozenset((event_of.get(a, ""), event_of.get(b, ""))) for a, b in cannot_link}
    return nearest_each(nearly_one(facets, context.weights, pairs, event_of, articles, parted))


def nearly_one(
    facets: Sequence[Facet], weights: Weights, pairs: Ints, event_of: Mapping[str, str],
    articles: Mapping[str, Collection[Hashable]], parted: Collection[frozenset[str]],
) -> list[NearMiss]:  # fmt: skip
    """For two events that one of the pairs nearly joined the pair that came closest.

    articles: event id -> articles that tell of it. parted: events that an analyst keeps apart.
    """
    return closest(miss for *_, miss in find_misses(facets, weights, pairs, event_of, articles, parted))


Miss = tuple[NearMiss, float]  # and its points, not rounded


def find_misses(
    facets: Sequence[Facet], weights: Weights, pairs: Ints, event_of: Mapping[str, str],
    articles: Mapping[str, Collection[Hashable]], parted: Collection[frozenset[str]] = (),
) -> Iterator[tuple[int, int, Miss]]:  # fmt: skip
    """The pairs of two events that come near enough to be shown, in their order."""
    numbers: dict[str, int] = {}
    event = np.array([numbers.setdefault(event_of[f.report.report_id], len(numbers)) for f in facets], dtype=np.int64)
    apart = pairs[event[pairs[:, 0]] != event[pairs[:, 1]]]  # most pairs are in one event, and need no decision
    for i, j, verdict in judge_pairs(facets, weights, apart):
        one, other = facets[i].report, facets[j].report
        if verdict.points < WORTH_SHOWING or one.article_id == other.article_id:
            continue
        (here, a), (there, b) = sorted((event_of[r.report_id], r.report_id) for r in (one, other))
        why = verdict.why
        if frozenset((here, there)) in parted:
            why += "; but an analyst keeps them apart"
        elif verdict.same:
            # the two reports alone would have met: what their events hold besides kept them apart
            both = {*articles[here]} & {*articles[there]}
            why += "; but " + ("one article tells of both" if both else "the other reports of the two do not fit")
        elif not verdict.barred:
            why += "; but that is too little to call them one"
        yield i, j, (NearMiss(here, there, a, b, round(verdict.points, 1), why), verdict.points)


def closest(misses: Iterable[Miss]) -> list[NearMiss]:
    """Of each two events the pair that came closest; of pairs that came as close the first."""
    best: dict[Pair, NearMiss] = {}
    for miss, points in misses:
        events = (miss.event_id, miss.other_event_id)
        if events not in best or best[events].points < points:
            best[events] = miss
    return list(best.values())


def nearest_each(misses: Iterable[NearMiss]) -> list[NearMiss]:
    """The nearest first, without those that are beyond the nearest few of both their events."""
    found = sorted(misses, key=nearest_first)
    numbers: dict[str, int] = {}
    sides = [[numbers.setdefault(e, len(numbers)) for e in (m.event_id, m.other_event_id)] for m in found]
    rows = nearest_rows(np.array(sides, dtype=np.int64).reshape(-1, 2), np.arange(len(found)))
    return [found[n] for n in rows.tolist()]


def nearest_rows(events: Ints, order: Ints) -> Ints:
    """Rows of pairs of events' numbers, in this order, that are among the first few of either event."""
    sides = pd.Series(events[order].ravel())
    seen = sides.groupby(sides).cumcount().to_numpy().reshape(-1, 2)
    found: Ints = order[seen.min(axis=1, initial=MOST_EACH) < MOST_EACH]
    return found


def nearest_first(miss: NearMiss) -> tuple[float, str, str]:
    """Their order."""
    return -miss.points, miss.event_id, miss.other_event_id

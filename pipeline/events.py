"""Reports of all articles -> events: a pure function, whatever the order."""

from __future__ import annotations

import gc
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.blocking import Ints, candidate_pairs
from pipeline.clusters import Groups
from pipeline.event_ids import assign_ids
from pipeline.event_values import founding_order, make_event
from pipeline.facets import Facet, Weights, make_facet, weigh_words
from pipeline.models import Event, Report
from pipeline.same_event import ENOUGH, Verdict, same_event
from pipeline.voices import find_voices

Pair = tuple[str, str]  # two report ids
# Of the pairs that are the same, what two articles are about is joined before what they mention: the sentences on one
# happening often make two reports of an article, and its details of one would else take the place of the main report
# of another. On gva pair F1 81.0 -> 84.6, precision 93.9 -> 94.4; more than 4 changes nothing
MAIN_EVENTS = 2.0


def merge_reports(
    reports: Sequence[Report],
    *,
    known_ids: Mapping[str, str] | None = None,
    must_link: Collection[Pair] = (),
    cannot_link: Collection[Pair] = (),
    received: Mapping[str, int] | None = None,
    moved: Collection[str] = (),
    context: Context | None = None,
    find: FindSame | None = None,
) -> list[Event]:
    """What happened, on the evidence of all reports; sorted by day and id.

    must_link and cannot_link: an analyst's decisions. context: given where it is known already. find: says which pairs
    are the same, where they are known already. The rest concerns names only: known_ids, report id -> event id of the
    last published table; received, article id -> the run that took it in; moved, reports put elsewhere by hand.
    """
    collecting = gc.isenabled()
    gc.disable()  # millions of small records, none in a circle: looking for circles takes a third of the time
    try:
        ordered = sorted(reports, key=founding_order)
        naming = _Naming(known_ids or {}, rank_founders(ordered, received or {}, set(moved)))
        return _merge(ordered, naming, must_link, cannot_link, context or read_context(ordered), find or find_same)
    finally:
        if collecting:
            gc.enable()


def rank_founders(ordered: Sequence[Report], received: Mapping[str, int], moved: Collection[str]) -> dict[str, int]:
    """Who founds an event before whom: what no analyst moved, what was received first, what was published first."""
    if not received and not moved:
        return {r.report_id: n for n, r in enumerate(ordered)}
    by_arrival = sorted(ordered, key=lambda r: (r.report_id in moved, received.get(r.article_id, 0)))
    return {r.report_id: n for n, r in enumerate(by_arrival)}


class Same(NamedTuple):
    """Pairs of positions (i < j, ascending) that tell of one happening, and the points of each."""

    pairs: Ints
    points: NDArray[np.float64]


FindSame = Callable[[Sequence[Facet], Weights], Same]


class Context(NamedTuple):
    """What other articles have to do with whether two reports are one: which texts are copies, which words are rare."""

    voices: Mapping[str, str]  # article id -> article that speaks for it, where that is another
    weights: Weights


def read_context(ordered: Sequence[Report]) -> Context:
    """The context that a whole archive of reports, in founding order, gives itself."""
    return Context(find_voices(ordered), weigh_words(ordered))


class _Naming(NamedTuple):
    known_ids: Mapping[str, str]
    rank: Mapping[str, int]


def _merge(
    ordered: Sequence[Report], naming: _Naming, must_link: Collection[Pair], cannot_link: Collection[Pair],
    context: Context, find: FindSame,
) -> list[Event]:  # fmt: skip
    voices, weights = context
    facets = make_facets(ordered, context)
    position = {r.report_id: n for n, r in enumerate(ordered)}
    linked = [(position[a], position[b]) for a, b in must_link if a in position and b in position]
    apart = [(position[a], position[b]) for a, b in cannot_link if a in position and b in position]
    groups, why = _group(facets, weights, linked, apart, find)
    del facets, weights, linked, apart
    members = [[ordered[i] for i in group] for group in groups]
    named = assign_ids([[r.report_id for r in group] for group in members], *naming)
    events = []
    for (event_id, superseded), group in zip(named, members, strict=True):
        reasons = [(r.report_id, why[position[r.report_id]]) for r in group]
        event = make_event(event_id, group, voices, reasons)
        events.append(replace(event, superseded_ids=superseded) if superseded else event)
    return sorted(_link_parts(events, ordered), key=_by_day)


def make_facets(ordered: Sequence[Report], context: Context) -> list[Facet]:
    """What of each report is compared."""
    return [make_facet(r, context.voices.get(r.article_id, "")) for r in ordered]


def judge_pairs(facets: Sequence[Facet], weights: Weights, pairs: Ints) -> Iterator[tuple[int, int, Verdict]]:
    """The decision on each pair."""
    for start in range(0, len(pairs), 100_000):  # lists are walked faster than arrays, a slice of them at a time
        for i, j in pairs[start : start + 100_000].tolist():
            yield i, j, same_event(facets[i], facets[j], weights)


def find_same(facets: Sequence[Facet], weights: Weights) -> Same:
    """Which reports tell of one happening, two by two."""
    return keep_same(facets, weights, candidate_pairs(facets, weights))


def keep_same(facets: Sequence[Facet], weights: Weights, pairs: Ints) -> Same:
    """Those of the pairs that tell of one happening."""
    pairs = _worth_judging(facets, pairs)
    rows, points = array("q"), array("d")  # numbers, not objects, for each of a million pairs
    for n, (_, _, verdict) in enumerate(judge_pairs(facets, weights, pairs)):
        if verdict.same:
            rows.append(n)
            points.append(verdict.points)
    return Same(pairs[np.array(rows, dtype=np.int64)], np.array(points))


def _worth_judging(facets: Sequence[Facet], pairs: Ints) -> Ints:
    """Pairs without those that differ in day and share no word: these cannot be the same."""
    start = np.array([f.start or 0 for f in facets])
    end = np.array([f.end or 0 for f in facets])
    first, second = pairs[:, 0], pairs[:, 1]
    apart = np.maximum(start[first], start[second]) > np.minimum(end[first], end[second])
    apart &= (end[first] > 0) & (end[second] > 0)
    for n in np.flatnonzero(apart).tolist():
        a, b = facets[first[n]], facets[second[n]]
        apart[n] = a.voice != b.voice and a.words.isdisjoint(b.words) and a.landmarks.isdisjoint(b.landmarks)
    return pairs[~apart]


def _group(
    facets: Sequence[Facet], weights: Weights, linked: Sequence[tuple[int, int]], apart: Sequence[tuple[int, int]],
    find: FindSame,
) -> tuple[list[list[int]], dict[int, str]]:  # fmt: skip
    """Groups of positions, and for each position but the first of its group why it is there."""
    groups, why = Groups(facets), {}
    groups.keep_apart(apart)
    for i, j in sorted((min(p), max(p)) for p in linked):
        a, b = groups.find(i), groups.find(j)
        if a != b:
            groups.join(a, b)
            why[max(a, b)] = "joined by an analyst"
    same = find(facets, weights)
    pairs = same.pairs
    mains = np.array([f.report.rank == 1 for f in facets], dtype=bool)
    score = np.round(same.points + MAIN_EVENTS * (mains[pairs[:, 0]] & mains[pairs[:, 1]]), 6)
    decided = _Decided(facets, weights, pairs, same.points)
    for i, j in pairs[np.lexsort((pairs[:, 1], pairs[:, 0], -score))].tolist():  # the surest first
        a, b = groups.find(i), groups.find(j)
        if a == b or not groups.may_join(a, b) or not _agree(groups, a, b, decided):
            continue
        newcomer = max(a, b)  # the later group joins the earlier
        link, other = (i, j) if groups.find(i) == newcomer else (j, i)
        groups.join(a, b)
        told = _tell(same_event(facets[i], facets[j], weights), facets[link].report, facets[other].report)
        # the newcomer brings its group along: each of these has its reason for being with the newcomer
        why[newcomer] = told if link == newcomer else f"comes with {_called(facets[link].report)}: {told}"
    found = groups.all()
    for group in found:
        why[group[0]] = _founding(len(group))
    return found, why


class _Decided:
    """Points of a pair and whether it is barred; for pairs found the same from memory, without their words."""

    def __init__(
        self, facets: Sequence[Facet], weights: Weights, pairs: Ints, points: NDArray[np.float64]
    ) -> None:  # fmt: skip
        self._facets, self._weights, self._points = facets, weights, points
        self._keys = array("q", (pairs[:, 0] * len(facets) + pairs[:, 1]).tobytes())  # ascending, as the pairs are

    def __call__(self, i: int, j: int) -> tuple[float, bool]:
        i, j = min(i, j), max(i, j)
        key = i * len(self._facets) + j
        n = bisect_left(self._keys, key)
        if n < len(self._keys) and self._keys[n] == key:
            return float(self._points[n]), False
        verdict = same_event(self._facets[i], self._facets[j], self._weights)
        return verdict.points, verdict.barred


def _tell(verdict: Verdict, report: Report, other: Report) -> str:
    """Why a report is with another, in words for a reader."""
    why = verdict.why
    if report.source and report.source == other.source and "same text" not in why:
        mine, its = report.published, other.published
        when = "the" if mine is None or its is None or mine == its else "later" if mine > its else "earlier"
        why += {"the": "; the same publisher", "later": "; later update of the same publisher"}.get(
            when, "; earlier report of the same publisher"
        )
    return f"{why} (with {_called(other)})"


def _called(report: Report) -> str:
    """A report as a reader knows it: whose, and of which day."""
    day = f" of {report.published.isoformat()}" if report.published else ""
    return f"{report.source or report.report_id}{day}"


def _agree(groups: Groups, a: int, b: int, decided: Callable[[int, int], tuple[float, bool]]) -> bool:
    """Whether two groups fit as a whole: at most half of the pairs barred, and on average not far from enough."""
    here, there = groups.sample(a), groups.sample(b)
    if len(here) == len(there) == 1:
        return True
    decisions = [decided(i, j) for i in here for j in there]
    # one day or place read wrong may bar a pair that the others vouch for
    if sum(barred for _, barred in decisions) > len(decisions) / 2:
        return False
    return sum(points for points, _ in decisions) >= ENOUGH / 2 * len(decisions)


def _founding(size: int) -> str:
    return "its only report" if size == 1 else "its first report"


def _link_parts(events: list[Event], reports: Sequence[Report]) -> list[Event]:
    """part_of from reports to events; never itself, never in a circle."""
    event_of = {i: e.event_id for e in events for i in e.report_ids}
    totals: defaultdict[str, list[str]] = defaultdict(list)
    for report in reports:
        whole = event_of.get(report.part_of, "")
        own = event_of[report.report_id]
        if whole and whole != own:
            totals[own].append(whole)
    part_of: dict[str, str] = {}
    for own in sorted(totals):
        whole = max(sorted(set(totals[own])), key=totals[own].count)
        above = whole
        while above in part_of:
            above = part_of[above]
        if above != own:
            part_of[own] = whole
    return [replace(e, part_of=part_of[e.event_id]) if e.event_id in part_of else e for e in events]


def _by_day(event: Event) -> tuple[bool, str, str]:
    return event.date_start is None, event.date_start.isoformat() if event.date_start else "", event.event_id

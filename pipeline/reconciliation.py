"""A toll over a period beside the incidents inside it: how many, how many dead, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.facets import km_between
from pipeline.models import Count, Event, GeoPrecision, Kind, Place

INSIDE_KM = 15.0
_EXACT = (GeoPrecision.PLACE, GeoPrecision.AREA)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What one cumulative claim says, and what the incidents of its place and period add up to."""

    event_id: str
    claimed: Count  # killed
    incidents: int  # inside its place and period; a part of a total that is inside too is in the total's count
    without_figure: int  # of these, how many do not say a number of killed
    summed: Count  # killed; what is not known adds nothing, and high is open if any is open
    difference: int | None  # claimed best - summed best: positive where the incidents do not reach the claim
    incident_ids: tuple[str, ...]


class _Country:
    """The incidents of one country by their first day."""

    def __init__(self, incidents: Sequence[Event]) -> None:
        self.incidents = sorted(incidents, key=lambda e: (e.date_start, e.event_id))
        self.starts: NDArray[np.int64] = np.array([e.date_start.toordinal() for e in self.incidents if e.date_start])

    def within(self, claim: Event) -> list[Event]:
        """Those whose days all lie in the claim's."""
        assert claim.date_start is not None
        last = claim.date_end or claim.date_start
        low, high = np.searchsorted(self.starts, (claim.date_start.toordinal(), last.toordinal() + 1))
        return [e for e in self.incidents[low:high] if (e.date_end or e.date_start or last) <= last]


def reconcile(events: Sequence[Event]) -> list[Reconciliation]:
    """One row for each cumulative event with a period and a place, in the order of the events."""
    by_country: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind is Kind.INCIDENT and event.date_start and event.places:
            by_country[event.places[0].iso3].append(event)
    countries = {iso3: _Country(incidents) for iso3, incidents in by_country.items()}
    claims = (e for e in events if e.kind is Kind.CUMULATIVE and e.date_start and e.places)
    return [_reconcile_one(claim, countries) for claim in claims]


def _reconcile_one(claim: Event, countries: dict[str, _Country]) -> Reconciliation:
    inside = [
        e
        for iso3 in sorted({p.iso3 for p in claim.places})
        if iso3 in countries
        for e in countries[iso3].within(claim)
        if any(_covers(wide, e.places[0]) for wide in claim.places)
    ]
    own = {e.event_id for e in inside}
    counting = [e for e in inside if e.part_of not in own]
    summed = add_counts(e.killed for e in counting)
    best = claim.killed.best
    return Reconciliation(
        claim.event_id, claim.killed, len(counting), sum(not e.killed.known for e in counting), summed,
        None if best is None else best - (summed.best or 0), tuple(e.event_id for e in counting),
    )  # fmt: skip


def add_counts(counts: Iterable[Count]) -> Count:
    """The sum of counts: what is unknown adds nothing, and an open high leaves the sum open."""
    low = best = high = 0
    open_high = False
    for count in counts:
        if not count.known:
            continue
        low += count.low or 0
        best += count.best or count.low or 0
        open_high = open_high or count.high is None
        high += count.high or 0
    return Count(low, best, None if open_high else high)


def _covers(wide: Place, place: Place) -> bool:
    if wide.iso3 != place.iso3:
        return False
    if wide.geo_precision is GeoPrecision.COUNTRY:
        return True
    if wide.geo_precision is GeoPrecision.ADMIN1:
        return wide.admin1 == place.admin1 and place.geo_precision is not GeoPrecision.COUNTRY
    # what only names its region may lie anywhere in it, not at the point that stands for it
    far = km_between(wide, place) if place.geo_precision in _EXACT else None
    return far is not None and far <= INSIDE_KM
